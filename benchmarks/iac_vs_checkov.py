"""Compares `preuve ci` with `checkov -d`, and Trivy where it is there, on folders of Terraform: time, memory, findings.

Each folder below CORPUS is one repository. The same Checkov ids are selected in both, each tool is a whole process from
start to exit, and the tools run one after the other. README.md beside this file says what is measured. Ends with 1 when
a failure is reported by one of the two only and docs/differences.md does not explain it (`checkov_differences.yaml`).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from preuve.collect.code import scan  # noqa: E402 - this checkout's, whatever is installed
from preuve.model.company.code import IacRoot  # noqa: E402
from preuve.pipeline.push.code import code_job  # noqa: E402
from preuve.pipeline.run.preparation import prepare  # noqa: E402

EXPLAINED = Path(__file__).with_name("checkov_differences.yaml")
DIFFERENCES = ROOT / "docs" / "differences.md"
_SAMPLED = 0.25  # seconds between two looks at memory
# An installed tool runs from compiled bytecode.
_INSTALLED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
_FRAMEWORKS = ("iso27001-2022", "gdpr")
Finding = tuple[str, str, int]  # check, file, first line


@dataclass(frozen=True)
class Run:
    """One run of one tool. CPU is that of all its processes, memory their peak together (proportional set size)."""

    wall: float
    cpu: float
    memory: float  # MB
    code: int
    output: bytes


# ---- measuring ----------------------------------------------------------------------------------------------------


def measure(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Run:
    """Run a command from start to exit."""
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env={**_INSTALLED, **environment}, stdout=output, stderr=subprocess.DEVNULL
        )
        peak, ended = [0], threading.Event()
        sampler = threading.Thread(target=_sample, args=(process.pid, peak, ended))
        sampler.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        ended.set()
        sampler.join()
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        memory = max(peak[0], usage.ru_maxrss) / 1024
        return Run(wall, usage.ru_utime + usage.ru_stime, memory, process.returncode, output.read())


def _sample(root: int, peak: list[int], ended: threading.Event) -> None:
    while not ended.wait(_SAMPLED):
        peak[0] = max(peak[0], sum(map(_proportional, _family(root))))


def _family(root: int) -> set[int]:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue  # it has ended meanwhile
    family, found = {root}, {root}
    while found:
        found = {child for child, parent in parents.items() if parent in found} - family
        family |= found
    return family


def _proportional(process: int) -> int:
    """KiB of a process, with what it shares divided among those that share it."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)


# ---- the tools ----------------------------------------------------------------------------------------------------


def preuve(folder: Path, cache: Path) -> Run:
    """The gate of a push, on a folder that is no workspace."""
    command = [sys.executable, "-m", "preuve.cli.main", "ci", str(folder), "--cache", str(cache)]
    return measure(command, folder, {"PYTHONPATH": str(ROOT)})


def checkov(folder: Path, checks: Iterable[str]) -> Run:
    """Checkov on the whole folder, offline."""
    command = [sys.executable, "-m", "checkov.main", "-d", str(folder), "--framework", "terraform", "-o", "json"]
    command += ["--check", ",".join(checks), "--quiet", "--compact", "--download-external-modules", "false"]
    return measure(command, folder, {"BC_SKIP_MAPPING": "TRUE", "CKV_SKIP_PACKAGE_UPDATE_CHECK": "TRUE"})


def trivy(executable: str, folder: Path, cache: Path) -> Run:
    """Trivy with the checks that it carries: it has others than Checkov, so only time and memory compare."""
    command = [executable, "config", "--skip-check-update", "--misconfig-scanners", "terraform", "--format", "json"]
    return measure([*command, "--quiet", "--cache-dir", str(cache), str(folder)], folder, {})


# ---- findings -----------------------------------------------------------------------------------------------------


def theirs(run: Run) -> set[Finding]:
    """What Checkov says fails."""
    answer = json.loads(run.output or b"{}")
    reports = answer if isinstance(answer, list) else [answer]
    failed = [item for report in reports for item in report.get("results", {}).get("failed_checks", ())]
    return {(item["check_id"], item["file_path"].lstrip("/"), item["file_line_range"][0]) for item in failed}


def ours(lines: Iterable[Mapping[str, Any]]) -> dict[Finding, str]:
    """What each block and check came to; of several root modules the worst."""
    worst = ("FAILED", "UNKNOWN", "PASSED")
    found: dict[Finding, str] = {}
    for line in lines:
        if line["kind"] == "record":
            key = _finding(line)
            found[key] = min(found.get(key, "PASSED"), line["result"], key=worst.index)
    return found


def commented(lines: Iterable[Mapping[str, Any]]) -> set[Finding]:
    """Failures on blocks with a skip comment for the check, in each root module where they fail."""
    failures = [line for line in lines if line["kind"] == "record" and line["result"] == "FAILED"]
    return {_finding(line) for line in failures} - {_finding(line) for line in failures if "suppressed" not in line}


def _finding(line: Mapping[str, Any]) -> Finding:
    return (line["check"], line["file"], line["line"])


@dataclass(frozen=True)
class Difference:
    """A block that fails a check with one of the two only."""

    check: str
    file: str
    ours: str  # FAILED where Checkov's does not; else what we say of what fails there

    def __str__(self) -> str:
        """As a line of the report."""
        theirs = "does not fail" if self.ours == "FAILED" else "FAILED"
        return f"{self.file}  {self.check}: Checkov {theirs}, preuve {self.ours}"


def differences(records: Mapping[Finding, str], failed: set[Finding], checks: frozenset[str]) -> list[Difference]:
    """Where the two lists of failures differ; one for each block."""
    lost = [Difference(key[0], key[1], records.get(key, "silent")) for key in failed if records.get(key) != "FAILED"]
    more = [
        Difference(key[0], key[1], result)
        for key, result in records.items()
        if result == "FAILED" and key not in failed and key[0] in checks
    ]
    return sorted((*lost, *more), key=str)


def explained(repository: str) -> Mapping[Difference, str]:
    """The differences that are explained, with the section of docs/differences.md that does it."""
    entries = yaml.safe_load(EXPLAINED.read_text(encoding="utf-8")).get(repository, ())
    sections = set(re.findall(r"^### (.+)", DIFFERENCES.read_text(encoding="utf-8"), re.MULTILINE))
    return {
        Difference(check, file, entry["ours"]): entry["section"]
        for entry in entries
        if entry["section"] in sections
        for file, checks in entry["files"].items()
        for check in checks
    }


# ---- one repository -----------------------------------------------------------------------------------------------


def compare(folder: Path, executable: str | None, *, with_checkov: bool) -> int:
    """Measure one repository and print what came out; answers how many differences are not explained."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        cache = Path(name) / "cache"
        prepared = prepare(folder, _FRAMEWORKS, (IacRoot(".", "terraform"),))
        job = code_job(prepared)
        ours_alone = {check for rule in job.rules for check in rule["instead_of"]}  # asked of templates only
        checks = frozenset(check for check in job.checks - ours_alone if check.startswith(("CKV_AWS", "CKV2_AWS")))
        runs = {"preuve, cold": preuve(folder, cache), "preuve, warm": preuve(folder, cache)}
        if with_checkov:
            runs["Checkov"] = checkov(folder, sorted(checks))
        if executable:
            runs["Trivy"] = trivy(executable, folder, Path(name))
        summary = scan(job, Path(name) / "snapshot", cache=cache)
        lines = [json.loads(line) for path in summary.written for line in path.read_text("utf-8").splitlines()]
        print(f"\n### {folder.name}\n\n{summary.roots} roots, {summary.files} files, {summary.resources} resources\n")
        print(table(runs))
        if not with_checkov:
            return 0
        failed = theirs(runs["Checkov"])
        hidden = {finding for finding in commented(lines) - failed if finding[0] in checks}
        differ = differences(ours(lines), failed | hidden, checks)
        return told(differ, explained(folder.name), len(failed), len(hidden))


def told(differ: Sequence[Difference], known: Mapping[Difference, str], failed: int, hidden: int) -> int:
    """Print the differences by the section that explains them; answers how many none does."""
    counted = Counter(known.get(item, "") for item in differ)
    shown = "; ".join(f"{count} ({section or 'NOT EXPLAINED'})" for section, count in sorted(counted.items()))
    print(f"\nFailures that differ, of {failed} of Checkov's: {shown or 'none'}.", flush=True)
    print(f"Failures that a comment in the code keeps from Checkov's report, not counted: {hidden}.", flush=True)
    for item in differ:
        if item not in known:
            print(f"- {item}")
    return counted[""]


def table(runs: Mapping[str, Run]) -> str:
    """A Markdown table, with the share of Checkov's figures where it ran."""
    base = runs.get("Checkov")
    rows = ["| | wall, s | CPU, s | memory, MB |", "| --- | ---: | ---: | ---: |"]
    for name, run in runs.items():
        cells = [_cell(run, base, figure) for figure in ("wall", "cpu", "memory")]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _cell(run: Run, base: Run | None, figure: str) -> str:
    value = getattr(run, figure)
    share = f" ({value / getattr(base, figure):.2f})" if base and base is not run else ""
    return f"{value:.0f}{share}" if figure == "memory" else f"{value:.1f}{share}"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path, metavar="CORPUS", help="folder that holds one folder per repository")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these repositories (default: all)")
    parser.add_argument("--no-checkov", action="store_true", help="measure preuve alone")
    options = parser.parse_args()
    folders = sorted(path for path in options.corpus.resolve().iterdir() if path.is_dir())
    executable = shutil.which("trivy")
    chosen = [folder for folder in folders if not options.only or folder.name in options.only]
    unexplained = [compare(folder, executable, with_checkov=not options.no_checkov) for folder in chosen]
    return 1 if any(unexplained) else 0


if __name__ == "__main__":
    sys.exit(main())
