"""Judges a template with the values that its parameters allow beside their defaults.

Whoever deploys the template chooses among them. So a check that passes with the defaults and fails with another
allowed value is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import islice

from preuve.collect.code.job import Line
from preuve.collect.code.language.templates.parameters import allowed_beside_default
from preuve.collect.code.language.templates.source import Block
from preuve.collect.code.language.values.value import Unknown, Value
from preuve.collect.code.verdict.verdict import FAILED, PASSED, UNKNOWN

_MOST = 16  # values that are tried in a template

Judge = Callable[[Mapping[str, Value]], list[Line]]
_Key = tuple[str, str]


def with_allowed(lines: list[Line], template: Block, known: Collection[str], judge: Judge) -> list[Line]:
    """Return the lines of a template as its defaults make them; a PASS that another allowed value fails becomes
    unknown.

    A resource that the defaults leave out and another value creates is unknown too. `known` are parameters whose
    value is given; `judge` evaluates the template with other values.
    """
    others = [(name, value) for name, value in allowed_beside_default(template) if name not in known]
    if not others:
        return lines
    said, passing = set(map(_key, lines)), _keys(lines, PASSED)
    undecided = _not_passing(judge({name: Unknown((f"Ref {name}",)) for name, _ in others}))
    resting = {key: line for key, line in undecided.items() if key in passing or key not in said}
    doubts = dict(_doubts(others, resting, passing, judge)) if resting else {}
    kept = [_doubted(line, doubts[_key(line)]["detail"]) if _key(line) in doubts else line for line in lines]
    return kept + [line for key, line in doubts.items() if key not in said]


def _doubts(
    others: list[tuple[str, str]], resting: Mapping[_Key, Line], passing: set[_Key], judge: Judge
) -> Iterator[tuple[_Key, Line]]:
    """Yield the lines that become unknown: another value fails the check, or makes it undecided."""
    if len(others) > _MOST:
        yield from ((key, _doubted(line, "more AllowedValues than are tried")) for key, line in resting.items())
    for name, value in islice(others, _MOST):
        for key, line in _not_passing(judge({name: value})).items():
            if key in resting and line["result"] == FAILED:
                yield key, _doubted(line, f"Ref {name}: another of its AllowedValues fails")
            elif key in resting and key not in passing:
                yield key, line


def _doubted(line: Line, why: str) -> Line:
    return {**line, "result": UNKNOWN, "detail": why}


def _not_passing(lines: list[Line]) -> dict[_Key, Line]:
    return {_key(line): line for result in (UNKNOWN, FAILED) for line in lines if line["result"] == result}


def _keys(lines: list[Line], result: str) -> set[_Key]:
    return {_key(line) for line in lines if line["result"] == result}


def _key(line: Line) -> _Key:
    return line["address"], line["check"]
