"""What protected a whole account or region before a push, and does not any more by the code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from preuve.assess.changes.known_findings import DECIDED, Renames, block_of, is_held, mark, renamed
from preuve.model.company.baseline import Mark
from preuve.model.grouping import grouped
from preuve.model.results import Finding, FindingStatus, by_resource
from preuve.model.snapshot import IacBlock

ACCOUNT, REGION = "account", "region"  # what a policy is about as a whole
Protects = Callable[[Finding], str]  # which of the two a finding is about; "" for neither

_TOLD = DECIDED | {FindingStatus.WAIVED}
_NOWHERE = IacBlock("", "", "", "", 0, 0)
_Key = tuple[Mark, tuple[str, ...]]


@dataclass(frozen=True)
class Side:
    """The findings before or after a push, and what the code says of the blocks that they are on."""

    findings: Iterable[Finding]
    blocks: Mapping[tuple[str, str], IacBlock] = field(default_factory=dict)

    @staticmethod
    def of(findings: Iterable[Finding], blocks: Iterable[IacBlock]) -> Side:
        """Make a side of its findings and its blocks."""
        return Side(tuple(findings), {block_of(one): one for one in blocks})

    def protections(self, protects: Protects) -> Iterator[_Protection]:
        """Yield what the findings on whole accounts and regions are on: each block, for each of its runs."""
        for one in filter(protects, by_resource(self.findings)):
            block = self.blocks.get(block_of(one.place), _NOWHERE)
            for accounts in block.accounts or ((),):
                yield _Protection(one, block, protects(one), accounts)


@dataclass(frozen=True)
class _Protection:
    """What a block does for a whole account or region (`of`), in one of these accounts; none if the code is silent."""

    finding: Finding
    block: IacBlock
    of: str
    accounts: tuple[str, ...]

    @property
    def key(self) -> _Key:
        """What names it in one of two runs."""
        return mark(self.finding), self.accounts

    @property
    def decided(self) -> bool:
        """Whether the code says what comes of it."""
        return self.finding.status in _TOLD or is_held(self.finding)

    def was_seen(self, tool: str) -> bool:
        """Return whether a tool saw it before a push; all do where the code is one for all."""
        return tool in self.block.seen_by or not self.block.tools

    def is_seen(self, tool: str) -> bool:
        """Return whether a tool sees it after a push; what a root leaves to OpenTofu alone counts for both."""
        return tool in self.block.seen_by or tool not in self.block.tools

    def is_apart(self, other: _Protection) -> bool:
        """Return whether the code says that two are in different accounts or, where that matters, regions. Who signs in
        in another way, where not both say for which account, is in another one.
        """
        if self.accounts and other.accounts:
            accounts = set(self.accounts).isdisjoint(other.accounts)
        else:
            accounts = self.block.signs_in != other.block.signs_in
        regions = {self.block.region, other.block.region} - {""}
        return accounts or (self.of == REGION and len(regions) > 1)

    def is_alike(self, other: _Protection) -> bool:
        """Return whether the code says the same of where two are."""
        return (self.accounts, self.block.region) == (other.accounts, other.block.region)

    def is_as_sure_as(self, other: _Protection) -> bool:
        """Return whether it is surely there, or the other one was not sure either."""
        return other.block.unsure or not self.block.unsure

    def is_replaced_by(self, other: _Protection) -> bool:
        """Return whether another one does the same where this one did."""
        kinds = {(one.finding.policy, one.finding.place.type) for one in (self, other)}
        return len(kinds) == 1 and not self.is_apart(other) and other.is_as_sure_as(self)


def removed(now: Side, then: Side, renames: Renames, protects: Protects) -> tuple[Finding, ...]:
    """Return what passed before of policies on a whole account or region, and has no answer now: for Terraform or for
    OpenTofu, where these see different code, and for any of the runs of its root.

    One of which nobody knows any more whether it will be there has no answer either. For each that is gone, one of the
    same type that was not there before and has a verdict takes its place, unless the code says that it is in another
    account or region. Code that was not read, and was not so before, may still hold it: what is unread as it was has
    taken over nothing.
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
    """Return what of before is still there and where it was, and what is new and has a verdict."""
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
    """Yield what is gone and has nothing in its place. Each that is new takes one place, best that of one like it."""
    free = list(new)
    for was in gone:
        others = [one for one in free if was.is_replaced_by(one)]
        if others:
            free.remove(min(others, key=lambda one: not was.is_alike(one)))
        else:
            yield was
