"""Comments in code that tell Checkov to skip a block. Results mention them; they have no effect."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_LONGEST = 500
_COMMENT = re.compile(r"(?:checkov|bridgecrew|cortex):skip= *([\w-]+(?:,[\w-]+)*)?(?::([^\n]*))?")

Comments = tuple[tuple[int, frozenset[str], str], ...]  # line, checks, reason


def comments_in(text: str) -> Comments:
    """Return the comments of a file, with their lines."""
    return tuple(_comments(text)) if "skip=" in text else ()


def _comments(text: str) -> Iterator[tuple[int, frozenset[str], str]]:
    for number, line in enumerate(text.splitlines(), 1):
        match = _COMMENT.search(line) if "skip=" in line else None
        if match is not None:
            yield number, frozenset((match[1] or "").split(",")), (match[2] or "").strip()[:_LONGEST]


def reason(comments: Iterable[tuple[int, frozenset[str], str]], check: str, first: int, last: int) -> str:
    """Return the text of the comment on a check in these lines, `skipped` if it has none; "" without a comment."""
    for line, checks, text in comments:
        if first <= line <= last and check in checks:
            return text or "skipped"
    return ""
