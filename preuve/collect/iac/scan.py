"""Runs the worker process, and writes what it says into the snapshot. Nothing of Checkov is loaded here."""

from __future__ import annotations

import contextlib
import io
import json
import os
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

import preuve
from preuve.collect.iac.job import IacJob, IacSummary, Line, failed, in_order
from preuve.model.errors import UsageError

# The interpreter may be another one than ours, where only Checkov is installed. Our own packages come last on its path,
# and never the current folder: it could belong to the scanned tree.
_START = "import sys; sys.path.append(sys.argv[1]); from preuve.collect.iac.worker import main; main()"

_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",  # Checkov's verdicts depend on it
    "PYTHONUTF8": "1",
    "BC_SKIP_MAPPING": "TRUE",
    "CKV_SKIP_PACKAGE_UPDATE_CHECK": "TRUE",
    "CHECKOV_PARALLELIZATION_TYPE": "none",
    "LOG_LEVEL": "ERROR",
}
_INHERITED = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH")

_PLAIN = re.compile(r"[a-z0-9_-]+")
_STDERR_LIMIT = 300


def scan(
    job: IacJob,
    destination: Path,
    *,
    python: str | None = None,
    workers: int = 2,
    timeout: float = 900,
    progress: Callable[[str], None] = lambda _: None,
) -> IacSummary:
    """Scan `job` and write `destination/iac/<root>.jsonl`, one file for each root module.

    `python` is the interpreter that has Checkov (default: ours). What the worker does not finish within `timeout`
    seconds, or before it dies, is written as a gap. UsageError if a root leaves the workspace or `python` does not run.
    """
    for root in job.roots:
        _check_inside(job.base, root.path)
    answer = _Answer()
    if job.roots:
        answer.cause = _ask(job, _Run(python or sys.executable, max(1, workers), timeout, progress), answer)
    units = answer.complete(job)
    return _write(units, destination / "iac", answer)


def _check_inside(base: Path, path: str) -> None:
    if not (base / path).resolve().is_relative_to(base.resolve()):
        raise UsageError(f"scope.iac: {path} is outside the workspace", "name a folder below the folder of preuve.yaml")


@dataclass
class _Answer:
    """What the worker has said so far."""

    plan: list[Mapping[str, str]] | None = None
    units: dict[int, list[Line]] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)
    cause: str = ""
    ended: bool = False

    def take(self, message: Mapping[str, Any]) -> str:
        """Note a message; answers what to show of it."""
        if "plan" in message:
            self.plan, self.about = message["plan"], message
            return f"Checkov {message['checkov']}, root modules to scan: {len(message['plan'])}"
        if "end" in message:
            self.ended = True
            return ""
        self.units[message["unit"]] = message["lines"]
        root = next(line for line in message["lines"] if line["kind"] == "root")
        return f"{root['root']} scanned, {root['resources']} blocks"

    def complete(self, job: IacJob) -> list[tuple[str, str, list[Line]]]:
        """Every unit as (kind, root, lines); what is missing becomes a gap."""
        detail = self.cause or "the worker stopped early"
        if self.plan is None:
            return [(root.kind, root.path, failed(root.path, root.kind, detail)) for root in job.roots]
        planned = [(str(unit["kind"]), str(unit["root"])) for unit in self.plan]
        return [
            (kind, root, self.units.get(number) or failed(root, kind, detail))
            for number, (kind, root) in enumerate(planned)
        ]


@dataclass(frozen=True)
class _Run:
    """How to run the worker."""

    python: str
    workers: int
    timeout: float
    progress: Callable[[str], None]


def _ask(job: IacJob, run: _Run, answer: _Answer) -> str:
    """Feed the worker and collect its answer; answers why it stopped, "" when it finished."""
    with tempfile.TemporaryDirectory(prefix="preuve-iac-") as home, tempfile.TemporaryFile() as errors:
        process = _start(run.python, Path(home), errors)
        try:
            in_time = _listen(process, job.to_json(run.workers), run, answer)
        finally:
            os.killpg(process.pid, signal.SIGKILL)  # a session of its own; nothing has waited for it, so the id is its
            process.wait()
        if answer.ended:
            return ""
        return _last_words(errors, process.returncode) if in_time else f"stopped after {run.timeout:g} seconds"


def _start(python: str, home: Path, errors: IO[bytes]) -> subprocess.Popen[bytes]:
    command = [python, "-P", "-s", "-c", _START, str(Path(preuve.__file__).resolve().parent.parent)]
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ} | _ENVIRONMENT
    # A home of its own: no configuration file or credential of the user is found there.
    environment |= {"HOME": str(home), "TMPDIR": str(home)}
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=home,
            env=environment,
            start_new_session=True,
        )
    except OSError as error:
        raise UsageError(f"cannot start {python}: {error.strerror}", "name the Python that has Checkov") from error


def _listen(process: subprocess.Popen[bytes], job: str, run: _Run, answer: _Answer) -> bool:
    """Read messages until the worker ends; False when the time ran out first."""
    deadline = time.monotonic() + run.timeout
    lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    threading.Thread(target=_drain, args=(process.stdout, lines), daemon=True).start()
    with contextlib.suppress(BrokenPipeError), process.stdin or io.BytesIO() as stdin:
        stdin.write(job.encode())  # a worker that has died already says why at its end
    try:
        while (line := lines.get(timeout=max(0.0, deadline - time.monotonic()))) is not None:
            if shown := answer.take(json.loads(line)):
                run.progress(shown)
    except queue.Empty:
        return False
    return True


def _drain(stream: IO[bytes], lines: queue.SimpleQueue[bytes | None]) -> None:
    for line in stream:
        # A cut line is of a worker that died while writing; another beginning, of an interpreter with a banner.
        if line.startswith(b"{") and line.endswith(b"\n"):
            lines.put(line)
    lines.put(None)


def _last_words(errors: IO[bytes], code: int) -> str:
    errors.seek(0)
    lines = [line for line in errors.read().decode("utf-8", "replace").splitlines() if line.strip()]
    if any("No module named 'checkov'" in line for line in lines):
        return "Checkov is not installed for this Python: pip install checkov"
    said = lines[-1].strip()[:_STDERR_LIMIT] if lines else "no message"
    return f"the worker ended with code {code}: {said}"


def file_name(kind: str, root: str) -> str:
    """The name of a root's file: readable, and different for different roots whatever characters they have."""
    suffix = "" if kind == "terraform" else f".{kind}"
    if _PLAIN.fullmatch(root):
        return f"{root}{suffix}.jsonl"
    readable = "-".join(_PLAIN.findall(root.lower()))[:60] or "root"
    digest = sha256(root.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{readable}-{digest}{suffix}.jsonl"


def _write(units: Iterable[tuple[str, str, list[Line]]], folder: Path, answer: _Answer) -> IacSummary:
    folder.mkdir(parents=True, exist_ok=True)
    merged: dict[str, list[Line]] = {}
    for kind, root, lines in units:
        merged.setdefault(file_name(kind, root), []).extend(lines)
    written = [_write_file(folder / name, in_order(lines)) for name, lines in sorted(merged.items())]
    for stale in set(folder.glob("*.jsonl")) - set(written):
        stale.unlink()  # of an earlier scan: it would be read as part of this one
    return _summary(tuple(written), [line for lines in merged.values() for line in lines], answer.about)


def _write_file(path: Path, lines: list[Line]) -> Path:
    beside = path.with_name(f".{path.name}.partial")
    with beside.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(_serialised(lines))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    return path


def _serialised(lines: Iterable[Line]) -> Iterator[str]:
    for line in lines:
        yield json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"


def _summary(written: tuple[Path, ...], lines: list[Line], about: Mapping[str, Any]) -> IacSummary:
    roots = [line for line in lines if line["kind"] == "root"]
    return IacSummary(
        checkov=str(about.get("checkov", "")),
        accelerated=bool(about.get("accelerated", False)),
        written=written,
        roots=len(roots),
        files=sum(root["files"] for root in roots),
        resources=sum(root["resources"] for root in roots),
        records=sum(line["kind"] == "record" for line in lines),
        gaps=sum(line["kind"] == "gap" for line in lines),
        unknown_checks=tuple(about.get("unknown_checks", ())),
    )
