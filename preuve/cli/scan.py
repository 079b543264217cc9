"""`preuve scan aws` and `preuve scan iac`."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from preuve.cli.options import framework_option, gate_option, progress_display, workspace_option
from preuve.model.content import Severity

_output = click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Also write results.jsonl and junit.xml into this folder."
)


@click.group()
def scan() -> None:
    """Examine the account or the code, print a summary, and gate on the findings."""


@scan.command(epilog="Example: preuve scan aws --framework gdpr --gate critical")
@workspace_option
@framework_option
@gate_option
@_output
def aws(workspace: Path, frameworks: tuple[str, ...], gate: str | None, output: Path | None) -> None:
    """Examine the AWS accounts in scope."""
    _scan(workspace, frameworks, gate, output, aws_side=True)


@scan.command(epilog="Example: preuve scan iac --output build/preuve")
@workspace_option
@framework_option
@gate_option
@_output
def iac(workspace: Path, frameworks: tuple[str, ...], gate: str | None, output: Path | None) -> None:
    """Examine the Terraform and CloudFormation in scope."""
    _scan(workspace, frameworks, gate, output, aws_side=False)


def _scan(
    workspace: Path, frameworks: tuple[str, ...], gate: str | None, output: Path | None, *, aws_side: bool
) -> None:
    from preuve.assess.snapshot_files import read_snapshot  # noqa: PLC0415
    from preuve.cli.show import show_summary  # noqa: PLC0415 - `--help` must not load what the run needs
    from preuve.pipeline.collect import Scope, take_snapshot  # noqa: PLC0415
    from preuve.pipeline.outcome import exit_code, write_machine_files  # noqa: PLC0415
    from preuve.pipeline.prepare import as_kept, judge, prepare  # noqa: PLC0415

    prepared = prepare(workspace, frameworks)
    severity = Severity(gate) if gate else prepared.workspace.gate
    with tempfile.TemporaryDirectory(prefix="preuve-") as folder:
        snapshot = Path(folder) / "snapshot"
        with progress_display() as progress:
            take_snapshot(prepared, snapshot, Scope(aws=aws_side, iac=not aws_side), progress)
        kept = as_kept(prepared, snapshot)
        assessment = judge(kept, read_snapshot(snapshot))
    if output is not None:
        write_machine_files(output, assessment, kept, controls=False)
    show_summary(assessment, prepared, severity)
    raise click.exceptions.Exit(exit_code(assessment, severity))
