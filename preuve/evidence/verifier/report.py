"""The results of a verification, their verdict, and their sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

WITNESSED, BROKEN, NOT_WITNESSED = 0, 10, 11  # exit codes
_MOST = 20  # printed sentences of one kind; the others are counted
_MOST_SHOWN = 300  # characters of a value
_VALUE = re.compile(r"\{(\w+)\}")


class Level(Enum):
    """The weight of an item."""

    HOLDS = "holds"
    NOTE = "note"  # good to know, no doubt about the bundle
    OPEN = "open"  # could not be checked: the bundle may not be called witnessed
    BROKEN = "broken"


@dataclass(frozen=True)
class Item:
    """One thing found; `code` is the key of its sentence."""

    level: Level
    code: str
    values: Mapping[str, str] = field(default_factory=dict)


def holds(code: str, **values: object) -> Item:
    """Report a check that succeeded."""
    return _item(Level.HOLDS, code, values)


def note(code: str, **values: object) -> Item:
    """Report a fact to know."""
    return _item(Level.NOTE, code, values)


def still_open(code: str, **values: object) -> Item:
    """Report what could not be checked."""
    return _item(Level.OPEN, code, values)


def broken(code: str, **values: object) -> Item:
    """Report a check that failed."""
    return _item(Level.BROKEN, code, values)


def _item(level: Level, code: str, values: Mapping[str, object]) -> Item:
    return Item(level, code, {name: str(value) for name, value in values.items()})


def exit_code(items: Iterable[Item]) -> int:
    """Return 10 if a check failed, 11 if something is open, else 0; if nothing was checked, nothing is witnessed."""
    levels = {item.level for item in items}
    if Level.BROKEN in levels:
        return BROKEN
    return NOT_WITNESSED if Level.OPEN in levels or not levels else WITNESSED


def sentences(items: Iterable[Item], texts: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each item, and the verdict; no text from the bundle can control a terminal."""
    found = list(items)
    seen: Counter[str] = Counter()
    for item in found:
        seen[item.code] += 1
        if seen[item.code] <= _MOST:
            yield f"{texts[f'level.{item.level.value}']:<14} {_filled(texts[item.code], item.values)}"
    left_out = sum(count - _MOST for count in seen.values() if count > _MOST)
    if left_out:
        yield f"{'':<14} {_filled(texts['left_out'], {'n': str(left_out)})}"
    yield ""
    yield texts[f"verdict.{_verdict(found)}"]


def _verdict(found: list[Item]) -> str:
    """Return the verdict's key. Without a witness the verdict names who could have rewritten the bundle, depending on
    the signature.
    """
    code = exit_code(found)
    said = {item.code for item in found}
    if code != NOT_WITNESSED or ("signature" in said and "signers_from_bundle" not in said):
        return str(code)
    return "unsigned" if "not_signed" in said else "unknown_key"


def _filled(template: str, values: Mapping[str, str]) -> str:
    return _VALUE.sub(lambda match: printable(values.get(match[1], "?")), template)


def printable(text: str) -> str:
    """Escape text from a bundle, cut: every character that a terminal would act on or not show."""
    cut = text if len(text) <= _MOST_SHOWN else text[:_MOST_SHOWN] + "…"
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in cut)
