"""A template passes only if it passes with every combination of values that its parameters allow."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from collect.code.conftest import Scan, Scanner
from preuve.model.snapshot import INHERITED, OUTSIDE

CHECK = "CKV_AWS_24"  # no group opens port 22 to the internet
CONDITIONS = {
    "Public": {"Fn::Equals": [{"Ref": "Access"}, "public"]},
    "Both": {"Fn::And": [{"Condition": "Public"}, {"Fn::Equals": [{"Ref": "Mode"}, "b"]}]},
    "Either": {"Fn::Or": [{"Condition": "Public"}, {"Fn::Equals": [{"Ref": "Mode"}, "b"]}]},
    "Never": {"Fn::And": [{"Fn::Equals": [{"Ref": "Mode"}, "a"]}, {"Fn::Equals": [{"Ref": "Mode"}, "b"]}]},
}
PARAMETERS = {  # the default first
    "From": ["443", "22", "8000"],
    "To": ["443", "22", "9000"],
    "Access": ["internal", "public"],
    "Mode": ["a", "b", "c"],
    "Network": ["10.0.0.0/8", "0.0.0.0/0"],
    "Mask": ["8", "0"],
}
PLAIN = [{"Ref": "Network"}, "10.0.0.0/8", {"Fn::Sub": "0.0.0.0/${Mask}"}, "0.0.0.0/0"]
RANGES = st.recursive(
    st.sampled_from(PLAIN),
    lambda inner: st.builds(
        lambda name, *both: {"Fn::If": [name, *both]}, st.sampled_from([*CONDITIONS]), inner, inner
    ),
    max_leaves=3,
)
PORTS = st.sampled_from([({"Ref": "From"}, {"Ref": "To"}), (22, {"Ref": "To"}), ({"Ref": "From"}, 9000), (443, 443)])


def template(rule: Mapping[str, Any], values: Mapping[str, str] | None = None) -> str:
    """A group with a rule; `values` are those of the parameters, which then allow no others."""
    chosen = values or {name: allowed[0] for name, allowed in PARAMETERS.items()}
    more = {name: {"AllowedValues": [values[name]] if values else allowed} for name, allowed in PARAMETERS.items()}
    properties = {"GroupDescription": "web", "SecurityGroupIngress": [rule]}
    return json.dumps(
        {
            "Parameters": {name: {"Type": "String", "Default": chosen[name], **more[name]} for name in PARAMETERS},
            "Conditions": CONDITIONS,
            "Resources": {"R": {"Type": "AWS::EC2::SecurityGroup", "Properties": properties}},
        }
    )


def every(rule: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    """Yield each combination of the values of the parameters that a rule depends on."""
    text = json.dumps(rule) + json.dumps([body for name, body in CONDITIONS.items() if name in json.dumps(rule)])
    lists = [allowed if name in text else allowed[:1] for name, allowed in PARAMETERS.items()]
    yield from (dict(zip(PARAMETERS, values, strict=True)) for values in product(*lists))


def result(found: Scan, file: str) -> str:
    (record,) = [line for line in found.of("record", "infra") if (line["file"], line["check"]) == (file, CHECK)]
    return str(record["result"])


@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(rules=st.lists(st.tuples(PORTS, RANGES), min_size=8, max_size=8))
def test_a_group_passes_only_if_every_combination_of_values_does(scan_files: Scanner, rules: Any) -> None:
    written = [{"IpProtocol": "tcp", "FromPort": one, "ToPort": to, "CidrIp": cidr} for (one, to), cidr in rules]
    files = {f"infra/{number}.json": template(rule) for number, rule in enumerate(written)}
    each = {
        f"infra/{number}-{place}.json": template(rule, values)
        for number, rule in enumerate(written)
        for place, values in enumerate(every(rule))
    }
    found = scan_files(files | each, kind="cloudformation", checks=frozenset({CHECK}))
    for number, rule in enumerate(written):
        alone = {result(found, name) for name in each if name.startswith(f"infra/{number}-")}
        assert (result(found, f"infra/{number}.json") == "PASSED") == (alone == {"PASSED"}), (rule, alone)


def test_what_several_values_fail_together_names_the_parameters(scan_files: Scanner) -> None:
    cidr = {"Fn::If": ["Both", "0.0.0.0/0", "10.0.0.0/8"]}
    rule = {"IpProtocol": "tcp", "FromPort": {"Ref": "From"}, "ToPort": 9000, "CidrIp": cidr}
    found = scan_files({"infra/a.json": template(rule)}, kind="cloudformation", checks=frozenset({CHECK}))
    (record,) = found.of("record", "infra")
    assert record["result"] == "UNKNOWN"
    assert record["detail"] == "Ref Access, Ref From, Ref Mode: other values that the template names fail together"


ACCESS = {"Ref": "Access"}
IF_OPEN = {"Fn::If": ["Open", "0.0.0.0/0", "10.0.0.0/8"]}
IN_MAP = {"internal": "10.0.0.0/8", "public": "0.0.0.0/0"}
BY_FIRST = {"M": {name: {"Cidr": cidr} for name, cidr in IN_MAP.items()}}
NAMED_BY: dict[str, tuple[Any, Mapping[str, Any], Any]] = {  # a range, the sections that name a value, what passes
    "equals": (IF_OPEN, {"Conditions": {"Open": {"Fn::Equals": [ACCESS, "public"]}}}, False),
    "reversed": (IF_OPEN, {"Conditions": {"Open": {"Fn::Equals": ["public", ACCESS]}}}, False),
    "nested": (
        IF_OPEN,
        {"Conditions": {"Open": {"Fn::Or": [{"Fn::Equals": [ACCESS, "x"]}, {"Fn::Equals": [ACCESS, "public"]}]}}},
        False,
    ),
    "first_key": ({"Fn::FindInMap": ["M", ACCESS, "Cidr"]}, {"Mappings": BY_FIRST}, False),
    "second_key": ({"Fn::FindInMap": ["M", "Cidr", ACCESS]}, {"Mappings": {"M": {"Cidr": IN_MAP}}}, False),
    "both_ways": (IF_OPEN, {"Conditions": {"Open": {"Fn::Equals": [ACCESS, "public"]}}, "Rules": {}}, False),
    "anything_else": (
        {"Fn::If": ["Asked", "10.0.0.0/8", "0.0.0.0/0"]},
        {"Conditions": {"Asked": {"Fn::Equals": [ACCESS, "internal"]}}},
        False,
    ),
    "closed_either_way": ("10.0.0.0/8", {"Conditions": {"Open": {"Fn::Equals": [ACCESS, "public"]}}}, True),
    "other_map": (
        {"Fn::FindInMap": ["M", "internal", "Cidr"]},
        {"Mappings": BY_FIRST, "Outputs": {"O": {"Value": {"Fn::FindInMap": ["M", ACCESS, "Cidr"]}}}},
        True,
    ),
}


def named_by(cidr: Any, sections: Mapping[str, Any], **parameter: Any) -> str:
    body = json.loads(template({"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": cidr}))
    parameters = {"Access": {"Type": "String", "Default": "internal", **parameter}}
    return json.dumps({"Resources": body["Resources"], "Parameters": parameters, **sections})


def test_values_that_the_template_names_count_as_those_that_it_allows(scan_files: Scanner) -> None:
    files = {f"infra/{name}.json": named_by(cidr, sections) for name, (cidr, sections, _) in NAMED_BY.items()}
    only = {"AllowedValues": ["internal", "other"]}  # it refuses what the condition names
    files |= {f"infra/{name}-only.json": named_by(*NAMED_BY[name][:2], **only) for name in ("equals", "nested")}
    found = scan_files(files, kind="cloudformation", checks=frozenset({CHECK}))
    passes = {f"infra/{name}.json" for name, (_, _, passing) in NAMED_BY.items() if passing}
    passes |= {name for name in files if name.endswith("-only.json")}
    assert {name: result(found, name) for name in files} == {
        name: "PASSED" if name in passes else "UNKNOWN" for name in files
    }


LOOP = {
    "Transform": "AWS::LanguageExtensions",
    "Parameters": {"Kind": {"Type": "String", "Default": "one", "AllowedValues": ["one", "two"]}},
    "Mappings": {"Open": {"one": {"To": ["10.0.0.0/8"]}, "two": {"To": ["10.0.0.0/8", "0.0.0.0/0"]}}},
    "Resources": {
        "Fn::ForEach::Rule": [
            "Cidr",
            {"Fn::FindInMap": ["Open", {"Ref": "Kind"}, "To"]},
            {
                "R&{Cidr}": {
                    "Type": "AWS::EC2::SecurityGroupIngress",
                    "Properties": {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": {"Ref": "Cidr"}},
                }
            },
        ]
    },
}


def test_a_resource_that_another_value_creates_is_judged(scan_files: Scanner) -> None:
    found = scan_files({"infra/a.json": json.dumps(LOOP)}, kind="cloudformation", checks=frozenset({CHECK}))
    said = {line["address"].partition(".")[2]: line["result"] for line in found.of("record", "infra")}
    assert said == {"R100008": "PASSED", "R00000": "UNKNOWN"}


@pytest.mark.parametrize(("count", "said"), [(40, "UNKNOWN"), (4, "PASSED")])
def test_more_values_than_are_tried_are_no_pass(scan_files: Scanner, count: int, said: str) -> None:
    rule = {"IpProtocol": "tcp", "FromPort": {"Ref": "From"}, "ToPort": {"Ref": "To"}, "CidrIp": "0.0.0.0/0"}
    body = json.loads(template(rule))
    for name, first in (("From", 8000), ("To", 9000)):
        ports = [str(first + number) for number in range(count)]
        body["Parameters"][name] = {"Type": "String", "Default": ports[0], "AllowedValues": ports}
    found = scan_files({"infra/a.json": json.dumps(body)}, kind="cloudformation", checks=frozenset({CHECK}))
    assert result(found, "infra/a.json") == said


VOLUME = "CKV_AWS_3"  # a volume is encrypted
STAGES = ["dev", "staging", "prod"]
IN_PROD = {"Fn::If": ["P", True, False]}


def volume(encrypted: Any, stages: list[str], *more: str) -> str:
    """A volume whose tag is one of several stages, the first by default."""
    parameters = {"E": stages, **{name: ["1", "2", "3", "4", "5"] for name in more}}
    tags = [{"Key": "Environment", "Value": {"Ref": "E"}}, *({"Key": name, "Value": {"Ref": name}} for name in more)]
    return json.dumps(
        {
            "Parameters": {
                name: {"Type": "String", "Default": values[0], "AllowedValues": values}
                for name, values in parameters.items()
            },
            "Conditions": {"P": {"Fn::Equals": [{"Ref": "E"}, "prod"]}},
            "Resources": {"R": {"Type": "AWS::EC2::Volume", "Properties": {"Encrypted": encrypted, "Tags": tags}}},
        }
    )


def test_a_check_by_tags_has_a_result_for_each_value_of_a_tag_that_does_not_pass(scan_files: Scanner) -> None:
    written = {
        "never": (volume(False, STAGES), [("FAILED", "dev"), ("UNKNOWN", "staging"), ("UNKNOWN", "prod")]),
        "in_prod": (volume(IN_PROD, STAGES), [("FAILED", "dev"), ("UNKNOWN", "staging")]),
        "but_in_prod": (volume({"Fn::If": ["P", False, True]}, STAGES), [("PASSED", "dev"), ("UNKNOWN", "prod")]),
        "prod_first": (volume(IN_PROD, STAGES[::-1]), [("PASSED", "prod"), ("UNKNOWN", "staging"), ("UNKNOWN", "dev")]),
        "always": (volume(True, STAGES), [("PASSED", "dev")]),
        "more_than_are_tried": (volume(False, STAGES, "A", "B", "C"), [("FAILED", "dev"), ("UNKNOWN", None)]),
    }
    files = {f"infra/{name}.json": text for name, (text, _) in written.items()}
    by_tags = frozenset({VOLUME})
    found = scan_files(files, kind="cloudformation", checks=by_tags, by_tags=by_tags)
    for name, (_, expected) in written.items():
        lines = [line for line in found.of("record", "infra") if line["file"] == f"infra/{name}.json"]
        assert {(line["result"], (line["tags"] or {}).get("Environment")) for line in lines} == set(expected), name
        assert len(lines) == len(expected), name  # of what is not tried there is one line


STACK = """resource "aws_cloudformation_stack" "s" {
  name          = "s"
  tags          = { Class = "secret", Owner = "shop" }
  template_body = jsonencode({ Resources = {
    R = { Type = "AWS::EC2::Volume", Properties = { Encrypted = false, Tags = [{ Key = "Owner", Value = "it" }] } }
  } })
}
"""
TAGGED = json.dumps({"Resources": {"R": {"Type": "AWS::EC2::Volume", "Properties": {"Encrypted": False}}}})
OF_PARENT = {"TemplateURL": "./t.json", "Tags": [{"Key": "Class", "Value": "secret"}]}


def test_what_a_stack_makes_has_the_tags_of_the_stack_below_its_own(scan_files: Scanner) -> None:
    found = scan_files({"infra/main.tf": STACK}, checks=frozenset({VOLUME}))
    assert [line["tags"] for line in found.of("record", "infra")] == [
        {OUTSIDE: None, INHERITED: "Class", "Class": "secret", "Owner": "it"}
    ]


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("p.json", json.dumps({"Resources": {"N": {"Type": "AWS::CloudFormation::Stack", "Properties": OF_PARENT}}})),
        ("samconfig.toml", '[default.deploy.parameters]\ntags = "Class=\\"secret\\""\n'),
        ("samconfig.yaml", "default: {deploy: {parameters: {tags: [Class=secret]}}}\n"),
        ("deployment.yaml", "template-file-path: t.json\ntags:\n  Class: secret\n"),
        ("deploy.sh", "aws cloudformation deploy --template-file t.json --tags \\\n  Class=secret\n"),
        ("deploy.sh", "aws cloudformation create-stack --template-body t.json --tags Key=Class,Value=secret\n"),
    ],
)
def test_a_tag_that_a_file_gives_the_stack_is_not_known(file: str, content: str, scan_files: Scanner) -> None:
    files = {"infra/t.json": TAGGED, f"infra/{file}": content}
    found = scan_files(files, kind="cloudformation", checks=frozenset({VOLUME}))
    assert [line["tags"] for line in found.of("record", "infra")] == [
        {OUTSIDE: None, INHERITED: "Class", "Class": None}
    ]


SECRET = {"Key": "Class", "Value": "secret"}


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        ([{"Fn::If": ["C", SECRET, {"Ref": "AWS::NoValue"}]}], {"…": None}),
        ({"Fn::If": ["C", [SECRET], []]}, {"…": None}),
        ([{"Key": {"Fn::Sub": "Cl${P}"}, "Value": "secret"}, SECRET], {"…": None, "Class": None}),
        ([{"Key": "Class", "Value": {"Ref": "P"}}], {"Class": None}),
        ({"Class": "secret"}, {"Class": None}),
        ([], {}),
    ],
)
def test_a_tag_that_a_parent_may_give_may_be_any(tags: Any, told: dict[str, None], scan_files: Scanner) -> None:
    properties = {"TemplateURL": "./t.json", "Tags": tags}
    parent = json.dumps({"Resources": {"N": {"Type": "AWS::CloudFormation::Stack", "Properties": properties}}})
    files = {"infra/t.json": TAGGED, "infra/p.json": parent}
    found = scan_files(files, kind="cloudformation", checks=frozenset({VOLUME}))
    lines = found.of("record", "infra")
    inherited = {INHERITED: ", ".join(sorted(told))} if told else {}
    assert [line["tags"] for line in lines if line["address"].endswith(".R")] == [{OUTSIDE: None, **inherited, **told}]


@pytest.mark.parametrize(
    ("copies", "told"),
    [
        ([{"Class": "secret"}, {"Class": "secret"}], {"Class": "secret"}),
        ([{"Class": "secret"}, {"Class": "public"}], {"Class": None}),
        ([{"Class": "secret"}, {}], {"Class": None}),
        ([], {}),
    ],
)
def test_a_global_table_has_the_tags_of_its_copies(
    copies: list[dict[str, str]], told: dict[str, str | None], scan_files: Scanner
) -> None:
    listed = [{"Region": f"eu-west-{n}", "Tags": [{"Key": k, "Value": v} for k, v in tags.items()]}
              for n, tags in enumerate(copies)]  # fmt: skip
    of_no_property = {"Tags": [{"Key": "Class", "Value": "public"}]} if listed else {}
    table = {"Type": "AWS::DynamoDB::GlobalTable", "Properties": {"Replicas": listed, **of_no_property}}
    text = json.dumps({"Resources": {"T": table}})
    found = scan_files({"infra/t.json": text}, kind="cloudformation", checks=frozenset({"CKV_AWS_165"}))
    assert [line["tags"] for line in found.of("record", "infra")] == [{OUTSIDE: None, **told}]
