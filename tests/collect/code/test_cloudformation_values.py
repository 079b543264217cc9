"""The values of CloudFormation's functions, compared with moto's, and values that stay unknown."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.collect.code.language.templates.evaluation import TooMuchError
from preuve.collect.code.language.templates.intrinsics import REST
from preuve.collect.code.language.templates.resources import resolve
from preuve.collect.code.language.templates.source import TemplateError, line_of, parse
from preuve.collect.code.language.values.value import OneOf, Unknown, is_known
from preuve.collect.code.verdict.marks import given as given_to_checkov

PARAMETERS = {
    "Address": {"Type": "String", "Default": "0.0.0.0"},
    "Names": {"Type": "CommaDelimitedList", "Default": "a,b,c"},
    "Only": {"Type": "String", "AllowedValues": ["one"], "Default": "one"},
}
MAPPINGS = {"Table": {"x": {"p": "1", "q": "2"}, "y": {"p": "1", "q": "3"}}}
CONDITIONS = {
    "Yes": {"Fn::Equals": [{"Ref": "Only"}, "one"]},
    "No": {"Fn::Not": [{"Condition": "Yes"}]},
    "Both": {"Fn::And": [{"Condition": "Yes"}, {"Condition": "No"}]},
    "Some": {"Fn::Or": [{"Condition": "No"}, {"Condition": "Yes"}]},
}
PLAIN = st.text("ab/.,0-", min_size=1, max_size=6)


def calls(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Functions of texts whose value is a text."""
    texts = st.lists(inner, min_size=1, max_size=3)
    names = st.sampled_from(["Address", "Only"])
    return st.one_of(
        st.builds(lambda between, parts: {"Fn::Join": [between, parts]}, st.sampled_from(["", "/", ", "]), texts),
        st.builds(lambda name, rest: {"Fn::Sub": f"${{{name}}}{rest}"}, names, PLAIN),
        st.builds(lambda value, rest: {"Fn::Sub": [f"${{One}}{rest}", {"One": value}]}, inner, PLAIN),
        st.builds(lambda parts: {"Fn::Select": [len(parts) - 1, parts]}, texts),
        st.builds(lambda text: {"Fn::Select": ["0", {"Fn::Split": ["/", text]}]}, inner),
        st.builds(lambda name, *both: {"Fn::If": [name, *both]}, st.sampled_from(sorted(CONDITIONS)), inner, inner),
        st.builds(lambda *keys: {"Fn::FindInMap": ["Table", *keys]}, st.sampled_from("xy"), st.sampled_from("pq")),
        st.builds(lambda text: {"Fn::Base64": text}, PLAIN),
    )


VALUES = st.recursive(
    st.one_of(PLAIN, st.builds(lambda name: {"Ref": name}, st.sampled_from(["Address", "Only"]))), calls, max_leaves=6
)


def value_of(written: Any, **sections: Any) -> Any:
    """Return the value of a property."""
    template = {
        "Parameters": PARAMETERS | {"Open": {"Type": "String"}},
        "Mappings": MAPPINGS,
        "Conditions": CONDITIONS | {"Undecided": {"Fn::Equals": [{"Ref": "Open"}, "x"]}},
        "Resources": {"R": {"Type": "AWS::S3::Bucket", "Properties": {"It": written}}},
        **sections,
    }
    return resolve(parse(json.dumps(template))).resources[0].properties["It"]


@given(VALUES)
def test_computed_values_agree_with_moto(written: Any) -> None:
    from moto.cloudformation.parsing import ResourceMap, clean_json

    template = {"Parameters": PARAMETERS, "Mappings": MAPPINGS, "Conditions": CONDITIONS, "Resources": {}}
    stack = ResourceMap(
        "arn:aws:cloudformation:eu-west-3:123456789012:stack/s/1", "s", {}, {}, "eu-west-3", "1" * 12, template, {}
    )
    stack.load()
    expected = clean_json(json.loads(json.dumps(written)), stack)
    assert value_of(written) == (expected.decode() if isinstance(expected, bytes) else expected)


NOT_KNOWN = st.sampled_from(
    [
        {"Ref": "Open"},
        {"Ref": "AWS::NotificationARNs"},
        {"Ref": "Nothing"},
        {"Fn::ImportValue": "x"},
        {"Fn::ImportValue": {"Fn::Sub": "${Stack}-x"}},
        {"Fn::Anything": "x"},
        {"Fn::GetAtt": ["R", "Arn"]},
        {"Fn::Transform": {"Name": "Macro"}},
        {"Fn::If": ["Undecided", "a", "b"]},
        {"Fn::FindInMap": ["Table", {"Ref": "Open"}, "q"]},
        {"Fn::FindInMap": ["Table", "x", "missing"]},
        {"Fn::Cidr": ["not a block", 1, 8]},
        "{{resolve:ssm:/a}}",
        "{{resolve:secretsmanager:a:SecretString:b}}",
        None,
    ]
)


def around(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Functions and structures that keep something of what they are given."""
    return st.one_of(
        st.builds(lambda part, rest: {"Fn::Join": ["/", [rest, part]]}, inner, PLAIN),
        st.builds(lambda part, rest: {"Fn::Sub": [f"{rest}${{One}}", {"One": part}]}, inner, PLAIN),
        st.builds(lambda part: {"Fn::Select": [1, ["a", part]]}, inner),
        st.builds(lambda part: {"Fn::Select": [0, {"Fn::Split": ["/", part]}]}, inner),
        st.builds(lambda part: {"Fn::If": ["Undecided", part, "a"]}, inner),
        st.builds(lambda part: {"Fn::If": ["Yes", part, "a"]}, inner),
        st.builds(lambda part: {"Fn::ToJsonString": {"a": part}}, inner),
        st.builds(lambda part: {"Fn::FindInMap": ["Table", "x", "none", {"DefaultValue": part}]}, inner),
        st.builds(lambda part: {"a": [part]}, inner),
    )


@given(st.recursive(NOT_KNOWN, around, max_leaves=4))
def test_every_value_made_from_an_unknown_is_unknown(written: Any) -> None:
    assert not is_known(value_of(written))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ({"Fn::Sub": "${!Address}/${Address}"}, "${Address}/0.0.0.0"),
        ({"Fn::FindInMap": ["Table", {"Ref": "AWS::Region"}, "p"]}, "1"),
        ({"Fn::FindInMap": ["Table", "z", "p", {"DefaultValue": "d"}]}, "d"),
        ({"Fn::Cidr": ["10.0.0.0/16", 2, 8]}, ["10.0.0.0/24", "10.0.1.0/24"]),
        ({"Fn::Length": {"Ref": "Names"}}, 3),
        ({"Fn::ToJsonString": {"a": [1, {"Ref": "Only"}]}}, '{"a":[1,"one"]}'),
        ([1, {"Ref": "AWS::NoValue"}, {"Fn::If": ["No", 2, {"Ref": "AWS::NoValue"}]}], [1]),
        ({"a": {"Fn::If": ["No", 2, {"Ref": "AWS::NoValue"}]}, "b": 1}, {"b": 1}),
        ({"Fn::If": ["Undecided", {"a": 1, "b": 2}, {"a": 1, "b": 2}]}, {"a": 1, "b": 2}),
        ({"Fn::ForEach::L": ["N", {"Ref": "Names"}, {"k${N}": {"Ref": "N"}}]}, {"ka": "a", "kb": "b", "kc": "c"}),
    ],
)
def test_values_of_functions_are_computed(written: Any, value: Any) -> None:
    assert value_of(written) == value


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ({"Ref": "R"}, True),
        ({"Fn::GetAtt": "R.Arn"}, True),
        ({"Ref": "AWS::AccountId"}, True),
        ({"Fn::Select": [0, {"Fn::GetAZs": ""}]}, True),
        ("{{resolve:secretsmanager:x}}", False),
        ("{{resolve:ssm-secure:x}}", False),
        ({"Fn::Sub": "{{resolve:secretsmanager:${R}:SecretString:password}}"}, False),
        ({"Fn::Join": ["", ["{{resolve:", "ssm:/x}}"]]}, False),
        ({"Fn::GetAtt": ["R", "Value"]}, False),
        ({"Fn::GetAtt": ["R", "Outputs.KeyArn"]}, False),
        ({"Ref": "Custom"}, False),
        ({"Fn::GetAtt": ["Custom", "Arn"]}, False),
    ],
)
def test_only_names_given_by_aws_count_as_generated(written: Any, made: bool) -> None:
    resources = {
        "R": {"Type": "AWS::S3::Bucket", "Properties": {"It": written}},
        "Custom": {"Type": "Custom::Made"},
    }
    value = value_of(None, Resources=resources)
    assert isinstance(value, Unknown)
    assert value.made is made


@pytest.mark.parametrize("kind", ["AWS::ServiceCatalog::CloudFormationProvisionedProduct", "AWS::New::Product"])
@pytest.mark.parametrize("written", [{"Fn::GetAtt": "P.Outputs.CidrIp"}, {"Fn::Sub": "${P.Outputs.CidrIp}"}])
def test_what_another_template_puts_out_may_be_anything(kind: str, written: Any) -> None:
    resources = {"R": {"Type": "AWS::S3::Bucket", "Properties": {"It": written}}, "P": {"Type": kind}}
    value = value_of(None, Resources=resources)
    assert isinstance(value, Unknown)
    assert not value.made


_U = {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-3"]}


@pytest.mark.parametrize(
    ("own", "common", "value"),
    [
        (None, {"It": {"a": 1}}, {"a": 1}),
        ({"It": {"b": 2}}, {"It": {"a": 1, "b": 1}}, {"a": 1, "b": 2}),
        ({"It": ["b"]}, {"It": ["a"]}, ["a", "b"]),
        ({"It": {"Ref": "AWS::NoValue"}}, {"It": {"a": 1}}, None),
        ({"It": {"a": {"Ref": "AWS::NoValue"}, "b": 2}}, {"It": {"a": 1}}, {"b": 2}),
        ({"It": {"Fn::If": ["U", {"b": 2}, {"b": 2}]}}, {"It": {"a": 1}}, {"b": 2}),
        ({"It": {"b": 2}}, {"It": {"Fn::If": ["U", {"a": 1}, {"a": 1}]}}, {"b": 2}),
        ({"It": [1]}, {"It": {"a": 1}}, [1]),
    ],
)
def test_globals_complete_what_is_written_before_functions_are_worked_out(own: Any, common: Any, value: Any) -> None:
    function = {"Type": "AWS::Serverless::Function"} | ({"Properties": own} if own else {})
    template = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Conditions": {"U": _U},
        "Globals": {"Function": common},
        "Resources": {"F": function},
    }
    assert resolve(parse(json.dumps(template))).resources[0].properties.get("It") == value


def test_what_an_include_brings_into_globals_may_complete_any_property() -> None:
    include = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://a/b"}}}
    template = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Globals": {"Function": {"It": include}},
        "Resources": {"F": {"Type": "AWS::Serverless::Function", "Properties": {"It": {"b": 2}}}},
    }
    found = resolve(parse(json.dumps(template))).resources[0].properties["It"]
    assert found["b"] == 2
    assert isinstance(found[REST], Unknown)


def stored(value: Any, **more: Any) -> dict[str, Any]:
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}, **more}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ({"Fn::GetAtt": "Stored.Value"}, "0.0.0.0/0"),
        ({"Fn::Sub": "${Stored.Value}"}, "0.0.0.0/0"),
        ({"Fn::GetAtt": ["Again", "Value"]}, "0.0.0.0/0"),
        ({"Fn::GetAtt": ["Network", "CidrBlock"]}, "10.0.0.0/16"),
        ({"Fn::GetAtt": ["Perhaps", "Value"]}, "0.0.0.0/0"),
    ],
)
def test_an_attribute_returns_what_the_template_writes_there(written: Any, value: Any) -> None:
    assert value_of(written, Resources=_resources(written)) == value


@pytest.mark.parametrize("name", ["Open", "Hidden", "Round", "Unwritten", "Answer"])
def test_an_attribute_of_which_the_value_is_not_written_is_unknown(name: str) -> None:
    written = {"Fn::GetAtt": [name, "Value"]}
    parameters = PARAMETERS | {"Open": {"Type": "String"}, "Secret": {"Type": "String", "NoEcho": True, "Default": "a"}}
    value = value_of(written, Resources=_resources(written), Parameters=parameters)
    assert isinstance(value, Unknown)
    assert not value.made


def _resources(written: Any) -> dict[str, Any]:
    return {
        "R": {"Type": "AWS::S3::Bucket", "Properties": {"It": written}},
        "Stored": stored({"Fn::Join": ["/", [{"Ref": "Address"}, "0"]]}),
        "Again": stored({"Fn::GetAtt": "Stored.Value"}),
        "Perhaps": stored("0.0.0.0/0", Condition="Undecided"),
        "Network": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "Open": stored({"Ref": "Open"}),
        "Hidden": stored({"Ref": "Secret"}),
        "Round": stored({"Fn::GetAtt": "Back.Value"}),
        "Back": stored({"Fn::GetAtt": "Round.Value"}),
        "Unwritten": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String"}},
        "Answer": {"Type": "Custom::Answer", "Properties": {"Value": "0.0.0.0/0"}},
    }


@pytest.mark.parametrize(
    ("asserted", "known"),
    [
        ({"Fn::Equals": [{"Ref": "Only"}, "one"]}, True),
        ({"Fn::Not": [{"Fn::Equals": [{"Ref": "Only"}, "one"]}]}, False),
        ({"Fn::Contains": [["two"], {"Ref": "Only"}]}, False),
        ({"Fn::Equals": [{"Ref": "Address"}, "10.0.0.0"]}, True),
    ],
)
def test_a_default_that_an_assertion_may_refuse_is_unknown(asserted: Any, known: bool) -> None:
    rules = {"R": {"Assertions": [{"Assert": asserted}]}}
    assert is_known(value_of({"Ref": "Only"}, Rules=rules)) is known
    never = {"R": {"RuleCondition": {"Fn::Equals": ["a", "b"]}, **rules["R"]}}
    assert is_known(value_of({"Ref": "Only"}, Rules=never))


def test_the_line_is_that_of_the_deciding_property() -> None:
    text = "\n".join(
        [
            "Resources:",
            "  Group:",
            "    Type: AWS::EC2::SecurityGroup",
            "    Properties:",
            "      SecurityGroupIngress:",
            "        - CidrIp: 10.0.0.0/8",
            "        - IpProtocol: tcp",
            "          CidrIp: !Join",
            "            - /",
            "            - ['0.0.0.0', 0]",
        ]
    )
    for form in (text, text.replace("\n", "\r\n"), text + "\n# the end\n"):
        path = ["Resources", "Group", "Properties", "SecurityGroupIngress"]
        assert [line_of(parse(form), [*path, *rest]) for rest in ([], [0], [1, "CidrIp"], [1, "Missing"])] == [
            5,
            6,
            8,
            7,
        ]


@pytest.mark.parametrize("text", ["{", "a: [", "? [a]\n: b", "a: 1\na: 2", "<<: 1\n", "a: *b", "[" * 5000])
def test_an_invalid_template_is_an_error_with_its_line(text: str) -> None:
    with pytest.raises(TemplateError):
        parse(text)


def test_json_may_contain_tabs_and_surrogates() -> None:
    assert parse('{\t"a":\t"b",\n\t"c": 1}') == {"a": "b", "c": 1}
    assert parse('{"a": "\\ud83d\\ude00", "b": "\\/"}') == {"a": "😀", "b": "/"}


@pytest.mark.parametrize("start", ["text", {"Ref": "Open"}])
@pytest.mark.parametrize(
    "step",
    [
        lambda value: {"Fn::Sub": ["${A}-${A}", {"A": value}]},
        lambda value: {"Fn::ToJsonString": [value]},
        lambda value: {"Fn::Join": ['"', [{"Fn::ToJsonString": [value]}, "a"]]},
    ],
    ids=["sub", "json", "both"],
)
def test_a_value_that_doubles_at_each_step_is_stopped(step: Any, start: Any) -> None:
    written = start
    for _ in range(40):
        written = step(written)
    try:
        found = given_to_checkov(value_of(written))
    except TooMuchError:
        return
    assert len(found) < 1_000_000


@pytest.mark.parametrize("items", [[{"Ref": "Open"}], ["a", {"Ref": "Open"}], ["{{resolve:ssm:/x}}"], {"Ref": "Open"}])
def test_a_loop_over_unknown_names_may_add_keys_to_a_mapping(items: Any) -> None:
    named = ["N", items, {"${N}": True}]
    once = ["M", ["a"], {"Fn::ForEach::L": named}]
    below = ["N", items, {"k": {"${N}": True}}]
    assert REST in value_of({"b": 1, "Fn::ForEach::L": named})
    assert REST in value_of({"b": 1, "Fn::ForEach::O": once})
    assert REST in value_of({"b": 1, "Fn::ForEach::L": below})["k"]
    if isinstance(items, list):
        assert REST not in value_of({"b": 1, "Fn::ForEach::L": below})


def test_a_loop_may_override_a_value() -> None:
    said = value_of({"b": 1, "c": 2, "Fn::ForEach::L": ["N", [{"Ref": "Open"}], {"${N}": 2}]})
    assert isinstance(said["b"], Unknown)
    assert said["c"] == 2
    named = value_of({"b": 1, "c": 2, "Fn::ForEach::L": ["N", {"Ref": "Open"}, {"b${N}": 3}]})
    assert isinstance(named["b"], Unknown)
    assert named["c"] == 2


def test_an_include_in_a_loop_may_add_anything() -> None:
    body = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://a/b"}}}
    assert REST in value_of({"b": 1, "Fn::ForEach::L": ["N", ["a"], body]})


@pytest.mark.parametrize("outer", [11, 1000])
def test_nested_loops_are_stopped(outer: int) -> None:
    many = [str(number) for number in range(1000)]
    inner = {"Fn::ForEach::B": ["B", many, {"R${A}${B}": {"Type": "AWS::S3::Bucket"}}]}
    with pytest.raises(TooMuchError):
        value_of(None, Resources={"Fn::ForEach::A": ["A", many[:outer], inner]})


ROWS = {"x": {"p": "1", "r": "5"}, "y": {"p": "2", "r": "5"}, "z": {"p": "2"}, "w": {"Fn::Transform": {"Name": "M"}}}


@pytest.mark.parametrize(
    ("rows", "written", "options"),
    [
        ("xy", ["p"], ["1", "2"]),
        ("yz", ["p"], "2"),  # all rows agree
        ("xyz", ["p"], ["1", "2"]),  # each once
        ("xz", ["r"], "5"),  # AWS makes no stack with a key that leads to nothing
        ("xz", ["r", {"DefaultValue": "d"}], ["5", "d"]),
        ("z", ["r"], None),
        ("xw", ["r"], None),  # what a macro brings may be there
    ],
)
def test_an_unknown_key_leads_to_what_is_there(rows: str, written: list[Any], options: list[str] | str | None) -> None:
    table = {"Table": {name: ROWS[name] for name in rows}}
    value = value_of({"Fn::FindInMap": ["Table", {"Ref": "Open"}, *written]}, Mappings=table)
    if isinstance(value, Unknown):
        assert (list(value.values) if isinstance(value, OneOf) else None) == options
    else:
        assert value == options
