"""Results of functions of templates: comparisons, maps with unknown names, references to other stacks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from preuve.collect.code.language.templates import intrinsics
from preuve.collect.code.language.templates.intrinsics import ABSENT, MaybeAbsent, NoValue, combine_possible
from preuve.collect.code.language.templates.source import FUNCTION
from preuve.collect.code.language.templates.texts import resolved, text_of
from preuve.collect.code.language.values.value import JsonText, OneOf, PartText, Unknown, Value, unknown

_CHARACTERS = 8  # characters of a computed text that cost as much as one value


def size_of(value: Value) -> int:
    """Measure the size of a computed value: nested functions can double it at each level."""
    if isinstance(value, str):
        return len(value) // _CHARACTERS
    if isinstance(value, PartText):
        return len(value.parts)
    return len(value) if isinstance(value, list) else 0


def divided(name: Value) -> list[Value]:
    """Return the name of a resource and that of its attribute, in one text or two."""
    return list(intrinsics.plain(name).split(".", 1)) if "." in intrinsics.plain(name) else [name, ""]


def looked_up(table: Any, key: Value) -> list[Any]:
    """Return the entry of a table for a key, None if it is missing; for an unknown key, every entry that it may
    select.
    """
    if not isinstance(table, Mapping):
        return [None]
    plain = {name: value for name, value in table.items() if not name.startswith(FUNCTION)}
    if isinstance(key, Unknown):
        return [*plain.values(), *([None] if len(plain) < len(table) else [])]
    return [plain.get(intrinsics.plain(key))]


def is_without(row: Any, key: Value) -> bool:
    """Return whether a row of a table surely has no entry for a key."""
    if not isinstance(row, Mapping) or isinstance(key, Unknown):
        return False
    return intrinsics.plain(key) not in row and not any(name.startswith(FUNCTION) for name in row)


def combined(name: str, parts: list[bool | Unknown], undecided: Unknown) -> bool | Unknown:
    """Combine conditions with `Fn::Not`, `Fn::And` or `Fn::Or`."""
    known = [part for part in parts if isinstance(part, bool)]
    if name == "Fn::Not" and len(parts) == 1:
        return not known[0] if known else undecided
    if name not in ("Fn::And", "Fn::Or") or not parts:
        return undecided
    decisive = name == "Fn::Or"
    if decisive in known:
        return decisive
    return undecided if len(known) < len(parts) else not decisive


def equal(one: Value, other: Value, undecided: Unknown) -> bool | Unknown:
    """Compare two values as texts; `undecided` if one is not known."""
    left, right = text_of(one), text_of(other)
    return left == right if isinstance(left, str) and isinstance(right, str) else undecided


def perhaps_replaced(found: dict[str, Value], unnamed: list[tuple[Unknown, Value]]) -> dict[str, Value]:
    """Make the entries of a mapping unknown that another entry with a partly unknown name may replace."""
    if not unnamed:
        return found
    why = unknown(*(called for called, _ in unnamed))
    return {
        name: combine_possible([value, *(other for called, other in unnamed if _may_be(called, name))], why)
        for name, value in found.items()
    }


def _may_be(called: Unknown, name: str) -> bool:
    """Return whether a partly known text may equal a name: the name begins and ends like it."""
    parts = called.parts if isinstance(called, PartText) else (called,)
    first, last = (part if isinstance(part, str) else "" for part in (parts[0], parts[-1]))
    return name.startswith(first) and name.endswith(last)


def imported(name: Value) -> Unknown:
    """Return the export of another stack, by its name as far as that is known."""
    parts = name.parts if isinstance(name, PartText) else (name,)
    written = "".join(f"({', '.join(part.causes)})" if isinstance(part, Unknown) else str(part) for part in parts)
    plain = _EXPORT.fullmatch(written)
    # A text that is computed from an input may name another export than the input itself.
    computed = any(part.computed for part in parts if isinstance(part, Unknown))
    return Unknown((f"Fn::ImportValue {written}" if plain else "Fn::ImportValue",), computed=computed)


_EXPORT = re.compile(r"[\w:.() -]{1,200}")


def finished(value: Value) -> Value:
    """Resolve the dynamic references in the texts of a value."""
    if isinstance(value, str | PartText):
        return resolved(value)
    if isinstance(value, dict):
        return {name: finished(item) for name, item in value.items()}
    if isinstance(value, JsonText):
        return JsonText(value.causes, sources=value.sources, value=finished(value.value))
    if isinstance(value, MaybeAbsent):  # its value if it exists
        return replace(value, value=ABSENT if value.value is ABSENT else finished(value.value))
    if isinstance(value, OneOf):
        return replace(value, values=tuple(map(finished, value.values)))
    return {} if isinstance(value, NoValue) else _finished_list(value)


def _finished_list(value: Value) -> Value:
    return [finished(item) for item in value] if isinstance(value, list) else value
