"""Blocks for which a graph check of Checkov gives no result although it is about them.

A check that goes from one type of resource to another, such as from backup selections to volumes, gives no result for
volumes that no selection names. Without this module they would be skipped silently.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checkov.common.graph.checks_infra.base_check import BaseGraphCheck
from checkov.common.graph.checks_infra.enums import SolverType

from preuve.collect.code.verdict.marks import is_opaque


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


# ---- documents that are not read ------------------------------------------------------------------------------------
# The parts of a policy document that no check of Checkov reads: the documents that a data source imports.


_DOCUMENT = "aws_iam_policy_document"
_TAKEN_IN = ("source_policy_documents", "override_policy_documents", "source_json", "override_json")


def unread(kind: str, body: Mapping[str, Any]) -> str:
    """Return the sources of a document besides its own statements and those of documents in the code, which are judged
    by themselves.
    """
    names = [name for name in _TAKEN_IN if kind == _DOCUMENT and _is_open(body.get(name))]
    return "; ".join(f"not read: {name}" for name in names)


def _is_open(value: Any) -> bool:
    """Return whether an imported document is unknown; a literal one is judged at its own place."""
    if isinstance(value, list):
        return any(map(_is_open, value))
    return is_opaque(value)
