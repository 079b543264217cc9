"""The scanning role for every account of an organization: a template with which CloudFormation makes it in each."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from preuve.library.iam.permissions import Document
from preuve.library.iam.role import SCAN, Role, template
from preuve.library.yaml.place import content_root

_TEMPLATE = "ci/roles/stackset.json"
_STACK_SET = re.compile(r"[A-Za-z][A-Za-z0-9-]*")  # a name of a role may have other characters


def stackset(policies: Sequence[Document], role: Role = SCAN) -> str:
    """Return a template (JSON) with a StackSet; CloudFormation leaves out the account that manages the organization."""
    inside = template(policies, None, role, external_id=True)
    made = json.loads((content_root() / _TEMPLATE).read_text("utf-8"))
    made["Parameters"] = {**inside["Parameters"], **made["Parameters"]}
    # In one region only, because IAM is global: in a second region the role would exist already.
    made["Resources"]["StackSet"]["Properties"] |= {
        "StackSetName": {"Ref": "RoleName"} if _STACK_SET.fullmatch(role.made) else role.name,
        "Parameters": [{"ParameterKey": name, "ParameterValue": {"Ref": name}} for name in inside["Parameters"]],
        "TemplateBody": json.dumps(inside, separators=(",", ":")),
    }
    return json.dumps(made, indent=2) + "\n"
