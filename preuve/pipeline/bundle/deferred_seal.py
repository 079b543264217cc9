"""Seals a bundle after the process that read the account has ended, or adds a timestamp to a sealed one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from preuve.evidence.closed_bundle import ClosedBundle, read_closed
from preuve.evidence.closing import seal_bundle
from preuve.evidence.runs.lines import Run
from preuve.evidence.seal import ChainSeal, add_timestamp
from preuve.evidence.verifier.bag import TIMESTAMP
from preuve.evidence.verifier.chain import CHAIN
from preuve.library.company.workspace import load_workspace
from preuve.library.load import read_library
from preuve.library.parsed_content import ParsedContent
from preuve.library.yaml.place import content_root
from preuve.model.company.workspace import Workspace
from preuve.model.errors import PreuveError, UsageError
from preuve.model.layout import RESULTS
from preuve.pipeline.bundle.origin import origin
from preuve.pipeline.bundle.seal import authority_of, explain_gaps, prospect_of, run_of, seal_notes, sealing
from preuve.publish.history.runs import key_of
from preuve.publish.words.locale import load_locale
from preuve.system.causes import cause, to_do
from preuve.system.folders import temporary_folder


def seal(root: Path, unsealed: Path, home: Path | None, key: Path | None) -> Iterator[str]:
    """Copy the bundle `unsealed` into `home`, or the folder of the evidence, and seal it there.

    What was given stays as it is. Raises PreuveError if it cannot be signed though its first page says that it is.
    """
    bundle = read_closed(unsealed)
    workspace = _workspace(root)
    locale = load_locale(workspace.language)
    home = home or root / workspace.evidence_folder
    _check(unsealed, bundle, workspace, home)
    prospect = prospect_of(workspace, home, key)
    if workspace.signing and prospect.unsigned:
        raise PreuveError(
            f"{unsealed} cannot be signed here, but its first page names a signer ({prospect.unsigned})",
            "seal it on the machine that has the key",
        )
    for number in explain_gaps(prospect.means.home, home):
        yield locale("note.gap", number=number)
    try:
        with sealing(prospect) as sealed, temporary_folder(home / bundle.name) as folder:
            shutil.copytree(unsealed, folder, symlinks=True, dirs_exist_ok=True)
            seal_of_run = sealed(_run(bundle.info, folder))
            seal_bundle(folder, seal_of_run)
    except OSError as error:
        raise PreuveError(
            f"{home / bundle.name} cannot be written: {cause(error)}", to_do(error, "check the disk and try again")
        ) from error
    yield locale("note.wrote", file=home / bundle.name)
    if isinstance(seal_of_run, ChainSeal):
        yield from seal_notes(prospect.unsigned, seal_of_run, locale)


def add_timestamp_to(root: Path, bundle: Path) -> str:
    """Timestamp a sealed bundle by the authority of a workspace, and return what was done.

    Raises UsageError if it names none.
    """
    workspace = _workspace(root)
    authority = authority_of(workspace)
    if authority is None:
        raise UsageError("preuve.yaml names no timestamp authority", "fill in evidence.timestamp: authority and ca")
    add_timestamp(bundle, authority)
    return load_locale(workspace.language)("note.wrote", file=bundle / TIMESTAMP)


def _workspace(root: Path) -> Workspace:
    library, _ = read_library(root, validate=False, opener=ParsedContent(content_root()))
    return load_workspace(root, library)


def _check(unsealed: Path, bundle: ClosedBundle, workspace: Workspace, home: Path) -> None:
    """Refuse what is sealed, what would not get the name that its pages have, and what rests on another commit."""
    if (unsealed / CHAIN).exists():
        raise UsageError(f"{unsealed} is sealed", "a closed bundle is never touched again; see: preuve verify")
    if (home / bundle.name).resolve() == unsealed.resolve():
        raise UsageError(f"{unsealed} lies where the sealed bundle belongs", "move it, and seal it from there")
    if (home / bundle.name).exists():
        raise UsageError(f"{home / bundle.name} exists", "give another folder with --output, or audit again")
    commit = origin(workspace).commit or ""
    if commit != bundle.info.get("Commit", ""):
        raise UsageError(
            f"{unsealed} rests on a commit other than that of this workspace",
            f"check out {bundle.info.get('Commit', '')}",
        )


def _run(info: Mapping[str, str], folder: Path) -> Run:
    return run_of(
        "audit",
        folder / RESULTS,
        info.get("Period", ""),
        info.get("Commit", ""),
        demonstration=info.get("Demonstration") == "true",
        key=key_of(folder),
    )
