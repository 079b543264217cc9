"""What protected a whole account or region before a push, and does not any more by the code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from preuve.assess.changes.known import DECIDED, HELD, Renames, block_of, mark, renamed
from preuve.model.company.baseline import Mark
from preuve.model.results import Finding, FindingStatus
from preuve.model.snapshot import IacBlock

ACCOUNT, REGION = "account", "region"  # what a policy is about as a whole
Protects = Callable[[Finding], str]  # which of the two a finding is about; "" for neither

_TOLD = DECIDED | {FindingStatus.WAIVED}
_NOWHERE = IacBlock("", "", "", "", 0, 0)


@dataclass(frozen=True)
class Side:
    """The findings before or after a push, and what the code says of the blocks that they are on."""

    findings: Iterable[Finding]
    blocks: Mapping[tuple[str, str], IacBlock] = field(default_factory=dict)

    @staticmethod
    def of(findings: Iterable[Finding], blocks: Iterable[IacBlock]) -> Side:
        """Make a side of its findings and its blocks."""
        return Side(tuple(findings), {block_of(one): one for one in blocks})

    def block(self, finding: Finding) -> IacBlock:
        """Return the block that a finding is on; one of which nothing is said if the code says nothing."""
        return self.blocks.get(block_of(finding.place), _NOWHERE)


def removed(now: Side, then: Side, renames: Renames, protects: Protects) -> tuple[Finding, ...]:
    """Return what passed before of policies on a whole account or region, and has no answer now: for Terraform or for
    OpenTofu, where these see different code.

    For each that is gone, one of the same type that was not there before and has a verdict takes its place, unless the
    code says that it is in another account or region. Code that was not read, and was not so before, may still hold
    it: what is unread as it was has taken over nothing.
    """
    tools = {tool for side in (now, then) for block in side.blocks.values() for tool in block.tools} or {""}
    found = {mark(one): one for tool in sorted(tools) for one in _for(tool, now, then, renames, protects)}
    return tuple(found[of] for of in sorted(found))


def _for(tool: str, now: Side, then: Side, renames: Renames, protects: Protects) -> Iterator[Finding]:
    """Yield what is gone for one tool. What a root leaves to OpenTofu alone counts for both after the push."""
    before = {
        mark(one): one
        for one in _made(then, protects)
        if then.block(one).is_seen(tool, otherwise=not then.block(one).tools)
    }
    there = [one for one in _made(now, protects) if now.block(one).is_seen(tool, otherwise=True)]

    def apart(was: Finding, one: Finding) -> bool:
        return _apart(then.block(was), now.block(one), protects(was))

    kept, new = set[Mark](), list[Finding]()
    for one in there:
        earlier = [of for of in (mark(one), mark(renamed(one, renames))) if of in before]
        stays = [of for of in earlier if not apart(before[of], one)]
        kept.update(stays)
        new += [one] if not stays and (one.status in _TOLD or _passed(one)) else []
    unread = {finding.place.root for finding in now.findings if finding.incomplete and not finding.known}
    for of, was in sorted(before.items()):
        if of in kept or not _passed(was) or was.place.root in unread:
            continue
        others = [one for one in new if _kind(one) == _kind(was) and not apart(was, one)]
        if others:
            new.remove(min(others, key=lambda one: not _alike(then.block(was), now.block(one))))
        else:
            yield was


def _passed(finding: Finding) -> bool:
    """Return whether the code passed, though that alone may prove nothing."""
    return finding.status is FindingStatus.PASS or finding.reason.code == HELD


def _made(side: Side, protects: Protects) -> Iterator[Finding]:
    """Yield the findings on whole accounts and regions, one for each block."""
    return (one for finding in side.findings if protects(finding) for one in finding.each())


def _apart(was: IacBlock, one: IacBlock, of: str) -> bool:
    """Return whether the code says that two blocks are in different accounts or, where that matters, regions."""
    accounts = was.accounts and one.accounts and not set(was.accounts) & set(one.accounts)
    return bool(accounts) or (of == REGION and bool(was.region and one.region) and was.region != one.region)


def _alike(was: IacBlock, one: IacBlock) -> bool:
    return (was.accounts, was.region) == (one.accounts, one.region)


def _kind(finding: Finding) -> tuple[str, str]:
    return finding.policy, finding.place.type
