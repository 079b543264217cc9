"""Blocks for which a graph check of Checkov gives no result although it is about them.

A check that goes from one type of resource to another, such as from backup selections to volumes, gives no result for
volumes that no selection names. Without this module they would be skipped silently.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checkov.common.graph.checks_infra.base_check import BaseGraphCheck
from checkov.common.graph.checks_infra.enums import SolverType


def unanswered(
    check: BaseGraphCheck, graph: Any, answered: list[dict[str, Any]]
) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield each block that the check passed over, with the reason."""
    types, origins = _crossing(check)
    if not types:
        return
    known = {id(result["entity"]) for result in answered}
    for _, vertex in graph.nodes():
        there = vertex.get("count") != [0]
        if there and vertex.get("resource_type") in types and id(vertex) not in known:
            yield vertex, f"not connected to any {' or '.join(sorted(origins))} in the code"


def _crossing(check: BaseGraphCheck) -> tuple[frozenset[str], frozenset[str]]:
    """Return the types that a check is about, and the other types from which it looks for them."""
    if check.operator != "and":
        return frozenset(), frozenset()
    filters = [
        part for part in check.sub_checks if part.type is SolverType.FILTER and part.attribute == "resource_type"
    ]
    types = frozenset(name for part in filters for name in part.attribute_value or ())
    for part in check.sub_checks:
        origins = frozenset(part.resource_types)
        if part.type is SolverType.CONNECTION and part.operator == "exists" and types and not origins & types:
            return types, origins
    return frozenset(), frozenset()
