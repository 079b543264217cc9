"""Functions of conditions that have words of their own: `asks_…` and `found_…` among `words` of the locales."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from preuve.documents.patterns import FRESH
from preuve.library.cel.tree import Call, Const, Node

# Grouped by the required result: nothing found, true, false, or small.
FIND_NOTHING = frozenset(
    {
        *("public_access", "service_access", "external_access", "trust_without_external_id", "ci_trust"),
        *("ci_trust_beyond_repository", "admin_access", "privileged_access", "full_access", "privilege_escalation"),
        *("both_allowed", "web_acl_gaps"),
    }
)
ARE_TRUE = frozenset(
    {
        *("denied", "denied_but_to_named", "denied_elsewhere", "sender_allowed", "service_allowed"),
        *("trail_records", "filter_takes", "filter_leaves", "rule_takes", "subscription_takes"),
    }
)
ARE_FALSE = frozenset({"cidrs_wide", "cidrs_cover", "first_rule_wide"})
ARE_FEW = frozenset({"wide_ports"})
_EVENT = (
    *("eventSource", "eventName", "userIdentity.type", "errorCode", "errorMessage", "additionalEventData.MFAUsed"),
    *("source", "detail-type"),
)


def told(node: Node, *, wanted: bool) -> Call | None:
    """Return the call of a function with words of its own, if a part of a condition consists of it."""
    match node:
        case Call("_==_", (Call("size", (Call(name) as call,)), Const(0))) if name in FIND_NOTHING and wanted:
            return call
        case Call(name) if name in (ARE_TRUE if wanted else ARE_FALSE):
            return node
        case Call("_<=_", (Call(name) as call, Const())) if name in ARE_FEW and wanted:
            return call
    return None


def event_in_words(event: Any) -> str:
    """Return the identifying fields of a CloudTrail or EventBridge event; "" for anything else."""
    if not isinstance(event, Mapping):
        return ""
    values = [*(event.get(name, "") for name in _EVENT), "readOnly" if event.get("readOnly") == "true" else ""]
    return " ".join(str(value).replace(FRESH, "*") for value in values if value)
