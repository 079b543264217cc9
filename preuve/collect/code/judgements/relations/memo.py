"""A cache of results, shared by every judgement that asks about the same blocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Memo:
    """Results that are computed once per key."""

    def __init__(self) -> None:
        self._worked_out: dict[Any, Any] = {}

    def remember(self, key: Any, find: Callable[[], T]) -> T:
        """Return the result under a key; compute it with `find` the first time."""
        if key not in self._worked_out:
            self._worked_out[key] = find()
        found: T = self._worked_out[key]
        return found
