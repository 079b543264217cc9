"""The management summary: one page, for people who decide and do not run the systems."""

from __future__ import annotations

from collections.abc import Iterator

from preuve.model.results import FindingStatus
from preuve.publish.locale import Locale
from preuve.publish.papers import tallies
from preuve.publish.papers.document import Blank, Block, Document, Facts, Items, Prose, Section
from preuve.publish.papers.head import foot, mark, scope, subtitle
from preuve.publish.papers.history import since
from preuve.publish.registers import contradicted
from preuve.publish.site import Site

_WORST = 8


def management_summary(site: Site, t: Locale) -> Document:
    """The page; it never adds controls up to one figure."""
    sections = [
        Section(t("paper.examined"), [Facts(list(_examined(site, t)))]),
        Section(t("paper.standing"), [tallies.standing(site, t), Prose(t("site.index.claim"))]),
        Section(t("paper.worst"), list(_worst(site, t))),
        Section(t("paper.open_points"), [Items(list(_points(site, t)))]),
        Section(t("history.since"), list(since(site, t))),
        Section(t("paper.decision"), [Blank(((t("paper.decided"), 2), (t("paper.name_date"), 1)))]),
    ]
    now = site.assessment.now
    return Document(
        t.language, t("paper.management"), subtitle(site, t), now[:10], mark(site, t), foot(site, t), sections, True
    )


def _examined(site: Site, t: Locale) -> Iterator[tuple[str, str]]:
    yield from scope(site, t)
    counts = {status: sum(1 for _ in tallies.with_status(site, status)) for status in FindingStatus}
    words = (t.count(f"summary.status.{status}", number) for status, number in counts.items() if number)
    yield t("site.col.findings"), " · ".join(words)
    if site.history and site.history.chain:
        last = site.history.chain[-1]
        yield t("history.head"), t("history.head_is", number=last.number, head=last.head)


def _worst(site: Site, t: Locale) -> Iterator[Block]:
    items = tallies.failing(site, t)
    if not items:
        yield Prose(t("summary.no_failure") if site.assessment.examined else t("summary.nothing"))
        return
    yield tallies.failures(items[:_WORST], t)
    if items[_WORST:]:
        findings = t.number(sum(item.findings for item in items[_WORST:]))
        yield Prose(t.count("summary.more", len(items) - _WORST, findings=findings))


def _points(site: Site, t: Locale) -> Iterator[str]:
    """What is open, each with its number, nought included: nothing said would read as nothing there."""
    yield t.count("summary.incomplete", site.assessment.incomplete)
    states = [item.state for item in tallies.evidence(site).values()]
    yield t("paper.evidence_due", missing=t.number(states.count("missing")), stale=t.number(states.count("stale")))
    waivers = [item.state for item in site.assessment.waivers]
    deviations = {name for result in site.assessment.controls for name in result.deviations}
    yield t(
        "paper.waivers",
        active=t.number(waivers.count("active")),
        ended=t.number(waivers.count("expired") + waivers.count("invalid")),
        deviations=t.number(len(deviations)),
    )
    entries = tallies.entries_by_state(site)
    yield t("paper.entries", open=t.number(entries["open"]), overdue=t.number(entries["overdue"]))
    yield t.count("paper.to_grade", len(contradicted(site)))
