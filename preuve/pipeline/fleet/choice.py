"""Chooses how accounts are read, from the options of the command line."""

from __future__ import annotations

import contextlib
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from preuve.model.company.workspace import Workspace
from preuve.model.errors import PreuveError, UsageError
from preuve.pipeline.fleet.assembly import Fleet
from preuve.pipeline.fleet.cluster import Cluster, Tls
from preuve.pipeline.fleet.engine import Engine, processors
from preuve.pipeline.fleet.places import place_of
from preuve.pipeline.fleet.processes import Processes
from preuve.system.folders import PARTS, exclusive_folder


@dataclass(frozen=True)
class Choice:
    """The options for reading accounts; none is needed for one account on this machine."""

    parts: str = ""  # place of existing parts, which are only judged
    hours: float = 24  # maximum age of a part
    workers: int = 0  # 0: one per processor
    dask: bool = False
    scheduler: str = ""
    tls: tuple[str, ...] = ()  # ca, certificate, key
    shared: str = ""  # a place that this machine and a scheduler's workers can both access

    def __post_init__(self) -> None:
        reading = {
            "--workers": self.workers,
            "--engine": self.dask,
            "--scheduler": self.scheduler,
            "--shared": self.shared,
            "--tls-ca": self.tls,
        }
        if self.parts and (option := next((name for name, given in reading.items() if given), "")):
            what = f"{option} is for reading accounts, and --parts judges what was read"
            raise UsageError(what, f"leave out {option}, or --parts")
        if self.scheduler and not self.shared:
            raise UsageError("the workers of a scheduler need a place for their parts", "give --shared")
        if self.tls and not all(self.tls):
            raise UsageError("all three certificate options are needed", "give --tls-ca, --tls-cert and --tls-key")

    @property
    def engine(self) -> Engine:
        """The engine that reads the accounts."""
        workers = self.workers or processors()
        if self.scheduler or self.dask:
            return Cluster(workers, self.scheduler, Tls(*self.tls) if self.tls else None)
        return Processes(workers)


@contextmanager
def chosen(workspace: Workspace, home: Path, kind: str, choice: Choice) -> Iterator[Fleet | None]:
    """Yield the fleet that reads accounts, or None if this process reads them. `kind` separates what is read for
    different purposes.

    Parts are kept until the run has ended, so that a killed run can resume. Raises PreuveError if another run reads the
    same accounts.
    """
    if choice.parts:
        yield Fleet(place_of(choice.parts, workspace), choice.hours)
    elif len(workspace.accounts) < 2 and not (workspace.organization or choice.dask or choice.scheduler):
        yield None
    else:
        with _own(home / PARTS / kind, choice.shared) as place:
            yield Fleet(place_of(place, workspace, new=True), choice.hours, choice.engine, place)


@contextmanager
def _own(folder: Path, shared: str) -> Iterator[str]:
    """Make the place for the parts of one run, which is removed when the run has succeeded; parts shared in S3 stay."""
    with exclusive_folder(folder, wait=False) as mine:
        if not mine:
            raise PreuveError(f"another run reads these accounts, into {folder}", "wait until it has ended")
        inner = folder.resolve() / "accounts"  # workers lock this folder; this process holds the outer one
        place = f"{shared.rstrip('/')}/{_name(folder / 'run')}" if shared else str(inner)
        yield place
        if shared and not shared.startswith("s3:"):
            shutil.rmtree(place, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError):  # not empty if another run has its folder there
        folder.parent.rmdir()


def _name(note: Path) -> str:
    """Return the name of this run in a place that it shares with others: that of a killed run, if there was one."""
    if not note.is_file():
        note.write_text(f"preuve-{secrets.token_hex(8)}", encoding="ascii")
    return note.read_text(encoding="ascii")
