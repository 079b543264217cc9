"""Seals a bundle: its line in the chain of runs, the files to verify it, the signature and the
timestamp of its root.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from preuve.evidence.bag import write_tag_manifest
from preuve.evidence.runs.lines import ChainHome, Run, SealFacts, State, next_line
from preuve.evidence.signature import Signer
from preuve.evidence.timestamp import Authority
from preuve.evidence.verification import Verification
from preuve.evidence.verifier.bag import SIGNATURE, TIMESTAMP
from preuve.evidence.verifier.chain import CHAIN, Line
from preuve.model.errors import PreuveError, UsageError
from preuve.model.moment import current_moment
from preuve.system.files import made_in
from preuve.system.manifests import TAG_MANIFEST


@dataclass(frozen=True)
class SealTools:
    """The signer, timestamp authority and chain that seal a bundle."""

    home: ChainHome
    verification: Verification
    signer: Signer | None = None
    authority: Authority | None = None


class ChainSeal:
    """Seals one bundle. Its line is added to the chain last, so that every audit in the chain is sealed."""

    def __init__(self, means: SealTools, run: Run, clock: Callable[[], str] | None = None) -> None:
        self.line: Line | None = None  # in the chain once the bundle is sealed
        self.no_timestamp = ""  # why there is none
        self.unconfirmed = ""  # why the chain does not record that the bundle is complete
        self._means = means
        self._run = run
        self._clock = clock or current_moment
        self._seen = State((), "")
        self._next: Line | None = None

    def before_root(self, folder: Path) -> None:
        """Write `verification/`, and the chain with the line of this bundle."""
        (folder / CHAIN).unlink(missing_ok=True)
        self._seen = self._means.home.read()
        self._means.verification.write(folder, self._seen.lines)
        bundle = write_tag_manifest(folder)  # everything except the chain, which cannot contain its own hash
        signer = self._means.signer.fingerprint if self._means.signer else ""
        authority = self._means.authority.url if self._means.authority else ""
        self._next = next_line(self._seen, self._run, SealFacts(bundle, self._clock(), signer, authority))
        lines = (*self._seen.lines, self._next)
        (folder / CHAIN).write_bytes(b"".join(line.raw for line in lines))

    def after_root(self, folder: Path) -> bool:
        """Sign, timestamp, and add the line to the chain. Return False if another run was faster."""
        manifest = folder / TAG_MANIFEST
        self.no_timestamp = ""
        if self._means.signer:
            (folder / SIGNATURE).write_bytes(self._means.signer.sign(manifest))
        if self._means.authority:
            try:
                (folder / TIMESTAMP).write_bytes(self._means.authority.stamp(manifest))
            except PreuveError as error:  # it can be added later, and the audit cannot be made again
                (folder / TIMESTAMP).unlink(missing_ok=True)
                self.no_timestamp = f"{error}; {error.hint}"
        if self._next is None or not self._means.home.append(self._seen, self._next):
            return False
        self.line = self._next
        return True

    def completed(self) -> None:
        """Record in the chain that the bundle has its final name. A failure is reported and undoes nothing."""
        if self.line is None:
            return
        try:
            self._means.home.completed(self.line)
        except PreuveError as error:
            self.unconfirmed = f"{error}; {error.hint}"


def add_timestamp(bundle: Path, authority: Authority) -> None:
    """Add a timestamp of the root to a closed bundle. The root and everything below it do not change.

    Raises UsageError if `bundle` is not closed or already has a timestamp.
    """
    target = bundle / TIMESTAMP
    if not (bundle / TAG_MANIFEST).is_file():
        raise UsageError(f"{bundle} is not a closed bundle", "name the folder that preuve audit wrote")
    if target.exists():
        raise UsageError(
            f"{bundle} has a timestamp already", "it is never replaced: the first timestamp proves the most"
        )
    answer = authority.stamp(bundle / TAG_MANIFEST)
    with made_in(bundle.parent, target) as made:  # outside the bundle: a file left over in it would not verify
        made.write_bytes(answer)
