"""The answer of one of our own judgements on a block."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Judged:
    """The result of a judgement on a block. `keys` are the paths that it read, `values` what decided if the values
    at `keys` must not be shown, `told` extra details.
    """

    result: str
    detail: str = ""
    keys: tuple[str, ...] = ()
    values: Mapping[str, str] | None = None
    told: Mapping[str, str] = field(default_factory=dict)
