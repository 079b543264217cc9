"""The output files of a push: never one that the run reads, nor one that somebody else wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from preuve.library.company.names import JUDGING
from preuve.model.errors import PreuveError, UsageError
from preuve.system.causes import cause, to_do

# The beginnings of files that an earlier run may have written.
_JUNIT = re.compile(rb"<\?xml [^>]*>\s*<testsuites\b")
_BEGINS: Mapping[str, re.Pattern[bytes]] = {
    "junit": _JUNIT,
    "xunit": _JUNIT,
    "sarif": re.compile(rb'\{\s*"\$schema": "[^"]*/sarif-schema'),
    "json": re.compile(rb'\{\s*"schema": "push/'),
    "code-quality": re.compile(rb'\[\s*(?:\]|\{\s*"description": .*"check_name": )', re.DOTALL),
}
_BEGINNING = 4096  # bytes of a file that are examined
_TEXTS = frozenset({".md", ".markdown", ".txt"})  # to which a summary may be added


def check_targets(home: Path, baseline: Path | None, targets: Mapping[str, Path | None]) -> None:
    """Raise UsageError if a target, by its option, is a file that the run reads, is the target of another option, or
    exists and was not written by a run.
    """
    read = {path.resolve() for path in (*(home / name for name in JUDGING), *filter(None, (baseline,)))}
    asked: dict[Path, str] = {}
    for option, path in targets.items():
        if path is None:
            continue
        place = path.resolve()
        if not read.isdisjoint((place, *place.parents)):
            raise UsageError(f"{path} is a file that this run reads", "name a file of its own")
        if asked.setdefault(place, option) != option:
            raise UsageError(f"--{asked[place]} and --{option} name one file, {path}", "give each a file of its own")
        if not _may_be_written(option, path, home):
            raise UsageError(
                f"{path} already exists and was not written with --{option}", "name another one, or remove this one"
            )


def _may_be_written(option: str, path: Path, home: Path) -> bool:
    """Return whether a file is new, empty, no plain file, or an earlier output; to a summary the run only appends."""
    try:
        if not path.is_file() or not path.stat().st_size:
            return True
        if option == "summary":  # the one of a runner has any name, and lies elsewhere
            return path.suffix.lower() in _TEXTS or not path.resolve().is_relative_to(home.resolve())
        with path.open("rb") as file:
            return bool(_BEGINS[option].match(file.read(_BEGINNING)))
    except OSError as error:
        hint = to_do(error, "name another file")
        raise PreuveError(f"cannot write {path}: {cause(error)}", hint) from error
