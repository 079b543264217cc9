"""Where a workspace sends the result of a run: tickets, a message, a mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from msgspec import Struct

from preuve.model.company.secret import Secret
from preuve.model.content import Severity
from preuve.model.forms import items, keywords, text

_HOST = r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?"
_OWN_FIELDS = ["project", "issuetype", "summary", "description", "labels"]  # fields that preuve fills itself
Mailbox = Annotated[
    str,
    text(
        "an address such as security@example.org, without a name",
        pattern=r"^[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$",
    ),
]


@dataclass(frozen=True)
class Transitions:
    """The names of the two transitions in the project's workflow; "" if preuve leaves them to people."""

    resolve: Annotated[str, text("Name of the transition to done.")] = ""
    reopen: Annotated[str, text("Name of the transition back.")] = ""


@dataclass(frozen=True)
class JiraTarget:
    """A project that tickets go to."""

    url: Annotated[
        str,
        text(
            "address of the site alone, such as https://example.atlassian.net, without the page of a project; for a "
            "scoped token https://api.atlassian.com/ex/jira/CLOUD-ID; https, and http on 127.0.0.1 only",
            pattern=rf"^(https://{_HOST}(:[0-9]{{1,5}})?|http://127\.0\.0\.1(:[0-9]{{1,5}})?)(/ex/jira/[A-Za-z0-9-]+)?$",
        ),
    ]
    project: Annotated[str, text("key of the project, such as SEC", pattern="^[A-Z][A-Z0-9_]{1,254}$")]
    issue_type: Annotated[str, text("Type of the tickets, such as Task.", most=60)]
    credentials: Secret
    severity: Annotated[
        Severity | None,
        keywords("The lowest severity for which a failing policy gets a ticket; gate.severity unless set."),
    ] = None
    fields: Annotated[
        Mapping[str, Any],
        keywords(
            "Further fields that the project requires, in the form of its REST API.",
            propertyNames={"pattern": "^[A-Za-z][A-Za-z0-9_]*$", "not": {"enum": _OWN_FIELDS}},
        ),
    ] = field(default_factory=dict)
    labels: Annotated[
        tuple[Annotated[str, text(pattern=r'^[^\s"]{1,100}$')], ...],
        items("Further labels of new tickets.", least=0, most=20, once=True),
    ] = ()
    label: Annotated[
        str,
        text(
            "Label by which the tickets of this workspace are found. Two workspaces in one project need two.",
            pattern="^[a-z][a-z0-9-]{0,30}$",
        ),
    ] = "preuve"
    transitions: Transitions = Transitions()

    @property
    def least(self) -> Severity:
        """The severity from which on a failing policy gets a ticket."""
        return self.severity or Severity.HIGH


@dataclass(frozen=True)
class SlackTarget:
    """A channel. The address of its webhook is a secret; only its host is named here."""

    host: Annotated[
        str, text("the host that the webhook must have: hooks.slack.com", pattern=rf"^({_HOST})(:[0-9]{{1,5}})?$")
    ]
    webhook: Secret


class MailTarget(Struct, frozen=True, rename={"sender": "from"}):
    """A mail that is written into a file, for whoever sends it."""

    sender: Mailbox
    to: Annotated[tuple[Mailbox, ...], items("Who gets it.", once=True)]
    file: Annotated[
        str, text("file with the ending .eml, relative to the workspace, outside the evidence", pattern=r"\.eml$")
    ]


@dataclass(frozen=True)
class Notify:
    """Who gets results from preuve notify. No bundle has any of this."""

    jira: JiraTarget | None = None
    slack: SlackTarget | None = None
    mail: MailTarget | None = None
    proxy: Annotated[
        str,
        text(
            "Proxy such as http://proxy.example.org:3128, through which every host is reached. Proxies of the "
            "environment do not count.",
            pattern="^http://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?:[0-9]{1,5}$",
        ),
    ] = ""
    ca: Annotated[
        str,
        text(
            "File with the certificate authorities (PEM) that preuve trusts instead of the public ones, "
            "behind a proxy that decrypts TLS."
        ),
    ] = ""
    ledger: Annotated[
        str, text("Folder with the record of what was sent, never in git; .notify next to the evidence unless set.")
    ] = ""
