"""`preuve scan aws` and `preuve scan iac`."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from preuve.cli.options import (
    baseline_option,
    check_whole,
    fleet_choice,
    fleet_options,
    framework_option,
    gate_option,
    progress_display,
    update_baseline_option,
    workspace_option,
)
from preuve.cli.stop import finished_first
from preuve.model.content import Severity

_output = click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Also write results.jsonl and junit*.xml into this folder."
)


_summary = click.option(
    "--summary", type=click.Path(dir_okay=False, path_type=Path), help="Append a Markdown summary to this file."
)


@click.group()
def scan() -> None:
    """Examine the account or the code, print a summary, and gate on the findings that are new."""


def _options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        _summary,
        _output,
        update_baseline_option,
        baseline_option,
        gate_option,
        framework_option,
        workspace_option,
    ):
        command = option(command)
    return command


@scan.command(epilog="Example: preuve scan aws --framework gdpr --gate critical")
@_options
@fleet_options
@click.option("--record", is_flag=True, help="Add this run to the chain of runs that evidence bundles carry.")
def aws(workspace: Path, **given: Any) -> None:
    """Examine the AWS accounts in scope."""
    _scan(workspace, "aws", **given)


@scan.command(epilog="Example: preuve scan iac --output build/preuve")
@_options
def iac(workspace: Path, **given: Any) -> None:
    """Examine the code in scope. `preuve ci` does this for a push."""
    _scan(workspace, "iac", **given)


def _scan(workspace: Path, source: str, *, update_baseline: bool, record: bool = False, **given: Any) -> None:
    from preuve.assess.known import compare  # noqa: PLC0415 - `--help` must not load what the run needs
    from preuve.cli.show import show_summary  # noqa: PLC0415
    from preuve.pipeline.bundle import seal  # noqa: PLC0415
    from preuve.pipeline.fleet.choice import chosen  # noqa: PLC0415
    from preuve.pipeline.push import baseline  # noqa: PLC0415
    from preuve.pipeline.run.collect import Scope, take_snapshot  # noqa: PLC0415
    from preuve.pipeline.run.outcome import exit_code, write_machine_files  # noqa: PLC0415
    from preuve.pipeline.run.prepare import as_kept, judge, prepare  # noqa: PLC0415
    from preuve.publish.words.locale import load_locale  # noqa: PLC0415
    from preuve.snapshot.reader import read_snapshot  # noqa: PLC0415

    check_whole(update_baseline=update_baseline, narrowed=bool(given["frameworks"]))
    prepared = prepare(workspace, given["frameworks"])
    recorder = seal.recorder(prepared.workspace, narrowed=bool(given["frameworks"])) if record else None
    severity = Severity(given["gate"]) if given["gate"] else prepared.workspace.gate
    home = prepared.workspace.root / prepared.workspace.evidence_folder
    fleet = chosen(prepared.workspace, home, "scan", fleet_choice(given)) if source == "aws" else nullcontext()
    with tempfile.TemporaryDirectory(prefix="preuve-") as folder, fleet as parts:
        snapshot = Path(folder) / "snapshot"
        scope = Scope(aws=source == "aws", iac=source == "iac", fleet=parts)
        with progress_display() as progress:
            take_snapshot(prepared, snapshot, scope, progress)
        kept = as_kept(prepared, snapshot)
        assessment = judge(kept, read_snapshot(snapshot))
    if update_baseline:
        with finished_first():
            assessment = baseline.record(assessment, baseline.baseline_path(workspace, given["baseline"]), source)
    elif (known := baseline.read_baseline(workspace, given["baseline"])) is not None:
        assessment = compare(assessment, known)
    if given["output"] is not None:
        with finished_first():
            write_machine_files(given["output"], assessment, kept, bundle=False, gate=severity)
    show_summary(assessment, prepared, severity, markdown=given["summary"])
    if recorder is not None:
        click.echo(seal.told(recorder.record(assessment), load_locale(prepared.workspace.language)), err=True)
    raise click.exceptions.Exit(exit_code(assessment, severity))
