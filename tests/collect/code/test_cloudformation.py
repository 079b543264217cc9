"""Results of a scan of CloudFormation templates."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from collect.code.conftest import FIXTURES, Scan, Scanner, write
from content_copy import bundled
from preuve.collect.code import IacJob, scan
from preuve.library.validation.code.code_rules import rendered
from preuve.model.company.code import IacRoot
from preuve.model.snapshot import OUTSIDE


@pytest.mark.parametrize(
    ("address", "result", "detail"),
    [
        ("Encrypted", "PASSED", ""),
        ("ByParameter", "UNKNOWN", "unresolved: Ref Encrypt"),
        ("Sometimes", "UNKNOWN", "unresolved: Condition Production"),
    ],
)
def test_a_property_is_judged_only_if_its_value_is_known(
    fixtures: Scan, address: str, result: str, detail: str
) -> None:
    record = fixtures.record("templates", f"AWS::EC2::Volume.{address}", "CKV_AWS_3")
    assert (record["type"], record["result"], record["detail"]) == ("AWS::EC2::Volume", result, detail)


def test_two_templates_may_use_one_name_and_each_record_has_its_place(fixtures: Scan) -> None:
    found = [line for line in fixtures.of("record", "templates") if line["address"] == "AWS::EC2::Volume.Plain"]
    places = [(line["file"], line["line"], line["end_line"], line["result"]) for line in found]
    assert places == [
        ("templates/storage.json", 4, 7, "FAILED"),
        ("templates/storage.yaml", 12, 21, "FAILED"),
    ]
    assert [line.get("suppressed") for line in found] == [None, "a scratch disk"]


def test_comments_and_metadata_that_skip_checks_are_mentioned(scan_files: Scanner) -> None:
    volume = "{Type: 'AWS::EC2::Volume', Properties: {AvailabilityZone: a}"
    template = f"""{HEAD}Resources:
  Several: {volume}}}  # checkov:skip=CKV_AWS_1,CKV_AWS_3: a scratch disk
  Bare: {volume}}}  # checkov:skip=CKV_AWS_3
  Other: {volume}}}  # checkov:skip=CKV_AWS_1: another check
  Inside: {volume}, Metadata: {{checkov: {{skip: [{{id: CKV_AWS_3, comment: known}}, 1]}}}}}}
  Odd: {volume}, Metadata: {{checkov: {{skip: CKV_AWS_3}}, bridgecrew: x}}}}
"""
    found = scan_files({"infra/t.yaml": template}, kind="cloudformation", checks=frozenset({"CKV_AWS_3"}))
    told = {line["address"].partition(".")[2]: line.get("suppressed") for line in found.of("record", "infra")}
    expected = {"Several": "a scratch disk", "Bare": "skipped", "Other": None, "Inside": "known", "Odd": None}
    assert told == expected
    assert {line["result"] for line in found.of("record", "infra")} == {"FAILED"}


def test_a_template_that_does_not_parse_is_a_gap_and_other_json_is_not(fixtures: Scan) -> None:
    assert fixtures.gaps("templates") == [("templates/bad.yaml", 4, "parse_error", "syntax error")]
    assert fixtures.of("root", "templates")[0]["files"] == 3


def test_a_folder_without_a_template_is_a_gap(scan_files: Scanner) -> None:
    found = scan_files({"infra/package.json": "{}"}, kind="cloudformation")
    assert found.gaps("infra") == [("", 0, "not_covered", "no CloudFormation template in this folder")]


OPEN_GROUP = '{"Resources": {"K": {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": {"CidrIp": "0.0.0.0/0"}}}}'


@pytest.mark.parametrize(
    "content",
    [
        "Resources:\n  K: {Type: Shop::Net::Open::MODULE}\n",
        "Transform: Shop\nResources:\n  K: {Type: Open}\n",
        "Resources:\n  Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/x}}\n",
        f"Template: {OPEN_GROUP}\n",
        f"- {OPEN_GROUP}\n",
        f"data:\n  t: |\n    {OPEN_GROUP}\n",
        f"// ours\n{OPEN_GROUP}",
        OPEN_GROUP.encode("utf-16"),
        OPEN_GROUP.encode("utf-16-le"),
        OPEN_GROUP.encode("utf-32"),
    ],
)
def test_a_template_in_any_file_is_read_or_reported(scan_files: Scanner, content: str | bytes) -> None:
    beside = "Resources:\n  B: {Type: AWS::S3::Bucket}\n"
    found = scan_files({"infra/t.json": content, "infra/b.yaml": beside}, kind="cloudformation")
    assert "infra/t.json" in [file for file, *_ in found.gaps("infra")]


LEVELS = "".join(f"x{level}: &x{level} [{', '.join([f'*x{level - 1}'] * 9)}]\n" for level in range(1, 9))
BOMB = f"AWSTemplateFormatVersion: '2010-09-09'\nx0: &x0 [1, 2, 3, 4, 5, 6, 7, 8, 9]\n{LEVELS}"


def test_hostile_templates_are_gaps(scan_files: Scanner) -> None:
    def huge(base: Path) -> None:
        for name in ("huge.json", "huge.yaml"):
            with (base / "infra" / name).open("wb") as file:
                file.write(b"AWSTemplateFormatVersion" if name == "huge.yaml" else b"{}")
                file.truncate(100_000_000)

    deep = '{"AWSTemplateFormatVersion": ' + "[" * 100_000 + "]" * 100_000 + "}"
    files = {
        "infra/bomb.yaml": BOMB,
        "infra/deep.json": deep,
        "infra/bytes.yaml": b"AWSTemplateFormatVersion: caf\xe9",
    }
    found = scan_files(files, kind="cloudformation", prepare=huge)
    gaps = {file.removeprefix("infra/"): (cause, detail) for file, _, cause, detail in found.gaps("infra")}
    assert gaps["bomb.yaml"] == ("not_read", "it grows or nests beyond the limit")
    assert gaps["huge.yaml"] == ("not_read", "larger than 5000000 bytes")
    assert gaps["bytes.yaml"] == ("parse_error", "not UTF-8")
    assert gaps["deep.json"] == ("not_read", "it grows or nests beyond the limit")
    assert "huge.json" not in gaps


SAM = """
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: python3.13
    DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Queue.Arn}
Resources:
  Inherits:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.main}
  Table:
    Type: AWS::Serverless::SimpleTable
"""


@pytest.mark.parametrize("ending", ["yaml", "json"])
def test_sam_globals_apply_to_each_function(scan_files: Scanner, ending: str) -> None:
    function = {"Type": "AWS::Serverless::Function", "Properties": {"Handler": "app.main"}}
    template = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Globals": {"Function": {"DeadLetterQueue": {"Type": "SQS", "TargetArn": {"Fn::GetAtt": ["Queue", "Arn"]}}}},
        "Resources": {"Inherits": function},
    }
    content = SAM if ending == "yaml" else json.dumps(template)
    found = scan_files({f"infra/template.{ending}": content}, kind="cloudformation", checks=frozenset({"CKV_AWS_116"}))
    assert found.record("infra", "AWS::Serverless::Function.Inherits", "CKV_AWS_116")["result"] == "PASSED"


def test_serverless_functions_are_resources(scan_files: Scanner) -> None:
    template = (
        "AWSTemplateFormatVersion: '2010-09-09'\nTransform: AWS::Serverless-2016-10-31\nResources:\n  Handler:\n"
        "    Type: AWS::Serverless::Function\n    Properties: {Runtime: python3.12, Handler: app.main}\n"
    )
    found = scan_files({"infra/template.yaml": template}, kind="cloudformation")
    assert found.of("root", "infra")[0]["types"] == {"AWS::Serverless::Function": 1}


# ---- one shape for another, and what may bring more ------------------------------------------------------------------

TLS = (rendered(bundled().code_rules["CKV2_PREUVE_RDS_TLS"], {}),)
CASES = [
    tuple(line.split(" ", 3))
    for line in (FIXTURES.parent / "iac_templates" / "shapes.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
AROUND = """
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Anything: {Type: String}
  Network: {Type: AWS::EC2::VPC::Id}
Conditions:
  Undecided: !Equals [!Ref Anything, production]
Mappings:
  Ranges: {office: {range: 10.0.0.0/8}}
Resources:
  Key: {Type: AWS::KMS::Key}
  Address: {Type: AWS::EC2::EIP}
  Asked: {Type: Custom::Question}
  Group: {Type: AWS::RDS::DBParameterGroup, Properties: {Family: postgres14}}
  GoodGroup: {Type: AWS::RDS::DBParameterGroup, Properties: {Family: postgres16, Parameters: {rds.force_ssl: "1"}}}
"""


def test_equivalent_notations_have_the_same_result(scan_files: Scanner) -> None:
    files = {
        f"infra/{number}.yaml": f"{AROUND}  R: {{Type: {kind}, Properties: {properties}}}\n"
        for number, (_, _, kind, properties) in enumerate(CASES)
    }
    found = scan_files(files, kind="cloudformation", checks=frozenset(check for check, *_ in CASES), rules=TLS)
    said = {
        (line["file"], line["check"]): line["result"]
        for line in found.of("record", "infra")
        if line["address"].endswith(".R")
    }
    got = [(check, said.get((f"infra/{number}.yaml", check)), *case) for number, (check, _, *case) in enumerate(CASES)]
    assert got == CASES
    assert [gap for gap in found.gaps("infra") if gap[2] != "runs_commands"] == []


# ---- what a template may hold beside its resources -------------------------------------------------------------------

VOLUME = "{Type: AWS::EC2::Volume, Properties: {Encrypted: false}}"
INCLUDE = "{Name: AWS::Include, Parameters: {Location: 's3://bucket/part.yaml'}}"
HEAD = "AWSTemplateFormatVersion: '2010-09-09'\n"
HIDING = {
    "serverless.yml": f"service: a\nresources:\n  Resources:\n    R: {VOLUME}\n",  # told as code of its tool, and once
    "included.yaml": f"{HEAD}Resources:\n  R: {VOLUME}\n  Fn::Transform: {INCLUDE}\n",
    "top.yaml": f"{HEAD}Transform: {INCLUDE}\nResources:\n  R: {VOLUME}\n",
    "built.yaml": f"{HEAD}Modules:\n  M: {{Source: ./m.yaml}}\nResources:\n  R: {VOLUME}\n",
    "macro.yaml": f"{HEAD}Transform: [AWS::Serverless-2016-10-31, OurOwn]\nResources:\n  R: {VOLUME}\n",
    "inner.yaml": f"{HEAD}Resources:\n  R: {VOLUME}\n  Fn::Transform: {{Name: OurOwn}}\n",
    "typeless.yaml": f"{HEAD}Resources:\n  R: {VOLUME}\n  S: !Ref R\n  T: {{Properties: {{}}}}\n",
    "nothing.yaml": f"{HEAD}Resources: !Ref R\n",
    "nested.yaml": f"{HEAD}Resources:\n  R: {VOLUME}\n  S:\n    Type: AWS::CloudFormation::Stack\n",
    "twice.json": '{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}, "Resources": {}}',
    "bomb.yaml": "{AWSTemplateFormatVersion: x, a: &a [1,2,3,4,5,6,7,8,9], "
    + ", ".join(
        f"{here}: &{here} [{', '.join([f'*{before}'] * 9)}]" for before, here in zip("abcdefg", "bcdefgh", strict=True)
    )
    + "}",
    "loops.yaml": f"{HEAD}Resources:\n  Fn::ForEach::A: [A, &many [{', '.join(map(str, range(100)))}], "
    f"{{Fn::ForEach::B: [B, *many, {{Fn::ForEach::C: [C, *many, {{'R${{A}}${{B}}${{C}}': {VOLUME}}}]}}]}}]\n",
    "not one.yaml": "Resources are AWS::EC2::Volume and others.\n",
    "fragment.json": '{"fragment": {"AWSTemplateFormatVersion": "2010-09-09", "Type": "AWS::EC2::Volume"}}',
}


def test_unsupported_features_of_a_template_are_each_reported_once(scan_files: Scanner) -> None:
    files = {f"infra/{name}": text for name, text in HIDING.items()}
    found = scan_files(files, kind="cloudformation", checks=frozenset({"CKV_AWS_3"}))
    gaps = {file.removeprefix("infra/"): (line, cause, detail) for file, line, cause, detail in found.gaps("infra")}
    assert gaps == {
        "included.yaml": (4, "not_read", "what this adds is not read: AWS::Include"),
        "top.yaml": (2, "not_read", "what this adds is not read: AWS::Include"),
        "built.yaml": (2, "not_read", "a build step makes another template of this: Modules"),
        "macro.yaml": (2, "not_read", "a macro may change every resource: OurOwn"),
        "inner.yaml": (4, "not_read", "a macro may change every resource: Fn::Transform"),
        "typeless.yaml": (
            4,
            "not_read",
            "a resource without a type: S; a resource without a type: T",
        ),
        "nothing.yaml": (2, "not_read", "no resources could be read"),
        "nested.yaml": (4, "not_read", "a nested stack, in a separate template: S"),
        "twice.json": (1, "parse_error", "a key that stands twice"),
        "fragment.json": (0, "not_read", "it has parts of a template, but is not a whole one"),
        "bomb.yaml": (0, "not_read", "it grows or nests beyond the limit"),
        "loops.yaml": (0, "not_read", "it grows or nests beyond the limit"),
    }
    judged = {line["file"]: line["result"] for line in found.of("record", "infra") if line["address"].endswith(".R")}
    assert judged == dict.fromkeys(
        (f"infra/{name}.yaml" for name in ("included", "top", "typeless", "nested")), "FAILED"
    )
    assert found.of("root", "infra")[0]["files"] == len(gaps)


def test_a_resource_absent_by_default_is_judged_as_if_it_existed(scan_files: Scanner) -> None:
    template = f"""{HEAD}
Parameters:
  Stage: {{Type: String, Default: test}}
  Zones: {{Type: CommaDelimitedList}}
Conditions:
  Live: !Equals [!Ref Stage, live]
  Test: !Not [!Condition Live]
  Elsewhere: !Or [!Condition Live, !Equals [!Ref AWS::Region, eu-west-1]]
Resources:
  Bare: {{Type: AWS::EC2::Volume, Condition: Live, Properties: {{Encrypted: false}}}}
  Same: {{Type: AWS::EC2::Volume, Condition: Live, Properties: {{Encrypted: !If [Live, false, true]}}}}
  Opposite: {{Type: AWS::EC2::Volume, Condition: Live, Properties: {{Encrypted: !If [Test, true, false]}}}}
  ByStage: {{Type: AWS::EC2::Volume, Condition: Live, Properties: {{Encrypted: !Equals [!Ref Stage, test]}}}}
  There: {{Type: AWS::EC2::Volume, Condition: Elsewhere, Properties: {{Encrypted: !If [Test, true, false]}}}}
  Fn::ForEach::Each: [Zone, !Ref Zones, {{"Some${{Zone}}": {VOLUME}}}]
"""
    found = scan_files({"infra/t.yaml": template}, kind="cloudformation", checks=frozenset({"CKV_AWS_3"}))
    said = {line["address"].split(".")[1]: line["result"] for line in found.of("record", "infra")}
    assert said == {
        "Bare": "FAILED",
        "Same": "FAILED",
        "Opposite": "FAILED",
        "ByStage": "UNKNOWN",
        "There": "UNKNOWN",
        "Some${Zone}": "FAILED",
    }


def test_what_the_defaults_leave_out_proves_nothing_and_what_no_parameters_make_is_left_out(
    scan_files: Scanner,
) -> None:
    template = f"""{HEAD}
Parameters:
  Stage: {{Type: String, Default: test}}
  Given: {{Type: String}}
Conditions:
  Live: !Equals [!Ref Stage, live]
  Test: !Not [!Condition Live]
  Never: !Equals [a, b]
  NotEven: !And [!Condition Never, !Equals [!Ref Given, "yes"]]
  Perhaps: !Equals [!Ref Given, "yes"]
Resources:
  Open: {{Type: AWS::EC2::Volume, Condition: Live, Properties: {{Encrypted: false}}}}
  Off: {{Type: AWS::EC2::Volume, Condition: Live, Properties: {{Encrypted: true}}}}
  On: {{Type: AWS::EC2::Volume, Condition: Test, Properties: {{Encrypted: true}}}}
  Never: {{Type: AWS::EC2::Volume, Condition: Never, Properties: {{Encrypted: true}}}}
  NeverOpen: {{Type: AWS::EC2::Volume, Condition: NotEven, Properties: {{Encrypted: false}}}}
  Perhaps: {{Type: AWS::EC2::Volume, Condition: Perhaps, Properties: {{Encrypted: true}}}}
  Stack: {{Type: AWS::CloudFormation::Stack, Condition: Never, Properties: {{TemplateURL: "https://x"}}}}
"""
    found = scan_files({"infra/t.yaml": template}, kind="cloudformation", checks=frozenset({"CKV_AWS_3"}))
    said = {line["address"].split(".")[1]: line["result"] for line in found.of("record", "infra")}
    assert said == {"Open": "FAILED", "On": "PASSED", "Perhaps": "PASSED"}
    told = {(cause, detail) for _, _, cause, detail in found.gaps("infra")}
    volume = "AWS::EC2::Volume"
    assert told == {
        ("not_made", f"{volume}.Open is not created: Condition Live (with the defaults of the parameters)"),
        ("not_made", f"{volume}.Off is not created: Condition Live (with the defaults of the parameters)"),
        ("not_made", f"{volume}.Never is not created: Condition Never"),
        ("not_made", f"{volume}.NeverOpen is not created: Condition NotEven"),
        ("not_made", "AWS::CloudFormation::Stack.Stack is not created: Condition Never"),
    }


@pytest.mark.parametrize(
    ("main", "other", "result"),
    [
        ("allow-all", "https-only", "FAILED"),
        ("https-only", "https-only", "PASSED"),
        ("https-only", "allow-all", "UNKNOWN"),
    ],
)
def test_a_check_that_raises_on_optional_parts_gives_a_result_only_if_both_cases_agree(
    scan_files: Scanner, main: str, other: str, result: str
) -> None:
    template = f"""{HEAD}
Parameters: {{More: {{Type: String}}}}
Conditions: {{Two: !Equals [!Ref More, "yes"]}}
Resources:
  R:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        DefaultCacheBehavior: {{TargetOriginId: a, ViewerProtocolPolicy: {main}}}
        CacheBehaviors:
          - !If [Two, {{PathPattern: /x, TargetOriginId: a, ViewerProtocolPolicy: {other}}}, !Ref AWS::NoValue]
"""
    found = scan_files({"infra/t.yaml": template}, kind="cloudformation", checks=frozenset({"CKV_AWS_34"}))
    (line,) = found.of("record", "infra")
    assert (line["result"], line["detail"]) == (result, "unresolved: Condition Two" if result == "UNKNOWN" else "")


WEB = "{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}"
SSH = "{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}"
HALVES = [SSH.replace("0.0.0.0/0", half) for half in ("0.0.0.0/1", "128.0.0.0/1")]


@pytest.mark.parametrize(
    ("surely", "perhaps", "result"),
    [
        ([], [WEB], "PASSED"),
        ([], [WEB, WEB, WEB], "PASSED"),
        ([], [WEB, SSH], "UNKNOWN"),
        ([SSH], [WEB], "FAILED"),
        ([], HALVES, "UNKNOWN"),
        ([], [WEB] * 4, "UNKNOWN"),  # more than is looked at
    ],
)
def test_optional_parts_are_judged_with_and_without_them(
    scan_files: Scanner, surely: list[str], perhaps: list[str], result: str
) -> None:
    rules = ", ".join([*surely, *(f"!If [C{n}, {rule}, !Ref AWS::NoValue]" for n, rule in enumerate(perhaps))])
    template = f"""{HEAD}
Parameters: {{More: {{Type: String}}}}
Conditions: {{{", ".join(f"C{n}: !Equals [!Ref More, {n}]" for n in range(len(perhaps)))}}}
Resources:
  R: {{Type: "AWS::EC2::SecurityGroup", Properties: {{GroupDescription: g, SecurityGroupIngress: [{rules}]}}}}
"""
    found = scan_files({"infra/t.yaml": template}, kind="cloudformation", checks=frozenset({"CKV_AWS_24"}))
    assert [line["result"] for line in found.of("record", "infra")] == [result]


FEW = (
    ("both_pass", "!FindInMap [M, !Ref Stage, low]", "PASSED"),
    ("both_fail", "!FindInMap [M, !Ref Stage, high]", "FAILED"),
    ("one_fails", "!FindInMap [M, !Ref Stage, mixed]", "UNKNOWN"),
    ("either", "!If [C, 8, 9]", "PASSED"),
    ("one_open", "!If [C, 8, !Ref Stage]", "UNKNOWN"),
    ("of_two_maps", "!If [C, !FindInMap [M, !Ref Stage, low], !FindInMap [M, !Ref Stage, mixed]]", "UNKNOWN"),
    ("otherwise", "!FindInMap [M, !Ref Stage, low, {DefaultValue: 90}]", "UNKNOWN"),
    ("missing", "!FindInMap [M, !Ref Stage, none]", "UNKNOWN"),
    ("too_many", "!FindInMap [Many, !Ref Stage, low]", "UNKNOWN"),
    ("one_of_two_or_none", "!If [C, !If [D, 8, !Ref AWS::NoValue], !If [D, 90, !Ref AWS::NoValue]]", "UNKNOWN"),
)


def test_of_a_few_known_values_a_verdict_counts_that_is_the_same_with_each(scan_files: Scanner) -> None:
    rows = ", ".join(f"r{n}: {{low: {n}}}" for n in range(9))
    template = f"""{HEAD}
Parameters: {{Stage: {{Type: String}}, More: {{Type: String}}}}
Mappings: {{M: {{dev: {{low: 1, high: 90, mixed: 1}}, prod: {{low: 9, high: 99, mixed: 99}}}}, Many: {{{rows}}}}}
Conditions: {{C: !Equals [!Ref More, c], D: !Equals [!Ref More, d]}}
Resources:
"""
    for name, value, _ in FEW:
        called = name.replace("_", "")
        template += f"  {called}: {{Type: 'AWS::Logs::LogGroup', Properties: {{RetentionInDays: {value}}}}}\n"
    check = "CKV2_PREUVE_LOG_RETENTION_MAX"
    rule = rendered(bundled().code_rules[check], {"log_retention_max_days": 10}, bundled().reference)
    found = scan_files({"infra/t.yaml": template}, kind="cloudformation", checks=frozenset({check}), rules=(rule,))
    results = {line["address"].rpartition(".")[2]: line["result"] for line in found.of("record", "infra")}
    assert results == {name.replace("_", ""): result for name, _, result in FEW}


def test_a_failure_of_several_forms_rests_on_what_each_of_them_rests_on(scan_files: Scanner) -> None:
    forms = {"before": (90, 99), "other": (90, 98), "turned": (99, 90)}
    groups = (
        f"  {name}: {{Type: 'AWS::Logs::LogGroup', Properties: {{RetentionInDays: !If [C, {one}, {two}]}}}}\n"
        for name, (one, two) in forms.items()
    )
    template = f"""{HEAD}
Parameters: {{More: {{Type: String}}}}
Conditions: {{C: !Equals [!Ref More, c]}}
Resources:
{"".join(groups)}"""
    check = "CKV2_PREUVE_LOG_RETENTION_MAX"
    rule = rendered(bundled().code_rules[check], {"log_retention_max_days": 10}, bundled().reference)
    found = scan_files({"infra/t.yaml": template}, kind="cloudformation", checks=frozenset({check}), rules=(rule,))
    grounds = {line["address"].rpartition(".")[2]: set(line["grounds"]) for line in found.of("record", "infra")}
    assert len(grounds["before"]) == 3  # each number of days, and that no tag gives a reason
    assert grounds["turned"] == grounds["before"]
    assert grounds["other"] - grounds["before"]


@pytest.mark.parametrize(
    ("bucket", "other", "result"),
    [
        ("!Ref Q", "!Ref Q", ""),
        ("!Base64 {Ref: Q}", "!Ref Q", "UNKNOWN"),
        ("!Base64 {'Fn::Sub': 'a-${Q}'}", "!Sub 'a-${Q}'", "UNKNOWN"),
    ],
)
def test_a_name_in_base64_is_not_the_name(scan_files: Scanner, bucket: str, other: str, result: str) -> None:
    template = f"""{HEAD}
Parameters: {{Q: {{Type: String}}}}
Resources:
  B: {{Type: 'AWS::S3::Bucket', Properties: {{BucketName: !Sub ['x-${{V}}', {{V: {bucket}}}]}}}}
  P:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Sub ['x-${{V}}', {{V: {other}}}]
      PolicyDocument:
        Statement:
          - {{Effect: Deny, Principal: "*", Action: "s3:*", Resource: ["*"],
             Condition: {{Bool: {{"aws:SecureTransport": false}}}}}}
"""
    check = "CKV2_PREUVE_S3_POLICY_PRESENT"
    rule = rendered(bundled().code_rules[check], {}, bundled().reference)
    found = scan_files({"infra/t.yaml": template}, kind="cloudformation", checks=frozenset({check}), rules=(rule,))
    assert [line["result"] for line in found.of("record", "infra")] == ([result] if result else [])


MISSING = "(not in this template: scan the one that your build produces)"


@pytest.mark.parametrize(
    ("value", "cause"),
    [
        ("!Ref Encrypt", f"Encrypt {MISSING}"),
        ("!FindInMap [Settings, prod, encrypt]", f"Fn::FindInMap Settings {MISSING}"),
        ("!If [IsProd, true, false]", f"Condition IsProd {MISSING}"),
        ("!FindInMap [Own, prod, none]", "Fn::FindInMap Own"),
        ("!Ref Own", "Ref Own"),
    ],
)
def test_a_name_that_nothing_of_a_template_has_is_told(value: str, cause: str, scan_files: Scanner) -> None:
    template = f"""{HEAD}
Parameters: {{Own: {{Type: String}}}}
Mappings: {{Own: {{prod: {{encrypt: true}}}}}}
Resources: {{R: {{Type: "AWS::EC2::Volume", Properties: {{Encrypted: {value}}}}}}}
"""
    found = scan_files({"infra/t.yaml": template}, kind="cloudformation", checks=frozenset({"CKV_AWS_3"}))
    assert [line["detail"] for line in found.of("record", "infra")] == [f"unresolved: {cause}"]


CLASS = "{Key: DataClassification, Value: secret}"


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        (f"[{CLASS}, !If [C, {{Key: A, Value: a}}, !Ref AWS::NoValue]]", {"DataClassification": "secret", "A": None}),
        (f"[!If [C, {CLASS}, !Ref AWS::NoValue]]", {"DataClassification": None}),
        ("[{Key: A, Value: !If [C, a, b]}]", {"A": None}),
        ("[!If [C, {Key: A, Value: a}, {Key: B, Value: b}]]", {"A": None, "B": None}),
        (f"!If [C, [{CLASS}], !Ref AWS::NoValue]", {"DataClassification": None}),
        ("[{Key: !Ref More, Value: a}, !If [C, {Key: A, Value: a}, !Ref AWS::NoValue]]", None),
    ],
)
def test_a_tag_that_is_perhaps_there_leaves_the_others_known(
    tags: str, told: dict[str, str | None] | None, scan_files: Scanner
) -> None:
    template = f"""{HEAD}
Parameters: {{More: {{Type: String}}}}
Conditions: {{C: !Equals [!Ref More, c]}}
Resources: {{R: {{Type: "AWS::EC2::Volume", Properties: {{Encrypted: false, Tags: {tags}}}}}}}
"""
    found = scan_files({"infra/t.yaml": template}, kind="cloudformation", checks=frozenset({"CKV_AWS_3"}))
    assert [line["tags"] for line in found.of("record", "infra")] == [told and {OUTSIDE: None, **told}]


def test_one_changed_template_costs_one_evaluation(tmp_path: Path) -> None:
    base = tmp_path / "workspace"
    write(base, [(f"infra/{name}.yaml", f"{HEAD}Resources:\n  R: {VOLUME}\n") for name in "abc"])
    job = IacJob(base, (IacRoot("infra", "cloudformation"),), frozenset({"CKV_AWS_3"}))

    def again() -> tuple[int, list[str]]:
        found = Scan(tmp_path, scan(job, tmp_path / "snapshot", cache=tmp_path / "cache"))
        return found.summary.cached, [line["result"] for line in found.of("record", "infra")]

    assert again() == (0, ["FAILED"] * 3)
    assert again() == (3, ["FAILED"] * 3)
    (base / "infra" / "b.yaml").write_text(f"{HEAD}Resources:\n  R: {VOLUME.replace('false', 'true')}\n")
    assert again() == (2, ["FAILED", "PASSED", "FAILED"])
    (base / "infra" / "c.yaml").unlink()
    assert again() == (2, ["FAILED", "PASSED"])


ODD = (1, "x", True, {}, {"a": 1}, [1], ["x"], [[]], [None], [{"Key": ["a"], "Value": "x"}], [{"Key": {"a": 1}}])
ODD_NAMES = (
    {"Fn::Length": ["a"]},
    [{"Key": {"Fn::Split": ["a", ""]}}],
    [{"Key": {"Condition": "a"}}],
    [{"Key": [None]}],
)


def test_odd_tags_leave_the_rest_of_the_template(scan_files: Scanner) -> None:
    volume = {"Type": "AWS::EC2::Volume", "Properties": {"AvailabilityZone": "eu-west-3a", "Encrypted": True}}
    odd = {
        f"{kind.split('::')[2]}{number}": {"Type": kind, "Properties": {"Tags": tags}}
        for kind in ("AWS::EC2::VPC", "AWS::Lambda::Function")
        for number, tags in enumerate((*ODD, *ODD_NAMES))
    }
    files = {
        "infra/odd.json": json.dumps({"Resources": {"Plain": volume, **odd}}),
        "infra/transform.json": json.dumps({"Transform": [[]], "Resources": {"Plain": volume}}),
    }
    found = scan_files(files, kind="cloudformation", checks=frozenset({"CKV_AWS_3", "CKV_AWS_45", "CKV2_AWS_12"}))
    assert not [gap for gap in found.gaps("infra") if gap[2] == "scanner_failed"]
    results = {line["file"]: line["result"] for line in found.of("record", "infra") if line["check"] == "CKV_AWS_3"}
    assert results["infra/odd.json"] == "PASSED"
