"""Checks each snapshot that a test takes against the forms and against itself: an honest snapshot is never reported as
altered.

Importing this module is enough, before any other that takes snapshots.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import wraps
from pathlib import Path
from typing import Any

from preuve.collect.code.run import scan
from preuve.pipeline.bundle.consistency.agreement import disagreements
from preuve.pipeline.run import collect
from preuve.pipeline.run.preparation import Preparation, as_kept
from preuve.snapshot.forms import CODE
from preuve.snapshot.reader import lines_of
from preuve.snapshot.strays import foreign, misfits

_take, _write = collect.take_snapshot, scan.write


def accused(prepared: Preparation, folder: Path) -> list[str]:
    """Return what re-performing would report as altered in a snapshot."""
    return [*foreign(folder), *disagreements(folder, as_kept(prepared, folder))]


@wraps(_take)
def _held(prepared: Preparation, destination: Path, *rest: Any, **options: Any) -> Any:
    names = _take(prepared, destination, *rest, **options)
    told = accused(prepared, destination)
    assert not told, f"{len(told)} places of an honest snapshot are told as altered: {told[:5]}"
    return names


@wraps(_write)
def _held_code(*given: Any) -> Any:
    paths = _write(*given)
    told = [(line, what) for path in paths for line in lines_of(path) for what in misfits(_without_people(line), CODE)]
    assert not told, f"{len(told)} places of an honest scan are told as altered: {told[:5]}"
    return paths


def _without_people(line: Mapping[str, Any]) -> dict[str, Any]:
    """Return a line as redaction leaves it: names of people are for redaction alone."""
    return {name: value for name, value in line.items() if name != "people"}


collect.take_snapshot, scan.write = _held, _held_code
