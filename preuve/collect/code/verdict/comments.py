"""Comments in code that tell Checkov to skip a block. Results mention them; they have no effect."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_LONGEST = 500
_COMMENT = re.compile(r"(?:checkov|bridgecrew|cortex):skip= *([\w-]+(?:,[\w-]+)*)?(?::([^\n]*))?")

Comments = tuple[tuple[int, frozenset[str], str], ...]  # line, checks, reason


def comments_in(text: str) -> Comments:
    """Return the comments of a file, with their lines."""
    return tuple(comments_of(enumerate(text.splitlines(), 1))) if "skip=" in text else ()


def comments_of(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, frozenset[str], str]]:
    """Yield the comments in some lines, which have numbers."""
    for number, line in lines:
        match = _COMMENT.search(line) if "skip=" in line else None
        if match is not None:
            yield number, frozenset((match[1] or "").split(",")), (match[2] or "").strip()


def reason(comments: Iterable[tuple[int, frozenset[str], str]], check: str, first: int, last: int) -> str:
    """Return the text of the comment on a check in these lines, or in line 0, which stands for all of a file; `skipped`
    if it has none, "" without a comment.
    """
    for line, checks, text in comments:
        if (line == 0 or first <= line <= last) and check in checks:
            return text[:_LONGEST] or "skipped"
    return ""
