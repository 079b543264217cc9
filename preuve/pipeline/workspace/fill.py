"""Fills a register of the workspace from the file of another tool: shows what would change, and writes when asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from secrets import token_bytes

from preuve.collect.inlets.cells import CellForm
from preuve.collect.inlets.intake import FileFacts, take_in
from preuve.library.company.fill_ledger import (
    FilledRow,
    origin_in,
    prepare,
    read_ledger,
    read_readings,
    settle,
    unknown,
    write_key_id,
)
from preuve.library.company.inlets import load_inlets
from preuve.library.company.names import is_workspace
from preuve.library.company.register.cells import FILLED_FROM
from preuve.library.company.register.file import RegisterFile
from preuve.library.company.workspace import load_workspace
from preuve.library.load import load_library
from preuve.library.suggestion import suggest
from preuve.model.company.inlet import FileReading, Inlet, Intake, RegisterChanges, Shortfall
from preuve.model.company.workspace import Workspace
from preuve.model.content import Library
from preuve.model.errors import PreuveError, UsageError
from preuve.model.moment import has_begun
from preuve.pipeline.run.forget import key_path
from preuve.pipeline.run.redaction import filled_otherwise, made_otherwise
from preuve.pipeline.workspace.fill_files import reading_of, waiting
from preuve.pipeline.workspace.fill_merge import Merge
from preuve.publish.words.locale import Locale, load_locale
from preuve.redact.pseudonyms import KEY_BYTES, Pseudonyms, load_key, table_beside
from preuve.redact.redactor import Redactor
from preuve.system.folders import folder_turn

_PSEUDONYM = re.compile(r"\bperson-[a-z2-7]{12}\b")


def inlets_of(root: Path) -> Mapping[str, Inlet]:
    """Return the inlets that a workspace can use, or the bundled ones."""
    return load_inlets(_own(root))


def find(inlets: Mapping[str, Inlet], name: str) -> Inlet:
    """Return the inlet `name`. Raises UsageError, which names those that are near."""
    if name in inlets:
        return inlets[name]
    raise UsageError(f"there is no inlet {name!r}", suggest(name, inlets, "all of them: preuve fill --list"))


def fill(root: Path, name: str, path: Path, asked: FileFacts, *, write: bool) -> tuple[RegisterChanges, Locale]:
    """Read the file at `path` by the inlet `name`, put its rows into the register, and with `write` keep that.

    `asked` says what the file does not: the tool, and when it wrote the file. Raises UsageError for the future.
    """
    if asked.made and not has_begun(asked.made, asked.today):
        raise UsageError(f"{asked.made} is in the future", "say when the tool wrote the file")
    library = load_library(_own(root))
    workspace = load_workspace(root, library)
    inlet = find(load_inlets(_own(root)), name)
    with folder_turn(root) if write else nullcontext():  # another one may fill the same register
        return _filled(workspace, inlet, path, asked, read=_read_columns(library, inlet), write=write)


def _read_columns(library: Library, inlet: Inlet) -> list[str]:
    """Return the columns that an inlet fills and policies may read, but for those that name an entry."""
    types = (item for item in library.types.values() if inlet.register in item.registers)
    read = {column for item in types for column in item.columns.values()}
    return [item.column for item in inlet.fields.values() if item.column in read and item.column not in inlet.key]


def _filled(
    workspace: Workspace, inlet: Inlet, path: Path, asked: FileFacts, *, read: Sequence[str], write: bool
) -> tuple[RegisterChanges, Locale]:
    root = workspace.root
    if write:
        settle(root, inlet.register)  # what a command prepared that was stopped
    locale = load_locale(workspace.language)
    register = RegisterFile.open(root, inlet.register, workspace.language)
    ledger = read_ledger(root, inlet.register)
    pseudonyms = _pseudonyms(workspace, inlet, register, write=write)
    writing = CellForm("fr" if register.french else "en", _person(pseudonyms), asked.today)
    intake = take_in(path, inlet, asked, writing)
    readings = read_readings(root, inlet.register)
    files = readings.get(inlet.id, ())
    _check_newer(ledger, files, intake)
    before, unrecorded = dict(ledger), _unrecorded(register, ledger)
    others = _of_others(readings, inlet)
    changes = Merge(register, ledger, inlet, intake.origin).put(intake)
    earlier = waiting(files, inlet, intake, whole=asked.whole)
    now = (*_with_rows(files, ledger, earlier, intake), *earlier, reading_of(intake, changes, inlet))
    records, written = readings | {inlet.id: now}, None
    doubted = unknown(_sources(register).values(), ledger, records)  # what who reads the register will ask
    unrecorded |= {row for row, cell in _sources(register).items() if cell in doubted}
    if write:  # also if the file only shows what is missing
        if pseudonyms:
            pseudonyms.save(table_beside(key_path(workspace)))
            write_key_id(root, inlet.register, pseudonyms.key_id)
        # A register without entries declares that there are none.
        fills = bool(intake.entries) or not (intake.refused or intake.short)
        content = register.content if fills else _content(register.path)
        prepare(root, inlet.register, content, ledger if fills else before, records)
        written = register.write() if fills else None
        settle(root, inlet.register)
    filling = RegisterChanges(inlet, intake, tuple(changes), register.names, asked.today, register.path, written)
    told = (*earlier, *others)
    return replace(filling, earlier=told, unrecorded=len(unrecorded), empty=_empty(register, read)), locale


def _empty(register: RegisterFile, columns: Sequence[str]) -> dict[str, int]:
    """Return how many rows leave each of these columns empty, but for columns that all fill."""
    rows = register.entries()
    counts = {column: sum(not register.cell(row, column).strip() for row in rows) for column in columns}
    return {column: count for column, count in counts.items() if count}


def _with_rows(
    files: Sequence[FileReading], ledger: Mapping[str, FilledRow], earlier: Sequence[FileReading], intake: Intake
) -> list[FileReading]:
    """Return the files that were read whole and of which the register has rows: a row of any other is of a file that
    nobody knows.
    """
    had = {item.origin.sha256 for item in ledger.values()} - {intake.origin.sha256, *(item.sha256 for item in earlier)}
    return [replace(item, refused=0, short=Shortfall.NONE, rows=()) for item in files if item.sha256 in had]


def _of_others(readings: Mapping[str, Sequence[FileReading]], inlet: Inlet) -> list[FileReading]:
    """Return the files of other inlets of which the register may lack rows: no file of this one brings them."""
    found = (item for name, files in sorted(readings.items()) if name != inlet.id for item in files if item.why)
    return [replace(item, rows=()) for item in found]


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _unrecorded(register: RegisterFile, ledger: Mapping[str, FilledRow]) -> set[int]:
    """Return the rows that name a file of which the ledger knows nothing: it was lost, or not committed with them."""
    known = {item.origin.sha256 for item in ledger.values()}
    return {row for row, cell in _sources(register).items() if origin_in(cell) not in known}


def _sources(register: RegisterFile) -> dict[int, str]:
    """Return by row what it says of its file, where it names one."""
    return {row: cell for row in register.entries() if (cell := register.cell(row, FILLED_FROM[0]))}


def _own(root: Path) -> Path | None:
    return root if is_workspace(root) else None


def _pseudonyms(workspace: Workspace, inlet: Inlet, register: RegisterFile, *, write: bool) -> Pseudonyms | None:
    """Return the workspace's pseudonyms, if the inlet writes any. Without `write` no key is made.

    Raises UsageError if the key is not the one with which people have been named so far: with another, the same people
    would be others.
    """
    personal = [item.column for item in inlet.fields.values() if item.personal]
    if not personal:
        return None
    path = key_path(workspace)
    earlier, here = made_otherwise(workspace, workspace.root / workspace.evidence_folder), path.exists()
    if earlier and here:
        raise UsageError(
            f"{earlier} was made with another pseudonym key than {path}",
            "if that key is the one to use, put it there, and keep a copy of this one; otherwise run preuve "
            "audit first: it continues with the key that is there, and gives everybody a new pseudonym",
        )
    if earlier:
        raise UsageError(
            f"{earlier} was made with a pseudonym key, and {path} is missing",
            "put the key there; if it is lost, audit first: preuve audit begins a new one, and names everybody anew",
        )
    if other := filled_otherwise(workspace):
        raise UsageError(
            f"{other} names people by pseudonyms of another key than {path}"
            if here
            else f"{other} names people by pseudonyms, and their key {path} is missing",
            "put that key there; if it is lost, empty these cells first",
        )
    cells = (register.cell(row, column) for row in register.entries() for column in personal)
    if not here and any(map(_PSEUDONYM.search, cells)):
        raise UsageError(
            f"{register.path} names people by pseudonyms, and their key {path} is missing",
            "put the key there; if it is lost, empty these cells first",
        )
    return Pseudonyms(load_key(path) if here or write else token_bytes(KEY_BYTES))


def _person(pseudonyms: Pseudonyms | None) -> Callable[[str], str]:
    if pseudonyms is None:
        return _nobody
    redactor = Redactor(pseudonyms)
    return lambda name: str(redactor.data({"name": name}, ["name"])["name"])


def _nobody(name: str) -> str:
    raise PreuveError(f"no pseudonym for a cell of {len(name)} characters", "this is a defect of preuve: report it")


def _check_newer(ledger: Mapping[str, FilledRow], files: Sequence[FileReading], intake: Intake) -> None:
    """Raise UsageError if the register was filled from a later file of the same inlet, even one without a good row."""
    origin = intake.origin
    filled = [item.origin.made for item in ledger.values() if item.origin.inlet == origin.inlet]
    later = max([*filled, *(item.made for item in files)], default="")
    if later > origin.made:
        hint = "export it again; --made says when the tool wrote it, where the file's own date is wrong"
        raise UsageError(f"{origin.file} is of {origin.made}, and the register was filled from one of {later}", hint)
