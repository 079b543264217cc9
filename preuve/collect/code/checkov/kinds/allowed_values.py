"""What a template comes to with the values that its parameters allow beside their defaults.

Whoever deploys it chooses among them: what passes by default and fails with another is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import islice

from preuve.collect.code.job import Line
from preuve.collect.code.language.templates.resources import allowed_beside_default
from preuve.collect.code.language.templates.source import Block
from preuve.collect.code.language.values.value import Unknown, Value
from preuve.collect.code.verdict.verdict import FAILED, PASSED, UNKNOWN

_MOST = 16  # values that are tried in a template

Judge = Callable[[Mapping[str, Value]], list[Line]]
_Key = tuple[str, str]


def with_allowed(lines: list[Line], template: Block, known: Collection[str], judge: Judge) -> list[Line]:
    """The lines of a template as its defaults make them, but that none passes that fails with another allowed value.

    `known` are parameters of which the value is given; `judge` says what the template comes to with others.
    """
    others = [(name, value) for name, value in allowed_beside_default(template) if name not in known]
    passing = _keys(lines, PASSED)
    if not others or not passing:
        return lines
    undecided = judge({name: Unknown((f"Ref {name}",)) for name, _ in others})
    resting = passing & (_keys(undecided, FAILED) | _keys(undecided, UNKNOWN))
    doubts = dict(_doubts(others, resting, judge)) if resting else {}
    return [_doubted(line, doubts[_key(line)]) if _key(line) in doubts else line for line in lines]


def _doubts(others: list[tuple[str, str]], resting: set[_Key], judge: Judge) -> Iterator[tuple[_Key, str]]:
    """What passes by default and fails with another value, each with the parameter that has it."""
    if len(others) > _MOST:
        yield from ((key, "more AllowedValues than are tried") for key in resting)
    for name, value in islice(others, _MOST):
        yield from (
            (key, f"Ref {name}: another of its AllowedValues fails") for key in _failing(judge, name, value, resting)
        )


def _failing(judge: Judge, name: str, value: str, resting: set[_Key]) -> set[_Key]:
    return resting & _keys(judge({name: value}), FAILED)


def _doubted(line: Line, why: str) -> Line:
    return {**line, "result": UNKNOWN, "detail": why}


def _keys(lines: list[Line], result: str) -> set[_Key]:
    return {_key(line) for line in lines if line["result"] == result}


def _key(line: Line) -> _Key:
    return line["address"], line["check"]
