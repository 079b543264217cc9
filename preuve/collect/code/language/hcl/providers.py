"""The providers of a module's blocks: its own, those that its caller passes, and those that it inherits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Self

from preuve.collect.code.language.hcl.code import SourceBlock
from preuve.collect.code.language.hcl.content import BodyScope, Content
from preuve.collect.code.language.hcl.expressions import settled
from preuve.collect.code.language.hcl.references import reference_of
from preuve.collect.code.language.hcl.syntax import nodes as syntax
from preuve.collect.code.language.values.value import Value

_OFFICIAL = "hashicorp/"  # namespace of a provider without a source
_UNCLEAR = ("", "?")  # OpenTofu allows several providers of one block (`for_each`): which one is used is not traced
AWS = "aws"  # the provider of `aws_…` blocks that name no other


class Providers(BodyScope):
    """A scope that knows the providers of its module."""

    def provider(self, written: SourceBlock) -> Content | None:
        """Return the configuration of a block's provider; None if it is not clear which provider it uses."""
        return _settings(self.provider_block(written))

    def provider_block(self, written: SourceBlock) -> tuple[Self, SourceBlock] | None:
        """Return the block of a block's provider, with its module; None if it is not clear."""
        name = self.provider_name(written)
        return self.configuring(name) if name else None

    def provider_name(self, written: SourceBlock) -> str:
        """Return the provider that a block names, such as `aws.west`; "" if it is not clear."""
        argument = written.body.arguments.get("provider")
        return reference_of(argument.value) if argument else written.block.labels[0].partition("_")[0]

    def configured(self, name: str) -> Content | None:
        """Return the provider that a name refers to in this module: its own, or one that the caller passes."""
        return _settings(self.configuring(name))

    def configuring(self, name: str) -> tuple[Self, SourceBlock] | None:
        """Return the block of the provider that a name refers to, with its module."""
        return self._configured(*self._identity(name))

    def _configured(self, source: str, alias: str) -> tuple[Self, SourceBlock] | None:
        find, key = lambda: self._find_provider((source, alias)), ("provider", source, alias)
        found: tuple[Self, SourceBlock] | None = self.remember(key, find, lambda: None)
        return found

    def _find_provider(self, wanted: tuple[str, str]) -> tuple[Self, SourceBlock] | None:
        """Return a provider by source and alias: modules may name one source differently."""
        found = ((one, (self.source(one.block.labels[0]), _alias(one))) for one in self.code.all_of("provider"))
        own = [one for one, identity in found if identity == wanted]
        if own:
            return (self, own[0]) if len(own) == 1 else None
        above = self._above(wanted)
        return above[0]._configured(*above[1]) if above else None

    def _above(self, wanted: tuple[str, str]) -> tuple[Self, tuple[str, str]] | None:
        """Return the module that gives this one a provider, and the provider's name there; None if none does."""
        if self.caller is None:
            return None
        passed = self.caller.written.body.arguments.get("providers")
        for name, given in _references(passed.value) if passed else ():
            if self._identity(name) == wanted:
                return self.caller.module, self.caller.module._identity(given) if given else _UNCLEAR
        source, alias = wanted
        return None if alias else (self.caller.module, (source, ""))  # modules inherit only the default provider

    def is_implied(self, written: SourceBlock) -> bool:
        """Return whether a block uses the default provider and no block configures it, so that the environment does."""
        name = self.provider_name(written)
        at: tuple[Providers, tuple[str, str]] | None = (self, self._identity(name))
        while name and at is not None:
            module, wanted = at
            own = module.code.all_of("provider")
            if wanted[1] or any((module.source(one.block.labels[0]), _alias(one)) == wanted for one in own):
                return False
            at = module._above(wanted)
        return bool(name)

    def _identity(self, name: str) -> tuple[str, str]:
        label, _, alias = name.partition(".")
        return self.source(label), alias

    def source(self, label: str) -> str:
        """Return the source of the provider with a name in this module: `hashicorp/aws`."""
        sources: Mapping[str, str] = self.remember("sources", self._sources, dict)
        return sources.get(label, f"{_OFFICIAL}{label}")

    def _sources(self) -> dict[str, str]:
        blocks = (inner for one in self.code.all_of("terraform") for inner in one.body.blocks)
        required = (block.body.arguments for block in blocks if block.kind == "required_providers")
        said = {label: settled(one.value, self.environment) for found in required for label, one in found.items()}
        texts = {label: one.get("source") for label, one in said.items() if isinstance(one, dict)}
        return {label: _without_host(text) for label, text in texts.items() if isinstance(text, str)}

    def provider_type(self, label: str) -> str:
        """Return the type of a provider, whatever its local name and registry: `aws` for `opentofu/aws` too."""
        named = self.source(label).rpartition("/")[2]
        return AWS if label == AWS else named

    def passed(self, call: SourceBlock) -> list[str]:
        """Return the names of the providers that a call passes."""
        argument = call.body.arguments.get("providers")
        return [name for _, name in _references(argument.value)] if argument else []

    def region(self, written: SourceBlock) -> Value:
        """Return the region of a block according to its provider; None if the provider names none."""
        found = self.provider(written)
        return None if found is None else found.arguments.get("region")


def _references(node: syntax.Node) -> Iterator[tuple[str, str]]:
    for key, value in node.items if isinstance(node, syntax.ObjectOf) else ():
        yield reference_of(key), reference_of(value)


def _without_host(source: str) -> str:
    """Return a source without the registry that it comes from."""
    *_, namespace, type_ = (_OFFICIAL.rstrip("/"), *source.casefold().split("/"))
    return f"{namespace}/{type_}"


def _alias(written: SourceBlock) -> str:
    argument = written.body.arguments.get("alias")
    return reference_of(argument.value) if argument else ""


def _settings(provider: tuple[BodyScope, SourceBlock] | None) -> Content | None:
    """Return the arguments in the block of a provider."""
    if provider is None:
        return None
    module, written = provider
    find, key = lambda: module.content(written.body, {}), ("settings", id(written.block))
    found: Content | None = module.remember(key, find, lambda: None)
    return found
