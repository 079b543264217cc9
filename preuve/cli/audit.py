"""`preuve audit` and `preuve assess`."""

from __future__ import annotations

from pathlib import Path

import click

from preuve.cli.options import (
    framework_option,
    gate_option,
    progress_display,
    signing_key_option,
    workspace_option,
)
from preuve.model.content import Severity


@click.command(epilog="Example: preuve audit --workspace examples/techstart --name 2026-Q4")
@workspace_option
@framework_option
@gate_option
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder that evidence folders are kept in.")
@click.option("--name", default="", help="Name of the evidence folder.  [default: the quarter, such as 2026-Q4]")
@signing_key_option
def audit(
    workspace: Path, frameworks: tuple[str, ...], gate: str | None, output: Path | None, name: str, key: Path | None
) -> None:
    """Examine account and code, write a browsable evidence bundle and seal it.

    It is signed by the key of evidence.signing, which ssh-agent or --signing-key holds; without one it says so.
    Exits with 0 whatever was found, or 11 when something in scope could not be read, unless --gate is given.
    """
    from preuve.cli.show import show_summary  # noqa: PLC0415 - `--help` must not load what the run needs
    from preuve.model.layout import README  # noqa: PLC0415
    from preuve.pipeline.audit import audit as run_audit  # noqa: PLC0415
    from preuve.pipeline.audit import notes  # noqa: PLC0415
    from preuve.pipeline.outcome import exit_code  # noqa: PLC0415
    from preuve.pipeline.prepare import prepare  # noqa: PLC0415
    from preuve.publish.papers import pdf  # noqa: PLC0415

    prepared = prepare(workspace, frameworks)
    home = output or prepared.workspace.root / prepared.workspace.evidence_folder
    with progress_display() as progress:
        audited = run_audit(prepared, home, name, progress, key)
    if not pdf.available():
        click.echo("PDFs are left out; the pages stand. For PDFs: pip install 'preuve[pdf]'", err=True)
    show_summary(audited.assessment, prepared, prepared.workspace.gate, audited.folder / README)
    for line in notes(audited):
        click.echo(line, err=True)
    raise click.exceptions.Exit(exit_code(audited.assessment, Severity(gate) if gate else None))


@click.command(epilog="Example: preuve assess evidence/2026-Q4 --output /tmp/again")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write results.jsonl and junit.xml there.")
def assess(folder: Path, output: Path | None) -> None:
    """Judge a stored snapshot again: an evidence folder, or a snapshot by itself.

    An evidence folder is judged by the content kept in it, as of the moment of its audit, so the result is the same.
    """
    from preuve.assess.snapshot_files import read_snapshot  # noqa: PLC0415
    from preuve.cli.show import show_summary  # noqa: PLC0415
    from preuve.model.layout import CONTENT, SNAPSHOT  # noqa: PLC0415
    from preuve.pipeline.outcome import exit_code, write_machine_files  # noqa: PLC0415
    from preuve.pipeline.prepare import judge, stored  # noqa: PLC0415

    bundled = (folder / SNAPSHOT).is_dir()
    snapshot = folder / SNAPSHOT if bundled else folder
    prepared = stored(snapshot, folder / CONTENT if bundled else None)
    assessment = judge(prepared, read_snapshot(snapshot))
    if output is not None:
        write_machine_files(output, assessment, prepared, controls=True)
    show_summary(assessment, prepared, prepared.workspace.gate)
    raise click.exceptions.Exit(exit_code(assessment, None))
