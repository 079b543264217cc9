"""Jira's document format: text nodes, in which Jira reads no mark-up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from preuve.publish.words.text import one_line


def document(lines: Sequence[str]) -> dict[str, Any]:
    """Return a document of one paragraph for each line that is not empty."""
    texts = [text for line in lines if (text := one_line(line))]
    content = [{"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in texts]
    return {"type": "doc", "version": 1, "content": content}


def texts_of(node: Any) -> Iterator[str]:
    """Yield the texts of a document that somebody else wrote, however deep it is nested."""
    left = [node]
    while left:
        item = left.pop()
        if isinstance(item, list):
            left += item[::-1]
        elif isinstance(item, dict):
            if isinstance(item.get("text"), str):
                yield item["text"]
            left.append(item.get("content"))
