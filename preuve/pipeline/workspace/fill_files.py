"""Remembers the files that were not read whole, until a newer one of the same inlet brings their rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from preuve.collect.inlets.intake import key_of
from preuve.library.company.fill_ledger import key_hash
from preuve.library.company.register.cells import FILLED_FROM
from preuve.library.company.register.file import RegisterFile
from preuve.model.company.inlet import Change, Inlet, Intake, Reading, lost

_UNTOLD = ""  # in place of the hash of a key: not even a key of the file could be read


def reading_of(intake: Intake, changes: Iterable[Change], register: RegisterFile, inlet: Inlet) -> Reading:
    """Return what is remembered of a file after its rows were put into the register."""
    origin = intake.origin
    reading = Reading(origin.made, origin.sha256, len(lost(intake, changes)), intake.short, origin.file)
    if not reading.why or _has_rows(register, inlet, reading):
        return reading
    keys = [key_of(entry, inlet) for entry in intake.entries] or intake.refused_keys
    return replace(reading, rows=tuple(sorted(map(key_hash, keys))) or (_UNTOLD,))


def waiting(
    files: Sequence[Reading], register: RegisterFile, inlet: Inlet, intake: Intake, *, whole: bool
) -> tuple[Reading, ...]:
    """Return the earlier `files` of which rows may still be missing after another one of the inlet was put into the
    register: it does not bring all their rows, as that of another tenant, project or subsidiary does not.

    With `whole` a person says that it takes the place of files of which no key could be read.
    """
    brought = {key_hash(key_of(entry, inlet)) for entry in intake.entries} | ({_UNTOLD} if whole else set())
    left = (
        replace(item, rows=tuple(key for key in item.rows if key not in brought))
        for item in files
        if item.why and item.sha256 != intake.origin.sha256
    )
    return tuple(item for item in left if item.rows or _has_rows(register, inlet, item))


def _has_rows(register: RegisterFile, inlet: Inlet, reading: Reading) -> bool:
    """Return whether the register has a row that no file newer than this one brought."""
    told = (register.cell(row, FILLED_FROM[0]) for row in register.entries())
    return any(cell.startswith(f"{inlet.id}:") and cell.endswith(f" {reading.sha256}") for cell in told)
