"""Engines that read several accounts at a time. The disk decides whether an account was read: an engine only reports
how a reading ended.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Order:
    """An account to read, and the place for its part: only text, because it may be sent to another machine. Credentials
    never are.
    """

    account: str
    workspace: str
    place: str
    hours: str = "0"
    frameworks: tuple[str, ...] = ()
    port: str = ""  # port of an emulated account
    raw: bool = True
    run: str = ""  # identifies the run: a worker's loaded data is for one run only


@dataclass(frozen=True)
class ReadingResult:
    """The result of reading an account. `cause` is a word of the locales; "" if it succeeded."""

    account: str
    cause: str = ""
    code: str = ""
    message: str = ""


Told = Callable[[ReadingResult], None]


class Engine(Protocol):
    """Reads accounts."""

    def read(self, orders: Sequence[Order], told: Told) -> Mapping[str, ReadingResult]:
        """Read all of them, and return how each ended; `told` is called with each result at once."""


def processors() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
