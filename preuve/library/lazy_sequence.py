"""A sequence that is made when somebody first looks at it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, TypeVar

T_co = TypeVar("T_co", covariant=True)


class Later(Sequence[T_co]):
    """The items that `make` gives, made once; equal to the tuple of them."""

    def __init__(self, make: Callable[[], tuple[T_co, ...]]) -> None:
        self._make = make

    @cached_property
    def _items(self) -> tuple[T_co, ...]:
        return self._make()

    def __getitem__(self, place: Any) -> Any:
        return self._items[place]

    def __len__(self) -> int:
        return len(self._items)

    def __eq__(self, other: object) -> bool:
        return self._items == (other._items if isinstance(other, Later) else other)

    def __hash__(self) -> int:
        return hash(self._items)
