"""Work in a process of its own: its result, its errors and its end are those of the work itself."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

import pytest

from preuve.cli.stop import stoppable
from preuve.model.errors import Exit, PreuveError, UsageError
from preuve.system.own_process import work_in_process

copied = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the work is done in this process")


def test_the_result_and_what_is_told_come_back() -> None:
    told: list[tuple[str, int]] = []

    def work(tell: Callable[..., None]) -> dict[str, int]:
        tell("half", 1)
        tell("whole", 2)
        return {"pid": os.getpid()}

    done = work_in_process(work, lambda *what: told.append(what))
    assert told == [("half", 1), ("whole", 2)]
    assert (done["pid"] == os.getpid()) is (sys.platform != "linux")


def test_an_error_keeps_its_kind_and_its_hint() -> None:
    def work(_tell: Callable[..., None]) -> None:
        raise UsageError("there is no such region", "correct scope.regions")

    with pytest.raises(UsageError, match="no such region") as raised:
        work_in_process(work, print)
    assert (raised.value.hint, raised.value.exit_code) == ("correct scope.regions", Exit.INVALID)


@copied
def test_the_traceback_of_a_defect_is_not_lost() -> None:
    def work(_tell: Callable[..., None]) -> None:
        raise ZeroDivisionError("a defect")

    with pytest.raises(ZeroDivisionError) as raised:
        work_in_process(work, print)
    assert "in work" in "".join(raised.value.__notes__)


@copied
def test_a_process_that_is_killed_is_no_result() -> None:
    def work(_tell: Callable[..., None]) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(PreuveError, match="SIGKILL") as raised:
        work_in_process(work, print)
    assert "memory" in raised.value.hint


@copied
def test_whoever_is_interrupted_ends_the_work_too() -> None:
    told: list[int] = []

    def work(tell: Callable[..., None]) -> None:
        tell(os.getpid())
        signal.pause()

    def interrupted(pid: int) -> None:
        told.append(pid)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work_in_process(work, interrupted)
    with pytest.raises(ProcessLookupError):
        os.kill(told[0], 0)


@copied
def test_whoever_is_stopped_after_the_work_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """As when the disk of the process that asked is full while the result is on its way."""

    class Stops:
        """A result that is stopped while it is sent."""

        def __reduce__(self) -> str:
            os.kill(os.getpid(), signal.SIGTERM)
            return "never"

    with stoppable(), pytest.raises(PreuveError, match="SIGTERM"):
        work_in_process(lambda _tell: Stops(), print)
    assert capfd.readouterr().err == ""
