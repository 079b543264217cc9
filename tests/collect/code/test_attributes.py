"""Arguments of Terraform are judged as the provider sees them: in the type of its schema, and null as not set."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from preuve.collect.code.inputs.attributes import as_provider_sees
from preuve.collect.code.language.hcl.content import Content
from preuve.collect.code.language.values.value import Set, Unknown

BODY: Any = None  # no text is read here


def seen(type_: str, **arguments: Any) -> dict[str, Any]:
    return as_provider_sees(type_, Content(BODY, arguments)).arguments


@pytest.mark.parametrize(
    ("type_", "name", "written", "found"),
    [
        ("aws_db_instance", "publicly_accessible", "1", True),
        ("aws_db_instance", "publicly_accessible", "0", False),
        ("aws_db_instance", "publicly_accessible", "true", True),
        ("aws_db_instance", "backup_retention_period", "30", 30),
        ("aws_db_instance", "backup_retention_period", "1.5", Decimal("1.5")),
        ("aws_vpc_security_group_ingress_rule", "ip_protocol", -1, "-1"),
        ("aws_db_instance", "engine", "true", "true"),
        ("aws_db_snapshot", "shared_accounts", [123456789012], ["123456789012"]),
        ("aws_db_snapshot", "shared_accounts", Set((1,)), Set(("1",))),
        ("aws_db_instance", "tags", {"A": True, "B": 1}, {"A": "true", "B": "1"}),
        ("aws_security_group", "ingress", [{"from_port": "22", "self": "1"}], [{"from_port": 22, "self": True}]),
        ("aws_s3_bucket", "object_lock_enabled", "1", True),
        ("aws_launch_template", "ebs_optimized", "T", True),
        ("aws_launch_template", "ebs_optimized", "", None),
        ("aws_of_tomorrow", "encrypted", "true", True),
        ("aws_of_tomorrow", "encrypted", "on", "on"),
        ("google_disk", "size", "1", "1"),
        ("", "version", "1", "1"),
    ],
)
def test_a_value_gets_the_type_of_the_schema(type_: str, name: str, written: Any, found: Any) -> None:
    value = seen(type_, **{name: written})[name]
    assert (type(value), value) == (type(found), found)


@pytest.mark.parametrize(
    ("type_", "name", "written"),
    [
        ("aws_db_instance", "publicly_accessible", "TRUE"),
        ("aws_db_instance", "publicly_accessible", 1),
        ("aws_db_instance", "backup_retention_period", "a month"),
        ("aws_launch_template", "ebs_optimized", "yes"),
        ("aws_of_tomorrow", "encrypted", "1"),
        ("aws_of_tomorrow", "encrypted", "0"),
    ],
)
def test_a_value_that_terraform_refuses_or_may_convert_is_unknown(type_: str, name: str, written: Any) -> None:
    assert isinstance(seen(type_, **{name: written})[name], Unknown)


def test_null_means_not_set() -> None:
    assert seen("aws_db_instance", publicly_accessible=None, engine="mysql") == {"engine": "mysql"}


def test_an_unknown_value_stays_unknown() -> None:
    cause = Unknown(("var.x",))
    assert seen("aws_db_instance", publicly_accessible=cause, engine=cause) == {
        "publicly_accessible": cause,
        "engine": cause,
    }
