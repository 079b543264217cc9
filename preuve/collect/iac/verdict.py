"""What a Checkov result is worth: a verdict that rests on something Checkov could not see is none.

Pure functions over the attributes of one block. A PASSED becomes UNKNOWN where an attribute that the check reads

- comes from a `dynamic` block: Checkov often does not expand it, and then passes an open port;
- is the content of a file (`file()`, `templatefile()`, …): Checkov does not read it;
- holds a reference that stayed unresolved, other than the name of another resource.

A FAILED becomes UNKNOWN only where the one value that the check compares is an unresolved reference, where all that it
looked at are, or where a `dynamic` block may make what it missed; else it stands: it is a breach that was seen. An
UNKNOWN is kept where one of these is the cause; every other one means "not applicable" and is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from preuve.collect.iac.marks import OPEN, is_marked, is_opaque, made_causes, may_be_empty, opaque_causes

PASSED, FAILED, UNKNOWN = "PASSED", "FAILED", "UNKNOWN"

References = Callable[[str, Any], Iterator[str]]  # the unresolved references in one leaf; its key is given too

# About the block, not about the resource.
_META = frozenset({"count", "depends_on", "dynamic", "for_each", "lifecycle", "provider", "timeouts"})

# A value below such a key only names something else; a check that reads it asks whether it is there.
_NAMING = re.compile(r"(^|_)(arns?|bucket|description|ids?|names?|sid|tags)$", re.IGNORECASE)

_RESOURCES = frozenset({"resources", "not_resources", "Resource", "NotResource"})

_FILE_CALL = re.compile(r"\b(file|filebase64|templatefile)\s*\(")
_REFERENCE = re.compile(
    r"(?<![\w./:-])"
    r"((?:var|local|module|each|count)\.[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*"
    r"|data\.[a-z0-9]+_\w+\.[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)"
)
_RESOURCE = re.compile(r"(?<![\w./:-])((?:aws|random|tls|time)_\w+\.[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)")
_MADE = re.compile(r"(?:\$\{)?aws_\w+\.[\w-]+(?:\[[\w\"-]+\])?\.(?:arn|id|name)\}?")
# What Checkov did not evaluate although nothing in it is a reference. `rate(1 day)` is a value.
_EXPRESSION = re.compile(
    r"\[.*\]\s*\[|\{.*\}\s*\[|[\[{]\s*for\s|(?!rate\(|cron\(|at\()[a-z][a-z0-9_]*\(.*\)\s*(?:\[.*\])?$", re.DOTALL
)
# They say where the code runs, which no check judges.
_SURROUNDINGS = re.compile(r"data\.aws_(caller_identity|region|partition|availability_zones|default_tags)\.")

_INDEX = re.compile(r"\[?\d+\]?|")
_SHOWN = 5


@dataclass(frozen=True)
class Check:
    """What a check looks at: names of attributes, and the paths of the value that it compares, if it is one value."""

    reads: frozenset[str]
    values: tuple[str, ...] = ()
    presence: bool = False  # it only asks whether the value is there, to pass or to fail
    keys: tuple[str, ...] = ()  # the paths that it looked at in this block


def settle(result: str, attributes: Mapping[str, Any], check: Check, references: References) -> tuple[str, str] | None:
    """The result to report with its detail, or None where the check does not apply."""
    compared = dict(_compared(attributes, check))
    if result == FAILED:
        if check.presence and _is_there(compared):
            return FAILED, ""
        hidden = _empty(compared) + _unresolved(compared, references, naming=True)
        hidden = hidden or _unseen(attributes, check, references) or _opaque(attributes, check)
        return (UNKNOWN, told(hidden)) if hidden else (FAILED, "")
    hidden = dynamic_blocks(attributes, check.reads)
    if result == UNKNOWN or not check.presence:
        reads = {*check.reads, OPEN} - _META
        read = {key: value for key, value in attributes.items() if key in reads}
        hidden += _empty(read) + file_calls(read) + _unresolved(read, references, naming=result == UNKNOWN)
    else:
        hidden += [f"unresolved: {cause}" for value in compared.values() for cause in _emptiness(value)]
    if hidden:
        return UNKNOWN, told(hidden)
    return None if result == UNKNOWN else (PASSED, "")


def _unseen(attributes: Mapping[str, Any], check: Check, references: References) -> list[str]:
    """Why what a failed check looked at may be other than it seems."""
    looked_at = {key: _at(attributes, _named_steps(key)) for key in check.keys}
    inside = [cause for value in looked_at.values() for cause in dynamic_blocks({"": value}, check.reads)]
    set_ = {key: value for key, value in looked_at.items() if _is_set(value)}
    heads = frozenset(step for key in looked_at for step in _named_steps(key)[:1]) if not set_ else frozenset()
    unresolved = [_unresolved({key: value}, references, naming=True) for key, value in set_.items()]
    plain = all(not isinstance(leaf, Mapping) for key, value in set_.items() for _, leaf in leaves(value, key))
    hidden = [cause for causes in unresolved for cause in causes] if all(unresolved) and plain else []
    return inside + dynamic_blocks({"dynamic": attributes.get("dynamic")}, heads) + hidden


def _opaque(attributes: Mapping[str, Any], check: Check) -> list[str]:
    """Why a failed check that looked at several values is none: one of them may be anything, or none is there in
    what may hold more.
    """
    looked_at = [_at(attributes, _named_steps(key)) for key in check.keys]
    looked_at += [] if any(map(_is_set, looked_at)) else [attributes.get(OPEN)]
    return [f"unresolved: {cause}" for value in looked_at if is_opaque(value) for cause in opaque_causes(value)]


def _emptiness(value: Any) -> list[str]:
    return opaque_causes(value) if may_be_empty(value) else []


def _is_there(compared: Mapping[str, Any]) -> bool:
    """Whether a value is there because it names a resource: a variable, a splat or an output may be null or empty."""
    found = [leaf for key, value in compared.items() if _is_set(value) for _, leaf in leaves(value, key)]
    return any(isinstance(leaf, str) and (_MADE.fullmatch(leaf) or _is_made(leaf)) for leaf in found)


def _is_made(leaf: str) -> bool:
    return is_marked(leaf) and not is_opaque(leaf)


def _is_set(value: Any) -> bool:
    return value is not None and value not in ([], [None])


def _named_steps(path: str) -> list[str]:
    return [step for step in path.split("/") if not _INDEX.fullmatch(step)]


def _empty(compared: Mapping[str, Any]) -> list[str]:
    """Values that came out as an empty object: how Checkov reads what `optional()` would fill in."""
    return [f"unresolved: {path}, a part of an object" for path, value in compared.items() if value in ({}, [{}])]


def told(hidden: list[str]) -> str:
    """Causes as the detail of a record: each once, the first few."""
    return "; ".join(list(dict.fromkeys(hidden))[:_SHOWN])


def _compared(attributes: Mapping[str, Any], check: Check) -> Iterator[tuple[str, Any]]:
    for path in check.values:
        yield path, _at(attributes, _named_steps(path))


def _at(value: Any, steps: list[str]) -> Any:
    """What is below the named steps; a list on the way stands for all its items. Where the way leads into what may
    be anything, or may hold more, that is the answer.
    """
    if not steps or is_opaque(value):
        return value
    if isinstance(value, Mapping):
        return _at(value.get(steps[0], value.get(OPEN)), steps[1:])
    return [_at(item, steps) for item in value] if isinstance(value, list) else None


def dynamic_blocks(attributes: Mapping[str, Any], reads: frozenset[str]) -> list[str]:
    """The `dynamic` blocks among the names that are read, as causes."""
    labels: set[str] = set()
    _add_dynamic_labels(attributes, labels, set())
    return [f"dynamic block: {label}" for label in sorted(labels & reads)]


def _add_dynamic_labels(value: Any, labels: set[str], connected: set[int]) -> None:
    """Collect below a value; what code was parsed into holds plain maps and lists, and there are many of them.

    `connected` are the blocks with connections that were seen: those that refer to each other hang in a circle.
    """
    if isinstance(value, dict):
        if "connected_node" in value:
            if id(value) in connected:
                return
            connected.add(id(value))
        if "dynamic" in value:
            labels.update(label for block in _items(value["dynamic"]) if isinstance(block, dict) for label in block)
        value = value.values()
    elif not isinstance(value, list):
        return
    for item in value:
        if isinstance(item, dict | list):
            _add_dynamic_labels(item, labels, connected)


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def file_calls(read: Mapping[str, Any]) -> list[str]:
    """The calls that read a file below these attributes, as causes."""
    found = (
        (key, _FILE_CALL.search(leaf))
        for key, value in read.items()
        for _, leaf in leaves(value, key)
        if isinstance(leaf, str)
    )
    return [f"{key}: content of {match[1]}()" for key, match in found if match]


def _unresolved(read: Mapping[str, Any], references: References, *, naming: bool) -> list[str]:
    found = [
        reference
        for key, value in read.items()
        for name, leaf in leaves(value, key)
        if naming or not ((_NAMING.search(name) and not is_opaque(leaf)) or _is_bounded(name, leaf))
        for reference in references(name, leaf)
        if naming or not _names_a_product(reference)
    ]
    if naming and not found:
        found = [name for value in read.values() for _, leaf in leaves(value, "") for name in resource_references(leaf)]
    return [f"unresolved: {reference}" for reference in found]


def _is_bounded(name: str, leaf: Any) -> bool:
    """Whether a statement names resources of which a part is written out: it is not `*`, whatever the rest is."""
    return name in _RESOURCES and isinstance(leaf, str) and leaf.startswith("arn:")


def _names_a_product(reference: str) -> bool:
    """Whether this is the name of something that code makes or looks up, such as `module.logs.bucket_arn`.

    A variable with such a name is no proof: a caller may put `*` there.
    """
    return reference.startswith(("module.", "data.")) and bool(_NAMING.search(reference.rsplit(".", 1)[-1]))


def leaves(value: Any, key: str) -> Iterator[tuple[str, Any]]:
    """Every scalar in a value with the nearest key above it; maps too, for `{"Ref": …}` is one."""
    if isinstance(value, Mapping):
        yield key, value
        for name, item in value.items():
            yield from leaves(item, str(name))
    elif isinstance(value, list | tuple | set):
        for item in value:
            yield from leaves(item, key)
    else:
        yield key, value


def terraform_references(key: str, leaf: Any) -> Iterator[str]:
    """Variables, locals, module outputs and data sources that an expression still holds."""
    if isinstance(leaf, str):
        found = [match[1] for match in _REFERENCE.finditer(leaf)]
        yield from (name for name in found if not _SURROUNDINGS.match(name))
        if not found and _EXPRESSION.match(leaf):
            yield f"an expression in {key}"  # not its text, which may hold a secret


def resource_references(leaf: Any) -> Iterator[str]:
    """Resources that an expression refers to."""
    if isinstance(leaf, str):
        yield from (match[1] for match in _RESOURCE.finditer(leaf))
        yield from made_causes(leaf)


def marked_references(_: str, leaf: Any) -> Iterator[str]:
    """What is not known in a leaf whose unknown parts are marked."""
    yield from opaque_causes(leaf)
