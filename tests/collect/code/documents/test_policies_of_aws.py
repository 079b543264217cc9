"""The policies of AWS that may not be attached are those whose documents give all rights away."""

from __future__ import annotations

import json
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data

from content_copy import bundled
from preuve.documents.document import Unknown, read
from preuve.documents.grants import unbounded
from preuve.documents.patterns import text_meets

RULE = bundled().code_rules["CKV2_PREUVE_ADMIN_ATTACHED"].judgement or {}
PATTERNS = RULE["values"]["aws_iam_role_policy_attachment"]["policy_arn"]
ADMINISTRATORS = (
    *("iam:createpolicyversion", "iam:attachuserpolicy", "iam:attachrolepolicy"),
    *("iam:putuserpolicy", "iam:putrolepolicy", "sts:assumerole"),
)
FOR_SYSTEMS = "SystemAdministrator"  # gives no rights away, but everything that runs


def is_refused(name: str, path: str) -> bool:
    return any(text_meets(pattern, f"arn:aws:iam::aws:policy{path}{name}").value for pattern in PATTERNS)


def test_a_policy_of_aws_is_refused_where_it_gives_all_rights_and_else_is_not() -> None:
    policies: dict[str, dict[str, Any]] = json.loads(aws_managed_policies_data)
    made = {name for name, policy in policies.items() if unbounded([read(policy["Document"])], ADMINISTRATORS).value}
    refused = {name for name, policy in policies.items() if is_refused(name, policy["Path"])}
    assert len(policies) > 1000
    assert made | {FOR_SYSTEMS} == refused


def test_a_policy_of_aws_is_itself_in_every_partition_and_a_part_of_its_name_is_not_known() -> None:
    def refused(*known: str) -> set[bool | None]:
        return {text_meets(pattern, Unknown("x", known=known)).value for pattern in PATTERNS}

    assert True in refused("arn:", ":iam::aws:policy/AdministratorAccess")
    assert True not in refused("arn:aws:iam::aws:policy/", "Access")
    assert None in refused("arn:aws:iam::aws:policy/", "Access")
    assert refused("arn:", ":iam::aws:policy/ReadOnlyAccess") == {False}
