"""Evaluates units in forked processes: one that dies or takes too long costs the unit that it had.

One that has grown is replaced: its memory is what most of a worker's is.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

_MOST_GROWN = 12 * 1024**2  # bytes; Python seldom gives back what one large root took
_PAGE = os.sysconf("SC_PAGE_SIZE")

Evaluate = Callable[[int], bytes]  # the answer for the unit of this number, ready to be sent


@dataclass(frozen=True)
class Child:
    """A process at work."""

    unit: int
    process: Any
    until: float


class Crew:
    """Shares out units among child processes. A fork has what was parsed and imported."""

    def __init__(self, evaluate: Evaluate, workers: int, limit: float, close: Sequence[int] = ()) -> None:
        self._evaluate = evaluate
        self._workers = workers
        self._limit = limit
        self._close = tuple(close)  # descriptors that a child must not hold open
        self._context = get_context("fork")
        self._running: dict[Any, Child] = {}

    def run(self, units: Sequence[int]) -> Iterator[tuple[int, bytes | str]]:
        """Each unit with its answer, or with the reason why there is none, as they complete."""
        waiting = list(units)[::-1]
        while waiting or self._running:
            while waiting and len(self._running) < self._workers:
                self._give(waiting.pop(), *self._start())
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

    def _give(self, unit: int, channel: Any, process: Any) -> None:
        self._running[channel] = Child(unit, process, time.monotonic() + self._limit)
        channel.send(unit)

    def _ready(self) -> list[Any]:
        soonest = min(child.until for child in self._running.values())
        return list(wait(list(self._running), max(0.0, soonest - time.monotonic())))

    def _take(self, channel: Any, waiting: list[int]) -> tuple[int, bytes | str]:
        child = self._running.pop(channel)
        try:
            answer = channel.recv_bytes()
        except (EOFError, ConnectionResetError):
            channel.close()
            child.process.join()
            return child.unit, "the process of this root died"
        if waiting and not _grown(child.process.pid):
            self._give(waiting.pop(), channel, child.process)
        else:
            channel.close()  # the child sees the end and leaves
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


def _grown(process: int) -> bool:
    """Whether a forked process holds so much more than this one that a new one had better go on."""
    return _resident(process) - _resident(os.getpid()) > _MOST_GROWN


def _resident(process: int) -> int:
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE


def _work(evaluate: Evaluate, channel: Any, inherited: Sequence[int]) -> None:
    for descriptor in inherited:  # else no end of file is ever seen where they lead
        os.close(descriptor)
    while True:
        try:
            unit = channel.recv()
        except EOFError:
            return
        channel.send_bytes(evaluate(unit))
