"""The seal of a workspace's bundles, and the home of its chain of runs."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from preuve.evidence.closing import NoSeal, Seal
from preuve.evidence.folder import period
from preuve.evidence.runs.branch import BranchChain
from preuve.evidence.runs.file import FileChain
from preuve.evidence.runs.lines import ChainHome, Run, explained, record
from preuve.evidence.seal import ChainSeal, SealTools
from preuve.evidence.signature import KEY_VARIABLE, Signer, check_place, fingerprint
from preuve.evidence.timestamp import Authority
from preuve.evidence.verification import Verification
from preuve.evidence.verifier.chain import CHAIN, Line, read
from preuve.model.company.workspace import Workspace
from preuve.model.errors import PreuveError, UsageError
from preuve.model.moment import current_moment, moment
from preuve.model.results import Assessment, FindingStatus
from preuve.pipeline.bundle.origin import origin
from preuve.pipeline.bundle.verify import sentences
from preuve.publish.results import read_lines, write_results
from preuve.publish.site.facts import SealDescription
from preuve.publish.words.locale import Locale, load_locale
from preuve.system.folders import leftovers
from preuve.system.home import expanded
from preuve.system.manifests import digest_of

_UNDER_WAY = timedelta(hours=1)  # a bundle has its name seconds after its line was added


@dataclass(frozen=True)
class PlannedSeal:
    """The seal that a bundle will get, settled before the work."""

    means: SealTools
    first_page: SealDescription
    unsigned: str = ""  # why it will not be signed
    later: bool = False  # sealed by another process, which holds the key


def prospect_of(
    workspace: Workspace, home: Path, key: Path | None, *, later: bool = False, offline: bool = False
) -> PlannedSeal:
    """Settle the seal of a bundle: an unreadable chain or an unusable key is reported now.

    `home` is the folder of the bundles; `key` is the private key if ssh-agent does not have it; with `later` the
    bundle stays unsealed for another machine; `offline`, a chain on a remote is not read, because that changes the
    repository, and none is tried. Raises PreuveError if the chain cannot be read, or may not be added to; UsageError
    for the key.
    """
    chain = chain_home(workspace, home)
    if not (offline and workspace.chain):
        chain.read()
    if not (offline or later):
        chain.try_append()
    signer, unsigned = (None, "") if later else _signer(workspace, key)
    authority = authority_of(workspace)
    named = workspace.signing if signer or later else None
    verification = Verification(sentences(), workspace.language, named, authority.ca.read_bytes() if authority else b"")
    first_page = SealDescription(
        named.identity if named else "",
        fingerprint(named.public_key) if named else "",
        authority.url if authority else "",
    )
    return PlannedSeal(SealTools(chain, verification, signer, authority), first_page, unsigned, later)


def chain_home(workspace: Workspace, home: Path, *, beside: bool = False) -> ChainHome:
    """Return the home of the chain of runs; `home` is the folder of the bundles, `beside` whether bundles of another
    chain may lie in it, as for what only reads.
    """
    if workspace.chain:
        return BranchChain(workspace.root, workspace.chain.remote, workspace.chain.branch)
    return FileChain(home, beside)


def explain_gaps(chain: ChainHome, home: Path) -> Iterator[int]:
    """Add to the chain an explanation for each run that was killed after its line was written and before its bundle
    had a name.

    These are runs that left an unfinished folder here, and runs of other machines that never reported their bundle
    complete.
    """
    for folder in leftovers(home):
        lines = read(folder / CHAIN).lines
        if lines and explain(chain, lines[-1]):
            yield lines[-1].number
    state = chain.read()
    for line in state.lines:
        if line.digest not in state.open or line.text("sealed") > moment(datetime.now(UTC) - _UNDER_WAY):
            continue
        if _lies_in(home, line):
            chain.completed(line)
        elif explain(chain, line):
            yield line.number


def _lies_in(home: Path, line: Line) -> bool:
    """Return whether the bundle of a line is one of those in a folder."""
    carried = (read(path).lines for path in home.glob(f"[!.]*/{CHAIN}"))
    return any(lines and lines[-1].raw == line.raw for lines in carried)


def explain(chain: ChainHome, line: Line) -> bool:
    """Add a line that says why there is no bundle of a run; False where there is nothing to explain."""
    while True:
        state = chain.read()
        known = any(item.raw == line.raw for item in state.lines)
        if not known or any(item.data.get("of") == line.number for item in state.lines):
            return False
        if chain.append(state, explained(state, line.number, current_moment())):
            return True


@dataclass(frozen=True)
class Recorder:
    """Adds a run that leaves no bundle to the chain."""

    home: ChainHome
    commit: str
    demonstration: bool

    def record(self, assessment: Assessment, key: str) -> Line:
        """Append the run; `key` is the id of the key of its pseudonyms."""
        with tempfile.TemporaryDirectory(prefix="preuve-") as folder:
            results = Path(folder, "results.jsonl")
            write_results(results, assessment)
            covered = period(datetime.fromisoformat(assessment.now))
            run = run_of("scan", results, covered, self.commit, demonstration=self.demonstration, key=key)
        return record(self.home, run)


def recorder(workspace: Workspace, *, narrowed: bool) -> Recorder:
    """Return the recorder of a scan, settled before the work: an unreadable chain is reported now.

    Raises UsageError if the run is `narrowed` to a part, or rests on uncommitted changes.
    """
    if narrowed:
        raise UsageError("a run in the chain must examine everything", "leave out --framework, or --record")
    rests_on = origin(workspace)
    if rests_on.dirty:
        raise UsageError("a run in the chain rests on a commit, and files were changed since", "commit it first")
    home = chain_home(workspace, workspace.root / workspace.evidence_folder)
    home.read()
    home.try_append()
    return Recorder(home, rests_on.commit or "", workspace.demonstration)


def told(line: Line, locale: Locale) -> str:
    """Return the message about a run's line in the chain."""
    return locale("note.chain", number=line.number, head=line.digest)


def seal_notes(unsigned: str, seal: ChainSeal, locale: Locale) -> Iterator[str]:
    """Yield the messages about a seal: what it lacks, and its line in the chain."""
    if seal.line is None:
        return
    if unsigned:
        yield locale("note.unsigned", why=unsigned)
    if seal.no_timestamp:
        yield locale("note.no_timestamp", why=seal.no_timestamp)
    if seal.unconfirmed:
        yield locale("note.unconfirmed", why=seal.unconfirmed)
    yield told(seal.line, locale)


def authority_of(workspace: Workspace) -> Authority | None:
    """Return the timestamp authority of a workspace, if it has one. Raises UsageError if its certificate is missing."""
    if workspace.timestamping is None:
        return None
    ca = workspace.root / workspace.timestamping.ca
    if not ca.is_file():
        raise UsageError(
            f"evidence.timestamp.ca: there is no file {workspace.timestamping.ca}",
            "save the root certificate of the authority there, in PEM",
        )
    return Authority(workspace.timestamping.authority, ca)


@contextmanager
def sealing(prospect: PlannedSeal | None) -> Iterator[Callable[[Run], Seal]]:
    """Yield the function that seals a run's bundle. If the bundle fails, its line is explained in the chain; otherwise
    the chain records that it is complete.
    """
    if prospect is None or prospect.later:
        yield lambda _: NoSeal()
        return
    made: list[ChainSeal] = []

    def seal(run: Run) -> Seal:
        made.append(ChainSeal(prospect.means, run))
        return made[-1]

    try:
        yield seal
    except BaseException:
        for line in (item.line for item in made if item.line):
            explain(prospect.means.home, line)
        raise
    for item in made:
        item.completed()


def run_of(kind: str, results: Path, period: str, commit: str, *, demonstration: bool, key: str = "") -> Run:
    """Return the facts of a run for the chain, read from `results`, the file whose hash the line contains.

    `period` is what an audit covers, `commit` the one it rests on, and `key` the id of the key of its pseudonyms.
    """
    lines = read_lines(results)
    head = next(lines)
    found = [(line["status"], line["severity"]) for line in lines if line["kind"] == "finding"]
    return Run(
        kind=kind,
        time=head["now"],
        period=period,
        commit=commit,
        results=digest_of(results),
        counts=dict(sorted(Counter(status for status, _ in found).items())),
        failing=dict(sorted(Counter(severity for status, severity in found if status == FindingStatus.FAIL).items())),
        incomplete=head["incomplete"],
        demonstration=demonstration,
        pseudonym_key_id=key,
    )


def _signer(workspace: Workspace, key: Path | None) -> tuple[Signer | None, str]:
    """Return the signer, or why there is none. A named key must work; a key that is missing in ssh-agent is reported
    and not an error.
    """
    locale = load_locale(workspace.language)
    if workspace.signing is None:
        if key is not None:
            raise UsageError(
                "preuve.yaml does not say whose key signs", "fill in evidence.signing: identity and public_key"
            )
        return None, locale("note.no_key_named")
    if key is not None:
        check_place(key, workspace.root)
        signer = Signer(workspace.signing, expanded(key))
        signer.probe()
        return signer, ""
    if not os.environ.get("SSH_AUTH_SOCK"):
        return None, locale("note.no_key", variable=KEY_VARIABLE)
    signer = Signer(workspace.signing, None)
    try:
        signer.probe()
    except PreuveError as error:
        return None, str(error)
    return signer, ""
