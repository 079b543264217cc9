"""Blocks that are one statement of the policy of a resource, as the document that AWS makes of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from preuve.collect.code.judgements.bodies import Body, argument, blocks
from preuve.collect.code.judgements.documents.values import text_of
from preuve.collect.code.verdict.marks import OPEN, is_marked
from preuve.documents.document import Unknown

_SERVICES = (".amazonaws.com", ".amazonaws.com.cn", ".amazon.com")
# Not a service to AWS: an account, the ARN of its user or role, the id of a deleted one.
_OF_ACCOUNTS = re.compile(r"[0-9]{12}|arn:.*|A[A-Z0-9]{15,}", re.DOTALL)


def granted(body: Body, grant: Mapping[str, Any]) -> Any:
    """Return the document of a block that `scanners/iac/documents/grants.yaml` describes by its arguments."""
    if OPEN in body:
        return Unknown("properties that are not read", many=True)
    principal = _told(body, grant["principal"])
    if principal is None:
        return None if "Statement" in body else Unknown("a principal that is not set", many=True)
    conditions: dict[Any, dict[Any, Any]] = {}
    for name, (operator, key) in grant["conditions"].items():
        value = _told(body, name)
        if value is not None:
            conditions.setdefault(operator, {})[key] = value
    for inner in blocks(body, grant["condition"])[0] if "condition" in grant else ():
        operator, key, value = (_told(inner, name) for name in (grant["operator"], grant["key"], grant["value"]))
        conditions.setdefault(operator, {})[key] = value
    statement = {
        "Effect": "Allow",
        "Principal": _principal(principal),
        "Action": _told(body, grant["action"]),
        "Resource": "*",
        "Condition": conditions,
    }
    return {"Statement": [statement]}


def _principal(value: Any) -> Any:
    """Return a principal as AWS writes it; what is neither everybody nor of an account is a service."""
    text = value[0] if isinstance(value, list) else value
    if text == "*" or (isinstance(value, Unknown) and value.many):
        return value
    if isinstance(text, Unknown):
        return {"Service": value} if text.known[-1].endswith(_SERVICES) else value
    return {"AWS" if _OF_ACCOUNTS.fullmatch(str(text)) else "Service": value}


def _told(body: Body, name: str) -> Any:
    """Return the value of an argument, None if it is not set; to the provider an empty text is not set."""
    value = argument(body, name)
    found = text_of(value) if is_marked(value) else value
    return [found] if isinstance(found, Unknown) and not found.many else None if found == "" else found
