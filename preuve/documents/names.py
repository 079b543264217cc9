"""Test names that no document contains, for patterns that only together match every name: `a*`, `b*`, …; `???*`."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from preuve.documents.answer import NO, Answer, all_of, unknown
from preuve.documents.patterns import FRESH, is_wild

# Names of each first letter, and of each usual length: patterns that hold all of them hold every name, one by one or
# together; if patterns hold many of them, the answer is unknown.
_NAMES = """
avorak belint cudomi dapreno eluvast firomel gandotu hisperal iqualdo jebrano kolmidu larvento mupsaric nodelfi opranitu
pindolar quemisto rovandel sibertal tulmanco ubrindel voskelim wendrola xamipolo yurbenta zelkopri
"""
_WORDS = tuple(_NAMES.split())
LETTERS = (_WORDS, tuple(map(str.capitalize, _WORDS)))
LENGTHS = tuple(FRESH * length for length in range(8, 34))
MANY = 7
_LOOSE = 2  # literal letters in a row of a loose pattern
_WILD = re.compile(r"[*?]+")


@functools.lru_cache(maxsize=100_000)
def is_loose(name: str) -> bool:
    """Return whether a pattern may hold many names, and not all by itself: `a*`, `*e*`, `???*`."""
    return is_wild(name) and name.strip("*") != "" and max(map(len, _WILD.split(name))) <= _LOOSE


def of_all(answers: Iterable[Answer]) -> Answer:
    """Return whether all of many hold; if a good part does, it is not known whether that is as much as all."""
    asked = list(answers)
    holding = [answer for answer in asked if answer.value is not False]
    if len(holding) == len(asked):
        return all_of(asked)
    return unknown("patterns that together hold many names").at(*holding[0].places) if len(holding) >= MANY else NO
