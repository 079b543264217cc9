"""Keeps one ticket for each policy and account, under retries, lost answers, other runs and the hands of people."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from preuve.model.errors import PreuveError, UsageError
from preuve.notify import words
from preuve.notify.ledger import Ledger
from preuve.notify.model import Subject, Told, Verdict
from preuve.notify.to.jira_api import Api, Found, oldest
from preuve.notify.to.tickets import Event, Memory, Move, Step, Ticket, decide
from preuve.notify.wire import Pause, RefusedError, UnclearError
from preuve.publish.words.locale import Locale

_LOOK_AGAIN = (2.0, 4.0, 8.0)  # seconds: a search finds a new ticket after a moment only


@dataclass(frozen=True)
class Jira:
    """The tickets of one run."""

    api: Api
    ledger: Ledger
    told: Told
    t: Locale
    pause: Pause

    def tell(self, subjects: Iterable[Subject]) -> Iterator[str | PreuveError]:
        """Bring every ticket up to date, and say what was done and what was refused; may be run again.

        PreuveError where the answers are not Jira's.
        """
        try:
            listed = self.api.search(self.api.target.label)
            self._check_key(listed)
            for subject in subjects:
                yield from self._subject(subject, [item for item in listed if subject.label in item.labels])
        except (KeyError, TypeError, ValueError) as error:
            raise PreuveError(f"the answer does not come from Jira: {error!r}", "check notify.jira.url") from error

    def _check_key(self, listed: Iterable[Found]) -> None:
        """Refuse to make second tickets where those that are there go by pseudonyms of another key."""
        for item in listed:
            ticket = item.ticket
            own = ticket.key.startswith(f"{self.api.target.project}-")
            if own and ticket.memory.key not in ("", self.told.key):
                hint = "use the key that earlier runs had (evidence.pseudonym_key), or another notify.jira.label"
                raise UsageError(f"{ticket.key} was made with another pseudonym key", hint)

    def _subject(self, subject: Subject, found: list[Found]) -> Iterator[str | PreuveError]:
        ticket = self._chosen(subject, found)
        step = decide(subject, ticket, self.told.now, self.told.key)
        if ticket and ticket.memory.now > self.told.now:
            yield self.t("notify.did.newer", ticket=ticket.key)
        if step.move is Move.CREATE:
            if subject.item.severity.rank > self.api.target.least.rank:
                return
            ticket = self._first(self.api.search(subject.label))  # another run may have made it meanwhile
            step = decide(subject, ticket, self.told.now, self.told.key)
        if len(found) > 1 and ticket and step.move is not Move.NOTHING:
            keys = ", ".join(item.ticket.key for item in found)
            yield self.t("notify.did.twice", tickets=keys, ticket=ticket.key)
        if step.move is Move.CREATE:
            yield self._done(Move.CREATE, self._create(subject, step.memory), subject)
        elif ticket is not None and step.move is not Move.NOTHING:
            try:
                yield from self._follow(subject, ticket, step)
            except RefusedError as error:  # a ticket without write access must not hold up the others
                yield RefusedError(f"{ticket.key}: {error}", error.hint, error.status)

    def _chosen(self, subject: Subject, found: list[Found]) -> Ticket | None:
        """Return the current ticket of a subject. Jira's search lags behind, so it is read directly; by the ledger
        if its label is gone.
        """
        known = self._first(found) or self.ledger.tickets().get(subject.label)
        return self.api.issue(known.key) if known and subject.verdict is not Verdict.OPEN else None

    @staticmethod
    def _first(found: list[Found]) -> Ticket | None:
        return next((item.ticket for item in oldest(found)), None)

    def _create(self, subject: Subject, memory: Memory) -> Ticket:
        text = words.description(subject, self.told, self.t)
        try:
            made = self.api.create(words.summary(subject.item, self.t), text, subject.label, memory)
        except UnclearError as error:
            made = self._made(subject, error)
        self.ledger.keep(subject.label, made)
        return made

    def _made(self, subject: Subject, error: UnclearError) -> Ticket:
        """The ticket that was made although no answer came; where none is found yet, the next run looks again."""
        for seconds in _LOOK_AGAIN:
            self.pause(seconds)
            if ticket := self._first(self.api.search(subject.label)):
                return ticket
        hint = "run this again in a minute: it looks for the ticket before it makes one"
        raise UnclearError(f"{error}; whether the ticket was made is not known", hint)

    def _follow(self, subject: Subject, ticket: Ticket, step: Step) -> Iterator[str]:
        """Say it, move it, remember it: in this order, each harmless when it is done again after a crash."""
        if step.move is not Move.NOTE:
            self._say(subject, ticket, step.event)
        closed = ticket.closed
        if step.move in (Move.RESOLVE, Move.REOPEN):
            moved = self._move(ticket, step)
            closed = ticket.closed != moved
            if not moved:
                yield self.t("notify.did.no_move", ticket=ticket.key)
                step = replace(step, move=Move.COMMENT)
        self.api.remember(ticket.key, step.memory)
        self.ledger.keep(subject.label, replace(ticket, closed=closed, memory=step.memory))
        if step.move is not Move.NOTE:
            yield self._done(step.move, ticket, subject)

    def _say(self, subject: Subject, ticket: Ticket, event: Event) -> None:
        mark = hashlib.sha256(f"{subject.label} {event} {self.told.now}".encode()).hexdigest()[:12]
        if self.api.says(ticket.key, mark):
            return
        lines = [words.said(event, subject, self.told, self.t), f"preuve · {self.told.run} · {mark}"]
        try:
            self.api.comment(ticket.key, lines)
        except UnclearError:
            if not self.api.says(ticket.key, mark):
                raise

    def _move(self, ticket: Ticket, step: Step) -> bool:
        """Whether the ticket could be moved as the workspace names it."""
        names = self.api.target.transitions
        resolve = step.move is Move.RESOLVE
        transition = self.api.transition(ticket.key, names.resolve if resolve else names.reopen)
        if not transition:
            return False
        if resolve:  # before: a run that is killed in between must not mistake its own move for one made by people
            self.api.remember(ticket.key, replace(step.memory, now=ticket.memory.now, event=Event.RESOLVING))
        try:
            self.api.move(ticket.key, transition)
        except RefusedError:  # its screen asks for something, or a rule of the workflow forbids it
            return False
        except UnclearError:
            now = self.api.issue(ticket.key)
            if now is None or now.closed is not resolve:
                raise
        return True

    def _done(self, move: Move, ticket: Ticket, subject: Subject) -> str:
        item = subject.item
        return self.t(
            f"notify.did.{move.value}", ticket=ticket.key, policy=item.policy, where=words.where(item, self.t)
        )
