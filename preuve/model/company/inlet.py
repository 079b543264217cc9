"""How the file of another tool fills a register: the inlet, and the result of reading one file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from msgspec import Struct

from preuve.model.content import Text
from preuve.model.errors import Position
from preuve.model.forms import ADDED, Name, items, keywords, number, text, words

DATE, MOMENT, BOOLEAN, ADDRESS, COUNT = "date", "moment", "boolean", "address", "count"
IAM_USERS, GITHUB_USERS = "iam_users", "github_users"


_PLACES = (
    "Names of columns, or paths in JSON (a.b[0].c; each ^ before it goes up one list of rows). The first that "
    "exists counts."
)
_Places = Annotated[tuple[Name, ...], items(_PLACES, once=True)]
_Said = tuple[str, ...]
_KINDS = (
    "date: the day as it is written, as 2026-11-24. moment: in UTC, as 2026-11-24T08:15Z. boolean: yes or no. "
    "address: an e-mail address, in lower case. count: a whole number, from 0. iam_users, github_users: "
    "names of users, separated by commas; any other text, or an answer such as unknown, is refused."
)
_WRITTEN = {
    "sources": "from", "constant": "is", "kind": "as", "words": "values", "yes": "means_yes", "no": "means_no",
}  # fmt: skip


@dataclass(frozen=True)
class InletWorst:
    """Which entry of a list counts, and what the cell says about it."""

    by: Annotated[Name, keywords("Path in an entry to the word that ranks it.")]
    order: Annotated[_Said, items("The words, the worst first. An entry with another word counts only for `number`.")]
    beside: Annotated[tuple[Name, ...], items("Paths in the entry, shown in brackets; the first that has a value.")]
    number: Annotated[str, text("Path to a number, shown for entries that have none of the words.")] = ""


@dataclass(frozen=True)
class InletCase:
    """What a cell says if every value at a path of the row is one of these, whatever else the file says."""

    at: Annotated[Name, keywords("Path in the row, or above it with ^; [] opens a list, which must have an entry.")]
    every: Annotated[_Said, items('The values; "" stands for a value that is not set.', once=True)]
    then: Annotated[Text, keywords("What the register says then.")]


class InletField(Struct, frozen=True, kw_only=True, rename=_WRITTEN):
    """Where the cells of one column come from."""

    column: Annotated[str, ADDED]  # the column's name in the English template
    sources: _Places = ()
    constant: Annotated[Text | None, keywords("The same in every row.")] = None
    kind: Annotated[str, words(_KINDS, DATE, MOMENT, BOOLEAN, ADDRESS, COUNT, IAM_USERS, GITHUB_USERS)] = ""
    words: Annotated[
        Mapping[str, Text],
        keywords(
            "Values of the file, and what the register says for each; any other value is refused.", minProperties=1
        ),
    ] = {}
    yes: Annotated[_Said, items("With as: boolean and means_no: what means yes; any other value is refused.")] = ()
    no: Annotated[_Said, items("With as: boolean and means_yes: what means no.")] = ()
    cases: Annotated[
        tuple[InletCase, ...], items("JSON: conditions that count before the value; the first that is true.")
    ] = ()
    nothing: Annotated[
        _Said,
        items(
            "What the file says if there is nothing, in upper or lower case: the next of `from` counts, "
            "otherwise the cell is empty."
        ),
    ] = ()
    empty: Annotated[
        Text | None,
        keywords(
            "What an empty cell means. Without it, the cell stays empty, and everything that depends on it "
            "is not evaluated."
        ),
    ] = None
    worst: Annotated[InletWorst | None, keywords("The cell is made of a list, of which the worst counts.")] = None
    line: Annotated[str, text("JSON: path to a line number, added to the value after a colon, as in main.tf:12.")] = ""
    needed: Annotated[bool, keywords("A row is useless without it: an empty cell is refused.")] = False
    past: Annotated[bool, keywords("A day or moment in the past: one in the future is refused.")] = False
    optional: Annotated[bool, keywords("The file may lack it: then the cells stay as they are.")] = False
    personal: Annotated[bool, keywords("Names a person: written as a pseudonym.")] = False


_READ_OR_CONSTANT = keywords(
    anyOf=[{"required": ["from"]}, {"required": ["is"]}], dependentSchemas={"is": {"maxProperties": 1}}
)


@dataclass(frozen=True)
class InletSource:
    """What the file is like."""

    formats: Annotated[
        tuple[Annotated[str, words("", "csv", "xlsx", "json", "jsonl")], ...],
        items("Recognised by the file extension.", once=True),
    ]
    rows: Annotated[
        str,
        text(
            "JSON: path to the rows, such as issues[] or runs[].results[], or [].resources[] where the file is a list; "
            "without it the file is the list, or one row. A list that may be missing ends with []?: then there is one "
            "row without its values."
        ),
    ] = ""
    sheet: Annotated[str, text("XLSX: the sheet; without it the file must have just one.")] = ""
    encoding: Annotated[
        str,
        words(
            "For CSV and JSON; utf-8 unless set. A byte order mark has priority.",
            "utf-8", "windows-1252", "iso-8859-15", "utf-16",
        ),
    ] = "utf-8"  # fmt: skip
    dates: Annotated[
        tuple[Annotated[str, text(pattern="%")], ...],
        items("Formats of dates besides ISO 8601, as for strptime: %d/%m/%Y."),
    ] = ()
    only: Annotated[
        Mapping[str, Annotated[_Said, items()]],
        keywords("Rows that count: column or path, and the values that it may have.", minProperties=1),
    ] = field(default_factory=dict)
    whole: Annotated[
        Mapping[str, Annotated[_Said, items()]],
        keywords(
            "JSON: paths, and the values that they have if the tool read everything; any other is reported. A list "
            "must be there and have entries. With `?` after its [], it may be missing or empty; its entries are still "
            "asked.",
            minProperties=1,
        ),
    ] = field(default_factory=dict)
    members: Annotated[
        tuple[Name, ...],
        items(
            "JSON: keys at the top of the file that say nothing about missing rows. Any other key that has a value and "
            "that the inlet does not read is reported; the file is then not known to be complete."
        ),
    ] = ()
    more: Annotated[
        tuple[Name, ...],
        items(
            "JSON: keys at the top of the file that show that it is one page of several. A file is refused unless "
            "exactly one page lacks them. A list of pages may be in one file: jq -s . page*.json"
        ),
    ] = ()
    page: Annotated[
        int,
        keywords(
            "Number of rows on a page of the tool, if nothing in the file says that there are more: a file "
            "with exactly this number is reported.",
            minimum=1,
        ),
    ] = 0
    may_be_empty: Annotated[
        bool, keywords("Whether a file without a row means that there is nothing; otherwise it is refused.")
    ] = False
    total: Annotated[
        str,
        text(
            "JSON: path to the total number of rows. A file with another number is refused, and so is one without "
            "the number, unless there is `last` or `more`."
        ),
    ] = ""
    last: Annotated[
        str,
        text(
            "JSON: path to a value that is true on the last page. A file in which it is false is refused. A "
            "file with neither this nor the `total` is not known to be complete."
        ),
    ] = ""
    tool: Annotated[_Places, keywords("Where a row names the tool, in place of `tool`.")] = ()
    version: Annotated[_Places, keywords("Where a row names the version of the tool.")] = ()
    made: Annotated[
        _Places,
        keywords(
            "Where the file has the day on which the tool wrote it. So a file that is copied later is not younger."
        ),
    ] = ()


@dataclass(frozen=True)
class Inlet:
    """How rows of a register are filled from the file of another tool (preuve fill)."""

    id: Annotated[str, text("The file's name without .yaml.", pattern="^[a-z0-9][a-z0-9-]{0,39}$")]
    title: Annotated[Text, keywords("What it is called.")]
    how: Annotated[Text, keywords("How to get the file out of the tool.")]
    tool: Annotated[str, keywords("The tool that wrote the file.")]
    register: Annotated[
        str,
        text("The register that it fills: registers/<name>.csv; a template must exist.", pattern="^[a-z0-9-]+$"),
    ]
    source: Annotated[InletSource, keywords("What the file is like.")]
    key: Annotated[_Said, items("Columns of the register that identify a row.", once=True)]
    fresh_days: Annotated[int, number("For how many days after the file was made its rows count.", 1, 800)]
    fields: Annotated[
        Mapping[str, Annotated[InletField, _READ_OR_CONSTANT]],
        keywords(
            "The column's name in the English template of the register, and where its cells come from.", minProperties=1
        ),
    ]
    position: Annotated[Position, ADDED]


class Shortfall(StrEnum):
    """Why a file may not have every row; words of `fill.short` in the locales."""

    NONE = ""
    PARTIAL = "partial"  # the tool does not say that it read everything
    UNPROVED = "unproved"  # nothing in the file says that it is all
    NOTICE = "notice"  # it has a key that the inlet does not know, such as a warning of the tool
    PAGE = "page"  # it has exactly as many rows as one page of the tool


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
    """The origin of rows."""

    inlet: str
    file: str
    sha256: str
    tool: str
    version: str
    made: str  # YYYY-MM-DD: when the tool wrote the file
    until: str  # YYYY-MM-DD: the last day on which it counts


@dataclass(frozen=True)
class Intake:
    """The result of reading a file."""

    origin: Origin
    entries: tuple[Entry, ...]
    refused: tuple[Refusal, ...]
    left_out: int  # rows that the inlet does not select
    alike: int = 0  # rows that give the same cells as another one: they are one row
    short: Shortfall = Shortfall.NONE  # why the file is not known to have every row
    refused_keys: frozenset[tuple[str, ...]] = frozenset()  # of refused rows; an empty one for what cannot be read
    notices: Mapping[str, str] = field(default_factory=dict)  # the keys behind Shortfall.NOTICE, with their values


@dataclass(frozen=True)
class FileReading:
    """A file that an inlet put into a register: whether the register is known to have all that it should have."""

    made: str  # YYYY-MM-DD
    sha256: str
    refused: int  # rows
    short: Shortfall = Shortfall.NONE
    file: str = ""
    # Of a file that was not read whole: hashes of the keys that no newer file of the same source has brought, good rows
    # included (they tell its source); an empty one where a key could not be read.
    rows: tuple[str, ...] = ()

    @property
    def why(self) -> str:
        """Why rows may be missing; "" where none are."""
        return "refused" if self.refused else self.short.value


class Kind(StrEnum):
    """What happens to a row."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    KEPT = "kept"  # cells that people wrote and that differ from the file
    AGED = "aged"  # cells of an earlier file that this file does not have: the row stays as old as they are
    TWICE = "twice"  # the register has several rows with this key
    OTHER = "other"  # another inlet made the row, with the same cells
    CLASH = "clash"  # another inlet made the row, with other cells
    GONE = "gone"  # not among the good rows of the file, which may be of another source
    ENDED = "ended"  # not in the file, which is complete, newer and of the same source: the row no longer counts
    DELETED = "deleted"  # a person took the row out of the register


@dataclass(frozen=True)
class Change:
    """A change of a row, with its cells."""

    kind: Kind
    key: str
    row: int = 0  # in the file
    cells: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # before and after
    by: str = ""  # the other inlet

    @property
    def lost(self) -> bool:
        """Whether the register does not say what the row of the file says, and nobody decided that."""
        return self.kind in (Kind.TWICE, Kind.CLASH)


def lost(intake: Intake, changes: Iterable[Change]) -> frozenset[int]:
    """Return the rows of a file that the register does not have."""
    return frozenset({item.row for item in intake.refused} | {item.row for item in changes if item.lost})


@dataclass(frozen=True)
class RegisterChanges:
    """The changes that a file makes to a register, and whether they were written."""

    inlet: Inlet
    intake: Intake
    changes: tuple[Change, ...]
    names: Mapping[str, str]  # of the columns, as the register has them
    today: date
    path: Path
    written: bool | None = None  # None: not requested, or nothing to write; False: the file already has this content
    earlier: tuple[FileReading, ...] = ()  # files that were not read completely, whose rows this file does not have
    unrecorded: int = 0  # rows that name a file that the records do not mention
    empty: Mapping[str, int] = field(default_factory=dict)  # rows without a value, by the column that policies read

    @property
    def complete(self) -> bool:
        """Whether every row of the file could be used, and the register is complete: it lacks no row of this or an
        earlier file, and has no row whose cells cannot be told from cells that people wrote.
        """
        return not (self.lost or self.intake.short or self.earlier or self.unrecorded)

    @property
    def lost(self) -> int:
        """How many rows of the file are not in the register."""
        return len(lost(self.intake, self.changes))
