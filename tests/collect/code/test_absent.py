"""A block that is certainly absent is not judged; one that may exist is judged, whatever Checkov does with it."""

from __future__ import annotations

import pytest

from collect.code.conftest import Scan, Scanner, volume

THERE, NOT_THERE = True, False


def variable(name: str, default: str = "") -> str:
    return f'variable "{name}" {{\n' + (f"  default = {default}\n" if default else "") + "}\n"


def made(loop: str, name: str = "x") -> str:
    return f'resource "aws_ebs_volume" "{name}" {{\n  {loop}\n  encrypted = false\n}}\n'


TAGS = 'locals {\n  tags = { env = "prod" }\n}\n'
ON, OFF, OPEN = variable("on", "true"), variable("on", "false"), variable("on")
BOTH = "count = var.on && var.more ? 1 : 0"
OBJECT = 'variable "all" {\n  type = object({ on = optional(bool, true) })\n  default = {}\n}\n'

# What Terraform makes of each; where it depends on a value that is not in the code, the block may be there.
LOOPS = {
    "literal": (made("count = 0"), NOT_THERE),
    "switched_off": (OFF + made("count = var.on ? 1 : 0"), NOT_THERE),
    "switched_on": (ON + made("count = var.on ? 1 : 0"), THERE),
    "no_default": (OPEN + made("count = var.on ? 1 : 0"), THERE),
    "map": (TAGS + made('count = local.tags["env"] == "prod" ? 1 : 0'), THERE),
    "other_map": (TAGS + made('count = local.tags["env"] == "dev" ? 1 : 0'), NOT_THERE),
    "map_and_number": (
        TAGS + variable("n", "2") + made('count = local.tags["env"] == "prod" && var.n > 1 ? var.n : 0'),
        THERE,
    ),
    "compared": (OPEN + made('count = var.on == "prod" ? 1 : 0'), THERE),
    "null": (variable("on", "null") + made("count = var.on == null ? 1 : 0"), THERE),
    "not_null": (variable("on", "null") + made("count = var.on != null ? 1 : 0"), NOT_THERE),
    "data": (made('count = data.aws_caller_identity.me.account_id == "1" ? 1 : 0'), THERE),
    "one_of_two_off": (ON + variable("more", "false") + made(BOTH), NOT_THERE),
    "one_of_two_open": (ON + variable("more") + made(BOTH), THERE),
    "one_off_one_open": (OFF + variable("more") + made(BOTH), NOT_THERE),
    "neither": (OFF + variable("more", "false") + made("count = var.on || var.more ? 1 : 0"), NOT_THERE),
    "not_both": (ON + variable("more", "false") + made("count = !(var.on && var.more) ? 1 : 0"), THERE),
    "negated": (ON + made("count = !var.on ? 1 : 0"), NOT_THERE),
    "length": (variable("l", '["a"]') + made("count = length(var.l) > 0 ? 1 : 0"), THERE),
    "no_length": (variable("l", "[]") + made("count = length(var.l) > 0 ? 1 : 0"), NOT_THERE),
    "open_length": (variable("l") + made("count = length(var.l)"), THERE),
    "empty_length": (made("count = length([])"), NOT_THERE),
    "tried": (made("count = try(local.nowhere, 0)"), THERE),
    "contained": (variable("e", '"prod"') + made('count = contains(["prod"], var.e) ? 1 : 0'), THERE),
    "not_contained": (variable("e", '"dev"') + made('count = contains(["prod"], var.e) ? 1 : 0'), NOT_THERE),
    "optional": (OBJECT + made("count = var.all.on ? 1 : 0"), THERE),
    "circle": ("locals {\n  a = local.b\n  b = local.a\n}\n" + made("count = local.a"), THERE),
    "no_items": (variable("l", "[]") + made("for_each = toset(var.l)"), NOT_THERE),
    "open_items": (variable("l") + made("for_each = toset(var.l)"), THERE),
    "no_map": (made("for_each = {}"), NOT_THERE),
    "made_map": (variable("l", "[]") + made("for_each = { for k in var.l : k => k }"), NOT_THERE),
    "map_switched_off": (OFF + made("for_each = var.on ? { a = 1 } : {}"), NOT_THERE),
    "map_open": (OPEN + made("for_each = var.on ? { a = 1 } : {}"), THERE),
    "merged": (variable("m") + made("for_each = merge(var.m, {})"), THERE),
}

CALLED = variable("on", "false") + made("count = var.on ? 1 : 0")


def call(name: str, *lines: str) -> str:
    body = "".join(f"  {line}\n" for line in ('source = "./m"', *lines))
    return f'module "{name}" {{\n{body}}}\n'


ROOTS = {
    "calls/main.tf": OFF
    + OPEN.replace("on", "open")
    + call("none", "count = 0", "on = true")
    + call("off", "count = var.on ? 1 : 0", "on = true")
    + call("each", "for_each = {}", "on = true")
    + call("open", "count = var.open ? 1 : 0", "on = true")
    + call("given", "on = true")
    + call("default")
    + call("undecided", "on = var.open")
    + call("copies", "for_each = { a = true, b = false }", "on = each.value"),
    "calls/m/main.tf": CALLED,
    "below/main.tf": 'module "a" {\n  source = "./a"\n  count = 0\n}\n',
    "below/a/main.tf": 'module "b" {\n  source = "../b"\n}\n',
    "below/b/main.tf": volume(),
    "files/main.tf": OFF
    + variable("l", '["a"]')
    + made("count = var.on ? 1 : 0")
    + made("for_each = toset(var.l)", "y"),
    "files/terraform.tfvars": "on = true\n",
    "files/more.auto.tfvars": "l = []\n",
    "elsewhere/main.tf": OFF
    + OPEN.replace("on", "open")
    + "".join(
        f'module "{name}" {{\n  source = "acme/{name}/aws"\n  {loop}\n}}\n'
        for name, loop in {
            "none": "count = 0",
            "off": "count = var.on ? 1 : 0",
            "each": "for_each = {}",
            "open": "count = var.open ? 1 : 0",
            "data": "for_each = data.aws_ssm_parameter.x.value",
            "made": "version = 1",
        }.items()
    ),
    "wrapped/main.tf": call("a", "on = true").replace("./m", "./w")
    + call("b", "on = false").replace("./m", "./w")
    + call("c", "on = false").replace("./m", "./v")
    + call("d", "count = 0").replace("./m", "./u"),
    **{
        f"wrapped/{name}/main.tf": OPEN + f'module "x" {{\n  source = "acme/{name}/aws"\n  count = var.on ? 1 : 0\n}}\n'
        for name in "wvu"
    },
    "keys/main.tf": 'resource "aws_ebs_volume" "x" {\n  for_each = toset(["example.org"])\n}\n',
}


@pytest.fixture(scope="module")
def scanned(scan_files: Scanner) -> Scan:
    loops = {f"{name}/main.tf": content for name, (content, _) in LOOPS.items()}
    return scan_files({**loops, **ROOTS}, root=".")


def judged(scan: Scan, root: str) -> set[str]:
    return {line["address"] for line in scan.of("record", root) if line["check"] == "CKV_AWS_3"}


@pytest.mark.parametrize("name", LOOPS)
def test_a_block_is_left_out_only_if_it_is_certainly_absent(scanned: Scan, name: str) -> None:
    there = LOOPS[name][1]
    assert bool(judged(scanned, name)) is there
    [line] = scanned.of("root", name)
    assert (line["resources"] > 0) is there


def test_arguments_of_a_module_call_decide_and_an_absent_call_has_no_blocks(scanned: Scan) -> None:
    assert judged(scanned, "calls") == {
        "module.open.aws_ebs_volume.x[0]",
        "module.given.aws_ebs_volume.x[0]",
        "module.undecided.aws_ebs_volume.x",
        'module.copies["a"].aws_ebs_volume.x[0]',
    }
    assert judged(scanned, "below") == set()


def test_variable_files_decide_about_absence_too(scanned: Scan) -> None:
    assert judged(scanned, "files") == {"aws_ebs_volume.x[0]"}


def test_a_graph_check_judges_a_key_with_a_dot(scanned: Scan) -> None:
    record = scanned.record("keys", 'aws_ebs_volume.x["example.org"]', "CKV2_AWS_2")
    assert record["file"] == "keys/main.tf"
    assert scanned.gaps("keys") == []


def test_a_remote_module_is_a_gap_only_if_it_may_be_called(scanned: Scan) -> None:
    assert [gap[3].split()[1] for gap in scanned.gaps("elsewhere") if gap[2] != "not_made"] == ["open", "data", "made"]
    assert [gap[0] for gap in scanned.gaps("wrapped") if gap[2] != "not_made"] == ["wrapped/w/main.tf"]
