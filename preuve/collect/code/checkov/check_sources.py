"""The behaviour of a check of Checkov, from its class: whether it only compares the value at one path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import checkov.cloudformation.checks.resource.base_resource_negative_value_check as template_negative_check
import checkov.cloudformation.checks.resource.base_resource_value_check as template_value_check
import checkov.terraform.checks.resource.base_resource_negative_value_check as negative_value_check
import checkov.terraform.checks.resource.base_resource_value_check as value_check
from checkov.common.models.consts import ANY_VALUE

from preuve.collect.code.verdict.reads import Reads, labels, read_of
from preuve.collect.code.verdict.verdict import named_steps, value_at


def only_compares(check: Any) -> bool:
    """Return whether a check only compares the value at its path, like Checkov's own base classes."""
    return getattr(type(check), "scan_resource_conf", None) in _COMPARING


def asks_presence(check: Any) -> bool:
    """Return whether any value at its path passes: such a check tests only whether an attribute is set."""
    if not only_compares(check):
        return False
    asks = (getattr(check, name, None) for name in ("get_expected_values", "get_forbidden_values"))
    return any(ANY_VALUE in ask() for ask in asks if ask is not None)


def reads_of(check: Any, attributes: Mapping[str, Any], keys: tuple[str, ...], everything: Reads) -> Reads:
    """Return what a check has read of `everything` that is not known in a block: for a check that compares paths, what
    is at its paths; any other check may have read all of it.
    """
    if not only_compares(check):
        return everything
    found = Reads()
    for key in keys:
        steps = named_steps(key)
        read = read_of(value_at(attributes, steps), tuple(steps))
        found.leaves |= read.leaves
        found.open |= read.open | _open_above(attributes, steps)
    return found


_COMPARING = frozenset(
    kind.scan_resource_conf
    for kind in (
        value_check.BaseResourceValueCheck,
        template_value_check.BaseResourceValueCheck,
        negative_value_check.BaseResourceNegativeValueCheck,
        template_negative_check.BaseResourceNegativeValueCheck,
    )
)


def _open_above(attributes: Any, steps: list[str]) -> set[str]:
    """Return the kinds of blocks on the way to a value that may exist more often than the code shows."""
    found: set[str] = set()
    for place, step in enumerate(steps):
        above = value_at(attributes, steps[:place])
        parts = above if isinstance(above, list) else [above]
        found |= {step for part in parts if step in labels(part)}
    return found
