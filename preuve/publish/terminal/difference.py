"""A comparison of two runs on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from preuve.assess.changes.comparison import Change, Comparison, Kind
from preuve.model.results import Finding
from preuve.publish.words.locale import Locale
from preuve.publish.words.names import place_name, place_scope
from preuve.publish.words.text import one_line

_STYLES = {Kind.NEW: "bold red", Kind.REGRESSED: "bold red", Kind.FIXED: "green", Kind.UNCHANGED: "dim"}


def difference(found: Comparison, locale: Locale) -> RenderableType:
    """Return the number of each kind, then every change; unchanged findings are only counted."""
    return Group(*_parts(found, locale))


def _parts(found: Comparison, t: Locale) -> Iterator[RenderableType]:
    yield Text(one_line(f"{found.earlier} → {found.later}"), style="bold")
    counts = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    for kind in Kind:
        counts.add_row(Text(t.number(len(found.of(kind)))), Text(t.word("change", kind), _STYLES.get(kind, "yellow")))
    yield Padding(counts, (0, 0, 0, 2))
    if found.of(Kind.OTHER_KEY):
        yield Padding(Text(t("history.other_key"), "yellow"), (0, 0, 0, 2))
    for name, (before, after) in found.params.items():
        yield Padding(Text(one_line(f"{name}: {before} → {after}", 300), "yellow"), (0, 0, 0, 2))
    for kind in Kind:
        changes = [] if kind is Kind.UNCHANGED else found.of(kind)
        if changes:
            yield Text(f"\n{t.word('change', kind)}", style="bold")
            yield Padding(_listed(changes, t), (0, 0, 0, 2))


def _verdict(side: Finding | None, t: Locale) -> str:
    return t.word("finding", side.status) if side else t("history.not_seen")


def _listed(changes: list[Change], t: Locale) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    for item in sorted(changes, key=lambda item: (item.finding.severity.rank, item.finding.policy)):
        finding = item.finding
        sides = f"{_verdict(item.before, t)} → {_verdict(item.after, t)}"
        where = " ".join(filter(None, (place_name(finding.place), place_scope(finding.place))))
        table.add_row(Text(t.word("severity", finding.severity)), Text(finding.policy), Text(where), Text(sides, "dim"))
    return table
