"""A page for each framework and each of its controls."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from preuve.assess.plan import LAW
from preuve.model.content import Control, Framework, Guide, GuideEntry, Severity, title_of
from preuve.model.layout import SUMMARY
from preuve.model.results import ControlResult, ControlStatus, FindingStatus
from preuve.publish.pages.context import Context, Leaf
from preuve.publish.site.calls import CitedCalls
from preuve.publish.site.paths import GDPR_FRAMEWORK, control_folder, control_page, framework_page
from preuve.publish.site.views import Row
from preuve.publish.words.locale import Locale
from preuve.publish.words.names import is_theme, strengths_of

ROWS_PER_POLICY = 5  # rows on a control's page, fewer if many policies share it; the policy's page has all
ROWS_PER_CONTROL = 10
WITH_ROWS = 2  # policies with rows: the gravest that test the control; the others show counts
_SHOWN = (FindingStatus.FAIL, FindingStatus.WAIVED, FindingStatus.NOT_EVALUATED)


@dataclass(frozen=True)
class FrameworkView:
    """A framework with its controls by group. Its themes are separate and in no count."""

    id: str
    title: str
    version: str
    page: str
    counts: Mapping[ControlStatus, int]
    segments: list[Segment]
    groups: list[Group]
    results: list[ControlResult]
    themes: list[ControlResult]
    controls: Mapping[str, Control]

    @property
    def law(self) -> bool:
        """Whether its controls are items of the law; the page's template names them so."""
        return self.id == LAW


@dataclass(frozen=True)
class PolicyView:
    """A policy on the page of a control: the findings that count there, cut to a readable number."""

    id: str
    strength: str
    counts: Counter[FindingStatus]
    rows: Mapping[FindingStatus, list[Row]]
    left_out: Mapping[FindingStatus, int]

    @property
    def worth(self) -> int:
        """The number of findings that need attention; the page's template uses it."""
        return sum(self.counts[status] for status in _SHOWN)

    @property
    def group(self) -> str:
        """The group of a policy in the page's template. A policy without a finding judged nothing, so that it is
        neither open nor clear.
        """
        return "open" if self.worth else "clear" if self.counts.total() else "silent"


@dataclass(frozen=True)
class GuideView:
    """A sheet of a guide that covers a control."""

    guide: Guide
    entry: GuideEntry
    strength: str


def framework_views(context: Context) -> Iterator[FrameworkView]:
    """Yield the frameworks that were assessed."""
    for name, found, results in context.frameworks():
        yield _view(context, name, found, results)


def _view(context: Context, name: str, found: Framework | None, results: list[ControlResult]) -> FrameworkView:
    controls = {control.id: control for control in found.controls} if found else {}
    themes = [result for result in results if is_theme(result, context.site.library)]
    results = [result for result in results if result not in themes]
    counts = Counter(result.status for result in results)
    return FrameworkView(
        id=name,
        title=title_of(found, context.locale.language, name),
        version=found.framework_version if found else "",
        page=framework_page(name),
        counts=counts,
        segments=list(segments(counts)),
        groups=groups(results, controls, context.locale),
        results=results,
        themes=themes,
        controls=controls,
    )


def framework_pages(context: Context) -> Iterator[Leaf]:
    """Yield the page of each framework."""
    for view in framework_views(context):
        values = {"framework": view, "crosswalk": bool(_relates(context, view.id))}
        yield Leaf("framework", view.page, view.page, values)


def _relates(context: Context, framework: str) -> bool:
    """Return whether the crosswalk starts from this framework."""
    return framework == GDPR_FRAMEWORK and bool(context.site.library.crosswalk.links)


def control_pages(context: Context) -> Iterator[Leaf]:
    """Yield the page of each control."""
    for result in context.site.assessment.controls:
        page = control_page(result.framework, result.control)
        yield Leaf("control", page, framework_page(result.framework), _control(context, result))


def _control(context: Context, result: ControlResult) -> dict[str, Any]:
    facts, library = context.facts, context.site.library
    evidence = CitedCalls(context.facts.calls)
    control = library.control(result.control)
    strengths = strengths_of(control, result)
    most = max(1, min(ROWS_PER_POLICY, ROWS_PER_CONTROL // max(1, len(result.policies))))
    ordered = sorted(result.policies, key=lambda name: (name in result.supporting, _order(context, result, name)))
    shown = [name for name in ordered if name in result.deciding][:WITH_ROWS]
    policies = [
        _policy(context, result, policy, strengths.get(policy, ""), evidence, most if policy in shown else 0)
        for policy in ordered
    ]
    return {
        "result": result,
        "control": control,
        "policies": policies,
        "listings": len(facts.population(result.policies, evidence)),
        "seconds": facts.seconds(result.policies),
        "evidence": evidence,
        "files": context.files.get(control_folder(result.framework, result.control), ()),
        "tables": context.files.get(SUMMARY, ()),
        "related": library.crosswalk.of(result.control),
        "helped": library.crosswalk.helped_by(result.control),
        "guides": list(_guides(context, result.control)),
        "themes": [facts.results[name] for name in _themes(context, result.control)],
        "articles": [facts.results[name] for name in _refs(control) if name in facts.results],
    }


def _order(context: Context, result: ControlResult, policy: str) -> tuple[int, int]:
    """Return the sort key of a policy: failing ones first, then undecided ones, each by severity."""
    counts = Counter(finding.status for finding in context.facts.within(result, policy))
    found = context.site.library.policies.get(policy)
    worst = next((number for number, status in enumerate(FindingStatus) if counts[status]), len(FindingStatus))
    return worst, found.severity.rank if found else len(Severity)


def _policy(
    context: Context, result: ControlResult, policy: str, strength: str, evidence: CitedCalls, most: int
) -> PolicyView:
    rows, left_out = {}, {}
    within = context.facts.within(result, policy)
    for status in _SHOWN:
        found = [finding for finding in within if finding.status is status]
        rows[status] = context.facts.rows(found[:most], context.locale, evidence)
        left_out[status] = max(0, len(found) - most)
    return PolicyView(policy, strength, Counter(finding.status for finding in within), rows, left_out)


def _guides(context: Context, control: str) -> Iterator[GuideView]:
    for guide in context.site.library.crosswalk.guides:
        for entry in guide.entries:
            if control in entry.links:
                yield GuideView(guide, entry, entry.links[control])


def _themes(context: Context, article: str) -> Iterator[str]:
    """Yield the themes that draw on an article."""
    for framework in context.site.library.frameworks.values():
        for control in framework.controls:
            if control.id in context.facts.results and article in _refs(control):
                yield control.id


def _refs(control: Control | None) -> list[str]:
    """Return the articles that a theme brings together."""
    return [str(name) for name in control.details.get("refs") or ()] if control else []


# ---- groups ---------------------------------------------------------------------------------------------------------
# Controls by theme or chapter, and stacked bars of their statuses.


_ARTICLES = re.compile(r"articles_(\d+)_(\d+)")


@dataclass(frozen=True)
class Group:
    """Controls of one theme or chapter, and how many have each status."""

    name: str
    results: Sequence[ControlResult]
    counts: Mapping[ControlStatus, int]


@dataclass(frozen=True)
class Segment:
    """A part of a stacked bar, in hundredths of its width."""

    status: str
    count: int
    x: float
    width: float


def groups(results: Sequence[ControlResult], controls: Mapping[str, Control], locale: Locale) -> list[Group]:
    """Return the controls of a framework by theme (ISO) or chapter (GDPR), in the order of the catalogue."""
    found: dict[str, list[ControlResult]] = {}
    for result in results:
        control = controls.get(result.control)
        found.setdefault(group_key(control.group if control else "", locale), []).append(result)
    return [
        Group(locale(f"groups.{key}"), items, Counter(item.status for item in items)) for key, items in found.items()
    ]


def group_key(group: str, locale: Locale) -> str:
    """Return the key below `groups` for a control's group; an article's number falls into its chapter."""
    if locale.has(f"groups.{group}"):
        return group
    for key in locale.strings["groups"]:
        match = _ARTICLES.fullmatch(key)
        if match and group.isdigit() and int(match[1]) <= int(group) <= int(match[2]):
            return str(key)
    return "other"


def segments(counts: Mapping[ControlStatus, int]) -> Iterator[Segment]:
    """Yield a stacked bar of these counts, in the order of the statuses."""
    total = sum(counts.values())
    position = 0.0
    for status in ControlStatus:
        count = counts.get(status, 0)
        if count:
            width = 100 * count / total
            yield Segment(status.value, count, round(position, 3), round(width, 3))
            position += width
