"""Decides whether a Checkov result counts: a result that may rest on an unknown value does not.

Pure functions over what a check may have read of one block (`reads.py`). A leaf is known or a marked text (`marks.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from preuve.collect.code.verdict.marks import OPEN, is_marked, is_opaque, may_be_empty, shown
from preuve.collect.code.verdict.reads import Reads, read_of
from preuve.model.snapshot import MOST_CAUSES_TOLD

PASSED, FAILED, UNKNOWN = "PASSED", "FAILED", "UNKNOWN"
UNRESOLVED = "unresolved: "  # the beginning of a cause that names the unknown value

_INTERPOLATION = re.compile(r"\$\{([^{}]*)\}")
_INDEX = re.compile(r"\[?\d+\]?|")


def undecided(record: Mapping[str, Any], why: str) -> dict[str, Any]:
    """Return the record of a check as one that is not decided."""
    kept = {name: value for name, value in record.items() if name not in ("grounds", "called_from")}
    return kept | {"result": UNKNOWN, "detail": why}


def settle(result: str, reads: Reads, *, presence: bool = False) -> tuple[str, str] | None:
    """Return the result to report with its detail, or None if the check does not apply. A check for `presence` only
    tests whether a value exists.
    """
    hidden = [f"dynamic block: {label}" for label in sorted(reads.open)]
    leaves = (leaf for _, leaf in sorted(reads.leaves) if not presence or may_be_empty(leaf))
    hidden += [cause for leaf in leaves for cause in unresolved(leaf)]
    if hidden:
        return UNKNOWN, told(hidden)
    return (result, "") if result in (PASSED, FAILED) else None


def named_steps(path: str) -> list[str]:
    """Return the names in a path such as `versioning/[0]/enabled`."""
    return [step for step in path.split("/") if not _INDEX.fullmatch(step)]


def told(hidden: Iterable[str]) -> str:
    """Return causes as the detail of a record: each once, the first few."""
    return "; ".join(list(dict.fromkeys(hidden))[:MOST_CAUSES_TOLD])


def value_at(value: Any, steps: list[str]) -> Any:
    """Return the value at a path; a list on the way counts with all its items. If the path leads into an unknown or an
    incomplete value, return that.
    """
    if not steps or is_opaque(value):
        return value
    if isinstance(value, Mapping):
        return value_at(value.get(steps[0], value.get(OPEN)), steps[1:])
    return [value_at(item, steps) for item in value] if isinstance(value, list) else None


def dynamic_blocks(attributes: Any, names: frozenset[str]) -> list[str]:
    """Return the causes for kinds of blocks, among some names, whose number is unknown."""
    return [f"dynamic block: {label}" for label in sorted(read_of(attributes).open & names)]


def unresolved(leaf: Any) -> list[str]:
    """Return the causes of a leaf's unknown parts; empty if it is known."""
    if not is_marked(leaf):
        return []
    found = [part for match in _INTERPOLATION.findall(shown(leaf)) for part in match.split(", ") if part]
    return [f"{UNRESOLVED}{part}" for part in found or ["an expression"]]
