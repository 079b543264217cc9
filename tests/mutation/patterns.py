"""Regular expressions, each with one alternative less or one anchor gone."""

from __future__ import annotations

import re
from collections.abc import Iterator


def weakened(literal: str) -> Iterator[str]:
    """The changes of a literal of CEL that is a pattern."""
    quote = literal[-1]
    start = literal.index(quote) + 1
    head, body = literal[:start], literal[start:-1]
    for changed in _changed(body):
        if changed and _compiles(changed):
            yield f"{head}{changed}{quote}"


def _changed(body: str) -> Iterator[str]:
    if body.startswith("^"):
        yield body[1:]
    if body.endswith("$") and not body.endswith("\\$"):
        yield body[:-1]
    for begin, end in _alternatives(body):
        before, after = body[:begin], body[end:]
        yield before[:-1] + after if before.endswith("|") else before + after.removeprefix("|")


def _alternatives(body: str) -> Iterator[tuple[int, int]]:
    """Begin and end of each alternative of a group (or of the whole) that has more than one."""
    open_groups: list[list[int]] = [[0]]
    at, in_class = 0, False
    while at < len(body):
        char = body[at]
        if char == "\\":
            at += 2
            continue
        if in_class:
            in_class = char != "]"
        elif char == "[":
            in_class = True
        elif char == "(":
            match = re.compile(r"\?(?:[a-zA-Z]*:|[a-zA-Z]+\)|P?<\w+>)").match(body, at + 1)
            at = match.end() - 1 if match else at
            open_groups.append([at + 1])
        elif char == "|":
            open_groups[-1].append(at + 1)
        elif char == ")" and len(open_groups) > 1:
            yield from _spans(open_groups.pop(), at)
        at += 1
    yield from _spans(open_groups.pop(), len(body))


def _spans(starts: list[int], end: int) -> Iterator[tuple[int, int]]:
    if len(starts) > 1:
        yield from zip(starts, [*(start - 1 for start in starts[1:]), end], strict=True)


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern.replace("\\\\", "\\"))
    except re.error:
        return False
    return True
