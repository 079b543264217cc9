"""A paper independent of its format: sections of texts, lists, tables, facts and blank lines, all in one language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Prose:
    """A paragraph."""

    text: str
    kind: str = field(default="prose", init=False)


@dataclass(frozen=True)
class Items:
    """A list."""

    items: Sequence[str]
    kind: str = field(default="items", init=False)


@dataclass(frozen=True)
class Facts:
    """Names with their values."""

    pairs: Sequence[tuple[str, str]]
    kind: str = field(default="facts", init=False)


@dataclass(frozen=True)
class Grid:
    """A table; `widths` are parts of the width of the page, `numbers` the columns that hold numbers."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    numbers: Sequence[int] = ()
    kind: str = field(default="grid", init=False)


@dataclass(frozen=True)
class Code:
    """Text that a reader types."""

    text: str
    kind: str = field(default="code", init=False)


@dataclass(frozen=True)
class Blank:
    """Lines to fill in by hand: a label, and how many lines it has."""

    fields: Sequence[tuple[str, int]]
    kind: str = field(default="blank", init=False)


@dataclass(frozen=True)
class Trend:
    """Bars over time, in hundredths of the highest; no bar for an unknown value. `now` is the last figure in words."""

    name: str
    bars: Sequence[int | None]
    now: str


@dataclass(frozen=True)
class Trends:
    """Rows of bars. A table below has the same values as figures."""

    rows: Sequence[Trend]
    kind: str = field(default="trends", init=False)


Block = Prose | Items | Facts | Grid | Code | Blank | Trends


@dataclass(frozen=True)
class Section:
    """A heading and the blocks below it."""

    title: str
    blocks: Sequence[Block]
    apart: bool = False  # begins a new page


@dataclass(frozen=True)
class Document:
    """A paper; a `mark` that is not empty is at the head of every page, `foot` at the end of the paper."""

    language: str
    title: str
    subtitle: str
    date: str  # YYYY-MM-DD
    mark: str
    foot: str
    sections: Sequence[Section]
    compact: bool = False  # everything on one page
