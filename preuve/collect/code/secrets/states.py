"""Finds secrets in a Terraform state or plan (JSON): by the type of each resource, and by what Terraform marks as
sensitive.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from preuve.collect.code.secrets.search import Detection, secrets_of, secrets_under
from preuve.library.json_data import leaves

SENSITIVE = "sensitive_value"
_OF_STATES = frozenset({"outputs", "planned_values", "prior_state", "resource_changes", "resources", "values"})
_MADE = frozenset({"instances", "values", "change"})  # a resource has one of these beside its type
# A resource's values, and which of them are sensitive.
_MASKED = (("values", "sensitive_values"), ("after", "after_sensitive"), ("before", "before_sensitive"))


def secrets_in_state(value: Any) -> Iterator[Detection]:
    """Yield the secrets in a state or a plan; nothing for any other data."""
    if not isinstance(value, Mapping) or _OF_STATES.isdisjoint(value):
        return
    for part in _parts(value):
        yield from _of_type(part)
        yield from _called_sensitive(part)
    for name in ("outputs", "variables"):
        yield from _of_values(name, value.get(name))


def _parts(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every object of a state or a plan at any depth, with the type of its resource."""
    waiting: list[tuple[Any, str]] = [(value, "")]
    while waiting:
        item, kind = waiting.pop()
        if isinstance(item, Mapping):
            own = item.get("type")
            kind = own if isinstance(own, str) and not _MADE.isdisjoint(item) else kind
            yield {**item, "type": kind}
            waiting += [(inner, kind) for inner in item.values()]
        elif isinstance(item, list):
            waiting += [(inner, kind) for inner in item]


def _of_type(part: Mapping[str, Any]) -> Iterator[Detection]:
    for name in ("attributes", *(name for name, _ in _MASKED)):
        if part["type"] and isinstance(part.get(name), Mapping):
            yield from secrets_of(part["type"], part[name]).found


def _called_sensitive(part: Mapping[str, Any]) -> Iterator[Detection]:
    if part.get("sensitive") is True and "value" in part:
        yield from _literal("value", part["value"])
    for name, mask in _MASKED:
        yield from _under_mask(name, part.get(name), part.get(mask))
    paths = part.get("sensitive_attributes")
    for path in paths if isinstance(paths, list) else ():
        steps = [step.get("value") for step in path if isinstance(step, Mapping)] if isinstance(path, list) else []
        yield from _literal("/".join(map(str, steps)), _at(part.get("attributes"), steps))


def _under_mask(path: str, value: Any, mask: Any) -> Iterator[Detection]:
    if mask is True:
        yield from _literal(path, value)
    elif isinstance(mask, Mapping) and isinstance(value, Mapping):
        for name, inner in mask.items():
            yield from _under_mask(f"{path}/{name}", value.get(name), inner)
    elif isinstance(mask, list) and isinstance(value, list):
        for item, inner in zip(value, mask, strict=False):
            yield from _under_mask(path, item, inner)


def _literal(path: str, value: Any) -> Iterator[Detection]:
    """Yield a detection if the place itself, or a place below it, holds a text or a number."""
    if any(isinstance(leaf, str | int) and not isinstance(leaf, bool) and str(leaf) for leaf in leaves(value)):
        yield Detection(path, SENSITIVE)


def _at(value: Any, steps: Sequence[Any]) -> Any:
    for step in steps:
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def _of_values(section: str, values: Any) -> Iterator[Detection]:
    """Yield the secrets in outputs or variables whose names announce one."""
    for name, item in values.items() if isinstance(values, Mapping) else ():
        value = item.get("value") if isinstance(item, Mapping) else item
        yield from secrets_under(str(name), value, path=f"{section}/{name}").found
