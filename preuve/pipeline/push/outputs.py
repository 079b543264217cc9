"""Writes the requested outputs of a push: files, and what GitHub Actions reads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from preuve.model.errors import PreuveError, UsageError
from preuve.model.push import Push
from preuve.publish.push.document import code_quality, document
from preuve.publish.push.markdown import markdown
from preuve.publish.push.sarif import sarif
from preuve.publish.push.words import Words
from preuve.system.causes import cause, to_do

_TEXTS: Mapping[str, Callable[[Words], str]] = {"sarif": sarif, "json": document, "code_quality": code_quality}


@dataclass(frozen=True)
class Outputs:
    """The files to write; `summary` is appended to its file."""

    junit: Path | None = None
    xunit: Path | None = None
    sarif: Path | None = None
    summary: Path | None = None
    json: Path | None = None
    code_quality: Path | None = None


def write_outputs(words: Words, outputs: Outputs) -> None:
    """Write the requested outputs. Raises PreuveError if a file cannot be written."""
    for target in filter(None, (outputs.junit, outputs.xunit)):
        with _writing(target):
            _write_junit(words.push, target, xunit=target is outputs.xunit)
    for name, text in _TEXTS.items():
        path: Path | None = getattr(outputs, name)
        if path:
            with _writing(path):
                path.write_text(text(words), encoding="ascii", newline="\n")
    if outputs.summary:
        append(outputs.summary, markdown(words))


def _write_junit(push: Push, target: Path, *, xunit: bool) -> None:
    from preuve.publish.junit import write_junit  # noqa: PLC0415 - loads XML, which few runs write

    write_junit(
        target,
        push.assessment,
        push.library,
        controls=False,
        prefix=push.prefix,
        params=push.params,
        language=push.language,
        xunit=xunit,
        gate=push.gate,
        hidden=push.hidden,
    )


def tell_github(words: Words) -> None:
    """Write the step's summary and its outputs; the annotations go to stdout, where the runner reads them.

    UsageError outside GitHub Actions.
    """
    files = {name: os.environ.get(name) for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
    missing = [name for name, path in files.items() if not path]
    if missing:
        raise UsageError(f"{missing[0]} is not set", "--github is for steps of GitHub Actions")
    numbers = {"exit-code": int(words.push.exit_code), **words.push.counts}
    append(Path(files["GITHUB_STEP_SUMMARY"] or ""), markdown(words))
    append(Path(files["GITHUB_OUTPUT"] or ""), "".join(f"{name}={number}\n" for name, number in numbers.items()))


def append(path: Path, text: str) -> None:
    """Add text to a file. Raises PreuveError if it cannot be written."""
    with _writing(path), path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(text)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        hint = to_do(error, "name another file")
        raise PreuveError(f"cannot write {path}: {cause(error)}", hint) from error
