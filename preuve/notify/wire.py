"""A request to a host, its answer, and the three ways in which it fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from preuve.model.errors import PreuveError

JSON = "application/json"


@dataclass(frozen=True)
class Request:
    """One request below the address of a host; `safe`: sending it twice has no further effect."""

    method: str
    path: str
    body: bytes = b""
    safe: bool = False


@dataclass(frozen=True)
class Answer:
    """An answer."""

    status: int
    body: bytes = b""

    def data(self) -> Any:
        """Return the JSON in it; an empty document if there is none. Raises ValueError if it is no JSON."""
        try:
            return json.loads(self.body, parse_int=_whole) if self.body.strip() else {}
        except RecursionError as error:
            raise ValueError("nested too deep") from error


def _whole(digits: str) -> int | float:
    """Return a number of any length that somebody wrote; infinity if it is too long, so that the rest is read."""
    return int(digits) if len(digits) <= _DIGITS else float("inf")


_DIGITS = 30
Wire = Callable[[Request], Answer]
Pause = Callable[[float], None]


class RefusedError(PreuveError):
    """The host answered that it will not; nothing was done."""

    def __init__(self, message: str, hint: str = "", status: int = 0, *, quoted: str = "") -> None:
        super().__init__(message, hint, quoted=quoted)
        self.status = status


class UnsentError(PreuveError):
    """Nobody took the request: nothing was done, and another try does no harm."""


class UnclearError(PreuveError):
    """The request went out and no answer came: it may have been done."""


def encoded(data: object) -> bytes:
    """Return a body as it is sent: JSON in ASCII, so that what is printed is what is sent, byte by byte."""
    return json.dumps(data, separators=(",", ":"), sort_keys=True).encode("ascii")
