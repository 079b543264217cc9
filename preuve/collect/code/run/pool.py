"""Evaluates units in forked processes. A process that dies or takes too long costs only its current unit.

Units are sorted by size. Half of the processes start with the largest, the others with the smallest: so the largest
are not in memory all at once, and none runs alone at the end. A process whose memory has grown is replaced.
"""

from __future__ import annotations

import os
import re
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

# KiB of private memory of a process, which grows with every root: Python seldom gives memory back, and copies what it
# shared with its parent.
_MOST_OWN = 28 * 1024
_OWN = re.compile(r"^Private_Dirty:\s+(\d+) kB", re.MULTILINE)

Evaluate = Callable[[int], bytes]  # the answer for the unit of this number, ready to be sent


@dataclass(frozen=True)
class Child:
    """A running child process."""

    unit: int
    process: Any
    until: float
    first: bool  # takes the largest remaining unit, not the smallest


class ProcessPool:
    """Distributes units among child processes. A fork shares everything that was parsed and imported."""

    def __init__(self, evaluate: Evaluate, workers: int, limit: float, close: Sequence[int] = ()) -> None:
        self._evaluate = evaluate
        self._workers = workers
        self._limit = limit
        self._close = tuple(close)  # descriptors that a child must not hold open
        self._context = get_context("fork")
        self._running: dict[Any, Child] = {}

    def run(self, units: Sequence[int]) -> Iterator[tuple[int, bytes | str]]:
        """Yield each unit with its answer, or with the reason why there is none, in the order of completion."""
        waiting = deque(units)
        while waiting or self._running:
            while waiting and len(self._running) < self._workers:
                first = 2 * sum(child.first for child in self._running.values()) < self._workers
                self._give(waiting, *self._start(), first)
            for channel in self._ready():
                yield self._take(channel, waiting)
            yield from self._late()

    def _start(self) -> tuple[Any, Any]:
        here, there = self._context.Pipe()
        close = [*self._close, here.fileno(), *(channel.fileno() for channel in self._running)]
        process = self._context.Process(target=_work, args=(self._evaluate, there, close))
        process.start()
        there.close()
        return here, process

    def _give(self, waiting: deque[int], channel: Any, process: Any, first: bool) -> None:
        unit = waiting.popleft() if first else waiting.pop()
        self._running[channel] = Child(unit, process, time.monotonic() + self._limit, first)
        channel.send(unit)

    def _ready(self) -> list[Any]:
        soonest = min(child.until for child in self._running.values())
        return list(wait(list(self._running), max(0.0, soonest - time.monotonic())))

    def _take(self, channel: Any, waiting: deque[int]) -> tuple[int, bytes | str]:
        child = self._running.pop(channel)
        try:
            answer = channel.recv_bytes()
        except (EOFError, ConnectionResetError):
            channel.close()
            child.process.join()
            return child.unit, "the process that examined this root module died"
        if waiting and _own(child.process.pid) <= _MOST_OWN:
            self._give(waiting, channel, child.process, child.first)
        else:
            channel.close()  # the child sees the closed channel and ends
            child.process.join()
        return child.unit, answer

    def _late(self) -> Iterator[tuple[int, str]]:
        now = time.monotonic()
        for channel, child in [item for item in self._running.items() if item[1].until <= now]:
            del self._running[channel]
            child.process.kill()
            child.process.join()
            channel.close()
            yield child.unit, f"stopped after {self._limit:g} seconds"


def _own(process: int) -> int:
    """Return the memory, in bytes, that a forked process does not share."""
    found = _OWN.search(Path(f"/proc/{process}/smaps_rollup").read_text())
    return int(found[1]) if found else 0


def _work(evaluate: Evaluate, channel: Any, inherited: Sequence[int]) -> None:
    for descriptor in inherited:  # otherwise the other side never sees the end of file
        os.close(descriptor)
    while True:
        try:
            unit = channel.recv()
        except EOFError:
            return
        channel.send_bytes(evaluate(unit))
