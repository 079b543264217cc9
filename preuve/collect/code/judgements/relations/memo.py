"""Answers that are worked out once for all who ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Memo:
    """What is worked out of some blocks, once for all that ask under one key."""

    def __init__(self) -> None:
        self._worked_out: dict[Any, Any] = {}

    def remember(self, key: Any, find: Callable[[], T]) -> T:
        """Return what is worked out under a key."""
        if key not in self._worked_out:
            self._worked_out[key] = find()
        found: T = self._worked_out[key]
        return found
