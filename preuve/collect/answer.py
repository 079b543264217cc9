"""The outcome of a call to any service: an answer, "nothing is set", or the reason why it could not be read."""

from __future__ import annotations

import itertools
import json
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from preuve.library.validation.shapes import steps
from preuve.model.content import AbsentError, Call
from preuve.model.snapshot import Unread

GONE = Unread("gone", "Gone", "it was listed and is no longer there")


class NotSetError(Exception):
    """The provider answers that this is not set; has the id of the call."""

    def __init__(self, call: str) -> None:
        super().__init__(call)
        self.call = call


class UnreadError(Exception):
    """A call without a result, and why; `call` is the id of its record, empty if nothing was sent."""

    def __init__(self, reason: Unread, call: str) -> None:
        super().__init__(reason.code)
        self.reason = reason
        self.call = call


@dataclass(frozen=True)
class Answer:
    """The answer of a call, and its evidence: the records of all its pages."""

    value: Any
    calls: tuple[str, ...]
    each: tuple[str, ...] = ()  # of a list: the record of each item, if that is known
    lost: Mapping[str, Unread | None] = field(default_factory=dict)  # what a batch did not give, and why; None: not set

    def items(self) -> Iterator[tuple[Any, tuple[str, ...]]]:
        """Yield the items of a list, each with the records that it cites: all records, if a transform made
        other items.
        """
        found = self.value or []
        known = len(self.each) == len(found)
        return ((item, (self.each[place],) if known else self.calls) for place, item in enumerate(found))


@dataclass(frozen=True)
class CallPages:
    """All pages of one call, the id of the record of each, and the paths of the nulls in any of them."""

    pages: tuple[Any, ...]
    calls: tuple[str, ...]
    nulls: frozenset[str] = frozenset()

    @property
    def call(self) -> str:
        """The id of the first record."""
        return next(iter(self.calls), "")


@dataclass(frozen=True)
class Failure:
    """A call that failed: plain data, because an exception would keep the whole HTTP response with its frames.

    `refusal` is the provider's own message if it answered; whether that means "not set" depends on the call.
    """

    reason: Unread
    call: str
    refusal: str | None = None


class FailedError(Exception):
    """Carries a failure to its collector."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason.code)
        self.failure = failure


def failed(reason: Unread, call: str = "", refusal: str | None = None) -> FailedError:
    """Return the exception of a failure."""
    return FailedError(Failure(reason, call, refusal))


def settled(found: CallPages | Failure, call: Call) -> CallPages:
    """Return the answer. Raises NotSetError if the refusal means "not set" for this call, else UnreadError."""
    if isinstance(found, CallPages):
        return found
    raise NotSetError(found.call) if _means_absent(found, call.absent) else UnreadError(found.reason, found.call)


def digest(page: Any) -> str:
    """Return the hash of a page. A page that comes twice with the same token shows that the listing would never end."""
    return sha256(json.dumps(page, sort_keys=True, default=str).encode("utf-8", "backslashreplace")).hexdigest()


def _means_absent(failure: Failure, absent: tuple[AbsentError, ...]) -> bool:
    if failure.refusal is None:
        return False
    message = failure.refusal.lower()
    return any(item.code == failure.reason.code and item.message.lower() in message for item in absent)


def taken(call: Call, read: CallPages) -> Answer:
    """Return the value at `take`, over all pages: lists are joined, of anything else the last one counts."""
    path = steps(call.take) if call.take else []
    every = [(take(page, path), record) for page, record in zip(read.pages, read.calls, strict=True)]
    found = [(value, record) for value, record in every if value is not None]
    if call.take.endswith("[]") or (found and all(isinstance(value, list) for value, _ in found)):
        items = [(item, record) for value, record in found for item in value]
        return Answer([item for item, _ in items], read.calls, tuple(record for _, record in items))
    if not found:
        return Answer(None if call.take else {}, read.calls)
    value, record = found[-1]
    return Answer(value, (record,))


def cited(calls: Sequence[str]) -> str | tuple[str, ...]:
    """Return records in the form of a line of the snapshot: one, or several."""
    return calls[0] if len(calls) == 1 else tuple(calls)


def not_given(call: Call, read: CallPages) -> dict[str, Unread | None]:
    """Return the items that a successful answer reports as failed, by id ("" without one), and why; None if the code
    means "not set".
    """
    told = call.failures
    if told is None or not told.code:
        return {}
    found = [item for page in read.pages for item in take(page, steps(told.take)) or ()]
    known: dict[str, Unread | None] = {**dict.fromkeys(told.gone, GONE), **{error.code: None for error in call.absent}}
    return {
        str(item.get(told.id, "")): known[code]
        if (code := str(item.get(told.code, ""))) in known
        else Unread("not_given", code, str(item.get(told.message, "")), quoted=True)
        for item in found
    }


def lacking(call: Call, read: CallPages) -> str:
    """Return the list that the answer lacks, not even empty, although AWS sends it; else "".

    For each call, a list that is null; if it is `always` sent, also one that is missing in a page.
    """
    path = steps(call.take) if call.take else []
    if null := _null(path, read.nulls):
        return null
    whole = not call.always or all(isinstance(page, Mapping) and path[0][0] in page for page in read.pages)
    return "" if whole else path[0][0]


def _null(path: list[tuple[str, bool]], nulls: Container[str]) -> str:
    """Return the list that a path takes, or the part on the way to it, that is null; else ""."""
    opened = next((at for at, (_, opens) in enumerate(path, 1) if opens), 0)
    names = [name for name, _ in path[: opened or len(path)]]
    ways = list(itertools.accumulate(names, "{}.{}".format))
    return next((way for way in ways if f"{way}[]" in nulls or (opened and way in nulls)), "")


def take(value: Any, path: list[tuple[str, bool]]) -> Any:
    """Return the value at the end of a path; through lists, those of all elements."""
    for position, (name, opens) in enumerate(path):
        if not isinstance(value, Mapping) or name not in value:
            return None
        value = value[name]
        if opens and position < len(path) - 1:
            inner = [take(item, path[position + 1 :]) for item in value]
            return [item for part in inner if part for item in (part if isinstance(part, list) else [part])]
    return value
