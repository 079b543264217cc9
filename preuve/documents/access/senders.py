"""The services that send to topics for an alarm or a rule: the keys of their requests, and the content of their
messages.

CloudWatch: docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html; EventBridge:
docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html. "" stands for a key that is not sent.
"""

from __future__ import annotations

from collections.abc import Mapping

from preuve.documents.access.requests import ServiceRequest

_EVENTS, _ALARMS = "events", "cloudwatch"


def request(source: str, resource: str) -> ServiceRequest:
    """Return the request of the service that an alarm or a rule (its ARN) belongs to. Raises ValueError for any other
    ARN.
    """
    service, account = _of(source)
    sent = {"aws:sourcearn": (source,), "aws:sourceaccount": (account,), "aws:sourceowner": (account,)}
    if service == _EVENTS:
        # The policy that SNS gives a topic, which asks for its owner, does not let rules publish:
        # docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html. A key is not told for which rule it
        # is asked: docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
        of_key = resource.split(":")[2:3] == ["kms"]
        sent = dict.fromkeys(sent, ("",)) if of_key else {**sent, "aws:sourceowner": ("",)}
    return ServiceRequest(f"{service}.amazonaws.com", resource, sent)


def message(source: str) -> Mapping[str, str]:
    """Return what is known of the message of an alarm; that of a rule depends on its target. Raises ValueError."""
    service, account = _of(source)
    return {} if service == _EVENTS else {"AlarmArn": source, "AWSAccountId": account, "NewStateValue": "ALARM"}


def _of(source: str) -> tuple[str, str]:
    parts = source.split(":", 5)
    if len(parts) < 6 or parts[2] not in (_EVENTS, _ALARMS):
        raise ValueError(f"{source} is neither an alarm nor a rule")
    return parts[2], parts[4]
