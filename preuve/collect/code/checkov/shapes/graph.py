"""The blocks of a root module as a graph, in the form that Checkov's graph checks read.

Two blocks are joined if an argument of one is an unchanged attribute of the other, through any variables, locals and
modules; and if both name the same bucket. An argument that is computed from an attribute
(`"${aws_s3_bucket.b.id}-logs"`) may name the other block or another one: results that depend on it are not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from checkov.terraform.graph_builder.graph_components.blocks import TerraformBlock
from rustworkx import PyDiGraph

from preuve.collect.code.checkov.shapes.values import set_tags, tags_merged
from preuve.collect.code.judgements.relations.neighbours import handed_by, is_unseen_call
from preuve.collect.code.language.hcl.blocks import BlockInstance, addresses
from preuve.collect.code.language.hcl.content import Content
from preuve.collect.code.language.values.value import PartText, Set, Value, owner_of

_BUCKET = "aws_s3_bucket"
PERHAPS = "perhaps_"  # key: the address of a block that may not be made
UNSEEN_USER = "unseen_user_"  # key: the call of a module that is not installed and is handed the block
LOOSELY = "loosely_"  # key: blocks that may be joined: the type, and the address of the one that names the other
LEFT_JOINED = "left_joined_"  # key: the same of blocks that are joined by what one leaves to others
_TABLE, _BEFORE = "aws_dynamodb_table", "table/"
_SCALING = frozenset({"aws_appautoscaling_target", "aws_appautoscaling_policy"})
_TAGS = frozenset({"tags", "tags_all"})


def graph_of(
    blocks: Sequence[BlockInstance], bodies: Sequence[Mapping[str, Any]], governed: Sequence[BlockInstance]
) -> tuple[Any, list[dict[str, Any]]]:
    """Return the graph, and the attributes of each block in it; `governed` are the blocks without the parts that they
    leave to others.
    """
    attributes = [_attributes(made, body) for made, body in zip(blocks, bodies, strict=True)]
    graph = PyDiGraph()
    graph.add_nodes_from(list(enumerate(attributes)))
    exact = _joined(blocks)
    handed = {address: call.address for call in filter(is_unseen_call, blocks) for address in handed_by(call)}
    for made, found in zip(blocks, attributes, strict=True):
        if made.address in handed:
            found[UNSEEN_USER] = handed[made.address]
    graph.add_edges_from([(one, other, {"label": "", "source": one, "target": other}) for one, other in sorted(exact)])
    left = exact - _joined(governed) if governed is not blocks else set()
    for key, pairs in ((LOOSELY, set(_edges(blocks, addresses)) - exact), (LEFT_JOINED, left)):
        for one, other in sorted(pairs):
            for place, beside in ((one, other), (other, one)):
                attributes[place].setdefault(key, []).append((blocks[beside].type, blocks[one].address))
    return graph, attributes


def _joined(blocks: Sequence[BlockInstance]) -> set[tuple[int, int]]:
    return {*_edges(blocks, _named), *_same_bucket(blocks), *_scaled(blocks)}


def _attributes(made: BlockInstance, body: Mapping[str, Any]) -> dict[str, Any]:
    name = made.name if made.kind in ("provider", "module") else f"{made.type}.{made.name}"
    config = {made.type: {made.name: dict(body)}} if made.kind in ("resource", "data") else {name: dict(body)}
    arguments = dict(body)
    if made.kind == "resource":
        arguments["resource_type"] = [made.type]
    block = TerraformBlock(name, config, str(made.file), made.kind, arguments, id=name, source="Terraform")
    found: dict[str, Any] = block.get_attribute_dict(add_hash=False)
    if surely := tags_merged(made.content):
        set_tags(found, surely)
    if not made.instance.sure:
        found[PERHAPS] = made.address
    return found


def _edges(blocks: Sequence[BlockInstance], names: Callable[[Content], frozenset[str]]) -> Iterator[tuple[int, int]]:
    """Yield the blocks that name others, and which."""
    places = {made.address: place for place, made in enumerate(blocks)}
    for place, made in enumerate(blocks):
        if made.kind in ("resource", "data"):
            ends = (places[address] for address in names(made.content) if address in places)
            yield from ((place, other) for other in ends if other != place)


def _named(content: Content) -> frozenset[str]:
    """Return the addresses of the blocks whose unchanged attribute is a value in a body. Tags do not count."""
    inner = [one for blocks in content.blocks.values() for _, one in blocks] + [one for _, one in content.perhaps]
    values = (value for name, value in content.arguments.items() if name not in _TAGS)
    owners = {owner for value in values for item in _leaves(value) if (owner := owner_of(item))}
    return frozenset(owners).union(*map(_named, inner))


def _leaves(value: Value) -> Iterator[Value]:
    if isinstance(value, dict | list | tuple | Set):
        members = value.values() if isinstance(value, dict) else value.members if isinstance(value, Set) else value
        for member in members:
            yield from _leaves(member)
    else:
        yield value


def _same_bucket(blocks: Sequence[BlockInstance]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of blocks where one names a bucket by the bucket's literal name."""
    buckets = {
        str(name): place
        for place, made in enumerate(blocks)
        if made.kind == "resource"
        and made.type == _BUCKET
        and isinstance(name := made.content.arguments.get("bucket"), str)
    }
    for place, made in enumerate(blocks):
        name = made.content.arguments.get("bucket")
        if (
            made.kind == "resource"
            and made.type.startswith(f"{_BUCKET}_")
            and isinstance(name, str)
            and name in buckets
        ):
            yield place, buckets[name]


def _scaled(blocks: Sequence[BlockInstance]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of scaling target and table: the table's name follows a word in the target's resource id."""
    tables = [(place, made) for place, made in enumerate(blocks) if (made.kind, made.type) == ("resource", _TABLE)]
    for place, made in enumerate(blocks):
        value = made.content.arguments.get("resource_id") if made.type in _SCALING else None
        yield from ((place, other) for other, table in tables if _is_id_of(value, table))


def _is_id_of(value: Value, table: BlockInstance) -> bool:
    if isinstance(value, PartText):
        return len(value.parts) == 2 and value.parts[0] == _BEFORE and owner_of(value.parts[1]) == table.address
    name = table.content.arguments.get("name")
    return isinstance(value, str) and isinstance(name, str) and value == f"{_BEFORE}{name}"
