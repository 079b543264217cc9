"""Assembles templates: removes the white space that `~` and `<<-` strip, and nests directives."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

from preuve.collect.code.language.hcl.syntax.nodes import (
    Interpolation,
    Literal,
    Node,
    NotHclError,
    Template,
    TemplateFor,
    TemplateIf,
)
from preuve.collect.code.language.values.value import composed


class Text(Struct):
    """A literal part of a template during parsing."""

    text: str


class Trim(Struct):
    """A `~`, which removes the white space before or after it."""

    before: bool


class Directive(Struct):
    """`%{ … }`, before its block is assembled."""

    word: str
    names: tuple[str, str] = ("", "")
    of: Any = None


def flush(parts: list[Any]) -> list[Any]:
    """Apply `<<-`: remove the indentation that all lines share."""
    text_starts = _line_starts(parts)
    least = min((len(indent) for _, _, indent in text_starts), default=0)
    if not least:
        return parts
    cut = {(part, at) for part, at, _ in text_starts}
    result: list[Any] = []
    for place, part in enumerate(parts):
        if isinstance(part, Text):
            lines = re.split(r"(?<=\n)", part.text)
            at, kept = 0, []
            for text in lines:
                kept.append(text[least:] if (place, at) in cut else text)
                at += len(text)
            result.append(Text("".join(kept)))
        else:
            result.append(part)
    return result


def _line_starts(parts: list[Any]) -> list[tuple[int, int, str]]:
    """Find the beginning of each line: the part, the position in it, and the leading white space. Blank lines do not
    count.
    """
    found, fresh = [], True
    for place, part in enumerate(parts):
        if not isinstance(part, Text):
            if fresh:
                found.append((place, 0, ""))
            fresh = False
            continue
        at = 0
        for text in re.split(r"(?<=\n)", part.text):
            indent = text[: len(text) - len(text.lstrip(" \t"))]
            if fresh and text and (text.strip() or not text.endswith("\n")):
                found.append((place, at, indent))
            fresh = text.endswith("\n") if text else fresh
            at += len(text)
    return found


def template(parts: list[Any], fail: Callable[[], NotHclError], *, wrapped: bool = True) -> Node:
    """Return the template of these parts; with `wrapped`, a lone expression keeps its type. Raises what `fail`
    makes.
    """
    texts = _trimmed(parts)
    if not texts:
        return Literal("")
    if wrapped and len(texts) == 1 and not isinstance(texts[0], Text | Directive):
        return Interpolation(texts[0])
    waiting = iter(texts)
    found, ended = _blocks(waiting, (), fail)
    if ended:
        raise fail()
    if len(found) == 1 and isinstance(found[0], Literal):
        return found[0]
    return Template(tuple(found)) if found else Literal("")


def _trimmed(parts: list[Any]) -> list[Any]:
    """Return the parts without the white space that `~` removes; join adjacent texts."""
    found: list[Any] = []
    trim = False
    for part in parts:
        if isinstance(part, Trim):
            if part.before and found and isinstance(found[-1], Text):
                found[-1] = Text(found[-1].text.rstrip())
            trim = not part.before
            continue
        if isinstance(part, Text):
            text = part.text.lstrip() if trim else part.text
            trim = trim and not text
            if found and isinstance(found[-1], Text):
                found[-1] = Text(found[-1].text + text)
            elif text:
                found.append(Text(text))
        else:
            trim = False
            found.append(part)
    return [part for part in found if not (isinstance(part, Text) and not part.text)]


def _blocks(waiting: Iterator[Any], ends: tuple[str, ...], fail: Callable[[], NotHclError]) -> tuple[list[Node], str]:
    """Return the parts up to a directive that ends them, and that directive. Raises what `fail` makes."""
    found: list[Node] = []
    for part in waiting:
        if isinstance(part, Text):
            found.append(Literal(composed(part.text)))
        elif not isinstance(part, Directive):
            found.append(part)
        elif part.word in ends:
            return found, part.word
        elif part.word == "if":
            yes, end = _blocks(waiting, ("else", "endif"), fail)
            no, end = _blocks(waiting, ("endif",), fail) if end == "else" else ([], end)
            if not end:
                raise fail()
            found.append(TemplateIf(part.of, Template(tuple(yes)), Template(tuple(no))))
        elif part.word == "for":
            body, end = _blocks(waiting, ("endfor",), fail)
            if not end:
                raise fail()
            found.append(TemplateFor(*part.names, part.of, Template(tuple(body))))
        else:
            raise fail()
    return found, ""
