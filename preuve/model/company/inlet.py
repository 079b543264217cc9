"""How the file of another tool fills a register: what an inlet says, and what came of one file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

from preuve.model.content import Text
from preuve.model.errors import Position

DATE, MOMENT, BOOLEAN, ADDRESS = "date", "moment", "boolean", "address"


@dataclass(frozen=True)
class InletField:
    """Where the cells of one column come from."""

    column: str  # the column's name in the English template
    sources: tuple[str, ...] = ()  # columns or paths, of which the first that the file has counts
    constant: Text | None = None
    kind: str = ""  # "" (text) | date | moment | boolean | address
    words: Mapping[str, Text] = field(default_factory=dict)  # what the file says -> what the register says
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    nothing: tuple[str, ...] = ()  # what stands for an empty cell
    empty: Text | None = None  # what an empty cell means
    optional: bool = False  # the file may lack it
    personal: bool = False  # written as a pseudonym


@dataclass(frozen=True)
class Inlet:
    """One inlet."""

    id: str
    title: Text
    how: Text
    tool: str
    register: str
    key: tuple[str, ...]
    fields: tuple[InletField, ...]
    fresh_days: int
    position: Position
    formats: tuple[str, ...]
    rows: str = ""  # JSON: path to the list of rows
    more: tuple[str, ...] = ()  # JSON: keys that say that the file is one page of several
    page: int = 0  # rows of a page of the tool: a file with just so many may be one of several
    total: str = ""  # JSON: where the file says how many rows there are
    sheet: str = ""
    encoding: str = "utf-8"
    dates: tuple[str, ...] = ()
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tool_from: tuple[str, ...] = ()  # path to the tool's name in a row
    version_from: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it fills."""
        return tuple(item.column for item in self.fields)


@dataclass(frozen=True)
class Refusal:
    """A cell, or a whole row, that cannot be used: where it stands, and why (`fill.why.<why>` of the locales)."""

    row: int
    column: str
    why: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """A good row: the cells of the register's columns, by their English names, and where it stood in the file."""

    row: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Origin:
    """Where rows come from."""

    inlet: str
    file: str
    sha256: str
    tool: str
    version: str
    made: str  # YYYY-MM-DD: when the tool wrote the file
    until: str  # YYYY-MM-DD: the last day on which it still says something


@dataclass(frozen=True)
class Intake:
    """What a file gave."""

    origin: Origin
    entries: tuple[Entry, ...]
    refused: tuple[Refusal, ...]
    left_out: int  # rows that are not asked for


class Kind(StrEnum):
    """What becomes of a row."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    KEPT = "kept"  # cells that people wrote and that differ from the file
    TWICE = "twice"  # the register has several rows with this key
    OTHER = "other"  # another inlet made the row
    GONE = "gone"  # no longer in the file


@dataclass(frozen=True)
class Change:
    """What becomes of a row, with the cells concerned."""

    kind: Kind
    key: str
    row: int = 0  # in the file
    cells: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # before and after


@dataclass(frozen=True)
class Filling:
    """What a file does to a register, or did where it was written."""

    inlet: Inlet
    intake: Intake
    changes: tuple[Change, ...]
    names: Mapping[str, str]  # of the columns, as the register has them
    today: date
    written: Path | None = None

    @property
    def complete(self) -> bool:
        """Whether every row of the file could be used."""
        return not self.intake.refused and not any(item.kind is Kind.TWICE for item in self.changes)
