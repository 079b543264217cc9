"""The answer of one of our own judgements on a block."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SEARCHED = "[searched: no secret]"  # shown in place of a searched value without a secret: it may still be confidential
ELSEWHERE = "[not in the code]"  # shown in place of a value that the code does not contain: a variable, a resource
WHOLE = "block"  # shown in place of a path: the whole block was searched


@dataclass(frozen=True)
class Ruling:
    """The result of a judgement on a block. `keys` are the paths that it read, `values` what decided if the values
    at `keys` must not be shown, `told` extra details, `grounds` texts that distinguish this failure from another,
    `beside` the addresses of blocks that decided in place of this one, each with a path in it, `restraints` texts of
    what takes away from the failure.
    """

    result: str
    detail: str = ""
    keys: tuple[str, ...] = ()
    values: Mapping[str, str] | None = None
    told: Mapping[str, str] = field(default_factory=dict)
    grounds: tuple[str, ...] = ()
    beside: tuple[tuple[str, str], ...] = ()
    restraints: tuple[str, ...] = ()
