"""Which resources a waiver's pattern covers."""

from __future__ import annotations

import re


def covers(pattern: str, *names: str) -> bool:
    """Whether a glob (`*` and `?`) matches one of a resource's names as a whole."""
    parts = {"*": ".*", "?": "."}
    compiled = re.compile("".join(parts.get(char) or re.escape(char) for char in pattern), re.DOTALL)
    return any(name and compiled.fullmatch(name) for name in names)
