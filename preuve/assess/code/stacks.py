"""Finds the stacks of the account that were created from a template in scope.

A template does not name its stacks. It matches a stack with exactly its resources, by logical id and type, unless
another template in scope has the same ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from preuve.assess.index import Index
from preuve.library.validation.code.identities import STACK, STACK_RESOURCES
from preuve.model.snapshot import IacBlock, Resource

_Template = tuple[str, str]  # root and file
_GONE = "DELETE_COMPLETE"


class Stacks:
    """The stacks of a snapshot, by template."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def of(self, block: IacBlock) -> list[tuple[Resource, str]] | None:
        """Return the stacks with a block's resource, each with the physical id; None if no stack belongs to its
        template.
        """
        stacks = self._by_template.get((block.root, block.file))
        if stacks is None:
            return None
        made = ((stack, _made(stack).get(logical_id(block))) for stack in stacks)
        return [(stack, str(item.get("PhysicalResourceId") or "")) for stack, item in made if item is not None]

    @cached_property
    def _templates(self) -> Mapping[_Template, list[IacBlock]]:
        found: dict[_Template, list[IacBlock]] = defaultdict(list)
        for block in self._index.snapshot.blocks:
            if "::" in block.type:
                found[block.root, block.file].append(block)
        return found

    @cached_property
    def _by_template(self) -> Mapping[_Template, list[Resource]]:
        found: dict[_Template, list[Resource]] = defaultdict(list)
        for stack in self._index.of_type(STACK):
            alike = list(self._alike(stack))
            if len(alike) == 1:
                found[alike[0]].append(stack)
        return dict(found)

    def _alike(self, stack: Resource) -> Iterator[_Template]:
        """Yield the templates that a stack may have been created from."""
        made = {(name, str(item.get("ResourceType"))) for name, item in _made(stack).items()}
        for template, blocks in self._templates.items() if made else ():
            written = {(logical_id(block), block.type) for block in blocks}
            always = {(logical_id(block), block.type) for block in blocks if not block.optional}
            if always <= made <= written:
                yield template


def logical_id(block: IacBlock) -> str:
    """Return the logical id of a resource."""
    return block.address.partition(".")[2]


def _made(stack: Resource) -> Mapping[str, Mapping[str, Any]]:
    """Return the resources of a stack, by logical id."""
    listed = stack.data.get(STACK_RESOURCES) or ()
    return {str(item.get("LogicalResourceId")): item for item in listed if item.get("ResourceStatus") != _GONE}
