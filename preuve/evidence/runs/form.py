"""Which members the line of a run has, as `lines` writes it; the form of each is the verifier's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from preuve.evidence.verifier.chain import formed

_EVERY = frozenset({"kind", "nonce", "number", "previous", "time"})
_RUN = _EVERY | {"commit", "counts", "demonstration", "failing", "incomplete", "period", "pseudonym_key_id", "results"}
_MEMBERS = {
    "scan": _RUN,
    "audit": _RUN | {"authority", "bundle", "sealed", "signer"},
    "interrupted": _EVERY | {"of"},
}


def beyond_form(line: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of what no run writes into its line, and of what each does and this one lacks."""
    members = _MEMBERS.get(str(line.get("kind")))
    if members is None:
        yield "kind"
        return
    yield from (name for name, value in line.items() if name not in members or not formed(name, value))
    yield from sorted(members - set(line) - {"failing", "pseudonym_key_id"})  # an earlier version does not tell them
