"""The worker process as its parent sees it: started on the first request or earlier, and stopped in every case."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

import preuve
from preuve.collect.code.job import IacJob, Preamble
from preuve.model.errors import UsageError
from preuve.system.causes import cause

# The interpreter may be another one than ours, with Checkov installed. Our own packages come last on its path,
# and the current folder never does: it may belong to the scanned tree. But preuve itself is always this copy:
# another installed version would judge differently.
_START = """
import sys
from importlib.machinery import PathFinder

class Here:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] == "preuve":
            return PathFinder.find_spec(name, path if "." in name else sys.argv[1:2], target)

sys.meta_path.insert(0, Here)
sys.path.append(sys.argv[1])
from preuve.collect.code.run.worker import main
main()
"""

_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",  # set because Checkov's verdicts depend on it
    "PYTHONUTF8": "1",
    "BC_SKIP_MAPPING": "TRUE",
    "CKV_SKIP_PACKAGE_UPDATE_CHECK": "TRUE",
    "CHECKOV_PARALLELIZATION_TYPE": "none",
    "LOG_LEVEL": "ERROR",
    "HCL_PARSE_TIMEOUT_SEC": "60",  # Checkov's default of ten seconds is too short for a large file on a busy machine
}
_INHERITED = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH")
_STDERR_LIMIT = 300
_LAST_WORDS = 5.0  # seconds

Message = Mapping[str, Any]


class WorkerStoppedError(Exception):
    """The worker ended before it answered; the message says why."""


class Process:
    """A worker process: confined, and loading Checkov as its preamble says."""

    def __init__(self, python: str, beginning: Preamble) -> None:
        self.beginning = beginning
        self.lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        with contextlib.ExitStack() as opened:
            home = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="preuve-iac-")))
            self._errors = opened.enter_context((home / "stderr").open("w+b"))
            self._process = started(python, home, self._errors)
            opened.callback(_stop, self._process)
            self._open = opened.pop_all()
        threading.Thread(target=_drain, args=(self._process.stdout, self.lines), daemon=True).start()
        self.say(json.dumps(asdict(beginning)))

    def say(self, text: str) -> None:
        """Send one line."""
        with contextlib.suppress(BrokenPipeError):  # a dead worker explains itself in its last lines
            if self._process.stdin is not None:
                self._process.stdin.write(text.encode() + b"\n")
                self._process.stdin.flush()

    def last_words(self) -> str:
        """Return why the worker has closed its output."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_LAST_WORDS)  # it closed its output, so it is about to end
        _stop(self._process)
        return _last_words(self._errors, self._process.returncode)

    def close(self) -> None:
        """End the worker and all processes that it started."""
        self._open.close()


class EarlyWorker:
    """A worker process that may be started before its job is known. Only one job can take it."""

    def __init__(self) -> None:
        self._process: Process | None = None

    def __enter__(self) -> EarlyWorker:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.close()

    def start(self, base: Path) -> None:
        """Start the worker for code in a folder, with the preamble that most jobs need."""
        self._process = Process(sys.executable, Preamble(str(base.resolve())))

    def take(self, beginning: Preamble) -> Process | None:
        """Return the process if its preamble fits; the caller then has to end it."""
        if self._process is None or self._process.beginning != beginning:
            return None
        process, self._process = self._process, None
        return process


class Worker:
    """A worker process for one job; takes the process of `ahead` if that fits."""

    def __init__(
        self, job: IacJob, python: str, workers: int, timeout: float, ahead: EarlyWorker | None = None
    ) -> None:
        self.about: Message = {}
        self._beginning = Preamble.of(job)
        self._job = job.to_json(workers)
        self._python = python
        self._timeout = timeout
        self._deadline = 0.0
        self._ahead = ahead
        self._process: Process | None = None

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.close()

    def ask(self, request: Message) -> Iterator[Message]:
        """Yield the answers to a request. Raises WorkerStoppedError if the worker stops."""
        process = self._process or self._start()
        process.say(json.dumps(request))
        yield from self._answers(process)

    def _start(self) -> Process:
        taken = self._ahead.take(self._beginning) if self._ahead else None
        self._process = process = taken or Process(self._python, self._beginning)
        self._deadline = time.monotonic() + self._timeout
        process.say(self._job)
        for message in self._answers(process):
            self.about = message
        return process

    def _answers(self, process: Process) -> Iterator[Message]:
        try:
            while (line := process.lines.get(timeout=max(0.0, self._deadline - time.monotonic()))) is not None:
                message = json.loads(line)
                if "end" in message:
                    return
                yield message
        except queue.Empty:
            raise WorkerStoppedError(f"stopped after {self._timeout:g} seconds") from None
        process.lines.put(None)  # later requests get the same answer
        raise WorkerStoppedError(process.last_words())


def started(python: str, home: Path, errors: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start the worker with the interpreter `python`; it ends when its request pipe closes.

    `home` is its home and working folder, `errors` receives its stderr. Raises UsageError if it cannot be started.
    """
    command = [python, "-P", "-s", "-c", _START, str(Path(preuve.__file__).resolve().parent.parent)]
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ} | _ENVIRONMENT
    # A home of its own: it contains no configuration or credentials of the user.
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
        raise UsageError(f"cannot start {python}: {cause(error)}", "name the Python that has Checkov") from error


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the worker and all processes that it started."""
    if process.returncode is None:  # not reaped yet, so no other process has its session id
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _drain(stream: IO[bytes], lines: queue.SimpleQueue[bytes | None]) -> None:
    for line in stream:
        # A truncated line: the worker died while writing. Another beginning: the interpreter printed a banner.
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
