"""The IAM actions that calls need."""

from __future__ import annotations

from preuve.library.shapes import service_model
from preuve.model.content import Call

_PREFIXES = {"monitoring": "cloudwatch", "tagging": "tag", "email": "ses"}  # signing name where IAM uses another


def prefix(service: str) -> str:
    """The IAM prefix of a botocore service."""
    signing = str(service_model(service).signing_name)
    return _PREFIXES.get(signing, signing)


def actions(call: Call) -> tuple[str, ...]:
    """The IAM actions of a call: those that the collector names, else service:Operation."""
    return call.iam or (f"{prefix(call.service)}:{call.operation}",)
