"""The audit report: scope, criteria and method, findings, limits, and room for the conclusion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from preuve.model.content import title_of
from preuve.model.results import ControlResult, ControlStatus, FindingStatus, in_general
from preuve.publish.papers import tallies
from preuve.publish.papers.document import Blank, Block, Document, Facts, Grid, Items, Prose, Section
from preuve.publish.papers.head import account_counts, foot, mark, scope, subtitle
from preuve.publish.papers.history import change_counts
from preuve.publish.site.accounts import AccountRow, account_rows, several
from preuve.publish.site.facts import Site
from preuve.publish.site.open_points import silence
from preuve.publish.site.regions import filled
from preuve.publish.site.views import Facts as Index
from preuve.publish.tables.bundle import Table
from preuve.publish.tables.registers import (
    actions,
    against_law,
    asks_a_standard,
    contradicted,
    excluded,
    excluded_because,
    nonconformities,
    uncounted,
    waivers,
)
from preuve.publish.tables.sheets import Cell
from preuve.publish.words.approvals import waiver_counts
from preuve.publish.words.locale import Locale
from preuve.publish.words.names import failing_policies, policy_title
from preuve.publish.words.origins import named, sources
from preuve.publish.words.text import one_line

_WAIVERS = {
    "table.id": 3, "site.col.state": 4, "site.col.title": 6, "site.col.reason": 8, "site.col.owner": 5,
    "site.col.approver": 5, "table.approval": 6, "table.expires": 4,
}  # fmt: skip
_NONCONFORMITIES = {
    "table.id": 4, "site.col.state": 4, "site.col.control": 4, "table.finding": 10, "table.grade": 4, "table.cause": 8,
}  # fmt: skip
_ACTIONS = {
    "table.nonconformity": 4, "table.action": 10, "site.col.owner": 6, "table.due": 4, "table.effective": 8,
}  # fmt: skip
_COUNTED = (FindingStatus.FAIL, FindingStatus.WAIVED, FindingStatus.NOT_EVALUATED)
_OPEN = (
    ControlStatus.NOT_SUPPORTED,
    ControlStatus.PARTLY_SUPPORTED,
    ControlStatus.NOT_ASSESSED,
    ControlStatus.PARTLY_DECLARED,
    ControlStatus.DECLARED,
)


def audit_report(site: Site, t: Locale) -> Document:
    """Return the report as far as a program can write it; the auditor writes the conclusion."""
    parts: Sequence[tuple[str, Iterator[Block]]] = (
        ("paper.scope", _scope(site, t)),
        ("paper.method", _method(site, t)),
        ("paper.standing", _standing(site, t)),
        ("paper.failing", _failing(site, t)),
        ("paper.by_control", _controls(site, t)),
        ("history.since", change_counts(site, t)),
        ("paper.unread", _unread(site, t)),
        ("site.nav.waivers", _waivers(site, t)),
        ("table.nonconformities", _nonconformities(site, t)),
        ("paper.due", _due(site, t)),
        ("paper.conclusion", _conclusion(t)),
    )
    sections = [Section(f"{number}. {t(key)}", list(blocks)) for number, (key, blocks) in enumerate(parts, start=1)]
    now = site.assessment.now
    return Document(t.language, t("paper.report"), subtitle(site, t), now[:10], mark(site, t), foot(site, t), sections)


def _scope(site: Site, t: Locale) -> Iterator[Block]:
    frameworks = ", ".join(tallies.framework_title(name, site, t) for name in tallies.by_framework(site))
    callers = site.meta.callers
    facts = [(t("paper.criteria"), frameworks or t("site.none")), *scope(site, t)]
    rows = account_rows(site) if several(site) else []
    if rows:
        facts.append((t("site.accounts.against"), " · ".join(account_counts(rows, t))))
    if site.meta.started:
        facts.append((t("site.index.read"), t.span(*site.read_during)))
    facts += [(f"{t('site.index.caller')} {account}", one_line(caller)) for account, caller in callers.items()]
    told = [
        f"{tallies.control_name(item.control, site, t)}{t('site.colon')} {excluded_because(item, site, t)}"
        for item in excluded(site)
    ]
    yield Facts(facts)
    if accounts := [_left_out(row, t) for row in rows if not row.in_scope]:
        yield Prose(t("site.accounts.left_out_title") + t("site.colon"))
        yield Items(accounts)
    if told:
        yield Prose(t("paper.excluded"))
        yield Items(told)


def _left_out(row: AccountRow, t: Locale) -> str:
    why = t.clauses(filter(None, [t.word("site.accounts.states", row.state), one_line(row.reason)]))
    return f"{one_line(row.name)} ({row.id}){t('site.colon')} {why}"


def _method(site: Site, t: Locale) -> Iterator[Block]:
    read = named(sources(site.listings, site.assessment.findings), t)
    applied = len(site.assessment.policies) - len(site.assessment.silent)
    yield Prose(t("paper.method_means", n=t.number(applied), sources=read))
    yield Prose(t("paper.independence"))


def _standing(site: Site, t: Locale) -> Iterator[Block]:
    yield tallies.standing(site, t)
    yield Prose(t("paper.attention_means"))
    for name in tallies.by_framework(site):
        yield from tallies.reading(name, site, t)
    yield Prose(t("site.index.claim"))


def _failing(site: Site, t: Locale) -> Iterator[Block]:
    items = failing_policies(site.assessment.findings)
    if items:
        yield tallies.failures(items, site, t)
    else:
        yield Prose(t("summary.no_failure") if site.assessment.examined else t("summary.nothing"))


def _controls(site: Site, t: Locale) -> Iterator[Block]:
    """Yield a line for every control without full support; its working paper has the reasons."""
    yield Prose(t("paper.by_control_means"))
    index = Index(site)
    rows = [_control(item, index, t) for status in _OPEN for item in site.assessment.controls if item.status is status]
    keys = ("site.col.control", "site.col.title", "site.col.status")
    words = [*(t(key) for key in keys), *(t.word("finding", status) for status in _COUNTED)]
    columns = [*words, t("site.control.attention"), t("paper.lacking")]
    yield Grid(columns, rows, (4, 10, 6, 3, 5, 4, 5, 5), tuple(range(3, len(columns))))


def _control(result: ControlResult, index: Index, t: Locale) -> list[str]:
    counts = Counter(finding.status for policy in result.deciding for finding in index.within(result, policy))
    numbers = [counts[status] for status in _COUNTED]
    lacking = sum(item.state != "current" for item in result.evidence)
    title = tallies.control_title(result.control, index.site, t)
    told = [t.number(number) if number else "—" for number in (*numbers, len(result.attention), lacking)]
    return [
        tallies.control_number(result.control, index.site, t) or "—",
        title,
        t.word("control", result.status),
        *told,
    ]


def _unread(site: Site, t: Locale) -> Iterator[Block]:
    causes: dict[tuple[str, str], int] = {}
    for item in tallies.with_status(site, FindingStatus.NOT_EVALUATED):
        key = (policy_title(item.policy, site.library, t), one_line(t.reason(in_general(item.reason))))
        causes[key] = causes.get(key, 0) + 1
    for told in silence(site, t):
        yield Prose(told)
    beyond = filled(site.regions)
    if beyond:
        yield Prose(t("decide.regions.count", n=t.number(len(beyond)), names=", ".join(beyond)))
    if not causes:
        if not site.assessment.silent and not beyond:
            yield Prose(t("site.limits.all_read"))
        return
    rows = [[policy, reason, t.number(number)] for (policy, reason), number in sorted(causes.items())]
    yield Grid([t("site.col.policy"), t("site.col.reason"), t("site.col.found")], rows, (8, 14, 2), (2,))


def _waivers(site: Site, t: Locale) -> Iterator[Block]:
    yield Prose(t("site.waiver.lead"))
    table = waivers(site, t)
    if table.rows:
        yield Prose(f"{waiver_counts(site.assessment.waivers).told(t)}.")
    yield picked(table, _WAIVERS, table.rows, t) if table.rows else Prose(t("site.waiver.none"))


def _nonconformities(site: Site, t: Locale) -> Iterator[Block]:
    """Yield the register's nonconformities. Those that the evidence adds are counted here, and listed in the
    spreadsheets.
    """
    for table, columns in ((nonconformities(site, t), _NONCONFORMITIES), (actions(site, t), _ACTIONS)):
        recorded = [row for row in table.rows if row[0]]
        if recorded:
            yield picked(table, columns, recorded, t)
    unknown = uncounted(site)
    if unknown or not site.workspace.nonconformities:
        yield Prose(t("paper.no_entry", why=t.word("paper.unknown", unknown or "declared")))
    if asks_a_standard(site):
        yield Prose(t.count("paper.to_grade", len(contradicted(site))))
    if law := against_law(site):
        yield Prose(t.count("paper.law", len(law)))


def picked(table: Table, columns: Mapping[str, int], rows: Sequence[Sequence[Cell]], t: Locale) -> Grid:
    """Return some columns of a spreadsheet table as a table on paper, each with its width."""
    names = [name for name, _ in table.columns]
    places = [names.index(key) for key in columns]
    cells = [[_shown(row[place], t) for place in places] for row in rows]
    return Grid([t(key) for key in columns], cells, list(columns.values()))


def _shown(cell: Cell, t: Locale) -> str:
    return t.number(cell) if isinstance(cell, int) else str(cell)


def _due(site: Site, t: Locale) -> Iterator[Block]:
    items = [item for item in site.assessment.evidence.values() if item.state != "current"]
    if not items:
        yield Prose(t("site.limits.nothing_due"))
        return
    rows = []
    for item in sorted(items, key=lambda item: (item.state, item.id)):
        known = site.library.evidence.get(item.id)
        title = one_line(title_of(known, t.language))
        owner = t.word("role", known.owner_role) if known else ""
        rows.append([item.id, t.word("evidence_state", item.state), title, owner])
    columns = [t("site.col.item"), t("site.col.state"), t("site.col.title"), t("site.col.owner")]
    yield Grid(columns, rows, (3, 4, 14, 6))


def _conclusion(t: Locale) -> Iterator[Block]:
    yield Prose(t("paper.conclusion_means"))
    yield Blank(
        ((t("site.paper.conclusion"), 5), (t("paper.auditor"), 1), (t("site.paper.date"), 1), (t("paper.signature"), 2))
    )
