"""Runs units on an executor and writes each as it completes; a failure in one does not affect the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor, Future, as_completed
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from preuve.collect.recorder import listing_line, unread_form
from preuve.collect.unit import Caller, Unit, UnitReader
from preuve.model.company.run_secrets import OF_RUN
from preuve.model.errors import PreuveError
from preuve.model.progress import Progress, Step
from preuve.model.snapshot import Unread
from preuve.redact.redactor import Redactor
from preuve.snapshot.writer import SnapshotWriter

_SHOWN = 300  # characters of a message


@dataclass(frozen=True)
class Pools:
    """The thread pools for units, and for the details of their resources."""

    details: Executor
    units: Executor


@dataclass(frozen=True)
class UnitOutput:
    """The writer of units, and the progress to report to."""

    writer: SnapshotWriter
    redactor: Redactor
    progress: Progress


def run_units(
    planned: list[Unit], caller: Callable[[Unit], Caller], pools: Pools, to: UnitOutput, stop: Callable[[], None]
) -> int:
    """Read and write all units; return the number of calls. `stop` ends the units that have begun, if it is
    interrupted.
    """
    running: set[Future[tuple[Unit, int]]] = {
        pools.units.submit(_read, unit, caller(unit), pools.details, to) for unit in planned
    }
    calls = ended = 0
    try:
        for future in as_completed(tuple(running)):
            running.remove(future)
            unit, count = future.result()
            calls, ended = calls + count, ended + 1
            to.progress(Step("unit", {"service": unit.service, "region": unit.region}), ended, len(planned))
    finally:
        if running:  # it was interrupted: units that have begun end with their next call
            stop()
        for future in running:
            future.cancel()
    return calls


def _read(unit: Unit, caller: Caller, details: Executor, to: UnitOutput) -> tuple[Unit, int]:
    reader = UnitReader(unit, caller, to.redactor, details)
    try:
        lines = reader.read()
        first = list(islice(lines, 1))
        if first:
            to.writer.unit(unit.account, unit.region, unit.service, chain(first, lines), unit.provider)
    except (PreuveError, OSError):  # the workspace or this machine: nothing more can be written
        raise
    except Exception as error:  # noqa: BLE001 - a boundary: what goes wrong in one unit leaves no other unread
        reason = Unread("defect", type(error).__name__, OF_RUN.hidden(str(error))[:_SHOWN])
        write_unread(to.writer, [unit], reason, to.redactor, reader.records)
    return unit, reader.calls


def write_unread(
    writer: SnapshotWriter,
    planned: list[Unit],
    reason: Unread,
    redactor: Redactor,
    records: Iterable[Mapping[str, Any]] = (),
    account: str | None = None,
) -> None:
    """Write units that were not read, with the reason and the calls that were made all the same.

    `account` is the account in the lines, if it is not that of the units.
    """
    form = unread_form(reason, redactor)
    for unit in planned:
        named = unit.account if account is None else account
        lines = [listing_line(declared.name, named, unit.region, unread=form) for declared in unit.types]
        writer.unit(unit.account, unit.region, unit.service, [*lines, *records], unit.provider)
