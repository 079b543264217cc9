"""The part `notify` of preuve.yaml, whose form its schema has checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from preuve.model.company.notify import JiraTarget, MailTarget, Notify, SlackTarget, Transitions
from preuve.model.company.secret import SecretPlace
from preuve.model.content import Severity


def notify_of(data: Mapping[str, Any], gate: Severity) -> Notify:
    """What is told and where; tickets begin at the severity of the gate unless another one is named."""
    jira, slack, mail = (data.get(name) for name in ("jira", "slack", "mail"))
    return Notify(
        jira=_jira(jira, gate) if jira else None,
        slack=SlackTarget(slack["host"], SecretPlace(**slack["webhook"])) if slack else None,
        mail=MailTarget(mail["from"], tuple(mail["to"]), mail["file"]) if mail else None,
        proxy=data.get("proxy", ""),
        ca=data.get("ca", ""),
        ledger=data.get("ledger", ""),
    )


def _jira(data: Mapping[str, Any], gate: Severity) -> JiraTarget:
    own = {
        "credentials": SecretPlace(**data["credentials"]),
        "severity": Severity(data.get("severity", gate)),
        "labels": tuple(data.get("labels", ())),
        "transitions": Transitions(**data.get("transitions", {})),
    }
    return JiraTarget(**{**data, **own})
