"""The values that decide a graph check: attributes of the block itself and of its neighbours, such as the versioning
of a bucket, or that a neighbour is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from checkov.common.graph.checks_infra.base_check import BaseGraphCheck
from checkov.common.graph.checks_infra.enums import SolverType

from preuve.collect.code.checkov.graph_types import conditions, on_attributes
from preuve.collect.code.checkov.shapes.graph import LEFT_JOINED, LOOSELY, PERHAPS, UNSEEN_USER
from preuve.collect.code.checkov.shapes.ignored_changes import LEFT, left_among, left_to_others
from preuve.collect.code.verdict.deciding_values import NOT_SET, decided
from preuve.collect.code.verdict.grounds import grounds
from preuve.collect.code.verdict.verdict import UNRESOLVED, dynamic_blocks, told
from preuve.collect.code.verdict.verdict import unresolved as causes_of

REGION = "region"
_WORD = re.compile(r"[A-Za-z_]\w*")


def deciding_values(check: BaseGraphCheck, entity: Mapping[str, Any], graph: Any, *, failed: bool) -> dict[str, str]:
    """Return the values that made a check fail or pass."""
    return _failure_values(check, entity, graph) if failed else _pass_values(check, entity)


def _failure_values(check: BaseGraphCheck, entity: Mapping[str, Any], graph: Any) -> dict[str, str]:
    """Return the values that made a check fail. If a separate resource decides, unset arguments of the block that
    used to hold the setting are left out.
    """
    own = decided(entity, own_paths(check, entity))
    beside = companion_values(check, entity) | dict.fromkeys(_missing(check, entity, graph), NOT_SET)
    return {name: text for name, text in own.items() if text or not beside} | beside


def _pass_values(check: BaseGraphCheck, entity: Mapping[str, Any]) -> dict[str, str]:
    """Return the values that a passing check has read: those of the block, and the set values of its neighbours."""
    told = decided(entity, own_paths(check, entity)) | companion_values(check, entity)
    return {name: text for name, text in told.items() if text} or told


def deciding_grounds(check: BaseGraphCheck, entity: Mapping[str, Any], graph: Any) -> tuple[str, ...]:
    """Return the grounds of a failure, from the block, its companions, and those that it lacks."""
    beside = (one for _, block, paths in _companions(check, entity) for one in grounds(block, paths))
    lacking = (f"no {kind}" for kind in _missing(check, entity, graph))
    return tuple(dict.fromkeys((*grounds(entity, own_paths(check, entity)), *beside, *lacking)))


def perhaps_absent(entity: Mapping[str, Any]) -> str:
    """Return why a neighbour proves nothing: it may not be made."""
    beside = (entity.get("connected_node") or {}).values()
    return told(f"it may not be created: {block[PERHAPS]}" for block in beside if PERHAPS in block)


def left_beside(check: BaseGraphCheck, entity: Mapping[str, Any], graph: Any, keys: Iterable[str] = ()) -> str:
    """Return why a pass proves nothing: `ignore_changes` leaves to others a value that was read, here or in a
    neighbour, or one that joins two blocks.
    """
    own = (entity.get(LEFT, ()), (*keys, *own_paths(check, entity)))
    beside = ((block.get(LEFT, ()), paths) for _, block, paths in _companions(check, entity))
    told_of = (why for left, read in (own, *beside) if left and (why := left_among(left, read)))
    joined = (left_to_others(address).causes[0] for address in _beside_by(LEFT_JOINED, check, entity, graph))
    return told(f"{UNRESOLVED}{why}" for why in chain(told_of, joined))


def unseen_beside(check: BaseGraphCheck, entity: Mapping[str, Any], graph: Any) -> str:
    """Return why a block that fails because a neighbour is missing may have one all the same: a module that is not
    installed gets the block, and may make one.
    """
    call = entity.get(UNSEEN_USER)
    return f"{UNRESOLVED}{call}" if call and _missing(check, entity, graph) else ""


def own_paths(check: BaseGraphCheck, entity: Mapping[str, Any]) -> list[str]:
    """Return the paths that a check reads in blocks of the type of this one."""
    kind = str(entity.get("resource_type"))
    return [str(one.attribute) for one in _on_attributes(check) if kind in one.resource_types or not one.resource_types]


def companion_values(check: BaseGraphCheck, entity: Mapping[str, Any]) -> dict[str, str]:
    """Return the values that the check reads in neighbours:
    `aws_s3_bucket_versioning.versioning_configuration.status`.
    """
    return {
        f"{kind}.{name}": text
        for kind, block, paths in _companions(check, entity)
        for name, text in decided(block, paths).items()
    }


def regions_refused(check: BaseGraphCheck, entity: Mapping[str, Any], graph: Any) -> dict[str, str | None]:
    """Return the regions of a block's neighbours that a check does not allow, by type; None if nobody sets one. A check
    on the region of the block itself does not check those of neighbours.
    """
    asked = (one for one in _on_attributes(check) if one.attribute == REGION and one.operator == "within")
    allowed = {kind: condition.attribute_value for condition in asked for kind in condition.resource_types}
    if not allowed or entity.get("resource_type") in allowed:
        return {}
    around = _blocks_around(entity, graph)
    beside = ((str(block.get("resource_type")), block.get(REGION)) for block in around)
    found = [(kind, region) for kind, region in beside if kind in allowed and region not in allowed[kind]]
    return dict(sorted(found, key=lambda one: one[1] is not None))  # of several of one type, a violating one counts


def companion_causes(check: BaseGraphCheck, entity: Mapping[str, Any]) -> str:
    """Return why the neighbours leave a check undecided."""
    causes: list[str] = []
    for kind, block, paths in _companions(check, entity):
        names = frozenset(part for path in paths for part in path.split("."))
        causes += [f"{cause} of {kind}" for cause in dynamic_blocks(block, names)]
        for path in paths:
            causes += causes_of(_at(block, path))
    return told(causes)


def open_beside(check: BaseGraphCheck, entity: Mapping[str, Any], graph: Any) -> str:
    """Return why a result that depends on neighbours does not count: a loop may make what they lack."""
    own = str(entity.get("resource_type"))
    causes: list[str] = []
    for index in _places(entity, graph):
        for block in (graph[other][1] for other in _around(graph, index)):
            kind = str(block.get("resource_type"))
            names = frozenset(name for path in _paths_of(check, kind) for name in _WORD.findall(path))
            if kind != own:
                causes += [f"{cause} of {kind}" for cause in dynamic_blocks(block, names)]
    return told(causes)


def loosely_beside(check: BaseGraphCheck, entity: Mapping[str, Any], graph: Any) -> str:
    """Return why neighbours prove nothing: one names another by a text that is computed from it."""
    return told(f"it may refer to another one: {address}" for address in _beside_by(LOOSELY, check, entity, graph))


def _beside_by(key: str, check: BaseGraphCheck, entity: Mapping[str, Any], graph: Any) -> Iterator[str]:
    """Yield the addresses of the blocks that are joined in one way only, of those that a check connects."""
    pairs = list(_joined(check))
    around = [graph[other][1] for index in _places(entity, graph) for other in _around(graph, index)] if pairs else []
    for block in (entity, *around):
        for kind, address in block.get(key, ()):
            if any({str(block.get("resource_type")), kind} <= pair for pair in pairs):
                yield address


def _joined(check: BaseGraphCheck) -> Iterator[frozenset[str]]:
    """Yield the types of blocks that each connection of a check is about."""
    for one in conditions(check):
        if one.type is SolverType.CONNECTION:
            yield frozenset(map(str, (*one.resource_types, *one.connected_resources_types)))


def _places(entity: Mapping[str, Any], graph: Any) -> list[int]:
    return [index for index in graph.node_indices() if graph[index][1] is entity]


def _at(block: Mapping[str, Any], path: str) -> Any:
    """Return the value at a path, or the value above it: if that is an expression, everything below is unknown too."""
    steps = path.split(".")
    above = (block.get(".".join(steps[:number])) for number in range(len(steps), 0, -1))
    return next((value for value in above if value is not None), None)


def _companions(check: BaseGraphCheck, entity: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], list[str]]]:
    own = str(entity.get("resource_type"))
    for types, block in (entity.get("connected_node") or {}).items():
        kind = str(block.get("resource_type"))
        paths = sorted(set(_paths_of(check, kind)))
        if kind in types and kind != own and paths:
            yield kind, block, paths


def _on_attributes(check: BaseGraphCheck) -> Iterator[BaseGraphCheck]:
    return (one for one in on_attributes(check) if one.type is not SolverType.CONNECTION)


def _paths_of(check: BaseGraphCheck, kind: str) -> list[str]:
    """Return the paths that a check reads in blocks of a type."""
    return [str(one.attribute) for one in _on_attributes(check) if kind in one.resource_types]


def _missing(check: BaseGraphCheck, entity: Mapping[str, Any], graph: Any) -> list[str]:
    """Return the types of neighbours that a check requires and that this block does not have."""
    wanted = list(_wanted(check, str(entity.get("resource_type"))))
    there = _connected(entity, graph) if wanted else set()
    return sorted({kind for kinds in wanted if not there.intersection(kinds) for kind in kinds})


def _wanted(check: BaseGraphCheck, kind: str) -> Iterator[list[str]]:
    if check.type is SolverType.CONNECTION and check.operator == "exists" and kind in check.resource_types:
        yield list(check.connected_resources_types)
    for inner in check.sub_checks if check.operator != "not" else ():
        yield from _wanted(inner, kind)


def _connected(entity: Mapping[str, Any], graph: Any) -> set[str]:
    return {str(block.get("resource_type")) for block in _blocks_around(entity, graph)}


def _blocks_around(entity: Mapping[str, Any], graph: Any) -> list[Mapping[str, Any]]:
    """Return the blocks that refer to a block or that it refers to, also through the output of a module."""
    found: set[int] = set()
    for index in _places(entity, graph):
        around = _around(graph, index)
        outputs = [other for other in around if graph[other][1].get("block_type_") == "output"]
        found.update(around, *(_around(graph, output) for output in outputs))
    return [graph[other][1] for other in sorted(found)]


def _around(graph: Any, index: int) -> list[int]:
    return [*graph.predecessor_indices(index), *graph.successor_indices(index)]
