"""Records what inlets wrote into a register: the source of each row and a hash of each cell, so that cells changed
by a person are recognised; and the files whose rows are not known to be all there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from preuve.library.company.register.cells import FILLED_FROM
from preuve.library.company.registers import FOLDER
from preuve.model.company.inlet import Origin, Reading
from preuve.model.errors import PreuveError, UsageError
from preuve.system.causes import cause
from preuve.system.files import whole

_KEPT = ".filled"


@dataclass(frozen=True)
class Filled:
    """A row that an inlet made or filled: where it comes from, and a hash of each cell that is the inlet's."""

    origin: Origin
    cells: Mapping[str, str]
    ended: bool = False  # a whole and newer file of the same source does not have it


def key_hash(key: Sequence[str]) -> str:
    """Hash the key of a row, so that the ledger contains no names."""
    return hashlib.sha256("\x1f".join(key).encode()).hexdigest()


def cell_hash(text: str) -> str:
    """Hash a cell."""
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def ledger_path(root: Path, register: str) -> Path:
    """Return the path of a register's ledger."""
    return root / FOLDER / _KEPT / f"{register}.jsonl"


def read_ledger(root: Path, register: str) -> dict[str, Filled]:
    """Read the ledger of a register; empty if there is none.

    Raises UsageError if it is a link, PreuveError if it is no ledger.
    """
    path = ledger_path(root, register)
    if not _is_there(path):
        return {}
    try:
        return dict(_filled(json.loads(line)) for line in path.read_text(encoding="utf-8").split("\n") if line)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        hint = "take it from git; without it every cell counts as a person's"
        raise PreuveError(f"{path} is not what preuve fill keeps there: {cause(error)}", hint) from error


def _is_there(path: Path) -> bool:
    if path.is_symlink() or path.parent.is_symlink():
        raise UsageError(f"{path} is a link", "keep the file itself in the workspace")
    return path.exists()


def read_readings(root: Path, register: str) -> dict[str, tuple[Reading, ...]]:
    """Read by inlet the files that filled a register: those of which rows may be missing, and the newest. None if it
    was never filled.

    Raises UsageError if it is a link, PreuveError if it is not what was written.
    """
    path = _readings_path(root, register)
    if not _is_there(path):
        return {}
    try:
        known = msgspec.json.decode(path.read_bytes(), type=dict[str, tuple[Reading, ...] | Reading])
    except (OSError, msgspec.MsgspecError) as error:
        hint = "take it from git, or delete it and fill the register again"
        raise PreuveError(f"{path} is not what preuve fill keeps there: {cause(error)}", hint) from error
    # Earlier versions kept one file of each inlet, without a list.
    return {inlet: files if isinstance(files, tuple) else (files,) for inlet, files in known.items()}


def write_readings(root: Path, register: str, known: Mapping[str, Sequence[Reading]]) -> None:
    """Write which files of each inlet filled a register."""
    with whole(_readings_path(root, register)) as file:
        file.write(msgspec.json.format(msgspec.json.encode(known, order="sorted")) + b"\n")


def _readings_path(root: Path, register: str) -> Path:
    return root / FOLDER / _KEPT / f"{register}.files.json"


def missing(root: Path, register: str, rows: Sequence[Mapping[str, str]]) -> str:
    """Return why a register may lack rows that its sources have, a word of `register_short` in the locales; "" if it
    has all.

    `rows` are its entries. Who keeps a register by hand answers for it. Raises UsageError or PreuveError as
    `read_readings`.
    """
    readings = read_readings(root, register)
    filled = {cell.partition(":")[0] for row in rows if (cell := row.get(FILLED_FROM[0], ""))}
    if filled - set(readings):
        return "unknown"
    return next((item.why for _, files in sorted(readings.items()) for item in files if item.why), "")


def _filled(data: Mapping[str, Any]) -> tuple[str, Filled]:
    return str(data["key"]), Filled(Origin(**data["origin"]), dict(data["cells"].items()), data.get("ended") is True)


def write_ledger(root: Path, register: str, ledger: Mapping[str, Filled]) -> None:
    """Write the ledger, a line for each row."""
    path = ledger_path(root, register)
    lines = [
        json.dumps(
            {"key": key, "origin": vars(item.origin), "cells": dict(item.cells)}
            | ({"ended": True} if item.ended else {}),
            sort_keys=True,
        )
        for key, item in sorted(ledger.items())
    ]
    with whole(path) as file:
        file.writelines(f"{line}\n".encode() for line in lines)
