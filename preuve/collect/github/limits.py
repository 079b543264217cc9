"""Waits as long as GitHub demands: after its rate limits, and before a retry."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from preuve.collect.github.wire import Response

_LIMITED = frozenset({403, 429})
_PASSING = frozenset({500, 502, 503, 504})
_TOO_MANY = 429
_MINUTE = 60.0  # GitHub's rule: without a header for the time, wait a minute at least
_TOLD = ("rate limit", "abuse detection")


def limited(response: Response) -> bool:
    """Return whether GitHub refused because of too many requests, in the hour or at once."""
    if response.status not in _LIMITED:
        return False
    if (
        response.status == _TOO_MANY
        or response.header("retry-after")
        or response.header("x-ratelimit-remaining") == "0"
    ):
        return True
    text = response.body[:2000].decode("utf-8", "replace").lower()
    return any(words in text for words in _TOLD)


def passing(response: Response) -> bool:
    """Return whether a retry may succeed."""
    return response.status in _PASSING


def wait_for(response: Response, tried: int, now: float) -> float:
    """Return the seconds to wait after a limit, with `now` in seconds of the epoch."""
    said = response.header("retry-after").strip()
    if said.isdecimal():
        return float(said[:9])
    reset = response.header("x-ratelimit-reset").strip()
    if response.header("x-ratelimit-remaining") == "0" and reset.isdecimal():
        return max(1.0, float(reset[:12]) - now + 1)
    return _MINUTE * 2.0 ** (tried - 1)


@dataclass
class Pause:
    """The time at which requests may go on, shared by all threads."""

    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _until: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def ask(self, seconds: float) -> None:
        """Hold all requests back for so many seconds."""
        with self._lock:
            self._until = max(self._until, self.clock() + seconds)

    def wait(self, deadline: float) -> bool:
        """Wait until requests may go on; return false at once if that is after the deadline."""
        left = self._until - self.clock()
        if self._until > deadline:
            return False
        if left > 0:
            self.pause(left)
        return True
