"""Unpacks bytes with Python's own library: gzip, zlib, bzip2, xz, tar and zip, nested and concatenated, and returns the
texts in them. What does not unpack, or exceeds the limits below, counts as not seen.
"""

from __future__ import annotations

import bz2
import io
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from preuve.collect.code.secrets.contents.key_bytes import is_store, key_in

LONGEST = 1_000_000  # characters of text that are searched
_MOST = 10_000_000  # bytes unpacked from one value
_MOST_PER_BYTE = 5_000  # per packed byte: files shrink to about a tenth, a zip bomb to almost nothing
_MEMORY = 64_000_000  # bytes that xz may ask for
_DEEPEST = 5  # levels of nesting
_MOST_FILES = 1_000  # in one archive, or streams in a row
_AT_MAGIC = 257  # offset of the magic bytes of a tar
# The decompressor of a stream, by its first bytes. zlib's tells gzip from zlib itself.
_STREAMS: tuple[tuple[tuple[bytes, ...], Callable[[], Any]], ...] = (
    ((b"\x1f\x8b\x08", b"\x78\x01", b"\x78\x9c", b"\x78\xda"), lambda: zlib.decompressobj(wbits=47)),
    (tuple(b"BZh%d1AY&SY" % size for size in range(1, 10)), bz2.BZ2Decompressor),
    ((b"\xfd7zXZ\0", b"]\0\0"), lambda: lzma.LZMADecompressor(memlimit=_MEMORY)),
)
_ZIP, _TAR, _ZSTD = b"PK\x03\x04", b"ustar", b"\x28\xb5\x2f\xfd"
# Without zlib's two bytes, which occur by chance.
_SURELY_PACKED = (b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\0", _ZIP, _ZSTD)
_IN_ZIP = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)  # LZMA in a zip may claim any amount of memory
# Pictures, fonts, and what KMS has encrypted.
_HARMLESS = (b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"RIFF", b"wOF", b"OTTO", b"\0\1\0\0", b"\0\0\1\0", b"\1\2\2\0")
_LEAST = 16  # bytes needed to tell the width of characters
_LEAST_PRINTED, _BEGINNING = 0.9, 50_000  # share of printable characters, and how many are examined
_MARKS_OF_ORDER = (b"\xff\xfe", b"\xfe\xff")
_NO_TEXT = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f]")
_ASCII = bytes((9, 10, 13, *range(0x20, 0x7F)))
_BETWEEN_BYTES = re.compile(rb"[\t\n\r\x20-\x7e]{16,}")


@dataclass(frozen=True)
class Contents:
    """The result of unpacking: the texts, whether the bytes were packed, and whether all of them were seen."""

    texts: tuple[str, ...]
    packed: bool
    whole: bool


def unpack(data: bytes, most: int = LONGEST) -> Contents:
    """Unpack bytes and everything packed inside them; return at most `most` characters of text."""
    return _opened(data, most) if _unpacks(data) else _all_of(data, most)


@lru_cache(maxsize=8)  # a text is searched several times
def _opened(data: bytes, most: int) -> Contents:
    return _all_of(data, most)


def _all_of(data: bytes, most: int) -> Contents:
    texts, whole, left = list[str](), True, min(_MOST, _MOST_PER_BYTE * len(data))
    waiting = [(data, 0)]
    while waiting:
        part, depth = waiting.pop()
        unpack = _unpacks(part)
        if unpack is None:
            found = key_in(part) or _text_of(part)
            if found is None:
                whole &= part.startswith(_HARMLESS)
                found = b"\n".join(_BETWEEN_BYTES.findall(part.replace(b"\0", b""))).decode()  # also finds UTF-16
            kept = found if len(found) <= most else _each_line_once(found, most)
            whole &= len(kept) <= most
            texts += [kept[:most]] if kept else []
            most = max(0, most - len(kept))
        elif depth == _DEEPEST or left <= 0:
            whole = False
        else:
            inner, all_ = _inside(unpack, part, left)
            left -= sum(map(len, inner))
            whole &= all_
            waiting += [(one, depth + 1) for one in reversed(inner)]
    return Contents(tuple(texts), data.startswith(_SURELY_PACKED) or _is_tar(data) or is_store(data), whole)


_Unpacked = Iterator[tuple[bytes, bool]]  # each part, with whether it is complete


def _inside(unpack: Callable[[bytes, int], _Unpacked], part: bytes, most: int) -> tuple[list[bytes], bool]:
    """Yield the bytes packed in a part, each with whether it was unpacked completely."""
    found, whole = list[bytes](), True
    try:
        for inner, all_ in unpack(part, most):
            found.append(inner)
            whole &= all_
            most -= len(inner)
            if most <= 0:
                return found, False
    except Exception:  # noqa: BLE001 - who wrote the bytes chooses what their reader stumbles over
        whole = False
    return found, whole


def _unpacks(data: bytes) -> Callable[[bytes, int], _Unpacked] | None:
    """Return the function that unpacks some bytes; None if they are not packed."""
    if data.startswith(_ZIP):
        return _of_zip
    if _is_tar(data):
        return _of_tar
    return next((_streams_of(make) for begins, make in _STREAMS if data.startswith(begins)), None)


def _is_tar(data: bytes) -> bool:
    return data.startswith(_TAR, _AT_MAGIC)


def _streams_of(make: Callable[[], Any]) -> Callable[[bytes, int], _Unpacked]:
    """Unpack concatenated streams as programs read them; yield also the bytes that follow them."""

    def unpacked(data: bytes, most: int) -> _Unpacked:
        parts, rest = bytearray(), data
        for _ in range(_MOST_FILES):
            stream = make()
            parts += stream.decompress(rest, most - len(parts))
            if not stream.eof:  # truncated, or over the limit
                break
            rest = stream.unused_data.lstrip(b"\0")
            if not rest or not _unpacks(rest) or len(parts) >= most:
                break
        yield bytes(parts), stream.eof
        if stream.eof and rest:
            yield rest, len(parts) < most

    return unpacked


def _of_zip(data: bytes, most: int) -> _Unpacked:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = archive.infolist()
        for info in files[:_MOST_FILES]:
            if info.compress_type not in _IN_ZIP:
                yield b"", False
                continue
            with archive.open(info) as file:
                inner = file.read(most)
            most -= len(inner)
            yield inner, len(inner) == info.file_size and len(files) <= _MOST_FILES


def _of_tar(data: bytes, most: int) -> _Unpacked:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for number, member in enumerate(archive):
            file = archive.extractfile(member) if member.isreg() else None
            inner = file.read(most) if file else b""
            most -= len(inner)
            yield inner, number < _MOST_FILES and (file is None or len(inner) == member.size)
            if number >= _MOST_FILES:
                return


def _text_of(data: bytes) -> str | None:
    """Decode bytes as UTF-8, as UTF-16 (PowerShell's encoded commands) or as Latin-1; return None if they are
    not text.
    """
    wide = _wide(data)
    if not wide and b"\0" in data:
        return None
    try:
        found = data.decode(wide, "replace") if wide else data.decode()
    except UnicodeDecodeError:
        return _latin(data)
    begins = found[:_BEGINNING]
    printed = sum(sign.isprintable() or sign.isspace() for sign in begins)
    return found if printed >= _LEAST_PRINTED * len(begins) else None


def _wide(data: bytes) -> str:
    """Return the encoding of a text that takes two bytes per character; "" if it may take one."""
    if data[:2] in _MARKS_OF_ORDER:
        return "utf-16"
    high, low = any(data[1:_LEAST:2]), any(data[:_LEAST:2])
    return "" if high == low or len(data) < len("ab") else "utf-16-be" if high else "utf-16-le"


def _latin(data: bytes) -> str | None:
    """Decode bytes as Latin-1 if few characters lie outside of ASCII: random bytes seldom have so few."""
    few = len(data.translate(None, _ASCII)) <= (1 - _LEAST_PRINTED) * len(data)
    return data.decode("latin-1") if few and not _NO_TEXT.search(data) else None


def _each_line_once(text: str, most: int) -> str:
    """Return each line of a long text once: data that packs well repeats itself. Drop what exceeds `most`."""
    kept, left = dict[str, None](), most
    for line in text.splitlines():
        if line not in kept:
            kept[line] = None
            left -= len(line) + 1
        if left < 0:
            break
    return "\n".join(kept)
