"""A wire that sends nothing: it shows each request, and answers as a Jira would that holds what the ledger knows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from preuve.model.company.notify import JiraTarget
from preuve.notify.ledger import Ledger
from preuve.notify.to.jira_api import PROPERTY
from preuve.notify.to.tickets import Ticket
from preuve.notify.wire import Answer, Request, Wire, encoded

Show = Callable[[bytes], None]


def shown(request: Request, address: str, show: Show) -> None:
    """Show a request as it would be sent, headers left out: they hold the credentials."""
    show(f"{request.method} {address}{request.path}\n".encode("ascii"))
    show(request.body + b"\n\n" if request.body else b"\n")


def dry_slack(address: str, show: Show) -> Wire:
    """A Slack that takes everything."""

    def send(request: Request) -> Answer:
        shown(request, address, show)
        return Answer(200, b"ok")

    return send


def dry_jira(target: JiraTarget, ledger: Ledger, show: Show) -> Wire:
    """Return a simulated Jira with the tickets of the ledger and the workflow moves of the workspace."""
    tickets = ledger.tickets()
    new = (f"{target.project}-{number}" for number in range(10**9, 10**10))

    def send(request: Request) -> Answer:
        shown(request, target.url, show)
        return Answer(200, encoded(_answer(request, target, tickets, new)))

    return send


def _answer(request: Request, target: JiraTarget, tickets: Mapping[str, Ticket], new: Iterator[str]) -> Any:
    """Return the answer to a call in Jira's form."""
    path = request.path.partition("?")[0]
    issues = {item[1].key: _issue(number, *item, target) for number, item in enumerate(tickets.items())}
    if path.endswith("/search/jql"):
        wanted = re.findall(r'"([^"]+)"', json.loads(request.body)["jql"])[0]
        return {"issues": [issue for issue in issues.values() if wanted in issue["fields"]["labels"]]}
    if path.endswith("/transitions"):
        names = filter(None, (target.transitions.resolve, target.transitions.reopen))
        return {"transitions": [{"id": str(number), "name": name} for number, name in enumerate(names)]}
    if path.endswith("/comment"):
        return {"comments": []}
    return {"key": next(new)} if path.endswith("/issue") else issues.get(path.rpartition("/")[2], {})


def _issue(number: int, label: str, ticket: Ticket, target: JiraTarget) -> Any:
    category = {"key": "done" if ticket.closed else "new"}
    fields = {"labels": [target.label, label], "status": {"statusCategory": category}}
    return {"id": str(number), "key": ticket.key, "fields": fields, "properties": {PROPERTY: ticket.memory.data()}}
