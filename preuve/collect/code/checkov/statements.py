"""Which statements of a policy a check of Checkov is about: it does not tell the kinds of policies apart.

What an identity may do (`iam-no-…`) is no question for the policy of a key or a queue, in which `"*"` stands for that
key or queue: its statements name principals. Who may assume a role from a repository is one only for statements that
name a federated principal; Checkov stops at the first statement that does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from preuve.collect.code.checkov.trust import decoded
from preuve.collect.code.judgements.bodies import blocks
from preuve.collect.code.verdict.marks import is_marked, is_opaque

_DOCUMENT = "aws_iam_policy_document"
_OF_IDENTITIES = frozenset(
    {
        *("CKV_AWS_1", "CKV_AWS_49", "CKV_AWS_107", "CKV_AWS_108", "CKV_AWS_109", "CKV_AWS_110", "CKV_AWS_111"),
        *("CKV_AWS_356", "CKV2_AWS_40"),
    }
)
_OF_PRINCIPALS, _OF_REPOSITORIES, _ON_ROLES = "CKV_AWS_283", "CKV_AWS_358", "CKV_AWS_393"
_STOPS_AT_THE_FIRST = "CKV_AWS_63"  # statement of a template's policy
_NOT_TOLD = ("source_policy_documents", "override_policy_documents", "source_json", "override_json")

Body = Mapping[str, Any]


def concerns(check: str, kind: str, body: Body) -> bool:
    """Whether a check is about a block at all, as far as its statements are written out."""
    if kind != _DOCUMENT or check not in {*_OF_IDENTITIES, _OF_PRINCIPALS, _OF_REPOSITORIES}:
        return True
    surely, perhaps, hidden = blocks(body, "statement")
    statements = [*surely, *perhaps]
    others = check not in _OF_IDENTITIES and "dynamic" in body
    if hidden or others or any(name in body for name in _NOT_TOLD) or any("dynamic" in one for one in statements):
        return True
    if check in _OF_IDENTITIES:
        return not statements or not all("principals" in one or "not_principals" in one for one in statements)
    if check == _OF_PRINCIPALS:
        return any("principals" in one for one in statements)
    return any(_is_federated(one) for one in statements)


def unread(kind: str, body: Body) -> str:
    """What a document is made of beside its statements and those of documents in the code, which are judged alone."""
    names = [name for name in _NOT_TOLD if kind == _DOCUMENT and _is_open(body.get(name))]
    return "; ".join(f"not read: {name}" for name in names)


def _is_open(value: Any) -> bool:
    """Whether a document that is taken in is not known; one that is written out is judged where it stands."""
    if isinstance(value, list):
        return any(map(_is_open, value))
    return is_opaque(value)


def apart(check: str, body: Body) -> list[Body]:
    """The block as often as a check has to look at it: once for each statement that it is about."""
    if check in _OF_IDENTITIES:
        return [_for_identities(body)]
    if check == _OF_REPOSITORIES and "dynamic" not in body:
        found = [one for one in _statements(body.get("statement")) if _is_federated(one)]
        return [{**body, "statement": [one]} for one in found] or [body]
    if check == _STOPS_AT_THE_FIRST and isinstance(body.get("Properties"), Mapping):
        return [{**body, "Properties": one} for one in _each_statement(body["Properties"])] or [body]
    document = decoded(body.get("assume_role_policy")) if check == _ON_ROLES else None
    if document is not None:
        found = [one for one in _statements(document.get("Statement")) if "Federated" in str(one.get("Principal"))]
        return [{**body, "assume_role_policy": [{**document, "Statement": [one]}]} for one in found] or [body]
    return [body]


def _each_statement(properties: Body) -> Iterator[Body]:
    """The properties of a template's resource, once for each statement of its policies."""
    if isinstance(properties.get("Policies"), list):
        for policy in properties["Policies"]:
            inner = _each_statement(policy) if isinstance(policy, Mapping) else [policy]
            yield from ({**properties, "Policies": [one]} for one in inner)
    document = properties.get("PolicyDocument")
    if isinstance(document, Mapping) and isinstance(document.get("Statement"), list):
        for one in document["Statement"]:
            yield {**properties, "PolicyDocument": {**document, "Statement": [one]}}


def _for_identities(body: Body) -> Body:
    """A document without the statements that name principals: they are those of a key, a queue or a bucket, and no
    identity has what they grant."""
    written = list(_statements(body.get("statement")))
    kept = [one for one in written if "principals" not in one and "not_principals" not in one]
    return body if len(kept) == len(written) else {**body, "statement": kept}


def _statements(value: Any) -> Iterator[dict[str, Any]]:
    """A block that is written once is a map, twice a list."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield item
        elif isinstance(item, list):
            yield from _statements(item)


def _alone(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _is_federated(statement: Body) -> bool:
    """Whether a statement names a federated principal, or one whose type is not known."""
    types = [str(_alone(block.get("type"))) for block in _statements(statement.get("principals"))]
    return any("Federated" in kind or is_marked(kind) for kind in types)
