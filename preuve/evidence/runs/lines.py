"""The chain of runs as it is written: what a line says, and where the chain lives."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Protocol

from preuve.evidence.verifier.chain import Chain, Line
from preuve.model.errors import PreuveError

RETRIES = 100  # lost races before giving up: each was won by another run


@dataclass(frozen=True)
class Run:
    """What the chain says of a run, its number and its links aside."""

    kind: str  # audit | scan
    time: str
    period: str
    commit: str = ""
    results: str = ""  # SHA-256 of results.jsonl
    counts: Mapping[str, int] = field(default_factory=dict)  # findings by verdict
    failing: Mapping[str, int] = field(default_factory=dict)  # those that fail, by severity
    incomplete: int = 0  # findings that rest on something that could not be read
    demonstration: bool = False


@dataclass(frozen=True)
class Sealed:
    """What the line of an audit says of its bundle."""

    bundle: str  # hash of the tag manifest without the chain's own line
    sealed: str  # when; later than the run where another process seals
    signer: str = ""  # fingerprint of the key that signs the root
    authority: str = ""  # address that a timestamp of the root is asked of


@dataclass(frozen=True)
class State:
    """The chain as it was read; `token` tells a home whether it still is as it was.

    `open`: hashes of the lines of audits whose bundle nobody has called complete yet, where the home keeps note of it.
    """

    lines: tuple[Line, ...]
    token: str
    open: frozenset[str] = frozenset()


class ChainHome(Protocol):
    """Where the chain lives."""

    def read(self) -> State:
        """The whole chain."""

    def append(self, seen: State, line: Line) -> bool:
        """Append a line if the chain is still as it was seen; False when another run came first."""

    def completed(self, line: Line) -> None:
        """Note that the bundle of a line is complete: it has its name."""


def next_line(state: State, run: Run, sealed: Sealed | None = None) -> Line:
    """The line of a run that comes after what was seen."""
    return _line(state, {**asdict(run), **(asdict(sealed) if sealed else {})})


def explained(state: State, number: int, time: str) -> Line:
    """The line that explains why there is no bundle of a run."""
    return _line(state, {"kind": "interrupted", "of": number, "time": time})


def _line(state: State, data: Mapping[str, object]) -> Line:
    previous = state.lines[-1].digest if state.lines else ""
    # The random part keeps two runs apart that have the same facts in the same second.
    whole = {"number": len(state.lines) + 1, "previous": previous, "nonce": secrets.token_hex(16), **data}
    raw = json.dumps(whole, sort_keys=True, separators=(",", ":")).encode("ascii") + b"\n"
    return Line(raw, whole)


def record(home: ChainHome, run: Run) -> Line:
    """Append a run that leaves no bundle; PreuveError where others were always faster."""
    for _ in range(RETRIES):
        state = home.read()
        line = next_line(state, run)
        if home.append(state, line):
            return line
    raise lost()


def lost() -> PreuveError:
    """The error after too many lost races."""
    return PreuveError("other runs kept writing to the chain of runs first", "try again in a moment")


def usable(chain: Chain, where: str) -> tuple[Line, ...]:
    """Give the lines of a chain that holds.

    PreuveError where it does not: nothing is ever added to one that does not.
    """
    if chain.items:
        raise PreuveError(
            f"the chain of runs in {where} does not verify, so nothing is added to it",
            "compare it with chain.jsonl in the newest bundle, find out who changed it, and restore it from there",
        )
    return chain.lines
