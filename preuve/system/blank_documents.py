"""Recognises a document that shows nothing (no byte, no word, only blank pages), and a text without a word."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

_LARGEST = 1 << 22  # bytes of a part; a longer part without a word is taken to show something else
# Tags, text that a browser does not show, and entities; no part is searched twice.
_MARKUP = re.compile(r"<(?:style|script|title)\b[^<>]*>[^<]*|<[^<>]*>|&#?\w+;", re.IGNORECASE)
_WORD = re.compile(r"[^\W\u115f\u1160\u3164\uffa0]")  # these four are invisible letters
_MARKED_UP = {".html", ".htm", ".xhtml", ".xml", ".svg"}
_PACKED = re.compile(
    r"word/(?:document|header\d*|footer\d*|footnotes)\.xml|xl/(?:sharedStrings|worksheets/[^/]+)\.xml"
    r"|ppt/slides/[^/]+\.xml|content\.xml"
)
_SHOWN = re.compile(r".*/(media|embeddings|drawings|charts)/.*|Pictures/.*|Object .*", re.DOTALL)
_OF_A_PAGE = (b"/Font", b"/XObject", b"/Image", b"/ObjStm", b"/Encrypt")  # what a page shows, or what hides it


def has_word(text: str) -> bool:
    """Return whether a text has a visible letter or digit."""
    return _WORD.search(text) is not None


def shows_nothing(path: Path) -> bool:
    """Return whether a document has nothing to read or to look at. A document of an unknown kind counts as showing
    something, unless it is empty.
    """
    with path.open("rb") as file:
        start = file.read(_LARGEST)
        whole = not file.read(1)
    if not start.strip(b"\0 \t\r\n\f\v"):
        return whole
    if start.startswith(b"%PDF-"):
        return whole and not any(mark in start for mark in _OF_A_PAGE)
    if start.startswith(b"PK"):
        return _packed_nothing(path)
    return whole and _no_word(start, marked_up=path.suffix.lower() in _MARKED_UP)


def _no_word(content: bytes, *, marked_up: bool) -> bool:
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        return False
    if re.search(r"<(img|svg|object|embed|video|canvas)\b", text, re.IGNORECASE):
        return False
    return not has_word(_MARKUP.sub(" ", text) if marked_up else text)


def _packed_nothing(path: Path) -> bool:
    """Return whether an office document has no word and no picture. Any other archive, or a damaged one, counts as
    having some.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            parts = [name for name in names if _PACKED.fullmatch(name)]
            if not parts or any(_SHOWN.fullmatch(name) for name in names):
                return False
            return all(_no_word(part, marked_up=True) for part in _parts(archive, parts))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        return False


def _parts(archive: zipfile.ZipFile, names: list[str]) -> Iterator[bytes]:
    for name in names:
        with archive.open(name) as part:
            yield part.read(_LARGEST)
