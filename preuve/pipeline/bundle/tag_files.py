"""The files of a bundle next to its payload that can be derived: `bag-info.txt`, and the files to verify it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from preuve import __version__
from preuve.evidence.bag import write_declaration
from preuve.evidence.runs.form import beyond_form
from preuve.evidence.signature import allowed_signers, fingerprint
from preuve.evidence.verification import FOLDER, Verification
from preuve.evidence.verifier import info
from preuve.evidence.verifier.bag import SIGNATURE, TAG_MANIFEST, TIMESTAMP, placed
from preuve.evidence.verifier.chain import CHAIN, read
from preuve.evidence.verifier.facts import META, demonstration_marks
from preuve.evidence.verifier.info import INFO
from preuve.evidence.verifier.programs import AUTHORITY, SIGNERS
from preuve.model.company.workspace import SigningKey, Workspace
from preuve.model.errors import UsageError
from preuve.model.layout import DATA
from preuve.model.snapshot import AuditRun, Meta
from preuve.pipeline.bundle.verify import sentences
from preuve.publish.site.facts import SealDescription
from preuve.publish.words.locale import load_locale
from preuve.publish.words.names import purpose

GIVEN = (SIGNERS, AUTHORITY)  # from the workspace: no snapshot has them
# Lines about another bundle, or counted when the manifests are verified.
_OTHERS = (b"Previous-Bundle", b"Previous-Root", b"Payload-Oxum")


def bag_info(workspace: Workspace, run: AuditRun, now: str, version: str = __version__) -> Iterator[tuple[str, str]]:
    """Yield the elements of `bag-info.txt` for the bundle of a run."""
    yield "Source-Organization", workspace.organisation
    yield "External-Identifier", run.id
    yield "Period", run.period
    yield "Bagging-Date", now[:10]
    yield "Purpose", purpose(workspace, load_locale(workspace.language))
    yield "Retention-Until", workspace.delete_after(date.fromisoformat(now[:10])).isoformat()
    yield "Bag-Software-Agent", f"preuve {version}"
    if workspace.demonstration:
        yield "Demonstration", "true"
    if run.commit:
        yield "Commit", run.commit
    if run.dirty:
        yield "Try-Out", "true"


def verifies(root: Path) -> set[str]:
    """Return the files for verifying a bundle that follow from the release and the chain."""
    paths = (path.relative_to(root).as_posix() for path in (root / FOLDER).rglob("*") if path.is_file())
    return set(paths) - set(GIVEN)


def write_verification(bundle: Path, again: Path, language: str) -> None:
    """Write the files to verify a bundle again, with this release and the chain of the bundle. Write nothing for an
    unsealed bundle.
    """
    if (bundle / FOLDER).is_dir() or (bundle / CHAIN).exists():
        Verification(sentences(), language).write(again, read(bundle / CHAIN).lines[:-1])


def contradicting_files(
    bundle: Path,
    again: Path,
    workspace: Workspace,
    meta: Meta,
    now: str,
    sealing: SealDescription | None,
    earlier: Sequence[Path] = (),
) -> Iterator[str]:
    """Yield the files next to the payload that contradict the snapshot, the first page or `earlier` bundles."""
    run = meta.run or AuditRun()
    write_declaration(again, bag_info(workspace, run, now, meta.preuve))
    if _derived(bundle) != _derived(again) or any(_names_another(bundle, kept) for kept in earlier):
        yield INFO
    marks = demonstration_marks(bundle)
    line = next(reversed(read(bundle / CHAIN).lines), None)
    sealed = sealing or SealDescription()
    if line and (
        (line.data.get("demonstration") is True) is not marks[META]
        or (line.text("period"), line.text("commit")) != (run.period, run.commit or "")
        or (line.text("signer"), line.text("authority")) != (sealed.key, sealed.authority)
    ):
        yield CHAIN
    if sealed.key and not _allows(bundle / SIGNERS, sealed):
        yield SIGNERS


def strays(bundle: Path) -> Iterator[str]:
    """Yield files next to the payload that no audit writes, and the lines of the chain that have another form."""
    beside = {TAG_MANIFEST, SIGNATURE, TIMESTAMP}
    for path in sorted(bundle.iterdir()):
        name = f"{path.name}/-" if path.is_dir() and not path.is_symlink() else path.name
        if path.is_symlink() or not (placed(name, payload=False) or name == f"{DATA}/-" or name in beside):
            yield path.name
    for number, line in enumerate(read(bundle / CHAIN).lines, 1):
        yield from (f"{CHAIN}:{number} {told}" for told in beyond_form(line.data))


def _derived(folder: Path) -> list[bytes]:
    """Return the lines of `bag-info.txt` that follow from the run, in any order."""
    path = folder / INFO
    lines = path.read_bytes().splitlines(keepends=True) if path.is_file() else []
    return sorted(line for line in lines if line.partition(b": ")[0] not in _OTHERS)


def _names_another(bundle: Path, kept: Path) -> bool:
    """Return whether `bag-info.txt` contradicts what an earlier bundle shows."""
    lines, known = read(bundle / CHAIN).lines, read(kept / CHAIN).lines
    return bool(lines and known) and info.compare(bundle, lines, kept, known) is not None


def _allows(path: Path, sealed: SealDescription) -> bool:
    """Return whether the list of signers in the bundle has only the signer that the first page names."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    key = " ".join(text.split()[-2:])
    try:
        return text == allowed_signers(SigningKey(sealed.signer, key)) and fingerprint(key) == sealed.key
    except UsageError:
        return False
