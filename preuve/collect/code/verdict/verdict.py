"""Decides whether a Checkov result counts: a verdict that rests on an unknown value does not.

Pure functions over what a check may have read of one block (`reads.py`). A leaf is known or a marked text (`marks.py`).

- PASSED counts only if nothing that the check read can have another value. A name that AWS or the provider assigns
counts as known: it is set, and it is neither a wildcard nor a range of addresses.

- FAILED counts if what decided is known. It becomes UNKNOWN if the compared value is unknown, if everything that the
check read is unknown, or if the missing block may exist.

- UNKNOWN of Checkov's own counts if the check read an unknown value. Otherwise it means "not applicable".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from preuve.collect.code.verdict.marks import OPEN, is_marked, is_opaque, may_be_empty, shown
from preuve.collect.code.verdict.reads import Reads, labels, read_of
from preuve.model.snapshot import MOST_CAUSES_TOLD

PASSED, FAILED, UNKNOWN = "PASSED", "FAILED", "UNKNOWN"
UNRESOLVED = "unresolved: "  # the beginning of a cause that names the unknown value

# Texts for people: checks only test that they exist.
_SWITCHES = frozenset({"status", "enabled"})
_WORDS = frozenset({"sid", "description", "comment", "name_prefix"})
# Below these stand ARNs: one of which the beginning is written out is not `*`, whatever the rest is. AWS takes no
# wildcard inside of a principal.
_OF_ARNS = frozenset({"Resource", "NotResource", "resources", "not_resources", "Principal", "AWS", "identifiers"})
_INTERPOLATION = re.compile(r"\$\{([^{}]*)\}")
_OF_A_RESOURCE = re.compile(r"(?:module\.[\w\-\[\].]+\.)?(?:data\.)?[a-z0-9]+_\w+\.[\w-]+")
_NAMING = re.compile(
    r"(^|[_./])(arns?|buckets?|ids?|keys?|names?|roles?|topics?|destination|target)(/\[?0?\]?)*$", re.IGNORECASE
)
_INDEX = re.compile(r"\[?\d+\]?|")


@dataclass(frozen=True)
class Check:
    """A check, with the paths of the value that it compares, if it compares one."""

    values: tuple[str, ...] = ()
    presence: bool = False  # it only tests whether the value exists, to pass or to fail
    keys: tuple[str, ...] = ()  # the paths that it reports to have read in this block


def undecided(record: Mapping[str, Any], why: str) -> dict[str, Any]:
    """Return the record of a check as one that is not decided."""
    kept = {name: value for name, value in record.items() if name not in ("grounds", "called_from")}
    return kept | {"result": UNKNOWN, "detail": why}


def settle(result: str, attributes: Mapping[str, Any], check: Check, reads: Reads) -> tuple[str, str] | None:
    """Return the result to report with its detail, or None if the check does not apply."""
    if result == FAILED:
        hidden = _doubts(attributes, check, reads)
        return (UNKNOWN, told(hidden)) if hidden else (FAILED, "")
    hidden = list(_unread(reads, presence=check.presence))
    if not check.presence:  # a name is no answer to any other question
        for path, value in _compared(attributes, check):
            if not _NAMING.search(path):
                hidden += _marked({path: [leaf for leaf in _leaves(value) if not _is_bounded(_last(path), leaf)]})
    if result == UNKNOWN:
        hidden += _marked(dict(_compared(attributes, check)))
        return (UNKNOWN, told(hidden)) if hidden else None
    return (UNKNOWN, told(hidden)) if hidden else (PASSED, "")


def _unread(reads: Reads, *, presence: bool) -> Iterator[str]:
    """Yield the causes of unknown values that the check read."""
    yield from (f"dynamic block: {label}" for label in sorted(reads.open))
    for path, leaf in sorted(reads.leaves):
        key = path[-1] if path else ""
        if not is_opaque(leaf) or key.lower() in _WORDS or _is_bounded(key, leaf):
            continue
        if presence and not may_be_empty(leaf):
            continue
        yield from unresolved(leaf)


def _doubts(attributes: Mapping[str, Any], check: Check, reads: Reads) -> list[str]:
    """Return why a failure may not be one."""
    compared = dict(_compared(attributes, check))
    if check.presence and any(is_there(value) for value in compared.values()):
        return []  # the check forbids the value
    if found := _marked(compared):
        return found
    looked_at = {key: value_at(attributes, named_steps(key)) for key in check.keys}
    set_ = {key: value for key, value in looked_at.items() if _is_set(value)}
    missing = frozenset(_head(key) for key in looked_at) if not set_ else frozenset()
    open_ = [label for value in looked_at.values() for label in labels(value)] + [*(labels(attributes) & missing)]
    if not compared:  # the check concerns no single value: it may have missed something in any block that it read
        open_ += sorted(reads.open)
    all_marked = [_marked({key: value}) for key, value in set_.items()]
    plain = not any(map(_holds_map, set_.values()))
    hidden = [cause for causes in all_marked for cause in causes] if all(all_marked) and plain else []
    hidden = hidden or _opaque(attributes, looked_at) or ([] if compared else _inside(check.keys, reads))
    return [f"dynamic block: {label}" for label in dict.fromkeys(open_)] + hidden


def _inside(keys: Iterable[str], reads: Reads) -> list[str]:
    """Return the causes of unknown switches that a check read in whole blocks: an enabled block may make it pass."""
    blocks = {key for key in keys if named_steps(key) == [key]}
    read = sorted((path, leaf) for path, leaf in reads.leaves if path and path[0] in blocks and path[-1] in _SWITCHES)
    return [cause for path, leaf in read if is_opaque(leaf) for cause in unresolved(leaf)]


def _opaque(attributes: Mapping[str, Any], looked_at: Mapping[str, Any]) -> list[str]:
    """Return why a failure after reading several values does not count: one of them may be anything, or none exists in
    a block that may contain more.
    """
    values = list(looked_at.values()) + ([] if any(map(_is_set, looked_at.values())) else [attributes.get(OPEN)])
    return [cause for value in values if is_opaque(value) for cause in unresolved(value)]


def _marked(values: Mapping[str, Any]) -> list[str]:
    return [cause for value in values.values() for leaf in _leaves(value) for cause in unresolved(leaf)]


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list | tuple | set):
        for item in value:
            yield from _leaves(item)
    elif is_marked(value) and (document := _decoded(value)) is not None:
        yield from _leaves(document)
    else:
        yield value


def _decoded(text: str) -> Any:
    """Parse a text as JSON; None if it is not."""
    try:
        return json.loads(text) if text.startswith("{") else None
    except (ValueError, RecursionError):
        return None


def _head(key: str) -> str:
    """Return the argument or kind of block that a path begins with."""
    return next((step for step in re.split(r"[/.\[]", key) if step), "")


def _holds_map(value: Any) -> bool:
    """Return whether a value has named parts: one of them decided, whatever the others are."""
    if isinstance(value, list | tuple | set):
        return any(map(_holds_map, value))
    return isinstance(value, Mapping) or (isinstance(value, str) and _decoded(value) is not None)


def is_there(value: Any) -> bool:
    """Return whether a value surely exists, because a part of it is known or it names a thing: any other value may be
    null.
    """
    return _is_set(value) and not any(map(may_be_empty, _leaves(value)))


def _is_set(value: Any) -> bool:
    return value is not None and value not in ([], [None])


def named_steps(path: str) -> list[str]:
    """Return the names in a path such as `versioning/[0]/enabled`."""
    return [step for step in path.split("/") if not _INDEX.fullmatch(step)]


def _last(path: str) -> str:
    return (named_steps(path) or [""])[-1]


def told(hidden: Iterable[str]) -> str:
    """Return causes as the detail of a record: each once, the first few."""
    return "; ".join(list(dict.fromkeys(hidden))[:MOST_CAUSES_TOLD])


def _compared(attributes: Mapping[str, Any], check: Check) -> Iterator[tuple[str, Any]]:
    for path in check.values:
        yield path, value_at(attributes, named_steps(path))


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


def of_resources(leaf: Any) -> bool:
    """Return whether every unknown part of a leaf is an attribute of a resource or a data source."""
    causes = [part for match in _INTERPOLATION.findall(leaf) for part in match.split(", ")] if is_marked(leaf) else []
    return bool(causes) and all(_OF_A_RESOURCE.match(cause) for cause in causes)


def _is_bounded(key: str, leaf: Any) -> bool:
    """Return whether a statement names something that begins as an ARN."""
    return key in _OF_ARNS and isinstance(leaf, str) and leaf.startswith("arn:")


def graph_reads(attributes: Mapping[str, Any], names: frozenset[str]) -> Reads:
    """Return what a graph check may have read under these names. Reads of graph checks are not recorded."""
    reads = Reads()
    for name in (names | {OPEN}) & attributes.keys():
        found = read_of(attributes[name], (name,))
        reads.leaves |= found.leaves
        reads.open |= found.open
    reads.open |= labels(attributes) & names
    return reads
