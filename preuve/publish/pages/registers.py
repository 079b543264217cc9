"""Waivers, living registers, manual evidence, the runs of the period, and the limits of the bundle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from preuve.assess.judge import NOT_KEPT
from preuve.library.company.waivers import VERIFIED
from preuve.model.content import EvidenceItem, Library
from preuve.model.grouping import grouped
from preuve.model.layout import HISTORY, LIMITS, REGISTERS
from preuve.model.results import (
    Assessment,
    ControlResult,
    ControlStatus,
    EvidenceResult,
    Finding,
    FindingStatus,
    JoinState,
    by_resource,
    in_general,
    lacking,
)
from preuve.model.snapshot import LEFT_OUT, NOT_MADE
from preuve.publish.history.charts import charts
from preuve.publish.pages.context import Context, Leaf
from preuve.publish.papers.history import history_sections
from preuve.publish.site.open_points import unsettled
from preuve.publish.site.paths import HISTORY_PAGE, LIMITS_PAGE, REGISTERS_PAGE
from preuve.publish.site.views import ListingView, listed
from preuve.publish.tables.manual import quarters
from preuve.publish.words.approvals import approval, verification, waiver_counts
from preuve.publish.words.locale import Locale
from preuve.publish.words.names import purpose


@dataclass(frozen=True)
class ItemView:
    """An item of manual evidence, and when the internal audit examines it."""

    result: EvidenceResult
    item: EvidenceItem | None
    quarters: tuple[str, ...]


def register_pages(context: Context) -> Iterator[Leaf]:
    """Yield the pages on what people maintain: waivers, registers, manual evidence."""
    values = {
        "approval": approval,
        "verification": verification,
        "reviewed": next((one for one in context.site.workspace.attestations if one.approval.state == VERIFIED), None),
        "waiver_counts": waiver_counts(context.site.assessment.waivers),
        "deviations": _deviations(context),
        "items": _items(context),
        "files": context.files.get(REGISTERS, ()),
    }
    yield Leaf("registers", REGISTERS_PAGE, REGISTERS_PAGE, values)


def _deviations(context: Context) -> dict[str, list[ControlResult]]:
    return grouped((waiver, result) for result in context.site.assessment.controls for waiver in result.deviations)


def _items(context: Context) -> list[ItemView]:
    library = context.site.library
    found = context.site.assessment.evidence
    views = []
    for item in sorted(found.values(), key=lambda item: item.id):
        declared = library.evidence.get(item.id)
        views.append(ItemView(item, declared, quarters(library, declared) if declared else ()))
    return views


def history_pages(context: Context) -> Iterator[Leaf]:
    """Yield the runs of the period and what changed between them."""
    sections = history_sections(context.site, context.locale)
    values = {
        "sections": sections,
        "charts": charts(context.site.history, context.locale),
        "files": context.files.get(HISTORY, ()),
    }
    yield Leaf("history", HISTORY_PAGE, HISTORY_PAGE, values)


def limit_pages(context: Context) -> Iterator[Leaf]:
    """Yield the pages on limits: what was not tested, not read, is planned, or is out of date."""
    assessment, library = context.site.assessment, context.site.library
    unread = [finding for finding in assessment.findings if finding.status is FindingStatus.NOT_EVALUATED]
    open_ = [item for item in listed(context.site.listings) if item.unread]
    values = {
        "waiver_counts": waiver_counts(assessment.waivers),
        "ca": context.site.meta.ca,
        "unread": _unread_lines(unread, context.locale),
        "actions": Counter(action for finding in assessment.findings for action in lacking(finding.reason)),
        "unsettled": unsettled(context.site, context.locale),
        "silent": assessment.silent,
        "unread_listings": [item for item in open_ if not _not_kept(item)],
        "listings_not_kept": [item for item in open_ if _not_kept(item)],
        "gaps": [gap for gap in context.site.gaps if gap.cause not in (NOT_MADE, LEFT_OUT)],
        "left_out": [gap for gap in context.site.gaps if gap.cause == LEFT_OUT],
        "not_made": [gap for gap in context.site.gaps if gap.cause == NOT_MADE],
        "uncovered": assessment.uncovered_types,
        "apart": _unjoined(assessment),
        "planned": sorted({name for result in assessment.controls for name in result.planned}),
        "due": [view for view in _items(context) if view.result.state != "current"],
        "limited": [name for name in context.facts.policies if _limited(library, name)],
        "not_assessed": [result for result in assessment.controls if result.status is ControlStatus.NOT_ASSESSED],
        "files": context.files.get(LIMITS, ()),
        "purpose": purpose(context.site.workspace, context.locale),
        "delete_after": context.site.delete_after,
    }
    yield Leaf("limits", LIMITS_PAGE, LIMITS_PAGE, values)


def _not_kept(item: ListingView) -> bool:
    """Return whether the source is merely absent: the company has none, and nothing failed."""
    return all(unread.cause in NOT_KEPT for unread in item.unread)


def _unread_lines(unread: list[Finding], locale: Locale) -> list[tuple[str, str, int, int]]:
    """Return policy, sentence, and the numbers of findings and resources: one denied call on 500 buckets is one
    line.
    """
    found = grouped(((finding.policy, locale.reason(in_general(finding.reason))), finding) for finding in unread)
    return [(*key, len(items), len(list(by_resource(items)))) for key, items in found.items()]


def _unjoined(assessment: Assessment) -> list[tuple[str, str, str, int]]:
    """Return type, state, reason and number of the resources and blocks that are not known to be one."""
    alone = (join for join in assessment.joins if join.state is not JoinState.JOINED)
    counted = Counter((join.type, join.state.value, join.why) for join in alone)
    return [(*key, number) for key, number in sorted(counted.items())]


def _limited(library: Library, name: str) -> bool:
    policy = library.policies.get(name)
    return policy is not None and (policy.limits is not None or any(rule.breach_only for rule in policy.aws))
