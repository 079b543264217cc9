"""Conditions on settings: what holds, what does not, and what is not known."""

from __future__ import annotations

from typing import Any

import pytest

from preuve.collect.code.judgements.settings import said
from preuve.collect.code.verdict.marks import MADE, OPAQUE, OPEN

VAR = f"{OPAQUE}${{var.x}}"
NAME = f"{MADE}${{aws_kms_key.x.arn}}"
ON = {"at": "a.on", "is": True, "absent": "fail"}

TWO = {"at": "s", "distinct": 2, "absent": "fail"}
OTHER, SOME = f"{OPAQUE}${{Fn::ImportValue}}", f"{MADE}${{aws_subnet.x.*.id}}"
ACCOUNT = f"{MADE}${{data.aws_caller_identity.c.account_id}}"
REGION = f"{MADE}${{module.here.data.aws_region.c.name}}"
S3 = {"at": "n", "matches": "(?is)(.*[.])?s3[.-].*", "absent": "fail"}
STATE = {"at": "n", "matches": "(?i).*tf-?state.*", "absent": "fail"}
CLASSED = {"tag": "Class", "must": {"at": "Value", "is": "secret", "absent": "fail"}, "absent": "fail"}
NARROW = {"at": "r", "ranges": "narrow", "absent": "fail"}


@pytest.mark.parametrize(
    ("condition", "body", "result"),
    [
        (ON, {"a": [{"on": [True]}]}, "PASSED"),
        (CLASSED, {"Tags": [{"Key": "Class", "Value": " secret "}]}, "PASSED"),
        (CLASSED, {"Tags": {"Class": "secret "}}, "PASSED"),
        (CLASSED, {"Tags": [{"Key": "Class", "Value": "top secret"}]}, "FAILED"),
        (ON, {"a": [{"on": [True]}, {"on": [False]}]}, "FAILED"),
        (ON, {"a": [{"on": [True]}, {}]}, "FAILED"),
        (ON, {"a": {"on": "true"}}, "PASSED"),
        (ON, {"a": {"on": 1}}, "UNKNOWN"),
        (ON, {"a": {"on": VAR}}, "UNKNOWN"),
        (ON, {"a": VAR}, "UNKNOWN"),
        (ON, {"a": {OPEN: VAR}}, "UNKNOWN"),
        (ON, {OPEN: VAR}, "UNKNOWN"),
        (ON, {"a": {"on": False, OPEN: VAR}}, "FAILED"),
        (ON, {"dynamic": [{"a": {"for_each": [VAR], "content": [{"on": [True]}]}}]}, "UNKNOWN"),
        (ON, {"dynamic": [{"a": {"for_each": [VAR], "content": [{"on": [False]}]}}]}, "FAILED"),
        (ON, {"dynamic": [{"b": {"for_each": [VAR], "content": [{"on": [True]}]}}]}, "FAILED"),
        (ON | {"absent": "pass"}, {"dynamic": [{"a": {"for_each": [VAR], "content": [{"on": [True]}]}}]}, "PASSED"),
        ({"at": "n", "at_most": 5, "absent": "fail"}, {"n": "6"}, "FAILED"),
        ({"at": "n", "at_most": 5, "absent": "fail"}, {"n": ["five"]}, "UNKNOWN"),
        ({"at": "n", "at_least": 7, "absent": "fail"}, {"n": "010"}, "UNKNOWN"),  # eight to YAML
        ({"at": "n", "is": "22", "absent": "fail"}, {"n": [22.0]}, "PASSED"),
        ({"at": "l", "is": ["a", "b"], "absent": "fail"}, {"l": [["a", "c"]]}, "FAILED"),
        ({"at": "l", "holds": "c", "absent": "fail"}, {"l": [["a", "c"]]}, "PASSED"),
        ({"at": "l", "holds": "c", "absent": "fail"}, {"l": [["a", VAR]]}, "UNKNOWN"),
        ({"at": "l", "holds": "c", "absent": "fail"}, {"l": [[]]}, "FAILED"),
        (NARROW, {"r": [["0.0.0.0/1", "128.0.0.0/1"]]}, "FAILED"),
        (NARROW, {"r": [[f"52.{number}.0.0/16" for number in range(256)]]}, "FAILED"),
        (NARROW, {"r": [[f"52.{number}.0.0/16" for number in range(255)]]}, "PASSED"),
        (NARROW, {"r": [["::/0", VAR]]}, "FAILED"),
        (NARROW, {"r": [["192.0.2.0/24", VAR]]}, "UNKNOWN"),
        (NARROW, {"r": [[f"{VAR}/32"]]}, "PASSED"),
        (NARROW, {"r": [[]]}, "FAILED"),
        (STATE, {"n": f"logs-{ACCOUNT}"}, "FAILED"),
        (STATE, {"n": f"{ACCOUNT}-logs-{REGION}"}, "FAILED"),
        (STATE, {"n": f"{ACCOUNT}-tfstate-{REGION}"}, "PASSED"),
        (STATE, {"n": f"tf-{REGION}"}, "FAILED"),
        (STATE, {"n": f"logs-{VAR}"}, "UNKNOWN"),
        (STATE, {"n": f"logs-{MADE}${{random_id.r.hex}}"}, "UNKNOWN"),  # its prefix may be a word
        (STATE, {"n": f"logs-{MADE}${{random_pet.r.id}}"}, "UNKNOWN"),
        (STATE, {"n": f"logs-{OPAQUE}${{module.m.random_string.r[0].result}}"}, "FAILED"),
        (STATE, {"n": f"tfstat{OPAQUE}${{random_string.r.result}}"}, "UNKNOWN"),  # a letter completes the word
        (STATE, {"n": f"{OPAQUE}${{random_string.r.result}}fstate"}, "UNKNOWN"),
        (STATE, {"n": f"tfstat{OPAQUE}${{random_integer.r.result}}"}, "FAILED"),
        (STATE, {"n": f"tfstate-{OPAQUE}${{random_integer.r.result}}"}, "PASSED"),
        (STATE, {"n": f"{OPAQUE}${{random_uuid.r.result}}-{VAR}"}, "UNKNOWN"),
        (STATE, {"n": ACCOUNT}, "UNKNOWN"),  # it may not be set
        (STATE, {"n": f"{OPAQUE}${{aws_s3_bucket.b[0].website_endpoint}}"}, "UNKNOWN"),
        (S3, {"n": f"{OPAQUE}${{aws_s3_bucket.b[0].website_endpoint}}"}, "PASSED"),
        (S3, {"n": f"{MADE}${{module.m.aws_s3_bucket.b.bucket_regional_domain_name}}"}, "PASSED"),
        (S3, {"n": f"{OPAQUE}${{aws_s3_bucket.b.website_domain}}"}, "UNKNOWN"),
        (S3, {"n": VAR}, "UNKNOWN"),
        (STATE, {"n": f"{OPAQUE}${{= data.aws_caller_identity.c.account_id}}-logs"}, "UNKNOWN"),
        (STATE, {"n": f'{{"a": "{ACCOUNT}"}}'}, "UNKNOWN"),
        (STATE | {"matches": "aurora-[a-z.]+.*"}, {"n": f"mysql-{VAR}"}, "FAILED"),
        (STATE | {"matches": "(?!mysql).*"}, {"n": f"mysql-{VAR}"}, "UNKNOWN"),
        (TWO, {"s": [VAR]}, "UNKNOWN"),
        (TWO, {"s": [[f"{OPAQUE}${{aws_subnet.x[0].id}}"]]}, "FAILED"),
        (TWO, {"s": [[f"{OPAQUE}${{module.vpc.subnets[0]}}"]]}, "FAILED"),
        (TWO, {"s": [f"{OPAQUE}${{module.vpc.subnets[0]}}"]}, "UNKNOWN"),
        (TWO, {"s": [[VAR]]}, "UNKNOWN"),
        (TWO, {"s": [["a", "b", OTHER]]}, "PASSED"),
        (TWO, {"s": [["a", NAME]]}, "PASSED"),
        (TWO, {"s": [[OTHER, OTHER]]}, "UNKNOWN"),
        (TWO, {"s": [[OTHER, VAR]]}, "UNKNOWN"),
        (TWO, {"s": [["a", "a", VAR]]}, "UNKNOWN"),
        (TWO, {"s": [["a", "a"]]}, "FAILED"),
        (TWO | {"distinct": 3}, {"s": [[NAME, OTHER]]}, "FAILED"),
        (TWO, {"s": [SOME]}, "UNKNOWN"),
        ({"at": "k", "set": True}, {"k": [""]}, "FAILED"),
        ({"at": "k", "set": True}, {"k": [NAME]}, "PASSED"),
        ({"at": "k", "set": True}, {"k": [VAR]}, "UNKNOWN"),
        ({"at": "k", "set": True, "unless": ["alias/aws/*"]}, {"k": "alias/aws/s3"}, "FAILED"),
        ({"at": "k", "set": True, "unless": ["alias/aws/*"]}, {"k": NAME}, "PASSED"),
        ({"each": "b", "must": ON, "absent": "skip"}, {}, None),
        ({"some": "b", "must": {"at": "x", "is": 1, "absent": "fail"}}, {"b": [{"x": [2]}, {"x": [1]}]}, "PASSED"),
        ({"some": "b", "must": {"at": "x", "is": 1, "absent": "fail"}}, {"b": [{"x": [2]}, {"x": [VAR]}]}, "UNKNOWN"),
        ({"if": {"at": "x", "is": 1, "absent": "fail"}, "then": "pass", "else": "fail"}, {"x": VAR}, "UNKNOWN"),
        ({"if": {"at": "x", "is": 1, "absent": "fail"}, "then": "fail", "else": "fail"}, {"x": VAR}, "FAILED"),
        ({"if": {"at": "x", "is": 1, "absent": "fail"}, "then": "pass", "else": "skip"}, {"x": VAR}, "PASSED"),
        ({"if": {"at": "x", "is": 1, "absent": "fail"}, "then": "fail", "else": "skip"}, {"x": VAR}, "UNKNOWN"),
        ({"if": {"at": "x", "is": 1, "absent": "fail"}, "then": "skip", "else": "skip"}, {"x": VAR}, None),
        ({"all": ["pass", {"elsewhere": "y"}]}, {}, "UNKNOWN"),
        ({"all": ["fail", {"elsewhere": "y"}]}, {}, "FAILED"),
        ({"any": ["pass", {"elsewhere": "y"}]}, {}, "PASSED"),
        ({"beside": "aws_x", "by": "id", "must": "pass"}, {}, "UNKNOWN"),
        ({"named": "id", "type": "aws_x", "must": "pass", "else": "fail"}, {"id": "x"}, "FAILED"),
    ],
)
def test_conditions_give_their_results(condition: Any, body: dict[str, Any], result: str | None) -> None:
    assert said(condition, body).result == result


def test_the_deciding_argument_is_named_by_its_path() -> None:
    found = said(ON, {"a": [{"on": [True]}, {"on": [False]}]})
    assert found.keys == ("a/[1]/on",)


def test_an_argument_that_replaces_an_unset_one_is_named_too() -> None:
    asked = {"at": "b.on", "is": True, "absent": {"at": "engine", "is": "valkey", "absent": "fail"}}
    assert said({"each": "a", "must": asked}, {"a": [{"engine": "redis"}]}).keys == ("a/[0]/b/on", "a/[0]/engine")


def test_an_unknown_result_names_its_cause() -> None:
    assert said(ON, {"a": {"on": VAR}}).causes == ("unresolved: var.x",)
    assert said({"elsewhere": "subnet_id"}, {}).causes == ("depends on a value that is not in the code: subnet_id",)
    assert said({"of_stack": "its tags"}, {}).causes == ("depends on a value that the stack provides: its tags",)


def test_a_case_that_fails_names_what_it_looked_at() -> None:
    old = {"if": {"at": "version", "matches": "5.*", "absent": "fail"}, "then": "fail", "else": "pass"}
    mine = {"if": {"at": "engine", "is": "mysql", "absent": "fail"}, "then": old, "else": "skip"}
    assert said(mine, {"engine": "mysql", "version": "5.7"}).keys == ("version",)
    assert said({**mine, "else": "fail"}, {"engine": "oracle"}).keys == ("engine",)
    assert said({**mine, "then": ON}, {"engine": "mysql", "a": {"on": False}}).keys == ("a/[0]/on",)
