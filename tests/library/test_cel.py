"""Conditions: typed by AWS's own models, evaluated on plain data, with no verdict after an error."""

from __future__ import annotations

import gc
import sys
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from content_copy import bundled, linted
from preuve.library.cel import CelError, CheckedCondition, Outcome, Typing, compile_program
from preuve.library.cel.functions import cidr_prefix, cidr_public, globs
from preuve.library.validation.checked_rule import reads
from preuve.library.validation.shapes import (
    INTEGER,
    STRING,
    ListOf,
    MapOf,
    RelatedType,
    Scalar,
    Shape,
    ShapeError,
    Struct,
    declared,
    message_name,
    of_botocore,
    operation_model,
    steps,
    walk,
)

from .binding import by_binding


@pytest.fixture(scope="module")
def typing() -> Typing:
    """The type checker over the bundled collectors."""
    return linted().checker.typing


def read(checked: CheckedCondition, type_name: str) -> frozenset[str]:
    return reads(checked).get(message_name(type_name), frozenset())


def refused(typing: Typing, condition: str, type_name: str) -> CelError:
    with pytest.raises(CelError) as caught:
        typing.check(condition, type_name)
    return caught.value


# ---- shapes -------------------------------------------------------------------------------------------------------


def output(service: str, operation: str) -> Shape:
    return of_botocore(operation_model(service, operation).output_shape, service)


def test_types_come_from_the_models() -> None:
    buckets = output("s3", "ListBuckets")
    assert walk(buckets, "Buckets[].Name") == STRING
    assert isinstance(walk(buckets, "Buckets"), ListOf)
    status = walk(output("s3", "GetBucketVersioning"), "Status")
    assert isinstance(status, Scalar) and status.enum == ("Enabled", "Suspended")
    summary = walk(output("iam", "GetAccountSummary"), "SummaryMap")
    assert isinstance(summary, MapOf) and summary.value == INTEGER
    assert walk(output("kms", "DescribeKey"), "KeyMetadata.CreationDate") == replace(STRING, time=True)  # RFC 3339


def test_recursive_shapes_are_cut_at_their_repetition() -> None:
    rule = walk(output("wafv2", "GetWebACL"), "WebACL.Rules[].Statement")
    deeper = walk(rule, "AndStatement.Statements[].NotStatement.Statement")
    assert isinstance(rule, Struct) and isinstance(deeper, Struct)
    assert set(deeper.fields) == set(rule.fields)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("Bucketz[]", "no member Bucketz in s3_ListBucketsOutput; it has "),
        ("Owner[]", "Owner is not a list"),
        ("Buckets[].Name.First", "First cannot be reached"),
        ("Buckets.Name", "Name cannot be reached"),
        ("Buckets[0].Name", "is not a path such as Rules[].Status"),
    ],
)
def test_a_path_missing_from_the_model_is_refused(path: str, message: str) -> None:
    with pytest.raises(ShapeError) as caught:
        walk(output("s3", "ListBuckets"), path)
    assert message in str(caught.value)


def test_declared_members_have_declared_types() -> None:
    assert declared("list<map<integer>>") == ListOf(MapOf(INTEGER))
    with pytest.raises(ShapeError, match="unknown type number"):
        declared("number")
    assert steps("A.B[].C") == [("A", False), ("B", True), ("C", False)]


def test_relations_of_a_collector_are_members() -> None:
    members = linted().checker.shapes.members("AWS::S3::Bucket")
    assert members["KeysByArn"] == RelatedType("AWS::KMS::Key", many=True)
    assert members["Tags"] == MapOf(STRING)
    assert members["Arn"] == STRING  # made from the template
    assert isinstance(members["Policy"], Struct) and members["Policy"].name == "PolicyDocument"


# ---- types --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_name", "condition"),
    [
        ("AWS::S3::Bucket", 'resource.Tags[?"Owner"].orValue("") == "x"'),
        ("AWS::S3::Bucket", "resource.Encryption.Rules.all(r, has(r.ApplyServerSideEncryptionByDefault))"),
        ("AWS::S3::Bucket", "resource.KeysByArn.exists(k, k.Aliases.exists(a, a.Keys.size() > 0))"),  # a cycle
        ("AWS::S3::Bucket", 'resource.Policy.Statement.exists(s, s.Effect == "Deny" && "*" in s.Action)'),
        ("AWS::EC2::Volume", "now - timestamp(resource.CreateTime) < days(90)"),
        ("AWS::EC2::Volume", 'resource.?KmsKeyId.orValue("") != "" && region.Name in org.regions'),
        ("AWS::Account", 'resource.Summary["AccountMFAEnabled"] == 1'),
    ],
)
def test_conditions_on_lists_maps_relations_and_documents_are_typed(
    typing: Typing, type_name: str, condition: str
) -> None:
    assert typing.check(condition, type_name).references


@pytest.mark.parametrize(
    ("type_name", "condition", "message", "column"),
    [
        ("AWS::S3::Bucket", "resource.Tags.Owner == 1", "== has string on one side and int on the other", 21),
        (
            "AWS::S3::Bucket",
            "resource.Encryption.Rules.ApplyServerSideEncryptionByDefault",
            "cannot be the operand of a select operation",
            26,
        ),
        ("AWS::S3::Bucket", "resource.Policy.Statement.exists(s, s.Actions.size() > 0)", "no member Actions", 38),
        ("AWS::EC2::Volume", "resource.Encrypted == 1", "== has bool on one side and int on the other", 20),
        ("AWS::EC2::Volume", "resource.Size", "of type INT", 1),
        ("AWS::EC2::Volume", "resource.Encrypted &&", "ends too early", 22),
        ("AWS::EC2::Volume", "cidr_public(resource.Size)", "cidr_public does not take (int)", 12),
        ("AWS::EC2::Volume", "params.no_such == 1", "no member no_such in Params", 7),
    ],
)
def test_a_condition_that_cannot_be_valid_is_refused_at_its_column(
    typing: Typing, type_name: str, condition: str, message: str, column: int
) -> None:
    error = refused(typing, condition, type_name)
    assert message in str(error)
    assert (error.line, error.column) == (1, column)


def test_an_error_is_at_the_line_of_its_condition(typing: Typing) -> None:
    error = refused(typing, "resource.Encrypted\n&& true\n&& resource.Sise > 1", "AWS::EC2::Volume")
    assert (error.line, error.column) == (3, 12)


# ---- references ---------------------------------------------------------------------------------------------------


def test_all_members_that_a_condition_reads_are_references(typing: Typing) -> None:
    checked = typing.check(
        "resource.Encryption.Rules.all(r, r.BucketKeyEnabled) && "
        'resource.KeysByArn.exists(k, k.KeyState == "Enabled" || k.Aliases.exists(a, a.AliasName != ""))',
        "AWS::S3::Bucket",
    )
    assert read(checked, "AWS::S3::Bucket") == {"Encryption", "KeysByArn"}
    assert read(checked, "AWS::KMS::Key") == {"KeyState", "Aliases"}
    assert read(checked, "AWS::KMS::Alias") == {"AliasName"}
    assert reads(checked)["s3_ServerSideEncryptionRule"] == {"BucketKeyEnabled"}
    assert checked.variables >= {"resource"}


def test_only_members_that_the_condition_tests_first_are_guarded(typing: Typing) -> None:
    condition = "has(resource.KmsKeyId) && resource.?Size.orValue(1) > 0 && resource.Encrypted"
    checked = typing.check(condition, "AWS::EC2::Volume")
    mine = {(item.member, item.guarded) for item in checked.references if item.message == "type_AWS_EC2_Volume"}
    assert mine == {("KmsKeyId", True), ("Size", True), ("Encrypted", False)}


def test_comparisons_with_literals_are_found_on_both_sides(typing: Typing) -> None:
    condition = (
        'resource.State == "available" || "in-use" == resource.State || !(resource.VolumeType in ["gp2", "gp3"])'
    )
    checked = typing.check(condition, "AWS::EC2::Volume")
    assert {(item.member, item.literal) for item in checked.comparisons} == {
        ("State", "available"),
        ("State", "in-use"),
        ("VolumeType", "gp2"),
        ("VolumeType", "gp3"),
    }


def test_every_bundled_rule_reads_something() -> None:
    assert len(linted().rules) == sum(len(policy.aws) for policy in bundled().policies.values())
    for rule in linted().rules:
        own = rule.reads.get(message_name(rule.rule.resource), frozenset())
        assert own or rule.reads, rule.policy.id


# ---- evaluation ---------------------------------------------------------------------------------------------------


def fault(condition: str, resource: Any) -> Outcome:
    return compile_program(condition).evaluate({"resource": resource})


def outcome(condition: str, **variables: Any) -> bool | None:
    return compile_program(condition).evaluate({"resource": {}, **variables}).value


def test_evaluation_returns_true_false_or_an_error() -> None:
    assert outcome("resource.x == 1", resource={"x": 1}) is True
    assert outcome("resource.x == 1", resource={"x": 2}) is False
    missing = compile_program("resource.x == 1").evaluate({"resource": {}})
    assert missing.value is None
    assert "x" in missing.error
    assert compile_program("resource.x").evaluate({"resource": {"x": "yes"}}).value is None


def test_an_error_beside_a_deciding_operand_does_not_hide_the_result() -> None:
    assert outcome("resource.x == 1 || true") is True
    assert outcome("resource.x == 1 && true") is None


@pytest.mark.parametrize(
    "condition",
    [
        "resource.l.exists(x, x == 1) && cel.bind(m, 3, m == 3)",
        "!resource.l.all(x, x != 1) && cel.bind(m, resource.l, m.size() == 2)",
        'resource.l.all(e, cel.bind(m, e, m == e) && ["a", "b"].exists(x, x == "a"))',
        'resource.l.all(e, ["a", "b"].exists(x, x == "a") && cel.bind(m, e, cel.bind(n, m + 1, n == e + 1)))',
    ],
)
def test_a_variable_keeps_its_own_value_after_a_loop_that_ended_early(condition: str) -> None:
    """The binding kept the last element of a list under it, which is another verdict, or none."""
    assert outcome(condition, resource={"l": [1, 2]}) is True


@pytest.mark.parametrize(
    "condition",
    [
        "1u == 1u",
        "uint(1) - uint(2) < uint(0)",
        "type(resource.Attributes.QueueArn) == uint",
        "{?'a': optional.of(true)}['a']",
        "['x'].exists(optional, optional.size() == 1)",
    ],
)
def test_a_condition_that_is_not_evaluated_is_refused(typing: Typing, condition: str) -> None:
    with pytest.raises(CelError, match="conditions cannot use a"):
        typing.check(condition, "AWS::SQS::Queue")
    assert compile_program(condition).evaluate({"resource": {"QueueName": "q"}}).error.startswith("not evaluated: a")


def test_too_many_iterations_are_an_error() -> None:
    condition = "resource.l.all(a, resource.l.all(b, resource.l.all(c, a + b + c >= 0)))"
    result = compile_program(condition).evaluate({"resource": {"l": list(range(1000))}})
    assert result.value is None
    assert "budget" in result.error


def test_a_function_without_an_answer_is_an_error() -> None:
    result = compile_program("cidr_public(resource.c)").evaluate({"resource": {"c": "10.0.0.0/8; drop"}})
    assert result.value is None
    assert "does not appear to be an IPv4 or IPv6 network" in result.error


@pytest.mark.parametrize(
    "condition",
    [
        "public_access(resource.Policy).size() == 1",
        'globs(resource.Texts, "other")',
        'environment_of(resource.Tags, "prod") == "test"',
        'event_of("kms:DisableKey", resource.Tags).eventName == "DisableKey"',
        "cidrs_cover(resource.Blocks, resource.Blocks[0])",
    ],
)
def test_no_call_of_a_function_of_ours_leaves_anything_in_memory(condition: str) -> None:
    """The binding never frees what it gives to a function, nor what the function returns."""
    program = compile_program(condition)
    document = {"Statement": [{**EVERYONE["Statement"][0], "Resource": [f"r{number}" for number in range(50)]}]}
    tags = {"Environment": "test"}
    resource = {"Policy": document, "Texts": ["x", "o*"], "Tags": tags, "Blocks": ["10.0.0.0/8"]}
    whole = deepcopy(resource)
    assert program.evaluate({"resource": resource}).value is True
    gc.collect()
    before = sys.getallocatedblocks()
    for _ in range(200):
        program.evaluate({"resource": resource})
    gc.collect()
    assert sys.getallocatedblocks() - before < 200  # less than one a call
    assert resource == whole  # functions are given the data itself


@pytest.mark.parametrize("value", [None, True, 1, 1.5, "10.0.0.0/8", ["10.0.0.0/8"], {"a": "b"}])
@pytest.mark.parametrize(
    "condition",
    [
        "cidr_public(resource.x)",
        'globs(resource.x, "10.0.0.0/8")',
        'days(resource.x) > duration("1h")',
        'environment_of(resource.x, "prod") == "prod"',
        "public_access(resource.x).size() == 0",
    ],
)
def test_a_function_takes_the_same_kinds_as_in_the_binding(condition: str, value: Any) -> None:
    variables = {"resource": {"x": value}}
    ours, theirs = compile_program(condition).evaluate(variables), by_binding(condition, variables)
    assert (ours.value, bool(ours.error)) == (theirs.value, bool(theirs.error))


def test_the_caller_gives_the_current_time() -> None:
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    condition = "now - timestamp(resource.t) <= days(90)"
    assert outcome(condition, resource={"t": "2026-08-26T12:00:00Z"}, now=now) is True
    assert outcome(condition, resource={"t": "2026-08-26T11:59:59Z"}, now=now) is False
    assert outcome(condition, resource={"t": "2026-08-26T13:59:59+02:00"}, now=now) is False


# ---- functions ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("network", "public"),
    [
        ("0.0.0.0/0", True),
        ("0.0.0.0/1", True),
        ("128.0.0.0/1", True),
        ("64.0.0.0/2", True),
        ("::/0", True),
        ("::/1", True),
        ("8000::/1", True),
        ("2000::/3", True),
        ("2a01:cb00::/32", True),
        ("51.15.0.0/16", True),
        ("51.15.10.20/32", True),
        ("51.15.10.20", True),
        ("11.0.0.1/8", True),
        ("10.0.0.0/7", True),
        ("172.16.0.0/11", True),
        ("192.168.0.0/15", True),
        ("10.0.0.0/8", False),
        ("172.16.0.0/12", False),
        ("192.168.1.7/24", False),
        ("127.0.0.1/32", False),
        ("169.254.169.254/32", False),
        ("fd00::/8", False),
        ("fe80::/10", False),
        ("::1/128", False),
    ],
)
def test_networks_with_public_addresses_are_recognized(network: str, public: bool) -> None:
    assert cidr_public(network) is public


def test_prefix_lengths_are_read() -> None:
    assert [cidr_prefix(text) for text in ("0.0.0.0/0", "10.1.2.3/8", "10.1.2.3", "2a01::/32")] == [0, 8, 32, 32]


@pytest.mark.parametrize(
    ("pattern", "value", "match"),
    [
        ("s3:Get*", "S3:GETOBJECT", True),
        ("*", "iam:PassRole", True),
        ("iam:*", "iam:PassRole", True),
        ("iam:Pass????", "iam:PassRole", True),
        ("iam:Pass???", "iam:PassRole", False),
        ("iam:pass", "iam:PassRole", False),
        ("PassRole", "iam:PassRole", False),
        ("*:*Role", "iam:PassRole", True),
        ("s*t*", "sqs:GetQueueUrl", True),
        ("**", "", True),
        ("[a-z]", "b", False),
        ("a.c", "abc", False),
        ("", "", True),
        ("", "x", False),
        ("*ab*ab", "ab", False),
        ("a*", "a\nb", True),
    ],
)
def test_iam_wildcards_match_as_in_aws(pattern: str, value: str, match: bool) -> None:
    assert globs([pattern], value) is match
    assert globs(["nothing", pattern], value) is match
    assert globs([], value) is False


def test_a_hostile_pattern_takes_no_excessive_time() -> None:
    assert globs(["*a" * 30 + "b"], "a" * 2000) is False


EVERYONE = {"Statement": [{"Effect": "Allow", "Principal": [{"Kind": "AWS", "Value": "*"}], "Action": ["*"]}]}


def found_in(call: str, policy: object) -> str:
    lines = compile_program(f"{call}.size() == 0").explained({"resource": {"Policy": policy}})
    return next(line for line in lines if line.startswith("    public_access(")).partition(" = ")[2]


def test_a_function_on_documents_takes_a_document_and_returns_what_it_found(typing: Typing) -> None:
    checked = typing.check("public_access(resource.Policy).size() == 0", "AWS::SQS::Queue")
    assert {item.member for item in checked.references if item.message == "PolicyStatement"} >= {
        "Condition",
        "Principal",
    }
    with pytest.raises(CelError, match="public_access does not take"):
        typing.check("public_access(resource.Policy.Statement).size() == 0", "AWS::SQS::Queue")
    found = found_in("public_access(resource.Policy)", EVERYONE)
    assert found == '["Statement[0].Principal.AWS: *"]'


@pytest.mark.parametrize(
    ("operator", "key", "value"),
    [
        ("StringEqualsIfExists", "aws:principalorgid", "o-abcdefghij"),
        ("ForAllValues:StringLike", "aws:principalorgpaths", "o-abcdefghij/*"),
        ("ArnLike", "aws:principalarn", "arn:aws:iam::*:role/deploy"),
    ],
)
def test_a_condition_that_keeps_nobody_out_is_named(operator: str, key: str, value: str) -> None:
    condition = [{"Operator": operator, "Key": key, "Values": [value]}]
    policy = {"Statement": [{**EVERYONE["Statement"][0], "Condition": condition}]}
    found = found_in("public_access(resource.Policy)", policy)
    assert found == f'["Statement[0].Principal.AWS: * (Condition: {operator} {key})"]'


def test_an_error_names_its_members_and_not_the_condition() -> None:
    condition = "[resource.L.map(x, x.A)][resource.N.size()].size() == 0 || resource.M[0].A == 1"
    outcome = fault(condition, {"L": [], "N": [1], "M": []})
    assert (outcome.value, outcome.kind, outcome.where) == (None, "empty", "L, N")
    outcome = fault("resource.M[0].A == 1", {"M": []})
    assert (outcome.kind, outcome.where) == ("empty", "M[0]")


@pytest.mark.parametrize(
    ("condition", "where"),
    [
        ("resource.L.exists(l, l.M[0].A == 1)", "L[].M[0]"),
        ("resource.L.filter(l, l.N == 1).all(x, x.M[0].A == 1)", "L[].M[0]"),
        ("resource.L.map(l, l.M).all(m, m[0].A == 1)", "L[].M[0]"),
        ("cel.bind(known, resource.L.filter(l, l.N == 2), known[0].N == 1)", "L"),
        ('cel.bind(first, resource.L[0], first.O["a"].P == 1)', "L[0].O[a]"),
        ("resource.L.all(l, cel.bind(m, l.M, m[0].A == 1))", "L[].M[0]"),
        ("resource.L.all(l, resource.L.map(l, l.N)[1] == 1)", "L[1].N"),
        ("resource.?L.orValue([]).all(l, l.M[0].A == 1)", "L[].M[0]"),
        ('resource.L[0].O[?"b"].value() == 1', "L[0].O[b]"),
    ],
)
def test_an_error_names_no_variable_of_the_condition(condition: str, where: str) -> None:
    resource = {"L": [{"M": [], "N": 1, "O": {}}]}
    assert fault(condition, resource).where == where


def test_an_error_of_our_function_names_the_unclear_part_of_its_argument() -> None:
    acl = {"Rules": [{"Name": "a", "Statement": {"ManagedRuleGroupStatement": {"VendorName": "S", "Name": "G"}}}]}
    outcome = fault("web_acl_gaps(resource.Acl, {}, [], []).size() == 0", {"Acl": acl})
    assert (outcome.value, outcome.kind, outcome.where) == (None, "untold", "Rules[a]: S G")


def test_an_unclear_document_is_an_error_with_its_cause() -> None:
    program = compile_program("public_access(resource.Policy).size() == 0")
    outcome = program.evaluate({"resource": {"Policy": {"Statement": [{**EVERYONE["Statement"][0], "Effect": ""}]}}})
    assert outcome.value is None
    assert "Statement[0].Effect is neither Allow nor Deny" in outcome.error


@pytest.mark.parametrize(
    ("blocks", "whole", "expected"),
    [
        (["10.2.128.0/17", "10.2.0.0/17"], "10.2.0.0/16", True),
        (["10.0.0.0/8"], "10.2.0.0/16", True),
        (["10.2.0.0/17", "10.2.128.0/18"], "10.2.0.0/16", False),
        (["2a05:d012:1::/57", "2a05:d012:1:80::/57", "0.0.0.0/0"], "2a05:d012:1::/56", True),
        (["::/0"], "10.2.0.0/16", False),
        ([], "10.2.0.0/16", False),
    ],
)
def test_several_ranges_together_cover_another(blocks: list[str], whole: str, expected: bool) -> None:
    program = compile_program("cidrs_cover(resource.blocks, resource.whole)")
    assert program.evaluate({"resource": {"blocks": blocks, "whole": whole}}).value is expected


def test_ranges_of_several_rules_count_together() -> None:
    program = compile_program("cidrs_wide(resource.rules)")
    halves = {"resource": {"rules": [[["51.0.0.0/9", "10.0.0.0/8"]], [["51.128.0.0/9"], ["2a01::/48"]]]}}
    assert program.evaluate(halves).value is True
    assert program.evaluate({"resource": {"rules": [[["51.0.0.0/9", "51.0.0.0/9"]], [[]]]}}).value is False
    assert program.evaluate({"resource": {"rules": [[["224.0.0.0/4", "ff00::/8"]]]}}).value is False


@pytest.mark.parametrize("entries", ["resource.list: 1", "'a': 1, 'a': 2", "1: 'a', true: 'b'", "null: 1"])
def test_a_map_has_keys_of_text_once_each(entries: str) -> None:
    outcome = compile_program(f"{{{entries}}}.size() == 1").evaluate({"resource": {"list": []}})
    assert (outcome.value, bool(outcome.error)) == (None, True)
