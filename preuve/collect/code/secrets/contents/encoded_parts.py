"""Finds texts that are encoded inside another text. Base64 is decoded wherever the shape fits: characters that fit by
chance hardly ever decode to text. Other encodings are decoded where a program beside them does so. A part that does not
decode leaves a doubt if something beside it says that it is encoded (`encoding: b64`, `| base64 -d`, `;base64,`), or if
its first bytes say that it is packed.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator

from preuve.collect.code.secrets.contents.archives import LONGEST, unpack
from preuve.collect.code.secrets.contents.key_bytes import is_key

_DEEPEST = 5  # levels of nesting
_LEAST, _LEAST_BINARY = 16, 24  # characters of base64: of an encoded text, of other bytes
# A private key may be in base64 for URLs, which replaces two characters.
_RUN = re.compile(
    rf"(?<![A-Za-z0-9+/])(?:M[A-J]|b3BlbnNzaC1r)[\w-]{{40,}}+(?![+/])={{0,2}}|[A-Za-z0-9+/]{{{_LEAST},}}+={{0,2}}",
    re.ASCII,
)
_OF_URLS = str.maketrans("-_", "+/")
_WRAPPED = 40  # fewest characters of a line, if the encoded part spans several
_NEXT = re.compile(r"(?:\\n|[ \t]*+\\?\r?\n)[ \t]*+([A-Za-z0-9+/]++={0,2})(?![\w+/=])")
# Decoders near a part. In the name of a variable, the word says nothing about a script.
_MARK = re.compile(r"(?i)(?<!\w)(?:base64(?![\w=])|b64(?!\w))|!!binary|\batob\(|base64string\(|\s-enc(?:oded\w+)?\s")
_ARMOURED = re.compile(r"PRIVATE KEY-----(?:[ \t]#[^\n\\]{0,99})?[\s\\nr\"'+,]*\Z")
_BEFORE, _AFTER = 200, 100  # characters searched for a decoder
_SIGNS = (re.compile("[a-z]"), re.compile("[A-Z]"), re.compile("[0-9]"))


def _of_hex(run: str) -> bytes:
    return bytes.fromhex(run[: len(run) // 2 * 2])


def _of_base32(run: str) -> bytes:
    bare = run.rstrip("=")
    return base64.b32decode(bare + "=" * (-len(bare) % 8))


def _of_escapes(run: str) -> bytes:
    return run.encode("latin-1", "replace").decode("unicode_escape").encode("latin-1")


def _of_pairs(run: str) -> bytes:
    return bytes.fromhex(run.replace(":", ""))


def _of_numbers(run: str) -> bytes:
    return bytes(map(int, run.split(",")))


# Other encodings: the decoder beside the part, and the shape. Without a decoder, the program that reads the text does
# it, or the first bytes say that it is a private key: what only stands beside it says nothing.
_OTHERWISE: tuple[tuple[re.Pattern[str] | None, re.Pattern[str], Callable[[str], bytes]], ...] = (
    (
        re.compile(
            r"\bxxd\s[^\n|]{0,40}-\w{0,3}r|fromhex\(|unhexlify\(|hex2bin\(|FromHexString\(|[\"']hex[\"']|\bpack\([\"']H"
        ),
        re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{2}){12,}+(?![0-9A-Za-z])"),
        _of_hex,
    ),
    (re.compile(r"(?i)\bb(?:ase)?32"), re.compile(r"(?<![A-Za-z0-9])[A-Z2-7]{24,}+={0,6}(?![A-Za-z0-9])"), _of_base32),
    (None, re.compile(r"(?:\\x[0-9A-Fa-f]{2}|\\[0-3][0-7]{2}){12,}+"), _of_escapes),
    (
        None,
        re.compile(
            r"(?:(?<![0-9A-Za-z])|(?<=\b0x))(?:30[0-9A-Fa-f]{2,6}(?:0201|30[0-9A-Fa-f]{2}06)|6[Ff]70656[Ee])(?:[0-9A-Fa-f]{2}){24,}+"
        ),
        _of_hex,
    ),
    (  # the same as programs print it: bytes with colons between them, as numbers, in base32
        None,
        re.compile(
            r"(?<![0-9A-Za-z:])(?:30:(?:[0-9A-Fa-f]{2}:){1,3}(?:02:01|30:[0-9A-Fa-f]{2}:06)|6[Ff]:70:65:6[Ee])"
            r"(?::[0-9A-Fa-f]{2}){24,}+"
        ),
        _of_pairs,
    ),
    (
        None,
        re.compile(
            r"(?<![\w,.-])(?<!\d,\s)(?:48, ?(?:[0-9]{1,3}, ?){1,3}(?:2, ?1|48, ?[0-9]{1,3}, ?6)|111, ?112, ?101, ?110)"
            r"(?:, ?[0-9]{1,3}){24,}+"
        ),
        _of_numbers,
    ),
    (None, re.compile(r"(?<![A-Za-z0-9])(?:G[A-D]|N5YGK3TT)[A-Z2-7]{40,}+={0,6}(?![A-Za-z0-9])"), _of_base32),
)


def encoded_in(text: str, *, all_of_it: bool = False) -> Iterator[tuple[int, str | None]]:
    """Yield the position of each encoded part of a text and its decoded text, at any depth; None in place of the text
    if the part cannot be decoded or exceeds the limits. With `all_of_it` the whole text is expected to be encoded.
    """
    left = LONGEST
    waiting = [(text, -1, 0)]
    while waiting:
        outer, at, depth = waiting.pop()
        for start, run, data, mark in _parts(outer):
            place = start if at < 0 else at
            found = unpack(data, max(1, left))
            marked = found.packed or (all_of_it and depth == 0)
            marked = marked or (not found.whole and _is_marked(outer, start, run, mark))
            texts = found.texts if found.whole or marked else ()
            keys = [inner for inner in texts if is_key(inner)]
            if not _ARMOURED.search(outer, max(0, start - _BEFORE), start):  # PEM: the encoded form is found as it is
                yield from ((place, key) for key in keys)
            for inner in (one for one in texts if one not in keys):
                yield place, inner
                waiting.append((inner, place, depth + 1))
            left -= sum(map(len, texts))
            if marked and not found.whole:
                yield place, None
            if left <= 0 or (len(texts) > len(keys) and depth == _DEEPEST):
                yield place, None
                return


def _parts(text: str) -> Iterator[tuple[int, str, bytes, re.Pattern[str] | None]]:
    """Yield each candidate: its position, the encoded part, the decoded bytes, and the pattern of its decoder, if it
    has one.
    """
    for start, run in _runs(text):
        if data := _decoded(run):
            yield start, run, data, _MARK
    for mark, form, decode in _OTHERWISE:
        for match in form.finditer(text) if mark is None or mark.search(text) else ():
            try:
                yield match.start(), match[0], decode(match[0]), mark
            except ValueError:  # not valid hex or base32
                continue


def _runs(text: str) -> Iterator[tuple[int, str]]:
    """Yield each run that has the shape of base64, with its position; join the lines of a wrapped one."""
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
        while len(lines) > 1 and not _decoded("".join(lines)):  # a word follows, such as the end of a here-document
            lines.pop()
            ends.pop()
        end = ends[-1]
        yield start, "".join(lines)


def _decoded(run: str) -> bytes | None:
    bare = run.rstrip("=").translate(_OF_URLS)
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except binascii.Error:
        return None


def _is_marked(text: str, start: int, run: str, mark: re.Pattern[str] | None) -> bool:
    """Return whether something near a run says that it is base64 (a path or a number is not), or, for another encoding,
    whether its decoder is near.
    """
    if mark is None or len(run) < _LEAST_BINARY or (mark is _MARK and not all(signs.search(run) for signs in _SIGNS)):
        return False
    end = start + len(run)
    return bool(mark.search(text, max(0, start - _BEFORE), start) or mark.search(text, end, end + _AFTER))
