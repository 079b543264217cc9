"""The neighbours of a block, by which a graph check judges it: whether they prove anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from checkov.common.graph.checks_infra.base_check import BaseGraphCheck
from checkov.common.graph.checks_infra.enums import SolverType

from preuve.collect.code.checkov.graph_types import conditions, on_attributes
from preuve.collect.code.checkov.shapes.graph import LEFT_JOINED, LOOSELY, PERHAPS, UNSEEN_USER
from preuve.collect.code.checkov.shapes.ignored_changes import LEFT, left_among, left_to_others
from preuve.collect.code.verdict.deciding_values import NOT_SET, decided
from preuve.collect.code.verdict.marks import OPEN
from preuve.collect.code.verdict.reads import read_of
from preuve.collect.code.verdict.verdict import FAILED, PASSED, UNRESOLVED, dynamic_blocks, told
from preuve.collect.code.verdict.verdict import unresolved as causes_of

REGION = "region"


def unproven_beside(
    check: BaseGraphCheck, entity: Mapping[str, Any], graph: Any, keys: Iterable[str], result: str
) -> str:
    """Return why a result that depends on neighbours proves nothing: one names another by a text that is computed from
    it, may not be made, or is not known where the check reads it; or others decide what was read. A block that fails
    because a neighbour is missing may have one from a module that is not seen.
    """
    loose = (f"it may refer to another one: {address}" for address in _beside_by(LOOSELY, check, entity, graph))
    beside = list(_neighbours(check, entity, graph))
    asked = result == FAILED and UNSEEN_USER in entity and _missing(check, entity, graph)
    unseen = (f"{UNRESOLVED}{entity[UNSEEN_USER]}",) if asked else ()
    unknown = (cause for block, paths in beside for cause in _unknown(block, paths))
    left = _left_beside(check, entity, graph, beside, keys) if result == PASSED else ()
    return told(loose) or told(unseen) or told(unknown) or told(left)


def _unknown(block: Mapping[str, Any], paths: Iterable[str]) -> Iterator[str]:
    """Yield what is not known of a neighbour below the names that a check reads."""
    kind, names = str(block.get("resource_type")), {path.split(".")[0] for path in paths}
    if PERHAPS in block:
        yield f"it may not be created: {block[PERHAPS]}"
    yield from (f"{cause} of {kind}" for cause in dynamic_blocks(block, frozenset(names)))
    for name in sorted(names | {OPEN}):
        yield from (cause for _, leaf in sorted(read_of(block.get(name)).leaves) for cause in causes_of(leaf))


def _left_beside(
    check: BaseGraphCheck,
    entity: Mapping[str, Any],
    graph: Any,
    beside: Iterable[tuple[Mapping[str, Any], list[str]]],
    keys: Iterable[str],
) -> Iterator[str]:
    """Yield why a pass proves nothing: `ignore_changes` leaves to others a value that was read, here or in a neighbour,
    or one that joins two blocks.
    """
    read = ((entity, [*keys, *_paths_of(check, str(entity.get("resource_type")))]), *beside)
    told_of = (left_among(left, paths) for block, paths in read if (left := block.get(LEFT, ())))
    joined = (left_to_others(address).causes[0] for address in _beside_by(LEFT_JOINED, check, entity, graph))
    return (f"{UNRESOLVED}{why}" for why in chain(told_of, joined) if why)


def connects(check: BaseGraphCheck) -> frozenset[str]:
    """Return the types of blocks that a check connects: it judges a block by its neighbours."""
    return frozenset[str]().union(*_joined(check))


def values_beside(check: BaseGraphCheck, entity: Mapping[str, Any], graph: Any) -> dict[str, str]:
    """Return the values that a check reads in neighbours, by type and name, and the types of those that are missing."""
    there = {
        f"{block['resource_type']}.{name}": text
        for block, paths in _neighbours(check, entity, graph)
        for name, text in decided(block, paths).items()
    }
    return there | dict.fromkeys(_missing(check, entity, graph), NOT_SET)


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


def _neighbours(
    check: BaseGraphCheck, entity: Mapping[str, Any], graph: Any
) -> Iterator[tuple[Mapping[str, Any], list[str]]]:
    """Yield the blocks around a block that a check connects with others, with the paths that it reads in them."""
    joined = connects(check) - {str(entity.get("resource_type"))}
    for block in _blocks_around(entity, graph) if joined else ():
        if (kind := str(block.get("resource_type"))) in joined:
            yield block, _paths_of(check, kind)


def _on_attributes(check: BaseGraphCheck) -> Iterator[BaseGraphCheck]:
    return (one for one in on_attributes(check) if one.type is not SolverType.CONNECTION)


def _missing(check: BaseGraphCheck, entity: Mapping[str, Any], graph: Any) -> list[str]:
    """Return the types of neighbours that a check requires and that this block does not have."""
    there = {str(block.get("resource_type")) for block in _blocks_around(entity, graph)}
    wanted = _wanted(check, str(entity.get("resource_type")))
    return sorted({kind for kinds in wanted if not there.intersection(kinds) for kind in kinds})


def _wanted(check: BaseGraphCheck, kind: str) -> Iterator[list[str]]:
    if check.type is SolverType.CONNECTION and check.operator == "exists" and kind in check.resource_types:
        yield list(check.connected_resources_types)
    for inner in check.sub_checks if check.operator != "not" else ():
        yield from _wanted(inner, kind)


def _paths_of(check: BaseGraphCheck, kind: str) -> list[str]:
    """Return the paths that a check reads in blocks of a type."""
    about = ((str(one.attribute), one.resource_types) for one in _on_attributes(check))
    return sorted({path for path, types in about if kind in types or not types})


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
