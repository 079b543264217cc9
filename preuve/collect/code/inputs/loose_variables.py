"""Files of variables that lie below no root: for which roots they are, nothing says but where they lie and what they
set."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from preuve.collect.code.files.sources import Sources
from preuve.collect.code.files.tools import ENDINGS as CODE
from preuve.collect.code.inputs.variables import ENDINGS


class LooseVariables:
    """The files of variables of a workspace that lie in and below no folder of code, looked for once."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._found: tuple[tuple[Path, Path], ...] | None = None

    def beside(self, root: Path) -> list[Path]:
        """Those that may be for a root: the nearest folder above them that has code below it has the root below it."""
        if self._found is None:
            self._found = tuple(self._look())
        return [file for around, file in self._found if root.is_relative_to(around)]

    def _look(self) -> Iterable[tuple[Path, Path]]:
        base = self._sources.base
        files = {path: self._sources.entries(path, []) for path in self._sources.folders(base, [])}
        code = {path for path, inside in files.items() if any(file.name.endswith(CODE) for file in inside)}
        around = {above for path in code for above in (path, *path.parents)}
        for path, inside in files.items():
            if code.isdisjoint((path, *path.parents)):
                near = next((above for above in (path, *path.parents) if above in around), base)
                yield from ((near, file) for file in inside if file.name.endswith(ENDINGS) and file.is_file())
