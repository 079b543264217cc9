"""Whether a text of which parts are not known matches a pattern, whatever these parts turn out to be.

A part is one of all texts that a pattern of its own matches: `[0-9]*` for the number of an account, `(?s).*` for what
may be anything. All texts are followed at once through both patterns, so that the answer is exact: yes or no where all
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
    """A part of a text that is not known: the pattern of all that it may be."""

    pattern: str = ANYTHING


def matches_whole(pattern: str, parts: Sequence[str | Part]) -> bool | None:
    """Return whether every text of these parts, or none, is matched as a whole; None if some are, if the pattern is
    not one that is read here, or if it takes too long.

    What looks around or gives nothing back (`^`, `(?>…)`) only takes texts away from those that the pattern matches
    without: if none matches that, none matches. What may be anything is not asked then, for it hardly ever tells.
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
    """Return what a machine says of all texts of some parts; None if it says several things. Raises UnsupportedError if
    it takes too long.
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
    """Return where all texts of a part lead to. Raises UnsupportedError if there are too many places."""
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
    """A pattern as places, all of which go on together."""

    def __init__(self, program: Sequence[Instruction]) -> None:
        self.looks_around = any(one.kind == "assert" for one in program)  # which is passed over
        self._program = program
        # The first letters of all ranges and gaps: those of one range lead to the same places.
        ends = (end for one in program for first, last in one.ranges for end in (first, last + 1))
        self.bounds = frozenset({0, *(end for end in ends if end <= _LAST)})
        self.start = self._closed([0])
        self.after = functools.cache(self._after)

    def accepts(self, places: Places) -> bool:
        """Return whether a text that leads to these places matches."""
        return any(self._program[place].kind == "match" for place in places)

    def _after(self, places: Places, letter: int) -> Places:
        reading = (self._program[place] for place in places)
        return self._closed(one.step for one in reading if one.kind == "letter" and is_in(letter, one.ranges))

    def _closed(self, places: Iterable[int]) -> Places:
        """Return the letters, and the match, that places lead to without reading on."""
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
