"""Matches resources of the account with blocks of code: by Terraform state, ARN, stack or name, never by a guess.

A block and a resource match only if nothing else is possible. With several candidates, or an unlisted place that may
contain another one, there is no match, and the page says so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from preuve.assess.code.stacks import Stacks, logical_id
from preuve.assess.index import Index, expected
from preuve.model.content import Naming, Namings
from preuve.model.results import Join, JoinState, Place
from preuve.model.snapshot import GLOBAL, IacBlock, Resource, StateEntry

SURE = ("state", "arn", "stack", "name")  # the surest first: it wins if two blocks claim one resource
_INSTANCE = re.compile(r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]')
_SEPARATORS = re.compile(r"[:/]")
BlockKey = tuple[str, str, str]  # root, file and address of a block
_Found = tuple[str, tuple[Resource, ...]]  # how it was matched, or why not; the resources of a block


def cloud_place(resource: Resource) -> Place:
    """Return the place of a resource, in the form that its findings have."""
    return Place(resource.type, resource.id, resource.account, resource.region, resource.arn)


def code_place(block: IacBlock) -> Place:
    """Return the place of a block, in the form that its findings have."""
    return Place(block.type, block.address, root=block.root, file=block.file, line=block.line, end_line=block.end_line)


def block_key(block: IacBlock) -> BlockKey:
    """Return what names a block."""
    return key_in_code(block.root, block.file, block.address, block.type)


def key_in_code(root: str, file: str, address: str, kind: str) -> BlockKey:
    """Return what names a block: an address is unique in a Terraform root, not in the templates of a folder."""
    return (root, file if "::" in kind else "", address)


@dataclass(frozen=True)
class Match:
    """A resource, the block that creates it, and the evidence for the match."""

    resource: Resource
    block: IacBlock
    by: str


@dataclass(frozen=True)
class Ties:
    """What relates the blocks of one resource. They share a member of `of`. A part of which no resource is found may
    configure any whose block has a member of its `may_reach` in `within`: those of its root, and those of its name.
    """

    of: frozenset[object] = frozenset()
    within: frozenset[object] = frozenset()
    may_reach: frozenset[object] = frozenset()


@dataclass(frozen=True)
class Matcher:
    """Matches the resources of a snapshot with its blocks."""

    index: Index
    namings: Namings

    @cached_property
    def makers(self) -> tuple[IacBlock, ...]:
        """The blocks that create a resource of their own."""
        return tuple(block for block in self._blocks if not self._naming(block).part)

    @cached_property
    def parts(self) -> tuple[IacBlock, ...]:
        """The blocks that configure a resource of another block."""
        return tuple(block for block in self._blocks if self._naming(block).part)

    @cached_property
    def _blocks(self) -> tuple[IacBlock, ...]:
        blocks = dict.fromkeys(self.index.snapshot.blocks)
        return tuple(block for block in blocks if block.type in self.namings.of)

    @cached_property
    def joined(self) -> tuple[Match, ...]:
        """Every resource with a known block."""
        return tuple(item for found in self._claims.values() for item in _surest(found))

    def resources_of(self, part: IacBlock) -> tuple[Resource, ...]:
        """Return the resources that a part belongs to; none if that is ambiguous."""
        naming, told = self._naming(part), part.arn or part.name
        if owners := self._owners(part):
            return tuple(self._made.get(owners[0], ())) if len(owners) == 1 else ()
        if not told or self._unlisted(naming, part):
            return ()
        found = self._called(naming, told, "", part.region)
        return tuple(found) if len(found) == 1 else ()

    def owner(self, block: IacBlock) -> IacBlock | None:
        """Return the block that a part belongs to; none if that is ambiguous, or if it belongs to none."""
        owners = self._owners(block) if self._naming(block).part else []
        return owners[0] if len(owners) == 1 else None

    @cached_property
    def ties(self) -> Mapping[BlockKey, Ties]:
        """By block: its ties to the other blocks of its resource."""
        return {block_key(block): self._ties(block) for block in (*self.makers, *self.parts)}

    def _ties(self, block: IacBlock) -> Ties:
        naming = self._naming(block)
        made_by = self._owners(block) if naming.part else [block]
        within = frozenset(_reached_by(naming, made_by or [block]))
        if made_by:
            return Ties(frozenset(map(block_key, made_by)), within)
        return Ties(frozenset([*_wanted(block, naming)][:1]), within, frozenset(_reaching(block, naming)))

    def _owners(self, part: IacBlock) -> list[IacBlock]:
        told_of = (self._called_so.get(label, []) for label in _wanted(part, self._naming(part)))
        return next(filter(None, told_of), [])

    def all(self) -> Iterator[Join]:
        """Yield the result for each resource and each block, in stable order."""
        if not self.index.snapshot.listings or not self.index.snapshot.blocks:
            return
        made = {_key(item.resource) for item in self.joined}
        for item in self.joined:
            yield Join(
                item.resource.type, JoinState.JOINED, item.by, cloud_place(item.resource), code_place(item.block)
            )
        for block in self.makers:
            if block not in self._makers_of_some:
                yield self._alone(block)
        for name in sorted({naming.resource for naming in self.namings.entries}):
            why = "block_without_name" if name in self._hidden else ""
            for resource in self.index.of_type(name):
                if _key(resource) not in made:
                    state = JoinState.NOT_JOINED if why else JoinState.ONLY_ACCOUNT
                    yield Join(name, state, why, cloud=cloud_place(resource))

    # ---- blocks ---------------------------------------------------------------------------------------------------

    @cached_property
    def _called_so(self) -> Mapping[tuple[str, ...], list[IacBlock]]:
        """The creating blocks by the references that a part may use: an address, a logical id, a name or an ARN."""
        found: dict[tuple[str, ...], list[IacBlock]] = defaultdict(list)
        for block in self.makers:
            for label in _labels(block, self._naming(block)):
                found[label].append(block)
        return found

    @cached_property
    def _made(self) -> Mapping[IacBlock, list[Resource]]:
        found: dict[IacBlock, list[Resource]] = defaultdict(list)
        for item in self.joined:
            found[item.block].append(item.resource)
        return found

    def _naming(self, block: IacBlock) -> Naming:
        return self.namings.of[block.type]

    def _alone(self, block: IacBlock) -> Join:
        """Return why a block has no resource: none exists, or it is not known which one it is."""
        why, found = self._found[block]
        why = "several_blocks" if found else why
        state = JoinState.NOT_JOINED if why else JoinState.ONLY_CODE
        return Join(self._naming(block).resource, state, why, code=code_place(block))

    @cached_property
    def _makers_of_some(self) -> frozenset[IacBlock]:
        return frozenset(item.block for item in self.joined)

    @cached_property
    def _hidden(self) -> frozenset[str]:
        """The types whose resources may have a block that was not found."""
        alone = (block for block in self.makers if block not in self._makers_of_some)
        return frozenset(self._naming(block).resource for block in alone if self._alone(block).why)

    @cached_property
    def _claims(self) -> Mapping[tuple[str, ...], list[Match]]:
        """The blocks that may create each resource."""
        claims: dict[tuple[str, ...], list[Match]] = defaultdict(list)
        for block, (by, resources) in self._found.items():
            for resource in resources:
                claims[_key(resource)].append(Match(resource, block, by))
        return claims

    @cached_property
    def _found(self) -> Mapping[IacBlock, _Found]:
        return {block: self._resources(block) for block in self.makers}

    def _resources(self, block: IacBlock) -> _Found:
        """Return the resources that a block creates with the evidence; or none, and why."""
        naming = self._naming(block)
        entries = self._states.get(block.root)
        if entries is not None:
            return self._by_state(naming, entries, block)
        if block.arn:
            return self._all("arn", [self._by_arn(naming, block.arn)], self._unlisted(naming, block))
        in_stacks = self._stacks.of(block)
        if in_stacks is not None:
            found = [self._called(naming, made, stack.account, stack.region) for stack, made in in_stacks]
            return self._all("stack", found, self._unlisted(naming, block))
        return self._by_name(naming, block)

    def _all(self, by: str, found: Sequence[Sequence[Resource]], unlisted: str) -> _Found:
        """Return the resources of several instances; each must match exactly one."""
        if any(len(resources) > 1 for resources in found):
            return "several_resources", ()
        made = tuple(resource for resources in found for resource in resources)
        return (by, made) if made else (unlisted if found else "", ())

    def _one(self, by: str, found: Sequence[Resource], unlisted: str) -> _Found:
        """Return the only resource of a name; none if an unlisted place may contain another."""
        if len(found) > 1:
            return "several_resources", ()
        return (by, tuple(found)) if found and not unlisted else (unlisted, ())

    # ---- state ----------------------------------------------------------------------------------------------------

    @cached_property
    def _states(self) -> Mapping[str, Mapping[str, list[StateEntry]]]:
        """The entries of states by root and address; for blocks with unknown instances, by the block's address."""
        found: dict[str, dict[str, list[StateEntry]]] = {}
        for state in self.index.snapshot.states:
            entries = found.setdefault(state.root, {})
            for entry in state.resources:
                entries.setdefault(entry.address, []).append(entry)
                if (block := _INSTANCE.sub("", entry.address)) != entry.address:
                    entries.setdefault(block, []).append(entry)
        return found

    def _by_state(self, naming: Naming, entries: Mapping[str, list[StateEntry]], block: IacBlock) -> _Found:
        made = [entry for entry in entries.get(block.address, ()) if entry.type == block.type]
        if not made:  # never applied: a resource of this name was created elsewhere
            return "instance_unknown" if _INSTANCE.sub("", block.address) in entries else "", ()
        if any(not entry.arn for entry in made):
            return "no_arn", ()
        elsewhere = any(not self._in_scope(entry.arn) for entry in made)
        why = "out_of_scope" if elsewhere else self._unlisted(naming, block)
        return self._all("state", [self._of_entry(naming, entry) for entry in made], why)

    def _in_scope(self, arn: str) -> bool:
        region, account = _place(arn)
        meta = self.index.snapshot.meta
        return account in ("", *meta.accounts) and region in ("", *meta.regions)

    def _of_entry(self, naming: Naming, entry: StateEntry) -> Sequence[Resource]:
        """Return the resources with the entry's ARN; types without ARN are found by id in the entry's account and
        region.
        """
        region, account = _place(entry.arn)
        known = (item for item in self._ids.get((naming.resource, entry.id), ()) if not item.arn)
        return self._by_arn(naming, entry.arn) or [item for item in known if account and _in(item, account, region)]

    # ---- the account ----------------------------------------------------------------------------------------------

    @cached_property
    def _stacks(self) -> Stacks:
        return Stacks(self.index)

    @cached_property
    def _arns(self) -> Mapping[tuple[str, str], list[Resource]]:
        return self._indexed(lambda resource: resource.arn.removesuffix(":*"))  # an optional end of log groups

    @cached_property
    def _ids(self) -> Mapping[tuple[str, str], list[Resource]]:
        return self._indexed(lambda resource: "" if resource.parent else resource.id)

    @cached_property
    def _names(self) -> Mapping[tuple[str, str], list[Resource]]:
        """The resources by the name that a block may give; children of different parents may share one."""
        last = {naming.resource for naming in self.namings.entries if naming.last}
        return self._indexed(lambda item: "" if item.parent else _last(item.id) if item.type in last else item.id)

    def _indexed(self, key: Callable[[Resource], str]) -> Mapping[tuple[str, str], list[Resource]]:
        found: dict[tuple[str, str], list[Resource]] = defaultdict(list)
        for resource in self.index.snapshot.resources:
            if name := key(resource):
                found[resource.type, name].append(resource)
        return found

    def _by_arn(self, naming: Naming, arn: str) -> Sequence[Resource]:
        return self._arns.get((naming.resource, arn.removesuffix(":*")), ())

    def _called(self, naming: Naming, name: str, account: str, region: str) -> Sequence[Resource]:
        """Return the resources with this ARN, id or name, whichever identifies the type."""
        for known in (self._arns, self._ids, self._names) if name else ():
            found = [item for item in known.get((naming.resource, name), ()) if _in(item, account, region)]
            if found:
                return found
        return ()

    def _by_name(self, naming: Naming, block: IacBlock) -> _Found:
        if not naming.argument:
            return "no_name", ()
        if not block.name:
            return "name_unknown", ()
        named = self._names.get((naming.resource, block.name), ())
        found = [item for item in named if _in(item, "", block.region)]
        return self._one("name", found, self._unlisted(naming, block))

    def _unlisted(self, naming: Naming, block: IacBlock) -> str:
        """Return why an unseen resource may exist: the places where it may be were not all listed."""
        key = (naming.resource, block.region)
        if key not in self._unlisted_at:
            self._unlisted_at[key] = self._not_listed(*key)
        return self._unlisted_at[key]

    @cached_property
    def _unlisted_at(self) -> dict[tuple[str, str], str]:
        return {}

    def _not_listed(self, name: str, region: str) -> str:
        meta, listings = self.index.snapshot.meta, self.index.listings(name)
        wanted = expected(self.index.types[name], meta.accounts, meta.regions)
        here = {place for place in wanted if not region or place[1] in (region, GLOBAL)}
        read = {(item.account, item.region) for item in listings}
        failed = {(item.account, item.region) for item in listings if item.unread is not None}
        return "out_of_scope" if not here else "unread" if here - read or here & failed else ""


def _labels(block: IacBlock, naming: Naming) -> Iterator[tuple[str, ...]]:
    """Yield the references by which a part of the same root may name a block."""
    in_template = "::" in block.type
    yield _label(block, naming, "of", logical_id(block) if in_template else block.address)
    if name := block.arn or block.name:
        yield _label(block, naming, "named", name)


def _wanted(part: IacBlock, naming: Naming) -> Iterator[tuple[str, ...]]:
    """Yield the references of a part to its block, the surest first."""
    if part.of:
        yield _label(part, naming, "of", part.of)
    if told := part.arn or part.name:
        yield _label(part, naming, "named", told)


def _reaching(part: IacBlock, naming: Naming) -> Iterator[object]:
    """Yield what a part without a known resource may configure: in its root any resource of the type but those with
    another name; in other roots those with the same name. An ARN, a URL or an id may be that of a resource of any name.
    """
    told = part.arn or part.name
    named = bool(told and naming.argument) and ":" not in told
    yield (naming.resource, part.root, "unnamed" if named else "any")
    if told:
        yield (naming.resource, _last(told))


def _reached_by(naming: Naming, blocks: Iterable[IacBlock]) -> Iterator[object]:
    """Yield what some blocks of a resource answer to (`_reaching`)."""
    for block in blocks:
        told = block.arn or block.name
        yield (naming.resource, block.root, "any")
        yield (naming.resource, _last(told)) if told else (naming.resource, block.root, "unnamed")


def _label(block: IacBlock, naming: Naming, kind: str, text: str) -> tuple[str, ...]:
    """Return a name with its scope: a template for a logical id, a whole root for an address or a name."""
    file = block.file if kind == "of" and "::" in block.type else ""
    return (block.root, file, naming.resource, kind, text)


def _surest(claims: list[Match]) -> list[Match]:
    """Return the block that creates a resource; none if several equally sure blocks claim it."""
    best = min(SURE.index(claim.by) for claim in claims)
    sure = [claim for claim in claims if SURE.index(claim.by) == best]
    return sure if len(sure) == 1 else []


def _in(resource: Resource, account: str, region: str) -> bool:
    """Return whether a resource is in an account and a region; "" means any."""
    return account in ("", resource.account) and (not region or resource.region in (region, GLOBAL))


def _place(arn: str) -> tuple[str, str]:
    """Return region and account, as far as an ARN contains them."""
    parts = arn.split(":")
    return (parts[3], parts[4]) if len(parts) > 5 else ("", "")


def _key(resource: Resource) -> tuple[str, ...]:
    """Return the unique key of a resource."""
    return (*resource.key, resource.arn)


def _last(name: str) -> str:
    return _SEPARATORS.split(name)[-1]
