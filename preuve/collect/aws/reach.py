"""Gives up in time: an operation, a service or an account that does not answer is not called for ever."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from threading import Lock

import botocore.exceptions

_CALLS = 3  # failed calls of one operation in a row
_CALLS_OF_SERVICE = 5
_OPERATIONS = 3  # failed operations of one service in a row
_SERVICES = 3  # failed services of an account in a row


class GoneError(botocore.exceptions.BotoCoreError):  # type: ignore[misc]
    """A request that was not sent, because earlier ones got no answer; `cause` is why they got none."""

    fmt = "not asked any more: {tries} got no answer"

    def __init__(self, cause: str, tries: str) -> None:
        super().__init__(tries=tries)
        self.cause = cause


@dataclass(frozen=True)
class Place:
    """The addressee of a call."""

    service: str
    region: str


@dataclass
class Reach:
    """Notes for one account who answered and who did not, after all the tries that botocore makes for one call.

    One call without an answer proves little, and one failing operation does not mean that the service is gone: it takes
    three calls for an operation, and five of three operations for a service. Several blocked services in a row do not
    mean that the account is gone: the caller must find that out when `doubtful`. An answer of AWS resets the count.
    """

    _calls: Counter[tuple[Place, str]] = field(default_factory=Counter)
    _operations: defaultdict[Place, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    _places: set[Place] = field(default_factory=set)
    _cause: str = ""
    _all: bool = False
    _endless: set[Place] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def answered(self, place: Place, operation: str) -> None:
        """Note that AWS answered a call, possibly with a refusal."""
        with self._lock:
            self._calls.pop((place, operation), None)
            self._operations.pop(place, None)
            self._places.clear()

    def in_vain(self, place: Place, operation: str, cause: str) -> None:
        """Note that a call got no answer of AWS, after all its tries."""
        with self._lock:
            self._calls[place, operation] += 1
            self._operations[place][operation] += 1
            self._places.add(place)
            self._cause = cause

    def throttled(self, place: Place, operation: str) -> None:
        """Note that AWS still demanded a wait after all tries of a call. A service that always does so is given up like
        a silent one, but it counts as answering.
        """
        with self._lock:
            self._calls[place, operation] += 1
            self._operations[place][operation] += 1
            self._cause = "throttled"

    def does_not_end(self, place: Place) -> None:
        """Note that a listing went on without anything new."""
        with self._lock:
            self._endless.add(place)

    def is_endless(self, place: Place) -> bool:
        """Return whether a listing of the service did not end there."""
        return place in self._endless

    @property
    def doubtful(self) -> bool:
        """Whether several services in a row did not answer, so that the caller should check whether any service
        answers.
        """
        return len(self._places) >= _SERVICES and not self._all

    def nobody_answers(self) -> None:
        """Note that no service answers."""
        self._all = True

    def check(self, place: Place, operation: str) -> None:
        """Raise GoneError if the service is no longer called."""
        with self._lock:
            tries = self._in_vain(place, operation)
            if tries:
                raise GoneError(self._cause, tries)

    def _in_vain(self, place: Place, operation: str) -> str:
        if self._all:
            return f"{len(self._places)} services"
        operations = self._operations.get(place, Counter())
        if len(operations) >= _OPERATIONS and operations.total() >= _CALLS_OF_SERVICE:
            return f"{operations.total()} calls of the service"
        calls = self._calls[place, operation]
        return f"{calls} calls of the operation" if calls >= _CALLS else ""
