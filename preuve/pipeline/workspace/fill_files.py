"""Records the files that were not read completely, until a newer one of the same inlet brings their rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from preuve.collect.inlets.intake import key_of
from preuve.library.company.fill_ledger import key_hash
from preuve.model.company.inlet import Change, FileReading, Inlet, Intake, lost

_UNTOLD = ""  # in place of the hash of a key that could not be read


def reading_of(intake: Intake, changes: Iterable[Change], inlet: Inlet) -> FileReading:
    """Return the record of a file after its rows were put into the register."""
    origin = intake.origin
    reading = FileReading(origin.made, origin.sha256, len(lost(intake, changes)), intake.short, origin.file)
    if not reading.why:
        return reading
    keys = {*_good(intake, inlet), *intake.refused_keys}
    return replace(reading, rows=tuple(sorted(key_hash(key) if key else _UNTOLD for key in keys)) or (_UNTOLD,))


def waiting(files: Sequence[FileReading], inlet: Inlet, intake: Intake, *, whole: bool) -> tuple[FileReading, ...]:
    """Return the earlier `files` whose rows may still be missing after another file of the inlet was put into the
    register: that file does not have all their rows, for example because it comes from another tenant, project or
    subsidiary.

    With `whole` a person confirms that it has the rows whose keys could not be read.
    """
    brought = {key_hash(key) for key in _good(intake, inlet)} | ({_UNTOLD} if whole else set())
    left = (
        replace(item, rows=tuple(key for key in item.rows or (_UNTOLD,) if key not in brought))
        for item in files
        if item.why and item.sha256 != intake.origin.sha256
    )
    return tuple(item for item in left if item.rows)


def _good(intake: Intake, inlet: Inlet) -> Collection[tuple[str, ...]]:
    """Return the keys of the rows that can be used."""
    return {key_of(entry, inlet) for entry in intake.entries}
