"""The trust policy of a role, as the check that asks whether anyone may assume it must read it.

Checkov's check knows one spelling of anyone and no condition: it passes `Principal = "*"` and a statement that stands
alone, and fails anyone of one organisation. Here each statement that opens the role says so in the spelling that the
check knows; one that a condition limits to an organisation, an account or known principals does not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from preuve.collect.code.checkov.rules import unresolved
from preuve.collect.code.verdict.marks import is_opaque
from preuve.library.iam.documents import iam_document

_CHECK = "CKV_AWS_60"
_ARGUMENTS = ("assume_role_policy", "AssumeRolePolicyDocument")
_OPERATOR = re.compile(r"(?:ForAnyValue:)?(?:StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike)")
_EXACT = re.compile(r"(?:ForAnyValue:)?StringEquals(?:IgnoreCase)?")
_KEYS = frozenset({"aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths"})
# As in policies/iam/iam-trust-not-wide.yaml.
_BOUND = re.compile(
    r"[0-9]{12}|(?:o-[a-z0-9]{10,32}|\$\{aws:ResourceOrgID\})(?:/.*)?|arn:[^:*?]+:[^:]*:[^:]*:[0-9]{12}:.*"
)
_WIDE = re.compile(r"[*?]|.*\$\{aws:", re.DOTALL)  # any beginning, or whatever whoever asks brings along

Body = Mapping[str, Any]


def with_trust_spelt_out(check: str, body: Body) -> Body:
    """The block as it is, or for the check on trust with a trust policy that this check understands."""
    if check != _CHECK:
        return body
    if isinstance(body.get("Properties"), Mapping):
        return {**body, "Properties": _spelt_out(body["Properties"])}
    return _spelt_out(body)


def _spelt_out(arguments: Body) -> Body:
    found = {name: document for name in _ARGUMENTS if (document := decoded(arguments.get(name))) is not None}
    wrapped = {name: isinstance(arguments[name], list) for name in found}
    read = {name: {**document, "Statement": _statements(document)} for name, document in found.items()}
    return {**arguments, **{name: [document] if wrapped[name] else document for name, document in read.items()}}


def decoded(argument: Any) -> dict[str, Any] | None:
    """The policy in an argument, which Checkov may have wrapped into a list or left a text; None where it is none."""
    value = argument[0] if isinstance(argument, list) and len(argument) == 1 else argument
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return None
    return value if isinstance(value, dict) else None


def _statements(document: Body) -> list[Any]:
    written = document.get("Statement", [])
    return [_statement(item) for item in (written if isinstance(written, list) else [written])]


def _statement(written: Any) -> Any:
    if not isinstance(written, Mapping):
        return written
    hidden = next(filter(is_opaque, _conditions(written)), None)
    if hidden is not None:  # whom it is open to is not known
        return {**written, "Principal": {"AWS": hidden}, "Condition": {}}
    (statement,) = iam_document({"Statement": written})["Statement"]
    everyone = any(principal["Value"] == "*" for principal in statement["Principal"])
    if statement["Effect"] == "Deny" or not (everyone or statement["NotPrincipal"]):
        return written
    limits = [values for condition in statement["Condition"] if (values := _limit(condition)) is not None]
    if limits and not statement["NotPrincipal"]:
        return {**written, "Principal": {"AWS": min(limits, key=len)}, "Condition": {}}
    return {**written, "Principal": {"AWS": "*"}}


def _conditions(statement: Body) -> Iterator[Any]:
    """The conditions of a statement as a whole and by their operators."""
    found = statement.get("Condition")
    yield found
    yield from found.values() if isinstance(found, Mapping) else ()


def _limit(condition: Body) -> list[str] | None:
    """Whom a condition limits a statement to, as far as it is open; None where it limits it to nobody in particular.

    What a value that is not known comes to is open only where it may hold a wildcard.
    """
    if condition["Key"] not in _KEYS or not _OPERATOR.fullmatch(condition["Operator"]):
        return None
    open_ = [value for value in condition["Values"] if not _BOUND.fullmatch(value)]
    if any(_WIDE.match(value) or not unresolved(value) for value in open_):
        return None
    return [] if _EXACT.fullmatch(condition["Operator"]) else [_organisation(value) for value in open_]


def _organisation(path: str) -> str:
    """What a path within an organisation begins with: whatever follows only narrows it."""
    first = path.split("/", 1)[0]
    return first if first.count("{") == first.count("}") else path
