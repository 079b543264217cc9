"""Workers that are copies of a process which has loaded Checkov: loading it takes longer than most scans of the tests.

A copy does what a worker does from its first line on, and is confined as one. `collect/code/test_worker.py`, and every
test that runs the program as a process of its own, start workers as they are for users.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import IO, Any, NoReturn, TextIO

import preuve
from preuve.collect.code.job import Preamble
from preuve.collect.code.run import process, worker

COLD = process.started
_ROOT, _TESTS = Path(preuve.__file__).resolve().parent.parent, Path(__file__).resolve().parent
_MODEL = "import sys; sys.path += sys.argv[1:3]; from warm_worker import serve; serve(sys.argv[3])"
_FED = """
import sys
sys.path.append(sys.argv.pop())
from warm_worker import Fed
sys.stdin = Fed(sys.argv.pop(), sys.stdin)
"""
_ASKED_LENGTH = 65_536  # bytes of an environment


def install() -> None:
    """Let this process start its workers as copies, where the system can wait for them."""
    if sys.platform == "linux":
        process.started = _started


def _started(python: str, home: Path, errors: IO[bytes]) -> Any:
    return _Copy(home, errors) if python == sys.executable else COLD(python, home, errors)


class _Copy:
    """A worker process, as `subprocess.Popen` tells of one."""

    def __init__(self, home: Path, errors: IO[bytes]) -> None:
        self.returncode: int | None = None
        input_, self._said = os.pipe()
        self._heard, output = os.pipe()
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(_model()[1])
        environment = {name: os.environ[name] for name in process._INHERITED if name in os.environ}
        environment |= {**process._ENVIRONMENT, "HOME": str(home), "TMPDIR": str(home)}
        socket.send_fds(self._line, [json.dumps(environment).encode()], [input_, output, errors.fileno()])
        os.close(input_)
        os.close(output)
        self.stdin, self.stdout = os.fdopen(self._said, "wb"), os.fdopen(self._heard, "rb")
        self._answers = self._line.makefile()
        self.pid = int(self._answers.readline())

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Raises TimeoutExpired."""
        if self.returncode is None:
            if timeout is not None and not select.select([self._line], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("worker", timeout)
            self.returncode = int(self._answers.readline())
            self._answers.close()
            self._line.close()
        return self.returncode


@cache
def _model() -> tuple[subprocess.Popen[bytes], str]:
    """The process that is copied, started when it is first asked, and its socket. It ends with this one."""
    home = Path(tempfile.mkdtemp(prefix="preuve-model-", dir="/tmp"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    path = home / "socket"
    environment = {**os.environ, **process._ENVIRONMENT, "HOME": str(home), "TMPDIR": str(home)}
    command = [sys.executable, "-P", "-s", "-c", _MODEL, str(_ROOT), str(_TESTS), str(path)]
    model = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=home, env=environment)
    assert model.stdout
    assert model.stdout.readline(), "the model of the workers did not start"
    return model, str(path)


# ---- in the process that is copied ---------------------------------------------------------------------------------


def serve(path: str) -> NoReturn:
    """Load Checkov, then copy this process for each that asks, until the parent has ended."""
    gc.disable()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    worker.load(Preamble("/", of_rights=True))  # more than most jobs need
    print("loaded", flush=True)
    running: dict[int, tuple[int, socket.socket]] = {}
    while True:
        ready, _, _ = select.select([0, listener.fileno(), *running], [], [])
        if 0 in ready:
            os._exit(0)
        for ended in running.keys() & set(ready):
            _tell(ended, *running.pop(ended))
        if listener.fileno() in ready:
            _copy(listener, running)


def _tell(handle: int, pid: int, line: socket.socket) -> None:
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(handle)
    with line, contextlib.suppress(OSError):  # nobody waits for it any more
        line.sendall(f"{code}\n".encode())


def _copy(listener: socket.socket, running: dict[int, tuple[int, socket.socket]]) -> None:
    line, _ = listener.accept()
    asked, files, _, _ = socket.recv_fds(line, _ASKED_LENGTH, 3)
    pid = os.fork()
    if pid == 0:
        _work(
            asked,
            files,
            line,
            [listener.fileno(), *running, *(one.fileno() for _, one in running.values())],
        )
    for file in files:
        os.close(file)
    running[os.pidfd_open(pid)] = (pid, line)


def _work(asked: bytes, files: list[int], line: socket.socket, others: list[int]) -> NoReturn:
    """Be a worker with these three files as its input, output and errors."""
    try:
        os.setsid()
        line.sendall(f"{os.getpid()}\n".encode())
        line.close()
        for number, file in enumerate(files):
            os.dup2(file, number)
        for file in [*files, *others]:
            os.close(file)
        environment = json.loads(asked)
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(environment["HOME"])
        tempfile.tempdir = None
        first = _line(0)
        if first and replace(Preamble(**json.loads(first)), of_rights=False) != Preamble(json.loads(first)["base"]):
            _start_cold(first)
        sys.stdin = Fed(first, os.fdopen(0))
        worker.main()
    except BaseException:  # noqa: BLE001 - a copy must not go on as the process it is a copy of
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _line(file: int) -> str:
    """Read one line and nothing after it, which is for another program."""
    read = b""
    while not read.endswith(b"\n") and (byte := os.read(file, 1)):
        read += byte
    return read.decode()


class Fed:
    """The input of a worker, of which the first line was read already; "" if there was none."""

    def __init__(self, first: str, rest: TextIO) -> None:
        self._first, self._rest = first, rest
        self.close = rest.close

    def __iter__(self) -> Iterator[str]:
        yield from filter(None, [self._first])
        yield from self._rest


def _start_cold(first: str) -> NoReturn:
    """Become a worker that loads what this job wants."""
    command = [sys.executable, "-P", "-s", "-c", f"{_FED}{process._START}", str(_ROOT), first, str(_TESTS)]
    os.execve(sys.executable, command, dict(os.environ))
