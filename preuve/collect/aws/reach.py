"""Who is still there: an operation, a service or the whole account that does not answer is not asked for ever."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from threading import Lock

import botocore.exceptions

_TRIES = 3  # calls of an operation, operations of a service, services of an account: in a row, with no answer between


class GoneError(botocore.exceptions.BotoCoreError):  # type: ignore[misc]
    """A request that was not sent, because those before it got no answer; `cause` is why these did not."""

    fmt = "not asked: {tries} before got no answer"

    def __init__(self, cause: str, tries: str) -> None:
        super().__init__(tries=tries)
        self.cause = cause


@dataclass(frozen=True)
class Place:
    """Whom a call asks."""

    service: str
    region: str


@dataclass
class Reach:
    """Notes for one account who answered and who did not, after all the tries that botocore makes for one call.

    One call in vain proves little, and one operation that fails is no service that is gone: so it takes three calls
    for an operation, three operations for a service, three services for everything. An answer of AWS ends the row.
    """

    _calls: Counter[tuple[Place, str]] = field(default_factory=Counter)
    _operations: defaultdict[Place, set[str]] = field(default_factory=lambda: defaultdict(set))
    _places: set[Place] = field(default_factory=set)
    _cause: str = ""
    _lock: Lock = field(default_factory=Lock)

    def answered(self, place: Place, operation: str) -> None:
        """AWS answered a call, be it with a refusal."""
        with self._lock:
            self._calls.pop((place, operation), None)
            self._operations.pop(place, None)
            self._places.clear()

    def in_vain(self, place: Place, operation: str, cause: str) -> None:
        """A call got no answer of AWS, however often it was tried."""
        with self._lock:
            self._calls[place, operation] += 1
            self._operations[place].add(operation)
            self._places.add(place)
            self._cause = cause

    def check(self, place: Place, operation: str) -> None:
        """Raise GoneError where nobody is to be asked any more."""
        with self._lock:
            tries = self._in_vain(place, operation)
            if tries:
                raise GoneError(self._cause, tries)

    def _in_vain(self, place: Place, operation: str) -> str:
        if len(self._places) >= _TRIES:
            return f"{len(self._places)} services"
        if len(self._operations.get(place, ())) >= _TRIES:
            return f"{len(self._operations[place])} operations"
        return f"{_TRIES} calls" if self._calls[place, operation] >= _TRIES else ""
