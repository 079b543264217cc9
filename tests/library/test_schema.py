"""The validator tries the alternative with matching keys first, and its errors are those of jsonschema."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from preuve.library.yaml.place import content_root
from preuve.library.yaml.schema import validator

_RULES = "scanners/iac.schema.json"
_RECORD = "reports/schemas/evidence-record.schema.json"
_SCALARS = st.sampled_from(["pass", "fail", "aws", "x", 1, 2, True, None])
_KEYS = st.sampled_from(["at", "is", "absent", "set", "each", "must", "if", "then", "all", "called", "ports", "other"])
_SETTINGS = st.recursive(
    _SCALARS, lambda inner: st.dictionaries(_KEYS, inner, max_size=3) | st.lists(inner, max_size=2), max_leaves=6
)


def _said(error: ValidationError) -> tuple[Any, ...]:
    inner = tuple(map(_said, error.context or ()))
    return (list(error.absolute_path), list(error.schema_path), error.message, inner)


@given(_SETTINGS, st.sampled_from(["all", "${params.x}", [22], [], {"at": "x"}, None]))
def test_our_validator_gives_the_same_errors_as_jsonschema(setting: Any, ports: Any) -> None:
    document = {
        "metadata": {"id": "CKV2_PREUVE_A", "name": "a", "category": "IAM"},
        "scope": {"provider": "aws"},
        "judgement": {"ask": "settings", "resources": {"aws_x": setting}, "ports": ports},
    }
    plain = Draft202012Validator(json.loads((content_root() / _RULES).read_text(encoding="utf-8")))
    assert list(map(_said, validator(_RULES).iter_errors(document))) == list(map(_said, plain.iter_errors(document)))


@given(
    st.dictionaries(
        st.sampled_from(["id", "status", "waiver", "observed"]), _SETTINGS | st.sampled_from(["PASS", 1.0])
    ),
    st.dictionaries(st.sampled_from(["evaluated", "status", "message"]), st.sampled_from(["PASS", "x", 1, True, 1.0])),
)
def test_members_of_a_plain_type_are_looked_at_as_jsonschema_does(item: Any, result: Any) -> None:
    plain = Draft202012Validator(json.loads((content_root() / _RECORD).read_text(encoding="utf-8")))
    document = {"items": [item], "result": result}
    ours, theirs = (set(map(repr, map(_said, one.iter_errors(document)))) for one in (validator(_RECORD), plain))
    assert ours == theirs
