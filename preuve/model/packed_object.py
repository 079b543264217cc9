"""JSON objects kept compressed in memory: a run over many accounts holds all of them, and reads few at a time."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

WHOLE = 5_000  # up to this many resources and findings are not compressed
_SHORT = 200  # bytes; shorter objects are not compressed
_AT_HAND = 2_048  # objects kept unpacked
_FAST = 1


class PackedObject(Mapping[str, Any]):
    """A JSON object in a fifth of its space, unpacked when it is read."""

    __slots__ = ("_bytes",)

    def __init__(self, text: bytes) -> None:
        self._bytes = text if len(text) < _SHORT else zlib.compress(text, _FAST)

    def __getitem__(self, name: str) -> Any:
        return _unpacked(self._bytes)[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_unpacked(self._bytes))

    def __len__(self) -> int:
        return len(_unpacked(self._bytes))


def pack(data: Mapping[str, Any]) -> PackedObject:
    """Pack a JSON object; repeated parts are stored once."""
    return _held_once(json.dumps(data, separators=(",", ":"), default=str).encode("ascii"))


_held_once = lru_cache(maxsize=_AT_HAND)(PackedObject)


@lru_cache(maxsize=_AT_HAND)
def _unpacked(held: bytes) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(held if held.startswith(b"{") else zlib.decompress(held))
    return found
