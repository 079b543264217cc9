"""One request of an AWS service to a resource policy, as AWS evaluates it.

docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html has the policies that let CloudWatch and EventBridge
publish, and the one that SNS gives a new topic.
"""

from __future__ import annotations

from typing import Any

import pytest

from preuve.documents.access import senders
from preuve.documents.access.requests import ServiceRequest, allows
from preuve.documents.captures.events import passes_filter
from preuve.documents.document import read

ACCOUNT, OTHER = "123456789012", "999999999999"
TOPIC = f"arn:aws:sns:eu-west-3:{ACCOUNT}:alerts"
ALARM = f"arn:aws:cloudwatch:eu-west-3:{ACCOUNT}:alarm:root-use"
CLOUDWATCH = {"Service": "cloudwatch.amazonaws.com"}
SENT = {"aws:sourcearn": (ALARM,), "aws:sourceaccount": (ACCOUNT,), "aws:sourceowner": (ACCOUNT,)}


def asked(*statements: dict[str, Any], sent: dict[str, tuple[str, ...]] = SENT) -> bool | None:
    document = read(
        {"Statement": [{"Effect": "Allow", "Action": "sns:Publish", "Resource": TOPIC} | s for s in statements]}
    )
    return allows(document, ["sns:Publish"], ServiceRequest("cloudwatch.amazonaws.com", TOPIC, sent)).value


def under(**operators: dict[str, Any]) -> dict[str, Any]:
    return {"Principal": CLOUDWATCH, "Condition": operators}


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        ({"Principal": CLOUDWATCH}, True),
        ({"Principal": {"Service": ["events.amazonaws.com", "cloudwatch.amazonaws.com"]}}, True),
        ({"Principal": "*", "Action": "SNS:*", "Resource": "*"}, True),
        ({"Principal": {"AWS": "*"}, "Condition": {"StringEquals": {"AWS:SourceOwner": ACCOUNT}}}, True),
        ({"Principal": {"AWS": "*"}, "Condition": {"StringEquals": {"AWS:SourceOwner": OTHER}}}, False),
        ({"Principal": {"AWS": ACCOUNT}}, False),
        ({"Principal": {"Service": "events.amazonaws.com"}}, False),
        ({"Principal": {"Service": "*"}}, None),
        ({"Principal": CLOUDWATCH, "Action": "sns:Subscribe"}, False),
        ({"Principal": CLOUDWATCH, "Resource": f"{TOPIC}-other"}, False),
        ({"NotPrincipal": CLOUDWATCH}, False),
        (under(StringEquals={"aws:SourceAccount": [OTHER, ACCOUNT]}), True),
        (under(StringEquals={"aws:SourceAccount": OTHER}), False),
        (under(StringNotEquals={"aws:SourceAccount": OTHER}), True),
        (under(StringNotEquals={"aws:SourceAccount": ACCOUNT}), False),
        (under(ArnLike={"aws:SourceArn": f"arn:aws:cloudwatch:*:{ACCOUNT}:alarm:*"}), True),
        (under(ArnEquals={"aws:SourceArn": f"arn:aws:cloudwatch:eu-west-3:{ACCOUNT}:alarm:*"}), True),
        (under(ArnLike={"aws:SourceArn": f"arn:aws:events:*:{ACCOUNT}:rule/*"}), False),
        (under(ArnNotLike={"aws:SourceArn": f"arn:aws:cloudwatch:*:{ACCOUNT}:alarm:*"}), False),
        # AWS compares ARNs part by part: what a pattern of fewer parts matches is not documented.
        (under(ArnLike={"aws:SourceArn": "arn:aws:cloudwatch:*"}), None),
        (under(ArnNotEquals={"aws:SourceArn": "arn:aws:events:*"}), None),
        (under(StringLike={"aws:SourceArn": "arn:aws:cloudwatch:*"}), True),
        # A wildcard is none to StringEquals.
        (under(StringEquals={"aws:SourceArn": f"arn:aws:cloudwatch:*:{ACCOUNT}:alarm:*"}), False),
        (under(StringLike={"aws:SourceArn": f"arn:aws:cloudwatch:*:{ACCOUNT}:alarm:*"}), True),
        # Letters count, but for the operator that ignores them.
        (under(StringLike={"aws:SourceArn": ALARM.upper()}), False),
        (under(StringEqualsIgnoreCase={"aws:SourceArn": ALARM.upper()}), True),
        # A service has no account, role or organisation of its own.
        (under(StringEquals={"aws:PrincipalAccount": ACCOUNT}), False),
        (under(StringEqualsIfExists={"aws:PrincipalOrgID": "o-abcdefghij"}), True),
        (under(Null={"aws:PrincipalArn": "true"}), True),
        (under(Null={"aws:SourceArn": "true"}), False),
        (under(Bool={"aws:PrincipalIsAWSService": "true"}), True),
        (under(Bool={"aws:SecureTransport": "true"}), True),
        # What the service sends for these is not documented, or not what the operator means of it here.
        (under(StringEquals={"aws:SourceOrgID": "o-abcdefghij"}), None),
        (under(IpAddress={"aws:SourceIp": "10.0.0.0/8"}), None),
        (under(StringLike={"aws:SourceArn": "${aws:SourceAccount}"}), None),
        # Where two conditions must hold, one that does not decides.
        (under(StringEquals={"aws:SourceOrgID": "o-abcdefghij", "aws:SourceAccount": OTHER}), False),
    ],
)
def test_a_service_is_let_in_by_what_it_sends(statement: dict[str, Any], allowed: bool | None) -> None:
    assert asked(statement) is allowed


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        ({"Principal": "*"}, False),
        ({"Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}, True),
        ({"Principal": "*", "Condition": {"StringNotEquals": {"aws:SourceAccount": ACCOUNT}}}, True),
        # Where the key is missing, a negated operator holds: services have no organisation.
        ({"Principal": "*", "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}}, False),
        ({"Principal": "*", "Condition": {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-abcdefghij"}}}, False),
        ({"Principal": "*", "Condition": {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}}, True),
        ({"Principal": {"AWS": ACCOUNT}}, True),
        ({"NotPrincipal": {"AWS": ACCOUNT}}, False),
        ({"NotPrincipal": CLOUDWATCH}, True),
        ({"Principal": "*", "Condition": {"StringEquals": {"aws:SourceOrgID": "o-abcdefghij"}}}, None),
    ],
)
def test_a_denial_that_applies_wins(statement: dict[str, Any], allowed: bool | None) -> None:
    assert asked({"Principal": CLOUDWATCH}, statement | {"Effect": "Deny"}) is allowed


def test_of_a_key_that_may_be_missing_both_ways_must_agree() -> None:
    sent = {"aws:sourcearn": (ALARM, "")}
    assert asked(under(ArnLike={"aws:SourceArn": ALARM}), sent=sent) is None
    assert asked(under(ArnLike={"aws:SourceArn": "arn:aws:cloudwatch:*:999999999999:alarm:*"}), sent=sent) is False
    assert asked(under(ArnLikeIfExists={"aws:SourceArn": ALARM}), sent=sent) is True


def test_a_part_that_is_not_understood_leaves_the_answer_open() -> None:
    assert asked({"Principal": CLOUDWATCH, "Effect": "Maybe"}) is None
    assert asked(under(StringResembles={"aws:SourceArn": ALARM})) is None


def test_each_action_is_needed() -> None:
    document = read(
        {"Statement": [{"Effect": "Allow", "Principal": CLOUDWATCH, "Action": "kms:Decrypt", "Resource": "*"}]}
    )
    request = ServiceRequest("cloudwatch.amazonaws.com", "arn:aws:kms:eu-west-3:123456789012:key/k", {})
    assert allows(document, ["kms:Decrypt"], request).value is True
    assert allows(document, ["kms:Decrypt", "kms:GenerateDataKey"], request).value is False


def test_an_alarm_and_a_rule_are_asked_for_in_their_own_way() -> None:
    """EventBridge tells a topic for which rule it asks, but no key, and never names an owner."""
    rule = f"arn:aws:events:eu-west-3:{ACCOUNT}:rule/findings"
    key = "arn:aws:kms:eu-west-3:123456789012:key/k"
    told = [
        (source, resource, senders.request(source, resource).values("aws:sourcearn"))
        for source, resource in ((ALARM, TOPIC), (ALARM, key), (rule, TOPIC), (rule, key))
    ]
    assert told == [(ALARM, TOPIC, (ALARM,)), (ALARM, key, (ALARM,)), (rule, TOPIC, (rule,)), (rule, key, ("",))]
    assert senders.request(ALARM, TOPIC).values("aws:sourceowner") == (ACCOUNT,)
    assert senders.request(rule, TOPIC).values("aws:sourceowner") == ("",)
    with pytest.raises(ValueError, match="neither an alarm nor a rule"):
        senders.request(TOPIC, TOPIC)


@pytest.mark.parametrize(
    ("written", "scope", "passes"),
    [
        ({}, "", True),
        ({"severity": ["high"]}, "", False),
        ({"severity": [{"anything-but": "low"}]}, "MessageAttributes", False),
        ({"severity": [{"exists": False}]}, "", True),
        ({"$or": [{"a": ["x"]}, {"b": [{"exists": False}]}]}, "", True),
        ({"NewStateValue": ["ALARM", "OK"]}, "MessageBody", True),
        ({"NewStateValue": ["OK"], "Region": ["EU (Paris)"]}, "MessageBody", False),
    ],
)
def test_the_filter_of_a_subscription_lets_an_alarm_pass(written: dict[str, Any], scope: str, passes: bool) -> None:
    assert passes_filter(written, scope, senders.message(ALARM)) is passes


def test_a_filter_on_what_is_not_known_of_the_message_has_no_answer() -> None:
    with pytest.raises(ValueError, match="Region"):
        passes_filter({"Region": ["EU (Paris)"]}, "MessageBody", senders.message(ALARM))
