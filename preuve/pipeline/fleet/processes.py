"""Processes of this machine that read accounts: each reads several, one after the other, so that it loads the content
once.
"""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from threading import Lock, local
from typing import IO

from preuve.pipeline.fleet.engine import Order, ReadingResult, Told, processors
from preuve.system.causes import cause

_KILLED = "worker_killed"
_TRIES = 2  # tries for an account whose process was killed
_SHOWN = 300  # characters of a process's last output


@dataclass(frozen=True)
class Processes:
    """A few processes at a time. Each account has its own sessions and credentials in them."""

    at_once: int = field(default_factory=processors)
    program: tuple[str, ...] = (sys.executable, "-P", "-m", "preuve.cli.main", "collect", "--orders")

    def read(self, orders: Sequence[Order], told: Told) -> Mapping[str, ReadingResult]:
        """Read the accounts in processes. An account whose process is killed is read once more in a new one; the others
        are not affected.
        """
        ends: dict[str, ReadingResult] = {}
        workers = _Workers(self.program)
        with contextlib.closing(workers), ThreadPoolExecutor(self.at_once, "account") as pool:
            waiting = [pool.submit(workers.one, order) for order in orders]
            try:
                for future in as_completed(waiting):
                    ended = future.result()
                    ends[ended.account] = ended
                    told(ended)
            except BaseException:
                for future in waiting:
                    future.cancel()
                workers.stop()
                raise
        return ends


class _Worker:
    """One process, from its first order to its end."""

    def __init__(self, program: Sequence[str]) -> None:
        # Its output goes to a file: it can go on if its parent is killed, and its part is found later.
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        self._process = subprocess.Popen(
            program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said, text=True, encoding="utf-8"
        )

    def ask(self, order: Order) -> str | None:
        """Have an account read. Return why that failed, or ""; None if the process ended before it answered."""
        given, answers = self._ends()
        try:
            given.write(json.dumps(asdict(order)) + "\n")
            given.flush()
            answer = answers.readline()
        except OSError:
            return None
        return str(json.loads(answer)) if answer.endswith("\n") else None

    def ended(self, account: str) -> ReadingResult:
        """Return how an account ended whose process has ended."""
        code, said = self._process.wait(), self._last_words()
        if code < 0:
            return ReadingResult(account, _KILLED, _signal(-code), said)
        return ReadingResult(account, "worker_failed", f"exit {code}", said)

    def terminate(self) -> None:
        """End it now; it cleans up by itself."""
        self._process.terminate()

    def close(self) -> None:
        """Wait for its end: without orders it has nothing to do."""
        with contextlib.suppress(OSError):
            self._ends()[0].close()
        self._process.wait()
        self._ends()[1].close()
        self._said.close()

    def _ends(self) -> tuple[IO[str], IO[str]]:
        assert self._process.stdin is not None  # noqa: S101 - both were asked for
        assert self._process.stdout is not None  # noqa: S101
        return self._process.stdin, self._process.stdout

    def _last_words(self) -> str:
        self._said.seek(0)
        return self._said.read().decode("utf-8", "replace").strip().rpartition("\n")[2][:_SHOWN]


class _Workers:
    """The processes of one run, one for each calling thread; they end with the run."""

    def __init__(self, program: Sequence[str]) -> None:
        self._program = program
        self._lock = Lock()
        self._running: set[_Worker] = set()
        self._mine = local()
        self._stopped = False

    def one(self, order: Order) -> ReadingResult:
        """Read an account, and once more if its process was killed."""
        ended = ReadingResult(order.account, _KILLED, signal.SIGTERM.name)
        for _ in range(_TRIES):
            try:
                worker = self._worker()
            except OSError as error:  # no more processes, no memory: others go on
                return ReadingResult(order.account, "worker_failed", type(error).__name__, cause(error))
            if worker is None:
                break
            failed = worker.ask(order)
            if failed is not None:
                return (
                    ReadingResult(order.account, "worker_failed", "", failed)
                    if failed
                    else ReadingResult(order.account)
                )
            ended = worker.ended(order.account)
            self._close(worker)
            if ended.cause != _KILLED:
                break
        return ended

    def stop(self) -> None:
        """End the running processes, and start no more."""
        with self._lock:
            self._stopped = True
            for worker in self._running:
                worker.terminate()

    def close(self) -> None:
        """Wait until all have ended."""
        for worker in list(self._running):
            self._close(worker)

    def _worker(self) -> _Worker | None:
        """Return this thread's worker, started if there is none; None if none may be started any more."""
        mine: _Worker | None = getattr(self._mine, "worker", None)
        with self._lock:
            if self._stopped:
                return None
            if mine not in self._running:
                mine = self._mine.worker = _Worker(self._program)
                self._running.add(mine)
        return mine

    def _close(self, worker: _Worker) -> None:
        with self._lock:
            self._running.discard(worker)
        worker.close()


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
