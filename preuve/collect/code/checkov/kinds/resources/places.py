"""Where a block of Terraform is made, and how often where its number is not known: a known failure of an object in
another account, region or state, or of one more object, is another failure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from msgspec import structs

from preuve.collect.code.checkov.kinds.resources.commands import SHARED
from preuve.collect.code.checkov.kinds.resources.dependents import block_text, object_of
from preuve.collect.code.checkov.shapes.providers import IN_ONE_REGION
from preuve.collect.code.checkov.shapes.values import argument_of, body_of
from preuve.collect.code.inputs.attributes import schema_of
from preuve.collect.code.judgements.relations.places import NO_REGION, region_of
from preuve.collect.code.language.dependencies.terraform import (
    behind_aims,
    behind_choice,
    behind_loop,
    in_named_files,
    texts_behind,
)
from preuve.collect.code.language.hcl.blocks import IMPORT, BlockInstance
from preuve.collect.code.language.hcl.content import Caller, Content
from preuve.collect.code.language.hcl.loops import at_most_one
from preuve.collect.code.language.hcl.module import Module
from preuve.collect.code.language.hcl.references import keyless
from preuve.collect.code.language.hcl.syntax import nodes as syntax
from preuve.collect.code.language.values.value import PartText, Value, is_known
from preuve.collect.code.verdict.grounds import Ground, text_of
from preuve.collect.code.verdict.marks import given
from preuve.model.company.grounds import Kind
from preuve.model.grouping import grouped

# Settings of a provider, and of a role that it takes, that say neither which account it reaches nor which region.
_BESIDE = frozenset(
    {"alias", "version", "default_tags", "ignore_tags", "insecure", "token", "secret_key"}
    | {"allowed_account_ids", "forbidden_account_ids"}  # refuse accounts and choose none
    | {"max_retries", "retry_mode", "token_bucket_rate_limiter_capacity", "http_proxy", "https_proxy", "no_proxy"}
    | {"custom_ca_bundle", "use_dualstack_endpoint", "use_fips_endpoint", "s3_use_path_style", "sts_region"}
    | {"duration", "external_id", "policy", "policy_arns", "session_name", "source_identity", "tags"}
    | {"transitive_tag_keys", "ec2_metadata_service_endpoint", "ec2_metadata_service_endpoint_mode"}
)
_SKIPPING = "skip_"
_ROLE, _NAMED = "role_arn", ":role/"  # of a role that a provider takes the account counts, and not its name
# Settings that say by their value which account is reached, although their names tell of secrets: each is told by its
# text, of which only a hash is kept.
_KEYS = ("access_key", *SHARED)
# Arguments of a backend that say which state it keeps. How it keeps it does not count.
_STATES = frozenset(
    {"bucket", "key", "path", "workspace_dir", "workspace_key_prefix", "prefix", "container_name", "address", "name"}
    | {"storage_account_name", "organization", "hostname", "schema_name", "secret_suffix", "namespace", "project"}
    | {"conn_str", "tags"}
)
_KEEPING = ("backend", "cloud")
_NEARBY = "backend.local"  # as without a backend
_LOOPS = ("count", "for_each")
_REGION = "region"
_ADOPTED = ("id", "identity")


class Places:
    """Where the blocks of a root module are made."""

    def __init__(self, blocks: Iterable[BlockInstance]) -> None:
        settings = ((made, made.content.blocks) for made in blocks if made.kind == "terraform")
        self._state = tuple(
            text
            for made, said in settings
            for kind in _KEEPING
            for block, inner in said.get(kind, ())
            for text in (*_kept(".".join((kind, *block.labels)), inner), *in_named_files(inner, made.module))
        )
        self._adopted = grouped((made.name, made) for made in blocks if made.kind == IMPORT)
        self._found: dict[str, tuple[Ground, ...]] = {}

    def of(self, made: BlockInstance) -> tuple[Ground, ...]:
        """Return grounds for the state, the provider and the region of a resource, and for each loop that leads to it
        and makes nobody knows how many; and a cause for each object that it adopts.
        """
        if made.address not in self._found:
            places = (*self._state, *_provider(made), *_region(made))
            adopted = (text for one in self._adopted_by(made) for text in _adopting(one, made))
            self._found[made.address] = (
                *((Kind.PLACE, text) for text in places),
                *((Kind.NUMBER, text) for text in numbers(made)),
                *((Kind.CAUSE, text) for text in adopted),
            )
        return self._found[made.address]

    def _adopted_by(self, made: BlockInstance) -> Sequence[BlockInstance]:
        """Return the `import` blocks of a resource; those for one of its instances count for each."""
        return self._adopted.get(keyless(made.address), ()) if self._adopted else ()


def _kept(backend: str, content: Content) -> Iterator[str]:
    """Yield what a backend says of the state that it keeps; also one that is told so elsewhere (`backend "s3" {}`)."""
    yield from () if backend == _NEARBY else (backend,)
    yield from _state(backend, content)


def _state(above: str, content: Content) -> Iterator[str]:
    """Yield what a backend says of the state that it keeps; in JSON its type is a block of its own."""
    for name, value in content.arguments.items():
        if name in _STATES:
            yield text_of(f"{above}.{name}", argument_of(value))
    for kind, found in content.blocks.items():
        for block, inner in found:
            yield from _state(".".join((above, kind, *block.labels)), inner)


def _provider(made: BlockInstance) -> Iterator[str]:
    """Yield what the provider of a block says of the account that it reaches, and what is behind that."""
    module, found = made.module, made.module.provider_block(made.written)
    settings = module.provider(made.written)
    if found is None or settings is None:
        if not module.is_implied(made.written):
            leading: tuple[BlockInstance | Caller[Module], ...] = (made, *module.callers())
            chosen = (text for one in leading for text in behind_choice(one.module, one.written))
            yield "\n".join(("provider", module.provider_name(made.written), *chosen))
        return
    said = _choosing(settings, found[0])
    yield from (f"provider {name} {given(said.arguments[name])}" for name in _KEYS if name in said.arguments)
    if body := body_of(replace(said, arguments={name: it for name, it in said.arguments.items() if name != _REGION})):
        yield text_of("provider", body)
    if _has_no_region(made) or _REGION in made.content.arguments:
        said.arguments.pop(_REGION, None)
    yield from ["\n".join(texts)] if (texts := texts_behind(said, *found)) else ()
    yield from in_named_files(said, found[0])


def made_through(provider: BlockInstance, blocks: Iterable[BlockInstance]) -> Iterator[str]:
    """Yield a text for each resource that has its region from a provider."""
    for made in blocks:
        asked = _REGION not in made.content.arguments and schema_of(made.type).kind((_REGION,))
        if asked and not made.type.startswith(IN_ONE_REGION):
            found = made.module.provider(made.written)
            if found is not None and found.body is provider.content.body:
                yield block_text(made.address, numbers(made))


def _choosing(said: Content, module: Module) -> Content:
    """Return what is said in a provider that chooses an account or a region: of a role only its account."""
    arguments, open_ = ({name: it for name, it in one.items() if _chooses(name)} for one in (said.arguments, said.open))
    blocks = {
        kind: [(block, _choosing(inner, module)) for block, inner in found]
        for kind, found in said.blocks.items()
        if _chooses(kind)
    }
    return _by_account(replace(said, arguments=arguments, blocks=blocks, open=open_), module)


def _by_account(said: Content, module: Module) -> Content:
    """Return what is said of a role without its name, which says nothing of its account: what its ARN begins with. An
    account that is not known is told by the expression that stands there.
    """
    role, argument = said.arguments.get(_ROLE), said.body.arguments.get(_ROLE)
    kept = _before_name(role.parts if isinstance(role, PartText) else (role,))
    if not kept or argument is None:
        return said
    if all(isinstance(part, str) for part in kept):
        return replace(said, arguments=said.arguments | {_ROLE: "".join(map(str, kept))})
    key = ("account", id(argument.value))  # kept: what is behind an expression is found by its identity
    node = module.remember(key, lambda: _template_before_name(argument.value), lambda: None)
    if node is None or not isinstance(role, PartText):
        return said
    body = structs.replace(said.body, arguments=said.body.arguments | {_ROLE: structs.replace(argument, value=node)})
    return replace(said, body=body, arguments=said.arguments | {_ROLE: replace(role, parts=kept)})


def _template_before_name(node: syntax.Node) -> syntax.Node | None:
    """Return the template of a role's ARN as far as it says the account; None if it is not written there."""
    parts = node.parts if isinstance(node, syntax.Template) else ()
    kept = _before_name(part.value if isinstance(part, syntax.Literal) else part for part in parts)
    return syntax.Template(tuple(parts[: len(kept) - 1])) if kept else None


def _before_name(parts: Iterable[Any]) -> tuple[Any, ...]:
    """Return the parts of a role's ARN up to the name of the role; none if it is not seen where that begins."""
    found: list[Any] = []
    for part in parts:
        begun, is_there, _ = part.partition(_NAMED) if isinstance(part, str) else (part, "", "")
        found.append(begun)
        if is_there:
            return tuple(found)
    return ()


def _chooses(name: str) -> bool:
    return name not in _BESIDE and not name.startswith(_SKIPPING)


def _region(made: BlockInstance) -> Iterator[str]:
    region = None if _has_no_region(made) else region_of(made)
    if region is not None:
        yield text_of(_REGION, argument_of(region))
        yield from behind_aims(made.content, made.module, made.written, _REGION)


def _has_no_region(made: BlockInstance) -> bool:
    return made.type.startswith(NO_REGION)


def _adopting(adopting: BlockInstance, made: BlockInstance) -> Iterator[str]:
    """Yield what says which object a resource adopts, if that is not one of the name that it has anyway. What adopts is
    taken out of the code once it is done, and the object stays the same.
    """
    content = adopting.content
    said = {name: value for name, value in content.arguments.items() if name in _ADOPTED}
    names = {name: made.content.arguments.get(name) for name in object_of(made.type)}
    if said and not all(is_known(value) and _is_own(value, names) for value in said.values()):
        told = replace(content, arguments=said)
        yield "\n".join(("adopts", text_of("", body_of(told)), *texts_behind(told, adopting.module, adopting.written)))


def _is_own(value: Value, names: Mapping[str, Value]) -> bool:
    """Return whether an id, or an identity with its members, is of the names that a resource has anyway."""
    if isinstance(value, dict):
        return bool(value) and all(name in names and one == names[name] for name, one in value.items())
    return value in names.values()


def numbers(made: BlockInstance) -> Iterator[str]:
    """Yield a text for each loop of which nobody knows how many instances it makes, that of the block or of a call."""
    leading: tuple[BlockInstance | Caller[Module], ...] = (made, *made.module.callers())
    for one in leading:
        said = one.written.body.arguments
        node = next((said[name].value for name in _LOOPS if name in said), None)
        if node is not None and not one.instance.key and not at_most_one(node, one.module.environment):
            yield "\n".join(("number", *behind_loop(one.module, one.written)))
