"""Values that fit a botocore shape, for tests that must call an operation and do not care with what."""

from __future__ import annotations

from typing import Any


def dummy(shape: Any) -> Any:
    """A value that fits an input shape: required members only."""
    if shape.type_name == "structure":
        return {name: dummy(member) for name, member in shape.members.items() if name in shape.required_members}
    if shape.type_name == "list":
        return [dummy(shape.member)]
    plain = {"integer": 1, "long": 1, "boolean": False, "timestamp": "2026-01-01T00:00:00Z", "map": {}}
    return plain.get(shape.type_name, (getattr(shape, "enum", None) or ["x"])[0])
