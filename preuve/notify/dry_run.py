"""A connection that sends nothing: it shows each request, and answers like a Jira with the tickets of the ledger."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from preuve.model.company.notify import JiraTarget
from preuve.notify.channels.jira_api import PROPERTY
from preuve.notify.channels.tickets import Ticket
from preuve.notify.ledger import Ledger
from preuve.notify.wire import Answer, Request, Wire, encoded

Show = Callable[[bytes], None]


def shown(request: Request, address: str, show: Show) -> None:
    """Show a request as it would be sent, without headers: they hold the credentials."""
    show(f"{request.method} {address}{request.path}\n".encode("ascii"))
    show(request.body + b"\n\n" if request.body else b"\n")


def dry_slack(address: str, show: Show) -> Wire:
    """Return a connection to a simulated Slack that accepts everything."""

    def send(request: Request) -> Answer:
        shown(request, address, show)
        return Answer(200, b"ok")

    return send


def dry_jira(target: JiraTarget, ledger: Ledger, show: Show) -> Wire:
    """Return a simulated Jira with the tickets of the ledger and the workflow moves of the workspace."""
    jira = _Jira(target, ledger.tickets(), (f"{target.project}-{number}" for number in range(10**9, 10**10)))

    def send(request: Request) -> Answer:
        shown(request, target.url, show)
        status, data = jira.answer(request)
        return Answer(status, b"" if data is None else encoded(data))

    return send


@dataclass
class _Jira:
    target: JiraTarget
    tickets: dict[str, Ticket]
    new: Iterator[str]

    def answer(self, request: Request) -> tuple[int, Any]:
        """Return the answer to a call in Jira's form."""
        path = request.path.partition("?")[0]
        issues = {item[1].key: self._issue(number, *item) for number, item in enumerate(self.tickets.items())}
        if path.endswith("/search/jql"):
            wanted = re.findall(r'"([^"]+)"', json.loads(request.body)["jql"])[0]
            return 200, {"issues": [issue for issue in issues.values() if wanted in issue["fields"]["labels"]]}
        if path.endswith("/transitions"):
            return self._transitions(request, path.split("/")[-2])
        if path.endswith("/comment"):
            return (201, {"id": "1"}) if request.method == "POST" else (200, {"comments": []})
        if path.endswith("/issue"):
            return 201, {"key": next(self.new)}
        return 200, issues.get(path.rpartition("/")[2], {})

    def _transitions(self, request: Request, key: str) -> tuple[int, Any]:
        moves = {"0": self.target.transitions.resolve, "1": self.target.transitions.reopen}
        if request.method == "GET":
            return 200, {"transitions": [{"id": number, "name": name} for number, name in moves.items() if name]}
        closed = json.loads(request.body)["transition"]["id"] == "0"
        self.tickets |= {
            label: replace(ticket, closed=closed) for label, ticket in self.tickets.items() if ticket.key == key
        }
        return 204, None

    def _issue(self, number: int, label: str, ticket: Ticket) -> Any:
        category = {"key": "done" if ticket.closed else "new"}
        fields = {"labels": [self.target.label, label], "status": {"statusCategory": category}}
        return {"id": str(number), "key": ticket.key, "fields": fields, "properties": {PROPERTY: ticket.memory.data()}}
