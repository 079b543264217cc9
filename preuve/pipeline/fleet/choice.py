"""How accounts are read, as the command line says it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from preuve.model.company.workspace import Workspace
from preuve.model.errors import PreuveError
from preuve.pipeline.fleet.engine import Engine, Processes, processors
from preuve.pipeline.fleet.gather import Fleet
from preuve.pipeline.fleet.places import Folder, place_of
from preuve.system.folders import alone

HOURS = 24.0  # how old a part may be that counts
_PARTS = ".parts"


@dataclass(frozen=True)
class Choice:
    """What was asked for; nothing of it is needed where one account is read on this machine."""

    parts: str = ""  # where parts lie that are only judged
    hours: float = HOURS
    workers: int = 0  # as many as there are processors

    @property
    def engine(self) -> Engine:
        """What reads the accounts."""
        return Processes(self.workers or processors())


@contextmanager
def chosen(workspace: Workspace, home: Path, kind: str, choice: Choice) -> Iterator[Fleet | None]:
    """How accounts are read; nothing where this process does it. `kind` keeps apart what is read for different ends.

    What was read stays in `home` until the run has come to its end, so that one that was killed can go on from there.
    """
    if choice.parts:
        yield Fleet(place_of(choice.parts, workspace), choice.hours)
    elif len(workspace.accounts) < 2:
        yield None
    else:
        with _own(home / _PARTS / kind) as folder:
            yield Fleet(Folder(folder), choice.hours, choice.engine, str(folder.resolve()))


@contextmanager
def _own(folder: Path) -> Iterator[Path]:
    """The folder of one run, that goes with it once the run has succeeded."""
    with alone(folder, wait=False) as mine:
        if not mine:
            raise PreuveError(f"another run reads these accounts, into {folder}", "wait until it has ended")
        yield folder / "accounts"  # workers take turns at this one, which is not held
        shutil.rmtree(folder)
    if not any(folder.parent.iterdir()):
        folder.parent.rmdir()
