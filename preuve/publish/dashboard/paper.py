"""The management committee dashboard: points to decide, indicators, findings; at the end the trends with their
figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from preuve.model.company.indicator import Figure, IndicatorSeries, Runs, Target
from preuve.model.content import Severity
from preuve.publish.dashboard import words
from preuve.publish.dashboard.decisions import decisions
from preuve.publish.dashboard.month import Month
from preuve.publish.papers.document import Blank, Block, Document, Facts, Grid, Prose, Section, Trend, Trends
from preuve.publish.tables.manual import DUE
from preuve.publish.words.locale import Locale
from preuve.publish.words.text import one_line


def dashboard(month: Month, t: Locale) -> Document:
    """Return the paper of a month."""
    sections = [
        Section(t("paper.to_decide"), [_decisions(month, t)]),
        Section(t("monthly.indicators"), [_indicators(month, t)]),
        Section(t("monthly.findings"), list(_findings(month, t))),
        Section(t("monthly.besides"), [Facts(list(_besides(month, t)))]),
        Section(t("paper.decision"), [Blank(((t("paper.decided"), 1), (t("paper.name_date"), 1)))]),
        Section(t("monthly.trends"), list(_trends(month, t)), apart=True),
        Section(t("monthly.definitions"), [_definitions(month, t)]),
    ]
    day = month.day.isoformat()
    mark = f"{t('site.demonstration')} · {t('site.demonstration_means')}" if month.workspace.demonstration else ""
    about = t("monthly.as_of" if month.ended else "monthly.so_far", date=t.date(day))
    heading = t("monthly.title", month=words.month(month.month, t))
    return Document(t.language, heading, about, day, mark, t("monthly.foot"), sections, compact=True)


def _decisions(month: Month, t: Locale) -> Grid:
    columns = [t("monthly.col.decide"), t("monthly.col.owner"), t("monthly.col.by")]
    return Grid(columns, decisions(month, t), (16, 5, 4))


def _indicators(month: Month, t: Locale) -> Grid:
    before = words.month(month.months[-2], t)
    columns = [
        t("monthly.col.indicator"), t("monthly.col.target"), before, words.month(month.month, t),
        t("site.col.state"), t("monthly.col.owner"),
    ]  # fmt: skip
    return Grid(columns, [_indicator(item, t) for item in month.measured], (10, 5, 3, 4, 9, 5), (2, 3))


def _indicator(item: IndicatorSeries, t: Locale) -> list[str]:
    found = item.indicator
    return [
        words.title(found, t),
        words.target(found.target, found, t),
        words.figure(item.figures[-2], found, t),
        words.figure(item.now, found, t),
        words.standing(item, t),
        found.owner.in_language(t.language),
    ]


def _findings(month: Month, t: Locale) -> Iterator[Block]:
    """Yield by severity the failures, the changes of the month, the late ones, the time that fixes took, the age of the
    oldest.
    """
    audits = month.audits
    if not audits.runs:
        yield Prose(t("monthly.no_audit_here" if audits.lost else "monthly.no_audit"))
        return
    yield Prose(t("monthly.last_audit", audit=audits.runs[-1].name, date=t.date(audits.runs[-1].now)))
    if not month.audited:
        yield from _scanned(month, t)
        return
    columns = [
        "site.col.severity",
        *(f"monthly.col.{name}" for name in _MEASURES),
        "monthly.col.age",
        "monthly.col.oldest",
    ]
    rows = [_severity(severity, month, t) for severity in _SEVERITIES]
    yield Grid([t(key) for key in columns], rows, (4, *(3 for _ in columns[1:])), range(1, len(columns)))


def _scanned(month: Month, t: Locale) -> Iterator[Grid]:
    """Yield the counts of the last recorded scan of a month without an audit; nothing if there is none."""
    found = [(severity, month.scanned(month.month, severity)) for severity in _SEVERITIES]
    if any(figure.value is not None for _, figure in found):
        rows = [[t.word("severity", severity), words.brief(figure, t)] for severity, figure in found]
        yield Grid([t("site.col.severity"), t("monthly.col.scanned")], rows, (4, 27), (1,))


_SEVERITIES = tuple(severity for severity in Severity if severity is not Severity.INFO)  # INFO requires no action
_MEASURES = ("failing", "new", "fixed", "regressed", "other", "overdue", "median_fix", "p90_fix")


def _severity(severity: Severity, month: Month, t: Locale) -> list[str]:
    figures = (month.audits.figure(month.month, Runs(name, (severity,))) for name in _MEASURES)
    return [t.word("severity", severity), *(words.brief(found, t) for found in figures), *_ages(severity, month, t)]


def _ages(severity: Severity, month: Month, t: Locale) -> Sequence[str]:
    """Return the median and the highest age of failures in the audit of the month."""
    audits, last = month.audits, len(month.audits.runs) - 1
    waiting = sorted(
        (audits.days(item, last), audits.is_older(item, last))
        for item in audits.spells
        if item.ended is None and item.severity is severity and item.key in audits.failing[last]
    )
    middle = waiting[(len(waiting) - 1) // 2 : len(waiting) // 2 + 1]
    if waiting:
        return [_age(middle, t), _age(waiting[-1:], t)]
    unsure = audits.figure(month.month, Runs("failing", (severity,))).least
    return [words.UNKNOWN if unsure else words.NOT_THERE] * 2


def _age(found: Sequence[tuple[int, bool]], t: Locale) -> str:
    """Return the days of one failure, or the range of two; some may be older than the audits know."""
    days = round(median(days for days, _ in found))
    if not any(first for _, first in found):
        return t.number(days)
    return f"{words.AT_LEAST} {t.number(days)}" if days else words.UNKNOWN


_MOST_WAIVERS, _MOST_GAPS = 12, 3


def _besides(month: Month, t: Locale) -> Iterator[tuple[str, str]]:
    reading = month.reading
    scope = t.number(reading.in_scope)
    if reading.read is None:
        yield t("monthly.accounts"), t("monthly.accounts_unread", scope=scope)
    else:
        read = t.number(reading.read)
        day = "" if month.audited else t.date(month.audits.runs[-1].now[:10])
        yield (
            t("monthly.accounts"),
            t("monthly.accounts_were" if day else "monthly.accounts_are", read=read, scope=scope, date=day),
        )
    yield t("monthly.runs"), _runs(month, t)
    ending = [f"{item.id} ({t.date(item.expires.isoformat())})" for item in month.ending_waivers()]
    yield t("monthly.waivers"), t.few(ending, _MOST_WAIVERS) or t("site.none_feminine")
    counts = {name: sum(found.state == name for _, found in month.evidence) for name in (*DUE, "current")}
    yield t("monthly.evidence"), t("attest.counts", **{name: t.number(count) for name, count in counts.items()})
    gaps = [f"{t.word('gap', gap.kind)}{t('site.colon')} {one_line(gap.what, 80)}" for gap in month.audits.gaps]
    if gaps:
        yield t("history.gaps"), t.few(gaps, _MOST_GAPS, t("list.between"))


def _runs(month: Month, t: Locale) -> str:
    """Return the number of runs in the chain for the month."""
    if month.chain is None:
        return t("monthly.why.no_chain")
    counts = {kind: t.number(len(month.recorded(month.month, kind))) for kind in ("audit", "scan", "interrupted")}
    told = t("monthly.runs_are", **counts)
    if not month.chain:
        return told
    last = month.chain[-1]
    return f"{told}. {t('monthly.runs_end', number=t.number(last.number), head=last.head[:12])}"


def _trends(month: Month, t: Locale) -> Iterator[Block]:
    """Yield a row of bars for each indicator and severity, then the same figures in a table."""
    series: list[tuple[str, Sequence[Figure], Target | None]] = [
        (words.title(item.indicator, t), item.figures, item.indicator.target) for item in month.measured
    ]
    for severity in _SEVERITIES:
        name = t("monthly.failing_of", severity=t.word("severity", severity))
        source = Runs("failing", (severity,))
        series.append((name, [month.audits.figure(one, source) for one in month.months], None))
    for severity in _SEVERITIES:
        name = t("monthly.scanned", severity=t.word("severity", severity))
        series.append((name, [month.scanned(one, severity) for one in month.months], None))
    yield Prose(t("monthly.trends_mean", first=words.month(month.months[0], t), last=words.month(month.month, t)))
    yield Trends(
        [Trend(name, _heights(figures), words.short(figures[-1], t, target)) for name, figures, target in series]
    )
    columns = [t("monthly.col.indicator"), *(f"{one[5:]}/{one[2:4]}" for one in month.months)]
    rows = [[name, *(words.brief(found, t, target) for found in figures)] for name, figures, target in series]
    yield Grid(columns, rows, (9, *(3 for _ in month.months)), range(1, len(columns)))


def _heights(figures: Sequence[Figure]) -> list[int | None]:
    """Return bars in hundredths of the highest; none for a missing figure."""
    most = max((item.value for item in figures if item.value is not None), default=0) or 1
    return [None if item.value is None else max(0, round(100 * item.value / most)) for item in figures]


def _definitions(month: Month, t: Locale) -> Grid:
    rows = [
        [
            words.title(item.indicator, t),
            one_line(item.indicator.definition.in_language(t.language)),
            one_line(item.indicator.origin.in_language(t.language)),
            words.target(item.indicator.target, item.indicator, t),
            item.indicator.owner.in_language(t.language),
        ]
        for item in month.measured
    ]
    keys = ("indicator", "definition", "origin", "target", "owner")
    return Grid([t(f"monthly.col.{key}") for key in keys], rows, (6, 14, 6, 4, 4))
