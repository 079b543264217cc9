"""The lines of a script, a program or a pipeline that give a variable its value.

These are the lines that name the variable, with the whole command or step of a pipeline and what they stand in (a
condition, a loop, a function). The lines that set what these use, or call such a function, count too, and so on.
Comments and all other lines give the variable nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Container, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import chain

_MOST = 1_000_000  # characters
_COMMENT = re.compile(r"[ \t]*+@?(?:#(?!!)|//)")
_WORD = re.compile(r"\w++")
_OF_TERRAFORM = "TF_VAR_"
# How a text takes the value of something: `$X`, `${X}`, `$(X)`, `${{ env.X }}`, `{{ X }}`, `%X%`, `f"{X}"`.
_USED = re.compile(r"\$\((\w++)\)|\$?\{{1,2}-?[ \t]*+([A-Za-z_][\w.-]*+)|\$([A-Za-z_]\w*+)|%(\w++)%")
_SET = re.compile(r"(?<!\w)(\w++)[ \t]*+[:?+]?=(?![=>~])")
_DEFINED = re.compile(r"\b(?:def|func|function|fn|sub)[ \t]++(\w++)|(?<!\w)(\w++)[ \t]*+(?:\(\)[ \t]*+\{|=[^=\n]*+=>)")
# What gives variables that the text does not name: a file of them, an option, an environment.
_GIVING = re.compile(r"var[-_]files?|\.tfvars|TF_VAR|TF_CLI_ARGS|(?<![\w-])--?var(?![\w-])|\binputs\b|\bvariables\b")
_LONGEST_COMMAND = 200  # lines


def text_behind(name: str, text: str) -> str:
    """Return a hash of the lines behind a variable; "" if nothing shows which they are."""
    if len(text) > _MOST:
        return ""
    lines = [line.rstrip() for line in text.splitlines() if line.strip() and not _COMMENT.match(line)]
    above, words = _above(lines), _by_word(lines)
    set_here = {word for line in lines for word in _SET.findall(line)}
    named = {at for word in (name, _OF_TERRAFORM + name) for at in words.get(word, ())}
    waiting = deque(sorted(named) or [at for at, line in enumerate(lines) if _GIVING.search(line)])
    whole, counted, followed = set[int](), set[int](), set[str]()  # what a counted line is indented below counts too
    while waiting:
        at = waiting.popleft()
        if at in whole:
            continue
        command = _command(lines, above, at)
        around = {*command, *_headers(above, at, counted)} - counted
        asked = {word for one in around for word in _asked_by(lines[one], set_here)} - followed
        whole.update(command)
        counted |= around
        followed |= asked
        waiting += sorted(place for word in asked for place in words.get(word, ()))
    told = "\n".join(lines[at].strip() for at in sorted(counted))
    return sha256(told.encode("utf-8", "replace")).hexdigest() if counted else ""


def _above(lines: Sequence[str]) -> list[int]:
    """Return for each line the nearest line above that is indented less; -1 if there is none."""
    found, open_ = list[int](), list[int]()
    for at, line in enumerate(lines):
        while open_ and _indent(lines[open_[-1]]) >= _indent(line):
            open_.pop()
        found.append(open_[-1] if open_ else -1)
        open_.append(at)
    return found


def _headers(above: Sequence[int], at: int, known: Container[int] = ()) -> Iterator[int]:
    """Yield the lines that a line is indented below, the nearest first, up to one that is known."""
    while (at := above[at]) >= 0 and at not in known:
        yield at


def _command(lines: Sequence[str], above: Sequence[int], at: int) -> range:
    """Return the lines of the command, or of the item of a list in YAML, that a line is in."""
    items = (one for one in chain([at], _headers(above, at)) if lines[one].lstrip().startswith("- "))
    first = next(items, at)
    while first > at - _LONGEST_COMMAND and first and lines[first - 1].endswith("\\"):
        first -= 1
    indent, open_, quotes = _indent(lines[first]), 0, 0
    last = min(len(lines), at + _LONGEST_COMMAND)
    for end in range(first, last):
        line = lines[end]
        goes_on = open_ > 0 or quotes % 2 or _indent(line) > indent or lines[end - 1].endswith("\\")
        if end > at and not goes_on:
            return range(first, end)
        open_ += sum(map(line.count, "([{")) - sum(map(line.count, ")]}"))
        quotes += line.count("'") + line.count('"')
    return range(first, last)


def _by_word(lines: Sequence[str]) -> Mapping[str, list[int]]:
    found = defaultdict[str, list[int]](list)
    for at, line in enumerate(lines):
        for word in set(_WORD.findall(line)):
            found[word].append(at)
    return found


def _asked_by(line: str, set_here: set[str]) -> Iterator[str]:
    """Yield what a line takes the value of, and the function that it begins: who calls it gives it values."""
    for found in _USED.finditer(line):
        path = next(filter(None, found.groups())).split(".")
        yield from path[1:] or path  # `steps` or `env` says nothing
    yield from set_here.intersection(_WORD.findall(line))
    yield from (name for found in _DEFINED.finditer(line) for name in found.groups() if name)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
