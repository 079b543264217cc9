"""Foreign text made harmless for one line of output, and texts of the content split into parts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MAX_VALUE = 4000  # characters of a recorded value on a page

# Characters that XML 1.0 forbids, and the C1 controls, which terminals act on and JUnit consumers refuse.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_ILLEGAL_ASTRAL = re.compile(
    "[" + "".join(f"{chr(p * 0x10000 + 0xFFFE)}{chr(p * 0x10000 + 0xFFFF)}" for p in range(1, 17)) + "]"
)
# Direction overrides and invisible characters, which can make one name look like another.
_DECEIVING = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPACE = re.compile(r"\s+")
_OTHER_SPACE = re.compile(r"[^\S ]")
# GitHub's runner obeys `::command::` at the start of a line and `##[command]` anywhere in it: names must not start one.
_COMMAND = re.compile(r"^\s*::|##\[")
_FENCE = re.compile(r"^[ \t]*```[^\n]*\n(.*?)^[ \t]*```[ \t]*$", re.MULTILINE | re.DOTALL)
# A string in a condition, in which two slashes mean nothing, or a comment on a separate line.
_COMMENT = re.compile(
    r"""(r"[^"\n]*"|r'[^'\n]*'|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|(?:^|\n)[ ]*//[^\n]*|[ ]*//[^\n]*"""
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý`«\"(])")
_LONG_WORD = 30  # characters; a text without a space in so many is cut anywhere
_LONGEST = 1000  # characters of a sentence, whoever wrote it


def legal(value: str) -> str:
    """Return `value` without the characters that XML forbids; line ends and tabs stay."""
    if value.isprintable():  # printable texts have none of them
        return value
    return _ILLEGAL_ASTRAL.sub("", _ILLEGAL.sub("", value))


def one_line(value: str, limit: int = 0) -> str:
    """Return `value` on one line without control or deceiving characters. Beyond `limit` (0: no limit) it is cut with
    `…`, between two words if there is a space near the end.
    """
    plain = value.isascii() and value.isprintable()  # a quick test that most texts pass: nothing to remove
    text = value if plain else _DECEIVING.sub("", legal(value))
    text = (_SPACE.sub(" ", text) if not plain or "  " in text else text).strip()
    if not limit or len(text) <= limit:
        return text
    head, _, begun = text[:limit].rpartition(" ")
    return (head if len(begun) < min(_LONG_WORD, limit // 4) else text[: limit - 1]).rstrip() + "…"


def short_json(value: Any, limit: int) -> str:
    """Return a value as JSON on one line, of at most `limit` characters: of a long list the first items, and the number
    of the others.
    """
    text = one_line(json.dumps(value, ensure_ascii=False))
    if not isinstance(value, list) or len(text) <= limit:
        return one_line(text, limit)
    shown = value[:-1]
    while shown and len(text) > limit:
        text = one_line(json.dumps(shown, ensure_ascii=False)[:-1] + f", … +{len(value) - len(shown)}]")
        shown = shown[:-1]
    return one_line(text, limit)


def unobeyed(line: str) -> str:
    """Return a log line that no CI runner reads as a command."""
    return _COMMAND.sub(lambda match: " ".join(match[0]), line)


def for_log(text: str) -> str:
    """Make a text of any origin harmless in a log: it keeps its lines, each without control characters and commands."""
    return "\n".join(unobeyed(one_line(line)) for line in text.split("\n"))


def code_lines(text: str) -> Iterator[str]:
    """Yield the lines of code, harmless like `one_line`, with the spaces in them."""
    for line in text.split("\n"):
        yield unobeyed(_OTHER_SPACE.sub(" ", _DECEIVING.sub("", legal(line)))).rstrip()


@dataclass(frozen=True)
class Block:
    """A part of a content text: a paragraph or a code block."""

    code: bool
    text: str


def blocks(text: str) -> Iterator[Block]:
    """Yield the paragraphs and the ``` code blocks of a text, in order."""
    position = 0
    for match in _FENCE.finditer(text):
        yield from _paragraphs(text[position : match.start()])
        yield Block(True, match.group(1).rstrip("\n"))
        position = match.end()
    yield from _paragraphs(text[position:])


def _paragraphs(text: str) -> Iterator[Block]:
    for paragraph in re.split(r"\n\s*\n", text):
        if paragraph.strip():
            yield Block(False, _SPACE.sub(" ", paragraph).strip())


def spans(text: str) -> Iterator[Block]:
    """Yield a paragraph cut at `inline code`; the marks are dropped."""
    for index, part in enumerate(text.split("`")):
        if part:
            yield Block(index % 2 == 1, part)


def in_language(condition: str, language: str) -> str:
    """Return a condition as a page of `language` shows it: comments are removed, because they are English; the policy's
    file has them.
    """
    return condition if language == "en" else _COMMENT.sub(lambda found: found[1] or "", condition).lstrip("\n")


def first_sentence(text: str) -> str:
    """Return the first sentence of the first paragraph, on one line and complete: without its end, it may mean the
    contrary.
    """
    for block in blocks(text):
        if not block.code:
            return one_line(_SENTENCE.split(block.text)[0].rstrip(":"), _LONGEST)
    return ""


def compact(value: Any) -> str:
    """Return a recorded value as short JSON on one line, cut when it is very long."""
    return one_line(json.dumps(value, ensure_ascii=False, sort_keys=True, default=str), MAX_VALUE)
