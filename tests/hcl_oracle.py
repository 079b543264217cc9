"""HCL's own evaluator (`tests/oracle/main.go`) as a witness: the same question to it, the answer in our values."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from preuve.collect.iac.language.value import Map, RefusedError, Set, Unknown, Value, is_known, number, number_text

PROGRAM = Path(__file__).parent / "oracle" / "bin" / "hcl-oracle"


class UnreadableError(Exception):
    """A value that the evaluator cannot have: members of a list that are of different types."""


class Oracle:
    """A process of the evaluator, asked a question at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen([PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def call(self, name: str, arguments: Sequence[Value]) -> Value:
        """What a function makes of arguments; RefusedError where it refuses them."""
        return self._ask({"function": name, "arguments": [encoded(argument) for argument in arguments]})

    def convert(self, value: Value, type_: str) -> Value:
        """What a variable that is declared with a type makes of a value."""
        return self._ask({"type": type_, "value": encoded(value)})

    def evaluate(self, expression: str, variables: Mapping[str, Value]) -> Value:
        """What an expression comes to."""
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
    """The evaluator; the test is skipped where it has not been built, and fails in CI."""
    if not PROGRAM.exists():
        why = "HCL's own evaluator is not built: `make oracle` (tests/oracle/main.go says what it needs)"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    return Oracle()


def encoded(value: Value) -> dict[str, Any]:
    """A value of ours as the evaluator reads it."""
    match value:
        case None:
            return {"kind": "null"}
        case Unknown():
            return {"kind": "unknown", "of": "string" if type(value) is not Unknown else "any"}
        case bool():
            return {"kind": "bool", "of": value}
        case int() | Decimal():
            return {"kind": "number", "of": number_text(value)}
        case str():
            return {"kind": "string", "of": value}
        case dict():
            named = {name: encoded(item) for name, item in value.items()}
            return {"kind": "map" if isinstance(value, Map) else "object", "of": named}
        case Set():
            return {"kind": "set", "of": [encoded(item) for item in value.members]}
    return {"kind": "list" if isinstance(value, list) else "tuple", "of": [encoded(item) for item in value]}


def decoded(answer: dict[str, Any]) -> Value:
    """The evaluator's answer as a value of ours."""
    of = answer.get("of")
    match answer["kind"]:
        case "unknown":
            return Unknown((of,))
        case "number":
            return number(Decimal(of))
        case "tuple":
            return tuple(map(decoded, of))
        case "list":
            return list(map(decoded, of))
        case "set":
            return Set(tuple(map(decoded, of)))
        case "object":
            return {name: decoded(item) for name, item in of.items()}
        case "map":
            return Map({name: decoded(item) for name, item in of.items()})
    return of


def agrees(ours: Value, theirs: Value) -> bool:
    """Whether what we say is what the evaluator says, of the same type. We may know less, and never more."""
    if isinstance(ours, Unknown):
        return True
    if isinstance(theirs, Unknown) or ours is None or theirs is None or isinstance(ours, bool):
        return ours is theirs
    if isinstance(ours, dict):
        same = isinstance(ours, Map) == isinstance(theirs, Map) and isinstance(theirs, dict)
        return same and ours.keys() == theirs.keys() and all(agrees(ours[name], theirs[name]) for name in ours)
    if isinstance(ours, int | Decimal):
        return isinstance(theirs, int | Decimal) and not isinstance(theirs, bool) and ours == theirs
    if isinstance(ours, Set):
        return isinstance(theirs, Set) and _agree_as_sets(ours.members, theirs.members)
    if isinstance(ours, list | tuple):
        same = type(ours) is type(theirs) and len(ours) == len(theirs)
        return same and all(map(agrees, ours, theirs))
    return isinstance(theirs, str) and ours == theirs


def _agree_as_sets(ours: Sequence[Value], theirs: Sequence[Value]) -> bool:
    if is_known(ours):
        return agrees(tuple(ours), tuple(theirs))
    return all(any(agrees(member, other) for other in theirs) for member in ours)  # the unknown ones may be others
