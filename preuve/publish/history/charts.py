"""Small charts of the history: bars in SVG, computed here, and for each chart a table with its figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from preuve.model.content import Severity
from preuve.publish.history.durations import Outcome
from preuve.publish.history.history import History
from preuve.publish.history.tables import days
from preuve.publish.words.locale import Locale

WIDTH = 300  # of the longest bar, in units of the drawing
MOST_RUNS = 12  # newest runs that are shown
_AGES = (30, 90, 180)  # days: the last of each group
_MOVED = ("new", "back", "came", "fixed", "left", "unsettled")


@dataclass(frozen=True)
class Segment:
    """A part of a bar."""

    kind: str  # CSS class for its colour
    x: float
    width: float


@dataclass(frozen=True)
class Bar:
    """A bar and its value."""

    label: str
    segments: Sequence[Segment]
    figures: Sequence[int]  # by series

    @property
    def end(self) -> float:
        """The end of the bar."""
        return self.segments[-1].x + self.segments[-1].width if self.segments else 0.0


@dataclass(frozen=True)
class Chart:
    """A chart: its title, the meaning of its lines, the words and kinds of its series, a bar for each line."""

    title: str
    line: str
    series: Sequence[tuple[str, str]]  # kind, word
    bars: Sequence[Bar]


def charts(found: History | None, t: Locale) -> list[Chart]:
    """Return the charts: failures by severity over the runs, changes in each run, age of open failures."""
    if found is None:
        return []
    severities = [(f"bar-{severity}", t.word("severity", severity)) for severity in Severity]
    run = t("history.chart.run")
    made = [_chart(t("history.chart.severity"), run, severities, _by_severity(found))]
    if len(found.runs) > 1:
        kinds = [(f"bar-{kind}", t(f"history.moved.{kind}")) for kind in _MOVED]
        made.append(_chart(t("history.chart.changes"), run, kinds, _changes(found)))
        made.append(_chart(t("history.chart.age"), t("history.chart.old"), severities, _ages(found, t)))
    return made


def _chart(
    title: str, line: str, series: Sequence[tuple[str, str]], lines: Iterator[tuple[str, Sequence[int]]]
) -> Chart:
    """Draw bars on one scale."""
    known = list(lines)
    most = max((sum(figures) for _, figures in known), default=0) or 1
    bars = []
    for label, figures in known:
        segments, x = [], 0.0
        for (kind, _), figure in zip(series, figures, strict=True):
            width = round(WIDTH * figure / most, 1)
            if figure:
                segments.append(Segment(kind, round(x, 1), width))
            x += width
        bars.append(Bar(label, segments, figures))
    return Chart(title, line, series, bars)


def _by_severity(found: History) -> Iterator[tuple[str, Sequence[int]]]:
    for run in found.runs[-MOST_RUNS:]:
        yield run.name, _counted(run.failing)


def _changes(found: History) -> Iterator[tuple[str, Sequence[int]]]:
    """Yield the numbers of new and ended failures of each run, from its comparison with the previous run."""
    told = list(zip(found.runs[1:], found.balances, strict=True)) if found.balances else []
    for run, item in told[-MOST_RUNS:]:
        yield run.name, [getattr(item, kind) for kind in _MOVED]


def _ages(found: History, t: Locale) -> Iterator[tuple[str, Sequence[int]]]:
    ages = [(days(found, item), item.severity) for item in found.spells if item.outcome is Outcome.OPEN]
    for start, end in zip((0, *(day + 1 for day in _AGES)), (*_AGES, None), strict=True):
        counts = Counter(severity for age, severity in ages if start <= age and (end is None or age <= end))
        words = {"start": t.number(start), "end": t.number(end)} if end else {"days": t.number(start - 1)}
        yield t("history.chart.days" if end else "history.chart.more_days", **words), _counted(counts)


def _counted(counts: Mapping[Severity, int]) -> Sequence[int]:
    return [counts.get(severity, 0) for severity in Severity]
