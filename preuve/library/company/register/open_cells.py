"""The cells of registers that leave a figure open: what counts them and what tells them ask the same functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from preuve.library.company.register.cells import day_in_utc, is_ahead, is_month, number
from preuve.model.company.indicator import Count, Indicator, Ratio

VALUES = "indicator-values"  # the register of the figures that people enter
Row = Mapping[str, str]
BY_A_CELL = frozenset({"unreadable", "future", "above_all", "several_values"})  # words of `monthly.why`
_PERCENT = 100


@dataclass(frozen=True)
class OpenCell:
    """A cell that leaves a figure open: in which row, and why (one of `BY_A_CELL`)."""

    row: int
    column: str
    why: str
    asked: str = ""  # the values, or the column, that it is compared with


def open_cells(indicator: Indicator, rows: Sequence[Row], today: date) -> Iterator[OpenCell]:
    """Yield each cell of the register of an indicator that leaves its figure of some month open."""
    source = indicator.source.count or indicator.source.share
    if source:
        yield from open_dates(source, rows, today)
        for place, row in enumerate(rows):
            yield from open_values(source, row, place)


def open_dates(source: Count | Ratio, rows: Sequence[Row], today: date) -> Iterator[OpenCell]:
    """Yield each date that cannot be read, or that has not come yet where the register is of what has happened: it may
    be of any month.
    """
    for place, row in enumerate(rows):
        cell = row.get(source.date, "")
        if not day_in_utc(cell):
            yield OpenCell(place, source.date, "unreadable")
        elif source.past and is_ahead(cell, today):
            yield OpenCell(place, source.date, "future")


def open_values(source: Count | Ratio, row: Row, place: int = 0) -> Iterator[OpenCell]:
    """Yield each cell of a row that does not say whether, or how much, the row counts."""
    if isinstance(source, Count):
        for column in source.where:
            if counts(row.get(column, ""), column, source) is None:
                asked = [*source.where[column], *source.others[column]] if column in source.others else []
                yield OpenCell(place, column, "unreadable", ", ".join(sorted(asked)))
        return
    part, whole = (number(row.get(column, "")) for column in (source.part, source.whole))
    for column, value in ((source.part, part), (source.whole, whole)):
        if value is None:
            yield OpenCell(place, column, "unreadable")
    if part is not None and whole is not None and not 0 <= part <= whole:
        yield OpenCell(place, source.part, "above_all", source.whole)


def open_entries(indicators: Mapping[str, Indicator], rows: Sequence[Row]) -> Iterator[OpenCell]:
    """Yield each cell of `VALUES` that leaves the figure of an indicator open, which is read there alone."""
    seen: set[tuple[str, str]] = set()
    for place, row in enumerate(rows):
        indicator, month = indicators.get(row.get("indicator", "")), row.get("month", "")
        if indicator is None or not indicator.source.entered:
            continue
        value = number(row.get("value", ""))
        if not is_month(month):
            yield OpenCell(place, "month", "unreadable")
        elif (month, indicator.id) in seen:
            yield OpenCell(place, "month", "several_values")
        seen.add((month, indicator.id))
        if value is None:
            yield OpenCell(place, "value", "unreadable")
        elif not is_possible(indicator, value):
            yield OpenCell(place, "value", "above_all")


def is_possible(indicator: Indicator, value: float) -> bool:
    """Return whether a figure can be true: of a share that should be high, there is no more than all."""
    target = indicator.target
    share = indicator.unit.in_language("en") == "%" and target is not None and target.at_least is not None
    return not share or 0 <= value <= _PERCENT


def counts(cell: str, column: str, source: Count) -> bool | None:
    """Return whether a cell is one of the values that count; None if it is none of those that the column may have."""
    values = source.where[column]
    if cell in values:
        return True
    if column in source.others:
        return False if cell in source.others[column] else None
    numbers = all(value.isdecimal() for value in values)
    return None if not cell or (numbers and not (cell.isascii() and cell.isdecimal())) else False
