"""Judges a template with the values that its parameters allow beside their defaults.

Whoever deploys the template chooses among them. So a check that passes with the defaults is passed only if it passes
with every combination of values: one is tried for the parameters that leave it undecided, one parameter after another,
until it is decided whatever the others are.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from preuve.collect.code.job import Line
from preuve.collect.code.language.templates.parameters import NAMED, allowed, parameters_of
from preuve.collect.code.language.templates.source import Block
from preuve.collect.code.language.values.value import Unknown, Value
from preuve.collect.code.verdict.verdict import FAILED, PASSED, UNKNOWN

_MOST = 64  # evaluations of a template
_CAUSE = re.compile(r"\b(?:Ref|Condition) (\w+)")

_Key = tuple[str, str]
Needed = Callable[[_Key], bool]  # whether anything depends on the result of a check (address, check)
Judge = Callable[[Mapping[str, Value], Needed], list[Line]]


def with_allowed(lines: list[Line], template: Block, known: Collection[str], judge: Judge) -> list[Line]:
    """Return the lines of a template as its defaults make them; a PASS that other allowed values do not pass becomes
    unknown.

    A resource that the defaults leave out and other values create is unknown too. `known` are parameters whose value
    is given; `judge` evaluates the template with other values, for the results that are needed.
    """
    choices = {name: values for name, values in allowed(template).items() if name not in known}
    if not choices:
        return lines
    doubts = _Search(lines, template, choices, judge).doubts()
    kept = [doubts.pop(_key(line), line) if line["result"] == PASSED else line for line in lines]
    said = set(map(_key, lines))
    return kept + [line for key, line in doubts.items() if key not in said]


@dataclass(frozen=True)
class _Open:
    """Values that are chosen, and the results that are not decided without them; None: all of them."""

    chosen: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[_Key, Line] | None = None


class _Search:
    """The search for combinations of values that do not pass."""

    def __init__(self, lines: list[Line], template: Block, choices: Mapping[str, list[str]], judge: Judge) -> None:
        self._said = {_key(line): line["result"] for line in lines}
        self._named = {**_section(template, "Resources"), **_section(template, "Conditions")}
        self._choices = choices  # by parameter, the default first
        self._judge = judge
        self._doubts: dict[_Key, Line] = {}

    def doubts(self) -> dict[_Key, Line]:
        """Return the lines that become unknown."""
        waiting, tried = deque([_Open()]), 0
        while waiting:
            open_ = waiting.popleft()
            left = {key: line for key, line in (open_.lines or {}).items() if key not in self._doubts}
            if tried == _MOST:
                self._doubts |= {key: _doubted(line, "more AllowedValues than are tried") for key, line in left.items()}
            elif left or open_.lines is None:
                tried += 1
                waiting += self._undecided(open_)
        return self._doubts

    def _undecided(self, open_: _Open) -> Iterator[_Open]:
        """Judge with some chosen values; yield what the values of one parameter more are to be tried for."""
        chosen = open_.chosen
        others = {name: Unknown((f"Ref {name} {NAMED}",)) for name in self._choices if name not in chosen}
        changed = sorted(name for name, value in chosen.items() if value != self._choices[name][0])
        asked: dict[str, dict[_Key, Line]] = {}

        def needed(key: _Key) -> bool:
            return key not in self._doubts and self._counts(key, open_.lines)

        found = _not_passing(self._judge({**others, **chosen}, needed))
        for key, line in [(key, line) for key, line in found.items() if needed(key)]:
            parameter = next(self._in_doubt(line, others), "")
            if changed and line["result"] == FAILED:
                self._doubts[key] = _doubted(line, _failing(changed))
            elif parameter:
                asked.setdefault(parameter, {})[key] = line
            else:
                self._doubts[key] = _doubted(line, line["detail"])
        for parameter, lines in asked.items():
            yield from (_Open({**chosen, parameter: value}, lines) for value in self._choices[parameter])

    def _counts(self, key: _Key, asked: Mapping[_Key, Line] | None) -> bool:
        """Return whether a result changes what the defaults say: that it passes, or nothing."""
        return key not in self._said or (self._said[key] == PASSED and (asked is None or key in asked))

    def _in_doubt(self, line: Line, others: Collection[str]) -> Iterator[str]:
        """Yield the parameters without a chosen value that leave a result undecided, those first that it names."""
        named = [found[1] for found in _CAUSE.finditer(line["detail"])]
        resource = line["address"].partition(".")[2]
        for written in (*named, resource):
            yield from parameters_of(written, others, self._named)
        yield from () if resource in self._named else others  # a loop makes it


def _section(template: Block, name: str) -> Block:
    found = template.get(name)
    return found if isinstance(found, Block) else Block()


def _failing(changed: list[str]) -> str:
    if len(changed) == 1:
        return f"Ref {changed[0]}: another of its AllowedValues fails"
    return f"{', '.join(f'Ref {name}' for name in changed)}: other AllowedValues fail together"


def _doubted(line: Line, why: str) -> Line:
    return {**line, "result": UNKNOWN, "detail": why}


def _not_passing(lines: list[Line]) -> dict[_Key, Line]:
    return {_key(line): line for result in (UNKNOWN, FAILED) for line in lines if line["result"] == result}


def _key(line: Line) -> _Key:
    return line["address"], line["check"]
