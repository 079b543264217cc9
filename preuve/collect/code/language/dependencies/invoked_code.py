"""The code behind what Terraform invokes: the function with its aliases and layers, the document of an association."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from preuve.collect.code.language.dependencies.names import is_among, steps_of
from preuve.collect.code.language.hcl.blocks import BlockInstance, addresses, values_at
from preuve.collect.code.language.values.value import items_of

# Types that are run, or that what is run is made of, with the argument that names each.
_CODE = {
    "aws_lambda_function": "function_name",
    "aws_lambda_alias": "name",
    "aws_lambda_layer_version": "layer_name",
    "aws_s3_object": "key",
    "aws_s3_bucket_object": "key",
    "aws_ssm_document": "name",
}
# Arguments by which something names what it runs, or what that is made of.
_NAMING = (("function_name",), ("config", "function_name"), ("name",), ("layers",), ("s3_key",))
_DOCUMENTS = frozenset({"aws_ssm_document", "aws_ssm_association"})  # only an association runs one
# Arguments of a function that leave what it does as it is.
_APART = frozenset(
    {"description", "tags", "tags_all", "memory_size", "timeout", "reserved_concurrent_executions", "publish"}
    | {"tracing_config", "logging_config", "ephemeral_storage", "timeouts"}
)


class InvokedCode:
    """What the blocks of a root may run, by address, with what is said of it."""

    def __init__(self, there: Mapping[str, BlockInstance], say: Callable[[BlockInstance], Any]) -> None:
        self._there = there
        self._say = say
        self._said: dict[str, Any] = {}
        self._names: dict[bool, dict[str, list[str]]] = {True: defaultdict(list), False: defaultdict(list)}
        for at, made in there.items():
            if own := steps_of(made.content.arguments.get(_CODE.get(made.type, ""))):
                self._names[made.type in _DOCUMENTS][own].append(at)
        self._named: dict[str, frozenset[str]] = {}

    def said_behind(self, made: BlockInstance) -> Iterator[Any]:
        """Yield what the blocks say that say what is run: those that something names by references, or by their own
        names.
        """
        seen, waiting = {made.address}, [made]
        while waiting:
            one = waiting.pop()
            for found in sorted(self._named_by(one) - seen):
                seen.add(found)
                waiting.append(self._there[found])
                if self._there[found].type in _CODE:
                    yield self._said_of(found)

    def _said_of(self, address: str) -> Any:
        if address not in self._said:
            self._said[address] = self._say(_without(self._there[address]))
        return self._said[address]

    def _named_by(self, made: BlockInstance) -> frozenset[str]:
        if self._there.get(made.address) is not made:
            return self._find(made)
        if made.address not in self._named:
            self._named[made.address] = self._find(made)
        return self._named[made.address]

    def _find(self, made: BlockInstance) -> frozenset[str]:
        there = self._there
        found = {
            at for at in addresses(made.content) if at in there and (there[at].type in _CODE or _looks_up(there[at]))
        }
        values = [value for path in _NAMING for value in values_at(made.content, path)]
        names = {steps_of(one) for value in values for one in (value, *items_of(value))} - {""}
        alike = self._names[made.type in _DOCUMENTS].items() if names else ()
        return frozenset(found).union(*(held for own, held in alike if any(is_among(one, own) for one in names)))


def _looks_up(made: BlockInstance) -> bool:
    return made.kind == "data" and made.type in _CODE


def _without(made: BlockInstance) -> BlockInstance:
    """Return a block without what leaves its code as it is."""
    content = made.content
    arguments = {name: value for name, value in content.arguments.items() if name not in _APART}
    blocks = {kind: found for kind, found in content.blocks.items() if kind not in _APART}
    return replace(made, content=replace(content, arguments=arguments, blocks=blocks))
