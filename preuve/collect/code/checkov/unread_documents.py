"""The parts of a policy document that no check of Checkov reads: the documents that a data source imports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from preuve.collect.code.verdict.marks import is_opaque

_DOCUMENT = "aws_iam_policy_document"
_TAKEN_IN = ("source_policy_documents", "override_policy_documents", "source_json", "override_json")


def unread(kind: str, body: Mapping[str, Any]) -> str:
    """Return the sources of a document beside its own statements and those of documents in the code, which are
    judged alone.
    """
    names = [name for name in _TAKEN_IN if kind == _DOCUMENT and _is_open(body.get(name))]
    return "; ".join(f"not read: {name}" for name in names)


def _is_open(value: Any) -> bool:
    """Return whether an imported document is unknown; a literal one is judged at its own place."""
    if isinstance(value, list):
        return any(map(_is_open, value))
    return is_opaque(value)
