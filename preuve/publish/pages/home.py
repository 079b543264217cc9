"""The first page of the bundle, the overview, and what was in scope."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from preuve.assess.repositories import LEFT_OUT, REPOSITORY, RepositoryScope, matches
from preuve.model.company.workspace import GitHub
from preuve.model.content import Severity
from preuve.model.layout import CONTROLS, GDPR, HISTORY, IAC, LIMITS, MACHINE, REFERENCE, REGISTERS, SCOPE, SUMMARY
from preuve.model.results import Assessment, FindingStatus
from preuve.publish.history.charts import charts
from preuve.publish.pages.context import Context, Leaf
from preuve.publish.pages.frameworks import framework_views
from preuve.publish.site.open_points import least_of, unsettled
from preuve.publish.site.paths import (
    CODE,
    GDPR_FRAMEWORK,
    HISTORY_PAGE,
    HOME,
    ISO_FRAMEWORK,
    LIMITS_PAGE,
    REFERENCE_PAGE,
    REGISTERS_PAGE,
    SCOPE_PAGE,
    framework_page,
)
from preuve.publish.tables.registers import excluded
from preuve.publish.words.approvals import unverified
from preuve.publish.words.names import FailingPolicy, failing_policies, purpose
from preuve.publish.words.origins import named, sources

WORST = 10  # policies on the overview
_FOLDERS = (SUMMARY, SCOPE, REFERENCE, CONTROLS, GDPR, IAC, REGISTERS, HISTORY, MACHINE, LIMITS)
_FRAMEWORKS = (framework_page(ISO_FRAMEWORK), framework_page(GDPR_FRAMEWORK))


@dataclass(frozen=True)
class Bar:
    """Failing findings of one severity, and the length of the bar, in hundredths of the longest."""

    severity: Severity
    count: int
    width: float


def home_pages(context: Context) -> Iterator[Leaf]:
    """Yield the overview and the scope."""
    yield overview(context)
    organization = organization_of(context.site.workspace.github, context.site.assessment)
    values = {"files": context.files.get(SCOPE, ()), "organization": organization, "exclusions": excluded(context.site)}
    yield Leaf("scope", SCOPE_PAGE, SCOPE_PAGE, values)


def overview(context: Context) -> Leaf:
    """Return the overview: the status of each framework, and the failures."""
    worst = failing_policies(context.site.assessment.findings)
    values = {
        **_counts(context),
        "frameworks": list(framework_views(context)),
        "bars": _bars(worst),
        "charts": charts(context.site.history, context.locale)[1:],  # the first is shown with the findings above
        "worst": worst[:WORST],
        "more": len(worst) - WORST,
        "files": context.files.get(SUMMARY, ()),
    }
    return Leaf("index", HOME, HOME, values)


def readme(context: Context) -> Leaf:
    """Return the first page of the bundle, in the language of the workspace."""
    values = {
        **_counts(context),
        "frameworks": list(framework_views(context)),
        "folders": list(_folders(context)),
        "purpose": purpose(context.site.workspace, context.locale),
        "delete_after": context.site.delete_after,
        "sealing": context.site.sealing,
    }
    return Leaf("readme", HOME, "", {**values, "page": ""})  # not in the navigation


def _folders(context: Context) -> Iterator[tuple[str, str]]:
    """Yield the folders of the bundle and their first pages; the folder for machines has no page. A framework that was
    not judged has no folder.
    """
    pages = (HOME, SCOPE_PAGE, REFERENCE_PAGE, *_FRAMEWORKS, CODE, REGISTERS_PAGE, HISTORY_PAGE, "", LIMITS_PAGE)
    shown = {framework_page(name) for name in context.facts.frameworks}
    for folder, page in zip(_FOLDERS, pages, strict=True):
        if page not in _FRAMEWORKS or page in shown:
            yield folder, page


def _counts(context: Context) -> dict[str, Any]:
    assessment = context.site.assessment
    counts: Mapping[FindingStatus, int] = Counter(finding.status for finding in assessment.findings)
    why = unsettled(context.site, context.locale)
    read = named(sources(context.site.listings, assessment.findings), context.locale)
    least = least_of(context.site)
    return {"counts": counts, "least": least, "unsettled": why, "unverified": unverified(assessment), "sources": read}


def _bars(worst: Sequence[FailingPolicy]) -> list[Bar]:
    counts: Counter[Severity] = Counter()
    for item in worst:
        counts[item.severity] += item.count
    most = max(counts.values(), default=1)
    return [Bar(severity, counts[severity], round(100 * counts[severity] / most, 2)) for severity in Severity]


# ---- organization ---------------------------------------------------------------------------------------------------
# A GitHub organization in a bundle: its repositories, excluded ones, and exclusions that match none.


@dataclass(frozen=True)
class Organization:
    """The discovered repositories: those examined, and the others with the reason."""

    name: str
    examined: Sequence[str]
    left_out: Sequence[tuple[str, str]]
    unmatched: Sequence[str]  # names and patterns of the workspace that no repository has


def organization_of(github: GitHub | None, assessment: Assessment) -> Organization | None:
    """Return the organization; None if none is in scope."""
    if github is None or github.none:
        return None
    found: dict[str, str] = {}
    for finding in assessment.findings:
        if finding.place.type == REPOSITORY and finding.place.id:
            left_out = finding.reason.code == LEFT_OUT
            found[finding.place.id] = str(finding.reason.values.get("reason", "")) if left_out else ""
    named = RepositoryScope(github).named()
    return Organization(
        github.organization,
        sorted(name for name, why in found.items() if not why),
        sorted((name, why) for name, why in found.items() if why),
        [pattern for pattern in named if not any(matches(pattern, name) for name in found)],
    )
