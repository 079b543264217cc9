"""Values at the end of a path such as `Rules[].Destination.Bucket` in collected data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def values(data: Any, path: str) -> Iterator[Any]:
    """Yield every value at the end of the path; nothing if a member is missing."""
    yield from _walk(data, path.replace("[]", "").split("."))


def _walk(value: Any, steps: list[str]) -> Iterator[Any]:
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, steps)
    elif not steps:
        if value is not None:
            yield value
    elif isinstance(value, Mapping) and steps[0] in value:
        yield from _walk(value[steps[0]], steps[1:])
