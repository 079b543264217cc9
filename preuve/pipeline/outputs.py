"""Writes the files of a push that were asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from preuve.model.errors import PreuveError
from preuve.model.push import Push
from preuve.publish.junit import write_junit
from preuve.publish.push.markdown import markdown


@dataclass(frozen=True)
class Outputs:
    """Where to write."""

    junit: Path | None = None
    summary: Path | None = None


def write_outputs(push: Push, outputs: Outputs) -> None:
    """Write what was asked for; raises PreuveError where a file cannot be written."""
    try:
        if outputs.junit:
            outputs.junit.parent.mkdir(parents=True, exist_ok=True)
            write_junit(outputs.junit, push.assessment, push.library, controls=False, prefix=push.prefix)
        if outputs.summary:
            outputs.summary.parent.mkdir(parents=True, exist_ok=True)
            with outputs.summary.open("a", encoding="utf-8", newline="\n") as file:
                file.write(markdown(push))
    except OSError as error:
        raise PreuveError(f"cannot write {error.filename}: {error.strerror}", "name another file") from error
