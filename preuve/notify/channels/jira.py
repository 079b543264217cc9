"""Keeps one ticket for each policy and account, despite retries, lost answers, other runs and changes by people."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from preuve.model.errors import PreuveError, UnfitError, UsageError
from preuve.model.moment import current_moment
from preuve.notify import words
from preuve.notify.channels.jira_api import PROPERTY, UNTOLD, Api, TicketHit, move_of, oldest
from preuve.notify.channels.tickets import Event, Memory, Move, Step, Ticket, decide
from preuve.notify.ledger import Ledger
from preuve.notify.model import NoticeRun, Subject, Verdict
from preuve.notify.wire import Pause, RefusedError, UnclearError, UnsentError
from preuve.publish.words.locale import Locale
from preuve.publish.words.text import one_line
from preuve.system.causes import cause

_LOOK_AGAIN = (2.0, 4.0, 8.0)  # seconds: a search finds a new ticket after a moment only

_OTHER_KEY = "use the key that earlier runs had (evidence.pseudonym_key), or another notify.jira.label"
_RENAMED = "set notify.jira.project to the key that the project has now"
_NOT_COUNTED = "this ticket does not count and is left alone: take the label off it"
_FORGED = "preuve ignores all of it; if nobody wrote there by hand, report it"
_CLOCK = "set the clock that is wrong; if it is not that of this machine, delete the property preuve of the ticket"
_UNSEEN = "let the user of the credentials see it; where it was deleted, take it out of ledger.json (notify.ledger)"
_BY_HAND = "move it by hand, or give the workflow what it asks for and run this again"
_MOST_LOST = 3  # failed answers; then Jira itself is in trouble, and the next run goes on
_MOST_MOVES = 8
_NAMED = 5  # policies that one refusal names
_ELSEWHERE = "name in notify.jira.transitions a move to a status of the category that is meant"


class _NotReadError(PreuveError):
    """One ticket cannot be read."""


class _UnseenError(PreuveError):
    """Jira does not show a ticket that the ledger knows (it was deleted, or the user may not see it), or nothing in the
    ticket confirms that it is the same one.
    """


@dataclass(frozen=True)
class Jira:
    """The tickets of one run."""

    api: Api
    ledger: Ledger
    told: NoticeRun
    t: Locale
    pause: Pause

    def tell(self, subjects: Iterable[Subject]) -> Iterator[str | PreuveError]:
        """Bring every ticket up to date, and return what was done and what was refused; may be run again.

        Raises PreuveError if the answers are not Jira's.
        """
        try:
            own, others = self._own(self.api.search(self.api.target.label))
            yield from others
            known = self.ledger.tickets()
            yield from self._each(subjects, own, known)
        except (KeyError, TypeError, ValueError) as error:
            raise PreuveError(f"the answer does not come from Jira: {cause(error)}", "check notify.jira.url") from error

    def _each(
        self, subjects: Iterable[Subject], own: list[TicketHit], known: Mapping[str, Ticket]
    ) -> Iterator[str | PreuveError]:
        """Handle one subject after the other: a refusal or an unclear answer for one must not stop the others."""
        refused: dict[str, tuple[RefusedError, list[str]]] = {}  # mostly the same for all, so it is reported once
        lost = 0
        for subject in subjects:
            found = [item for item in own if subject.label in item.labels]
            try:
                yield from self._subject(subject, found, known.get(subject.label))
            except RefusedError as error:
                refused.setdefault(str(error), (error, []))[1].append(subject.item.policy)
            except (UnclearError, UnsentError) as error:
                yield error
                lost += 1
                if lost == _MOST_LOST or isinstance(error, UnsentError):
                    break
        yield from (_untold(*item) for item in refused.values())

    def _own(self, listed: list[TicketHit]) -> tuple[list[TicketHit], list[PreuveError]]:
        """Return the tickets of this workspace, and messages about the other tickets, which do not count.

        Raises UsageError if no ticket is of this project or pseudonym key: preuve would make second tickets.
        """
        project = f"{self.api.target.project}-"
        own, told = [], []
        for item in listed:
            if not item.ticket.key.startswith(project):
                what, hint = f"{item.ticket.key} is not in the project that notify.jira names", _RENAMED
            elif item.ticket.memory.key not in ("", self.told.key):
                what, hint = f"{item.ticket.key} was made with another pseudonym key", _OTHER_KEY
            else:
                own.append(item)
                continue
            told.append(UsageError(what, hint))
        if told and not any(item.ticket.memory.key == self.told.key for item in own):
            raise told[0]
        return own, [RefusedError(str(error), _NOT_COUNTED) for error in told]

    def _subject(self, subject: Subject, found: list[TicketHit], known: Ticket | None) -> Iterator[str | PreuveError]:
        try:
            ticket = self._chosen(subject, found, known)
        except (_NotReadError, _UnseenError) as error:  # an unreadable ticket must not stop the others
            yield error
            return
        if ticket and ticket.forged:
            yield RefusedError(f"{ticket.key}: its property {PROPERTY} is not one that preuve wrote", _FORGED)
        step = decide(subject, ticket, self.told.now, self.told.key)
        if ticket and ticket.memory.now > self.told.now:
            yield self._newer(ticket)
        if step.move is Move.CREATE:
            if subject.item.severity.rank > self.api.target.least.rank:
                return
            ticket = self._first(self.api.search(subject.label))  # another run may have made it meanwhile
            step = decide(subject, ticket, self.told.now, self.told.key)
        if ticket and step.move is not Move.NOTHING:
            yield from self._twice(ticket, found)
        if step.move is Move.CREATE:
            yield self._done(Move.CREATE, self._create(subject, step.memory), subject)
        elif ticket is not None and step.move is not Move.NOTHING:
            try:
                yield from self._follow(subject, ticket, step)
            except RefusedError as error:  # a ticket without write access must not stop the others
                what = f"the ticket {ticket.key}: {error.template}"
                yield RefusedError(what, error.hint, error.status, quoted=error.quoted)

    def _newer(self, ticket: Ticket) -> str | PreuveError:
        """Return that a ticket knows a newer run, or one of the future: until that moment, no run would write anything
        in it.
        """
        if ticket.memory.now <= current_moment():
            return self.t("notify.did.newer", ticket=ticket.key)
        what = f"{ticket.key} was told of a run of {ticket.memory.now}, which is in the future"
        return RefusedError(what, _CLOCK)

    def _twice(self, ticket: Ticket, found: list[TicketHit]) -> Iterator[str]:
        """Yield for several tickets of one subject which one counts. No search finds a ticket that was moved to another
        project.
        """
        keys = {item.ticket.key: None for item in found} | {ticket.key: None}
        if len(keys) > 1:
            yield self.t("notify.did.twice", tickets=", ".join(keys), ticket=ticket.key)

    def _chosen(self, subject: Subject, found: list[TicketHit], known: Ticket | None) -> Ticket | None:
        """Return the current ticket of a subject: the one that the ledger knows, or else the one with its label.

        Jira's search lags behind, so the ticket of the ledger is read directly.
        """
        if subject.verdict is Verdict.OPEN:
            return None
        item = self._read(known.key) if known else None
        ticket = self._ours(item, subject)
        if ticket is None and (other := self._first(found)) and other.key != (known.key if known else ""):
            ticket = self._ours(self._read(other.key), subject)
        if known and ticket is None and self._matters(subject, known):
            raise self._unseen(known.key, subject, item)
        return ticket

    @staticmethod
    def _unseen(key: str, subject: Subject, item: TicketHit | None) -> _UnseenError:
        """Return why the ticket of the ledger does not count: while it may exist, a second one would orphan it."""
        policy = subject.item.policy
        if item is None:
            what = f"Jira does not show {key}, which the ledger has for {policy}: deleted, or hidden; no other is made"
            return _UnseenError(what, _UNSEEN)
        what = f"{key}, which the ledger has for {policy}, has neither preuve's label nor property; no other is made"
        label = subject.label
        hint = f"put the label {label} back; where it is another ticket, take it out of ledger.json (notify.ledger)"
        return _UnseenError(what, hint)

    def _matters(self, subject: Subject, known: Ticket) -> bool:
        """Return whether a run has any news for a ticket in its last known state."""
        quiet = (Move.NOTHING, Move.NOTE)
        failing = subject.verdict is Verdict.FAILING
        return failing or decide(subject, known, self.told.now, self.told.key).move not in quiet

    def _read(self, key: str) -> TicketHit | None:
        """Return a ticket in its present state; None if it is gone or hidden."""
        try:
            return self.api.issue(key)
        except (KeyError, TypeError, ValueError) as error:
            hint = UNTOLD if isinstance(error, UnfitError) else _FORGED  # otherwise it is not as preuve left it
            raise _NotReadError(f"{key} cannot be read: {cause(error)}", hint) from error

    def _ours(self, item: TicketHit | None, subject: Subject) -> Ticket | None:
        """Return a ticket if it is the one of a subject: by its label, or by preuve's memory in it."""
        ours = item is not None and (subject.label in item.labels or item.ticket.memory.key == self.told.key)
        return item.ticket if item and ours else None

    @staticmethod
    def _first(found: list[TicketHit]) -> Ticket | None:
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
        """Return the ticket that was made although no answer came. Raises UnclearError if no such ticket is
        found yet.
        """
        for seconds in _LOOK_AGAIN:
            self.pause(seconds)
            if ticket := self._first(self.api.search(subject.label)):
                return ticket
        hint = "run this again in a minute: it looks for the ticket before it makes one"
        raise UnclearError(f"{error.template}; whether the ticket was made is not known", hint, quoted=error.quoted)

    def _follow(self, subject: Subject, ticket: Ticket, step: Step) -> Iterator[str | PreuveError]:
        """Write the comment, move the ticket, remember it: in this order, each harmless when it is repeated after a
        crash.
        """
        said = step.move is Move.RESOLVE and ticket.memory.event is Event.RESOLVING  # said before the refused move
        if step.move is not Move.NOTE and not said:
            self._say(subject, ticket, step.event)
        if step.move in (Move.RESOLVE, Move.REOPEN):
            moved = self._moved(ticket, step)
            if isinstance(moved, PreuveError):
                yield moved
                if step.move is Move.RESOLVE:  # the next run tries again
                    return
            elif moved is None:
                ticket = replace(ticket, closed=not ticket.closed)
            else:
                names = self.api.target.transitions
                name = names.resolve if step.move is Move.RESOLVE else names.reopen
                moves = self.t.few([one_line(move) for move in moved], _MOST_MOVES)
                yield self.t("notify.did.no_move", ticket=ticket.key, name=name, moves=moves)
            step = step if moved is None else replace(step, move=Move.COMMENT)
        self.api.remember(ticket.key, step.memory)
        self.ledger.keep(subject.label, replace(ticket, memory=step.memory))
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

    def _moved(self, ticket: Ticket, step: Step) -> Sequence[str] | PreuveError | None:
        """Return None if the ticket is in the state that the move of the workspace leads to; otherwise Jira's refusal,
        or the moves that Jira offers if that move is not among them.

        Only the ticket itself shows its state.
        """
        names = self.api.target.transitions
        resolve = step.move is Move.RESOLVE
        name = names.resolve if resolve else names.reopen
        offered = self.api.offered(ticket.key)
        transition = move_of(offered, name)
        if not transition:
            return [move for move, _ in offered]
        if resolve:  # first: if it is killed in between, the next run must not take this move for one made by people
            self.api.remember(ticket.key, replace(step.memory, now=ticket.memory.now, event=Event.RESOLVING))
        lost = None
        try:
            self.api.move(ticket.key, transition)
        except RefusedError as error:  # a screen with required fields, or a rule of the workflow
            what = f"{ticket.key}: the move {name} was refused: {error.template}"
            return RefusedError(what, _BY_HAND, error.status, quoted=error.quoted)
        except UnclearError as error:
            lost = error
        current = self.api.issue(ticket.key)
        if current is not None and current.ticket.closed is resolve:
            return None
        if lost:
            raise lost
        open_ = f"{ticket.key}: Jira took the move {name}, and the ticket is still open"
        closed = f"{ticket.key}: Jira took the move {name}, and the ticket is still closed"
        return RefusedError(open_ if resolve else closed, _ELSEWHERE)

    def _done(self, move: Move, ticket: Ticket, subject: Subject) -> str:
        item = subject.item
        return self.t(
            f"notify.did.{move.value}", ticket=ticket.key, policy=item.policy, where=words.place_words(item, self.t)
        )


def _untold(error: RefusedError, policies: Sequence[str]) -> RefusedError:
    """Return the refusal of Jira, led in by the policies whose tickets were therefore not created or updated."""
    named = ", ".join(dict.fromkeys(policies[:_NAMED])) + (", …" if len(policies) > _NAMED else "")
    what = f"not told to Jira ({len(policies)}), {named}: {error.template}"
    return RefusedError(what, error.hint, error.status, quoted=error.quoted)
