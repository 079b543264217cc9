"""Templates for policies: a wildcard, what is not known, or a name that is not known is never a PASS."""

from __future__ import annotations

import re
from typing import Any

import pytest

from content_copy import bundled
from preuve.collect.code.judgements.documents.block_documents import Table
from preuve.collect.code.judgements.documents.questions import unbounded_access
from preuve.collect.code.verdict.marks import MADE, OPAQUE

TABLE = Table.of(bundled().documents)
WHOLE = [name for name, statements in TABLE.templates.items() if statements]
BOUNDED = {"EFSWriteAccessPolicy"}  # by a condition
NOT_LIMITED = {"StepFunctionsCallbackPolicy"}  # AWS limits none of its actions to a resource


def arguments(name: str, value: Any) -> dict[str, Any]:
    named = set(re.findall(r"\{(\w+)\}", str(TABLE.templates[name]))) - {"region", "account"}
    return dict.fromkeys(named, value)


def result(*policies: Any) -> str | None:
    options = {"documents": TABLE, "of": ["identity"]}
    found = unbounded_access("AWS::Serverless::Function", {"Policies": list(policies)}, options)
    return found.result if found is not None else None


@pytest.mark.parametrize("name", WHOLE)
def test_a_template_is_judged_by_its_arguments(name: str) -> None:
    free = name in BOUNDED | NOT_LIMITED
    assert (result({name: arguments(name, "*")}) == "PASSED") == free
    assert (result({name: arguments(name, f"{OPAQUE}${{var}}")}) == "PASSED") == free
    assert result({name: arguments(name, {"Fn::X": 1})}) == result({name: arguments(name, None)}) == "UNKNOWN"
    for known in ("arn:aws:x:::name", f"{MADE}${{T}}"):
        assert result({name: arguments(name, known)}) == "PASSED"
    assert result({name: {}}) == result({f"{name}y": arguments(name, "x")}) == "UNKNOWN"
    assert result(name) is None  # the name of a policy, of which others ask


def test_what_names_no_argument_is_left_to_aws() -> None:
    assert all(result({name: {}}) is None for name in TABLE.templates if name not in WHOLE)
    assert result({OPAQUE + "${x}": {}}) == "UNKNOWN"
