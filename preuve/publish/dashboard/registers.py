"""Figures of a month from registers. What is missing, unreadable or out of date is never counted as nothing."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from preuve.library.company.register.cells import (
    FILLED_FROM,
    FRESH_UNTIL,
    by_source,
    day,
    day_in_utc,
    is_month,
    last_days,
    number,
)
from preuve.library.company.register.open_cells import VALUES, Row, counts, open_dates, open_values
from preuve.model.company.indicator import Count, Figure, Ratio
from preuve.model.errors import PreuveError

# In FILLED_FROM: when the file was made.
_MADE = re.compile(r".*\b(\d{4}-\d{2}-\d{2})(?:, sha256 [0-9a-f]+)?", re.DOTALL)


@dataclass
class Registers:
    """The rows of registers, each read once. `read` gives none where the workspace does not keep one, `short` why rows
    may be missing that its source has.
    """

    read: Callable[[str], Sequence[Row] | None]
    today: date
    short: Callable[[str, Sequence[Row]], str] = lambda *_: ""

    def __post_init__(self) -> None:
        self._known: dict[str, Sequence[Row] | Figure] = {}

    def rows(self, name: str) -> Sequence[Row] | Figure:
        """Return the rows of a register, or a figure without a value if it cannot be used."""
        if name not in self._known:
            try:
                self._known[name] = self._found(name)
            except PreuveError:
                self._known[name] = Figure(why="register_unusable")
        return self._known[name]

    def _found(self, name: str) -> Sequence[Row] | Figure:
        found = self.read(name)
        if found is None:
            return Figure(why="no_register")
        short = self.short(name, found)
        return Figure(why=f"short_{short}") if short else found

    def entered(self, month: str, indicator: str) -> Figure:
        """Return the figure that somebody entered for the month."""
        rows = self.rows(VALUES)
        if isinstance(rows, Figure):
            return rows
        found = [row.get("value", "") for row in rows if (row.get("month"), row.get("indicator")) == (month, indicator)]
        if not found:  # a row whose month cannot be read may be the one
            unread = any(row.get("indicator") == indicator and not is_month(row.get("month", "")) for row in rows)
            return Figure(why="unreadable" if unread else "no_value")
        if len(found) > 1:
            return Figure(why="several_values")
        return _figure(number(found[0]))

    def count(self, month: str, indicator: str, source: Count) -> Figure:
        """Count the rows with a date in the month. Zero is only returned if somebody or something vouches for the
        month.
        """
        rows = self._of_month(self.up_to_date(source.register, month), source, month)
        if isinstance(rows, Figure):
            return rows
        if not rows and not self._covered(source, month):
            return self._vouched(month, indicator)
        found = [all(counts(row.get(column, ""), column, source) for column in source.where) for row in rows]
        return Figure(float(sum(found)), self._since(source.register, month))

    def _of_month(self, rows: Sequence[Row] | Figure, source: Count | Ratio, month: str) -> Sequence[Row] | Figure:
        """Return those of the rows that have their date in the month, in UTC, or a figure without a value if a cell
        leaves it open.
        """
        if isinstance(rows, Figure):
            return rows
        dates = next(open_dates(source, rows, self.today), None)
        own = [row for row in rows if day_in_utc(row.get(source.date, ""))[:7] == month]
        left = dates or next((cell for row in own for cell in open_values(source, row)), None)
        return Figure(why=left.why) if left else own

    def _since(self, register: str, month: str) -> str:
        """Return why there may be more rows than a register has of the month; "" if each of its files saw the whole."""
        rows = self.rows(register)
        made = [] if isinstance(rows, Figure) else [_made(found) for found in by_source(rows).values()]
        return "made_before" if any(one < self._end(month) for one in made) else ""

    def _end(self, month: str) -> str:
        """Return the last day of a month, or today where it has not ended."""
        _, days = monthrange(int(month[:4]), int(month[5:]))
        return min(self.today.isoformat(), f"{month}-{days}")

    def _covered(self, source: Count, month: str) -> bool:
        """Return whether all that fills the register goes back beyond the month: one that people keep may just be
        idle.
        """
        rows = self.rows(source.register)
        filled = {} if isinstance(rows, Figure) else by_source(rows)
        starts = [[day_in_utc(row.get(source.date, ""))[:7] for row in found] for found in filled.values()]
        return bool(starts) and all(any("" < start < month for start in found) for found in starts)

    def _vouched(self, month: str, indicator: str) -> Figure:
        """Return zero if somebody, by name, entered that nothing happened: at least that many, if it was entered before
        the month ended, or before today; not measured, if before it began.
        """
        rows = self.rows(VALUES)
        own = [] if isinstance(rows, Figure) else [row for row in rows if row.get("indicator") == indicator]
        said = [row for row in own if row.get("month") == month]
        if not said or not all(row.get("entered by") and day(row.get("entered on", "")) >= month for row in said):
            return Figure(why="no_voucher")
        none = all(number(row.get("value", "")) == 0 for row in said)
        if not none:
            return Figure(why="contradicted")
        last = max(day(row.get("entered on", "")) for row in said)  # who entered it early may have entered it again
        return Figure(0.0, "entered_before" if last < self._end(month) else "")

    def share(self, month: str, source: Ratio) -> Figure:
        """Return a part of a whole, over the rows with their date in the month. One more row may raise or lower it, so
        that nothing is said of a month before all of it was seen.
        """
        rows = self._of_month(self.complete(source.register, month), source, month)
        if isinstance(rows, Figure):
            return rows
        if not rows:
            return Figure(why="no_row")
        part, whole = (sum(number(row.get(column, "")) or 0 for row in rows) for column in (source.part, source.whole))
        return Figure(100 * part / whole) if whole else Figure(why="nothing")

    def up_to_date(self, register: str, month: str) -> Sequence[Row] | Figure:
        """Return the rows of a register, or a figure without a value if it has not all of them in the month.

        Each source must be recent enough, because none sees what another one does; what people keep has none. A file
        that was made before a month began has nothing of it, however long its rows are fresh.
        """
        rows = self.rows(register)
        if isinstance(rows, Figure):
            return rows
        ends = [row.get(FRESH_UNTIL[0], "") for row in rows]
        if any(end and not day(end) for end in ends):
            return Figure(why="unreadable")
        old = any(end < self._end(month) for end in last_days(rows))
        made = [_made(found) for found in by_source(rows).values()]
        if old:
            return Figure(why="out_of_date")
        if any(one and one < month for one in made):
            return Figure(why="made_earlier")
        return rows if all(made) else Figure(why="made_unknown")

    def complete(self, register: str, month: str) -> Sequence[Row] | Figure:
        """Return the rows of a register, or a figure without a value if a file that filled it has not seen the whole
        month.
        """
        rows, why = self.up_to_date(register, month), self._since(register, month)
        return Figure(why=why) if why and not isinstance(rows, Figure) else rows


def _made(rows: Sequence[Row]) -> str:
    """Return the day on which the newest file of some rows was made; "" if none of them says so."""
    found = (_MADE.fullmatch(row.get(FILLED_FROM[0], "")) for row in rows)
    return max((match[1] for match in found if match), default="")


def _figure(value: float | None) -> Figure:
    return Figure(why="unreadable") if value is None else Figure(value)
