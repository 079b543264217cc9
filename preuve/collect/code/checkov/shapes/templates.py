"""CloudFormation accepts several shapes for one thing; Checkov's checks look for one of them and pass the others.

A policy may be the text of its JSON, a single statement or rule may replace a list, and a boolean may be written as a
text. Checkov gets one shape for each.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from preuve.collect.code.verdict.marks import OPAQUE, is_opaque

_POLICIES = frozenset({"AssumeRolePolicyDocument", "KeyPolicy", "PolicyDocument", "RepositoryPolicyText"})
_LISTS = frozenset(
    {
        *("BlockDeviceMappings", "CacheBehaviors", "DefaultActions", "LoadBalancerAttributes", "NetworkInterfaces"),
        *("Origins", "Policies", "SecurityGroupEgress", "SecurityGroupIngress", "ServerSideEncryptionConfiguration"),
    }
)
# AWS takes these, and whatever is below them, as texts.
_TEXTS = frozenset({"Environment", "Parameters", "Tags", "Value", "Values", "Variables"})
_BOOLEANS = {"true": True, "false": False}


def shaped(value: Any, key: str = "") -> Any:
    """Convert the value of a property to the shape that checks expect."""
    if key in _POLICIES:
        return _policy(value, key)
    if key in _TEXTS:
        return value
    if isinstance(value, dict):
        found = {name: shaped(item, name) for name, item in value.items()}
        return [found] if key in _LISTS else found
    if isinstance(value, list):
        return [shaped(item) for item in value]
    return _BOOLEANS.get(value.lower(), value) if isinstance(value, str) else value


def _policy(value: Any, key: str) -> Any:
    """Return a policy as a mapping, or as a placeholder for an unknown value."""
    document = _decoded(value) if isinstance(value, str) else value
    if not isinstance(document, Mapping):
        return value if is_opaque(value) else f"{OPAQUE}${{{key}}}"
    statements = document.get("Statement")
    if isinstance(statements, Mapping):
        return {**document, "Statement": [statements]}
    return document


def _decoded(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
