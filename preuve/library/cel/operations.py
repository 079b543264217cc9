"""What the functions and operators of CEL give of values that may be unknown, incomplete or errors."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from preuve.library.cel.binding import cel
from preuve.library.cel.functions import SAY_WHY, calls, extensions
from preuve.library.cel.tree import Node, UnknownNodeError
from preuve.library.cel.unknown import PartialList, Unknown, causes_of, holds_unknown


@dataclass(frozen=True)
class Fault:
    """An error of evaluation: its kind (`faults` in the locales), the part of the condition, and CEL's message.

    If a function of ours cannot decide (`untold`), the place in its argument.
    """

    kind: str  # missing | empty | value | untold | too_long
    where: str = ""
    message: str = ""
    at: Node | None = None  # the part itself, before its place has a name

    @property
    def words(self) -> str:
        """The error in English, for authors of conditions."""
        said = {
            "missing": f"{self.where} is not set",
            "empty": f"there is no {self.where}",
            "untold": f"not known: {self.where}",
        }
        return said.get(self.kind, f"{self.where}: {self.message}" if self.where else self.message)


@dataclass(frozen=True)
class OptionalValue:
    """An optional: a value, or none."""

    values: tuple[Any, ...]


@dataclass(frozen=True)
class _Kind:
    """A type as a value."""

    name: str


_NONE = OptionalValue(())
NOT_BOOLEAN = Fault("value", message="neither true nor false")
_NO_SUCH, _NO_ELEMENT = Fault("missing"), Fault("empty")


def elements(over: Any) -> Iterator[Any]:
    """Yield the elements of a list; for an incomplete one, the known elements and one unknown."""
    if isinstance(over, PartialList):
        yield from over.known
        yield Unknown(over.why)
    else:
        yield from over


def weakened(settling: bool, value: Any, more: PartialList) -> Any:
    """Return the result for an element that may not belong to the list: it cannot decide the question."""
    return value if value is (not settling) else Unknown(more.why | causes_of([value]))


def settled(settling: bool, values: Iterable[Any]) -> Any:
    """Combine values by `||` if `settling` is true, by `&&` if false: whichever settles it counts, in any order."""
    unknown: list[Unknown] = []
    fault: Fault | None = None
    for value in values:
        if value is settling:
            return settling
        if isinstance(value, Unknown):
            unknown.append(value)
        elif not isinstance(value, bool):
            fault = fault or (value if isinstance(value, Fault) else NOT_BOOLEAN)
    if unknown:
        return Unknown(causes_of(unknown))
    return fault or not settling


def what_spoils(values: list[Any]) -> Any:
    """Return the unknown value or the error that parts make of the whole; None if all parts are known."""
    unknown = [value for value in values if isinstance(value, Unknown)]
    if unknown:
        return Unknown(causes_of(unknown))
    return next((value for value in values if isinstance(value, Fault)), None)


def not_all_bool(values: list[Any]) -> Fault | None:
    """Return the error that not all values are true or false; None if they are."""
    return None if all(isinstance(value, bool) for value in values) else NOT_BOOLEAN


def named(name: str, names: Mapping[str, Any]) -> Any:
    """Return the value of a name, or a type. Raises UnknownNodeError for any other name."""
    if name in names:
        return names[name]
    if name in _KINDS.values() or name == "type":
        return _Kind(name)
    raise UnknownNodeError(f"the name {name}")


def selected(of: Any, name: str, *, asked: bool) -> Any:
    """Return `of.name`, or with `asked` whether it exists; for an optional, the result is an optional too."""
    if isinstance(of, Unknown | Fault):
        return of
    found = _found(of.values[0] if isinstance(of, OptionalValue) and of.values else of, name)
    if asked and not isinstance(found, Unknown | Fault):
        return bool(found.values)
    return found if isinstance(of, OptionalValue) or isinstance(found, Unknown | Fault) else _value(found)


def _found(of: Any, key: Any) -> Any:
    """Return a member or an element as a Maybe, Unknown or Fault. Raises UnknownNodeError for a key that is no text."""
    if of is _NONE or (isinstance(of, OptionalValue) and not of.values):
        return _NONE
    if isinstance(of, Mapping):
        if not isinstance(key, str):
            raise UnknownNodeError("a key that is no text")
        value = OptionalValue((of[key],)) if key in of else _NONE
    elif isinstance(of, PartialList):
        return Unknown(of.why)
    elif isinstance(of, list):
        if not isinstance(key, int) or isinstance(key, bool):
            return Fault("value", message="an index that is no number")
        value = OptionalValue((of[key],)) if 0 <= key < len(of) else _NONE
    else:
        return Fault("value", message="it has no members")
    unknown = [item for item in value.values if isinstance(item, Unknown | Fault)]
    return unknown[0] if unknown else value


def _at(of: Any, key: Any) -> Any:
    spoiled = what_spoils([of, key])
    if spoiled is not None:
        return spoiled
    if isinstance(of, OptionalValue):
        return _perhaps_at(of, key)
    found = _found(of, key)
    if found == _NONE and isinstance(of, list):
        return _NO_ELEMENT
    return found if isinstance(found, Unknown | Fault) else _value(found)


def _perhaps_at(of: Any, key: Any) -> Any:
    """Evaluate `of[?key]` and `of.?key`."""
    spoiled = what_spoils([of, key])
    if spoiled is not None:
        return spoiled
    return _found(of.values[0] if isinstance(of, OptionalValue) and of.values else of, key)


def _value(maybe: Any) -> Any:
    if isinstance(maybe, OptionalValue):
        return maybe.values[0] if maybe.values else _NO_SUCH
    return maybe if isinstance(maybe, Unknown | Fault) else Fault("value", message="no optional")


def _or_value(maybe: Any, other: Any) -> Any:
    if isinstance(maybe, OptionalValue):
        return maybe.values[0] if maybe.values else other
    return _value(maybe)


def _or(maybe: Any, other: Any) -> Any:
    return other if maybe == _NONE else maybe


def _has_value(maybe: Any) -> Any:
    if isinstance(maybe, OptionalValue):
        return bool(maybe.values)
    return maybe if isinstance(maybe, Unknown | Fault) else Fault("value", message="no optional")


def _optional(value: Any) -> Any:
    return value if isinstance(value, Unknown | Fault) else OptionalValue((value,))


def _not(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    return value if isinstance(value, Unknown | Fault) else NOT_BOOLEAN


def _size(value: Any) -> Any:
    if isinstance(value, Unknown):
        return Unknown(value.why, 1 if value.is_set else None)
    if isinstance(value, PartialList):
        return Unknown(value.why, len(value.known))
    if isinstance(value, str | bytes | list | Mapping):
        return len(value)
    return value if isinstance(value, Fault) else Fault("value", message="it has no size")


def _plus(left: Any, right: Any) -> Any:
    if isinstance(left, list | PartialList) and isinstance(right, list | PartialList):
        known = (*(left.known if isinstance(left, PartialList) else left), *_known_of(right))
        more = [side for side in (left, right) if isinstance(side, PartialList)]
        return PartialList(known, frozenset().union(*(side.why for side in more))) if more else list(known)
    least = [_least(side) for side in (left, right)]
    if None not in least and any(isinstance(side, Unknown) for side in (left, right)):
        return Unknown(causes_of([left, right]), sum(filter(None, least)))
    return strict("_+_", [left, right])


def _known_of(items: Any) -> Iterable[Any]:
    return items.known if isinstance(items, PartialList) else items


def _least(value: Any) -> int | None:
    if isinstance(value, Unknown):
        return value.least
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _in(item: Any, items: Any) -> Any:
    spoiled = what_spoils([item, items])
    if spoiled is not None:
        return spoiled
    if _compares_plainly(item, items):
        return item in items
    if not isinstance(items, PartialList | list) or not (holds_unknown(items) or holds_unknown(item)):
        return strict("@in", [item, items])
    return settled(True, (strict("_==_", [item, other]) for other in elements(items)))


def _compares_plainly(item: Any, items: Any) -> bool:
    """Return whether Python's `in` says what CEL's does: the binding copies all of `items` at each call."""
    if isinstance(items, Mapping):
        return type(item) is str  # as all keys are
    if not isinstance(items, list):
        return False
    kinds = set(map(type, items))
    return Unknown not in kinds if type(item) is str else type(item) is int and kinds <= {int, str}


def _compared(function: str) -> Callable[[Any, Any], Any]:
    def compare(left: Any, right: Any) -> Any:
        if isinstance(left, Unknown) and left.least is not None and _is_number(right):
            return _above(function, left, right)
        if isinstance(right, Unknown) and right.least is not None and _is_number(left):
            return _above(_MIRRORED[function], right, left)
        if function in ("_==_", "_!=_") and any(_is_text(*sides) for sides in ((left, right), (right, left))):
            return function == "_!=_"
        return strict(function, [left, right])

    return compare


def _is_text(unknown: Any, other: Any) -> bool:
    """Return whether one side is a text that is surely set, and the other the empty text."""
    return isinstance(unknown, Unknown) and unknown.is_set and other == ""


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _above(function: str, unknown: Unknown, number: Any) -> Any:
    """Compare a number that is at least `least` with a known one."""
    assert unknown.least is not None  # noqa: S101 - asked by the caller
    decided = {
        "_>_": unknown.least > number or None,
        "_>=_": unknown.least >= number or None,
        "_!=_": unknown.least > number or None,
        "_==_": False if unknown.least > number else None,
        "_<_": False if unknown.least >= number else None,
        "_<=_": False if unknown.least > number else None,
    }[function]
    return Unknown(unknown.why) if decided is None else decided


_MIRRORED = {"_>_": "_<_", "_<_": "_>_", "_>=_": "_<=_", "_<=_": "_>=_", "_==_": "_==_", "_!=_": "_!=_"}


def _kind(value: Any) -> Any:
    if isinstance(value, Unknown | Fault):
        return value
    if isinstance(value, PartialList):
        return _Kind("list")
    name = _KINDS.get(type(value))
    if name is None:
        raise UnknownNodeError(f"the type of {type(value).__name__}")
    return _Kind(name)


_KINDS: Mapping[type, str] = {
    type(None): "null_type",
    bool: "bool",
    int: "int",
    float: "double",
    str: "string",
    bytes: "bytes",
    list: "list",
    dict: "map",
    datetime.datetime: "google.protobuf.Timestamp",
    datetime.timedelta: "google.protobuf.Duration",
}
# Functions that may be decided although not all is known; any other is asked of the binding (`strict`).
OWN: Mapping[str, Callable[..., Any]] = {
    "!_": _not,
    "_?._": _perhaps_at,
    "_[?_]": _perhaps_at,
    "_[_]": _at,
    "orValue": _or_value,
    "or": _or,
    "hasValue": _has_value,
    "value": _value,
    "optional.of": _optional,
    "optional.none": lambda: _NONE,
    "size": _size,
    "type": _kind,
    "_+_": _plus,
    "@in": _in,
    **{function: _compared(function) for function in _MIRRORED},
}


def strict(function: str, args: list[Any], *, method: bool = False) -> Any:
    """Call a function with known values: one of ours, or one of the binding."""
    spoiled = Unknown(causes_of(args)) if holds_unknown(args) else what_spoils(args)
    if spoiled is not None:
        return spoiled
    if any(isinstance(arg, OptionalValue | _Kind) for arg in args):
        return _of_words(function, args)
    if function in calls():
        return _ours(function, args)
    if function in ("_==_", "_!=_") and [type(arg) for arg in args] in _PLAIN:
        return (args[0] == args[1]) is (function == "_==_")
    if function == "matches" and all(isinstance(arg, str) and len(arg) <= _SHORT for arg in args):
        return _matches(*args, method=method)
    return _by_binding(function, args, method)


@lru_cache(maxsize=1 << 12)  # the binding compiles the pattern each time; resources have the same names again and again
def _matches(*args: str, method: bool) -> Any:
    return _by_binding("matches", list(args), method)


def _ours(function: str, args: list[Any]) -> Any:
    """Call a function of ours directly: the binding copies the arguments of each call and never frees the copies."""
    parameters, call = calls()[function]
    try:
        if len(args) != len(parameters) or not all(map(_is, args, parameters)):
            given = ", ".join(_KINDS.get(type(arg), "map") for arg in args)
            raise TypeError(f"No matching overloads found : {function}({given})")
        return call(*args)
    except Exception as error:  # noqa: BLE001 - whatever it raises is an error of the condition, as in the binding
        message = next(iter(str(error).splitlines()), "")
        return Fault("untold", message) if function in SAY_WHY else Fault("value", "", message)


def _is(value: Any, kind: Any) -> bool:
    return isinstance(value, kind) and not (kind is int and isinstance(value, bool))


def _by_binding(function: str, args: list[Any], method: bool) -> Any:
    kinds = tuple(_TIMES.get(type(arg), "DYN") for arg in args)
    try:
        result = _program(function, kinds, method).eval(data={f"a{i}": arg for i, arg in enumerate(args)})
        if result.type() == cel().Type.ERROR:
            return Fault("value", "", str(result.value()).splitlines()[0])
        return result.plain_value()
    except RuntimeError as error:
        return Fault("value", message=str(error).splitlines()[0])
    except TypeError as error:
        raise UnknownNodeError(f"what {function} gives") from error


_SHORT = 500  # characters of a text worth keeping: longer ones are policies and the like, and seldom come again
_TIMES = {datetime.datetime: "TIMESTAMP", datetime.timedelta: "DURATION"}
_PLAIN = ([str, str], [bool, bool], [int, int])


def _of_words(function: str, args: list[Any]) -> Any:
    """Compare types and optionals, values of ours that the binding cannot be given. Raises UnknownNodeError."""
    if function in ("_==_", "_!=_") and all(isinstance(arg, _Kind) for arg in args):
        return (args[0] == args[1]) is (function == "_==_")
    raise UnknownNodeError(f"{function} of a type or an optional")


@cache
def _program(function: str, kinds: tuple[str, ...], method: bool) -> Any:
    """Return the program that calls one function on variables."""
    names = [f"a{index}" for index in range(len(kinds))]
    if function in _SIGNS:
        text = f" {_SIGNS[function]} ".join(names)
    elif function == "-_":
        text = "-a0"
    elif method:
        text = f"{names[0]}.{function}({', '.join(names[1:])})"
    else:
        text = f"{function}({', '.join(names)})"
    try:
        return _environment(kinds).compile(text)
    except RuntimeError as error:
        raise UnknownNodeError(f"the function {function}") from error


@cache
def _environment(kinds: tuple[str, ...]) -> Any:
    """Return the environment with variables of these kinds; making one takes longer than compiling a call."""
    variables = {f"a{index}": getattr(cel().Type, kind) for index, kind in enumerate(kinds)}
    return cel().NewEnv(variables=variables, extensions=extensions())


_SIGNS = {"@in": "in", **{f"_{sign}_": sign for sign in ("==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%")}}
