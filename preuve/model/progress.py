"""Progress reports of long work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Step:
    """A finished step: a code of `reports/locales/*.yaml` (key `progress`), and the values in its sentence."""

    code: str
    values: Mapping[str, str | int] = field(default_factory=dict)


class Progress(Protocol):
    """Called during long work."""

    def __call__(self, step: Step, done: int = 0, total: int = 0) -> None:
        """Report that `step` ended; `done` of `total` if these are known."""


Show = Callable[[str, int, int], None]  # the same in words, for a display


def silent(step: Step, done: int = 0, total: int = 0) -> None:
    """Report nothing."""
