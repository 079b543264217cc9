"""Decides which CloudTrail events a trail records, and which events a metric filter or an EventBridge rule surely
matches; a rule sees events of its own account and region.

An event is given by some of its members: path (`userIdentity.type`) to value, "" if it has no such member. A
pattern's test of any other member may hold or not, so such a pattern does not surely match. Other events have the
form of EventBridge (`source`, `detail-type`, `detail.severity`); their value may be a span: the first and the last
of numbers with one decimal place.

docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from preuve.documents.answer import NO, Answer, all_of, any_of, known, unknown
from preuve.documents.captures.metric_filters import ANY_ADDRESS, BOOLEANS, is_address, takes
from preuve.documents.patterns import FRESH, covers, meets, sample_texts

Event = Mapping[str, str]
Delivered = Mapping[str, str | float]

_SIGN_IN = "signin"
# Callers that must all match if an event does not name one: the types of an identity but AWSService.
_PEOPLE = (
    *("IAMUser", "AssumedRole", "Root", "Role", "FederatedUser", "Directory", "AWSAccount", "IdentityCenterUser"),
    *("SAMLUser", "WebIdentityUser", "Unknown"),
)
_ABSENT = ("errorCode", "errorMessage", "userIdentity.invokedBy")  # members that a person's successful call lacks
_WHO, _CATEGORY = "userIdentity.type", "eventCategory"
_MANAGEMENT: Event = {_CATEGORY: "Management"}
_MOST_KINDS = 10_000
_FROM = "sourceIPAddress"  # a person's address, or the name of an AWS service


def event_of(call: str, more: Event) -> Event:
    """Return the CloudTrail event of a call that changes something (`kms:DisableKey`), with `more` members. Raises
    ValueError.
    """
    service, _, name = call.partition(":")
    if not name:
        raise ValueError(f"{call} names no call")
    kind = "AwsConsoleSignIn" if service == _SIGN_IN else "AwsApiCall"
    said = {"eventSource": f"{service}.amazonaws.com", "eventName": name, "eventType": kind, "readOnly": "false"}
    event = {**said, **dict.fromkeys(_ABSENT, ""), _FROM: ANY_ADDRESS, **_MANAGEMENT, **more}
    return {"managementEvent": str(event[_CATEGORY] == _MANAGEMENT[_CATEGORY]).lower(), **event}


def trail_records(selectors: Mapping[str, Any], event: Event) -> bool:
    """Return whether the selectors of a trail record the event, and whatever else a star in it may stand for."""
    return any(_records(one, event) for one in selectors.get("EventSelectors") or ()) or any(
        _takes(one.get("FieldSelectors") or (), event) for one in selectors.get("AdvancedEventSelectors") or ()
    )


def management_events(trails: Sequence[Mapping[str, Any]]) -> list[Event]:
    """Return management events, reading and writing, one for each kind that the selectors of trails tell apart.

    So what records these records all. Raises ValueError if they are too many.
    """
    told: dict[str, list[str]] = {}
    for name, pattern in (found for selectors in trails for found in _told_apart(selectors)):
        told.setdefault(name, []).append(pattern)
    kinds = {name: sample_texts(patterns) or () for name, patterns in told.items()}
    if math.prod(len(values) + 1 for values in kinds.values()) > _MOST_KINDS or () in kinds.values():
        raise ValueError("the selectors tell too many kinds of events apart")
    return [
        event_of(f"{FRESH}:{FRESH}", {"readOnly": reading, **dict(zip(kinds, values, strict=True))})
        for reading in ("true", "false")
        for values in product(*kinds.values())
    ]


def caught_by_filter(pattern: str, event: Event) -> bool:
    """Return whether a metric filter matches the event for every human caller. Raises ValueError if it is none."""
    return all(takes(pattern, one).value is True for one in _by_anybody(event))


def left_by_filter(pattern: str, event: Event) -> bool:
    """Return whether a metric filter matches no such event. Raises ValueError if members that are not told decide."""
    return not any_of(takes(pattern, one) for one in _by_anybody(event)).decided()


def caught_by_rule(pattern: Mapping[str, Any], event: Any, rule: str) -> bool:
    """Return whether an EventBridge rule (its ARN) matches the event; a CloudTrail event, for every human caller.

    Raises ValueError if an operator that is not known decides.
    """
    if not pattern:  # a scheduled rule
        return False
    _, _, _, region, account, _ = rule.split(":", 5)
    # Every event has an envelope: docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
    place = {"version": "0", "id": FRESH, "time": FRESH, "region": region, "account": account}
    if "source" in event:
        told = [{**one, **place} for one in _each_number(event)]
    else:
        here = {**place, "detail.awsRegion": region, "detail.recipientAccountId": account}
        told = [{**_as_delivered(one), **here} for one in _by_anybody(event)]
    return _surely(all_of(_matches(pattern, "", one) for one in told))


def _surely(answer: Answer) -> bool:
    """Return whether an answer is yes. Raises ValueError if an operator that is not known decides."""
    strange = [cause for cause in answer.causes if cause.startswith("{")]
    if answer.value is None and strange:
        raise ValueError("; ".join(strange))
    return answer.value is True


def passes_filter(filter_policy: Mapping[str, Any], scope: str, message: Event) -> bool:
    """Return whether the filter of a subscription lets a message pass that has no attributes and these members.

    Alarms and events bring no attributes. Raises ValueError if members that are not told decide.
    docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
    """
    sent = message if scope == "MessageBody" else dict.fromkeys(_attributes(filter_policy), "")
    return _matches(filter_policy, "", sent).decided()


def _attributes(filter_policy: Mapping[str, Any]) -> Iterator[str]:
    for name, inner in filter_policy.items():
        if name == "$or" and isinstance(inner, list):
            yield from (found for one in inner for found in _attributes(one))
        else:
            yield name


def _by_anybody(event: Event) -> list[Event]:
    return [event] if _WHO in event else [{**event, _WHO: who} for who in _PEOPLE]


# ---- selectors of trails ---------------------------------------------------------------------------------------------

_ALL_BUCKETS = re.compile("arn:[^:]*:s3(:::)?")
# What an operator of an advanced selector asks for, as a pattern. A star in its value is a letter: others stand for it.
_OPERATORS = {"Equals": "{}", "StartsWith": "{}*", "EndsWith": "*{}"}
_LETTERS = str.maketrans("*?", "\ue010\ue011")


def _told_apart(selectors: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the fields of management events that selectors look at, beside readOnly, each with a pattern of values."""
    for classic in selectors.get("EventSelectors") or ():
        yield from (("eventSource", source) for source in classic.get("ExcludeManagementEventSources") or ())
    for advanced in selectors.get("AdvancedEventSelectors") or ():
        fields = advanced.get("FieldSelectors") or ()
        if any(one.get("Field") == _CATEGORY and not _field_holds(one, _MANAGEMENT) for one in fields):
            continue
        for one in fields:
            for name, form in _OPERATORS.items() if one.get("Field") not in (_CATEGORY, "readOnly") else ():
                for pattern in (*_asked(one, name, form), *_asked(one, f"Not{name}", form)):
                    yield str(one.get("Field")), pattern


def _records(selector: Mapping[str, Any], event: Event) -> bool:
    ways = {"true": ("All", "ReadOnly"), "false": ("All", "WriteOnly")}[event["readOnly"]]
    if selector.get("ReadWriteType") not in ways:
        return False
    if event[_CATEGORY] == "Data":
        return any(_names(one, event) for one in selector.get("DataResources") or ())
    left_out = selector.get("ExcludeManagementEventSources") or ()
    return selector.get("IncludeManagementEvents") is True and event["eventSource"] not in left_out


def _names(resources: Mapping[str, Any], event: Event) -> bool:
    """Return whether the objects of a bucket are all among the resources of a selector."""
    bucket = event["resources.ARN"].removesuffix("*")
    return resources.get("Type") == event["resources.type"] and any(
        one == bucket or _ALL_BUCKETS.fullmatch(one) for one in resources.get("Values") or ()
    )


def _takes(fields: Sequence[Mapping[str, Any]], event: Event) -> bool:
    """Return whether an advanced selector takes the event: it must name the category, and all its fields must hold."""
    return any(one.get("Field") == _CATEGORY for one in fields) and all(_field_holds(one, event) for one in fields)


def _field_holds(field: Mapping[str, Any], event: Event) -> bool:
    """Return whether all that a field selector asks of a field holds for each value it may have; untold, for any."""
    value = event.get(str(field.get("Field")))
    asked = any(field.get(name) or field.get(f"Not{name}") for name in _OPERATORS)
    if value is None or not asked:
        return False
    for name, form in _OPERATORS.items():
        wanted = _asked(field, name, form)
        if wanted and not any(covers(one, value) for one in wanted):
            return False
        if any(meets(one, value) for one in _asked(field, f"Not{name}", form)):
            return False
    return True


def _asked(field: Mapping[str, Any], name: str, form: str) -> list[str]:
    return [form.format(one.translate(_LETTERS)) for one in field.get(name) or ()]


# ---- rules of EventBridge --------------------------------------------------------------------------------------------

_ANY_CASE = "equals-ignore-case"
_KNOWN = frozenset({"anything-but", "cidr", "exists", "numeric", "prefix", "suffix", "wildcard", _ANY_CASE})
_BOUNDS = {"<": operator.lt, "<=": operator.le, "=": operator.eq, ">=": operator.ge, ">": operator.gt}


def _as_delivered(event: Event) -> Delivered:
    """Return the event as EventBridge has it."""
    kind = "AWS Console Sign In via CloudTrail" if event["eventType"] == "AwsConsoleSignIn" else ""
    return {
        "source": f"aws.{event['eventSource'].split('.')[0]}",
        "detail-type": kind or "AWS API Call via CloudTrail",
        **{f"detail.{name}": value == "true" if name in BOOLEANS else value for name, value in event.items()},
    }


def _each_number(event: Mapping[str, Any]) -> list[Delivered]:
    """Return the event once for each number of a span."""
    spans = [(name, value) for name, value in event.items() if isinstance(value, list | tuple)]
    if not spans:
        return [event]
    name, (first, last) = spans[0]
    tenths = range(round(first * 10), round(last * 10) + 1)
    return [one for tenth in tenths for one in _each_number({**event, name: tenth / 10})]


def _matches(pattern: Any, path: str, event: Delivered) -> Answer:
    if isinstance(pattern, Mapping):
        return all_of(_member(name, inner, path, event) for name, inner in pattern.items())
    if path not in event or not isinstance(pattern, list):
        return unknown(path)
    return any_of(_item(one, event[path]) for one in pattern)


def _member(name: str, inner: Any, path: str, event: Delivered) -> Answer:
    if name == "$or" and isinstance(inner, list):
        return any_of(_matches(one, path, event) for one in inner)
    return _matches(inner, f"{path}.{name}" if path else name, event)


def _item(item: Any, value: str | float) -> Answer:
    """Return whether one of the alternatives of a pattern holds for a value, "" for none."""
    if isinstance(item, Mapping):
        strange = [name for name in item if name not in _KNOWN]
        return (
            unknown(*(f"{{{name}}}" for name in strange))
            if strange
            else all_of(_operator(name, wanted, value) for name, wanted in item.items())
        )
    if value == ANY_ADDRESS:
        return is_address(item) if isinstance(item, str) else NO
    return known(value != "" and isinstance(item, bool) is isinstance(value, bool) and item == value)


def _operator(name: str, wanted: Any, value: str | float) -> Answer:
    if name == "exists":
        return known(wanted is (value != ""))
    if value == "":
        return NO
    if name == "anything-but" and not isinstance(value, bool):
        return ~any_of(_item(one, value) for one in _each(wanted))
    if value == ANY_ADDRESS or isinstance(value, bool):  # operators on texts and numbers
        return unknown(name)
    if isinstance(value, str):
        if name in ("prefix", "suffix") and isinstance(wanted, Mapping) and [*wanted] == [_ANY_CASE]:
            wanted, value = str(wanted[_ANY_CASE]).lower(), value.lower()
        return _of_text(name, wanted, value) if isinstance(wanted, str) else unknown(name)
    return _within(wanted, value) if name == "numeric" and isinstance(wanted, list) else unknown(name)


def _each(unwanted: Any) -> list[Any]:
    """Return the alternatives behind `anything-but`: a list of values, or one operator with a value or several."""
    if isinstance(unwanted, Mapping):
        several = {name: one if isinstance(one, list) else [one] for name, one in unwanted.items()}
        return [{name: one} for name, values in several.items() for one in values] if len(several) == 1 else [unwanted]
    return unwanted if isinstance(unwanted, list) else [unwanted]


def _within(bounds: Sequence[Any], value: float) -> Answer:
    """Return whether a number keeps to bounds: `[">=", 7, "<", 9]`."""
    pairs = list(zip(bounds[::2], bounds[1::2], strict=False))
    if not pairs or any(sign not in _BOUNDS or not isinstance(bound, int | float) for sign, bound in pairs):
        return unknown("numeric")
    return known(all(_BOUNDS[sign](value, bound) for sign, bound in pairs))


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
