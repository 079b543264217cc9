"""Draws a sample of resources that anybody can draw again: the seed and SHA-256 order them, and the first ones are
taken.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from preuve.model.results import Finding, FindingStatus, Place

SMALLEST, LARGEST = 5, 25
_JUDGED = (FindingStatus.PASS, FindingStatus.FAIL, FindingStatus.WAIVED)

Verdicts = Mapping[str, FindingStatus]  # by policy


@dataclass(frozen=True)
class Sample:
    """A sample, its population and its method."""

    seed: str
    population: int
    resources: Sequence[tuple[Place, Verdicts]]


def draw(findings: Iterable[Finding], seed: str) -> Sample:
    """Draw a sample of the resources that got a verdict; each counts once, however many policies judged it."""
    found: dict[str, tuple[Place, dict[str, FindingStatus]]] = {}
    for finding in findings:
        if finding.status in _JUDGED:
            found.setdefault(key(finding.place), (finding.place, {}))[1][finding.policy] = finding.status
    order = sorted(found, key=lambda name: _digest(f"{seed}|{name}"))
    return Sample(seed, len(found), [found[name] for name in order[: size(len(found))]])


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).digest()


def size(population: int) -> int:
    """Return the size: the whole population up to five; beyond, one in ten, at least five and at most twenty-five."""
    return min(population, max(SMALLEST, min(LARGEST, -(-population // 10))))


def key(place: Place) -> str:
    """Return the unique key of a resource; the sample lists it, so that the order can be checked.

    An invisible character, such as a sign that changes the direction of a text, is written as an escape (`\\u202e`):
    without it, two resources would look like one.
    """
    return "|".join(map(_written, (place.type, place.account, place.region, place.root, place.own_name)))


def _written(text: str) -> str:
    if text.isprintable() and "\\" not in text:
        return text
    return "".join(sign if sign.isprintable() and sign != "\\" else _escaped(sign) for sign in text)


def _escaped(sign: str) -> str:
    return "\\\\" if sign == "\\" else f"\\u{ord(sign):04x}"
