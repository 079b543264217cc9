"""The behaviour of a check of Checkov, from its source: the names that it knows, and how it compares a value."""

from __future__ import annotations

import ast
import functools
import inspect
import re
from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import Any

import checkov.cloudformation.checks.resource.base_resource_negative_value_check as template_negative_check
import checkov.cloudformation.checks.resource.base_resource_value_check as template_value_check
import checkov.terraform.checks.resource.base_resource_negative_value_check as negative_value_check
import checkov.terraform.checks.resource.base_resource_value_check as value_check
from checkov.common.models.consts import ANY_VALUE

from preuve.collect.code.verdict.marks import OPEN
from preuve.collect.code.verdict.reads import Reads, labels, read_of
from preuve.collect.code.verdict.verdict import named_steps, value_at

_SEPARATORS = re.compile(r"[/.\[\]\s]+")


def names_in(keys: Iterable[str]) -> frozenset[str]:
    """Return the attribute names in paths such as `versioning/[0]/enabled` or `a.*.b`."""
    return frozenset(name for key in keys for name in _SEPARATORS.split(key) if name)


@functools.cache
def _names_known(classes: tuple[type, ...]) -> frozenset[str]:
    """Return the names that a check of a class with its bases may read: every word in the string constants of their
    modules.
    """
    return frozenset().union(*map(_constants, _modules_of(classes)))


def _modules_of(classes: tuple[type, ...]) -> list[ModuleType]:
    """Return Checkov's modules that define some classes."""
    modules = {inspect.getmodule(one) for one in classes}
    return [module for module in modules if module is not None and module.__name__.startswith("checkov.")]


@functools.cache
def _tree(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))


@functools.cache
def _constants(module: ModuleType) -> frozenset[str]:
    texts = (
        node.value for node in ast.walk(_tree(module)) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return names_in(text for text in texts if " " not in text)


def asks_presence(check: Any) -> bool:
    """Return whether any value passes: such a check tests only whether an attribute is set."""
    asks = (getattr(check, name, None) for name in ("get_expected_values", "get_forbidden_values"))
    return any(ANY_VALUE in ask() for ask in asks if ask is not None)


def reads_of(check: Any, attributes: Mapping[str, Any], keys: tuple[str, ...], everything: Reads) -> Reads:
    """Return what a check has read of `everything` that is not known in a block: for a check that compares paths, what
    is at its paths; for any other check, what is below the names that it knows.

    To find a value, Checkov goes through the whole block; only values below these names can matter.
    """
    if not only_compares(check):
        return _of_names_known(check, everything, names_in(keys))
    found = Reads()
    for key in keys:
        steps = named_steps(key)
        read = read_of(value_at(attributes, steps), tuple(steps))
        found.leaves |= read.leaves
        found.open |= read.open | _open_above(attributes, steps)
    return found


_VALUE_CHECKS = (
    value_check.BaseResourceValueCheck,
    template_value_check.BaseResourceValueCheck,
    negative_value_check.BaseResourceNegativeValueCheck,
    template_negative_check.BaseResourceNegativeValueCheck,
)


def _of_names_known(check: Any, reads: Reads, others: frozenset[str]) -> Reads:
    """Return what was read below the names that a check knows or `others`, or below a name that may exist."""
    # Everything in a template's resource is below its properties.
    names = ((_names_known(type(check).__mro__) | others) - {"Properties"}) | {OPEN}
    leaves = {(path, leaf) for path, leaf in reads.leaves if names.intersection(path[:2])}
    return Reads(leaves, reads.open & names)


def only_compares(check: Any) -> bool:
    """Return whether a check only compares the value at its path, like Checkov's own base class."""
    return getattr(type(check), "scan_resource_conf", None) in _COMPARING


_COMPARING = frozenset(kind.scan_resource_conf for kind in _VALUE_CHECKS)


def _open_above(attributes: Any, steps: list[str]) -> set[str]:
    """Return the kinds of blocks on the way to a value that may exist more often than the code shows."""
    found: set[str] = set()
    for place, step in enumerate(steps):
        above = value_at(attributes, steps[:place])
        parts = above if isinstance(above, list) else [above]
        found |= {step for part in parts if step in labels(part)}
    return found
