"""Re-performs an audit from its bundle alone: the same snapshot, the content kept with it, the recorded clock."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from preuve import __version__
from preuve.assess.snapshot_files import read_calls, read_snapshot
from preuve.model.errors import UsageError
from preuve.model.layout import CONTENT, JUNIT, MACHINE, RECORDS, RESULTS, SNAPSHOT
from preuve.model.results import Assessment
from preuve.pipeline.outcome import site_of, write_machine_files
from preuve.pipeline.prepare import Prepared, judge, stored
from preuve.publish.records.records import write_records


@dataclass(frozen=True)
class Reperformed:
    """What came out this time, and how it compares with what the bundle holds; paths are the bundle's."""

    prepared: Prepared
    assessment: Assessment
    same: tuple[str, ...]
    different: tuple[str, ...]  # other bytes, or there on one side only
    made_by: str  # the version that made the bundle, where it is not ours


def reperform(bundle: Path, output: Path | None) -> Reperformed:
    """Judge the snapshot of a bundle again, and compare; the files are kept in `output` where that is given."""
    if not (bundle / SNAPSHOT).is_dir() or not (bundle / CONTENT).is_dir():
        raise UsageError(f"{bundle} is no evidence bundle", "name the folder that preuve audit wrote")
    prepared = stored(bundle / SNAPSHOT, bundle / CONTENT)
    found = read_snapshot(bundle / SNAPSHOT)
    assessment = judge(prepared, found)
    site = site_of(assessment, prepared, found, read_calls(bundle / SNAPSHOT))
    with _written(output) as again:
        write_machine_files(again / MACHINE, assessment, prepared, controls=True)
        write_records(again / RECORDS, bundle, site, found)
        names = sorted(_names(bundle) | _names(again))
        same = tuple(name for name in names if _bytes(bundle / name) == _bytes(again / name))
    version = str(found.meta["preuve"])
    different = tuple(name for name in names if name not in set(same))
    return Reperformed(prepared, assessment, same, different, version if version != __version__ else "")


@contextmanager
def _written(output: Path | None) -> Iterator[Path]:
    if output is not None:
        if output.exists() and (not output.is_dir() or any(output.iterdir())):
            raise UsageError(f"{output} is not an empty folder", "give another one: what is there is not touched")
        yield output
        return
    with tempfile.TemporaryDirectory(prefix="preuve-") as folder:
        yield Path(folder)


def _names(root: Path) -> set[str]:
    records = {path.relative_to(root).as_posix() for path in (root / RECORDS).rglob("*.json")}
    return {RESULTS, JUNIT, *records}


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
