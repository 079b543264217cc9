"""Makes a PDF smaller: compresses all objects that are no stream and no page (above all the tree of tags) together, as
ISO 32000 has allowed since PDF 1.5, and PDF/A-2 too. Typst writes each object separately; only their positions change.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping

_END = re.compile(rb"trailer\s*<<(.*)>>\s*startxref\s*(\d+)\s*%%EOF\s*\Z", re.DOTALL)
_TABLE = re.compile(rb"xref\s+0 (\d+)\s+")
_SIZE, _INFO = re.compile(rb"/Size \d+"), re.compile(rb"/Info (\d+) 0 R")
_PLAIN = (b"/Type/Page/", b"/Type/Page ", b"/Type/Page>", b"/Type/Catalog")  # simple readers search for these
_TOGETHER = 1000  # objects in one stream
_ENTRY = 20  # bytes of a line of the table


def compress(content: bytes) -> bytes:
    """Return the same document in fewer bytes; unchanged if its structure is not that of Typst."""
    end = _END.search(content)
    table = _TABLE.match(content, int(end[2])) if end else None
    if end is None or table is None:
        return content
    objects = dict(_objects(content, table.end(), int(table[1]), int(end[2])))
    info = _INFO.search(end[1])
    apart = {number for number, body in objects.items() if _stands_alone(body)} | ({int(info[1])} if info else set())
    return _written(content[: min(_places(content, table.end(), int(table[1])).values())], objects, apart, end[1])


def _places(content: bytes, start: int, count: int) -> dict[int, int]:
    lines = (content[start + number * _ENTRY : start + (number + 1) * _ENTRY] for number in range(count))
    return {number: int(line[:10]) for number, line in enumerate(lines) if line[17:18] == b"n"}


def _objects(content: bytes, start: int, count: int, end: int) -> Iterator[tuple[int, bytes]]:
    places = sorted(_places(content, start, count).items(), key=lambda item: item[1])
    for (number, place), (_, following) in zip(places, [*places[1:], (0, end)], strict=True):
        body = content[place:following].split(b" obj", 1)[1].rsplit(b"endobj", 1)[0]
        yield number, body.strip(b"\r\n")


def _stands_alone(body: bytes) -> bool:
    return body.endswith(b"endstream") or any(mark in body for mark in _PLAIN)


def _written(head: bytes, objects: Mapping[int, bytes], apart: set[int], trailer: bytes) -> bytes:
    """Return the head, the separate objects, the others in streams, and the position of each of them."""
    text, entries, free = bytearray(head), {0: (0, 0, 65535)}, max(objects) + 1

    def add(number: int, body: bytes) -> None:
        entries[number] = (1, len(text), 0)
        text.extend(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    for number in sorted(apart):
        add(number, objects[number])
    small = sorted(set(objects) - apart)
    for first in range(0, len(small), _TOGETHER):
        chosen = small[first : first + _TOGETHER]
        entries |= {number: (2, free, index) for index, number in enumerate(chosen)}
        add(free, _together([(number, objects[number]) for number in chosen]))
        free += 1
    entries[free] = (1, len(text), 0)
    lines = b"".join(_line(*entries.get(number, (0, 0, 65535))) for number in range(free + 1))
    known = _SIZE.sub(b"/Size %d" % (free + 1), trailer)
    where = len(text)
    text += b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF" % (
        free,
        _stream(b"/Type/XRef/W[1 4 2]" + known, lines),
        where,
    )
    return bytes(text)


def _line(kind: int, where: int, index: int) -> bytes:
    return bytes([kind]) + where.to_bytes(4, "big") + index.to_bytes(2, "big")


def _together(objects: list[tuple[int, bytes]]) -> bytes:
    places, at = [], 0
    for number, body in objects:
        places.append(b"%d %d" % (number, at))
        at += len(body) + 1
    head = b" ".join(places) + b"\n"
    bodies = b"\n".join(body for _, body in objects)
    return _stream(b"/Type/ObjStm/N %d/First %d" % (len(objects), len(head)), head + bodies)


def _stream(about: bytes, content: bytes) -> bytes:
    small = zlib.compress(content, 9)
    return b"<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (about, len(small), small)
