"""What reads several accounts at a time. The disk decides what was read: an engine only says how a reading ended."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol

from preuve.model.errors import Exit

_TRIES = 2  # of an account whose process was killed
_READ = (Exit.OK, Exit.INCOMPLETE)
_SHOWN = 300  # characters of what a process said last


@dataclass(frozen=True)
class Order:
    """What is to be read, and into which place: text alone, because it may travel. No credentials do."""

    account: str
    workspace: str
    place: str
    hours: str = "0"
    frameworks: tuple[str, ...] = ()
    port: str = ""  # of an emulated account
    raw: bool = True

    @property
    def arguments(self) -> tuple[str, ...]:
        """The command that does it."""
        place = ("--account", self.account, "--workspace", self.workspace, "--out", self.place)
        chosen = (part for name in self.frameworks for part in ("--framework", name))
        port = ("--demonstration-port", self.port) if self.port else ()
        return ("collect", *place, "--max-age", self.hours, *chosen, *port, *(() if self.raw else ("--no-raw",)))


@dataclass(frozen=True)
class Ended:
    """How the reading of an account ended; `cause` is a word of the locales, and empty where it says nothing of it."""

    account: str
    cause: str = ""
    code: str = ""
    message: str = ""


Told = Callable[[Ended], None]


class Engine(Protocol):
    """Reads accounts."""

    def read(self, orders: Sequence[Order], told: Told) -> Mapping[str, Ended]:
        """Have all of them read, and say of each how it ended as soon as it has."""


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True)
class Processes:
    """A process for each account on this machine, a few at a time."""

    at_once: int = field(default_factory=processors)
    program: tuple[str, ...] = (sys.executable, "-P", "-m", "preuve.cli.main")

    def read(self, orders: Sequence[Order], told: Told) -> Mapping[str, Ended]:
        """One process that is killed is begun again once; the others do not notice."""
        run = _Run(self.program)
        ends: dict[str, Ended] = {}
        with ThreadPoolExecutor(self.at_once, "account") as pool:
            waiting = [pool.submit(run.one, order) for order in orders]
            try:
                for future in as_completed(waiting):
                    ended = future.result()
                    ends[ended.account] = ended
                    told(ended)
            finally:
                for future in waiting:
                    future.cancel()
                run.stop()
        return ends


class _Run:
    """The processes of one run, which end with it."""

    def __init__(self, program: tuple[str, ...]) -> None:
        self._program = program
        self._lock = Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._stopped = False

    def one(self, order: Order) -> Ended:
        """Read an account, and once more where its process was killed."""
        for _ in range(_TRIES):
            code, said = self._process(order)
            if code >= 0:
                break
        return _ended(order.account, code, said)

    def stop(self) -> None:
        """End what is still running; each process cleans up after itself."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                process.terminate()

    def _process(self, order: Order) -> tuple[int, str]:
        # What it says goes to a file: a process whose parent was killed can go on, and its part is found later.
        with tempfile.TemporaryFile() as said, self._begun(order, said.fileno()) as process:
            code = process.wait() if process else -signal.SIGTERM
            said.seek(0)
            return code, said.read().decode("utf-8", "replace").strip().rpartition("\n")[2][:_SHOWN]

    @contextlib.contextmanager
    def _begun(self, order: Order, said: int) -> Iterator[subprocess.Popen[bytes] | None]:
        command = [*self._program, *order.arguments]
        with self._lock:
            if self._stopped:
                process = None
            else:
                process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said)
                self._running.add(process)
        try:
            yield process
        finally:
            with self._lock:
                self._running.discard(process) if process else None


def _ended(account: str, code: int, said: str) -> Ended:
    if code in _READ:
        return Ended(account)
    if code < 0:
        return Ended(account, "worker_killed", _signal(-code), said)
    return Ended(account, "worker_failed", f"exit {code}", said)


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
