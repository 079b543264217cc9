"""What a root or a template costs grows as what is written in it: counted in calls, not in time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

TRUST = 'jsonencode({Statement = [{Effect = "Allow", Principal = {Service = "x"}, Action = "sts:AssumeRole"}]})'
ALL = 'jsonencode({Statement = [{Effect = "Allow", Action = "*", Resource = "*"}]})'
RULE = """resource "aws_security_group_rule" "r%d" {
  type              = "ingress"
  security_group_id = aws_security_group.g.id
  from_port         = %d
  to_port           = %d
  protocol          = "tcp"
  cidr_blocks       = ["10.0.0.0/8"]
}
"""
GROUP = 'resource "aws_security_group" "g" {\n  name = "g"\n}\n'
# By kind: what stands once, and what is written many times over; `%d` is its number.
TERRAFORM = {
    "rules of a group": (GROUP, RULE),
    "rules of a group that is elsewhere": ("", RULE.replace("aws_security_group.g.id", '"sg-1"')),
    "groups with a rule": ("", GROUP.replace("g", "g%d") + RULE.replace(".g.", ".g%d.")),
    "settings of buckets": (
        "",
        'resource "aws_s3_bucket" "b%d" {\n  bucket = "b%d"\n}\n'
        'resource "aws_s3_bucket_versioning" "v%d" {\n  bucket = aws_s3_bucket.b%d.id\n}\n'
        'resource "aws_s3_bucket_public_access_block" "p%d" {\n  bucket = "b%d"\n}\n',
    ),
    "policies of roles": (
        "",
        f'resource "aws_iam_role" "r%d" {{\n  name               = "r%d"\n  assume_role_policy = {TRUST}\n}}\n'
        f'resource "aws_iam_role_policy" "p%d" {{\n  role   = aws_iam_role.r%d.id\n  policy = {ALL}\n}}\n',
    ),
    "attachments": (
        f'resource "aws_iam_policy" "p" {{\n  name   = "p"\n  policy = {ALL}\n}}\n',
        'resource "aws_iam_role_policy_attachment" "a%d" {\n  role = "r%d"\n  policy_arn = aws_iam_policy.p.arn\n}\n',
    ),
    "routes": (
        'resource "aws_apigatewayv2_api" "a" {\n  name          = "a"\n  protocol_type = "HTTP"\n}\n',
        'resource "aws_apigatewayv2_route" "r%d" {\n  api_id = aws_apigatewayv2_api.a.id\n  route_key = "GET /%d"\n}\n',
    ),
}
TEMPLATES = {
    "rules of a group": (
        "  G: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: x}}\n",
        "  R%d: {Type: AWS::EC2::SecurityGroupIngress, Properties: "
        "{GroupId: !Ref G, IpProtocol: tcp, FromPort: %d, ToPort: %d, CidrIp: 10.0.0.0/8}}\n",
    ),
    "policies of buckets": (
        "",
        "  B%d: {Type: AWS::S3::Bucket}\n  P%d: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref B%d, "
        'PolicyDocument: {Statement: [{Effect: Allow, Principal: "*", Action: "s3:*", Resource: "*"}]}}}\n',
    ),
    "permissions of functions": (
        "",
        "  F%d: {Type: AWS::Lambda::Function, Properties: {Role: r, Code: {ZipFile: x}}}\n"
        '  P%d: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref F%d, Principal: "*"}}\n',
    ),
}
SIZES = (10, 20, 40)
COUNT = """
import json, sys
from pathlib import Path
from preuve.collect.code import IacJob
from preuve.collect.code.checkov.evaluator import Evaluator
from preuve.library.validation.code.code_rules import rendered
from preuve.library.load import load_library
from preuve.model.company.code import IacRoot
base, units = Path(sys.argv[1]), json.loads(sys.argv[2])
library = load_library()
checks = {check for policy in library.policies.values() if policy.iac for check in policy.iac.checkov}
rules = tuple(
    rendered(rule, library.values({}), library.reference) for name, rule in library.code_rules.items() if name in checks
)
roots = tuple(IacRoot(root, kind) for kind, root, _ in units)
job = IacJob(base, roots, frozenset(checks), rules, documents=library.documents, standing=library.namings.standing)
evaluator = Evaluator(job)
evaluator.prepare(units)
calls = 0
def count(frame, event, argument):
    global calls
    calls += event == "call"
found = []
for unit in units:
    if unit in units[::3]:
        evaluator.evaluate(*unit)  # what is worked out once, whatever comes after
    calls = 0
    sys.setprofile(count)
    lines = evaluator.evaluate(*unit)
    sys.setprofile(None)
    assert not any(line["kind"] == "gap" and line["cause"] == "scanner_failed" for line in lines), lines
    found.append(calls)
print(json.dumps(found))
"""


def test_what_it_costs_to_judge_code_grows_as_the_code(tmp_path: Path) -> None:
    units: list[tuple[str, str, str]] = []
    for kind, cases, name, head in (
        ("terraform", TERRAFORM, "main.tf", ""),
        ("cloudformation", TEMPLATES, "t.yaml", "Resources:\n"),
    ):
        for case, (once, each) in enumerate(cases.values()):
            for size in SIZES:
                root = f"{kind}{case}x{size}"
                (tmp_path / root).mkdir()
                text = "".join(each.replace("%d", str(number)) for number in range(size))
                (tmp_path / root / name).write_text(head + once + text)
                units.append((kind, root, "" if kind == "terraform" else f"{root}/{name}"))
    command = [sys.executable, "-c", COUNT, str(tmp_path), json.dumps(units)]
    told = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert told.returncode == 0, told.stderr
    found = json.loads(told.stdout)
    names = [f"{of}: {case}" for of, cases in (("terraform", TERRAFORM), ("template", TEMPLATES)) for case in cases]
    for name, few, more, most in zip(names, found[::3], found[1::3], found[2::3], strict=True):
        assert most - more <= (more - few) * 2 * 1.15, name
