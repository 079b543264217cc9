"""What a loop may not make is in doubt where an expression asks for it, unless the same loop makes what asks."""

from __future__ import annotations

from collect.code.conftest import Scan, Scanner
from content_copy import bundled
from preuve.library.validation.code.code_rules import rendered

CODE = """
variable "on" { type = bool }
variable "off" { type = bool }
variable "n" { type = number }
resource "aws_ebs_volume" "x" {
  count             = var.on ? 1 : 0
  availability_zone = "eu-west-3a"
  encrypted         = true
}
resource "aws_ebs_volume" "named" {
  for_each          = var.on ? toset(["a"]) : toset([])
  availability_zone = "eu-west-3a"
  encrypted         = true
}
resource "aws_ebs_volume" "many" {
  count             = var.n
  availability_zone = "eu-west-3a"
  encrypted         = true
}
"""
SAME, OTHER, NAMED = "var.on ? 1 : 0", "var.off ? 1 : 0", 'var.on ? toset(["a"]) : toset([])'
ASKING = [
    ("try(aws_ebs_volume.x[0].encrypted, false)", "", "UNKNOWN"),
    ("try(aws_ebs_volume.x[0].encrypted, false)", SAME, "PASSED"),
    ("try(aws_ebs_volume.x[0].encrypted, false)", OTHER, "UNKNOWN"),
    ("try(aws_ebs_volume.x[0].encrypted, true)", "", "PASSED"),
    ("try(aws_ebs_volume.many[0].encrypted, false)", "var.n", "UNKNOWN"),
    ("try(aws_ebs_volume.x[1].encrypted, false)", SAME, "UNKNOWN"),  # there is none
    ('try(aws_ebs_volume.named["b"].encrypted, false)', NAMED, "UNKNOWN"),
    ("try(aws_ebs_volume.named[*].encrypted[0], false)", NAMED, "UNKNOWN"),  # of a map Terraform makes a list of one
    ("can(aws_ebs_volume.x[0].id)", "", "UNKNOWN"),
    ("can(aws_ebs_volume.x[0].id)", SAME, "PASSED"),
    ("aws_ebs_volume.x[0].encrypted", "", "PASSED"),  # Terraform refuses any other
    ("one(aws_ebs_volume.x[*].encrypted)", SAME, "PASSED"),
    ("one(aws_ebs_volume.x[*].encrypted)", OTHER, "UNKNOWN"),
    ("one(aws_ebs_volume.x[*].encrypted)", "", "UNKNOWN"),
    ("one(aws_ebs_volume.many[*].encrypted)", "var.n", "UNKNOWN"),
    ("length(aws_ebs_volume.x) == 1 && length(aws_ebs_volume.x[*].id) == 1", "", "UNKNOWN"),
    ("length(aws_ebs_volume.x[*].id) == 1", SAME, "PASSED"),
]


def test_an_element_is_there_only_where_its_loop_makes_it(scan_files: Scanner) -> None:
    blocks = [
        f'resource "aws_ebs_volume" "asks{number}" {{\n'
        + (f"  {'for_each' if count == NAMED else 'count'} = {count}\n" if count else "")
        + f'  availability_zone = "eu-west-3a"\n  encrypted = {value}\n}}\n'
        for number, (value, count, _) in enumerate(ASKING)
    ]
    code = scan_files({"infra/main.tf": CODE + "".join(blocks)}, checks=frozenset({"CKV_AWS_3"}))
    for number, (value, count, result) in enumerate(ASKING):
        assert code.record("infra", f"aws_ebs_volume.asks{number}", "CKV_AWS_3")["result"] == result, (value, count)


BOUNDED = "CKV2_PREUVE_BOUNDED_POLICY"
POLICY = """
data "aws_iam_policy_document" "{name}" {{
  statement {{
    actions   = {actions}
    resources = {resources}
  }}
}}
resource "aws_iam_policy" "{name}" {{
  policy = data.aws_iam_policy_document.{name}.json
}}
"""
GET, SHOP = '["s3:GetObject"]', '["arn:aws:s3:::shop"]'
STATEMENTS = {
    "known": (GET, SHOP, "PASSED"),
    "sifted_resources": (GET, '[for a in ["*"] : a if var.on]', "UNKNOWN"),
    "sifted_among": (GET, '[for a in ["*", "arn:aws:s3:::x"] : a if var.on]', "UNKNOWN"),
    "sifted_actions": ('[for a in ["s3:GetObject"] : a if var.on]', '["*"]', "UNKNOWN"),
    "joined": (GET, 'concat(["arn:aws:s3:::x"], [for a in ["*"] : a if var.on])', "UNKNOWN"),
    "tried": (GET, '[try(aws_ecs_cluster.c[0].arn, "*")]', "UNKNOWN"),
    "letters": (GET, '["${replace(aws_ecs_cluster.d.arn, ":cluster/", ":task/")}/*"]', "UNKNOWN"),
    "wildcard": (GET, '[replace(aws_ecs_cluster.d.arn, ":cluster/", "*")]', "UNKNOWN"),
    "pattern": (GET, '["${replace(aws_ecs_cluster.d.arn, "/.*/", "")}*"]', "UNKNOWN"),
    "variable": (GET, '[replace(aws_ecs_cluster.d.arn, ":cluster/", var.to)]', "UNKNOWN"),
    "number": (GET, '[replace(aws_ecs_cluster.d.arn, "arn", "0")]', "UNKNOWN"),
}


def test_what_a_list_may_hold_and_a_name_with_other_letters_are_not_known(scan_files: Scanner) -> None:
    params = {name: item.value for name, item in bundled().parameters.items()}
    rule = rendered(bundled().code_rules[BOUNDED], params, bundled().reference)
    code = """
variable "on" { type = bool }
variable "to" { type = string }
resource "aws_ecs_cluster" "c" {
  count = var.on ? 1 : 0
  name  = "c"
}
resource "aws_ecs_cluster" "d" { name = "d" }
"""
    for name, (actions, resources, _) in STATEMENTS.items():
        code += POLICY.format(name=name, actions=actions, resources=resources)
    found: Scan = scan_files({"infra/main.tf": code}, checks=frozenset({BOUNDED}), rules=(rule,))
    results = {name: found.record("infra", f"aws_iam_policy.{name}", BOUNDED)["result"] for name in STATEMENTS}
    assert results == {name: result for name, (_, _, result) in STATEMENTS.items()}


_ONE = " ? 1 : 0"
# Conditions that no value of `var.on` and `var.off` changes, each with whether the block may be made.
_DECIDED = {
    "var.on && false ? 1 : 0": False,
    "false && var.on ? 1 : 0": False,
    "var.on || true ? 0 : 1": False,
    "true || var.on ? 0 : 1": False,
    "!(var.on && false) ? 0 : 1": False,
    "length(var.set) > 0 && var.n == 0 ? 1 : 0": False,
    "var.on ? (var.off && false ? 1 : 0) : 0": False,
    "local.never ? 1 : 0": False,
    "local.never || local.never ? 1 : 0": True,  # each local value is followed once: in doubt it may be made
    "var.on && true ? 1 : 0": True,
    "var.on || false ? 1 : 0": True,
    "var.on && var.off ? 1 : 0": True,
    "var.on && false ? 1 : var.n": True,
    "var.n": True,
}


def test_what_no_unknown_value_can_make_is_not_made(scan_files: Scanner) -> None:
    head = CODE + 'variable "set" { default = [] }\nlocals {\n  never = var.on && length(var.set) > 0\n}\n'
    loops = {
        f"{kind}{number}": written
        for number, count in enumerate(_DECIDED)
        for kind, written in (
            ("count", f"count = {count}"),
            ("each", f"for_each = toset([for i in range({count}) : tostring(i)])" if count == "var.n" else ""),
            ("set", f"for_each = {count.removesuffix(_ONE)} ? {{ a = 1 }} : {{}}" if count.endswith(_ONE) else ""),
        )
        if written
    }
    blocks = [
        f'resource "aws_ebs_volume" "{name}" {{\n  {written}\n  availability_zone = "a"\n  encrypted = false\n}}\n'
        for name, written in loops.items()
    ]
    code = scan_files({"infra/main.tf": head + "".join(blocks)}, checks=frozenset({"CKV_AWS_3"}))
    found = {line["address"].partition("[")[0] for line in code.of("record", "infra")}
    wanted = {name: list(_DECIDED.values())[int(name.lstrip("countseah"))] for name in loops}
    assert {name: f"aws_ebs_volume.{name}" in found for name in loops} == wanted
