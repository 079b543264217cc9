"""The source of a module that OpenTofu works out by what is written out is followed like one that is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from collect.code.conftest import Scanner, volume
from preuve.collect.code.language.hcl.code import code_of
from preuve.collect.code.language.hcl.lone_expressions import source_of
from preuve.collect.code.language.hcl.syntax.parser import parse_file

LOCALS = """
locals {
  r = local.q
  q = "pen"
  p = "o${local.r}"
  m = { a = "mods" }
  u = var.w
  c = local.d
  d = local.c
}
"""


@pytest.mark.parametrize(
    ("written", "source"),
    [
        ('"./mods/open"', "./mods/open"),
        ('"./mods/${local.p}"', "./mods/open"),
        ('"${path.module}/mods/open"', "./mods/open"),
        ('join("/", [".", local.m.a, lower("OPEN")])', "./mods/open"),
        ('"./${local.m["a"]}/%{ if true }open%{ endif }"', "./mods/open"),
        ('"./mods/${var.w}"', ""),
        ('"./mods/${local.u}"', ""),
        ('"./mods/${local.c}"', ""),
        ('"./mods/${local.missing}"', ""),
        ('"./mods/${local.m.b}"', ""),
        ('"./mods/${terraform.workspace}"', ""),
        ("12", ""),
    ],
)
def test_a_source_is_worked_out_by_what_is_written_out(written: str, source: str) -> None:
    file = Path("m.tf")
    code = code_of(Path(), {file: parse_file(f'{LOCALS}module "m" {{\n  source = {written}\n}}\n')}, complete=True)
    (call,) = code.all_of("module")
    assert source_of(code, call.body.arguments["source"].value) == source


def test_a_module_is_judged_as_it_is_called_by_a_worked_out_source(scan_files: Scanner) -> None:
    made = 'variable "e" {\n  default = "true"\n}\n' + volume("y", "var.e")
    call = f'{LOCALS}module "m" {{\n  source = "./mods/${{local.p}}"\n  e      = false\n}}\n'
    found = scan_files({"infra/m.tf": call, "infra/mods/open/m.tf": made})
    assert found.record("infra", "module.m.aws_ebs_volume.y", "CKV_AWS_3")["result"] == "FAILED"
    assert not found.of("record", "infra/mods/open")
