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

    What the defaults leave out, and another value does not, is not known either. `known` are parameters of which the
    value is given; `judge` says what the template comes to with others.
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
    """What is not known: another value makes it fail, or makes a question of it that the code does not settle."""
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
