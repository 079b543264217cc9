"""Normalises IAM policy documents: scalars become lists, principals are split by kind, condition keys become lower
case.

A statement that is invalid, or that has an unknown element, is kept without an effect, so that the meaning of the
document is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from preuve.documents.document import Condition, Document, Principal, Statement, Unknown, as_of

_ACCOUNT = re.compile(r"([0-9]{12})|arn:[^:]*:[^:]*:[^:]*:([0-9]{12}):.*", re.DOTALL)
_LISTS = ("Action", "NotAction", "Resource", "NotResource")
_ELEMENTS = {"Sid", "Effect", "Principal", "NotPrincipal", "Condition", *_LISTS}


def iam_document(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the typed form of a parsed IAM policy document (see `docs/formats.md`, transform `policy`)."""
    return {
        "Version": str(document.get("Version", "")),
        "Id": str(document.get("Id", "")),
        "Statement": [
            _statement(item if isinstance(item, Mapping) else {}) for item in _list(document.get("Statement"))
        ],
    }


def document_of(typed: Mapping[str, Any]) -> Document:
    """Return the document of a typed form, for questions about its meaning."""
    version = typed.get("Version", "")
    return Document(
        tuple(as_of(version, _read(item, number)) for number, item in enumerate(typed.get("Statement", ())))
    )


def _read(typed: Mapping[str, Any], number: int) -> Statement:
    place = f"Statement[{number}]"
    effect, sid = typed.get("Effect", ""), typed.get("Sid", "")
    return Statement(
        effect=effect if effect in ("Allow", "Deny") else Unknown(f"{place}.Effect is neither Allow nor Deny"),
        actions=tuple(typed.get("Action", ())) or None,
        not_actions=tuple(typed.get("NotAction", ())) or None,
        resources=tuple(typed.get("Resource", ())) or None,
        not_resources=tuple(typed.get("NotResource", ())) or None,
        principals=_principals_of(typed.get("Principal", ())),
        not_principals=_principals_of(typed.get("NotPrincipal", ())),
        conditions=tuple(
            Condition(one["Operator"], one["Key"], tuple(one["Values"])) for one in typed.get("Condition", ())
        ),
        place=f"{place} ({sid})" if sid else place,
    )


def _principals_of(typed: Iterable[Mapping[str, str]]) -> tuple[Principal, ...] | None:
    return tuple(Principal(one["Kind"], one["Value"]) for one in typed) or None


def _statement(statement: Mapping[str, Any]) -> dict[str, Any]:
    understood = set(statement) <= _ELEMENTS and isinstance(statement.get("Condition", {}), Mapping)
    return {
        "Sid": str(statement.get("Sid", "")),
        "Effect": str(statement.get("Effect", "")) if understood else "",
        **{name: [str(item) for item in _list(statement.get(name))] for name in _LISTS},
        "Principal": _principals(statement.get("Principal")),
        "NotPrincipal": _principals(statement.get("NotPrincipal")),
        "Condition": _conditions(statement.get("Condition")),
    }


def _principals(value: Any) -> list[dict[str, str]]:
    if value is None:
        return []
    by_kind = value if isinstance(value, Mapping) else {"AWS": value}
    return [
        {"Kind": "AWS" if kind == "*" else str(kind), "Value": str(item), "Account": _account(str(item))}
        for kind, items in by_kind.items()
        for item in _list(items)
    ]


def _account(value: str) -> str:
    match = _ACCOUNT.fullmatch(value)
    return (match.group(1) or match.group(2)) if match else ""


def _conditions(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, Mapping):
        return []
    return [
        {"Operator": str(operator), "Key": str(key).lower(), "Values": [_text(item) for item in _list(items)]}
        for operator, keys in value.items()
        if isinstance(keys, Mapping)
        for key, items in keys.items()
    ]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
