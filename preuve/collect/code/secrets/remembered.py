"""What is asked of names: the same few are asked about again and again, so that the answers to short ones are kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

Ask = TypeVar("Ask", bound=Callable[..., Any])
_MOST, _LONGEST = 2_048, 80  # names, and characters of one


def remembered(ask: Ask) -> Ask:
    """A function of a name, which comes first, that keeps its answers."""
    known = lru_cache(_MOST)(ask)

    @wraps(ask)
    def answer(name: str, **how: bool) -> Any:
        return known(name, **how) if len(name) <= _LONGEST else ask(name, **how)

    return cast("Ask", answer)
