"""What only holds for documents as AWS gives them back does not hold for documents that people write."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from content_copy import bundled
from preuve.collect.code.judgements.documents.block_documents import Table
from preuve.collect.code.judgements.documents.questions import public_access
from preuve.library.validation.code.code_rules import rendered

TABLE = Table.of(bundled().documents)
PARAMS = {name: item.value for name, item in bundled().parameters.items()} | {
    "trusted_account_ids": ["123456789012"],
}
ID = "AROACKCEVSQ6C2EXAMPLE"
STRANGE = {
    "a unique id": {"AWS": ID},
    "a unique id in a list": {"AWS": ["123456789012", ID]},
    "a unique id without a kind": ID,
    "anybody's canonical id": {"CanonicalUser": "*"},
}
OWN: Mapping[str, Any] = {"AWS": "arn:aws:iam::123456789012:root"}


def questions() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield each argument that a rule asks for known accounts, with what the rule asks."""
    for check, rule in sorted(bundled().code_rules.items()):
        asked = rendered(rule, PARAMS, bundled().reference).get("judgement") or {}
        if asked.get("ask") == "public_access":
            yield from (
                (kind, path, {**asked, "documents": TABLE, "id": check})
                for kind, arguments in sorted(TABLE.documents.items())
                for path, of in arguments.items()
                if of in asked["of"] and not path.endswith("[]")
            )


QUESTIONS = list(questions())
NAMES = [f"{asked['id']} {kind}.{path}" for kind, path, asked in QUESTIONS]


def judged(kind: str, path: str, asked: Mapping[str, Any], document: Any) -> str:
    body: Any = document
    for step in reversed(path.split(".")):
        body = {step: [body]}
    found = public_access(kind, body, asked)
    assert found is not None
    return found.result


def allowing(principal: Any) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "*", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.mark.parametrize(("kind", "path", "asked"), QUESTIONS, ids=NAMES)
def test_a_principal_that_does_not_show_whose_it_is_is_not_known(
    kind: str, path: str, asked: Mapping[str, Any]
) -> None:
    assert judged(kind, path, asked, allowing(OWN)) == "PASSED"
    for name, principal in STRANGE.items():
        known = "trusted" not in asked and ID in str(principal)  # nobody asks whose it is, and it is not everybody
        assert judged(kind, path, asked, allowing(principal)) == ("PASSED" if known else "UNKNOWN"), name


@pytest.mark.parametrize(("kind", "path", "asked"), QUESTIONS, ids=NAMES)
def test_a_list_without_statements_is_no_document(kind: str, path: str, asked: Mapping[str, Any]) -> None:
    assert judged(kind, path, asked, "[]") == "UNKNOWN"
