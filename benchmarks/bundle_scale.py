"""Measures what a bundle costs as findings grow: CPU seconds, memory and size.

It takes the bundle that `make audit` leaves and copies resources of its account, with the calls that read them, until
the numbers of findings and of resources are reached; `plan` says which. From that it writes a whole bundle with the
functions of `preuve audit`, in a process of its own for each size.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from preuve.evidence.bag import write_manifest
from preuve.model.layout import RESULTS, SNAPSHOT
from preuve.pipeline.run.audit import refuse_leaks, write_payload
from preuve.pipeline.run.preparation import as_kept, prepare
from preuve.redact.known_names import KnownNames

Line = dict[str, Any]
Key = tuple[str, str, str, str]  # type, account, region, id
# An account and its regions are there once, however much they hold.
_SINGLE = frozenset({"AWS::Account", "AWS::Region", "AWS::EnabledRegion"})
HEADS = ("findings", "resources", "write", "check", "manifest", "all", "memory MB", "pages MB", "files", "bundle MB")
PER_RESOURCE = 5  # findings
_PEOPLE = [(first, last) for first in ("nadia", "paul", "ines", "hugo", "lea") for last in ("martin", "petit", "roux")]


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
    if not copy:
        return line
    if line["kind"] == "call":
        return {**line, "id": f"{line['id']}.{copy}", "request_id": f"{line['request_id']}.{copy}"}
    calls = {member: call if not member else f"{call}.{copy}" for member, call in line["calls"].items()}
    own = {name: renamed(line[name], names, copy) for name in ("arn", "parent", "data")}
    return {**line, **own, "id": f"{line['id']}-{copy}", "calls": calls}


@dataclass(frozen=True)
class Plan:
    """How often each resource and each call is there; a line that is not named is there once."""

    resources: Mapping[Key, int]
    calls: Mapping[str, int]
    names: frozenset[str]  # of resources that are copied

    def copies(self, line: Line) -> int:
        """How often a line is there."""
        if line["kind"] == "resource":
            return self.resources.get(key_of(line), 1)
        return self.calls.get(line["id"], 1) if line["kind"] == "call" else 1


def key_of(place: Mapping[str, Any]) -> Key:
    """What tells a resource from others, in the snapshot as in the results."""
    return (place["type"], place["account"], place["region"], place["id"])


def plan(bundle: Path, held: list[Line], findings: int) -> Plan:
    """How often each resource must be there for this number of findings, five for each resource.

    Resources that several findings are about (buckets, databases, users) are copied one number of times, and those that
    one is about (jobs, alarms, tagged resources) another. What no finding is about (the lists of AWS's own such as
    policies of load balancers, and what others only refer to) is there once.
    """
    with (bundle / RESULTS).open(encoding="utf-8") as file:
        lines = [line for line in map(json.loads, file) if line["kind"] == "finding"]
    about = Counter(key_of(line["place"]) for line in lines)
    judged = {key: about[key] for line in held if (key := key_of(line)) in about and line["type"] not in _SINGLE}
    several = {key: number for key, number in judged.items() if number > 1}
    single = judged.keys() - several.keys()
    # Two equations: the findings that are missing, and the resources that are.
    missing, lacking = max(0, findings - len(lines)), max(0, findings // PER_RESOURCE - len(held))
    more = max(0, round((missing - lacking) / (sum(several.values()) - len(several))))
    less = max(0, round((lacking - more * len(several)) / len(single)))
    often = dict.fromkeys(several, 1 + more) | dict.fromkeys(single, 1 + less)
    chosen = [line for line in held if key_of(line) in often]
    calls = {call: often[key_of(line)] for line in chosen for member, call in line["calls"].items() if member}
    shared = {name for line in held for name in ("", line["account"], line["region"])}
    names = frozenset(name for line in chosen for name in (line["id"], line["arn"]) if name not in shared)
    return Plan(often, calls, names)


def grow(bundle: Path, target: Path, findings: int) -> int:
    """Write a snapshot whose account holds resources several times; code and registers stay as they are."""
    source = bundle / SNAPSHOT
    shutil.copytree(source, target)
    files = {
        path.relative_to(source): [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for path in sorted((source / "aws").rglob("*.jsonl"))
    }
    held = [line for lines in files.values() for line in lines if line["kind"] == "resource"]
    how = plan(bundle, held, findings)
    for path, lines in files.items():
        with (target / path).open("w", encoding="utf-8") as file:
            for line in lines:
                file.writelines(json.dumps(copied(line, how.names, copy)) + "\n" for copy in range(how.copies(line)))
    return sum(how.copies(line) for line in held)


def size(folder: Path) -> tuple[int, int]:
    """Bytes and number of the files below a folder."""
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return sum(sizes), len(sizes)


def measure(workspace: Path, folder: Path, answer: Connection) -> None:
    """Write one bundle around the snapshot in it, as the first of its workspace, and send what it took."""
    kept = as_kept(prepare(workspace), folder / SNAPSHOT)
    names = KnownNames({f"person-{number}": f"{first}.{last}" for number, (first, last) in enumerate(_PEOPLE)})
    took: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        start = time.process_time()
        result = work()
        took[name] = time.process_time() - start
        return result

    assessment = timed("write", lambda: write_payload(folder, folder.parent, kept, lambda _: None, None, names))
    timed("check", lambda: refuse_leaks(folder, names))
    timed("manifest", lambda: write_manifest(folder))
    written, files = size(folder)
    pages = sum(path.stat().st_size for path in folder.rglob("*.html"))
    answer.send(
        {
            **took,
            "findings": len(assessment.findings),
            "all": sum(took.values()),
            "memory MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "pages MB": pages / 1e6,
            "files": files,
            "bundle MB": written / 1e6,
        }
    )


def in_child(bundle: Path, workspace: Path, findings: int) -> dict[str, float]:
    """A measurement in a process of its own, so that its memory is its own."""
    context = get_context("spawn")
    mine, theirs = context.Pipe()
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "bundle"
        resources = grow(bundle, folder / SNAPSHOT, findings)
        child = context.Process(target=measure, args=(workspace, folder, theirs))
        child.start()
        theirs.close()
        result: dict[str, float] = mine.recv()
        child.join()
    return {**result, "resources": resources}


def main() -> None:
    """Print a row for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bundle", type=Path, help="an evidence bundle, such as examples/techstart/evidence/2026-Q4")
    parser.add_argument("--workspace", type=Path, default=Path("examples/techstart"), help="that it is of")
    parser.add_argument("--findings", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    options = parser.parse_args()
    print(" | ".join(HEADS))
    for wanted in options.findings:
        result = in_child(options.bundle, options.workspace, wanted)
        print(" | ".join(f"{result[name]:,.1f}".removesuffix(".0") for name in HEADS), flush=True)


if __name__ == "__main__":
    main()
