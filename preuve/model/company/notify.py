"""Where a workspace wants the result of a run to be told: tickets, a message, a mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from preuve.model.company.secret import SecretPlace
from preuve.model.content import Severity


@dataclass(frozen=True)
class Transitions:
    """What the project's workflow calls the two moves; "" where preuve leaves them to people."""

    resolve: str = ""
    reopen: str = ""


@dataclass(frozen=True)
class JiraTarget:
    """A project that tickets go to."""

    url: str
    project: str
    issue_type: str
    credentials: SecretPlace
    severity: Severity  # from which on a failing policy gets a ticket
    fields: Mapping[str, Any] = field(default_factory=dict)  # that the project demands
    labels: tuple[str, ...] = ()
    label: str = "preuve"  # by which the tickets of this workspace are found
    transitions: Transitions = Transitions()


@dataclass(frozen=True)
class SlackTarget:
    """A channel: the address of its webhook is the secret, the host that it may have is named."""

    host: str
    webhook: SecretPlace


@dataclass(frozen=True)
class MailTarget:
    """A mail that is written into a file, for whoever sends it."""

    sender: str
    to: tuple[str, ...]
    file: str


@dataclass(frozen=True)
class Notify:
    """All of it; `proxy` and `ca` hold for every host that is named, nothing of the environment does."""

    jira: JiraTarget | None = None
    slack: SlackTarget | None = None
    mail: MailTarget | None = None
    proxy: str = ""
    ca: str = ""
    ledger: str = ""  # folder of what was sent; "" for one beside the evidence
