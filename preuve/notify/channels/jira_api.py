"""The calls of Jira's REST API v3 that tickets need, and their answers, treated as data of a foreign host.

An answer counts only if Jira documents it: its status, and JSON or an empty body. A login page with status 200 is no
answer of Jira.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from preuve.model.company.notify import JiraTarget
from preuve.model.errors import PreuveError, UnfitError
from preuve.notify.channels import adf
from preuve.notify.channels.tickets import Memory, Ticket
from preuve.notify.wire import Answer, RefusedError, Request, UnclearError, Wire, encoded
from preuve.system.causes import cause

PROPERTY = "preuve"
MAX_SUMMARY = 255
_API = "/rest/api/3"
_KEY = re.compile(r"[A-Z][A-Z0-9_]{1,254}-[0-9]{1,12}")
_NUMBER = re.compile(r"[0-9]{1,19}")
_PAGE = 100
_MOST_PAGES = 100


@dataclass(frozen=True)
class TicketHit:
    """A ticket in the result of a search."""

    number: int  # higher for later tickets
    labels: tuple[str, ...]
    ticket: Ticket


@dataclass(frozen=True)
class Api:
    """The calls, over one connection."""

    send: Wire
    target: JiraTarget

    def search(self, label: str) -> list[TicketHit]:
        """Find every ticket of the project with a label that the user of the credentials made.

        Anybody may put a label on a ticket of their own. Raises PreuveError if the list has no end.
        """
        jql = f'labels = "{label}" AND project = "{self.target.project}" AND creator = currentUser()'
        query = {"jql": jql, "fields": ["status", "labels"]}
        try:
            return self._listed({**query, "properties": [PROPERTY]})
        except ValueError:  # one of them may be unreadable: each is read alone later
            return self._listed(query)

    def _listed(self, query: Mapping[str, Any]) -> list[TicketHit]:
        found: list[TicketHit] = []
        token = ""
        for _ in range(_MOST_PAGES):
            body = {**query, "maxResults": _PAGE, **({"nextPageToken": token} if token else {})}
            data = self._asked(Request("POST", f"{_API}/search/jql", encoded(body), safe=True), "issues")
            found += [_found(issue) for issue in data["issues"]]
            token = str(data.get("nextPageToken") or "")
            if not token:
                return found
        raise PreuveError("Jira's list of tickets does not end", "try again later")

    def issue(self, key: str) -> TicketHit | None:
        """Return a ticket by its key, which Jira follows into another project; None if it is gone or hidden."""
        path = f"{_API}/issue/{key}?fields=status,labels&properties={PROPERTY}"
        try:
            return _found(self._asked(Request("GET", path, safe=True), "key", "id"))
        except RefusedError as error:
            if error.status == 404:
                return None
            raise

    def create(self, summary: str, text: Sequence[str], label: str, memory: Memory) -> Ticket:
        """Make a ticket with the hidden property `memory`. Raises RefusedError if the project demands other fields."""
        fields = {
            **self.target.fields,
            "project": {"key": self.target.project},
            "issuetype": {"name": self.target.issue_type},
            "summary": summary[:MAX_SUMMARY],
            "description": adf.document(text),
            "labels": [self.target.label, label, *self.target.labels],
        }
        body = {"fields": fields, "properties": [{"key": PROPERTY, "value": memory.data()}]}
        try:
            data = self._done(Request("POST", f"{_API}/issue", encoded(body)), _CREATED, "key")
        except RefusedError as error:
            if error.status == 400:
                hint = next((_OF_FIELD[name] for name in error.fields if name in _OF_FIELD), _DEMANDED)
                raise RefusedError(error.template, hint, error.status, quoted=error.quoted) from error
            raise
        return Ticket(_key(data["key"]), closed=False, memory=memory)

    def says(self, key: str, mark: str) -> bool:
        """Return whether one of the newest comments of a ticket has a mark."""
        path = f"{_API}/issue/{key}/comment?orderBy=-created&maxResults={_PAGE}"
        comments = self._asked(Request("GET", path, safe=True), "comments")["comments"]
        return any(mark in text for comment in comments for text in adf.texts_of(comment["body"]))

    def comment(self, key: str, lines: Sequence[str]) -> None:
        """Add a comment."""
        body = encoded({"body": adf.document(lines)})
        self._done(Request("POST", f"{_API}/issue/{key}/comment", body), _CREATED, "id")

    def offered(self, key: str) -> list[tuple[str, str]]:
        """Return the name and the id of each move that the workflow offers to a ticket now."""
        request = Request("GET", f"{_API}/issue/{key}/transitions", safe=True)
        moves = self._asked(request, "transitions")["transitions"]
        return [(str(item["name"]), str(item["id"])) for item in moves]

    def move(self, key: str, transition: str) -> None:
        """Make a move."""
        body = encoded({"transition": {"id": transition}})
        self._done(Request("POST", f"{_API}/issue/{key}/transitions", body), _NO_CONTENT)

    def remember(self, key: str, memory: Memory) -> None:
        """Set the memory of a ticket."""
        path = f"{_API}/issue/{key}/properties/{PROPERTY}"
        self._done(Request("PUT", path, encoded(memory.data()), safe=True), _SET)

    def _asked(self, request: Request, *members: str) -> Any:
        """Return the document that answers a request. Raises ValueError if it does not have these members."""
        return _document(self.send(request), _OK, members)

    def _done(self, request: Request, statuses: frozenset[int], *members: str) -> Any:
        """Make a change and return the document that answers it. Raises UnclearError if the answer does not show that
        Jira did it.
        """
        try:
            return _document(self.send(request), statuses, members)
        except ValueError as error:
            raise UnclearError(f"the answer does not come from Jira: {cause(error)}", UNTOLD) from error


_DEMANDED = "where the project demands a field: set it under notify.jira.fields"
_OF_FIELD = {  # fields that have a setting of their own
    "issuetype": "name in notify.jira.issue_type a type that the project has",
    "project": "name in notify.jira.project the key of a project in which the user of the credentials may make tickets",
}
_OK, _CREATED, _NO_CONTENT, _SET = frozenset({200}), frozenset({201}), frozenset({204}), frozenset({200, 201})
UNTOLD = "check notify.jira.url and anything in front of it, such as a login page; then run this again"


def _document(answer: Answer, statuses: frozenset[int], members: Sequence[str]) -> Any:
    if answer.status not in statuses:
        raise UnfitError(f"status {answer.status}")
    try:
        data = answer.data()
    except ValueError as error:
        raise UnfitError(f"status {answer.status} without JSON") from error
    if members and not (isinstance(data, dict) and set(members) <= set(data)):
        raise UnfitError(f"status {answer.status} without {members[0]}")
    return data


def _found(issue: Mapping[str, Any]) -> TicketHit:
    fields = issue["fields"]
    closed = fields["status"]["statusCategory"]["key"] == "done"
    kept = (issue.get("properties") or {}).get(PROPERTY)
    memory = Memory.of(kept)
    number = str(issue["id"])
    if not _NUMBER.fullmatch(number):
        raise UnfitError("no id")
    forged = kept is not None and memory is None
    ticket = Ticket(_key(issue["key"]), closed, memory or Memory(), forged)
    return TicketHit(int(number), tuple(map(str, fields["labels"])), ticket)


def _folded(name: str) -> str:
    """Return a name in Unicode's composed form: é is one character or two, depending on the machine that wrote it."""
    return unicodedata.normalize("NFC", name).casefold()


def move_of(moves: Iterable[tuple[str, str]], name: str) -> str:
    """Return the id of the move with a name; "" if no move has it."""
    ids = [item for move, item in moves if _folded(move) == _folded(name)]
    return next((item for item in ids if _NUMBER.fullmatch(item)), "") if name else ""


def _key(value: object) -> str:
    """Return a key of a ticket, which becomes a part of a path. Raises ValueError for any other value."""
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise UnfitError("no key of a ticket")
    return value


def oldest(found: Sequence[TicketHit]) -> Iterator[TicketHit]:
    """Yield tickets with a memory first, then by age: a copy that people made has the label and no memory."""
    yield from sorted(found, key=lambda item: (not item.ticket.memory.now, item.number))
