"""The chain of runs in a file beside the bundles."""

from __future__ import annotations

import hashlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from preuve.evidence.runs.lines import State, usable
from preuve.evidence.verifier.chain import CHAIN, Line, read
from preuve.model.errors import PreuveError
from preuve.system.causes import cause, to_do
from preuve.system.files import try_write
from preuve.system.folders import folder_turn

_NO_LINK = 0 if sys.platform == "win32" else os.O_NOFOLLOW

_NEW = ".chain.new"


@dataclass(frozen=True)
class FileChain:
    """The file `chain.jsonl` in the folder of the bundles."""

    folder: Path
    beside: bool = False  # whether bundles of another chain may lie beside it, as for what only reads

    def read(self) -> State:
        """Read the whole chain. Raises PreuveError if it lacks a line that a bundle in its folder has."""
        if self.folder.exists() and not self.folder.is_dir():
            raise PreuveError(
                f"{self.folder} is a file, but the evidence folder must be there",
                "move the file away, or name another folder: evidence.folder in preuve.yaml",
            )
        bundles = sorted(self.folder.glob(f"[!.]*/{CHAIN}"))  # without those being written
        carried = [(path.parent.name, read(path).lines) for path in bundles]
        lines = self._lines()  # after the bundles: a bundle appears when its line is in the chain
        for name, known in carried:
            foreign = bool(known and lines) and known[0] != lines[0]
            if foreign and not self.beside:
                raise PreuveError(
                    f"{self.folder / name} belongs to another chain of runs than {self.folder / CHAIN}",
                    "if it is another workspace's, move it away; otherwise find out who changed one of the two",
                )
            if not foreign and known != lines[: len(known)]:
                raise PreuveError(
                    f"the chain of runs in {self.folder / CHAIN} lacks lines that the bundle {name} carries",
                    f"restore it from {self.folder / name / CHAIN}, or find out who changed it",
                )
        return State(lines, _token(lines))

    def try_append(self) -> bool:
        """Return True if a line could be appended now; append none. Raises PreuveError if it could not be."""
        try:
            try_write(self.folder / CHAIN)
            if self.folder.is_dir():
                with folder_turn(self.folder):
                    pass  # some file systems have no locks
        except OSError as error:
            raise self._unwritable(error) from error
        return True

    def append(self, seen: State, line: Line) -> bool:
        """Append `line` under a lock, if the chain is still as `seen`, and return whether it was.

        The whole file is replaced, so that a crash leaves no partial line. Raises PreuveError if it cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with folder_turn(self.folder):
                lines = self._lines()
                if _token(lines) != seen.token:
                    return False
                _replace(self.folder, b"".join(item.raw for item in (*lines, line)))
        except OSError as error:
            raise self._unwritable(error) from error
        return True

    def _unwritable(self, error: OSError) -> PreuveError:
        hint = to_do(error, "make it writable and try again")
        return PreuveError(f"{self.folder / CHAIN} cannot be written: {cause(error)}", hint)

    def completed(self, line: Line) -> None:
        """Do nothing: if a run is killed earlier, its unfinished folder beside the chain shows it."""

    def _lines(self) -> tuple[Line, ...]:
        return usable(read(self.folder / CHAIN), str(self.folder / CHAIN))


def _token(lines: tuple[Line, ...]) -> str:
    return hashlib.sha256(b"".join(line.raw for line in lines)).hexdigest()


def _replace(folder: Path, content: bytes) -> None:
    new = folder / _NEW
    file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _NO_LINK, 0o644)
    with os.fdopen(file, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(folder / CHAIN)
