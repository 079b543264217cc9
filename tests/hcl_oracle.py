"""HCL's own evaluator (`tests/oracle/main.go`) as a witness: it gets the same expression, and its answer becomes a
value of preuve.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from preuve.collect.code.language.values.value import (
    JsonText,
    Map,
    PartialList,
    PartialMap,
    PartText,
    RefusedError,
    Set,
    Unknown,
    Value,
    is_known,
    number,
    number_text,
    texts_held,
)

PROGRAM = Path(__file__).parent / "oracle" / "bin" / "hcl-oracle"


class UnreadableError(Exception):
    """A value that the evaluator cannot represent: a list with members of different types."""


class Oracle:
    """A process of the evaluator, with one request at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen([PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def call(self, name: str, arguments: Sequence[Value]) -> Value:
        """Return the result of a function. Raises RefusedError if it refuses the arguments."""
        return self._ask({"function": name, "arguments": [encoded(argument) for argument in arguments]})

    def convert(self, value: Value, type_: str) -> Value:
        """Return a value after conversion to the declared type of a variable."""
        return self._ask({"type": type_, "value": encoded(value)})

    def evaluate(self, expression: str, variables: Mapping[str, Value]) -> Value:
        """Return the value of an expression."""
        known = {name: encoded(value) for name, value in variables.items()}
        return self._ask({"expression": expression, "variables": known})

    def close(self) -> None:
        """Ends the process."""
        self._process.communicate()

    def _ask(self, question: dict[str, Any]) -> Value:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if answer.get("refused", "").startswith("panic"):
            raise UnreadableError(answer["refused"])
        if "refused" in answer:
            raise RefusedError(answer["refused"])
        return decoded(answer["value"])


def start() -> Oracle:
    """Start the evaluator. If it has not been built, the test is skipped, and fails in CI."""
    if not PROGRAM.exists():
        why = "HCL's own evaluator is not built: `make oracle` (tests/oracle/main.go says what it needs)"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    return Oracle()


def encoded(value: Value) -> dict[str, Any]:
    """A value of preuve in the form for the evaluator."""
    for kind, write in _WRITTEN:
        if isinstance(value, kind):
            return write(value)
    raise TypeError(type(value).__name__)


def _all_encoded(members: Sequence[Value]) -> list[dict[str, Any]]:
    return [encoded(member) for member in members]


_WRITTEN: tuple[tuple[Any, Callable[[Any], dict[str, Any]]], ...] = (
    (type(None), lambda _: {"kind": "null"}),
    ((PartText, JsonText), lambda _: {"kind": "unknown", "of": "string"}),
    (Unknown, lambda _: {"kind": "unknown", "of": "any"}),
    (bool, lambda value: {"kind": "bool", "of": value}),
    ((int, Decimal), lambda value: {"kind": "number", "of": number_text(value)}),
    (str, lambda value: {"kind": "string", "of": value}),
    (Map, lambda value: {"kind": "map", "of": {name: encoded(item) for name, item in value.items()}}),
    (dict, lambda value: {"kind": "object", "of": {name: encoded(item) for name, item in value.items()}}),
    (Set, lambda value: {"kind": "set", "of": _all_encoded(value.members)}),
    (list, lambda value: {"kind": "list", "of": _all_encoded(value)}),
    (tuple, lambda value: {"kind": "tuple", "of": _all_encoded(value)}),
)


def decoded(answer: dict[str, Any]) -> Value:
    """The evaluator's answer as a value of preuve."""
    return _READ[answer["kind"]](answer.get("of"))


def _all_decoded(members: Sequence[dict[str, Any]]) -> Iterator[Value]:
    return map(decoded, members)


def _named_decoded(members: dict[str, dict[str, Any]]) -> dict[str, Value]:
    return {name: decoded(item) for name, item in members.items()}


_READ: dict[str, Callable[[Any], Value]] = {
    "null": lambda of: None,
    "unknown": lambda of: Unknown((of,)),
    "bool": lambda of: of,
    "number": lambda of: Unknown((of,)) if "Inf" in of else number(Decimal(of)),
    "string": lambda of: of,
    "tuple": lambda of: tuple(_all_decoded(of)),
    "list": lambda of: list(_all_decoded(of)),
    "set": lambda of: Set(tuple(_all_decoded(of))),
    "object": _named_decoded,
    "map": lambda of: Map(_named_decoded(of)),
}


def agrees(ours: Value, theirs: Value) -> bool:
    """Whether preuve's value equals the evaluator's, with the same type. Preuve's may be unknown, but never more
    precise.
    """
    if isinstance(theirs, Unknown):
        return isinstance(ours, Unknown)
    for kind, agree in _AGREE.items():
        if isinstance(ours, kind):
            return agree(ours, theirs)
    return type(ours) is type(theirs) and ours == theirs


def _agrees_in_part(ours: PartText, theirs: Value) -> bool:
    pattern = "".join(re.escape(part) if isinstance(part, str) else ".*" for part in ours.parts)
    return isinstance(theirs, str) and re.fullmatch(pattern, theirs, re.DOTALL) is not None


def _agrees_in_members(ours: PartialList, theirs: Value) -> bool:
    return isinstance(theirs, list | tuple | Set) and set(ours.held) <= set(texts_held(theirs))


def _agrees_in_named(ours: PartialMap, theirs: Value) -> bool:
    return isinstance(theirs, dict) and all(name in theirs and agrees(one, theirs[name]) for name, one in ours.members)


def _agrees_decoded(ours: JsonText, theirs: Value) -> bool:
    return isinstance(theirs, str) and agrees(ours.value, _tuples(json.loads(theirs, parse_float=Decimal)))


def _tuples(decoded_json: Any) -> Value:
    if isinstance(decoded_json, dict):
        return {name: _tuples(item) for name, item in decoded_json.items()}
    if isinstance(decoded_json, list):
        return tuple(map(_tuples, decoded_json))
    return number(decoded_json) if isinstance(decoded_json, Decimal) else decoded_json


def _agrees_by_name(ours: dict[str, Value], theirs: Value) -> bool:
    same = isinstance(theirs, dict) and isinstance(ours, Map) == isinstance(theirs, Map)
    return same and ours.keys() == theirs.keys() and all(agrees(ours[name], theirs[name]) for name in ours)


def _agrees_in_order(ours: Sequence[Value], theirs: Value) -> bool:
    return type(ours) is type(theirs) and len(ours) == len(theirs) and all(map(agrees, ours, theirs))


def _agrees_as_set(ours: Set, theirs: Value) -> bool:
    if not isinstance(theirs, Set) or is_known(ours):
        return isinstance(theirs, Set) and _agrees_in_order(ours.members, theirs.members)
    # An unknown value may turn out to be another member.
    return all(any(agrees(member, other) for other in theirs.members) for member in ours.members)


def _agrees_as_number(ours: int | Decimal, theirs: Value) -> bool:
    return isinstance(theirs, int | Decimal) and not isinstance(theirs, bool) and ours == theirs


_AGREE: dict[Any, Callable[[Any, Value], bool]] = {
    PartText: _agrees_in_part,
    JsonText: _agrees_decoded,
    PartialList: _agrees_in_members,
    PartialMap: _agrees_in_named,
    Unknown: lambda ours, theirs: True,
    bool: lambda ours, theirs: ours is theirs,
    dict: _agrees_by_name,
    (int, Decimal): _agrees_as_number,
    Set: _agrees_as_set,
    (list, tuple): _agrees_in_order,
    str: lambda ours, theirs: isinstance(theirs, str) and ours == theirs,
}
