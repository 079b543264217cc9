"""Tags of a block, as far as they are known without a plan."""

from __future__ import annotations

import pytest

from preuve.collect.code.verdict.marks import MADE, OPAQUE
from preuve.collect.code.verdict.tags import OF_ALL, tags_of
from preuve.model.snapshot import INHERITED, OPEN_BY


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({}, {}),
        ({"tags": [{"Environment": "prod"}]}, {"Environment": "prod"}),
        (
            {"tags": [{"Environment": f"{OPAQUE}${{var.environment}}", "Owner": "web"}]},
            {"Environment": None, "Owner": "web"},
        ),
        ({"tags": [{"Environment": f"a{OPAQUE}${{var.environment}}"}]}, {"Environment": "a…"}),
        ({"tags": [f"{OPAQUE}${{local.tags}}"]}, {"…": None, OPEN_BY: "local.tags"}),
        ({"tags": [f"{MADE}${{aws_x.y.name}}"]}, {"…": None, OPEN_BY: "aws_x.y.name"}),
        ({"tags": [{"PersonalData": True}]}, {"PersonalData": "true"}),
        ({"Tags": [{"Key": "Environment", "Value": "prod"}]}, {"Environment": "prod"}),
        ({"tag": {"key": "Environment", "value": "prod"}}, {"Environment": "prod"}),
        ({"tags": [{"A": " no\t", "B": f" a {OPAQUE}${{var.b}} "}]}, {"A": "no", "B": "a …"}),
        ({"Tags": [{"Key": "A", "Value": "secret "}]}, {"A": "secret"}),
        (
            {"tags": {"A": "no", "B": "b", "C": "c"}, OF_ALL: ["C", "A"]},
            {"A": "no", "B": "b", "C": "c", INHERITED: "A, C"},
        ),
        (
            {"tag": [{"key": ["Environment"], "value": ["prod"]}, {"key": ["A"], "value": [f"{OPAQUE}${{var.a}}"]}]},
            {"Environment": "prod", "A": None},
        ),
        ({"tag": {"key": "A", "value": "b"}, "dynamic": {"tag": {"for_each": f"{OPAQUE}${{var.tags}}"}}}, None),
        ({"tag": f"{OPAQUE}${{var.tag}}"}, None),
        ({"Tags": [{"Key": "Environment", "Value": {"Ref": "Environment"}}]}, {"Environment": None}),
    ],
)
def test_unknown_tags_are_not_guessed(attributes: dict[str, object], expected: object) -> None:
    assert tags_of(attributes) == expected
