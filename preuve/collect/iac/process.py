"""The worker process as its parent sees it: started when it is first asked, stopped whatever happens."""

from __future__ import annotations

import contextlib
import io
import json
import os
import queue
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import preuve
from preuve.collect.iac.job import IacJob
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
    "HCL_PARSE_TIMEOUT_SEC": "60",  # by the clock: Checkov's ten seconds give up a large file on a busy machine
}
_INHERITED = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH")
_STDERR_LIMIT = 300
_LAST_WORDS = 5.0  # seconds

Message = Mapping[str, Any]


class WorkerStoppedError(Exception):
    """The worker ended before it had answered; says why."""


class Worker:
    """One worker process for one job."""

    def __init__(self, job: IacJob, python: str, workers: int, timeout: float) -> None:
        self.about: Message = {}
        self._job = job.to_json(workers)
        self._python = python
        self._timeout = timeout
        self._deadline = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._errors: IO[bytes] = io.BytesIO()
        self._open = contextlib.ExitStack()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def ask(self, request: Message) -> Iterator[Message]:
        """The answers to a request; raises WorkerStoppedError where they break off."""
        process = self._process or self._start()
        self._say(process, json.dumps(request))
        yield from self._answers(process)

    def _start(self) -> subprocess.Popen[bytes]:
        home = Path(self._open.enter_context(tempfile.TemporaryDirectory(prefix="preuve-iac-")))
        self._errors = self._open.enter_context((home / "stderr").open("w+b"))
        self._process = process = started(self._python, home, self._errors)
        self._open.callback(_stop, process)
        self._deadline = time.monotonic() + self._timeout
        threading.Thread(target=_drain, args=(process.stdout, self._lines), daemon=True).start()
        self._say(process, self._job)
        for message in self._answers(process):
            self.about = message
        return process

    @staticmethod
    def _say(process: subprocess.Popen[bytes], text: str) -> None:
        with contextlib.suppress(BrokenPipeError):  # a worker that has died already says why at its end
            if process.stdin is not None:
                process.stdin.write(text.encode() + b"\n")
                process.stdin.flush()

    def _answers(self, process: subprocess.Popen[bytes]) -> Iterator[Message]:
        try:
            while (line := self._lines.get(timeout=max(0.0, self._deadline - time.monotonic()))) is not None:
                message = json.loads(line)
                if "end" in message:
                    return
                yield message
        except queue.Empty:
            raise WorkerStoppedError(f"stopped after {self._timeout:g} seconds") from None
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_LAST_WORDS)  # it has closed its output, so it is about to end
        _stop(process)
        raise WorkerStoppedError(_last_words(self._errors, process.returncode))


def started(python: str, home: Path, errors: IO[bytes]) -> subprocess.Popen[bytes]:
    """The process, its requests and answers in pipes. It ends when nobody can send requests any more."""
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


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the worker and all that it started."""
    if process.returncode is None:  # nothing has waited for it, so the id of its session is still its own
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


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
