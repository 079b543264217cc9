"""Reads the cells of a register by the type of their column: a day, a month or a number.

This is the only reading: everything that compares or counts cells uses it. A cell that cannot be read stays text, and
counts as no day, month or number anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache

from preuve.library.company.templates import FALLBACK, examples, heading
from preuve.model.moment import has_begun

# For a cell that is not empty but means that there is none.
NONE = frozenset({"none", "no term", "open-ended", "aucun", "aucune", "néant", "sans terme", "cdi"})
# For one that answers instead of naming somebody.
_ANSWERS = frozenset({
    "0", "false", "faux", "idem", "inconnu", "inconnue", "inconnus", "missing", "na", "nan", "nc", "nil", "no", "non",
    "nothing", "null", "oui", "pending", "same", "sans", "so", "tba", "tbc", "tbd", "todo", "true", "undefined",
    "unknown", "vide", "vrai", "without", "x", "xx", "xxx", "yes",
})  # fmt: skip
FILLED_FROM = ("filled from", "rempli depuis")  # the source of rows that an inlet made, in English and French
FRESH_UNTIL = ("fresh until", "à jour jusqu'au")  # and the last day on which they count
_USER = re.compile(r"[\w+=.@-]{1,64}", re.ASCII)  # the form of IAM, the widest one; a comma separates names
_USER_ID = re.compile(r"A(?:KIA|SIA|IDA|ROA)[0-9A-Z]{12,}")  # of a key, a user or a role: nobody's name
LOGINS = "GitHub users"  # the column of their names, and the form of one, also of what an enterprise manages
_LOGIN = re.compile(r"[A-Za-z0-9](?>-?[A-Za-z0-9])*(?:_[A-Za-z0-9]{3,8})?")
_LONGEST_LOGIN = 39
_EARLIEST = 1900  # year: an earlier one is a typing error, or a spreadsheet's zero
_MONTHS = 12
_MOMENT = r"\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?"
_ISO = re.compile(rf"(\d{{4}}-\d{{2}}-\d{{2}})(?:[T ]({_MOMENT}))?", re.ASCII)
_SLASHES = re.compile(rf"(\d{{1,2}})/(\d{{1,2}})/(\d{{4}})(?: ({_MOMENT}))?", re.ASCII)
_MONTH = re.compile(r"20\d{2}-(?:0[1-9]|1[0-2])", re.ASCII)
_SHORT = re.compile(r"(\w+)\.?-(\d{2})")  # 2026-11 as a spreadsheet writes it: nov-26, Nov-26, janv.-26
_NUMBER = re.compile(r"-?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?|-?\d+(?:[.,]\d+)?", re.ASCII)
_TWO_WAYS = re.compile(r"-?[1-9]\d{0,2}([.,])\d{3}", re.ASCII)  # 1,234: a thousand and more, or one and less than two
_NAMES = {
    name: month
    for month, names in enumerate(
        (
            "jan janv", "feb févr", "mar mars", "apr avr", "may mai", "jun juin", "jul juil", "aug août", "sep sept",
            "oct", "nov", "dec déc",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_SAMPLE = re.compile(r"EX[AE]MPLE: ")


class Kind(StrEnum):
    """The type of a column, shown by its example in the template."""

    DAY = "day such as 2026-11-24"  # or a moment
    MONTH = "month such as 2026-11"
    NUMBER = "number"


def by_source(rows: Iterable[Mapping[str, str]]) -> Mapping[str, Sequence[Mapping[str, str]]]:
    """Return the rows that an inlet filled, by inlet."""
    found: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        if row.get(FILLED_FROM[0]) or row.get(FRESH_UNTIL[0]):
            found.setdefault(row.get(FILLED_FROM[0], "").partition(":")[0], []).append(row)
    return found


def last_days(rows: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    """Return the last day of information of each source that filled rows; empty if no cell has one."""
    filled = by_source(rows).values()
    return tuple(sorted(max(day(row.get(FRESH_UNTIL[0], "")) for row in found) for found in filled))


def users(cell: str, column: str = "") -> list[str] | None:
    """Return the names of users in a cell, separated by commas; None if one of them cannot be a name, on GitHub where
    the column is of its users.
    """
    if cell.casefold() in NONE:
        return []
    text = cell.removeprefix("'").replace(";", ",")  # which preuve puts before what a spreadsheet would calculate
    found = [item.strip().removeprefix("@") for item in text.split(",") if item.strip()]
    can_be = _is_login if column == LOGINS else _is_user
    return found if found and all(map(can_be, found)) else None


def _is_user(name: str) -> bool:
    bare = re.sub(r"[._+=@-]", "", name).casefold()  # N.A., n-a
    return bare not in ("", *NONE, *_ANSWERS) and bool(_USER.fullmatch(name)) and not _USER_ID.fullmatch(name)


def _is_login(name: str) -> bool:
    return _is_user(name) and len(name) <= _LONGEST_LOGIN and _LOGIN.fullmatch(name) is not None


def is_day(cell: str) -> bool:
    """Return whether a cell is a day or a moment."""
    return bool(day(cell))


def day(cell: str) -> str:
    """Return the day in a cell, which may contain a moment; empty if there is none."""
    found = _ISO.fullmatch(cell)
    return _valid(found[1], found[2]) if found else ""


def day_in_utc(cell: str) -> str:
    """Return the day in a cell, in UTC if it contains a moment with a time zone; empty if there is none."""
    try:
        return f"{datetime.fromisoformat(cell).astimezone(UTC).date()}" if _has_zone(cell) else day(cell)
    except OverflowError:  # in the last hours of the year 9999
        return day(cell)


def is_ahead(cell: str, today: date) -> bool:
    """Return whether the day in a cell has not begun: in UTC if it has a time zone, otherwise anywhere on earth."""
    found = day_in_utc(cell)
    if not found or _has_zone(cell):
        return found > today.isoformat()
    return not has_begun(date.fromisoformat(found), today)


def _has_zone(cell: str) -> bool:
    return bool(day(cell)) and datetime.fromisoformat(cell).tzinfo is not None


def number(cell: str) -> float | None:
    """Return a number in French or English notation; None if it is no number, or ambiguous."""
    if not _NUMBER.fullmatch(cell.strip()) or _TWO_WAYS.fullmatch(cell.strip()):
        return None
    return float(re.sub(r"\s", "", cell).replace(",", "."))


def is_month(cell: str) -> bool:
    """Return whether a cell is a month."""
    return bool(_MONTH.fullmatch(cell))


_IS: Mapping[Kind, Callable[[str], bool]] = {
    Kind.DAY: is_day,
    Kind.MONTH: is_month,
    Kind.NUMBER: lambda cell: number(cell) is not None,
}


@dataclass(frozen=True)
class Cells:
    """The spellings of a register, by its columns' English names."""

    kinds: Mapping[str, Kind]
    day_first: frozenset[str]  # columns in which 24/11/2026 is a day
    decimal: str = "."  # decimal mark: three digits after the other mark may be thousands

    @staticmethod
    def of(name: str, columns: Mapping[str, int], header: Sequence[str], rows: Sequence[Sequence[str]]) -> Cells:
        """Return the spellings of a register with these rows.

        A register with French column names is kept in French, where a spreadsheet writes 24/11/2026; one with English
        names in English, where it writes 11/24/2026. In English, each column must show by one of its own days that the
        day comes first. preuve itself writes 2026-11-24, until a spreadsheet saves the file in one order: in such a
        file any column can show the order.
        """
        kinds = {column: kind for column, kind in _kinds(name).items() if column in columns}
        french = any(heading(header[place]) != heading(column) for column, place in columns.items())
        days = [column for column, kind in kinds.items() if kind is Kind.DAY] if french else []
        told = frozenset(column for column in days if _tells(columns[column], rows))
        own = columns.get(FRESH_UNTIL[0])
        if told and own is not None and _may_follow(own, [columns[column] for column in days], rows):
            told |= {FRESH_UNTIL[0]}
        return Cells(kinds, told, "," if french else ".")

    def read(self, column: str, cell: str) -> str:
        """Return a cell in the canonical spelling of its type; unchanged if it cannot be read."""
        kind = self.kinds.get(column)
        if kind is Kind.DAY and column in self.day_first:
            return _day_first(cell) or cell
        if kind is Kind.NUMBER:
            mark = _TWO_WAYS.fullmatch(cell.strip())
            return f"{cell.strip()}0" if mark and mark[1] == self.decimal else cell
        return _month(cell) or cell if kind is Kind.MONTH else cell

    def is_read(self, column: str, cell: str) -> bool:
        """Return whether a cell, as read, has the type of its column, or is empty."""
        return not cell or column not in self.kinds or _IS[self.kinds[column]](cell)


def _valid(found: str, moment: str | None = None) -> str:
    try:
        made = date.fromisoformat(found)
        if moment:
            datetime.fromisoformat(f"{found}T{moment}")
    except ValueError:
        return ""
    return found if made.year >= _EARLIEST else ""


def _day_first(cell: str) -> str:
    found = _SLASHES.fullmatch(cell)
    if not found:
        return ""
    made = _valid(f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}", found[4])
    return f"{made}T{found[4]}" if made and found[4] else made


def _tells(place: int, rows: Sequence[Sequence[str]]) -> bool:
    """Return whether a column shows its order: one cell begins with a number that is no month, and no cell has such a
    number in second place.
    """
    found = _slashed(place, rows)
    return any(int(match[1]) > _MONTHS for match in found) and all(int(match[2]) <= _MONTHS for match in found)


def _may_follow(place: int, days: Iterable[int], rows: Sequence[Sequence[str]]) -> bool:
    """Return whether a column may take its order from others: no column of days has the month first, and its own cells
    are padded in the way of French spreadsheets. American spreadsheets do not pad days, unless they leave them as text.
    """
    padded = all(len(match[1]) == len(match[2]) == 2 for match in _slashed(place, rows))
    return padded and all(int(match[2]) <= _MONTHS for other in days for match in _slashed(other, rows))


def _slashed(place: int, rows: Sequence[Sequence[str]]) -> list[re.Match[str]]:
    return [match for row in rows if place < len(row) and (match := _SLASHES.fullmatch(row[place]))]


def _month(cell: str) -> str:
    found = _SHORT.fullmatch(unicodedata.normalize("NFC", cell))
    known = _NAMES.get(found[1].casefold()) if found else None
    return f"20{found[2]}-{known:02}" if found and known else ""


@cache
def _kinds(name: str) -> Mapping[str, Kind]:
    """Return the typed columns of a register: those whose example in the English template has the type."""
    found = dict(_typed(examples(name, FALLBACK)))
    return {**found, FRESH_UNTIL[0]: Kind.DAY}


def _typed(cells: Mapping[str, str]) -> Iterator[tuple[str, Kind]]:
    for column, cell in cells.items():
        said = _SAMPLE.sub("", cell)
        kind = next((kind for kind in Kind if _IS[kind](said)), None)
        if kind:
            yield column, kind
