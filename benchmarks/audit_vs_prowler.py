"""Compares a whole `preuve audit` of AWS with Prowler on the same emulated account: time, memory and API calls.

Starts the emulated account at each size, runs both tools against it in turn, prints Markdown tables of the medians,
and leaves nothing behind. README.md beside this file says what is measured and what is not comparable.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

ROOT = Path(__file__).resolve().parent.parent
ACCOUNT_SERVER = ROOT / "examples" / "techstart" / "account"
ACCOUNT = "123456789012"
REGIONS = ("eu-west-3", "eu-west-1")
FRAMEWORK = "iso27001-2022"
PROWLER_FRAMEWORK = "iso27001_2022_aws"
_KIB = 1024  # the unit of ru_maxrss on Linux
_START_LIMIT = 300  # seconds for the account to be filled
_RUN_LIMIT = 1200  # seconds for one run of one tool


@dataclass(frozen=True)
class Tool:
    """A tool and how it is run: `command` gets the endpoint and an empty folder to write in."""

    name: str
    command: Callable[[str, Path], Sequence[str]]
    environment: Callable[[str, Path], Mapping[str, str]]
    examined: Callable[[Path], tuple[int, int]]  # checks with a result, results
    exit_codes: frozenset[int]


@dataclass(frozen=True)
class Run:
    """One run of one tool. Memory is that of the largest process, CPU that of all of them, both as the kernel says."""

    wall: float
    cpu: float
    memory: float  # MB
    calls: int
    repeated: int
    written: float  # MB
    checks: int
    results: int


# ---- the emulated account -----------------------------------------------------------------------------------------


@contextmanager
def account(scale: int, folder: Path) -> Iterator[str]:
    """The emulated account with TechStart's estate and `scale` units of dull resources; gives its endpoint."""
    ready = folder / f"ready-{scale}"
    options = ["--port", "0", "--seed", "--ready-file", str(ready)] + (["--benchmark", str(scale)] if scale else [])
    with subprocess.Popen(
        [sys.executable, str(ACCOUNT_SERVER), "serve", *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            yield _endpoint(server, ready)
        finally:
            server.send_signal(signal.SIGTERM)


def _endpoint(server: subprocess.Popen[bytes], ready: Path) -> str:
    until = time.monotonic() + _START_LIMIT
    while not ready.is_file():
        if server.poll() is not None or time.monotonic() > until:
            raise SystemExit(f"the emulated account did not start: try {ACCOUNT_SERVER} serve --port 0 by hand")
        time.sleep(0.2)
    return ready.read_text(encoding="utf-8").strip()


def _ask(endpoint: str, path: str, body: Any = None) -> Any:
    """One request to the front of the account, past any proxy."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(endpoint + path, data=data)
    with build_opener(ProxyHandler({})).open(request, timeout=60) as answer:
        return json.load(answer)


def _call(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes two calls the same: operation, region, and everything that was asked for."""
    return tuple(entry[name] for name in ("service", "operation", "region", "path", "digest"))


# ---- the two tools ------------------------------------------------------------------------------------------------


def preuve() -> Tool:
    """This checkout, on a workspace whose only scope is the account."""

    def command(endpoint: str, folder: Path) -> Sequence[str]:
        workspace = folder / "workspace"
        workspace.mkdir()
        (workspace / "preuve.yaml").write_text(_workspace(endpoint), encoding="utf-8")
        evidence = str(folder / "output")
        return [sys.executable, "-m", "preuve.cli.main", "audit", "-w", str(workspace), "-o", evidence, "--name", "run"]

    def environment(_endpoint: str, _folder: Path) -> Mapping[str, str]:
        return {"PYTHONPATH": str(ROOT)}

    return Tool("preuve", command, environment, _preuve_examined, frozenset({0, 11}))


def _workspace(endpoint: str) -> str:
    scope = {"accounts": [{"id": ACCOUNT, "name": "benchmark"}], "regions": list(REGIONS), "iac": []}
    content = {
        "schema": 1,
        "organisation": {"name": "Benchmark", "language": "en"},
        "frameworks": [FRAMEWORK],
        "scope": scope,
        "gate": {"severity": "high"},
        "evidence": {"folder": "evidence", "pseudonym_key": "key/pseudonyms.key"},
        "aws": {"endpoint_url": endpoint, "demonstration": True},
    }
    return json.dumps(content)  # JSON is YAML


def _preuve_examined(folder: Path) -> tuple[int, int]:
    lines = (folder / "run" / "data" / "08-machine" / "results.jsonl").read_text(encoding="utf-8").splitlines()
    findings = [line for line in map(json.loads, lines) if line["kind"] == "finding"]
    return len({finding["policy"] for finding in findings}), len(findings)


def prowler(executable: Path, selection: Sequence[str] = ("--compliance", PROWLER_FRAMEWORK)) -> Tool:
    """Prowler as it is installed, with the outputs that it writes by default."""

    def command(_endpoint: str, folder: Path) -> Sequence[str]:
        options = [*selection, "--region", *REGIONS, "--no-banner", "--no-color"]
        return [str(executable), "aws", *options, "--output-directory", str(folder / "output")]

    def environment(endpoint: str, folder: Path) -> Mapping[str, str]:
        return {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": "AKIAEMULATEDACCOUNT0",
            "AWS_SECRET_ACCESS_KEY": "not-a-secret",
            "AWS_DEFAULT_REGION": REGIONS[0],
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "HOME": str(folder),
        }

    return Tool("Prowler", command, environment, _prowler_examined, frozenset({0, 3}))


def _prowler_examined(folder: Path) -> tuple[int, int]:
    checks: set[str] = set()
    results = 0
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter=";"):
                checks.add(row["CHECK_ID"])
                results += 1
    return len(checks), results


def clean_environment() -> dict[str, str]:
    """Ours without what would lead a tool to another account or through a proxy. An installed tool runs from compiled
    bytecode: it may keep it here too.
    """
    left_out = ("AWS_", "BOTO", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(left_out)}
    return {name: value for name, value in kept.items() if not name.lower().endswith("_proxy")}


# ---- measuring ----------------------------------------------------------------------------------------------------


def measure(tool: Tool, endpoint: str, latency: float) -> Run:
    """One whole run of a tool, from the start of its process to its end. `latency` is seconds added to each call."""
    _ask(endpoint, "/_front/reset", {})
    if latency:
        _ask(endpoint, "/_front/faults", [{"kind": "latency", "seconds": latency}])
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        wall, usage = _run(tool, endpoint, folder)
        calls = Counter(map(_call, _ask(endpoint, "/_front/ledger")))
        checks, results = tool.examined(folder / "output")
        written = sum(path.stat().st_size for path in (folder / "output").rglob("*") if path.is_file())
    return Run(
        wall=wall,
        cpu=usage.ru_utime + usage.ru_stime,
        memory=usage.ru_maxrss * _KIB / 1e6,
        calls=calls.total(),
        repeated=calls.total() - len(calls),
        written=written / 1e6,
        checks=checks,
        results=results,
    )


def _run(tool: Tool, endpoint: str, folder: Path) -> tuple[float, Any]:
    """Seconds, and the resource usage of the process with all its children."""
    command = tool.command(endpoint, folder)
    environment = {**clean_environment(), **tool.environment(endpoint, folder)}
    log = folder / "log"
    with log.open("wb") as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT)
        limit = threading.Timer(_RUN_LIMIT, process.kill)
        limit.start()
        _, status, usage = os.wait4(process.pid, 0)
        limit.cancel()
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in tool.exit_codes:
        end = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise SystemExit(f"{tool.name} ended with {process.returncode}:\n{end}")
    return wall, usage


# ---- reporting ----------------------------------------------------------------------------------------------------

_ROWS: tuple[tuple[str, str, str], ...] = (
    ("wall time, s", "wall", "{:.1f}"),
    ("CPU time, s", "cpu", "{:.1f}"),
    ("peak memory, MB", "memory", "{:.0f}"),
    ("API calls", "calls", "{:,.0f}"),
    ("of which repeated", "repeated", "{:,.0f}"),
    ("written, MB", "written", "{:.1f}"),
    ("checks with a result", "checks", "{:,.0f}"),
    ("results", "results", "{:,.0f}"),
)
_NOT_COMPARED = ("checks", "results")


def table(runs: Mapping[str, Sequence[Run]]) -> str:
    """A Markdown table of the medians of both tools and preuve's share of Prowler's."""
    lines = ["| median | Prowler | preuve | preuve / Prowler |", "| --- | ---: | ---: | ---: |"]
    for label, name, form in _ROWS:
        theirs, ours = (median(getattr(run, name) for run in runs[tool]) for tool in ("Prowler", "preuve"))
        share = f"{ours / theirs:.2f}" if theirs and name not in _NOT_COMPARED else ""
        lines.append(f"| {label} | {form.format(theirs)} | {form.format(ours)} | {share} |")
    return "\n".join(lines)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--prowler", type=Path, required=True, metavar="PATH", help="Prowler's executable")
    parser.add_argument("--runs", type=int, default=3, help="runs of each tool at each size (default: %(default)s)")
    parser.add_argument("--scale", type=int, nargs="+", default=[1, 3], help="sizes of the account (default: 1 3)")
    parser.add_argument("--latency-ms", type=float, default=0, help="time added to each API call (default: none)")
    return parser.parse_args()


def _compiled() -> bool:
    """Whether the conditions were compiled from today's content, as they are in a release."""
    sys.path.insert(0, str(ROOT))
    from preuve.library.load import load_library  # noqa: PLC0415
    from preuve.library.validation import compiled_conditions  # noqa: PLC0415 - only from this checkout
    from preuve.library.yaml.place import content_root  # noqa: PLC0415

    library = load_library()
    return compiled_conditions.restored(content_root(), library, tuple(library.policies.values())) is not None


def _version(executable: Path) -> str:
    done = subprocess.run([str(executable), "--version"], capture_output=True, text=True, check=False, timeout=120)
    return next((line for line in done.stdout.splitlines() if line.startswith("Prowler")), "Prowler")


def main() -> int:
    """Measure and print."""
    options = _options()
    if not _compiled():
        print("policies/compiled.jsonl is out of date: run preuve lint --update-lock first", file=sys.stderr)
        return 2
    tools = (prowler(options.prowler.absolute()), preuve())
    print(
        f"{_version(options.prowler)}, {os.cpu_count()} CPUs, {options.runs} runs, +{options.latency_ms:g} ms per call"
    )
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        for scale in options.scale:
            runs: dict[str, list[Run]] = {tool.name: [] for tool in tools}
            with account(scale, Path(folder)) as endpoint:
                for number in range(options.runs):
                    for tool in tools if number % 2 else reversed(tools):
                        run = measure(tool, endpoint, options.latency_ms / 1000)
                        runs[tool.name].append(run)
                        print(f"scale {scale}: {tool.name} {run}", file=sys.stderr, flush=True)
            print(f"\nScale {scale}\n\n{table(runs)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
