"""Pieces of Markdown. Text of the content is prose: everything that is markup in Markdown or HTML is escaped."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence

_MARKS = re.compile(r"([\\*_\[\]|#<>])")
_CODE = re.compile(r"(`[^`]*`)")


def prose(text: str) -> str:
    """Return text on one line; `code` in it stays code."""
    parts = _CODE.split(" ".join(text.split()))
    return "".join(part if place % 2 else _MARKS.sub(r"\\\1", part) for place, part in enumerate(parts))


def code(text: str) -> str:
    """Return a word of code."""
    return f"`{text}`" if "`" not in text else f"<code>{html.escape(text)}</code>"


def fenced(text: str, language: str = "") -> str:
    """Return a block of code."""
    fence = "```" if "```" not in text else "~~~~"
    return f"{fence}{language}\n{text.rstrip()}\n{fence}\n"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a table of cells that are Markdown already; nothing without rows."""
    lines = [_row(row) for row in rows]
    if lines:
        yield "\n".join([_row(columns), _row(["---"] * len(columns)), *lines]) + "\n"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("\n", " ") for cell in cells) + " |"


def section(heading: str, parts: Iterable[str]) -> Iterator[str]:
    """Yield a heading with its lines below it, or nothing."""
    found = [part for part in parts if part.strip()]
    if found:
        yield f"## {heading}\n"
        yield from found
