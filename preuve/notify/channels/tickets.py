"""Decides what happens to a ticket, from the run's verdict and the ticket's memory of earlier runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from preuve.notify.model import Subject, Verdict

_Moment = Annotated[str, Meta(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?$", max_length=20)]
_Word = Annotated[str, Meta(max_length=64)]
_Words = Annotated[tuple[_Word, ...], Meta(max_length=10_000)]


class Event(StrEnum):
    """The events of a ticket: words of `notify.event` in the locales."""

    NONE = ""
    CHANGED = "changed"  # another number of resources fails
    FAILS_AGAIN = "fails_again"
    CLOSED_UNFIXED = "closed_unfixed"  # people closed it, and it fails as before
    RESOLVING = "resolving"  # passes, and the ticket is about to be moved
    PASSES = "passes"
    OTHER_RULE = "other_rule"  # passes, but under another rule than when it failed
    SMALLER = "smaller"  # passes, but less is examined
    GONE = "gone"  # passes, but what failed is gone, perhaps out of sight
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
    """The memory of a ticket, in a hidden property: the last run that it knows.

    Whoever may edit the ticket may write there, so that each value has a type and bounds.
    """

    now: _Moment = ""
    failing: bool = True  # whether the last verdict was a failure
    event: Event = Event.NONE
    count: Annotated[int, Meta(ge=-1, le=100_000_000)] = -1  # number of failing resources; -1: not known
    rule: _Word = ""
    places: _Words = ()
    left_out: _Words = ()  # in every run in which it failed
    key: _Word = ""  # id of the key of the pseudonyms
    held: _Words = ()  # failed resources, if something was left out
    owed: bool = False  # it passed, its move was refused, and another comment followed: the next pass makes the move

    @classmethod
    def of(cls, data: Any) -> Memory | None:
        """Return the memory in a property; None if it is not one that preuve writes."""
        try:
            found: Memory = msgspec.convert(data, cls)
        except msgspec.ValidationError:
            return None
        return found if isinstance(data, dict) and set(_WRITTEN) <= set(data) else None

    def data(self) -> Mapping[str, Any]:
        """Return the stored form."""
        lists = {name: list(getattr(self, name)) for name in ("places", "left_out", "held")}
        return {**vars(self), "event": self.event.value, **lists}


_MOST_HELD = 500  # a property of Jira has 32 kB
_WRITTEN = ("now", "failing", "event", "count", "rule", "places", "key")  # keys that every version writes


@dataclass(frozen=True)
class Ticket:
    """A ticket in its present state."""

    key: str
    closed: bool
    memory: Memory = Memory()
    forged: bool = False  # its property has not the form that preuve writes: it has no memory


@dataclass(frozen=True)
class Step:
    """A move, its comment, and the ticket's memory after it."""

    move: Move
    event: Event = Event.NONE
    memory: Memory = Memory()


_NOTHING = Step(Move.NOTHING)
# Events after which the last comment of a ticket is a failure (as in a new ticket), or a pass.
_FAIL = frozenset({Event.NONE, Event.CHANGED, Event.FAILS_AGAIN, Event.CLOSED_UNFIXED})
_PASS = frozenset({Event.PASSES, Event.RESOLVING})
_TOLD_CLOSED = frozenset({Event.CLOSED_UNFIXED, Event.FAILS_AGAIN})


def decide(subject: Subject, ticket: Ticket | None, now: str, key: str) -> Step:
    """Return what to do, so that the last comment in the ticket is true of this run.

    A run that is not newer than the last one changes nothing, so repeating a run is harmless.
    """
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
    return _said(Event.WAIVED if subject.verdict is Verdict.WAIVED else Event.EMPTY, seen)


def _said(event: Event, seen: Memory) -> Step:
    """Return a comment, unless the ticket's last comment is true of this run too."""
    if seen.event is event or (event is Event.EMPTY and seen.event in _PASS):
        return Step(Move.NOTE, event, seen)
    return Step(Move.COMMENT, event, replace(seen, event=event, owed=seen.owed or seen.event is Event.RESOLVING))


def _failing(subject: Subject, ticket: Ticket | None, seen: Memory) -> Step:
    before = set(seen.places) if seen.failing else set()  # what was looked at while it failed must be looked at to pass
    places = tuple(sorted(before | set(subject.places)))
    left = tuple(name for name in subject.left_out if not seen.failing or ticket is None or name in seen.left_out)
    held = subject.held[:_MOST_HELD]
    asked = replace(seen, failing=True, owed=False, count=subject.item.count, rule=subject.rule, held=held)
    now = replace(asked, places=places, left_out=left)
    if ticket is None:
        return Step(Move.CREATE, Event.NONE, now)
    if not seen.failing:
        move = Move.REOPEN if ticket.closed else Move.COMMENT
        return Step(move, Event.FAILS_AGAIN, replace(now, event=Event.FAILS_AGAIN))
    if ticket.closed:
        told = seen.event in _TOLD_CLOSED
        kept = replace(now, event=Event.CLOSED_UNFIXED, count=seen.count if told else now.count)  # as in the comment
        return Step(Move.NOTE if told else Move.COMMENT, Event.CLOSED_UNFIXED, kept)
    if seen.event not in _FAIL or seen.count not in (-1, subject.item.count):
        return Step(Move.COMMENT, Event.CHANGED, replace(now, event=Event.CHANGED))
    return Step(Move.NOTE, Event.NONE, replace(now, event=Event.NONE))


def _passing(subject: Subject, ticket: Ticket, seen: Memory) -> Step:
    """Resolve the ticket if the same rule passes on at least the same places; otherwise people decide."""
    doubt = _doubt(subject, seen)
    if doubt:
        return _said(doubt, seen)
    passed = replace(seen, failing=False, owed=False, event=Event.PASSES, count=0)
    if not ticket.closed and (seen.failing or seen.owed or seen.event is Event.RESOLVING):
        return Step(Move.RESOLVE, Event.PASSES, passed)
    return Step(Move.NOTE if seen.event in _PASS else Move.COMMENT, Event.PASSES, passed)


def _doubt(subject: Subject, seen: Memory) -> Event:
    if not (seen.failing or seen.owed):
        return Event.NONE
    if seen.rule != subject.rule:
        return Event.OTHER_RULE
    smaller = not set(seen.places) <= set(subject.places) or not set(subject.left_out) <= set(seen.left_out)
    gone = subject.left_out and not set(seen.held) <= set(subject.held)
    return Event.SMALLER if smaller else Event.GONE if gone else Event.NONE
