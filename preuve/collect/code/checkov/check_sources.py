"""What the source of a check of Checkov says of it: the names that it knows, and what it asks of a value."""

from __future__ import annotations

import ast
import functools
import inspect
import re
from collections.abc import Hashable, Iterable
from types import ModuleType
from typing import Any, cast

from checkov.common.models.consts import ANY_VALUE

_SEPARATORS = re.compile(r"[/.\[\]\s]+")


def names_in(keys: Iterable[str]) -> frozenset[str]:
    """Return the attribute names in paths such as `versioning/[0]/enabled` or `a.*.b`."""
    return frozenset(name for key in keys for name in _SEPARATORS.split(key) if name)


@functools.cache
def reads_of(check: Hashable) -> frozenset[str]:
    """Return the names that a check may look at: every word in the string constants of its module and its bases'."""
    return frozenset().union(*map(_constants, _modules_of(check)))


@functools.cache
def asks_types(check: Hashable) -> bool:
    """Return whether a check asks for the exact type of a value: a value that notes its reads would have another."""
    calls = (node.func for of in _modules_of(check) for node in ast.walk(_tree(of)) if isinstance(node, ast.Call))
    return any(isinstance(function, ast.Name) and function.id == "type" for function in calls)


def _modules_of(check: Hashable) -> list[ModuleType]:
    """Return Checkov's modules in which a check and its bases stand."""
    modules = {inspect.getmodule(base) for base in inspect.getmro(cast(type[Any], check))}
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
    """Return whether any value will do: such a check asks if an attribute is set."""
    asks = (getattr(check, name, None) for name in ("get_expected_values", "get_forbidden_values"))
    return any(ANY_VALUE in ask() for ask in asks if ask is not None)
