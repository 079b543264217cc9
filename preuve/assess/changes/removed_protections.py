"""Finds protections of a whole account or region that existed before a push and no longer do, according to the code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from preuve.assess.changes.known_findings import DECIDED, Renames, block_of, is_held, mark, renamed
from preuve.model.company.baseline import Mark
from preuve.model.grouping import grouped
from preuve.model.results import Finding, FindingStatus, by_resource
from preuve.model.snapshot import IacBlock

ACCOUNT, REGION = "account", "region"  # the scopes of policies on a whole account or region
Protects = Callable[[Finding], str]  # which of the two a finding is about; "" for neither

_TOLD = DECIDED | {FindingStatus.WAIVED}
_NOWHERE = IacBlock("", "", "", "", 0, 0)
_Key = tuple[Mark, tuple[str, ...]]


@dataclass(frozen=True)
class Side:
    """The findings before or after a push, with what the code says about their blocks."""

    findings: Iterable[Finding]
    blocks: Mapping[tuple[str, str], IacBlock] = field(default_factory=dict)

    @staticmethod
    def of(findings: Iterable[Finding], blocks: Iterable[IacBlock]) -> Side:
        """Return a side from its findings and its blocks."""
        return Side(tuple(findings), {block_of(one): one for one in blocks})

    def protections(self, protects: Protects) -> Iterator[_Protection]:
        """Yield what the findings on whole accounts and regions concern: each block, for each of its runs."""
        for one in filter(protects, by_resource(self.findings)):
            block = self.blocks.get(block_of(one.place), _NOWHERE)
            for accounts in block.accounts or ((),):
                yield _Protection(one, block, protects(one), accounts)


@dataclass(frozen=True)
class _Protection:
    """What a block does for a whole account or region (`of`), in one of some accounts; empty if the code does
    not tell.
    """

    finding: Finding
    block: IacBlock
    of: str
    accounts: tuple[str, ...]

    @property
    def key(self) -> _Key:
        """The identity of the protection in one of the two runs."""
        return mark(self.finding), self.accounts

    @property
    def decided(self) -> bool:
        """Whether the code decides it."""
        return self.finding.status in _TOLD or is_held(self.finding)

    def was_seen(self, tool: str) -> bool:
        """Return whether a tool saw it before the push; every tool does if the code is the same for all."""
        return tool in self.block.seen_by or not self.block.tools

    def is_seen(self, tool: str) -> bool:
        """Return whether a tool sees it after the push; code that a root leaves to OpenTofu alone counts for both."""
        return tool in self.block.seen_by or tool not in self.block.tools

    def is_apart(self, other: _Protection) -> bool:
        """Return whether the code says that two protections are in different accounts or, where that matters, regions.
        Two different ways to sign in are different accounts unless both name their account.
        """
        if self.accounts and other.accounts:
            accounts = set(self.accounts).isdisjoint(other.accounts)
        else:
            accounts = self.block.signs_in != other.block.signs_in
        regions = {self.block.region, other.block.region} - {""}
        return accounts or (self.of == REGION and len(regions) > 1)

    def is_alike(self, other: _Protection) -> bool:
        """Return whether the code locates both in the same way."""
        return (self.accounts, self.block.region) == (other.accounts, other.block.region)

    def is_as_sure_as(self, other: _Protection) -> bool:
        """Return whether it surely exists, or the other one did not surely exist either."""
        return other.block.unsure or not self.block.unsure

    def is_replaced_by(self, other: _Protection) -> bool:
        """Return whether another protection does the same in the same place."""
        kinds = {(one.finding.policy, one.finding.place.type) for one in (self, other)}
        return len(kinds) == 1 and not self.is_apart(other) and other.is_as_sure_as(self)


def removed(now: Side, then: Side, renames: Renames, protects: Protects) -> tuple[Finding, ...]:
    """Return what passed before for policies on a whole account or region and has no answer now, for Terraform or
    OpenTofu where they see different code, and for any run of its root.

    A block that may no longer exist has no answer either. A new block of the same type with a verdict replaces one that
    is gone, unless the code says that it is in another account or region. Unread code may still contain the protection,
    unless it was unread before as well.
    """
    before, there = [*then.protections(protects)], [*now.protections(protects)]
    tools = {tool for side in (now, then) for block in side.blocks.values() for tool in block.tools} or {""}
    unread = {finding.place.root for finding in now.findings if finding.incomplete and not finding.known}
    found: dict[Mark, Finding] = {}
    for tool in sorted(tools):
        was = {one.key: one for one in before if one.was_seen(tool)}
        kept, new = _compared(was, [one for one in there if one.is_seen(tool)], renames)
        left = [one for key, one in sorted(was.items(), key=lambda pair: pair[0]) if key not in kept]
        left = [one for one in left if is_held(one.finding) and one.finding.place.root not in unread]
        found |= {mark(one.finding): one.finding for one in _without_a_successor(left, new)}
    return tuple(found[of] for of in sorted(found))


def _compared(
    before: Mapping[_Key, _Protection], there: Iterable[_Protection], renames: Renames
) -> tuple[set[_Key], list[_Protection]]:
    """Return the earlier protections that still exist in their place, and the new ones with a verdict."""
    known = grouped((mark(was.finding), was) for was in before.values())
    kept, new = set[_Key](), list[_Protection]()
    for one in there:
        names = {mark(one.finding), mark(renamed(one.finding, renames))}
        stays = {was.key for name in names for was in known.get(name, ()) if not was.is_apart(one)}
        stays = {was for was in stays if one.is_as_sure_as(before[was])}
        kept |= stays
        new += [one] if one.decided and not stays else []
    return kept, new


def _without_a_successor(gone: Iterable[_Protection], new: Iterable[_Protection]) -> Iterator[_Protection]:
    """Yield the removed protections without a replacement. Each new one replaces one, preferably one like itself."""
    free = list(new)
    for was in gone:
        others = [one for one in free if was.is_replaced_by(one)]
        if others:
            free.remove(min(others, key=lambda one: not was.is_alike(one)))
        else:
            yield was
