"""Decides what happens to a ticket, from the run's verdict and the ticket's memory of earlier runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from preuve.notify.model import Subject, Verdict

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)?")


class Event(StrEnum):
    """The events of a ticket: words of `notify.event` in the locales."""

    NONE = ""
    CHANGED = "changed"  # another number of resources fails
    FAILS_AGAIN = "fails_again"
    CLOSED_UNFIXED = "closed_unfixed"  # people closed it, and it fails as before
    RESOLVING = "resolving"  # passes, and the ticket is about to be moved
    PASSES = "passes"
    OTHER_RULE = "other_rule"  # passes, but is asked something else than when it failed
    SMALLER = "smaller"  # passes, but less is looked at
    WAIVED = "waived"
    EMPTY = "empty"


class Move(StrEnum):
    """An action on a ticket."""

    NOTHING = "nothing"
    CREATE = "create"
    NOTE = "note"  # only remember
    COMMENT = "comment"
    RESOLVE = "resolve"
    REOPEN = "reopen"


@dataclass(frozen=True)
class Memory:
    """The memory of a ticket, in a hidden property: the last run that it knows."""

    now: str = ""
    failing: bool = True  # whether the last verdict was a failure
    event: Event = Event.NONE
    count: int = -1  # of failing resources; -1: not known
    rule: str = ""
    places: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()  # in every run in which it failed
    key: str = ""  # tells the key of the pseudonyms

    @classmethod
    def of(cls, data: Any) -> Memory:
        """The memory in a property; nothing is remembered where it is not one of ours."""
        try:
            return cls(
                now=_moment(data["now"]),
                failing=data["failing"] is not False,
                event=Event(data["event"]),
                count=int(data["count"]),
                rule=str(data["rule"]),
                places=tuple(map(str, data["places"])),
                left_out=tuple(map(str, data.get("left_out", ()))),
                key=str(data["key"]),
            )
        except (KeyError, TypeError, ValueError):
            return cls()

    def data(self) -> Mapping[str, Any]:
        """Return the stored form."""
        return {**vars(self), "event": self.event.value, "places": list(self.places), "left_out": list(self.left_out)}


def _moment(value: object) -> str:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise ValueError(value)
    return value


@dataclass(frozen=True)
class Ticket:
    """A ticket as it stands."""

    key: str
    closed: bool
    memory: Memory = Memory()


@dataclass(frozen=True)
class Step:
    """A move, its comment, and the ticket's memory after it."""

    move: Move
    event: Event = Event.NONE
    memory: Memory = Memory()


_NOTHING = Step(Move.NOTHING)
_TOLD_CLOSED = frozenset({Event.CLOSED_UNFIXED, Event.FAILS_AGAIN})


def decide(subject: Subject, ticket: Ticket | None, now: str, key: str) -> Step:
    """Return what to do. A run that is not newer than the last one changes nothing, so repeating a run is harmless."""
    known = ticket.memory if ticket else Memory()
    seen = replace(known, now=now, key=key)
    if subject.verdict is Verdict.OPEN or known.now >= now:
        return _NOTHING
    if subject.verdict is Verdict.FAILING:
        return _failing(subject, ticket, seen)
    if ticket is None:
        return _NOTHING
    if subject.verdict is Verdict.PASSING:
        return _passing(subject, ticket, seen)
    event = Event.WAIVED if subject.verdict is Verdict.WAIVED else Event.EMPTY
    said = ticket.closed or known.event is event or not known.failing
    return Step(Move.NOTE if said else Move.COMMENT, event, seen if ticket.closed else replace(seen, event=event))


def _failing(subject: Subject, ticket: Ticket | None, seen: Memory) -> Step:
    before = set(seen.places) if seen.failing else set()  # what was looked at while it failed must be looked at to pass
    places = tuple(sorted(before | set(subject.places)))
    left = tuple(name for name in subject.left_out if not seen.failing or ticket is None or name in seen.left_out)
    now = replace(seen, failing=True, count=subject.item.count, rule=subject.rule, places=places, left_out=left)
    if ticket is None:
        return Step(Move.CREATE, Event.NONE, now)
    if not seen.failing:
        move = Move.REOPEN if ticket.closed else Move.COMMENT
        return Step(move, Event.FAILS_AGAIN, replace(now, event=Event.FAILS_AGAIN))
    if ticket.closed:
        told = seen.event in _TOLD_CLOSED
        return Step(Move.NOTE if told else Move.COMMENT, Event.CLOSED_UNFIXED, replace(now, event=Event.CLOSED_UNFIXED))
    if seen.count not in (-1, subject.item.count):
        return Step(Move.COMMENT, Event.CHANGED, replace(now, event=Event.CHANGED))
    return Step(Move.NOTE, Event.NONE, replace(now, event=Event.NONE))


def _passing(subject: Subject, ticket: Ticket, seen: Memory) -> Step:
    """Resolved where the same rule passes on at least the same places; otherwise people decide."""
    doubt = _doubt(subject, seen)
    if doubt:
        said = ticket.closed or seen.event is doubt
        return Step(Move.NOTE if said else Move.COMMENT, doubt, seen if ticket.closed else replace(seen, event=doubt))
    passed = replace(seen, failing=False, event=Event.PASSES, count=0)
    unfinished = seen.failing or seen.event is Event.RESOLVING
    return Step(Move.RESOLVE if unfinished and not ticket.closed else Move.NOTE, Event.PASSES, passed)


def _doubt(subject: Subject, seen: Memory) -> Event:
    if not seen.failing:
        return Event.NONE
    if seen.rule != subject.rule:
        return Event.OTHER_RULE
    smaller = not set(seen.places) <= set(subject.places) or not set(subject.left_out) <= set(seen.left_out)
    return Event.SMALLER if smaller else Event.NONE
