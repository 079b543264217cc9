"""The parameters of a function, and its access to the folder of the code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from preuve.collect.code.language.values.conversion import convert
from preuve.collect.code.language.values.type import ANY, NUMBER, STRING, Type, list_of, set_of
from preuve.collect.code.language.values.value import JsonText, PartText, RefusedError, Unknown, Value, unknown

MOST_CHARACTERS, MOST_ITEMS = 1_000_000, 10_000


class Host(Protocol):
    """The environment of the code: its files, and the evaluator for templates in them."""

    def read(self, path: str) -> bytes | Unknown:
        """Return the file at a path, as the code names it."""

    def exists(self, path: str) -> bool | Unknown:
        """Return whether there is a file at a path."""

    def names(self, path: str, pattern: str) -> tuple[str, ...] | Unknown:
        """Return the files below a path that a pattern matches."""

    def held(self, path: str) -> str:
        """Return a hash of the file at a path, or of all files except code below the folder there."""

    def render(self, template: str, variables: Mapping[str, Value]) -> Value:
        """Render a template with these variables."""


@dataclass(frozen=True)
class Parameter:
    """One parameter: the type that its argument is converted to, and whether the function accepts a null or an
    unknown.
    """

    type: Type = ANY
    null: bool = False
    unknown: bool = False


@dataclass(frozen=True)
class Function:
    """A function of Terraform. `run` receives the converted arguments, which are known unless their parameters allow
    unknown ones.

    `rest` is the parameter of every further argument. With `asks`, `run` receives the host first.
    """

    run: Callable[..., Value]
    parameters: tuple[Parameter, ...] = ()
    rest: Parameter | None = None
    asks: bool = False

    def arguments(self, given: tuple[Value, ...]) -> tuple[tuple[Value, Parameter], ...]:
        """Return the arguments as the function takes them. Raises RefusedError if too few, too many, or unfit."""
        further = len(given) - len(self.parameters)
        if further < 0 or (further and self.rest is None):
            raise RefusedError(f"{len(given)} arguments where {len(self.parameters)} are wanted")
        parameters = self.parameters + (self.rest,) * further if self.rest else self.parameters
        return tuple((convert(value, wanted.type), wanted) for value, wanted in zip(given, parameters, strict=True))


VALUE, TEXT, NUMERAL = Parameter(), Parameter(STRING), Parameter(NUMBER)
LIST, SET, TEXTS = Parameter(list_of(ANY)), Parameter(set_of(ANY)), Parameter(list_of(STRING))
ANYTHING = Parameter(null=True, unknown=True)


def whole(value: Value, what: str) -> int:
    """Return a whole number that fits a machine integer; `what` names it in errors. Raises RefusedError for others."""
    if not isinstance(value, int) or not -(2**63) <= value < 2**63:
        raise RefusedError(f"{what} must be a whole number")
    return value


def too_much(what: str) -> Unknown:
    """Return the unknown for arguments whose result would exceed the size limit."""
    return unknown(why=f"{what}: more than is computed here")


def may_be_list(value: Value) -> bool:
    """Return whether an unknown value may be a list."""
    return isinstance(value, Unknown) and not isinstance(value, PartText | JsonText)
