"""Ends a run when a signal asks for it: finishes the file that is being written, then removes unfinished files."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

# Ctrl-C, what CI and containers send, and a closed terminal (unknown to Windows).
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class StopRequest(BaseException):
    """A signal asked this process to stop. Like KeyboardInterrupt it is no Exception, so that no handler on the way
    catches it.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    @property
    def name(self) -> str:
        """The usual name of the signal."""
        return signal.Signals(self.number).name


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise StopRequest in this block at a signal, to unwind the work in progress. A signal that is ignored, for
    instance by nohup, stays ignored.
    """
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)
    try:
        yield
    finally:
        for number in _waiting():
            signal.signal(number, signal.SIG_DFL)  # from here on nothing needs cleaning up


def _waiting() -> list[int]:
    return [number for number in _SIGNALS if signal.getsignal(number) is _stop]


def _stop(number: int, _frame: object) -> None:
    for other in _SIGNALS:
        signal.signal(other, signal.SIG_IGN)  # a second signal must not interrupt the clean-up
    raise StopRequest(number)


@contextmanager
def finished_first() -> Iterator[None]:
    """Delay signals until the block has written everything."""
    came: list[int] = []
    waiting = _waiting()
    for number in waiting:
        signal.signal(number, lambda number, _: came.append(number))
    try:
        yield
    finally:
        for number in waiting:
            signal.signal(number, _stop)
        if came:
            _stop(came[0], None)


def end(stopped: StopRequest) -> NoReturn:
    """End as the signal itself would have ended this process: a shell sees 128 + its number, and a loop in the shell
    stops.
    """
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # the terminal is gone
            stream.flush()
    signal.signal(stopped.number, signal.SIG_DFL)
    os.kill(os.getpid(), stopped.number)
    sys.exit(128 + stopped.number)  # process 1 of a container ignores the signal
