"""Texts that are encoded in base64 as parts of a text, wherever the shape says so: of signs that stand there by chance,
hardly any decode to a text. What decodes to none is a doubt where something beside it says that it is encoded
(`encoding: b64`, `| base64 -d`, `;base64,`).
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator

from preuve.collect.code.secrets.contents.packed_texts import LONGEST

_DEEPEST = 5  # texts in texts
_LEAST, _LEAST_BINARY = 16, 24  # signs in base64 of a text, and of what is none
_RUN = re.compile(rf"[A-Za-z0-9+/]{{{_LEAST},}}+={{0,2}}")
_WRAPPED = 40  # the least signs of a line, if what is encoded takes several
_NEXT = re.compile(r"(?:\\n|[ \t]*+\\?\r?\n)[ \t]*+([A-Za-z0-9+/]++={0,2})(?![\w+/=])")
_PACKED = (b"\x1f\x8b", b"\x78\x01", b"\x78\x9c", b"\x78\xda")  # gzip, zlib
_EITHER = 47  # zlib finds out which of them
_LEAST_PRINTED = 0.9  # of the signs of a text
# What decodes a part that stands near. In the name of a variable the word says nothing of what is in a script.
_MARK = re.compile(r"(?i)(?<!\w)(?:base64(?![\w=])|b64(?!\w))|!!binary|\batob\(|base64string\(|\s-enc(?:oded\w+)?\s")
_BEFORE, _AFTER = 200, 100  # signs in which it is looked for
# Pictures, fonts, and what KMS has encrypted.
_HARMLESS = (b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"RIFF", b"wOF", b"OTTO", b"\0\1\0\0", b"\0\0\1\0", b"\1\2\2\0")
_SIGNS = (re.compile("[a-z]"), re.compile("[A-Z]"), re.compile("[0-9]"))


def encoded_in(text: str) -> Iterator[tuple[int, str | None]]:
    """Yield each text that is encoded in a text, at any depth, with the position of the part of the text in which it
    is; None for one that cannot be opened, or is too much.
    """
    left = LONGEST
    waiting = [(text, -1, 0)]
    while waiting:
        outer, at, depth = waiting.pop()
        for start, run in _runs(outer):
            place = start if at < 0 else at
            data = _decoded(run)
            opened = _text_of(data, left) if data else None
            if opened is None:
                if data and not data.startswith(_HARMLESS) and _is_marked(outer, start, run):
                    yield place, None
                continue
            left -= len(opened)
            if left <= 0 or depth == _DEEPEST:
                yield place, None
                return
            yield place, opened
            waiting.append((opened, place, depth + 1))


def _runs(text: str) -> Iterator[tuple[int, str]]:
    """Yield what has the shape of base64, with its position; the lines of one that is wrapped together."""
    end = 0
    for match in _RUN.finditer(text):
        start = match.start() + text.startswith("\\n", match.start() - 1)  # an escape before it
        if start < end:
            continue
        lines, end = [text[start : match.end()]], match.end()
        ends = [end]
        while len(lines[0]) >= _WRAPPED and len(lines[-1]) == len(lines[0]) and (found := _NEXT.match(text, ends[-1])):
            lines.append(found[1])
            ends.append(found.end())
        while len(lines) > 1 and not _decoded("".join(lines)):  # a word after it, such as the end of a here-document
            lines.pop()
            ends.pop()
        end = ends[-1]
        yield start, "".join(lines)


def _decoded(run: str) -> bytes | None:
    bare = run.rstrip("=")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except binascii.Error:
        return None


def _text_of(data: bytes, most: int) -> str | None:
    """Return the text that some bytes are, or have packed; None if they are none. At most so much is opened."""
    if data.startswith(_PACKED):
        try:
            data = zlib.decompressobj(wbits=_EITHER).decompress(data, max(1, most))
        except zlib.error:
            return None
    wide = len(data) > 1 and not any(data[1:_LEAST:2]) and any(data[:_LEAST:2])  # as PowerShell takes commands
    try:
        found = data.decode("utf-16-le" if wide else "utf-8")
    except UnicodeDecodeError:
        return None
    printed = sum(sign.isprintable() or sign.isspace() for sign in found)
    return found if found and printed >= _LEAST_PRINTED * len(found) else None


def _is_marked(text: str, start: int, run: str) -> bool:
    """Return whether something near what has the shape of base64, and is no path or number, says that it is."""
    if len(run) < _LEAST_BINARY or not all(signs.search(run) for signs in _SIGNS):
        return False
    end = start + len(run)
    return bool(_MARK.search(text, max(0, start - _BEFORE), start) or _MARK.search(text, end, end + _AFTER))
