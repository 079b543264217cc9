"""The lines of the chain of runs, and the interface of the places that store the chain."""

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
    """The facts of a run in its line, without number and links."""

    kind: str  # audit | scan
    time: str
    period: str
    commit: str = ""
    results: str = ""  # SHA-256 of results.jsonl
    counts: Mapping[str, int] = field(default_factory=dict)  # findings by verdict
    failing: Mapping[str, int] = field(default_factory=dict)  # those that fail, by severity
    incomplete: int = 0  # findings that rest on something that could not be read
    demonstration: bool = False
    pseudonym_key_id: str = ""  # tells keys apart, and reveals nothing else


@dataclass(frozen=True)
class SealFacts:
    """The facts of an audit's bundle in its line."""

    bundle: str  # hash of the tag manifest without the chain's own line
    sealed: str  # time of sealing; later than the run if another process seals
    signer: str = ""  # fingerprint of the key that signs the root
    authority: str = ""  # address of the authority for the root's timestamp


@dataclass(frozen=True)
class State:
    """The chain when it was read. A home uses `token` to recognize whether it has changed since.

    `open` has the hashes of the lines of audits without a confirmed bundle, if the home records them.
    """

    lines: tuple[Line, ...]
    token: str
    open: frozenset[str] = frozenset()


class ChainHome(Protocol):
    """A place that stores the chain."""

    def read(self) -> State:
        """Read the whole chain."""

    def try_append(self) -> bool:
        """Return whether it could be asked if a line may be added. Raises PreuveError if it may not."""

    def append(self, seen: State, line: Line) -> bool:
        """Append a line if the chain has not changed since it was seen. Return False if another run was first."""

    def completed(self, line: Line) -> None:
        """Record that the bundle of a line is complete: it has its final name."""


def next_line(state: State, run: Run, sealed: SealFacts | None = None) -> Line:
    """Return the line of a run that follows the state seen."""
    return _line(state, {**asdict(run), **(asdict(sealed) if sealed else {})})


def explained(state: State, number: int, time: str) -> Line:
    """Return the line that explains why the run `number` has no bundle."""
    return _line(state, {"kind": "interrupted", "of": number, "time": time})


def _line(state: State, data: Mapping[str, object]) -> Line:
    previous = state.lines[-1].digest if state.lines else ""
    # The random part distinguishes two runs with the same facts in the same second.
    whole = {"number": len(state.lines) + 1, "previous": previous, "nonce": secrets.token_hex(16), **data}
    raw = json.dumps(whole, sort_keys=True, separators=(",", ":")).encode("ascii") + b"\n"
    return Line(raw, whole)


def record(home: ChainHome, run: Run) -> Line:
    """Append a run without a bundle. Raises PreuveError if other runs were faster each time."""
    for _ in range(RETRIES):
        state = home.read()
        line = next_line(state, run)
        if home.append(state, line):
            return line
    raise lost()


def lost() -> PreuveError:
    """Return the error for too many attempts to append."""
    return PreuveError("other runs were writing to the chain of runs at the same time", "try again in a moment")


def usable(chain: Chain, where: str) -> tuple[Line, ...]:
    """Return the lines of a valid chain.

    Raises PreuveError if it is not valid: nothing may be added to such a chain.
    """
    if chain.items:
        raise PreuveError(
            f"the chain of runs in {where} does not verify, so nothing is added to it",
            "compare it with chain.jsonl in the newest bundle, find out who changed it, and restore it from there",
        )
    return chain.lines
