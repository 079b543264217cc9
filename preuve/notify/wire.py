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
        """Return the JSON in it; an empty document if the body is empty. Raises ValueError if it is no JSON."""
        try:
            return json.loads(self.body, parse_int=_whole) if self.body.strip() else {}
        except RecursionError as error:
            raise ValueError("nested too deep") from error

    def refusal(self) -> Refusal:
        """Return the message of a refusal: Jira's sentences without their JSON, or else the body itself."""
        try:
            data = self.data()
            fields = dict(data.get("errors") or {})
            lines = [*(data.get("errorMessages") or []), *(f"{name}: {text}" for name, text in fields.items())]
        except (ValueError, TypeError, AttributeError):  # not JSON, or not of this form
            fields, lines = {}, []
        said = "; ".join(map(str, lines)) or self.body.decode("utf-8", "replace")
        return Refusal(said, tuple(map(str, fields)))


@dataclass(frozen=True)
class Refusal:
    """The message of a host's refusal, and the fields that it names."""

    said: str
    fields: tuple[str, ...] = ()


def _whole(digits: str) -> int | float:
    """Return a number of any length from a foreign text; infinity if it is too long, so that the rest can be read."""
    return int(digits) if len(digits) <= _DIGITS else float("inf")


_DIGITS = 30
Wire = Callable[[Request], Answer]
Pause = Callable[[float], None]


class RefusedError(PreuveError):
    """The host refused the request; nothing was done."""

    def __init__(
        self, message: str, hint: str = "", status: int = 0, *, quoted: str = "", fields: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message, hint, quoted=quoted)
        self.status, self.fields = status, fields


class UnsentError(PreuveError):
    """No host received the request: nothing was done, and another try does no harm."""


class UnclearError(PreuveError):
    """The request was sent and no answer came: it may have been carried out."""


def encoded(data: object) -> bytes:
    """Return a body as it is sent: JSON in ASCII, so that a dry run prints exactly the bytes that are sent."""
    return json.dumps(data, separators=(",", ":"), sort_keys=True).encode("ascii")
