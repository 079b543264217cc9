"""Reads a file by an inlet: the good rows, and every bad one with its place and its defect."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from preuve.collect.inlets import content as files
from preuve.collect.inlets.cells import (
    REMOVED,
    CellError,
    CellForm,
    cell,
    contradicts,
    first_value,
    is_day,
    is_set,
    plain,
)
from preuve.collect.inlets.lines import Line, TableLine
from preuve.collect.inlets.objects import ReadRows, json_lines, jsonl_lines
from preuve.collect.inlets.tables import csv_lines, xlsx_lines
from preuve.library.company.registers import begins_as_example
from preuve.library.company.templates import heading
from preuve.model.company.inlet import DATE, Entry, Inlet, InletField, Intake, Origin, Refusal, Shortfall
from preuve.model.errors import UsageError
from preuve.model.grouping import grouped
from preuve.model.moment import has_begun
from preuve.redact.secrets import without_secrets

MIXED = "*"  # a file that names several tools or versions


@dataclass(frozen=True)
class FileFacts:
    """The facts about a file that the caller gives with its contents."""

    made: date | None  # default: the time of its last change
    version: str
    today: date
    whole: bool = False  # that it has every row, if nothing in the file shows it


def take_in(path: Path, inlet: Inlet, asked: FileFacts, writing: CellForm) -> Intake:
    """Read all rows of a file: those that can be used, and those that are refused, with the reason.

    Raises UsageError if the file as a whole cannot be used.
    """
    content = files.read(path)
    read = _read_rows(path, content, inlet)
    lines, unread, short = read.lines, read.refused, read.short
    if not lines and not unread and not inlet.source.may_be_empty:
        hint = "the file has no rows, so it says that there is nobody: export it again, with its rows"
        raise UsageError(f"{content.name} has no row", hint)
    wanted, unclear = _wanted(lines, inlet)
    entries, bad, alike, keys = _entries(wanted, inlet, writing)
    refused = sorted([*unread, *unclear, *bad], key=lambda item: (item.row, item.column))
    left_out = len(lines) - len(wanted) - len(unclear)
    if not short and inlet.source.page and len(lines) + len(unread) == inlet.source.page:
        short = Shortfall.PAGE
    if asked.whole and short is not Shortfall.PARTIAL:
        short = Shortfall.NONE
    origin = _origin(content, inlet, asked, wanted)
    unnamed = {()} if unread or unclear else set()
    return Intake(origin, tuple(entries), tuple(refused), left_out, alike, short, keys | unnamed, _said(read.notices))


def _said(notices: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """Return what each key said, on all pages."""
    said: dict[str, list[str]] = {}
    for key, value in notices:
        said.setdefault(key, []).append(without_secrets(json.dumps(value, ensure_ascii=False), lambda *_: REMOVED))
    return {key: ", ".join(dict.fromkeys(values)) for key, values in said.items()}


def _wanted(lines: Sequence[Line], inlet: Inlet) -> tuple[list[Line], list[Refusal]]:
    """Return the rows that the inlet selects, and refusals for rows whose selection cannot be decided."""
    wanted: list[Line] = []
    unclear: list[Refusal] = []
    for line in lines:
        try:
            if all(plain(line.value(source)) in values for source, values in inlet.source.only.items()):
                wanted.append(line)
        except CellError as error:
            unclear.append(Refusal(line.number, ", ".join(inlet.source.only), error.why))
    return wanted, unclear


def _read_rows(path: Path, content: files.Content, inlet: Inlet) -> ReadRows:
    """Return the rows of a file. Raises UsageError for other kinds of files."""
    form = path.suffix.lower().removeprefix(".")
    form = {"ndjson": "jsonl", "sarif": "json"}.get(form, form)
    if form not in inlet.source.formats:
        hint = f"it reads {', '.join(inlet.source.formats)}; the extension of the name tells which"
        raise UsageError(f"{inlet.id} does not read {path.name}", hint)
    if form == "jsonl":
        return jsonl_lines(content, inlet)
    if form == "json":
        return json_lines(content, inlet)
    return ReadRows(xlsx_lines(content, inlet)) if form == "xlsx" else ReadRows(*csv_lines(content, inlet))


def _entries(
    lines: Sequence[Line], inlet: Inlet, writing: CellForm
) -> tuple[list[Entry], list[Refusal], int, frozenset[tuple[str, ...]]]:
    """Return the good rows, the refusals, the number of duplicate rows, and the keys of refused rows, an empty one for
    a key that cannot be read.
    """
    entries: list[Entry] = []
    refused: list[Refusal] = []
    keys: set[tuple[str, ...]] = set()
    other = _other_order(lines, inlet)
    for line in lines:
        made, bad = _cells(line, inlet, other, writing)
        refused += bad
        entry = Entry(line.number, made)
        if not bad:
            entries.append(entry)
        else:
            keys.add(key_of(entry, inlet) if all(made.get(column) for column in inlet.key) else ())
    kept, twice = _unique(entries, inlet)
    different = {item.row for item in twice}
    keys |= {key_of(entry, inlet) for entry in entries if entry.row in different}
    return kept, [*refused, *twice], len(entries) - len(kept) - len(different), frozenset(keys)


def _other_order(lines: Sequence[Line], inlet: Inlet) -> int:
    """Return the row of the first date with day and month in another order than the inlet's, 0 if there is none: the
    other dates of the file may have that order too.
    """
    dates = [item for item in inlet.fields.values() if item.kind == DATE]
    forms = inlet.source.dates
    found = (
        line.number
        for line in lines
        if any(contradicts(first_value(line, item.sources, item.nothing), forms) for item in dates)
    )
    return next(found, 0)


def _cells(line: Line, inlet: Inlet, other: int, writing: CellForm) -> tuple[dict[str, str], list[Refusal]]:
    """Return the cells of a row, and the refusals; `other` is the row with days in another order, if there is one."""
    made: dict[str, str] = {}
    bad = list(_uneven(line))
    forms = () if other else inlet.source.dates
    for item in inlet.fields.values():
        if item.optional and not _there(line, item.sources):
            continue
        try:
            made[item.column] = cell(line, item, forms, writing)
        except CellError as error:
            said = {"said": error.said} if error.said and not item.personal else {}
            known = {"known": ", ".join(error.known)} if error.known else {}
            doubtful = other and item.kind == DATE and is_day(error.said, inlet.source.dates)
            why, at = ("other_order", {"row": str(other)}) if doubtful else (error.why, {})
            bad.append(Refusal(line.number, _source(line, item) or item.column, why, {**said, **known, **at}))
    bad += [Refusal(line.number, column, "example") for column in inlet.key if begins_as_example(made.get(column, ""))]
    empty = [item for item in inlet.fields.values() if item.column in inlet.key and not made.get(item.column)]
    bad += [Refusal(line.number, _column(line, item), "no_key") for item in empty if not bad]
    bare = [item for item in inlet.fields.values() if item.needed and made.get(item.column) == ""]
    bad += [Refusal(line.number, _column(line, item), "needed") for item in bare if item.column not in inlet.key]
    return made, bad


def _uneven(line: Line) -> Iterator[Refusal]:
    """Yield a refusal for a row of a table that has another number of cells than the header."""
    if isinstance(line, TableLine) and line.ragged:
        cells, width = line.ragged
        yield Refusal(line.number, "", "ragged", {"cells": str(cells), "width": str(width)})


def _there(line: Line, sources: Sequence[str]) -> bool:
    """Return whether a file has an optional column: a table has the column, other data a value."""
    if isinstance(line, TableLine):
        return any(heading(source) in line.cells for source in sources)
    return first_value(line, sources) is not None


def _source(line: Line, item: InletField) -> str:
    """Return the column or path of a file that a cell came from."""
    return next((source for source in item.sources if is_set(line.value(source), item.nothing)), "")


def _column(line: Line, item: InletField) -> str:
    """Return the column of a table that contains even an empty cell; for other data the register's column."""
    cells = line.cells if isinstance(line, TableLine) else {}
    return next((source for source in item.sources if heading(source) in cells), item.column)


def _unique(entries: Sequence[Entry], inlet: Inlet) -> tuple[list[Entry], list[Refusal]]:
    """Return rows with distinct keys. Of equal rows one counts; rows with the same key that differ are all refused."""
    by_key = grouped((key_of(entry, inlet), entry) for entry in entries)
    kept: list[Entry] = []
    refused: list[Refusal] = []
    for same in by_key.values():
        if all(one.cells == same[0].cells for one in same):
            kept.append(same[0])
            continue
        rows = ", ".join(str(one.row) for one in same)
        refused += [Refusal(one.row, ", ".join(inlet.key), "twice", {"rows": rows}) for one in same]
    return kept, refused


def key_of(entry: Entry, inlet: Inlet) -> tuple[str, ...]:
    """Return the key that identifies a row over time."""
    return tuple(folded(entry.cells[column]) for column in inlet.key)


def folded(cell: str) -> str:
    """Return a cell of a key in the form for comparison: in lower case, each character in one spelling."""
    return unicodedata.normalize("NFC", cell.casefold())


def _origin(content: files.Content, inlet: Inlet, asked: FileFacts, lines: Sequence[Line]) -> Origin:
    days = list(_days(lines, inlet.source.made))
    if not (asked.made or days or has_begun(content.written, asked.today)):
        hint = "its date is none of the export: say with --made when the tool wrote it"
        raise UsageError(f"the date of {content.name}, {content.written}, is in the future", hint)
    made = asked.made or min([content.written, asked.today, *days])
    until = made + timedelta(days=inlet.fresh_days)
    digest = hashlib.sha256(content.raw).hexdigest()
    tool = _named(lines, inlet.source.tool) or inlet.tool
    version = plain(asked.version) or _named(lines, inlet.source.version)
    name = plain(content.name)
    return Origin(inlet.id, name, digest, tool, version, made.isoformat(), until.isoformat())


def _days(lines: Sequence[Line], sources: Sequence[str]) -> Iterator[date]:
    """Yield the days on which the file was written, by its own data."""
    for said in set(_words(lines, sources)) if sources else ():
        with suppress(ValueError):
            yield date.fromisoformat(said[:10])


def _named(lines: Sequence[Line], sources: Sequence[str]) -> str:
    """Return the name of the tool in the rows; MIXED if they differ."""
    if not sources:
        return ""
    found = Counter(_words(lines, sources))
    return "" if not found else MIXED if len(found) > 1 else next(iter(found))


def _words(lines: Sequence[Line], sources: Sequence[str]) -> Iterator[str]:
    for line in lines:
        value = first_value(line, sources)
        if isinstance(value, str | int | float):
            yield plain(value)[:60]
