"""The registers of a workspace. Only their state is loaded, since their contents may name people. Two are read whole:
the decisions of the Statement of Applicability, and the nonconformities with their actions.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

from preuve.library.company.indicators import read_indicators
from preuve.library.company.register.cells import FILLED_FROM, FRESH_UNTIL, NONE, Cells, Kind, day, last_days, users
from preuve.library.company.register.open_cells import VALUES, OpenCell, open_cells, open_entries
from preuve.library.company.register.rows import TableRow, table_rows
from preuve.library.company.templates import (
    heading,
    register_columns,
    rows,
    shown_examples,
    template_hint,
)
from preuve.library.yaml.files import is_there, matching
from preuve.model.company.indicator import Indicator, Ratio
from preuve.model.company.workspace import Decision, Nonconformity, Register
from preuve.model.content import Library
from preuve.model.errors import ContentError, Position, PreuveError, Problem
from preuve.system.causes import cause

FOLDER = "registers"
SOA = "soa"
IMPLEMENTED = {
    "yes": "yes", "oui": "yes", "partly": "partly", "en partie": "partly", "no": "no", "non": "no",
    "planned": "planned", "prévue": "planned", "prévu": "planned",
}  # fmt: skip
_OPTIONAL = {  # columns that registers of earlier versions lack
    SOA: frozenset({"implemented"}),
    "people": frozenset({"GitHub users"}),
}
# Headings of earlier templates in their compared form, and their present names.
_EARLIER = {"notifiée à la cnil le, ou motif d'absence": "notifiée à l'autorité le, ou motif d'absence"}
NONCONFORMITIES = "capa-register"
LARGEST = 20_000_000  # bytes
_EXAMPLE = re.compile(r"EX[AE]MPLE(?![@.\w]).*", re.IGNORECASE | re.DOTALL)  # but no address or name beginning so
_SLASHED = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")
_PARTS = re.compile(r"\d+|(?!(?<=\d)[tz](?![^\W\d_]))[^\W\d_]+")  # without the T and the Z of a moment
_ORIGIN = re.compile(r"([a-z0-9-]+: )([^\"]{1,130}, )?\"[^\"]*\", (\d{4}-\d{2}-\d{2}, sha256 [0-9a-f]{64})")
NEVER_FILLED = frozenset({SOA})
YES, NO = frozenset({"yes", "oui"}), frozenset({"no", "non"})
_SHOWN = 5
_NO_TEXT, _SAVE_AS = "it is not UTF-8", "save it as CSV UTF-8 (in the spreadsheet: CSV UTF-8)"
_PLAIN = re.compile(r"\d{1,4}(?:[.,/:-]\d{1,4}){0,2}", re.ASCII)
_ONE_NUMBER = "number such as 1234, without a comma or a point between thousands"
_READ = {  # columns of a day, a month or a number that pages read
    NONCONFORMITIES: ("found on", "due on", "closed on"),
    VALUES: ("month", "value", "entered on"),
}
# Names of columns with the first name of a person, and with the last name.
GIVEN = ("first name", "firstname", "given name", "givenname", "forename", "prénom", "prénoms", "prenom", "prenoms")
FAMILY = ("last name", "lastname", "family name", "familyname", "surname", "nom", "nom de famille", "nom d'usage")
_WORDS = re.compile(r"[\s_.-]+")


@dataclass(frozen=True)
class Registers:
    """The registers read from `registers/`; an unusable one is a problem instead."""

    registers: tuple[Register, ...] = ()
    decisions: tuple[Decision, ...] = ()
    nonconformities: tuple[Nonconformity, ...] = ()
    problems: tuple[Problem, ...] = ()
    waiting: tuple[Problem, ...] = ()  # cells that leave a figure open until they are filled in, or their day has come


def load_registers(root: Path, library: Library, excluded: Collection[str]) -> Registers:
    """Return the registers of a workspace; `excluded` are the controls that preuve.yaml takes out of scope."""
    registers: list[Register] = []
    decisions: list[Decision] = []
    nonconformities: tuple[Nonconformity, ...] = ()
    problems: list[Problem] = []
    waiting: list[Problem] = []
    try:
        paths = matching(root, FOLDER, "*.csv")
    except ContentError as error:
        return Registers(problems=error.problems)
    indicators = {item.id: item for item in read_indicators(root)[0]} if paths else {}
    read = _columns_read(library, indicators.values())
    for path in paths:
        file = f"{FOLDER}/{path.name}"
        try:
            table = _table(path, root)
        except PreuveError as error:
            problems.append(Problem(Position(file), f"this register does not count: {error}", error.hint))
            continue
        ends = last_days(_by_name(table))
        registers.append(Register(path.stem, file, len(table.rows), table.sha256, _origins(table), ends))
        problems += _unread(file, table, read.get(path.stem, {}))
        for waits, problem in _open(file, table, indicators, read.get(path.stem, {})):
            (waiting if waits else problems).append(problem)
        problems += _nobody(file, table, library)
        if path.stem == SOA:
            reading = _Decisions(file, table.columns, library, excluded)
            decisions += [item for row in table.rows if (item := reading.decision(row))]
            problems += reading.problems
        if path.stem == NONCONFORMITIES:
            nonconformities = tuple(_nonconformity(row) for row in _by_name(table))
    return Registers(tuple(registers), tuple(decisions), nonconformities, tuple(problems), tuple(waiting))


def _columns_read(library: Library, indicators: Iterable[Indicator]) -> Mapping[str, Mapping[str, Set[str]]]:
    """Return the columns with a type that conditions, indicators or pages read, each with the words that it may have
    beside.
    """
    found: dict[str, dict[str, Set[str]]] = {
        name: dict.fromkeys(columns, frozenset()) for name, columns in _READ.items()
    }
    for declared in library.types.values():
        ends = [column for name, column in declared.columns.items() if declared.declared[name] == "timestamp"]
        for register in declared.registers:
            found.setdefault(register, {}).update(dict.fromkeys(ends, NONE))
    for indicator in indicators:
        if source := indicator.source.count or indicator.source.share:
            more = (source.part, source.whole) if isinstance(source, Ratio) else source.where
            found.setdefault(source.register, {}).update(dict.fromkeys((source.date, *more), frozenset()))
    return found


def _unread(file: str, table: _Table, read: Mapping[str, Set[str]]) -> Iterator[Problem]:
    """Yield each column that something reads and in which a cell cannot be read; what it says may name a person."""
    for column, place in table.columns.items():
        if column not in read and column != FRESH_UNTIL[0]:
            continue
        beside = read.get(column, frozenset())
        found = [
            line
            for line, cell in table.cells_in(place)
            if cell.casefold() not in beside and not table.cells.is_read(column, cell)
        ]
        if found:
            kind, name = table.cells.kinds[column], table.header[place]
            message = f"the value under {name} is no {kind}"
            if found[1:]:
                message = f"in lines {_lines(found)}, the value under {name} is no {kind}"
            asked = _ONE_NUMBER if kind is Kind.NUMBER else kind
            hint = f"write there a {asked}; until then, nothing that reads this cell is evaluated or counted"
            yield Problem(Position(file, found[0], 1), message, hint)


def _nobody(file: str, table: _Table, library: Library) -> Iterator[Problem]:
    """Yield each column of names of users in which a cell has none; what it says may name a person."""
    types = [item for item in library.types.values() if Path(file).stem in item.registers]
    columns = {item.columns[key] for item in types for key, kind in item.declared.items() if kind == "list<string>"}
    for column in sorted(columns & table.columns.keys()):
        place = table.columns[column]
        found = [line for line, cell in table.cells_in(place) if cell and users(cell, column) is None]
        if found:
            name = table.header[place]
            message = f"the value under {name} is no list of names of users"
            if found[1:]:
                message = f"in lines {_lines(found)}, the value under {name} is no list of names of users"
            hint = "write the names as in the service, separated by commas, or none; until then, nobody is found by it"
            yield Problem(Position(file, found[0], 1), message, hint)


def _lines(found: Sequence[int]) -> str:
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return f"{', '.join(map(str, found[:_SHOWN]))}{more}"


def _open(
    file: str, table: _Table, indicators: Mapping[str, Indicator], read: Mapping[str, Set[str]]
) -> Iterator[tuple[bool, Problem]]:
    """Yield each other cell that leaves a figure open, those of a column with one defect together, and whether it only
    waits: it is empty, or of a day to come.
    """
    name, entries_ = Path(file).stem, _by_name(table)
    sources = ((item, item.source.count or item.source.share) for item in indicators.values())
    own = [item for item, source in sources if source and source.register == name]
    today = datetime.now(UTC).date()
    found = [cell for item in own for cell in open_cells(item, entries_, today)]
    found += open_entries(indicators, entries_) if name == VALUES else []
    lines: dict[tuple[bool, str, str], dict[int, None]] = {}
    for cell in found:
        value = entries_[cell.row].get(cell.column, "")
        if not value or cell.column not in read or table.cells.is_read(cell.column, value):  # else told as unread
            waits = not value or cell.why == "future"
            lines.setdefault((waits, cell.column, _wrong(cell, value, table)), {})[table.lines[cell.row]] = None
    for (waits, column, why), those in lines.items():
        said = table.header[table.columns[column]] if column in table.columns else column
        message = f"the value under {said} leaves a figure open: {why}"
        if those.keys() - {min(those)}:
            message = f"in lines {_lines(sorted(those))}, the value under {said} leaves a figure open: {why}"
        hint = "correct it; until then, no figure that reads it is measured"
        if waits:
            hint = "fill it in, or wait for that day; until then, no figure that reads it is measured"
        yield waits, Problem(Position(file, min(those), 1), message, hint)


def _wrong(cell: OpenCell, value: str, table: _Table) -> str:
    """Return why a cell leaves a figure open. A value with letters or many digits may name a person: it is not told."""
    told = _PLAIN.fullmatch(value) is not None
    if cell.why == "future":
        return f"{day(value)} is in the future, but this register records past events"
    if cell.why == "several_values":
        return "another line has the same month and indicator"
    if cell.why == "above_all":
        limit = f"that of {table.header[table.columns[cell.asked]]}" if cell.asked else "100"
        return f"{value} is below 0 or above {limit}" if told else f"it is below 0 or above {limit}"
    if not value:
        return "it is empty"
    if not cell.asked:
        return f"{value} cannot be read" if told else "it cannot be read"
    return f"{value} is none of {cell.asked}" if told else f"it is none of {cell.asked}"


def is_of_one(problem: Problem) -> bool:
    """Return whether a problem concerns a register, which the gate of a push does not read."""
    return problem.position.file.startswith(f"{FOLDER}/")


def is_open(item: Nonconformity) -> bool:
    """Return whether an entry is not closed: only a day closes it."""
    return not day(item.closed)


def entries(root: Path, name: str) -> list[Mapping[str, str]] | None:
    """Return the rows of a register by the columns' English names, examples left out.

    None if the workspace does not keep it. Raises PreuveError if it cannot be used.
    """
    path = root / FOLDER / f"{name}.csv"
    if not is_there(path):
        return None
    return _by_name(_table(path, root))


def lines_of_users(root: Path, name: str, column: str, wanted: Callable[[str], bool]) -> tuple[str, list[int]]:
    """Return the heading of a column with names of users, and the lines that have one of those wanted. Raises
    PreuveError if the register cannot be used.
    """
    table = _table(root / FOLDER / f"{name}.csv", root)
    place = table.columns[column]
    found = [line for line, cell in table.cells_in(place) if any(map(wanted, users(cell, column) or ()))]
    return table.header[place], found


@dataclass(frozen=True)
class _Table:
    """A register as its file has it: where each column is, and the rows that are no examples."""

    columns: Mapping[str, int]
    header: list[str]
    rows: list[list[str]]  # what has a type in the one spelling of it
    lines: list[int]  # where each row begins
    cells: Cells
    sha256: str

    def cells_in(self, place: int) -> list[tuple[int, str]]:
        """Return the line and the text of each cell of a column."""
        return [(line, row[place]) for line, row in zip(self.lines, self.rows, strict=True) if place < len(row)]


def _table(path: Path, root: Path) -> _Table:
    content = read_content(path, root)
    first, *found = list(table_rows(read_text(content))) or [TableRow(1, [], "")]
    columns = columns_of(path.stem, first.cells)
    filled = entries_among(path.stem, columns, found)
    cells = Cells.of(path.stem, columns, first.cells, [row.cells for row in filled])
    own = {place: column for column, place in columns.items()}
    read = [[cells.read(own.get(place, ""), cell) for place, cell in enumerate(row.cells)] for row in filled]
    return _Table(columns, first.cells, read, [row.line for row in filled], cells, hashlib.sha256(content).hexdigest())


def entries_among(name: str, columns: Mapping[str, int], rows: Sequence[TableRow]) -> list[TableRow]:
    """Return the rows of a register without the example of its template.

    Raises PreuveError for a row that begins with EXAMPLE and is not the template's: it may be an entry, typed over
    the example.
    """
    begun = {row.line: begins_as_example(row.cells[0]) for row in rows}
    for row in rows:
        if begun[row.line] and not _is_shown(name, columns, row.cells):
            hint = "give it a number or a name of its own if it is an entry, or delete it"
            raise PreuveError(f"line {row.line} begins with EXAMPLE, but is not the template's example", hint)
    return [row for row in rows if not begun[row.line]]


def _is_shown(name: str, columns: Mapping[str, int], row: Sequence[str]) -> bool:
    """Return whether a row is the example that the register's template shows."""
    said = {column: row[index] for column, index in columns.items() if index < len(row)}
    return any(
        all(_spellings(cell) & _spellings(shown.get(column, "")) for column, cell in said.items())
        for shown in shown_examples(name)
    )


def _spellings(cell: str) -> set[tuple[str, ...]]:
    """Return the words and the numbers of a cell, in the two orders that 07/12/2026 may stand for: a spreadsheet writes
    a day in another form, adds or leaves out signs, and writes 7 for 07.
    """
    orders = (_SLASHED.sub(order, cell) for order in (r"\3-\2-\1", r"\3-\1-\2"))
    return {tuple(part.lstrip("0") for part in _PARTS.findall(one.casefold()) if part.strip("0")) for one in orders}


def people_in_columns(root: Path, *, all_read: bool = False) -> Iterator[str]:
    """Yield the people whose first and last names stand in two columns of a register, whatever else it holds. A file
    that cannot be read is told where it is loaded; with `all_read`, where nothing loads it, it raises its PreuveError.
    """
    try:
        paths = matching(root, FOLDER, "*.csv")
    except ContentError:
        if all_read:
            raise
        return
    for path in paths:
        try:
            header, *found = rows(read_text(read_content(path, root)))
        except PreuveError as error:
            if all_read:
                hint = "otherwise the names in it would be kept as they are: correct or remove the file"
                raise PreuveError(f"{FOLDER}/{path.name} cannot be read: {error}", hint) from error
            continue
        columns = [_WORDS.sub(" ", heading(column)).strip() for column in header]
        given, family = ([columns.index(name) for name in names if name in columns] for names in (GIVEN, FAMILY))
        for row, one, other in product(found, given, family):
            if max(one, other) < len(row) and row[one] and row[other]:
                yield f"{row[one]} {row[other]}"


def begins_as_example(cell: str) -> bool:
    """Return whether the first cell of a row begins as the examples in the templates do."""
    return _EXAMPLE.fullmatch(cell) is not None


def read_content(path: Path, root: Path) -> bytes:
    """Return the bytes of a register. Raises PreuveError if it cannot be used."""
    if not path.resolve().is_relative_to((root / FOLDER).resolve()):
        raise PreuveError("it leads out of registers/", "keep the file itself there")
    try:
        if path.stat().st_size > LARGEST:
            raise PreuveError(f"it has more than {LARGEST // 1_000_000} MB", "keep a register of one line per entry")
        return path.read_bytes()
    except OSError as error:
        raise PreuveError(f"it cannot be read: {cause(error)}", "check its rights") from error


def read_text(content: bytes) -> str:
    """Decode the content of a register. Raises PreuveError if it is not UTF-8."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PreuveError(_NO_TEXT, _SAVE_AS) from error
    if text.count("\0") * 3 > len(text):  # UTF-16, which decodes where all letters are of ASCII
        raise PreuveError(_NO_TEXT, _SAVE_AS)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise PreuveError(f"line {line} has a NUL character", "delete this character, which no editor shows")
    return text


def columns_of(name: str, header: list[str], language: str = "") -> Mapping[str, int]:
    """Find each declared column, by its name in the English template, and those that say what filled a row.

    Raises PreuveError if the `header` lacks one; where it is of no language in particular, in that of the workspace.
    """
    own = _placed([(names[0], said) for names in (FILLED_FROM, FRESH_UNTIL) for said in names], header)
    declared = register_columns(name)
    best: list[str] | None = None
    kept: Sequence[str] = ()  # all columns in the language that the register has most of
    optional = _OPTIONAL.get(name, frozenset())
    preferred = list(reversed(declared)) if language == "fr" else declared  # English comes first
    for titles in preferred:
        names = dict(zip(declared[0], titles, strict=True))
        found = _placed(names.items(), header)
        missing = [column for known, column in names.items() if known not in found and known not in optional]
        if not missing:
            return {**own, **found}
        if best is None or len(missing) < len(best):
            best, kept = missing, titles
    if best:
        more = "" if len(best) <= _SHOWN else f" and {len(best) - _SHOWN} more"
        columns = f"{', '.join(best[:_SHOWN])}{more}"
        raise PreuveError(f"it has no column {columns}", template_hint(name, kept))
    return own


def _placed(names: Iterable[tuple[str, str]], header: Sequence[str]) -> dict[str, int]:
    """Return the index of each column, under its name, an earlier one or another spelling."""
    spelled = [_EARLIER.get(heading(said), heading(said)) for said in header]
    found: dict[str, int] = {}
    for known, column in names:
        if column in header:
            found[known] = header.index(column)
        elif heading(column) in spelled:
            found[known] = spelled.index(heading(column))
    return found


def _by_name(table: _Table) -> list[Mapping[str, str]]:
    return [{column: row[index] for column, index in table.columns.items() if index < len(row)} for row in table.rows]


def _origins(table: _Table) -> tuple[str, ...]:
    """Return the sources of its rows, each once: tool, date and hash. File names are left out, because they may name
    people.
    """
    found = (_ORIGIN.fullmatch(row.get(FILLED_FROM[0], "")) for row in _by_name(table))
    return tuple(sorted({"".join(part or "" for part in match.groups()) for match in found if match}))


_COLUMNS = {  # of the register of nonconformities
    "found_on": "found on",
    "source": "source (audit, incident, check)",
    "control": "control",
    "finding": "what is not right",
    "grade": "grade (major, minor, observation)",
    "correction": "immediate correction",
    "cause": "cause",
    "action": "corrective action",
    "owner": "owner",
    "due": "due on",
    "effective": "effective? checked by, on",
    "closed": "closed on",
}


def _nonconformity(row: Mapping[str, str]) -> Nonconformity:
    cells = {name: row.get(column, "") for name, column in _COLUMNS.items()}
    return Nonconformity(number=row.get("number", ""), **cells)


class _Decisions:
    """Reads the rows of the register of decisions and collects their problems."""

    def __init__(self, file: str, columns: Mapping[str, int], library: Library, excluded: Collection[str]) -> None:
        self._file = file
        self._columns = columns
        self._library = library
        self._excluded = excluded
        self._seen: set[str] = set()
        self.problems: list[Problem] = []

    def decision(self, row: list[str]) -> Decision | None:
        """Return the decision of a row that can be used."""
        control, applicable = self._cell(row, "control"), self._cell(row, "applicable").lower()
        if not applicable and not self._cell(row, "justification"):
            return None  # not decided yet
        said = self._cell(row, "implemented").lower()
        why, owner, decided = (self._cell(row, name) for name in ("justification", "owner", "decided on"))
        found = Decision(control, why, owner, decided, IMPLEMENTED.get(said, said))
        defect = next(self._defects(found, applicable), None)
        if defect:
            self.problems.append(Problem(Position(self._file), f"decision on {control or '?'}: {defect}"))
            return None
        self._seen.add(control)
        return found

    def _cell(self, row: list[str], column: str) -> str:
        index = self._columns.get(column, len(row))
        return row[index] if index < len(row) else ""

    def _defects(self, found: Decision, applicable: str) -> Iterator[str]:
        if self._library.control(found.control) is None:
            yield "there is no such control"
        if found.control in self._seen:
            yield "it is decided twice"
        if applicable not in YES | NO:
            yield "applicable must be yes or no"
        if applicable in NO and found.control not in self._excluded:
            yield "it does not apply, and preuve.yaml does not exclude it: add the exclusion with its reason"
        if applicable in YES and found.control in self._excluded:
            yield "it applies, and preuve.yaml excludes it: decide for one of them"
        if not found.justification:
            yield "the justification is missing"
        if found.implemented not in ("", *IMPLEMENTED.values()):
            yield "implemented must be yes, partly, no or planned"
        if found.decided and day(found.decided) != found.decided:
            yield f"{found.decided} is no date such as 2026-11-24"
