"""What is made of a value that is known in part, by base64 or by a filter: it is searched for secrets as that is."""

from __future__ import annotations

import pytest

from collect.code.conftest import Scanner
from content_copy import bundled
from preuve.collect.code.checkov.shapes.values import argument_of
from preuve.collect.code.language.hcl.functions import call
from preuve.collect.code.language.values.value import JsonText, PartText, Unknown
from preuve.collect.code.secrets.search import secrets_of
from preuve.library.validation.code.code_rules import rendered

CHECK = "CKV2_PREUVE_COMPUTE_SECRETS"
RULE = rendered(bundled().code_rules[CHECK], {})
ID = Unknown(("aws_efs_file_system.f.id",), made=True)
SECRET = "Kx9vLq2Zt11wPz"


@pytest.mark.parametrize(
    "part", [ID, Unknown(("var.x",)), Unknown(("data.http.x.body",)), Unknown(("f()",), computed=True)]
)
@pytest.mark.parametrize(
    "texts",
    [
        ("#!/bin/bash\nmount -t efs ", ":/ /mnt\n"),
        ("", "\nexport DB_PASSWORD=" + SECRET + "\n"),
        (f"export DB_PASSWORD={SECRET}\n", ""),
        ("mysql -u root -p", "\n"),
        ("DB_PASSWORD=", "\n"),
        ('{"a": "', f'", "password": "{SECRET}"}}'),
    ],
)
def test_base64_changes_nothing(part: Unknown, texts: tuple[str, str]) -> None:
    text = PartText(part.causes, parts=tuple(one for one in (texts[0], part, texts[1]) if one != ""))
    plain, packed = (
        secrets_of("aws_instance", {"user_data": [argument_of(one)]})
        for one in (text, call("base64encode", [text], host=None))  # type: ignore[arg-type]
    )
    assert [(one.path, one.kind) for one in plain.found] == [(one.path, one.kind) for one in packed.found]
    assert bool(plain.hidden) == bool(packed.hidden)


def test_base64_of_a_value_of_which_nothing_is_known_is_unknown() -> None:
    for whole in (ID, Unknown(("var.x",))):
        found = secrets_of("aws_instance", {"user_data": [argument_of(call("base64encode", [whole], host=None))]})  # type: ignore[arg-type]
        assert found.hidden


def test_base64_of_json_is_searched_too() -> None:
    value = JsonText(("var.x",), value={"password": SECRET, "x": Unknown(("var.x",))})
    assert secrets_of("aws_instance", {"user_data": [argument_of(call("base64encode", [value], host=None))]}).found  # type: ignore[arg-type]


LOOP = """
resource "aws_db_instance" "d" {{}}
variable "x" {{}}
resource "aws_lambda_function" "{}" {{
  environment {{
    variables = {{ for k, v in {{ HOST = aws_db_instance.d.address, {} }} : k => v if v != null }}
  }}
}}
resource "aws_ecs_task_definition" "{}" {{
  container_definitions = jsonencode([{{
    name        = "c"
    environment = [for k, v in {{ HOST = aws_db_instance.d.address, {} }} : {{ name = k, value = v }} if v != null]
  }}])
}}
"""


@pytest.mark.parametrize(
    ("member", "result"),
    [
        ('LEVEL = "info"', "PASSED"),
        ("LEVEL = var.x", "PASSED"),
        (f'DB_PASSWORD = "{SECRET}"', "FAILED"),
        (f'DB_PASSWORD = var.x == null ? "{SECRET}" : var.x', "FAILED"),
        (f'DB_PASSWORD = try(var.x.y, "{SECRET}")', "FAILED"),
        (f'URL = "https://u:{SECRET}@${{aws_db_instance.d.address}}/x"', "FAILED"),
    ],
)
def test_a_filter_only_leaves_members_out(scan_files: Scanner, member: str, result: str) -> None:
    code = LOOP.format("f", member, "f", member)
    found = scan_files({"infra/main.tf": code}, checks=frozenset({CHECK}), rules=(RULE,))
    types = ("aws_lambda_function", "aws_ecs_task_definition")
    assert [found.record("infra", f"{type_}.f", CHECK)["result"] for type_ in types] == [result, result]


def test_a_launch_template_passes_and_fails_by_what_is_written_in_it(scan_files: Scanner) -> None:
    code = (
        'variable "x" {{}}\n'
        'resource "aws_launch_template" "{}" {{\n  user_data = base64encode("#!/bin/bash\\n{}")\n}}\n'
    )
    files = {
        "plain/main.tf": code.format("plain", "echo ENV=${var.x} >> /etc/environment"),
        "secret/main.tf": code.format("secret", f"export DB_PASSWORD={SECRET}\\n# ${{var.x}}"),
    }
    results = {
        root: scan_files(
            {f"infra/{name}": text for name, text in [("main.tf", files[f"{root}/main.tf"])]},
            checks=frozenset({CHECK}),
            rules=(RULE,),
        ).record("infra", f"aws_launch_template.{root}", CHECK)["result"]
        for root in ("plain", "secret")
    }
    assert results == {"plain": "PASSED", "secret": "FAILED"}
