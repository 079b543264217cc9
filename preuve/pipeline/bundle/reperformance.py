"""Re-performs an audit from its bundle alone: the same snapshot, the content in the bundle, the recorded clock."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from preuve.evidence.approval import can_verify
from preuve.evidence.folder import OWN, beyond_content, keep_content
from preuve.evidence.verifier.chain import CHAIN, read
from preuve.library.company.waivers import VERIFIED
from preuve.library.validation.lock import other_meanings
from preuve.library.validation.members import Shapes
from preuve.library.yaml.engine_build import is_ours
from preuve.model.company.workspace import Workspace
from preuve.model.content import Library
from preuve.model.errors import AlteredError, PreuveError, UsageError
from preuve.model.layout import CONTENT, DATA, MACHINE, README, RECORDS, SNAPSHOT
from preuve.model.results import Assessment
from preuve.model.snapshot import GLOBAL, Meta
from preuve.pipeline.bundle.consistency.agreement import disagreements, signables, unapproved
from preuve.pipeline.bundle.kept_history import agrees, holds, names_no_run, not_adding_up
from preuve.pipeline.bundle.tag_files import contradicting_files, strays, verifies, write_verification
from preuve.pipeline.run.outcome import site_of, write_machine_files
from preuve.pipeline.run.papers import write_papers
from preuve.pipeline.run.preparation import Preparation, judge, stored
from preuve.publish.history.page_facts import FILE as KEPT
from preuve.publish.history.page_facts import read_kept, write_kept
from preuve.publish.papers import pdf
from preuve.publish.records.records import write_records
from preuve.publish.site.writer import write_site
from preuve.snapshot.reader import read_calls, read_snapshot, unbalanced
from preuve.snapshot.strays import foreign, rewritten


@dataclass(frozen=True)
class Reperformance:
    """The result of re-performing a bundle, compared with its files; paths are the bundle's."""

    prepared: Preparation
    assessment: Assessment
    same: tuple[str, ...]
    different: tuple[str, ...]  # other bytes, or on one side only
    left_out: tuple[str, ...]  # files that cannot be made here
    made_by: str  # the version and build that made the bundle; "" if they are the running ones
    foreign: tuple[str, ...]  # things in the bundle that no audit writes
    contradictions: tuple[str, ...]  # types whose number of resources differs between the snapshot and its listings
    catalogue: tuple[str, ...]  # content files that differ from those of this preuve, policies first
    meanings: tuple[str, ...]  # controls and policies with another meaning here under the same revision
    on_trust: bool  # whether pages show a history or a seal that no snapshot contains
    not_adding_up: tuple[str, ...]  # earlier runs whose counts contradict the history
    names_no_run: bool  # the history has none of the runs that the chain had before
    unchecked: int  # signatures of approvals that cannot be checked here without ssh-keygen
    earlier: Mapping[str, bool | None]  # given bundle -> whether the history agrees; None: it has no such run

    @property
    def rewritten(self) -> bool:
        """Whether the content was altered: one version has one catalogue, and a revision one meaning."""
        return bool(self.meanings or (self.catalogue and not self.made_by))


def reperform(bundle: Path, output: Path | None, earlier: Sequence[Path] = ()) -> Reperformance:
    """Judge the snapshot of a bundle again, write everything that depends on it, pages included, and compare; the
    history also with `earlier` bundles.

    The files are kept in `output` if that is given. Raises UsageError if `bundle` is none.
    """
    if not (bundle / SNAPSHOT).is_dir() or not (bundle / CONTENT).is_dir():
        raise UsageError(f"{bundle} is not an evidence bundle", "name the folder that preuve audit wrote")
    prepared = stored(bundle / SNAPSHOT, bundle / CONTENT)
    strange = tuple(foreign(bundle / SNAPSHOT))
    found = read_snapshot(bundle / SNAPSHOT)
    if not strange and is_ours(found.meta.preuve, found.meta.build):  # another version may use another form
        strange = tuple(rewritten(bundle / SNAPSHOT))
    made_by, catalogue = _another_engine(found.meta), tuple(_another_catalogue(bundle / CONTENT))
    if not strange and not (made_by and catalogue):  # another version may have made other calls
        whole = Shapes(prepared.library)  # also of the members that no condition reads
        strange = tuple(disagreements(bundle / SNAPSHOT, replace(prepared, shapes=whole)))
    forged, unchecked = approvals(prepared.workspace)
    assessment = judge(prepared, found)
    site = site_of(assessment, prepared, found, read_calls(bundle / SNAPSHOT))
    with _written(output) as again:
        write_machine_files(again / MACHINE, assessment, prepared, bundle=True)
        with told_first(strange):
            write_records(again / RECORDS, bundle, site, found)
        kept = read_kept(bundle)
        write_kept(again, kept)
        site = replace(site, history=kept.history, sealing=kept.sealing)
        write_papers(again, site)
        left_out = _as_in(bundle, again, made=kept.pdf)
        write_site(again, site)  # last: the pages link to the existing papers
        names = sorted(_names(bundle) | _names(again))
        if not made_by:
            write_verification(bundle, again, prepared.workspace.language)
            names += sorted(verifies(bundle) | verifies(again))
        compared = (name for name in names if name not in left_out)
        same = tuple(name for name in compared if _bytes(bundle / name) == _bytes(again / name))
        beside = tuple(
            contradicting_files(bundle, again, prepared.workspace, found.meta, assessment.now, kept.sealing, earlier)
        )
    lines = read(bundle / CHAIN).lines
    if not holds(kept.history, lines, assessment, prepared.library, prepared.workspace):
        same = tuple(name for name in same if name != KEPT)
    settled = {*same, *left_out}
    different = tuple(name for name in [*names, *beside] if name not in settled)
    return Reperformance(
        prepared,
        assessment,
        same,
        different,
        left_out,
        made_by,
        (*strange, *forged, *_unread(bundle), *strays(bundle)),
        tuple(unbalanced(bundle / SNAPSHOT, _claimed(prepared.library))),
        catalogue,
        tuple(other_meanings(prepared.library)),
        bool(kept.history or kept.sealing),
        tuple(not_adding_up(kept.history, assessment)),
        names_no_run(kept.history, lines, assessment),
        unchecked,
        {folder.name: agrees(kept.history, folder) for folder in earlier},
    )


def approvals(workspace: Workspace) -> tuple[tuple[str, ...], int]:
    """Return the approvals that nobody gave, and the number of those that cannot be checked here."""
    signed = sum(item.approval.state == VERIFIED for item in signables(workspace))
    if signed and not can_verify():
        return (), signed
    return tuple(unapproved(workspace)), 0


def _unread(bundle: Path) -> Iterator[str]:
    """Yield files next to the content that the workspace adds which judge nothing."""
    return (path.relative_to(bundle).as_posix() for path in beyond_content(bundle / CONTENT))


def _another_engine(meta: Meta) -> str:
    version, made = meta.preuve, meta.build
    return "" if is_ours(version, made) else f"{version} ({made})" if made else version


def _claimed(library: Library) -> frozenset[str]:
    """Return the types that several regions list; the first region to be read keeps the resource."""
    return frozenset(name for name, item in library.types.items() if item.in_region and item.scope != GLOBAL)


def _another_catalogue(kept: Path) -> Iterator[str]:
    """Yield the files of the bundled content that differ here, or exist on one side only; content that the workspace
    adds is compared with nothing.
    """
    with tempfile.TemporaryDirectory(prefix="preuve-") as folder:
        ours = Path(folder)
        keep_content(ours, ours / OWN)  # as an audit keeps it, without a workspace
        paths = {path.relative_to(root) for root in (kept, ours) for path in root.rglob("*") if not path.is_dir()}
        for path in sorted(paths, key=lambda path: (path.parts[0] != "policies", path.as_posix())):
            if path.parts[0] != OWN and _bytes(kept / path) != _bytes(ours / path):
                yield path.as_posix()


@contextmanager
def told_first(strange: Sequence[str]) -> Iterator[None]:
    """Report what no audit writes, if nothing can be produced again from it."""
    try:
        yield
    except PreuveError as error:
        if not strange:
            raise
        hint = "it was changed after it was written: use the bundle as it was sealed"
        raise AlteredError(f"{strange[0]}: no audit writes this", hint) from error


@contextmanager
def _written(output: Path | None) -> Iterator[Path]:
    if output is not None:
        if output.exists() and (not output.is_dir() or any(output.iterdir())):
            raise UsageError(f"{output} is not an empty folder", "give another one: its contents are not changed")
        yield output
        return
    with tempfile.TemporaryDirectory(prefix="preuve-") as folder:
        yield Path(folder)


def _as_in(bundle: Path, again: Path, *, made: bool) -> tuple[str, ...]:
    """Keep PDFs only if the bundle has them: they need the extra `pdf`, at both times. Return those that cannot be made
    here.
    """
    if not made:
        for path in again.rglob("*.pdf"):
            path.unlink()
        return ()
    if pdf.available():
        return ()
    names = [path.relative_to(bundle).as_posix() for path in (bundle / DATA).rglob("*.pdf")]
    for name in names:
        (again / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(bundle / name, again / name)
    return tuple(sorted(names))


def _names(root: Path) -> set[str]:
    """Return every file that depends on the snapshot and the content, which are the input of the judgement."""
    paths = (path.relative_to(root).as_posix() for path in (root / DATA).rglob("*") if path.is_file())
    return {README, *(path for path in paths if not path.startswith((f"{SNAPSHOT}/", f"{CONTENT}/")))}


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
