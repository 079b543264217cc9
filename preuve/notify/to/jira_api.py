"""The calls of Jira's REST API v3 that tickets need, and what they answer, taken as it comes from a foreign host."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from preuve.model.company.notify import JiraTarget
from preuve.model.errors import PreuveError
from preuve.notify.to import adf
from preuve.notify.to.tickets import Memory, Ticket
from preuve.notify.wire import RefusedError, Request, Wire, encoded

PROPERTY = "preuve"
MAX_SUMMARY = 255
_API = "/rest/api/3"
_KEY = re.compile(r"[A-Z][A-Z0-9_]{1,254}-[0-9]{1,12}")
_NUMBER = re.compile(r"[0-9]{1,19}")
_PAGE = 100
_MOST_PAGES = 100


@dataclass(frozen=True)
class Found:
    """A ticket as a search finds it."""

    number: int  # grows with each ticket
    labels: tuple[str, ...]
    ticket: Ticket


@dataclass(frozen=True)
class Api:
    """The calls, over one wire."""

    send: Wire
    target: JiraTarget

    def search(self, label: str) -> list[Found]:
        """Find every ticket with a label, in whatever project it lies now; PreuveError where the list has no end."""
        query = {"jql": f'labels = "{label}"', "fields": ["status", "labels"], "properties": [PROPERTY]}
        found: list[Found] = []
        token = ""
        for _ in range(_MOST_PAGES):
            body = {**query, "maxResults": _PAGE, **({"nextPageToken": token} if token else {})}
            data = self._asked(Request("POST", f"{_API}/search/jql", encoded(body), safe=True))
            found += [_found(issue) for issue in data["issues"]]
            token = str(data.get("nextPageToken") or "")
            if not token:
                return found
        raise PreuveError("Jira goes on listing tickets without an end", "try again later")

    def issue(self, key: str) -> Ticket | None:
        """A ticket by its key; nothing where it is gone or hidden."""
        path = f"{_API}/issue/{key}?fields=status,labels&properties={PROPERTY}"
        try:
            return _found(self._asked(Request("GET", path, safe=True))).ticket
        except RefusedError as error:
            if error.status == 404:
                return None
            raise

    def create(self, summary: str, text: Sequence[str], label: str, memory: Memory) -> Ticket:
        """Make a ticket with the hidden property `memory`; RefusedError where the project demands other fields."""
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
            data = self._asked(Request("POST", f"{_API}/issue", encoded(body)))
        except RefusedError as error:
            if error.status == 400:
                hint = "where the project demands a field: set it under notify.jira.fields"
                raise RefusedError(str(error), hint, error.status) from error
            raise
        return Ticket(_key(data["key"]), closed=False, memory=memory)

    def says(self, key: str, mark: str) -> bool:
        """Whether a ticket has a comment with a mark, among the newest ones."""
        path = f"{_API}/issue/{key}/comment?orderBy=-created&maxResults={_PAGE}"
        comments = self._asked(Request("GET", path, safe=True))["comments"]
        return any(mark in text for comment in comments for text in adf.texts_of(comment["body"]))

    def comment(self, key: str, lines: Sequence[str]) -> None:
        """Add a comment."""
        self.send(Request("POST", f"{_API}/issue/{key}/comment", encoded({"body": adf.document(lines)})))

    def transition(self, key: str, name: str) -> str:
        """The id of the move with a name, as the workflow offers it to a ticket now; "" where it offers none."""
        offered = self._asked(Request("GET", f"{_API}/issue/{key}/transitions", safe=True))["transitions"]
        ids = [str(item["id"]) for item in offered if str(item["name"]).casefold() == name.casefold()]
        return next((item for item in ids if _NUMBER.fullmatch(item)), "") if name else ""

    def move(self, key: str, transition: str) -> None:
        """Make a move."""
        self.send(Request("POST", f"{_API}/issue/{key}/transitions", encoded({"transition": {"id": transition}})))

    def remember(self, key: str, memory: Memory) -> None:
        """Set what a ticket remembers."""
        path = f"{_API}/issue/{key}/properties/{PROPERTY}"
        self.send(Request("PUT", path, encoded(memory.data()), safe=True))

    def _asked(self, request: Request) -> Any:
        data = self.send(request).data()
        if not isinstance(data, dict):
            raise ValueError("no document")
        return data


def _found(issue: Mapping[str, Any]) -> Found:
    fields = issue["fields"]
    closed = fields["status"]["statusCategory"]["key"] == "done"
    memory = Memory.of((issue.get("properties") or {}).get(PROPERTY))
    number = str(issue["id"])
    if not _NUMBER.fullmatch(number):
        raise ValueError("no id")
    return Found(int(number), tuple(map(str, fields["labels"])), Ticket(_key(issue["key"]), closed, memory))


def _key(value: object) -> str:
    """A key of a ticket, which becomes a part of a path."""
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise ValueError("no key of a ticket")
    return value


def oldest(found: Sequence[Found]) -> Iterator[Found]:
    """Yield tickets with a memory first, then by age: a copy that people made has the label and no memory."""
    yield from sorted(found, key=lambda item: (not item.ticket.memory.now, item.number))
