"""Events that a trail records, and that metric filters and rules of EventBridge catch."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.documents.captures.events import (
    caught_by_filter,
    caught_by_rule,
    event_of,
    left_by_filter,
    management_events,
    trail_records,
)

LEAVING = event_of("organizations:LeaveOrganization", {})
RULE = "arn:aws:events:eu-west-3:123456789012:rule/r"
ROOT = event_of("signin:ConsoleLogin", {"userIdentity.type": "Root"})
TYPES = (
    *("IAMUser", "AssumedRole", "Root", "Role", "FederatedUser", "Directory", "AWSAccount", "IdentityCenterUser"),
    *("SAMLUser", "WebIdentityUser", "Unknown"),
)
ANYBODY = " || ".join(f"($.userIdentity.type = {one})" for one in TYPES)


@pytest.mark.parametrize(
    ("pattern", "taken"),
    [
        ("{ $.eventName = LeaveOrganization }", True),
        ('{$.eventName="LeaveOrganization"}', True),
        ("{ $.eventName = leaveorganization }", False),
        ("{ $.eventName = Leave* }", True),
        ("{ $.eventName = %^Leave% }", True),
        ("{ $.eventName = %Organi[sz]e% }", False),
        ("{ $.eventName = Leave? }", False),
        ("{ $.eventName != LeaveOrganization }", False),
        ("{ $.eventName = A || $.eventName = LeaveOrganization && $.eventType = AwsApiCall }", True),
        ("{ ($.eventName = LeaveOrganization || $.eventName = A) && $.eventType = Other }", False),
        ("{ $.eventSource = organizations.amazonaws.com && $.errorCode NOT EXISTS }", True),
        ("{ $.errorCode = * }", False),
        ("{ $.errorCode != AccessDenied }", False),
        ("{ $.eventName IS TRUE }", False),
        ("{ $.readOnly IS FALSE }", True),
        ("{ $.readOnly is false }", True),
        ("{ $.readOnly IS TRUE }", False),
        ("{ $.readOnly IS NULL }", False),
        ("{ $.managementEvent IS TRUE }", True),
        ("{ $.managementEvent IS FALSE }", False),
        ("{ $.readOnly IS FALSE && $.eventName = LeaveOrganization }", True),
        ("{ $.recipientAccountId = 123456789012 }", False),
        ("{ $.recipientAccountId != 123456789012 }", False),
        ("{ $.recipientAccountId = 1 || $.eventName = LeaveOrganization }", True),
        (f"{{ {ANYBODY} }}", True),
        ("{ $.userIdentity.type = Root || $.userIdentity.type = IAMUser }", False),
        ("{ $.userIdentity.type != FederatedUser }", False),
        ("{ $.userIdentity.type != AWSAccount }", False),
        ("{ $.userIdentity.type != AWSService }", True),
        ("{ $.eventVersion > 1.0 }", False),
        ("LeaveOrganization", True),
        ('"LeaveOrganization" "AwsApiCall"', True),
        ("LeaveOrganization AccessDenied", False),
        ("LeaveOrganization -AwsApiCall", False),
        # A person calls from an address, which may be any; a service has its name there.
        ('{ $.sourceIPAddress != "delivery.logs.amazonaws.com" }', True),
        ("{ $.sourceIPAddress != *.amazonaws.com }", True),
        ('{ $.sourceIPAddress = "*" }', True),
        ("{ $.sourceIPAddress != 192.0.2.1 }", False),
        ("{ $.sourceIPAddress != 192.0.2.* }", False),
        ("{ $.sourceIPAddress != fe80:* }", False),
        ("{ $.sourceIPAddress = 192.0.2.1 }", False),
        ("{ $.sourceIPAddress = delivery.logs.amazonaws.com }", False),
        ("{ $.sourceIPAddress != %amazonaws% }", False),
        ("{ $.sourceIPAddress NOT EXISTS }", False),
        ("?LeaveOrganization ?JoinOrganization", True),
        ("?JoinOrganization ?InviteAccount", False),
        ("", True),
        ("[ip, user, name = LeaveOrganization]", False),
    ],
)
def test_a_filter_catches_an_event_only_if_it_catches_every_variant(pattern: str, taken: bool) -> None:
    assert caught_by_filter(pattern, LEAVING) is taken


DAILY = event_of("sts:AssumeRole", {"userIdentity.type": "AWSService", "readOnly": "true"})


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("{ $.eventName = LeaveOrganization }", True),
        ("{ $.eventName = LeaveOrganization && $.awsRegion = * }", True),
        ("LeaveOrganization", True),
        ("?LeaveOrganization ?JoinOrganization", True),
        ("?LeaveOrganization ?AssumeRole", False),
        ("{ $.eventName != LeaveOrganization }", False),
        ("", False),
        # What is not told decides.
        ("{ $.eventName = LeaveOrganization || $.awsRegion = * }", None),
        ("?LeaveOrganization ?us-east-1", None),
        ("?LeaveOrganization -arn", None),
    ],
)
def test_a_filter_leaves_an_event_only_if_nothing_untold_can_make_it_take_it(pattern: str, left: bool | None) -> None:
    if left is None:
        with pytest.raises(ValueError, match=r"awsRegion|us-east-1|arn"):
            left_by_filter(pattern, DAILY)
    else:
        assert left_by_filter(pattern, DAILY) is left


@pytest.mark.parametrize(
    "pattern",
    [
        "{ $.eventName = A",
        "{ }",
        "{ eventName = A }",
        "{ ($.eventName = A }",
        "{ $.eventName = A ) }",
        "{ $.eventName = }",
        "{ $.errorCode EXISTS }",
        "{ $.readOnly = false }",
        '{ $.readOnly != "true" }',
        '{ $.eventName = "A }',
        "{ $.eventName = %[% }",
    ],
)
def test_an_invalid_pattern_is_an_error(pattern: str) -> None:
    with pytest.raises(ValueError, match="filter pattern"):
        caught_by_filter(pattern, LEAVING)


@pytest.mark.parametrize(
    ("pattern", "taken"),
    [
        ({"source": ["aws.signin"]}, True),
        ({"source": [{"prefix": "aws."}], "detail-type": [{"suffix": "via CloudTrail"}]}, True),
        ({"detail-type": ["AWS API Call via CloudTrail"]}, False),
        ({"detail": {"userIdentity": {"type": ["Root"]}}}, True),
        ({"detail": {"userIdentity": {"type": [{"anything-but": ["Root", "IAMUser"]}]}}}, False),
        ({"detail": {"userIdentity": {"type": [{"anything-but": {"prefix": "IAM"}}]}}}, True),
        ({"source": [{"anything-but": {"prefix": ["aws.x", "a.y"]}}]}, True),
        ({"source": [{"anything-but": {"suffix": ["x", "signin"]}}]}, False),
        ({"source": [{"anything-but": {"wildcard": ["b*", "*.sign*"]}}]}, False),
        ({"detail": {"userIdentity": {"type": ["root"]}}}, False),
        ({"detail": {"userIdentity": {"type": [{"equals-ignore-case": "root"}]}}}, True),
        ({"detail": {"userIdentity": {"type": [{"wildcard": "R*t"}]}}}, True),
        ({"detail": {"userIdentity": {"type": [{"wildcard": "R??t"}]}}}, False),
        ({"detail": {"userIdentity": {"type": [{"exists": True}]}}}, True),
        ({"detail": {"errorCode": [{"exists": False}]}}, True),
        ({"detail": {"errorCode": [{"anything-but": "AccessDenied"}]}}, False),
        ({"detail": {"errorCode": [""]}}, False),
        ({"detail": {"userIdentity": {"arn": [{"exists": True}]}}}, False),
        ({"detail": {"userIdentity": {"type": ["Root"], "arn": ["a"]}}}, False),
        ({"$or": [{"source": ["aws.s3"]}, {"detail": {"eventName": ["ConsoleLogin"]}}]}, True),
        # True or false in JSON, which no text is.
        ({"detail": {"readOnly": [False]}}, True),
        ({"detail": {"readOnly": [True]}}, False),
        ({"detail": {"readOnly": ["false"]}}, False),
        ({"detail": {"readOnly": [0]}}, False),
        ({"detail": {"readOnly": [{"exists": True}]}}, True),
        ({"detail": {"readOnly": [{"exists": False}]}}, False),
        ({"detail": {"readOnly": [{"prefix": "f"}]}}, False),
        ({"detail": {"readOnly": [{"anything-but": ["true"]}]}}, False),
        ({"detail": {"readOnly": [{"numeric": [">", 0]}]}}, False),
        ({"detail": {"sourceIPAddress": [{"anything-but": "delivery.logs.amazonaws.com"}]}}, True),
        ({"detail": {"sourceIPAddress": [{"anything-but": ["192.0.2.1"]}]}}, False),
        ({"detail": {"sourceIPAddress": ["192.0.2.1"]}}, False),
        ({"detail": {"sourceIPAddress": [{"cidr": "0.0.0.0/0"}]}}, False),
        # A rule sees the events of its own account and region.
        ({"account": ["123456789012"], "region": ["eu-west-3"]}, True),
        ({"detail": {"recipientAccountId": ["123456789012"], "awsRegion": ["eu-west-3"]}}, True),
        ({"account": ["111111111111"]}, False),
        ({"region": ["us-east-1"]}, False),
        ({}, False),
    ],
)
def test_a_rule_catches_an_event_only_if_it_catches_every_variant(pattern: Any, taken: bool) -> None:
    assert caught_by_rule(pattern, ROOT, RULE) is taken


FINDING = {"source": "aws.guardduty", "detail-type": "GuardDuty Finding", "detail.severity": [7.0, 8.9]}


@pytest.mark.parametrize(
    ("severity", "taken"),
    [
        ([{"numeric": [">=", 7]}], True),
        ([{"numeric": [">", 6.9, "<=", 8.9]}], True),
        ([{"numeric": [">", 7]}], False),
        ([{"numeric": [">=", 7, "<", 8.9]}], False),
        ([{"numeric": ["=", 7]}], False),
        ([{"numeric": []}], False),
        ([{"numeric": ["~", 7]}], False),
        ([{"numeric": [">=", "7"]}], False),
        ([{"prefix": "7"}], False),
        ([{"exists": True}], True),
        ([{"anything-but": [4, 5]}], True),
        ([{"anything-but": [8]}], False),
        ([number / 10 for number in range(40, 90)], True),
        ([7, 8], False),
        ([str(number / 10) for number in range(70, 90)], False),
    ],
)
def test_a_rule_catches_a_finding_only_with_every_possible_severity(severity: Any, taken: bool) -> None:
    assert caught_by_rule({"source": ["aws.guardduty"], "detail": {"severity": severity}}, FINDING, RULE) is taken


@pytest.mark.parametrize(
    ("envelope", "taken"),
    [
        ({"version": ["0"]}, True),
        ({"version": [0]}, False),
        ({"id": [{"exists": True}], "time": [{"exists": True}]}, True),
        ({"id": ["one"]}, False),
        ({"source": [{"prefix": {"equals-ignore-case": "AWS.G"}}]}, True),
        ({"source": [{"suffix": {"equals-ignore-case": "DUTY"}}]}, True),
        ({"source": [{"prefix": {"equals-ignore-case": "AWS.S"}}]}, False),
        ({"source": [{"prefix": {"wildcard": "*"}}]}, False),
        ({"detail": {"type": [{"prefix": "Recon"}]}}, False),
    ],
)
def test_a_rule_catches_a_finding_by_what_every_event_has(envelope: Any, taken: bool) -> None:
    assert caught_by_rule(envelope, FINDING, RULE) is taken


@pytest.mark.parametrize("event", [FINDING, ROOT])
def test_an_operator_that_is_not_known_decides_nothing(event: Any) -> None:
    strange, source = {"fuzzy": "aws"}, [{"prefix": "aws."}]
    for pattern in (
        {"source": [strange]},
        {"source": source, "detail-type": [strange, "x"]},
        {"$or": [{"source": [strange]}]},
    ):
        with pytest.raises(ValueError, match=r"\{fuzzy\}"):
            caught_by_rule(pattern, event, RULE)
    assert caught_by_rule({"source": [strange, *source]}, event, RULE) is True
    assert caught_by_rule({"source": [{"prefix": "x"}], "detail-type": [strange]}, event, RULE) is False


def test_true_differs_from_the_number_one() -> None:
    for wanted, taken in (([True], True), ([1], False), (["true"], False), ([False], False)):
        assert caught_by_rule({"detail": {"a": wanted}}, {"source": "x", "detail.a": True}, RULE) is taken


@pytest.mark.parametrize(
    ("fields", "recorded"),
    [
        ([{"Field": "eventCategory", "Equals": ["Management"]}], True),
        ([{"Field": "eventCategory", "Equals": ["Management", "Data"]}], True),
        ([{"Field": "eventCategory", "Equals": ["Data"]}], False),
        ([{"Field": "eventSource", "NotStartsWith": ["kms."]}], True),
        ([{"Field": "eventSource", "NotEndsWith": [".amazonaws.com"]}], False),
        ([{"Field": "eventName", "StartsWith": ["Leave"], "NotEquals": ["LeaveOrganization"]}], False),
        ([{"Field": "userIdentity.arn", "NotEquals": ["a"]}], False),
        ([{"Field": "readOnly", "Equals": ["true"]}], False),
        ([{"Field": "eventSource", "Equals": ["*"]}], False),
        ([{"Field": "eventSource", "StartsWith": ["*"]}], False),
        ([{"Field": "eventSource", "EndsWith": ["?amazonaws.com"]}], False),
        ([{"Field": "eventSource", "NotEquals": ["*"]}], True),
    ],
)
def test_advanced_selectors_require_all_their_fields(fields: Any, recorded: bool) -> None:
    category = [{"Field": "eventCategory", "Equals": ["Management"]}]
    named = fields if any(one["Field"] == "eventCategory" for one in fields) else category + fields
    assert trail_records({"AdvancedEventSelectors": [{"FieldSelectors": named}]}, LEAVING) is recorded


def test_an_advanced_selector_needs_a_category_and_values() -> None:
    for fields in ([], [{"Field": "readOnly", "Equals": ["false"]}], [{"Field": "eventCategory"}]):
        assert not trail_records({"AdvancedEventSelectors": [{"FieldSelectors": fields}]}, LEAVING)


SOURCES = ("kms.amazonaws.com", "kmsx.amazonaws.com", "ec2.amazonaws.com", "rdsdata.amazonaws.com")
NAMES = ("Decrypt", "DeleteTrail", "StopLogging")
FIELDS = {
    "eventSource": (*SOURCES, "kms", ".com"),
    "eventName": (*NAMES, "De"),
    "readOnly": ("true", "false"),
    "eventCategory": ("Management", "Data"),
}


def advanced() -> st.SearchStrategy[dict[str, Any]]:
    operators = st.sampled_from([f"{no}{name}" for no in ("", "Not") for name in ("Equals", "StartsWith", "EndsWith")])
    asked = st.sampled_from(sorted(FIELDS)).flatmap(
        lambda field: st.builds(
            lambda operator, values: {"Field": field, operator: values},
            operators,
            st.lists(st.sampled_from(FIELDS[field]), min_size=1, max_size=2),
        )
    )
    category = {"Field": "eventCategory", "Equals": ["Management"]}
    fields = st.lists(asked, max_size=3).map(lambda more: [category, *more])
    return st.lists(st.builds(lambda one: {"FieldSelectors": one}, fields), min_size=1, max_size=2).map(
        lambda selectors: {"AdvancedEventSelectors": selectors}
    )


def classic() -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(
        lambda ways, included, left_out: {
            "EventSelectors": [
                {"ReadWriteType": ways, "IncludeManagementEvents": included, "ExcludeManagementEventSources": left_out}
            ]
        },
        st.sampled_from(["All", "ReadOnly", "WriteOnly"]),
        st.booleans(),
        st.lists(st.sampled_from(SOURCES), max_size=2),
    )


@given(st.lists(advanced() | classic(), max_size=3))
def test_what_records_each_kind_of_management_event_records_all_and_nothing_less(trails: Any) -> None:
    def recorded(event: Any) -> bool:
        return any(trail_records(one, event) for one in trails)

    events = [
        {**event_of("other:Other", {}), "eventSource": source, "eventName": name, "readOnly": reading}
        for source in (*FIELDS["eventSource"], "kmsx", "other.amazonaws.com", "other")
        for name in (*FIELDS["eventName"], "Other", "Den", "ende", "Dex.com")
        for reading in ("true", "false")
    ]
    assert all(recorded(event) for event in management_events(trails)) is all(recorded(event) for event in events)


def test_too_many_kinds_of_management_events_are_no_answer() -> None:
    fields = [{"Field": f"field{number}", "NotEquals": [f"{number}"]} for number in range(20)]
    selector = {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}, *fields]}
    with pytest.raises(ValueError, match="too many"):
        management_events([{"AdvancedEventSelectors": [selector]}])
