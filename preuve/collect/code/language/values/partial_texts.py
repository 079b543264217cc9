"""Whether a text with unknown parts matches a pattern, whatever the parts are.

A part is any text that its own pattern matches: `[0-9]*` for the number of an account, `(?s).*` for a part that may be
anything. All possible texts are followed at once through both patterns, so that the answer is exact: yes or no if all
agree.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from preuve.collect.code.language.values.regular_expressions import Instruction, UnsupportedError, compiled, is_in

ANYTHING = "(?s).*"
_MOST_STATES = 5_000
_LAST = 0x10FFFF

Places = frozenset[int]


@dataclass(frozen=True)
class Part:
    """An unknown part of a text: the pattern of its possible values."""

    pattern: str = ANYTHING


def matches_whole(pattern: str, parts: Sequence[str | Part]) -> bool | None:
    """Return whether the pattern matches the whole of every text of these parts, or of none; None if it matches some,
    if the pattern is not supported, or if it takes too long.

    Anchors, look-around and atomic groups (`^`, `(?>…)`) only reduce the texts that the pattern matches without them:
    if none matches without, none matches. With a part that may be anything this is not tried, because it hardly ever
    decides.
    """
    try:
        exact = "(?>" not in pattern and not _machine(pattern).looks_around
        if not exact and any(isinstance(part, Part) and part.pattern == ANYTHING for part in parts):
            return None
        found = _of_all(_machine(pattern if exact else pattern.replace("(?>", "(?:")), parts)
    except UnsupportedError:
        return None
    return found if exact or found is False else None


def _of_all(machine: _Machine, parts: Sequence[str | Part]) -> bool | None:
    """Return the answer of a machine for all texts of some parts; None if the answers differ. Raises UnsupportedError
    if it takes too long.
    """
    reached = {machine.start}
    for part in parts:
        if isinstance(part, Part):
            reached = _through(machine, reached, _machine(part.pattern))
        else:
            reached = {functools.reduce(machine.after, map(ord, part), places) for places in reached}
    answers = {machine.accepts(places) for places in reached}
    return answers.pop() if len(answers) == 1 else None


def _through(machine: _Machine, reached: Iterable[Places], part: _Machine) -> set[Places]:
    """Return the states that all texts of a part lead to. Raises UnsupportedError if there are too many."""
    waiting = [(places, part.start) for places in reached]
    seen = set(waiting)
    letters = sorted(machine.bounds | part.bounds)
    for places, inner in waiting:  # the list grows
        for letter in letters:
            following = part.after(inner, letter)
            state = machine.after(places, letter), following
            if following and state not in seen:
                seen.add(state)
                waiting.append(state)
        if len(seen) > _MOST_STATES:
            raise UnsupportedError("a pattern with too many places")
    return {places for places, inner in seen if part.accepts(inner)}


class _Machine:
    """A pattern as states, which are followed all at once."""

    def __init__(self, program: Sequence[Instruction]) -> None:
        self.looks_around = any(one.kind == "assert" for one in program)  # which is passed over
        self._program = program
        # The first letters of all ranges and gaps: all letters of one range lead to the same states.
        ends = (end for one in program for first, last in one.ranges for end in (first, last + 1))
        self.bounds = frozenset({0, *(end for end in ends if end <= _LAST)})
        self.start = self._closed([0])
        self.after = functools.cache(self._after)

    def accepts(self, places: Places) -> bool:
        """Return whether a text that leads to these states matches."""
        return any(self._program[place].kind == "match" for place in places)

    def _after(self, places: Places, letter: int) -> Places:
        reading = (self._program[place] for place in places)
        return self._closed(one.step for one in reading if one.kind == "letter" and is_in(letter, one.ranges))

    def _closed(self, places: Iterable[int]) -> Places:
        """Return the letters, and the match, that states lead to without reading on."""
        waiting, seen = list(places), set[int]()
        while waiting:
            place = waiting.pop()
            if place in seen:
                continue
            seen.add(place)
            one = self._program[place]
            waiting += {
                "split": [one.step, one.other],
                "save": [one.step],
                "jump": [one.step],
                "assert": [one.step],
            }.get(one.kind, [])
        return frozenset(place for place in seen if self._program[place].kind in ("letter", "match"))


@functools.lru_cache(maxsize=100)
def _machine(pattern: str) -> _Machine:
    return _Machine(compiled(pattern).program)
