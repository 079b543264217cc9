"""Terraform whose expressions in parentheses are on one line each, for a parser that takes a line's end there for one
of the expression: `(a` and `&& b)` below each other are one expression to Terraform, and a syntax error to Checkov.

What is moved keeps the lines of all that follows: as many empty lines come after the closing parenthesis.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
      (?P<comment> \#[^\n]* | //[^\n]* | /\*.*?\*/ )
    | (?P<heredoc> <<-?(?P<mark>[A-Za-z_]\w*)\n .*? \n[ \t]*(?P=mark)(?=\n|$) )
    | (?P<quote> " )
    | (?P<line> \n )
    | (?P<bracket> [(\[{}\])] )
    | (?P<other> [^\n"()\[\]{}\#/<]+ | . )
    """,
    re.VERBOSE | re.DOTALL,
)
_OPEN = {")": "(", "]": "[", "}": "{"}


def joined(text: str) -> str:
    """The same code; brackets that do not match are left to the parser."""
    return "".join(_parts(text))


def _parts(text: str) -> Iterator[str]:
    inside: list[str] = []
    at = owed = 0  # lines that were taken away
    while match := _TOKEN.match(text, at):
        at, token = match.end(), match[0]
        if match["quote"]:
            end = _after_string(text, at)
            token, at = text[match.start() : end], end
        elif match["bracket"]:
            _step(inside, token)
        elif match["comment"] and inside[-1:] == ["("]:
            owed += token.count("\n")
            continue
        elif match["line"] and inside[-1:] == ["("]:
            owed, token = owed + 1, " "
        elif match["line"]:
            owed, token = 0, token * (1 + owed)
        yield token


def _step(inside: list[str], bracket: str) -> None:
    if bracket not in _OPEN:
        inside.append(bracket)
    elif inside[-1:] == [_OPEN[bracket]]:
        inside.pop()


def _after_string(text: str, at: int) -> int:
    """Where a string ends that begins before: after its quote, which is not one of a template inside of it."""
    depth = 0
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text.startswith(("${", "%{"), at):
            depth, at = depth + 1, at + 1
        elif depth and text[at] == "{":
            depth += 1
        elif depth and text[at] == "}":
            depth -= 1
        elif text[at] == '"':
            if not depth:
                return at + 1
            at = _after_string(text, at + 1) - 1
        at += 1
    return at
