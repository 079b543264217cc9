"""Finds the lines of a key in a YAML file, with everything below it."""

from __future__ import annotations

from dataclasses import dataclass

import yaml

Lines = tuple[int, int]
_BLOCK = frozenset("|>")


@dataclass(frozen=True)
class Keys:
    """The keys of a file whose YAML is known to be valid."""

    top: yaml.Node | None
    text: tuple[str, ...]  # line by line

    @staticmethod
    def of(text: str) -> Keys:
        """Read the keys of a text."""
        return Keys(yaml.compose(text, yaml.CSafeLoader), tuple(text.splitlines()))

    def lines(self, *path: str | int) -> Lines | None:
        """Return the first and last line of a key; a number denotes one of the mappings in a list. None if there is no
        such key.
        """
        above = self._at(path[:-1])
        if above is None or not isinstance(above, yaml.MappingNode):
            return None
        found = next(((key, value) for key, value in above.value if _name(key) == path[-1]), None)
        if found is None:
            return None
        first, last = found[0].start_mark.line + 1, min(_last(found[1]), len(self.text))
        while last > first and not self.text[last - 1].strip():  # a text ends where the next key begins
            last -= 1
        return first, max(first, last)

    def line(self, *path: str | int) -> Lines | None:
        """Return the line of a key itself."""
        found = self.lines(*path)
        return (found[0], found[0]) if found else None

    def _at(self, path: tuple[str | int, ...]) -> yaml.Node | None:
        node = self.top
        for step in path:
            if isinstance(node, yaml.MappingNode) and isinstance(step, str):
                node = next((value for key, value in node.value if _name(key) == step), None)
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
                mappings = [item for item in node.value if isinstance(item, yaml.MappingNode)]
                node = mappings[step] if step < len(mappings) else None
            else:
                return None
        return node


def _name(key: yaml.Node) -> str:
    return key.value if isinstance(key, yaml.ScalarNode) else ""


def _last(node: yaml.Node) -> int:
    """Return the last line of a value: PyYAML ends a block where the next one begins."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        item = node.value[-1]
        inner = item[1] if isinstance(item, tuple) else item
        if inner.start_mark.index > node.start_mark.index:
            return _last(inner)
        key = item[0] if isinstance(item, tuple) else node  # an alias: its value is elsewhere
        return key.start_mark.line + 1
    end: int = node.end_mark.line
    if isinstance(node, yaml.ScalarNode) and node.style in _BLOCK:
        return max(node.start_mark.line + 1, end)
    return end + 1
