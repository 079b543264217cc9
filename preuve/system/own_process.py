"""Does work in a separate process, whose memory is free again when it ends."""

from __future__ import annotations

import gc
import signal
import sys
import traceback
from collections.abc import Callable
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from threading import Lock
from typing import Any, TypeVar

from preuve.model.errors import PreuveError

T = TypeVar("T")
Tell = Callable[..., None]  # reports progress; its arguments are pickled
_TOLD, _DONE, _FAILED = "told", "done", "failed"
# Signals that ask a process to stop. They are blocked until the work begins, because before that no code handles them.
_STOPS = frozenset(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


def work_in_process(work: Callable[[Tell], T], tell: Tell) -> T:
    """Do work in a process, and return its result or raise its error; its progress reports arrive here too. All of
    these are pickled.

    On Linux a fork of this process does the work: the content is already loaded, at no cost. On other systems a forked
    process may not use everything, so the work is done in this process. Raises PreuveError if the process was killed.
    """
    if sys.platform != "linux":
        return work(tell)
    gc.freeze()  # exclude it from collection, which would copy it
    ours, theirs = Pipe(duplex=False)
    process = get_context("fork").Process(target=_run, args=(work, theirs))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    theirs.close()
    try:
        done: T = _heard(ours, tell)
    except EOFError as error:
        process.join()
        code = process.exitcode or 0
        how = signal.Signals(-code).name if code < 0 else f"exit {code}"
        hint = "run it again; look into the system's log whether memory ran out"
        raise PreuveError(f"the process that did this part of the work has ended: {how}", hint) from error
    except BaseException:
        process.terminate()  # it cleans up after itself; a failed one has ended
        raise
    finally:
        process.join()
        ours.close()
    return done


def _heard(ours: Connection, tell: Tell) -> Any:
    while True:
        kind, value = ours.recv()
        if kind == _FAILED:
            raise value
        if kind == _DONE:
            return value
        tell(*value)


def _run(work: Callable[[Tell], Any], theirs: Connection) -> None:
    alone = Lock()

    def tell(*what: Any) -> None:
        with alone:
            theirs.send((_TOLD, what))

    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
        end = _end(work, tell)
        _end_at_once_if_stopped()
    except BaseException:  # noqa: BLE001 - stopped, and cleaned up: whoever asked for the work is stopped too, or told
        sys.exit(1)
    theirs.send(end)


def _end(work: Callable[[Tell], Any], tell: Tell) -> tuple[str, Any]:
    try:
        return (_DONE, work(tell))
    except Exception as error:  # noqa: BLE001 - it is raised where the work was asked for
        error.add_note("".join(traceback.format_exception(error)))
        return (_FAILED, error)


def _end_at_once_if_stopped() -> None:
    """Make a signal end this process silently: the work is done, and nothing is left to clean up."""
    for number in _STOPS:
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
