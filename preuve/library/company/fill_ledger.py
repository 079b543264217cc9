"""Records what inlets wrote into a register: the source of each row and a hash of each cell, so that cells changed
by a person are recognised; and the files whose rows are not known to be all there.

A register and its records are several files. What the records will say is written first, bound to the content that the
register is about to have: whether the register has it decides which ones count, wherever a command was stopped.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from preuve.library.company.register.cells import FILLED_FROM
from preuve.library.company.registers import FOLDER
from preuve.model.company.inlet import FileReading, Origin
from preuve.model.errors import PreuveError, UsageError
from preuve.system.causes import cause
from preuve.system.files import whole

_KEPT = ".filled"
_PSEUDONYM = re.compile(rb"\bperson-[a-z2-7]{12}\b")
_FROM = re.compile(r"sha256 ([0-9a-f]{64})$")  # the end of what a row says of its file


@dataclass(frozen=True)
class FilledRow:
    """A row that an inlet made or filled: where it comes from, and a hash of each cell that is the inlet's."""

    origin: Origin
    cells: Mapping[str, str]
    ended: bool = False  # a whole and newer file of the same source does not have it
    later: str = ""  # SHA-256 of the newest file of its source that does not have it and may not be whole

    @property
    def source(self) -> str:
        """The newest file of its source, by its SHA-256."""
        return self.later or self.origin.sha256


def key_hash(key: Sequence[str]) -> str:
    """Hash the key of a row, so that the ledger contains no names."""
    return hashlib.sha256("\x1f".join(key).encode()).hexdigest()


def cell_hash(text: str) -> str:
    """Hash a cell."""
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def read_ledger(root: Path, register: str) -> dict[str, FilledRow]:
    """Read the ledger of a register; empty if there is none.

    Raises UsageError if it is a link, PreuveError if it is no ledger.
    """
    return _read(root, register)[0]


def read_readings(root: Path, register: str) -> dict[str, tuple[FileReading, ...]]:
    """Read by inlet the files that filled a register: those of which it has rows or may lack some, and the newest. None
    if it was never filled.

    Raises UsageError if it is a link, PreuveError if it is not what was written.
    """
    return _read(root, register)[1]


def prepare(
    root: Path,
    register: str,
    content: bytes,
    ledger: Mapping[str, FilledRow],
    known: Mapping[str, Sequence[FileReading]],
) -> None:
    """Write what the records say as soon as the register has this content."""
    coming = _Coming(_hash(content), _lines(ledger), known)
    with whole(_path(root, register, _COMING)) as file:
        file.write(msgspec.json.encode(coming, order="sorted") + b"\n")


def settle(root: Path, register: str) -> None:
    """Write the records that were prepared, if the register has the content that they are of, and forget them.

    Raises UsageError or PreuveError as `read_ledger`.
    """
    path = _path(root, register, _COMING)
    if not _is_there(path):
        return
    _read(root, register)  # says what is damaged
    if coming := _coming(root, register):
        # Files first: with them alone, rows of a file are known to be missing that are there; never the contrary.
        with whole(_path(root, register, _FILES)) as file:
            file.write(msgspec.json.format(msgspec.json.encode(coming.files, order="sorted")) + b"\n")
        with whole(ledger_path(root, register)) as file:
            file.writelines(f"{line}\n".encode() for line in coming.ledger)
    path.unlink()


def write_key_id(root: Path, register: str, key_id: str) -> None:
    """Write with which pseudonym key people are named in a register: its id, which git may keep."""
    with whole(_path(root, register, _KEY_ID)) as file:
        file.write(f"{key_id}\n".encode())


def key_ids(root: Path) -> Iterator[tuple[str, str]]:
    """Yield the registers that name people by pseudonyms, each with the id of their key, where a fill wrote it.

    Raises UsageError if one of the files is a link.
    """
    for path in sorted((root / FOLDER / _KEPT).glob(f"*.{_KEY_ID}")):
        name = path.name.removesuffix(f".{_KEY_ID}")
        table = root / FOLDER / f"{name}.csv"
        if _is_there(path) and table.is_file() and _PSEUDONYM.search(table.read_bytes()):
            yield name, path.read_text(encoding="utf-8", errors="replace").strip()


def origin_in(cell: str) -> str:
    """Return the SHA-256 of the file that a row says it was filled from; "" if it names none."""
    found = _FROM.search(cell)
    return found[1] if found else ""


def missing(root: Path, register: str, rows: Sequence[Mapping[str, str]]) -> str:
    """Return why a register may lack rows that its sources have, a word of `register_short` in the locales; "" if it
    has all.

    `rows` are its entries. Who keeps a register by hand answers for it. Raises UsageError or PreuveError as
    `read_readings`.
    """
    ledger, readings = _read(root, register)
    if unknown((row.get(FILLED_FROM[0], "") for row in rows), ledger, readings):
        return "unknown"
    return next((item.why for _, files in sorted(readings.items()) for item in files if item.why), "")


def unknown(
    cells: Iterable[str], ledger: Mapping[str, FilledRow], readings: Mapping[str, Sequence[FileReading]]
) -> frozenset[str]:
    """Return which of the cells that name the file of a row name one of which nothing tells whether it was whole.

    If a row of a file has ended, a whole one took the place of that file.
    """
    known = {(inlet, item.sha256) for inlet, files in readings.items() for item in files}
    known |= {(item.origin.inlet, item.origin.sha256) for item in ledger.values() if item.ended}
    return frozenset(cell for cell in cells if cell and (cell.partition(":")[0], origin_in(cell)) not in known)


class _Coming(msgspec.Struct, frozen=True):
    """What the records say once a register has the content of this hash."""

    register: str
    ledger: Sequence[str]
    files: Mapping[str, Sequence[FileReading]]


_LEDGER, _FILES, _COMING, _KEY_ID = "jsonl", "files.json", "next.json", "pseudonym-key-id"


def ledger_path(root: Path, register: str) -> Path:
    """Return the path of a register's ledger."""
    return _path(root, register, _LEDGER)


def _path(root: Path, register: str, kind: str) -> Path:
    return root / FOLDER / _KEPT / f"{register}.{kind}"


def _read(root: Path, register: str) -> tuple[dict[str, FilledRow], dict[str, tuple[FileReading, ...]]]:
    path = _path(root, register, _COMING)
    try:
        coming = _coming(root, register)
        if coming:
            return _filled(coming.ledger), {inlet: tuple(files) for inlet, files in coming.files.items()}
        path = ledger_path(root, register)
        ledger = _filled(path.read_text(encoding="utf-8").split("\n")) if _is_there(path) else {}
        path = _path(root, register, _FILES)
        if not _is_there(path):
            return ledger, {}
        known = msgspec.json.decode(path.read_bytes(), type=dict[str, tuple[FileReading, ...] | FileReading])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, msgspec.MsgspecError) as error:
        hint = (
            "take it from git; without it every cell counts as a person's"
            if path == ledger_path(root, register)
            else "take it from git, or delete it and fill the register again"
        )
        raise PreuveError(f"{path} is not what preuve fill keeps there: {cause(error)}", hint) from error
    # Earlier versions kept one file of each inlet, without a list.
    return ledger, {inlet: files if isinstance(files, tuple) else (files,) for inlet, files in known.items()}


def _coming(root: Path, register: str) -> _Coming | None:
    """Return the records that were prepared, if the register has the content that they are of."""
    path, table = _path(root, register, _COMING), root / FOLDER / f"{register}.csv"
    if not _is_there(path):
        return None
    coming = msgspec.json.decode(path.read_bytes(), type=_Coming)
    return coming if _hash(table.read_bytes() if table.is_file() else b"") == coming.register else None


def _is_there(path: Path) -> bool:
    if path.is_symlink() or path.parent.is_symlink():
        raise UsageError(f"{path} is a link", "keep the file itself in the workspace")
    return path.exists()


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _filled(lines: Iterable[str]) -> dict[str, FilledRow]:
    return dict(_row(json.loads(line)) for line in lines if line)


def _row(data: Mapping[str, Any]) -> tuple[str, FilledRow]:
    return str(data["key"]), FilledRow(
        Origin(**data["origin"]), dict(data["cells"].items()), data.get("ended") is True, str(data.get("later", ""))
    )


def _lines(ledger: Mapping[str, FilledRow]) -> list[str]:
    """Return the ledger, a line for each row."""
    return [
        json.dumps(
            {"key": key, "origin": vars(item.origin), "cells": dict(item.cells)}
            | ({"ended": True} if item.ended else {})
            | ({"later": item.later} if item.later else {}),
            sort_keys=True,
        )
        for key, item in sorted(ledger.items())
    ]
