"""Measures YAML with its aliases expanded: a few lines can expand beyond any memory."""

from __future__ import annotations

import yaml

_MOST_NODES = 200_000
_MOST_LEVELS = 100

_OPENING = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_CLOSING = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


def too_large(text: str | bytes) -> bool:
    """Return whether the document has more nodes or levels than people write. Raises YAMLError as a parser does."""
    sizes: dict[str | None, int] = {}  # anchor -> nodes below it
    open_nodes: list[tuple[str, int]] = [("", 0)]  # anchor, nodes so far
    for event in yaml.parse(text, yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            _grow(open_nodes, sizes.get(event.anchor, _MOST_NODES))  # an alias inside its own node counts as too large
        elif isinstance(event, yaml.ScalarEvent):
            _grow(open_nodes, 1)
            if event.anchor:
                sizes[event.anchor] = 1
        elif isinstance(event, _OPENING):
            sizes.pop(event.anchor, None)
            open_nodes.append((event.anchor or "", 1))
        elif isinstance(event, _CLOSING):
            anchor, size = open_nodes.pop()
            _grow(open_nodes, size)
            if anchor:
                sizes[anchor] = size
        if open_nodes[-1][1] >= _MOST_NODES or len(open_nodes) > _MOST_LEVELS:
            return True
    return False


def _grow(open_nodes: list[tuple[str, int]], size: int) -> None:
    anchor, nodes = open_nodes[-1]
    open_nodes[-1] = (anchor, nodes + size)
