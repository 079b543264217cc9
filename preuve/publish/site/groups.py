"""Controls by theme or chapter, and stacked bars of their statuses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from preuve.model.content import Control
from preuve.model.results import ControlResult, ControlStatus
from preuve.publish.words.locale import Locale

_ARTICLES = re.compile(r"articles_(\d+)_(\d+)")


@dataclass(frozen=True)
class Group:
    """Controls of one theme or chapter, and how many have each status."""

    name: str
    results: Sequence[ControlResult]
    counts: Mapping[ControlStatus, int]


@dataclass(frozen=True)
class Segment:
    """A part of a stacked bar, in hundredths of its width."""

    status: str
    count: int
    x: float
    width: float


def groups(results: Sequence[ControlResult], controls: Mapping[str, Control], locale: Locale) -> list[Group]:
    """Return the controls of a framework by theme (ISO) or chapter (GDPR), in the order of the catalogue."""
    found: dict[str, list[ControlResult]] = {}
    for result in results:
        control = controls.get(result.control)
        found.setdefault(group_key(control.group if control else "", locale), []).append(result)
    return [
        Group(locale(f"groups.{key}"), items, Counter(item.status for item in items)) for key, items in found.items()
    ]


def group_key(group: str, locale: Locale) -> str:
    """Return the key below `groups` for a control's group; an article's number falls into its chapter."""
    if locale.has(f"groups.{group}"):
        return group
    for key in locale.strings["groups"]:
        match = _ARTICLES.fullmatch(key)
        if match and group.isdigit() and int(match[1]) <= int(group) <= int(match[2]):
            return str(key)
    return "other"


def segments(counts: Mapping[ControlStatus, int]) -> Iterator[Segment]:
    """Yield a stacked bar of these counts, in the order of the statuses."""
    total = sum(counts.values())
    position = 0.0
    for status in ControlStatus:
        count = counts.get(status, 0)
        if count:
            width = 100 * count / total
            yield Segment(status.value, count, round(position, 3), round(width, 3))
            position += width
