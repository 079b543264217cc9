"""Conditions: type-checked against shapes, evaluated on plain dicts."""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from typing import Any

from preuve.library.cel.binding import cel
from preuve.library.cel.references import Comparison, Reference, references
from preuve.library.cel.tree import Node, UnknownNodeError, tree
from preuve.library.cel.unknown import Unknown, causes_of
from preuve.library.validation.shapes import (
    ACCOUNT,
    PACKAGE,
    POLICY,
    POLICY_STRUCTS,
    REGION,
    Struct,
    message_name,
    structures,
)

VARIABLES = ("resource", "account", "region", "environment", "params", "org", "reference", "now")
_LOCATED = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)", re.DOTALL)
_NO_OVERLOAD = re.compile(r"found no matching overload for '([^']*)' applied to '\((.*)\)'")
# Error messages of CEL's parser and checker, and ours for them.
_REFUSED = tuple(
    (re.compile(theirs, re.DOTALL), ours)
    for theirs, ours in (
        (r"Syntax error: (?:mismatched|extraneous) input '<EOF>'.*", "the condition ends too early"),
        (r"Syntax error: missing '(.+?)' at '<EOF>'", r"\1 is missing at the end of the condition"),
        (r"Syntax error: missing '(.+?)' at '(.*)'", r"\1 is missing before \2"),
        (r"Syntax error: (?:mismatched|extraneous) input '(.*)' expecting .*", r"\1 cannot stand here"),
        (r"Syntax error: no viable alternative at input '(.*)'", r"\1 cannot stand here"),
        (r"Syntax error: token recognition error at: '(.*)'", r"\1 is no part of CEL"),
        (r"Syntax error.*", "the condition is not CEL"),
        (r"undeclared reference to '(.*)' \(in container '.*'\)", r"there is no name \1"),
        (r"invalid \w+ literal", "CEL has no such number"),
        (r"(\w+)\(\) variable name must be a simple identifier", r"\1() takes a plain name first"),
        (r"has\(\) argument must be a field selection", "has() takes a member: has(resource.Member)"),
    )
)
_NO_FIELD = re.compile(r"undefined field '([^']*)' not found in struct '([^']*)'")


# The members that functions about documents read.
_WHOLE_POLICY = frozenset(
    Reference(struct.name, member, guarded=True) for struct in POLICY_STRUCTS for member in struct.fields
)


class CelError(Exception):
    """A condition that does not compile; line and column are those of the condition's own text."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


@dataclass(frozen=True)
class CheckedCondition:
    """The type checker's result on one condition. Message names carry no package."""

    references: frozenset[Reference]
    comparisons: tuple[Comparison, ...]
    variables: frozenset[str]
    asked: frozenset[tuple[str, str]] = frozenset()  # message and member: the condition only asks whether it exists
    bare: Mapping[tuple[str, str], int] = field(default_factory=dict)  # read without `has`: offset in the text


@dataclass(frozen=True)
class Outcome:
    """True or false, or the error that prevented a verdict, or `unread`: the unknowns that it depends on.

    For an error, `kind` is a word of `faults` in the locales, and `where` the part of the condition with the error.
    """

    value: bool | None
    error: str = ""
    kind: str = ""
    where: str = ""
    unread: frozenset[Hashable] = frozenset()


class Typing:
    """CEL's type checker over the shapes of resource types, parameters, organisation facts and reference data."""

    def __init__(self, types: Iterable[Struct], context: Mapping[str, Struct]) -> None:
        from preuve.library.cel.messages import pool  # noqa: PLC0415 - loads protobuf, which only type-checking needs

        structs = [*types, *context.values()]
        self._pool = pool(structs)
        self._structs = structs
        self._known = {struct.name for struct in structs}
        self._context = {name: cel().Type(f"{PACKAGE}.{struct.name}") for name, struct in context.items()}
        for name, type_name in (("account", ACCOUNT), ("region", REGION)):
            if message_name(type_name) in self._known:
                self._context[name] = cel().Type(f"{PACKAGE}.{message_name(type_name)}")
        self._environments: dict[str, Any] = {}

    def check(self, condition: str, type_name: str) -> CheckedCondition:
        """Type-check a condition on a resource type. Raises CelError."""
        try:
            expression = self._environment(type_name).compile(condition)
        except RuntimeError as error:
            raise _located(str(error)) from error
        result = expression.return_type().name()
        if result != "BOOL":
            raise CelError(f"the condition is of type {result}; it must be true or false")
        try:
            tree(expression.serialize())
        except UnknownNodeError as error:
            raise CelError(f"conditions cannot use {error}") from error
        found = references(expression.serialize())
        if found.mixed:
            raise CelError("a list mixes types, so nothing in it is checked: write the alternatives with ||")
        functions = _functions()
        whole = _WHOLE_POLICY if found.functions & functions.OF_POLICIES else frozenset()
        for function, names in functions.READ_WHOLE.items():
            whole |= self._whole({_bare(message) for name, message in found.given if name == function}, names)
        return CheckedCondition(
            whole | {Reference(_bare(ref.message), ref.member, ref.guarded) for ref in found.members},
            tuple(Comparison(_bare(item.message), item.member, item.literal) for item in found.comparisons),
            found.variables,
            frozenset((_bare(message), member) for message, member in found.asked),
            {(_bare(message), member): place for (message, member), place in found.bare.items() if message},
        )

    def _whole(self, messages: Collection[str], names: Collection[str] | None) -> frozenset[Reference]:
        """Return all members of these messages and of nested ones, or only those with one of the names."""
        roots = [self._by_name[message] for message in messages if message in self._by_name]
        return frozenset(
            Reference(struct.name, member, guarded=True)
            for root in roots
            for struct in structures(root)
            for member in struct.fields
            if names is None or member in names
        )

    @cached_property
    def _by_name(self) -> Mapping[str, Struct]:
        return {one.name: one for struct in self._structs for one in structures(struct)}

    def _environment(self, type_name: str) -> Any:
        if type_name not in self._environments:
            resource = cel().Type(f"{PACKAGE}.{message_name(type_name)}")
            self._environments[type_name] = cel().NewEnv(
                descriptor_pool=self._pool,
                variables={
                    **self._context,
                    "resource": resource,
                    "environment": cel().Type.STRING,
                    "now": cel().Type.TIMESTAMP,
                },
                extensions=_functions().extensions(),
                functions=_functions().declarations(cel().Type(f"{PACKAGE}.{POLICY.name}")),
            )
        return self._environments[type_name]


def _bare(message: str) -> str:
    return message.removeprefix(f"{PACKAGE}.")


def _located(message: str) -> CelError:
    match = _LOCATED.search(message)
    if match is None:
        return CelError(_plain(message.splitlines()[0]))
    words = match.group(3).split("\n |")[0].replace(f"{PACKAGE}.", "")
    words = words.removesuffix(" [INVALID_ARGUMENT]").strip()
    return CelError(_plain(words), int(match.group(1)), int(match.group(2)))


def _plain(words: str) -> str:
    """Rewrite a message of the type checker for its reader."""
    if field := _NO_FIELD.search(words):
        return f"there is no member {field[1]} in {field[2]}"
    overload = _NO_OVERLOAD.fullmatch(words)
    if overload is None:
        found = ((pattern.fullmatch(words), ours) for pattern, ours in _REFUSED)
        return next((match.expand(ours) for match, ours in found if match), f"CEL refuses this: {words}")
    name, types = overload[1], overload[2]
    sides = types.split(", ")
    if name.startswith("_") and name.endswith("_") and len(sides) == 2:
        return (
            f"{name.strip('_')} has {sides[0]} on one side and {sides[1]} on the other: write a value of the same type"
        )
    return f"{name} does not take ({types})"


class Program:
    """A compiled condition.

    The binding parses it, and it is evaluated here: the binding cannot evaluate what is known in part, keeps in memory
    whatever it gives to a function, and mixes up the name of a `cel.bind` with the loop before it.
    """

    def __init__(self, expression: Any) -> None:
        self._expression = expression

    def evaluate(self, variables: Mapping[str, Any]) -> Outcome:
        """Evaluate on plain dicts. If some values are Unknown or PartialList, it is decided only where every completion
        agrees. Anything but a boolean is an error in words for authors.
        """
        from preuve.library.cel.evaluation import evaluate  # noqa: PLC0415 - loads protobuf
        from preuve.library.cel.operations import Fault  # noqa: PLC0415

        try:
            value = evaluate(self.tree, variables)
        except UnknownNodeError as error:
            unread = causes_of(variables.values())
            return Outcome(None, unread=unread) if unread else Outcome(None, f"not evaluated: {error}", "value")
        if isinstance(value, bool):
            return Outcome(value)
        if isinstance(value, Unknown):
            return Outcome(None, unread=value.why)
        if isinstance(value, Fault):
            return Outcome(None, value.words, value.kind, value.where)
        return Outcome(None, "neither true nor false", "value")

    def why_not(self, variables: Mapping[str, Any], *, asks: bool = True) -> tuple[str, str]:
        """Return what was found and, if it `asks`, what is required, for a false condition (`reasons.py`); "" if there
        are no words for it.
        """
        from preuve.library.cel.texts.reasons import why_not  # noqa: PLC0415 - loads protobuf

        try:
            reason = why_not(self.tree, variables, asks=asks)
        except UnknownNodeError:
            return "", ""
        return reason.found, reason.asked

    def explained(self, variables: Mapping[str, Any]) -> list[str]:
        """Return each part of the condition with its value."""
        from preuve.library.cel.parts import explained  # noqa: PLC0415 - loads protobuf

        try:
            return explained(self.tree, variables)
        except UnknownNodeError:
            return []

    @cached_property
    def tree(self) -> Node:
        """The condition as a tree. Raises UnknownNodeError."""
        return tree(self._expression.serialize())


@lru_cache(maxsize=32)  # rules are judged one after the other
def compile_program(condition: str) -> Program:
    """Compile a condition for evaluation; it was type-checked before."""
    return Program(_dynamic().compile(condition))


@cache
def _dynamic() -> Any:
    """Return the one environment that compiles conditions: making it takes longer than compiling one."""
    return cel().NewEnv(
        variables={name: cel().Type.TIMESTAMP if name == "now" else cel().Type.DYN for name in VARIABLES},
        extensions=_functions().extensions(),
        functions=_functions().declarations(),
    )


def _functions() -> Any:
    """Return the functions that conditions may call. They load the meaning of policy documents, which a run on code
    alone does not need.
    """
    from preuve.library.cel import functions  # noqa: PLC0415

    return functions
