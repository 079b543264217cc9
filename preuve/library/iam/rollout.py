"""The scanning role for every account of an organization: a template that has CloudFormation make it in each."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from preuve.library.iam.permissions import Document
from preuve.library.iam.role import SCAN, Role, parameters, template

_STACK_SET = re.compile(r"[A-Za-z][A-Za-z0-9-]*")  # a name of a role may have other characters
_ABOUT = "Makes the scanning role of preuve in each account of some units, and in those that join them"


def stackset(policies: Sequence[Document], role: Role = SCAN) -> str:
    """Return a template (JSON) with a StackSet; CloudFormation leaves out the account that manages the organization."""
    inside = parameters(role, None, external_id=True)
    made = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": _ABOUT,
        "Parameters": {**inside, **_TARGETS},
        "Resources": {
            "StackSet": {"Type": "AWS::CloudFormation::StackSet", "Properties": _properties(policies, role, inside)}
        },
    }
    return json.dumps(made, indent=2) + "\n"


_TARGETS: Mapping[str, Any] = {
    "OrganizationalUnits": {
        "Type": "CommaDelimitedList",
        "Description": "Ids of the root (r-...) or of units (ou-...) whose accounts get the role, units below included",
    },
    "CallAs": {
        "Type": "String",
        "Default": "SELF",
        "AllowedValues": ["SELF", "DELEGATED_ADMIN"],
        "Description": "SELF in the account that manages the organization",
    },
}


def _properties(policies: Sequence[Document], role: Role, inside: Mapping[str, Any]) -> Mapping[str, Any]:
    body = json.dumps(template(policies, None, role, external_id=True), separators=(",", ":"))
    return {
        "StackSetName": {"Ref": "RoleName"} if _STACK_SET.fullmatch(role.made) else role.name,
        "Description": _ABOUT,
        "PermissionModel": "SERVICE_MANAGED",
        "CallAs": {"Ref": "CallAs"},
        "AutoDeployment": {"Enabled": True, "RetainStacksOnAccountRemoval": False},
        "ManagedExecution": {"Active": True},
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
        "Parameters": [{"ParameterKey": name, "ParameterValue": {"Ref": name}} for name in inside],
        # IAM has no region: one, or the second would find the role there already.
        "StackInstancesGroup": [
            {
                "DeploymentTargets": {"OrganizationalUnitIds": {"Ref": "OrganizationalUnits"}},
                "Regions": [{"Ref": "AWS::Region"}],
            }
        ],
        "OperationPreferences": {"FailureTolerancePercentage": 100, "MaxConcurrentPercentage": 25},
        "TemplateBody": body,
    }
