"""The answer of one of our own judgements on a block."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Judged:
    """What a judgement says of a block: `keys` are the paths that it looked at, `values` what decided, where `keys`
    must not be shown, `told` what is said beside them, and `grounds` the texts that tell this failure from another."""

    result: str
    detail: str = ""
    keys: tuple[str, ...] = ()
    values: Mapping[str, str] | None = None
    told: Mapping[str, str] = field(default_factory=dict)
    grounds: tuple[str, ...] = ()
