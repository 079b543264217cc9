"""The blocks of a root module as a graph, in the form in which Checkov's graph checks look at them.

Two blocks are joined where an argument of one comes from the other, through whatever variables, locals and modules it
went; and where both name the same bucket.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from checkov.terraform.graph_builder.graph_components.blocks import TerraformBlock
from rustworkx import PyDiGraph

from preuve.collect.iac.language.blocks import Made, addresses

_BUCKET = "aws_s3_bucket"
PERHAPS = "perhaps_"  # of a block that may not be made: its address


def graph_of(blocks: Sequence[Made], bodies: Sequence[Mapping[str, Any]]) -> tuple[Any, list[dict[str, Any]]]:
    """The graph, and the attributes of each block in it."""
    attributes = [_attributes(made, body) for made, body in zip(blocks, bodies, strict=True)]
    graph = PyDiGraph()
    graph.add_nodes_from(list(enumerate(attributes)))
    graph.add_edges_from([(one, other, {"label": "", "source": one, "target": other}) for one, other in _edges(blocks)])
    return graph, attributes


def _attributes(made: Made, body: Mapping[str, Any]) -> dict[str, Any]:
    name = made.name if made.kind in ("provider", "module") else f"{made.type}.{made.name}"
    config = {made.type: {made.name: dict(body)}} if made.kind in ("resource", "data") else {name: dict(body)}
    arguments = dict(body)
    if made.kind == "resource":
        arguments["resource_type"] = [made.type]
    block = TerraformBlock(name, config, str(made.file), made.kind, arguments, id=name, source="Terraform")
    found: dict[str, Any] = block.get_attribute_dict(add_hash=False)
    if not made.instance.sure:
        found[PERHAPS] = made.address
    return found


def _edges(blocks: Sequence[Made]) -> Iterator[tuple[int, int]]:
    places = {made.address: place for place, made in enumerate(blocks)}
    done: set[tuple[int, int]] = set()
    for place, made in enumerate(blocks):
        if made.kind not in ("resource", "data"):
            continue
        for address in sorted(addresses(made.content)):
            for other in _ends(address, places):
                if other != place and (place, other) not in done:
                    done.add((place, other))
                    yield place, other
    for edge in _same_bucket(blocks):
        if edge not in done:
            yield edge


def _ends(address: str, places: Mapping[str, int]) -> Iterable[int]:
    return [places[address]] if address in places else []


def _same_bucket(blocks: Sequence[Made]) -> Iterator[tuple[int, int]]:
    """What names a bucket by the text that the bucket has for a name."""
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
