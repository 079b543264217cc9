"""Reads the source of a notice: a closed bundle or the results of a scan, and the previous run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from preuve.assess.changes.comparison import Comparison, Key, Run, compare
from preuve.evidence.closed_bundle import read_closed
from preuve.evidence.verifier.bag import DECLARATION
from preuve.model.company.workspace import Workspace
from preuve.model.errors import PreuveError, UsageError
from preuve.model.layout import RESULTS, SNAPSHOT
from preuve.publish.history.durations import Outcome
from preuve.publish.history.history import History
from preuve.publish.history.page_facts import read_kept
from preuve.publish.history.runs import SCAN_RESULTS, SCAN_SCOPE, read_run, read_scan
from preuve.publish.results import read_lines
from preuve.redact.pseudonyms import Pseudonyms, load_key
from preuve.snapshot.reader import read_meta
from preuve.system.causes import cause
from preuve.system.home import expanded

Line = Mapping[str, Any]


@dataclass(frozen=True)
class Source:
    """A run with its facts besides findings."""

    run: Run
    incomplete: int
    controls: tuple[Line, ...]
    waivers: tuple[Line, ...]
    closed: bool  # else a scan, which has no pages
    key: str  # id of the key of its pseudonyms; never sent
    demonstration: bool = False
    comparison: Comparison | None = None
    since: Mapping[Key, str] | None = field(default=None, repr=False)  # failure -> moment since when it is known
    known_from: str = ""  # the moment of the first run that `since` rests on


def read_source(folder: Path, previous: Path | None, workspace: Workspace) -> Source:
    """Return the run in a folder, compared with the run in `previous`, or else as its bundle was compared.

    Raises UsageError if a folder holds no run, PreuveError if it cannot be read completely.
    """
    with _reading(folder):
        source, history = _read(folder, workspace)
    if previous is None:
        return _with(source, history, history.comparison if history else None)
    with _reading(previous):
        before, known = _before(previous)
    if before.now >= source.run.now:
        raise UsageError(f"{previous} is not an earlier run than {folder}", "name the previous run")
    return _with(source, history or known, compare(before, source.run))


@contextmanager
def _reading(folder: Path) -> Iterator[None]:
    """Name the folder in any error that reading it raises."""
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise PreuveError(
            f"{folder} holds no result that can be read: {cause(error)}", "audit or scan again"
        ) from error


def _read(folder: Path, workspace: Workspace) -> tuple[Source, History | None]:
    if (folder / DECLARATION).is_file():
        return _bundle(folder)
    _refuse_other(folder)
    return _scan(folder, workspace), None


def _refuse_other(folder: Path) -> None:
    if not all((folder / name).is_file() for name in (SCAN_RESULTS, SCAN_SCOPE)):
        hint = "name the folder of an audit, or the one that preuve scan --output wrote"
        raise UsageError(f"{folder} holds neither a bundle nor the result of a scan", hint)


def _with(source: Source, history: History | None, comparison: Comparison | None) -> Source:
    tells = history is not None and history.runs[0].now < source.run.now  # a first run knows no earlier moment
    if history is None or not tells:
        return replace(source, comparison=comparison)
    return replace(source, comparison=comparison, since=_since(history), known_from=history.runs[0].now)


def _since(history: History) -> dict[Key, str]:
    """Return since when each open weakness is known; a run before the history may have found it earlier."""
    return {item.key: history.runs[item.first].now for item in history.spells if item.outcome is Outcome.OPEN}


def _bundle(folder: Path) -> tuple[Source, History | None]:
    closed = read_closed(folder)
    run, _ = read_run(folder)
    meta = read_meta(folder / SNAPSHOT)
    named = replace(run, name=closed.info.get("External-Identifier", run.name))
    about = {"key": meta.pseudonym_key_id, "demonstration": "Demonstration" in closed.info}
    return _source(folder / RESULTS, named, closed=True, **about), read_kept(folder).history


def _scan(folder: Path, workspace: Workspace) -> Source:
    run = read_scan(folder)
    path = workspace.root / expanded(Path(workspace.pseudonym_key))
    if not path.is_file():
        hint = "tell a scan where it ran, or set evidence.pseudonym_key"
        raise UsageError(f"{path}, the key of the pseudonyms, is not here", hint)
    key = Pseudonyms(load_key(path)).key_id
    return _source(folder / SCAN_RESULTS, run, closed=False, key=key, demonstration=workspace.demonstration)


def _source(path: Path, run: Run, **about: Any) -> Source:
    lines = [line for line in read_lines(path) if line["kind"] in ("run", "control", "waiver")]
    of = {kind: tuple(line for line in lines if line["kind"] == kind) for kind in ("run", "control", "waiver")}
    return Source(run, int(of["run"][0]["incomplete"]), of["control"], of["waiver"], **about)


def _before(folder: Path) -> tuple[Run, History | None]:
    if (folder / RESULTS).is_file():
        return read_run(folder)[0], read_kept(folder).history
    _refuse_other(folder)
    return read_scan(folder), None


def statuses(source: Source) -> Iterator[tuple[str, str]]:
    """Yield the items of manual evidence behind the assessed controls, each with its state."""
    known = {item["id"]: item["state"] for line in source.controls for item in line["evidence"]}
    yield from sorted(known.items())
