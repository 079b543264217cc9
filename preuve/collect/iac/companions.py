"""The blocks that decide a graph check beside the one that it is about: the versioning of a bucket, and such."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checkov.common.graph.checks_infra.base_check import BaseGraphCheck

from preuve.collect.iac.decided import decided
from preuve.collect.iac.rules import unresolved
from preuve.collect.iac.verdict import dynamic_blocks, told


def companion_values(check: BaseGraphCheck, entity: Mapping[str, Any]) -> dict[str, str]:
    """What the check reads of the blocks beside: `aws_s3_bucket_versioning.versioning_configuration.status`."""
    return {
        f"{kind}.{name}": text
        for kind, block, paths in _companions(check, entity)
        for name, text in decided(block, paths).items()
    }


def companion_causes(check: BaseGraphCheck, entity: Mapping[str, Any]) -> str:
    """Why the blocks beside leave a check undecided."""
    causes: list[str] = []
    for kind, block, paths in _companions(check, entity):
        names = frozenset(part for path in paths for part in path.split("."))
        causes += [f"{cause} of {kind}" for cause in dynamic_blocks(block, names)]
        for path in paths:
            value = _at(block, path)
            causes += [f"unresolved: {value}"] if unresolved(value) else []
    return told(causes)


def _at(block: Mapping[str, Any], path: str) -> Any:
    """The value at a path, or of what is above it: what is below an expression is not known either."""
    steps = path.split(".")
    above = (block.get(".".join(steps[:number])) for number in range(len(steps), 0, -1))
    return next((value for value in above if value is not None), None)


def _companions(check: BaseGraphCheck, entity: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], list[str]]]:
    own = str(entity.get("resource_type"))
    for types, block in (entity.get("connected_node") or {}).items():
        kind = str(block.get("resource_type"))
        paths = sorted({path for names, path in _conditions(check) if kind in names})
        if kind in types and kind != own and paths:
            yield kind, block, paths


def _conditions(check: BaseGraphCheck) -> Iterator[tuple[list[str], str]]:
    if check.attribute and check.attribute != "resource_type":
        yield list(check.resource_types), str(check.attribute)
    for inner in check.sub_checks:
        yield from _conditions(inner)
