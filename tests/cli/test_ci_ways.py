"""What fails in one run, by one tool or with one value may not come to fail in another, or be left undecided there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cli.pushes import ci, workspace
from cli.test_ci_base import commit, git, write

GROUP = """resource "aws_security_group" "g" {
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = %s
  }
}
"""
ASKED = 'variable "c" {\n  type = list(string)\n}\n' + GROUP % "var.c"
OPEN, CLOSED = '["0.0.0.0/0"]', '["10.0.0.0/8"]'
MAPPED = """Parameters:
  Env: {Type: String, Default: dev, AllowedValues: [dev, prod]}
Mappings:
  M: {dev: {c: %s}, prod: {c: %s}}
Resources:
  G:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: x
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !FindInMap [M, !Ref Env, c]}]
"""
TOPIC = "  Q: {Type: AWS::SNS::Topic}\n"
STACK = "  %s: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./%s.yaml}}\n"


Code = dict[str, str]  # by file


def runs(dev: str, prod: str) -> Code:
    files = {"dev": dev, "prod": prod}
    return {"main.tf": ASKED} | {f"runs/{name}.tfvars": f"c = {value}\n" for name, value in files.items()}


def tools(terraform: str, opentofu: str) -> Code:
    return {"main.tf": GROUP % terraform, "main.tofu": GROUP % opentofu}


def values(dev: str, prod: str) -> Code:
    return {"t.yaml": MAPPED % (dev[2:-2], prod[2:-2])}


def by_default(default: str, dev: str, prod: str) -> str:
    return values(dev, prod)["t.yaml"].replace("Default: dev", f"Default: {default}")


def stacks(case: str, *names: str) -> Code:
    made = "".join(STACK % (name, case) for name in names)
    return {f"{case}.yaml": MAPPED % ("0.0.0.0/0", "0.0.0.0/0"), "root.yaml": f"Resources:\n{TOPIC}{made}"}


NEW, UNDECIDED, KNOWN, FIXED = "new", "undecided", "known", ""
CASES: list[tuple[Code, Code, str]] = [
    (runs(OPEN, CLOSED), runs(OPEN, OPEN), NEW),
    (runs(OPEN, CLOSED), runs(CLOSED, OPEN), NEW),
    (runs(OPEN, OPEN), runs(CLOSED, OPEN), KNOWN),
    (runs(OPEN, CLOSED), runs(OPEN, "var.unknown"), NEW),
    (tools(OPEN, CLOSED), tools(OPEN, OPEN), NEW),
    (tools(OPEN, CLOSED), tools(CLOSED, OPEN), NEW),
    (tools(OPEN, OPEN), tools(CLOSED, OPEN), KNOWN),
    (tools(OPEN, OPEN), {"main.tf": GROUP % OPEN, "main.tofu": ""}, KNOWN),
    ({"main.tf": GROUP % OPEN}, tools(OPEN, OPEN), KNOWN),
    (values(OPEN, CLOSED), values(OPEN, OPEN), NEW),
    (values(OPEN, CLOSED), values(CLOSED, OPEN), UNDECIDED),
    (values(OPEN, OPEN), values(OPEN, CLOSED), KNOWN),
    (values(OPEN, CLOSED), {"t.yaml": by_default("prod", OPEN, CLOSED)}, FIXED),
    (values(OPEN, CLOSED), {"t.yaml": values(OPEN, CLOSED)["t.yaml"].replace("Env", "Stage")}, KNOWN),
    ({"t.yaml": by_default("prod", CLOSED, OPEN)}, values(CLOSED, OPEN), FIXED),
    (stacks("one", "A"), stacks("one", "A", "B"), NEW),
    (stacks("two", "A", "B"), stacks("two", "B"), KNOWN),
]
POLICY = "sg-no-admin-ports-open"


def test_a_failure_is_compared_in_each_way(tmp_path: Path) -> None:
    shop = workspace(tmp_path / "shop", "")
    settings = shop / "preuve.yaml"
    scope = ", ".join(_entry(f"infra/{number}", then) for number, (then, _, _) in enumerate(CASES))
    said = settings.read_text().replace("{path: infra, kind: terraform}", scope).replace("high", "low")
    settings.write_text(said)
    write(shop, _files([then for then, _, _ in CASES]))
    git(shop, "init", "-q", "-b", "main")
    commit(shop)
    write(shop, _files([now for _, now, _ in CASES]))
    assert ci(shop, "--base", "main", "--json", str(tmp_path / "push.json")).exit_code == 10
    told = json.loads((tmp_path / "push.json").read_text())
    found = {f"infra/{number}": _said_of(f"infra/{number}", told) for number in range(len(CASES))}
    assert found == {f"infra/{number}": asked for number, (_, _, asked) in enumerate(CASES)}


def _files(cases: list[Code]) -> Code:
    return {f"infra/{number}/{name}": text for number, code in enumerate(cases) for name, text in code.items()}


def _entry(folder: str, code: Code) -> str:
    kind = "terraform" if "main.tf" in code else "cloudformation"
    named = [f"{{variables: [{folder}/runs/{name}.tfvars]}}" for name in ("dev", "prod")]
    runs_of = f", runs: [{', '.join(named)}]" if "runs/dev.tfvars" in code else ""
    return f"{{path: {folder}, kind: {kind}{runs_of}}}"


def _said_of(folder: str, told: dict[str, Any]) -> str:
    """Return what a push says of the failures in a folder."""
    ours = [one for one in told["findings"] if one["policy"] == POLICY and one["file"].startswith(f"{folder}/")]
    failing = [one["known"] for one in ours if one["status"] == "FAIL"]
    if not all(failing):
        return NEW
    return UNDECIDED if {one["id"] for one in ours} & {*told["no_longer_decided"]} else KNOWN if failing else FIXED
