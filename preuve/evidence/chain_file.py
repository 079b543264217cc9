"""The chain of runs in a file beside the bundles."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from preuve.evidence.chain import State, usable
from preuve.evidence.verifier.chain import CHAIN, Line, read
from preuve.model.errors import PreuveError

if sys.platform == "win32":
    import msvcrt

    _NO_LINK = 0
else:
    import fcntl

    _NO_LINK = os.O_NOFOLLOW

_NEW = ".chain.new"


@dataclass(frozen=True)
class FileChain:
    """`chain.jsonl` in the folder that holds the bundles."""

    folder: Path

    def read(self) -> State:
        """The whole chain; PreuveError where a bundle beside it carries a line that it lacks."""
        bundles = sorted(self.folder.glob(f"[!.]*/{CHAIN}"))  # not those that are being written
        carried = [(path.parent.name, read(path).lines) for path in bundles]
        lines = self._lines()  # after the bundles: a bundle appears when its line is in the chain
        for name, known in carried:
            if known != lines[: len(known)]:
                raise PreuveError(
                    f"the chain of runs in {self.folder / CHAIN} lacks lines that the bundle {name} carries",
                    f"restore it from {self.folder / name / CHAIN}, or find out who changed it",
                )
        return State(lines, _token(lines))

    def append(self, seen: State, line: Line) -> bool:
        """Append under a lock; the file is replaced whole, so that a crash leaves no half of a line."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with _locked(self.folder):
                lines = self._lines()
                if _token(lines) != seen.token:
                    return False
                _replace(self.folder, b"".join(item.raw for item in (*lines, line)))
        except OSError as error:
            raise PreuveError(
                f"{self.folder / CHAIN} cannot be written: {error.strerror or error}", "make it writable and try again"
            ) from error
        return True

    def completed(self, line: Line) -> None:
        """Nothing: where a run is killed before that, its unfinished folder lies beside the chain and tells."""

    def _lines(self) -> tuple[Line, ...]:
        return usable(read(self.folder / CHAIN), str(self.folder / CHAIN))


if sys.platform == "win32":

    @contextmanager
    def _locked(folder: Path) -> Iterator[None]:
        with (folder / ".chain.lock").open("ab") as file:  # Windows locks no folder
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)  # waits ten seconds, then an OSError
            try:
                yield
            finally:
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:

    @contextmanager
    def _locked(folder: Path) -> Iterator[None]:
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield
        finally:
            os.close(held)  # which unlocks


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
