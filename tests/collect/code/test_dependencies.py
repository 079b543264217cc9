"""What a command, a call of an absent module or a known failure rests on: a change of anything behind it is heard, a
change of anything else is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from content_copy import bundled
from preuve.collect.code.job import IacJob
from preuve.collect.code.run.scan import scan
from preuve.library.validation.code.code_rules import rendered
from preuve.model.company.code import IacRoot

from .conftest import Scan, write

Files = Mapping[str, str]
ADMINISTRATOR = "CKV2_PREUVE_ADMINISTRATOR_ATTACHED"
RULES = (rendered(bundled().code_rules[ADMINISTRATOR], {}),)

RUN = 'variable "b" {}\nresource "terraform_data" "d" {\n  %sprovisioner "local-exec" {\n    command = %s\n  }\n}\n'
EACH = 'for_each = toset(["cmd.sh"])\n  '
INVOKED = 'resource "aws_lambda_invocation" "i" {\n  function_name = %s\n  input         = "{}"\n}\n'
RUN_DOCUMENT = 'resource "aws_ssm_association" "a" {\n  name = %s\n}\n'
LOOKED_UP = 'data "aws_lambda_function" "f" {\n  function_name = "OLD"\n}\n'
ALIAS = 'resource "aws_lambda_alias" "f" {\n  name = "x"\n  function_name = "OLD"\n  function_version = "1"\n}\n'
FUNCTION = 'resource "aws_lambda_function" "f" {\n  function_name = "f"\n  role = "r"\n  image_uri = "OLD"\n}\n'
DOCUMENT = 'variable "b" {}\nresource "aws_ssm_document" "d" {\n  name = %s\n  content = "OLD"\n}\n'
BUCKET = 'resource "aws_s3_bucket" "b" {\n  bucket = "OLD"\n  tags   = { a = "QUIET" }\n}\n'
REMOTE = 'module "x" {\n  source = "a/b/c"\n  version = "1.2.3"\n  %s\n}\n'
STACK = """resource "aws_cloudformation_stack%s" "s" {
  name          = "s"
  template_body = jsonencode({
    Resources = { C = { Type = "%s", Properties = { ServiceToken = "t", Name = "n", P = "OLD" } } }
  })
}
"""
LOOK_UP = 'data "%s" "r" {\n  %s\n}\n'
ATTACHED = """resource "aws_iam_role_policy_attachment" "a" {
  role       = %s
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
"""

_AWS = 'provider "aws" {\n  region = "eu-west-3"\n  profile = "prod"\n  %s\n}\n'
FILES_OF = {
    "a provider": _AWS % "shared_config_files = [%s]",
    "a provider for its keys": _AWS % "shared_credentials_files = [%s]",
    "a role of a provider": _AWS % "assume_role_with_web_identity {\n    web_identity_token_file = %s\n  }",
    "a backend": 'terraform {\n  backend "s3" {\n    bucket = "b"\n    shared_config_files = [%s]\n  }\n}\n',
}

# What holds OLD is behind the command, the call or the failure; what holds QUIET is not.
TERRAFORM: dict[str, Files] = {
    "a file of values for a variable without a default": {
        "main.tf": RUN % ("", "var.b"),
        "prod.tfvars": 'b = "OLD"\n',
        "x.md": "QUIET",
    },
    "a script that gives a variable": {"main.tf": RUN % ("", "var.b"), "deploy.sh": "terraform apply -var b=OLD\n"},
    "a file of a loop": {"main.tf": RUN % (EACH, 'replace(file(each.key), "@", var.b)'), "cmd.sh": "OLD", "x": "QUIET"},
    "a file of an inner loop": {
        "main.tf": RUN % ("", 'join(";", [for f in ["cmd.sh"] : replace(file(f), "@", var.b)])'),
        "cmd.sh": "OLD",
    },
    "a path that is not known": {"main.tf": RUN % ("", 'file("${var.b}/cmd.sh")'), "p/cmd.sh": "OLD"},
    "a path beside the folder": {
        "main.tf": RUN % ("", 'file("${path.module}/../beside/${var.b}.sh")'),
        "x.md": "QUIET",
        "../beside/cmd.sh": "OLD",
    },
    "a path in a module beside the folder": {
        "main.tf": 'module "m" {\n  source = "../m"\n  b      = timestamp()\n}\n',
        "../m/main.tf": RUN % ("", 'file("${path.module}/scr/${var.b}.sh")'),
        "../m/scr/cmd.sh": "OLD",
    },
    "a path of which nothing is known in a module": {
        "main.tf": 'module "m" {\n  source = "../n"\n  b      = timestamp()\n}\n',
        "../n/main.tf": RUN % ("", "file(var.b)"),
        "../n/scr/cmd.sh": "OLD",
    },
    **{
        f"a file that {name} names": {
            "main.tf": (said % f'"{path}"') + variables + ATTACHED % '"r"',
            "cfg/aws": "OLD",
            "cfg.md": "QUIET",
            "prod/x": "QUIET",
        }
        for path, variables in (("${path.module}/cfg/aws", ""), ("cfg/${var.f}", 'variable "f" {}\n'))
        for name, said in FILES_OF.items()
        if not variables or "backend" not in name
    },
    "a provider that is not named": {
        "main.tf": INVOKED % '"f"' + 'provider "aws" {\n  assume_role {\n    role_arn = "OLD"\n  }\n'
        '  default_tags {\n    tags = { a = "QUIET" }\n  }\n}\n',
    },
    **{
        f"the code of a function by {name}": {
            "main.tf": INVOKED % "aws_lambda_function.f.arn" + FUNCTION.replace('image_uri = "OLD"', argument) + more,
            "src/x.py": "OLD",
            "x.md": "QUIET",
        }
        for name, argument, more in (
            ("a file", 'filename = "src/x.py"', ""),
            (
                "a folder",
                "filename = data.archive_file.z.output_path",
                'data "archive_file" "z" {\n  type = "zip"\n  source_dir = "${path.module}/src"\n'
                '  output_path = "z.zip"\n}\n',
            ),
        )
    },
    "a role that passes through a value": {
        "main.tf": ATTACHED % "terraform_data.t.output"
        + 'resource "terraform_data" "t" {\n  input = data.aws_iam_role.r.name\n}\n'
        + LOOK_UP % ("aws_iam_role", 'name = "OLD"')
    },
    "a template in a template": {
        "main.tf": RUN % ("", 'templatefile("${path.module}/x.tpl", { b = var.b })'),
        "x.tpl": '${file("cmd.sh")} ${b}',
        "cmd.sh": "OLD",
        "other.sh": "QUIET",
    },
    "a file that a data source reads": {
        "main.tf": RUN % ("", 'replace(data.local_file.f.content, "@", var.b)')
        + 'data "local_file" "f" {\n  filename = "${path.module}/cmd.sh"\n}\n',
        "cmd.sh": "OLD",
        "x": "QUIET",
    },
    "a file that a resource reads": {
        "main.tf": RUN % ("", "local_file.f.content")
        + 'resource "local_file" "f" {\n  filename = "z"\n  source = "cmd.sh"\n}\n',
        "cmd.sh": "OLD",
    },
    "an id that is made of arguments": {
        "main.tf": RUN % ("", "random_pet.p.id") + 'resource "random_pet" "p" {\n  prefix = "OLD"\n}\n'
    },
    **{
        f"a bucket by {name}": {"main.tf": RUN % ("", f'"curl ${{aws_s3_bucket.b.{name}}}/x"') + BUCKET}
        for name in ("id", "bucket_domain_name")
    },
    "an argument alone": {
        "main.tf": RUN % ("", "terraform_data.o.input")
        + 'resource "terraform_data" "o" {\n  input = var.b == 1 ? "OLD" : 1\n  triggers_replace = "QUIET"\n}\n'
    },
    **{
        f"a function that is looked up by {name}": {
            "main.tf": INVOKED % f"data.aws_lambda_function.f.{name}" + LOOKED_UP
        }
        for name in ("arn", "id", "function_name", "qualified_arn")
    },
    "an alias": {"main.tf": INVOKED % "aws_lambda_alias.f.arn" + ALIAS},
    **{
        f"the code of a function, by {name}": {
            "main.tf": INVOKED % name + FUNCTION + 'resource "aws_lambda_function" "g" {\n  image_uri = "QUIET"\n}\n'
        }
        for name in ("aws_lambda_function.f.arn", '"f"', '"arn:aws:lambda:eu-west-3:123456789012:function:f:live"')
    },
    "a document named in the same words": {"main.tf": RUN_DOCUMENT % '"x-${var.b}"' + DOCUMENT % '"x-${var.b}"'},
    "a document that is looked up": {
        "main.tf": RUN_DOCUMENT % "data.aws_ssm_document.q.name"
        + 'data "aws_ssm_document" "q" {\n  name = "d"\n}\n'
        + DOCUMENT % '"d"'
    },
    "a custom resource in a stack": {"main.tf": STACK % ("", "Custom::X")},
    "a document in a set of stacks": {"main.tf": STACK % ("_set", "AWS::SSM::Association")},
    "files of a call": {
        "main.tf": REMOTE % 'rules = [for f in fileset(path.module, "r/*.yaml") : yamldecode(file(f))]',
        "r/a.yaml": "c: OLD",
    },
    "files of a folder": {
        "main.tf": REMOTE % 'rules = fileset("${path.module}/r", "*.yaml")',
        "r/a.yaml": "c: OLD",
        "README.md": "QUIET",
    },
    "a file that a call names": {"main.tf": REMOTE % 'rules = "${path.module}/r.yaml"', "r.yaml": "OLD", "x": "QUIET"},
    "a file of values for a call": {
        "main.tf": 'variable "c" {}\n' + REMOTE % "cidrs = var.c",
        "prod.tfvars": 'c = "OLD"\n',
    },
    "a list of addresses for a call": {
        "main.tf": REMOTE % "cidrs = [data.aws_ec2_managed_prefix_list.p.id]"
        + 'data "aws_ec2_managed_prefix_list" "p" {\n  name = "OLD"\n}\n'
    },
    "what a list for a call holds": {
        "main.tf": REMOTE % "cidrs = [aws_ec2_managed_prefix_list.p.id]"
        + 'resource "aws_ec2_managed_prefix_list" "p" {\n  entry {\n    cidr = "OLD"\n  }\n}\n'
    },
    "another provider for a call": {
        "main.tf": REMOTE % "providers = { aws = aws.OLD }"
        + 'provider "aws" {\n  alias = "OLD"\n}\nprovider "aws" {\n  alias = "NEW"\n}\n'
        + 'provider "aws" {\n  default_tags {\n    tags = { a = "QUIET" }\n  }\n}\n'
    },
    **{
        f"a role by {name}": {"main.tf": ATTACHED % name + more}
        for name, more in {
            "data.aws_iam_role.r.name": LOOK_UP % ("aws_iam_role", 'name = "OLD"'),
            "data.aws_iam_role.r.id": LOOK_UP % ("aws_iam_role", 'name = "OLD"'),
            "data.aws_iam_roles.r.names[0]": 'locals {\n  n = "OLD"\n}\n'
            + LOOK_UP % ("aws_iam_roles", "name_regex = local.n"),
            "data.aws_ssm_parameter.r.value": LOOK_UP % ("aws_ssm_parameter", 'name = "OLD"'),
            "data.terraform_remote_state.r.outputs.role": LOOK_UP
            % ("terraform_remote_state", 'config = { key = "OLD" }'),
            "var.r": 'variable "r" {}\n',
            "aws_iam_role.r.id": 'resource "aws_iam_role" "r" {\n  name = "r"\n  tags = { a = "QUIET" }\n'
            '  inline_policy {\n    name = "QUIET"\n  }\n}\n',
        }.items()
    },
    "a role in a file of values": {"main.tf": ATTACHED % "var.r" + 'variable "r" {}\n', "prod.tfvars": 'r = "OLD"\n'},
}
FILED = (
    "Parameters: {P: {Type: String%s}}\nResources:\n  C: {Type: Custom::X, Properties: {ServiceToken: t, P: !Ref P}}\n"
)
SENT = "Resources:\n  C: {Type: Custom::X, Properties: {ServiceToken: t, P: %s}}\n"
ASSOCIATION = """Parameters: {N: {Type: String}}
Resources:
  A: {Type: AWS::SSM::Association, Properties: {Name: %(name)s}}
  D: {Type: AWS::SSM::Document, Properties: {Name: %(name)s, Content: OLD}}
  E: {Type: AWS::SSM::Document, Properties: {Name: other, Content: QUIET}}
"""
CODE = """Parameters: {N: {Type: String}}
Resources:
  C: {Type: Custom::X, Properties: {ServiceToken: %s}}
  F: {Type: AWS::Lambda::Function, Properties: {FunctionName: %s, Role: r, Layers: [%s], Code: {ZipFile: %s}}}
  L: {Type: AWS::Lambda::LayerVersion, Properties: {LayerName: lay, Content: {S3Bucket: b, S3Key: %s}}}
"""
AT = "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}"
SAM = """Transform: AWS::Serverless-2016-10-31
Resources:
  F: {Type: AWS::Serverless::Function, Properties: {Handler: a.b, AutoPublishAlias: live, CodeUri: s3://b/OLD}}
  C: {Type: Custom::X, Properties: {ServiceToken: %s}}
"""
OPEN = """Parameters:
  P: {Type: "AWS::SSM::Parameter::Value<String>", Default: /OLD/sg}
  E: {Type: String}
  G: {Type: String}
Mappings: {M: {a: {s: OLD-a}, b: {s: OLD-b}}}
Conditions: {K: !Equals [!Ref E, x]}
Resources:
  S: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: QUIET}}
  I: {Type: AWS::EC2::SecurityGroupIngress, Properties: {GroupId: %s, IpProtocol: "-1", CidrIp: 0.0.0.0/0}}
"""
CLOUDFORMATION: dict[str, Files] = {
    "a file of parameters": {
        "t.yaml": FILED % "",
        "params.json": '[{"ParameterKey": "P", "ParameterValue": "OLD"}]',
    },
    "a script that deploys": {
        "t.yaml": FILED % "",
        "deploy.sh": "aws cloudformation deploy --template-file t.yaml --parameter-overrides P=OLD Q=QUIET\n",
    },
    "settings of SAM": {
        "t.yaml": FILED % ", Default: a",
        "samconfig.toml": 'version = 0.1\n[default.deploy.parameters]\nparameter_overrides = "P=OLD"\n',
    },
    "a program that deploys": {
        "t.yaml": FILED % "",
        "deploy.py": 'client.create_stack(Parameters=[{"ParameterKey": "P", "ParameterValue": OLD}])\n',
    },
    "an output of a nested stack": {
        "t.yaml": SENT % "!GetAtt N.Outputs.RuleName"
        + "  N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: https://x/n, Parameters: {Q: OLD}}}\n"
    },
    "the name of a parameter store's": {
        "t.yaml": SENT % "!Ref S"
        + "  S: {Type: AWS::SSM::Parameter, Properties: {Type: String, Name: OLD, Value: QUIET}}\n"
    },
    **{
        f"a document named {name}": {"t.yaml": ASSOCIATION % {"name": name}}
        for name in (
            "!Ref N",
            '!Sub "${N}-x"',
            '!Sub "${AWS::StackName}-x"',
            "!Join ['-', [!Ref AWS::StackName, x]]",
            "d",
        )
    },
    **{
        f"a function named {name}": {
            "t.yaml": CODE % (f'!Sub "{AT}:function:{name}"', f'!Sub "{name}"', "l", "OLD", "QUIET")
        }
        for name in ("${N}-x", "${AWS::StackName}-x")
    },
    "a layer by its ARN": {
        "t.yaml": CODE % ("!GetAtt F.Arn", "f", '"arn:aws:lambda:eu-west-3:123456789012:layer:lay:1"', "a", "OLD")
    },
    **{f"the alias of SAM by {name}": {"t.yaml": SAM % name} for name in ("!Ref F.Alias", "!Ref FAliaslive")},
    **{
        f"a group by {group}": {"t.yaml": (OPEN % group).replace("OLD", "old" if group == "!Ref S" else "OLD")}
        for group in (
            '"{{resolve:ssm:/OLD/sg}}"',
            "!Ref P",
            "!FindInMap [M, !Ref E, s]",
            "!If [K, OLD-1, OLD-2]",
            '!ImportValue "OLD-sg"',
            "!Ref S",
        )
    },
    "a group in a file of parameters": {
        "t.yaml": (OPEN % "!Ref G").replace("OLD", "old"),
        "p.json": '[{"ParameterKey": "G", "ParameterValue": "OLD"}]',
    },
}


def grounds(folder: Path, kind: str, cases: Mapping[str, Files]) -> list[dict[str, list[str]]]:
    """What each case of a kind of code rests on, by what it is."""
    roots = {name: f"r{number}" for number, name in enumerate(cases)}
    write(folder, [(f"{root}/{path}", text) for name, root in roots.items() for path, text in cases[name].items()])
    there = tuple(IacRoot(root, kind) for root in roots.values())
    job = IacJob(folder, there, frozenset({"CKV_AWS_24", ADMINISTRATOR}), rules=RULES)
    found = Scan(folder, scan(job, folder / "snapshot"))
    return [
        {
            str((kept["cause" if line == "gap" else "check"], kept.get("subject") or kept.get("address"))): kept[
                "grounds"
            ]
            for line in ("gap", "record")
            for kept in found.of(line, root)
            if kept.get("grounds")
        }
        for root in roots.values()
    ]


@pytest.mark.parametrize(("kind", "cases"), [("terraform", TERRAFORM), ("cloudformation", CLOUDFORMATION)])
def test_all_that_is_behind_what_nobody_examines_is_heard_and_nothing_else(
    tmp_path: Path, kind: str, cases: Mapping[str, Files]
) -> None:
    def changed(word: str) -> dict[str, Files]:
        return {
            name: {file: text.replace(word, "NEW") for file, text in files.items()} for name, files in cases.items()
        }

    before = grounds(tmp_path / "before", kind, cases)
    quiet = grounds(tmp_path / "quiet", kind, changed("QUIET"))
    heard = grounds(tmp_path / "heard", kind, changed("OLD"))
    named = list(cases)
    assert [name for name, one in zip(named, before, strict=True) if not one] == []
    assert [name for name, was, now in zip(named, before, quiet, strict=True) if was != now] == []
    same = [name for name, was, now in zip(named, before, heard, strict=True) if was == now]
    assert same == [name for name in named if not any("OLD" in text for text in cases[name].values())]


NAMED = """variable "e" {
  type = string
}
resource "aws_ebs_volume" "v" {
  encrypted   = false
  snapshot_id = %s
%s}
%s"""
CALLED = {
    "m/main.tf": """variable "cfg" {
  type = object({ name = string, size = optional(number) })
}
resource "aws_ebs_volume" "v" {
  encrypted   = false
  snapshot_id = var.cfg.name
}
"""
}


def _named(value: str, loop: str = "", more: str = "") -> Files:
    return {"main.tf": NAMED % (value, loop, more)}


def _calling(name: str, more: str = "") -> Files:
    called = f'variable "e" {{}}\nmodule "m" {{\n  source = "./m"\n  cfg = {{ name = {name}{more} }}\n}}\n'
    return {**CALLED, "main.tf": called}


def _of_an_object(type_: str) -> Files:
    return _named('"q-${var.cfg.n}"', more=f'variable "cfg" {{\n  type = {type_}\n}}\n')


# A name that is known in part, the same name said otherwise, and another one.
SAME_AND_OTHER: dict[str, tuple[Files, Files, Files]] = {
    "a key": (
        _named('"${each.key}-${var.e}"', '  for_each = toset(["q"])\n'),
        _named('"${each.key}-${var.e}"', '  for_each = toset(["q", "r"])\n'),
        _named('"${each.key}${var.e}"', '  for_each = toset(["q"])\n'),
    ),
    "a field": (
        _named('"${each.value.n}-${var.e}"', '  for_each = { q = { n = "q" } }\n'),
        _named('"${each.value.n}-${var.e}"', '  for_each = { q = { n = "q", size = 3 } }\n'),
        _named('"${each.value.n}-${var.e}"', '  for_each = { q = { n = "r" } }\n'),
    ),
    "a number": (
        _named('"${["a", "b"][count.index]}-${var.e}"', "  count = 1\n"),
        _named('"${["a", "b"][count.index]}-${var.e}"', "  count = 2\n"),
        _named('"${["b", "a"][count.index]}-${var.e}"', "  count = 1\n"),
    ),
    "a local": (
        _named("local.names.a", more='locals {\n  names = { a = "a-${var.e}" }\n}\n'),
        _named("local.names.a", more='locals {\n  names = { a = "a-${var.e}", b = "c" }\n}\n'),
        _named("local.names.a", more='locals {\n  names = { a = "b-${var.e}" }\n}\n'),
    ),
    "a function": (_named('"a-${var.e}"'), _named('format("a-%s", var.e)'), _named('format("b-%s", var.e)')),
    "a list": (_named('"a-${var.e}"'), _named('join("-", ["a", var.e])'), _named('join("-", [var.e, "a"])')),
    "a call": (_calling('"q-${var.e}"'), _calling('"q-${var.e}"', ", size = 3"), _calling('"r-${var.e}"')),
    "a type": (
        _of_an_object("object({ n = string })"),
        _of_an_object("object({ n = string, m = optional(string) })"),
        _of_an_object('object({ n = optional(string, "x") })'),
    ),
    "a file of values": (
        {**_named('"a-${var.e}"'), "prod.tfvars": 'e = "x"\n'},
        {**_named('format("a-%s", var.e)'), "prod.tfvars": 'e = "x"\n'},
        {**_named('"a-${var.e}"'), "prod.tfvars": 'e = "y"\n'},
    ),
}


def test_a_name_known_in_part_is_compared_as_it_is_worked_out(tmp_path: Path) -> None:
    def of(which: int) -> list[set[str]]:
        folder = tmp_path / str(which)
        roots = {name: f"r{number}" for number, name in enumerate(SAME_AND_OTHER)}
        cases = ((root, SAME_AND_OTHER[name][which]) for name, root in roots.items())
        write(folder, [(f"{root}/{path}", text) for root, files in cases for path, text in files.items()])
        every = tuple(IacRoot(root, "terraform") for root in roots.values())
        standing = frozenset({"aws_ebs_volume"})
        found = Scan(folder, scan(IacJob(folder, every, frozenset({"CKV_AWS_3"}), standing=standing), folder / "snap"))
        addresses = ('["q"]', "[0]", "v")
        return [
            {one for line in found.of("record", root) if line["address"].endswith(addresses) for one in line["grounds"]}
            for root in roots.values()
        ]

    known, same, other = (of(which) for which in range(3))
    assert all(known)
    named = list(SAME_AND_OTHER)
    assert [name for name, was, now in zip(named, known, same, strict=True) if was != now] == []
    assert [name for name, was, now in zip(named, known, other, strict=True) if was == now] == []


DISK = """Parameters:
  Env: {Type: String%s}
Mappings: {M: {a: {n: OLD, other: %s}}}
Resources:
  V: {Type: AWS::EC2::Volume, Properties: {AvailabilityZone: z, Encrypted: false, SnapshotId: %s}}
"""
SUB, JOINED = '!Sub "${Env}-x"', '!Join ["-", [!Ref Env, x]]'
OF_TEMPLATE: dict[str, tuple[str, str, str]] = {
    "a check": (
        DISK % ("", 1, SUB),
        DISK % (', AllowedPattern: "[a-z]+", MinLength: 1', 1, SUB),
        DISK % (", Default: y", 1, SUB),
    ),
    "a function": (DISK % ("", 1, SUB), DISK % ("", 1, JOINED), DISK % ("", 1, JOINED.replace("x", "y"))),
    "a parameter alone": (DISK % ("", 1, "!Ref Env"), DISK % ("", 2, '!Sub "${Env}"'), DISK % ("", 1, SUB)),
}


def test_a_name_of_a_template_known_in_part_is_compared_as_it_is_worked_out(tmp_path: Path) -> None:
    def of(which: int) -> list[list[str]]:
        folder = tmp_path / str(which)
        write(folder, [(f"{number}/t.yaml", each[which]) for number, each in enumerate(OF_TEMPLATE.values())])
        every = tuple(IacRoot(str(number), "cloudformation") for number in range(len(OF_TEMPLATE)))
        job = IacJob(folder, every, frozenset({"CKV_AWS_3"}), standing=frozenset({"AWS::EC2::Volume"}))
        found = Scan(folder, scan(job, folder / "snap"))
        return [line["grounds"] for root in every for line in found.of("record", root.path)]

    known, same, other = (of(which) for which in range(3))
    assert all(known)
    named = list(OF_TEMPLATE)
    assert [name for name, was, now in zip(named, known, same, strict=True) if was != now] == []
    assert [name for name, was, now in zip(named, known, other, strict=True) if was == now] == []


def test_a_result_that_rests_on_a_whole_folder_is_not_kept_where_a_file_comes(tmp_path: Path) -> None:
    call = REMOTE % 'rules = fileset(path.module, "r/*.yaml")'
    job = IacJob(tmp_path / "w", (IacRoot("infra", "terraform"),), frozenset({"CKV_AWS_274"}))

    def rests() -> tuple[list[str], int]:
        summary = scan(job, tmp_path / "snapshot", cache=tmp_path / "cache")
        gaps = Scan(tmp_path, summary).of("gap", "infra")
        return next(gap["grounds"] for gap in gaps if gap["cause"] == "module_not_loaded"), summary.cached

    write(tmp_path / "w", [("infra/main.tf", call), ("infra/r/a.yaml", "c: 1\n")])
    first = rests()
    assert rests() == (first[0], 2)  # the root, and the file beside it
    write(tmp_path / "w", [("infra/r/b.yaml", "c: 2\n")])
    assert rests()[0] != first[0]
