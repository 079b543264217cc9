"""Measures what a bundle costs as findings grow: CPU seconds, memory and size.

It takes the bundle that `make audit` leaves, copies each of its resources with the calls that read it until the number
of findings is reached, and writes a whole bundle from that, in a process of its own for each size.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from preuve.assess.snapshot_files import read_calls, read_snapshot
from preuve.evidence.bag import write_manifest
from preuve.evidence.folder import keep_content
from preuve.library.content import content_root
from preuve.model.layout import CONTENT, MACHINE, RECORDS, RESULTS, SNAPSHOT
from preuve.pipeline.outcome import site_of, write_machine_files
from preuve.pipeline.papers import write_papers
from preuve.pipeline.prepare import judge, stored
from preuve.publish.html import write_site
from preuve.publish.records.records import write_records

Line = dict[str, Any]
_SINGLE = frozenset({"AWS::Account", "AWS::Region"})
HEADS = (
    "findings", "resources", "judge", "records", "papers", "pages", "manifest", "all", "memory MB", "pages MB", "files",
    "bundle MB",
)  # fmt: skip


def renamed(value: Any, names: frozenset[str], copy: int) -> Any:
    """A value with the names of resources replaced by those of their copies, so that copies refer to each other."""
    if isinstance(value, str):
        return f"{value}-{copy}" if value in names else value
    if isinstance(value, list):
        return [renamed(item, names, copy) for item in value]
    if isinstance(value, dict):
        return {key: renamed(item, names, copy) for key, item in value.items()}
    return value


def copied(line: Line, names: frozenset[str], copy: int) -> Line:
    """A resource or a call as the copy of an account would have it."""
    if not copy or line["kind"] == "listing":
        return line
    if line["kind"] == "call":
        return {**line, "id": f"{line['id']}.{copy}", "request_id": f"{line['request_id']}.{copy}"}
    calls = {member: call if not member else f"{call}.{copy}" for member, call in line["calls"].items()}
    own = {name: renamed(line[name], names, copy) for name in ("arn", "parent", "data")}
    return {**line, **own, "id": f"{line['id']}-{copy}", "calls": calls}


def grown(lines: list[Line], names: frozenset[str], copies: int) -> Iterator[Line]:
    """The lines of a file, its resources and their calls several times."""
    own = {call for line in lines if line["kind"] == "resource" for member, call in line["calls"].items() if member}
    for line in lines:
        # An account and its regions are there once, however much they hold.
        many = line["kind"] == "resource" and line["type"] not in _SINGLE
        many = many or (line["kind"] == "call" and line["id"] in own)
        for copy in range(copies if many else 1):
            yield copied(line, names, copy)


def grow(source: Path, target: Path, copies: int) -> None:
    """Write a snapshot whose accounts hold everything `copies` times; code and registers stay as they are."""
    shutil.copytree(source, target)
    files = {
        path.relative_to(source): [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for path in sorted((source / "aws").rglob("*.jsonl"))
    }
    held = [line for lines in files.values() for line in lines if line["kind"] == "resource"]
    shared = {name for line in held for name in ("", line["account"], line["region"])}
    names = frozenset(name for line in held for name in (line["id"], line["arn"]) if name not in shared)
    for path, lines in files.items():
        with (target / path).open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(line) + "\n" for line in grown(lines, names, copies))


def size(folder: Path) -> tuple[int, int]:
    """Bytes and number of the files below a folder."""
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return sum(sizes), len(sizes)


def measure(bundle: Path, copies: int, folder: Path, answer: Connection) -> None:
    """Write one bundle and send what it took."""
    took: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        start = time.process_time()
        result = work()
        took[name] = time.process_time() - start
        return result

    grow(bundle / SNAPSHOT, folder / SNAPSHOT, copies)
    prepared = stored(folder / SNAPSHOT, content_root())
    found = read_snapshot(folder / SNAPSHOT)
    assessment = timed("judge", lambda: judge(prepared, found))
    keep_content(folder / CONTENT, prepared.workspace.root)
    write_machine_files(folder / MACHINE, assessment, prepared, controls=True)
    site = site_of(assessment, prepared, found, read_calls(folder / SNAPSHOT))
    timed("records", lambda: write_records(folder / RECORDS, folder, site, found))
    timed("papers", lambda: write_papers(folder, site))
    before = size(folder)[0]
    timed("pages", lambda: write_site(folder, site))
    pages = size(folder)[0] - before
    timed("manifest", lambda: write_manifest(folder))
    written, files = size(folder)
    answer.send(
        {
            **took,
            "findings": len(assessment.findings),
            "resources": len(found.resources),
            "all": sum(took.values()),
            "memory MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "pages MB": pages / 1e6,
            "files": files,
            "bundle MB": written / 1e6,
        }
    )


def in_child(bundle: Path, copies: int) -> dict[str, float]:
    """A measurement in a process of its own, so that its memory is its own."""
    context = get_context("spawn")
    mine, theirs = context.Pipe()
    with tempfile.TemporaryDirectory() as folder:
        child = context.Process(target=measure, args=(bundle, copies, Path(folder), theirs))
        child.start()
        theirs.close()
        result: dict[str, float] = mine.recv()
        child.join()
    return result


def main() -> None:
    """Print a row for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bundle", type=Path, help="an evidence bundle, such as examples/techstart/evidence/2026-Q4")
    parser.add_argument("--findings", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    options = parser.parse_args()
    with (options.bundle / RESULTS).open(encoding="utf-8") as file:
        held = [line for line in file if '"kind":"finding"' in line]
    growing = sum('"source":"aws"' in line for line in held)
    print(" | ".join(HEADS))
    for wanted in options.findings:
        result = in_child(options.bundle, 1 + max(0, round((wanted - len(held)) / growing)))
        print(" | ".join(f"{result[name]:,.1f}".removesuffix(".0") for name in HEADS), flush=True)


if __name__ == "__main__":
    main()
