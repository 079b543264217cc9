"""The tables of the history for spreadsheets: runs, changes, what came back, how long fixes took, what is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from preuve.assess.changes.comparison import Change, Key, Kind
from preuve.model.layout import HISTORY
from preuve.model.results import ControlStatus, Finding, FindingStatus
from preuve.publish.history.durations import WeaknessSpan
from preuve.publish.history.history import History
from preuve.publish.history.runs import ChainRun, RunEntry, rests_on
from preuve.publish.site.facts import Site
from preuve.publish.tables.bundle import Table, table_bytes
from preuve.publish.tables.sheets import Cell, day
from preuve.publish.words.code_texts import CodeTexts
from preuve.publish.words.locale import Locale
from preuve.publish.words.names import place_name, relative_file
from preuve.publish.words.text import one_line

_PLACE = (
    ("site.col.policy", 30), ("site.col.severity", 11), ("site.col.type", 26), ("site.col.resource", 40),
    ("paper.account_or_code", 16), ("site.col.region", 12),
)  # fmt: skip
Columns = tuple[tuple[str, int], ...]


def write_history(bundle: Path, site: Site, t: Locale) -> None:
    """Write the tables; nothing if no history was read."""
    if site.history is None:
        return
    folder = bundle / HISTORY
    folder.mkdir(parents=True, exist_ok=True)
    for name, build in _TABLES:
        (folder / f"{name}.csv").write_bytes(table_bytes(build(site.history, t), site, t))
    texts = CodeTexts(site.library, site.workspace.params, t)
    (folder / "changes.csv").write_bytes(table_bytes(_changes(site.history, texts), site, t))


def _runs(history: History, t: Locale) -> Table:
    """Return every run: those of the chain, and bundles that the chain does not name; this run is last."""
    columns: Columns = (
        ("history.number", 10), ("history.kind", 14), ("history.run", 14), ("history.moment", 22),
        ("history.period", 12), ("history.commit", 44),
        *((f"finding.{status}", 12) for status in FindingStatus),
        *((f"history.control.{status}", 12) for status in ControlStatus),
        ("history.rests.title", 40),
    )  # fmt: skip
    bundles = {run.now: run for run in history.runs}
    rows = [_numbered(run, bundles.pop(run.time, None), t) for run in history.chain if run.kind != "interrupted"]
    rows += [
        [
            t("history.unnumbered") if run is history.runs[-1] else "—",
            *(t("run_kind.audit"), run.name, run.now, run.period, run.commit, *_counts(run)),
            t.word("history.rests", rests_on(chained=False, kept=True, own=run is history.runs[-1])),
        ]
        for run in bundles.values()
    ]
    return Table("history.runs", columns, sorted(rows, key=lambda row: str(row[3])))


def _numbered(run: ChainRun, bundle: RunEntry | None, t: Locale) -> list[Cell]:
    # The chain counts no controls: these cells stay empty.
    alone = [*(run.counts.get(status, 0) for status in FindingStatus), *("" for _ in ControlStatus)]
    found = _counts(bundle) if bundle else alone
    name = bundle.name if bundle else ""
    rests = t.word("history.rests", rests_on(chained=True, kept=bundle is not None))
    return [run.number, t.word("run_kind", run.kind), name, run.time, run.period, run.commit, *found, rests]


def _counts(run: RunEntry) -> list[Cell]:
    return [
        *(run.findings.get(status, 0) for status in FindingStatus),
        *(run.controls.get(status, 0) for status in ControlStatus),
    ]


def _changes(history: History, texts: CodeTexts) -> Table:
    """Return the table of changes since the previous run; the reason of what is unchanged is in findings.csv."""
    columns: Columns = (
        ("history.change", 20), ("history.before", 14), ("history.after", 14), *_PLACE, ("table.file", 30),
        ("site.col.reason", 60), ("history.compared_with", 14),
    )  # fmt: skip
    found = history.comparison
    rows = [_change(item, found.earlier, texts) for item in found.changes] if found else []
    return Table("history.changes", columns, rows)


def _change(item: Change, earlier: str, texts: CodeTexts) -> list[Cell]:
    t, finding = texts.locale, item.finding
    place = finding.place
    file = relative_file(place.file)
    where = [place.type, place_name(place), place.account or place.root, place.region]
    return [
        t.word("change", item.kind),
        _status(item.before, t),
        _status(item.after, t),
        finding.policy,
        t.word("severity", finding.severity),
        *where,
        f"{file}:{place.line}" if file and place.line else file,
        "" if item.kind is Kind.UNCHANGED else one_line(texts.verdict(finding)),
        earlier,
    ]


def _status(finding: Finding | None, t: Locale) -> str:
    return t.word("finding", finding.status) if finding else t("history.not_seen")


def _regressions(history: History, t: Locale) -> Table:
    """Return the table of policies that had passed and failed again, with the run."""
    columns: Columns = (*_PLACE, ("history.back_in", 14), ("history.back_on", 12), ("history.outcome", 20))
    rows = [
        [*_place(item.key, item, t), history.runs[item.first].name, _day(history, item.first), _outcome(item, t)]
        for item in history.regressions
    ]
    return Table("history.regressions", columns, rows)


def _time_to_fix(history: History, t: Locale) -> Table:
    """Return the table of how long each weakness lasted."""
    columns: Columns = (
        *_PLACE, ("history.first", 12), ("history.last", 12), ("history.ended", 12), ("history.days", 8),
        ("history.outcome", 20),
    )  # fmt: skip
    rows = [
        [
            *_place(item.key, item, t),
            _day(history, item.first),
            _day(history, item.last),
            _day(history, item.ended) if item.ended is not None else "",
            days(history, item),
            _outcome(item, t),
        ]
        for item in history.spells
    ]
    return Table("history.time_to_fix", columns, rows)


def days(history: History, item: WeaknessSpan) -> int:
    """Return the days from the first run with a weakness to the run that ended it, or to the last run."""
    until = history.runs[-1 if item.ended is None else item.ended].now[:10]
    return (date.fromisoformat(until) - date.fromisoformat(history.runs[item.first].now[:10])).days


def _gaps(history: History, t: Locale) -> Table:
    """Return the table of gaps."""
    columns: Columns = (("history.gap", 30), ("history.what", 60))
    rows = [[t.word("gap", gap.kind), one_line(gap.what)] for gap in history.gaps]
    return Table("history.gaps", columns, rows)


def _place(key: Key, item: WeaknessSpan, t: Locale) -> list[Cell]:
    policy, _, type_, account, region, root, resource = key
    return [policy, t.word("severity", item.severity), type_, one_line(resource), account or root, region]


def _day(history: History, run: int) -> Cell:
    return day(history.runs[run].now)


def _outcome(item: WeaknessSpan, t: Locale) -> str:
    return t.word("outcome", item.outcome)


_TABLES: tuple[tuple[str, Callable[[History, Locale], Table]], ...] = (
    ("runs", _runs),
    ("regressions", _regressions),
    ("time-to-fix", _time_to_fix),
    ("gaps", _gaps),
)
