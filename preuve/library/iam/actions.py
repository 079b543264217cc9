"""The IAM actions that calls need."""

from __future__ import annotations

from collections.abc import Mapping

from preuve.model.content import Call

# Where IAM's prefix is not botocore's name of the service; a table, so that no service model is loaded for a name.
_PREFIXES: Mapping[str, str] = {
    "accessanalyzer": "access-analyzer",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "resourcegroupstaggingapi": "tag",
    "s3control": "s3",
    "sesv2": "ses",
    "sso-admin": "sso",
}


def prefix(service: str) -> str:
    """Return the IAM prefix of a botocore service."""
    return _PREFIXES.get(service, service)


def actions(call: Call) -> tuple[str, ...]:
    """Return the IAM actions of a call: those that the collector names, else service:Operation."""
    return call.iam or (f"{prefix(call.service)}:{call.operation}",)
