"""A table of a bundle by the keys of its texts, written for spreadsheets in the language of the workspace."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from preuve.publish.site.facts import Site
from preuve.publish.tables.sheets import Cell, Sheet, csv_bytes, worded, write_xlsx
from preuve.publish.words.locale import Locale
from preuve.publish.words.text import one_line

MOST_ROWS = 20_000  # rows of a workbook; longer tables are CSV only


@dataclass(frozen=True)
class Table:
    """A table by the keys of its texts; each column has a width."""

    title: str
    columns: tuple[tuple[str, int], ...]
    rows: Sequence[Sequence[Cell]]


def write_table(path: Path, table: Table, site: Site, t: Locale) -> None:
    """Write `path` as .csv and, unless it is very long, as .xlsx."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".csv").write_bytes(table_bytes(table, site, t))
    if len(table.rows) <= MOST_ROWS:
        rows: list[Sequence[Cell]] = [[t(key) for key, _ in table.columns], *worded(table.rows, t)]
        notes = Sheet(t("site.soa.about"), [[t("table.belongs"), run_column(site, t)]], (30, 90), heads=False)
        sheet = Sheet(t(table.title), rows, [width for _, width in table.columns])
        write_xlsx(path.with_suffix(".xlsx"), [sheet, notes])


def table_bytes(table: Table, site: Site, t: Locale) -> bytes:
    """Return a table as CSV; every row states organisation and date of the run."""
    header = [*(t(key) for key, _ in table.columns), t("table.belongs")]
    mark = run_column(site, t)
    return csv_bytes(itertools.chain([header], ([*row, mark] for row in worded(table.rows, t))))


def run_column(site: Site, t: Locale, edition: str = "") -> str:
    """Return organisation and date of the run, for a column of a CSV, which has no other place for them; between them
    the edition of a standard, if the table is about one.
    """
    parts = (
        t("site.demonstration") if site.demonstration else "",
        one_line(site.workspace.organisation),
        edition,
        site.assessment.now,
    )
    return " · ".join(filter(None, parts))
