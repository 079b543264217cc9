"""The history as sections of a page; the changes since the previous audit as a section of other papers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from statistics import median

from preuve.assess.changes.comparison import Comparison, Kind
from preuve.model.results import FindingStatus
from preuve.publish.history.balance import Balance
from preuve.publish.history.durations import Outcome
from preuve.publish.history.history import History
from preuve.publish.history.runs import ChainRun, RunEntry, rests_on
from preuve.publish.history.tables import days
from preuve.publish.papers.document import Block, Grid, Items, Prose, Section
from preuve.publish.site.facts import Site
from preuve.publish.words.locale import Locale
from preuve.publish.words.names import place_name, policy_title
from preuve.publish.words.text import one_line

_MOST = 100
_WENT = ("fixed", "left", "unsettled")
_LISTED = (Kind.NEW, Kind.REGRESSED, Kind.FIXED, Kind.REMOVED)


def history_sections(site: Site, t: Locale) -> list[Section]:
    """Return runs, changes, what came back, how long fixes took, what is missing; nothing if no history was read."""
    found = site.history
    if found is None:
        return []
    return [
        Section(t("history.since"), list(change_counts(site, t))),
        *_changes(found.comparison, site, t),
        Section(t("history.runs"), [_runs(found, t), Prose(t("history.rests.means"))]),
        *_balances(found, t),
        Section(t("history.time_to_fix"), list(_fixes(found, t))),
        Section(t("history.gaps"), list(_gaps(found, t))),
    ]


def change_counts(site: Site, t: Locale) -> Iterator[Block]:
    """Yield the number of changes since the previous audit, by kind, or the statement that there was no
    previous audit.
    """
    found = site.history.comparison if site.history else None
    if found is None:
        yield Prose(t("history.first_run"))
        return
    yield Prose(t("history.compared", earlier=found.earlier))
    seldom = (Kind.REMOVED, Kind.OTHER_KEY)  # the page has little room
    kinds = [kind for kind in Kind if kind not in seldom or found.of(kind)]
    numbers = [t.number(len(found.of(kind))) for kind in kinds]
    yield Grid([t.word("change", kind) for kind in kinds], [numbers], [1] * len(kinds), range(len(kinds)))
    if unsettled := sum(not item.weak for item in found.changes):
        yield Prose(t.count("history.unsettled", unsettled))
    if found.of(Kind.OTHER_KEY):
        yield Prose(t("history.other_key"))
    if found.params:
        changed = (f"{name}: {before} → {after}" for name, (before, after) in found.params.items())
        yield Prose(t("history.params", changed=one_line(t.clauses(changed), 600)))


def _runs(found: History, t: Locale) -> Grid:
    """Return every run, scans of the chain as well as audits, in the order of time."""
    bundles = {run.now: run for run in found.runs}
    known = [run for run in found.chain if run.kind != "interrupted"]
    runs = [(run.time, run.kind, str(run.number), bundles.pop(run.time, run)) for run in known]
    runs += [(run.now, "audit", "", run) for run in bundles.values()]
    columns = ["history.number", "history.kind", "history.run", "history.moment"]
    words = [*(t(key) for key in columns), *(t.word("finding", status) for status in FindingStatus)]
    words.append(t("history.rests.title"))
    rows = [
        [
            number or (t("history.unnumbered") if run is found.runs[-1] else "—"),
            t.word("run_kind", kind),
            run.name if isinstance(run, RunEntry) else "—",
            t.date(time),
            *_found(run, t),
            t.word(
                "history.rests",
                rests_on(chained=bool(number), kept=isinstance(run, RunEntry), own=run is found.runs[-1]),
            ),
        ]
        for time, kind, number, run in sorted(runs, key=lambda item: item[0])
    ]
    return Grid(words, rows, (2, 3, 4, 7, 3, 3, 4, 3, 3, 5), (0, *range(4, len(words) - 1)))


def _balances(found: History, t: Locale) -> Iterator[Section]:
    """Yield for each run but the first how its number of failures follows from that of the run before; every line adds
    up.
    """
    if not found.balances:
        return
    names = [field.name for field in fields(Balance) if field.name not in ("before", "now")]
    columns = ["history.run", "history.balance.before", *(f"history.moved.{name}" for name in names)]
    rows = [
        [
            run.name,
            t.number(item.before),
            *(_signed(name, getattr(item, name), t) for name in names),
            t.number(item.now),
        ]
        for run, item in zip(found.runs[1:], found.balances, strict=True)
    ]
    grid = Grid([t(key) for key in (*columns, "history.balance.now")], rows, [3] * 11, range(1, 11))
    yield Section(t("history.balance.title"), [Prose(t("history.balance.means")), grid])


def _signed(name: str, figure: int, t: Locale) -> str:
    """Return a figure with its sign."""
    added = -figure if name in _WENT else figure
    sign = "+" if added > 0 else "−" if added < 0 else ""
    return f"{sign}{t.number(abs(added))}"


def _found(run: RunEntry | ChainRun, t: Locale) -> list[str]:
    counts = run.findings if isinstance(run, RunEntry) else run.counts
    return [t.number(counts.get(status, 0)) for status in FindingStatus]


def _changes(found: Comparison | None, site: Site, t: Locale) -> Iterator[Section]:
    for kind in _LISTED if found else ():
        changes = found.of(kind) if found else []
        if changes:
            rows = [
                [t.word("severity", item.finding.severity), policy_title(item.finding.policy, site.library, t),
                 place_name(item.finding.place), item.finding.place.account or item.finding.place.root]
                for item in sorted(changes, key=lambda item: item.finding.severity.rank)[:_MOST]
            ]  # fmt: skip
            columns = ("site.col.severity", "site.col.policy", "site.col.resource", "paper.account_or_code")
            blocks: list[Block] = [Grid([t(key) for key in columns], rows, (3, 10, 10, 5))]
            if len(changes) > _MOST:
                blocks.append(Prose(t("history.more", n=t.number(len(changes) - _MOST))))
            yield Section(t.word("change", kind), blocks)


def _fixes(found: History, t: Locale) -> Iterator[Block]:
    """Yield by severity the weaknesses that were fixed and those still open."""
    yield Prose(t("history.days_means"))
    yield Prose(_open(found, t))
    rows = []
    for severity in sorted({item.severity for item in found.spells}, key=lambda item: item.rank):
        own = [item for item in found.spells if item.severity is severity]
        fixed = [days(found, item) for item in own if item.outcome in (Outcome.FIXED, Outcome.GONE)]
        waiting = [days(found, item) for item in own if item.outcome is Outcome.OPEN]
        rows.append(
            [
                t.word("severity", severity),
                t.number(len(fixed)),
                t.number(round(median(fixed))) if fixed else "—",
                t.number(len(waiting)),
                t.number(max(waiting)) if waiting else "—",
            ]
        )
    columns = ("site.col.severity", "history.fixed", "history.median", "history.waiting", "history.longest")
    yield Grid([t(key) for key in columns], rows, (4, 3, 4, 3, 4), (1, 2, 3, 4))


def _open(found: History, t: Locale) -> str:
    """Explain the difference between open weaknesses and failing findings: each weakness counts once, and undecided
    ones count too.
    """
    waiting = [item for item in found.spells if item.outcome is Outcome.OPEN]
    seen = sum(item.last == len(found.runs) - 1 for item in waiting)
    counts = found.runs[-1].findings
    findings = counts.get(FindingStatus.FAIL, 0) + counts.get(FindingStatus.WAIVED, 0)
    unclear, same = len(waiting) - seen, findings - seen
    said = [t("history.open_counts", open=t.number(len(waiting)))]
    if seen and same:
        said.append(t.count("history.open_twice", same, seen=t.number(seen), findings=t.number(findings)))
    elif seen:
        said.append(t.count("history.open_seen", seen))
    if unclear:
        said.append(t("history.open_unclear", unclear=t.number(unclear)))
    return " ".join(said)


def _gaps(found: History, t: Locale) -> Iterator[Block]:
    if found.gaps:
        yield Items([f"{t.word('gap', gap.kind)}{t('site.colon')} {one_line(gap.what, 300)}" for gap in found.gaps])
    else:
        several = t("history.no_gap") if found.quarters > 1 else t("history.no_gap_quarter")
        yield Prose(several if len(found.runs) > 1 else t("history.no_gap_first"))
