"""Which events of CloudTrail a trail records, and which a metric filter or a rule of EventBridge surely takes.

An event is told by some of its members: path (`userIdentity.type`) to value, "" where it has no such member. What a
pattern asks of other members may hold or not, so that it does not surely take the event.

docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from preuve.documents.answer import NO, Answer, all_of, any_of, known, unknown
from preuve.documents.metric_filters import filter_takes
from preuve.documents.patterns import covers

Event = Mapping[str, str]

_SIGN_IN = "signin"
_PEOPLE = ("IAMUser", "AssumedRole", "Root")  # whose calls must be taken where an event does not say whose it is
_ABSENT = ("errorCode", "errorMessage", "userIdentity.invokedBy")  # what the call of a person that succeeds has not
_WHO = "userIdentity.type"


def event_of(call: str, more: Event) -> Event:
    """What a call that changes something (`kms:DisableKey`) leaves behind, and `more` of it. Raises ValueError."""
    service, _, name = call.partition(":")
    if not name:
        raise ValueError(f"{call} names no call")
    kind = "AwsConsoleSignIn" if service == _SIGN_IN else "AwsApiCall"
    said = {"eventSource": f"{service}.amazonaws.com", "eventName": name, "eventType": kind, "readOnly": "false"}
    return {**said, **dict.fromkeys(_ABSENT, ""), "eventCategory": "Management", **more}


def trail_records(selectors: Mapping[str, Any], event: Event) -> bool:
    """Whether the selectors of a trail record the event."""
    return any(_records(one, event) for one in selectors.get("EventSelectors") or ()) or any(
        all(_field_holds(field, event) for field in one.get("FieldSelectors") or ())
        for one in selectors.get("AdvancedEventSelectors") or ()
        if one.get("FieldSelectors")
    )


def caught_by_filter(pattern: str, event: Event) -> bool:
    """Whether a metric filter takes the event, whoever of the people caused it. Raises ValueError."""
    return all(filter_takes(pattern, one) for one in _by_anybody(event))


def caught_by_rule(pattern: Mapping[str, Any], event: Event) -> bool:
    """Whether a rule of EventBridge takes the event, whoever of the people caused it."""
    if not pattern:  # a rule that runs by the clock
        return False
    return all(_matches(pattern, "", _as_delivered(one)).value is True for one in _by_anybody(event))


def _by_anybody(event: Event) -> list[Event]:
    return [event] if _WHO in event else [{**event, _WHO: who} for who in _PEOPLE]


# ---- selectors of trails ---------------------------------------------------------------------------------------------


def _records(selector: Mapping[str, Any], event: Event) -> bool:
    ways = {"true": ("All", "ReadOnly"), "false": ("All", "WriteOnly")}[event["readOnly"]]
    return (
        selector.get("IncludeManagementEvents") is True
        and selector.get("ReadWriteType") in ways
        and event["eventSource"] not in (selector.get("ExcludeManagementEventSources") or ())
    )


_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "Equals": str.__eq__,
    "StartsWith": str.startswith,
    "EndsWith": str.endswith,
}


def _field_holds(field: Mapping[str, Any], event: Event) -> bool:
    """Whether all that a field selector asks of a field holds; a field that is not told may have any value."""
    value = event.get(str(field.get("Field")))
    if value is None:
        return False
    for name, test in _TESTS.items():
        wanted, refused = field.get(name) or (), field.get(f"Not{name}") or ()
        if (wanted and not any(test(value, one) for one in wanted)) or any(test(value, one) for one in refused):
            return False
    return True


# ---- rules of EventBridge --------------------------------------------------------------------------------------------


def _as_delivered(event: Event) -> Event:
    """The event as EventBridge has it."""
    kind = "AWS Console Sign In via CloudTrail" if event["eventType"] == "AwsConsoleSignIn" else ""
    return {
        "source": f"aws.{event['eventSource'].split('.')[0]}",
        "detail-type": kind or "AWS API Call via CloudTrail",
        **{f"detail.{name}": value for name, value in event.items()},
    }


def _matches(pattern: Any, path: str, event: Event) -> Answer:
    if isinstance(pattern, Mapping):
        return all_of(_member(name, inner, path, event) for name, inner in pattern.items())
    if path not in event or not isinstance(pattern, list):
        return unknown(path)
    return any_of(_item(one, event[path]) for one in pattern)


def _member(name: str, inner: Any, path: str, event: Event) -> Answer:
    if name == "$or" and isinstance(inner, list):
        return any_of(_matches(one, path, event) for one in inner)
    return _matches(inner, f"{path}.{name}" if path else name, event)


def _item(item: Any, value: str) -> Answer:
    """Whether one of the alternatives of a pattern holds for a value, "" for none."""
    if isinstance(item, Mapping):
        return all_of(_operator(str(name), wanted, value) for name, wanted in item.items())
    return known(isinstance(item, str) and value != "" and item == value)


def _operator(name: str, wanted: Any, value: str) -> Answer:
    if name == "exists":
        return known(wanted is (value != ""))
    if value == "":
        return NO
    if name == "anything-but":
        return ~any_of(_item(one, value) for one in (wanted if isinstance(wanted, list) else [wanted]))
    return _of_text(name, wanted, value) if isinstance(wanted, str) else unknown(name)


def _of_text(name: str, wanted: str, value: str) -> Answer:
    match name:
        case "prefix":
            return known(value.startswith(wanted))
        case "suffix":
            return known(value.endswith(wanted))
        case "equals-ignore-case":
            return known(value.lower() == wanted.lower())
        case "wildcard":
            return known(covers(wanted.replace("?", "\N{REPLACEMENT CHARACTER}"), value))
        case _:
            return unknown(name)
