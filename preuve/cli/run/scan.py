"""`preuve scan aws` and `preuve scan iac`."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import click

from preuve.cli.help import Group
from preuve.cli.options import (
    Fleet,
    Target,
    asks,
    baseline_option,
    check_whole,
    fleet_choice,
    fleet_options,
    framework_option,
    gate_option,
    output_option,
    progress_display,
    update_baseline_option,
    workspace_option,
)
from preuve.cli.stop import finished_first
from preuve.model.company.workspace import Workspace
from preuve.model.content import Severity

_output = output_option(
    type=Target(path_type=Path, file_okay=False),
    help="Also write results.jsonl, scope.json and junit*.xml here.",
)


_summary = click.option(
    "--summary", type=Target(dir_okay=False, path_type=Path), help="Append a Markdown summary to this file."
)


@dataclass(frozen=True, kw_only=True)
class ScanRequest:
    """The request of a scan."""

    workspace: Path
    frameworks: tuple[str, ...]
    gate: str | None
    baseline: Path | None
    update_baseline: bool
    output: Path | None
    summary: Path | None


@dataclass(frozen=True, kw_only=True)
class AccountScanRequest(ScanRequest, Fleet):
    """The request of a scan of accounts."""

    record: bool


@click.group(cls=Group)
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
@asks(AccountScanRequest)
def aws(asked: AccountScanRequest) -> None:
    """Examine the AWS accounts in scope."""
    _scan(asked)


@scan.command(epilog="Example: preuve scan iac --output build/preuve")
@_options
@asks(ScanRequest)
def iac(asked: ScanRequest) -> None:
    """Examine the code in scope. `preuve ci` does this for a push."""
    _scan(asked)


def _tell_key(workspace: Workspace, home: Path) -> None:
    """Say if the key of pseudonyms is another one than that of the last run, or of a register."""
    from preuve.pipeline.run.redaction import key_notes  # noqa: PLC0415
    from preuve.publish.words.locale import load_locale  # noqa: PLC0415

    for line in key_notes(workspace, home, load_locale(workspace.language)):
        click.echo(line, err=True)


def _scan(asked: ScanRequest) -> None:
    from preuve.assess.changes.known_findings import compare  # noqa: PLC0415 - `--help` must not load what the run needs
    from preuve.cli.show import show_summary  # noqa: PLC0415
    from preuve.pipeline.bundle import seal  # noqa: PLC0415
    from preuve.pipeline.fleet.choice import chosen  # noqa: PLC0415
    from preuve.pipeline.push import baseline  # noqa: PLC0415
    from preuve.pipeline.run.collect import Scope, take_snapshot  # noqa: PLC0415
    from preuve.pipeline.run.outcome import check_output, exit_code, write_machine_files  # noqa: PLC0415
    from preuve.pipeline.run.preparation import as_kept, judge, prepare  # noqa: PLC0415
    from preuve.pipeline.run.redaction import key_id  # noqa: PLC0415
    from preuve.publish.history.runs import write_scope  # noqa: PLC0415
    from preuve.publish.words.locale import load_locale  # noqa: PLC0415
    from preuve.snapshot.reader import read_snapshot  # noqa: PLC0415

    narrowed = bool(asked.frameworks)
    accounts = asked if isinstance(asked, AccountScanRequest) else None
    check_whole(update_baseline=asked.update_baseline, narrowed=narrowed)
    prepared = prepare(asked.workspace, asked.frameworks)
    if asked.output is not None:
        check_output(asked.output, prepared.workspace)
    known = None if asked.update_baseline else baseline.read_baseline(asked.workspace, asked.baseline)
    if accounts and known is not None:
        baseline.refuse_other_key(known, key_id(prepared.workspace))
    recorder = seal.recorder(prepared.workspace, narrowed=narrowed) if accounts and accounts.record else None
    severity = Severity(asked.gate) if asked.gate else prepared.workspace.gate
    home = prepared.workspace.root / prepared.workspace.evidence_folder
    _tell_key(prepared.workspace, home)
    fleet = chosen(prepared.workspace, home, "scan", fleet_choice(accounts)) if accounts else nullcontext()
    with tempfile.TemporaryDirectory(prefix="preuve-") as folder, fleet as parts:
        snapshot = Path(folder) / "snapshot"
        scope = Scope(aws=accounts is not None, iac=accounts is None, fleet=parts)
        with progress_display() as progress:
            take_snapshot(prepared, snapshot, scope, progress)
        kept = as_kept(prepared, snapshot)
        seen = read_snapshot(snapshot)
        assessment = judge(kept, seen)
        if asked.output is not None:
            write_scope(asked.output, snapshot, assessment.now, aws=scope.aws, iac=scope.iac)
    if asked.update_baseline:
        path = baseline.baseline_path(asked.workspace, asked.baseline)
        with finished_first():
            key = key_id(prepared.workspace) if accounts else ""
            assessment = baseline.record(assessment, path, "aws" if accounts else "iac", key)
    elif known is not None:
        assessment = compare(assessment, known)
    if asked.output is not None:
        with finished_first():
            write_machine_files(asked.output, assessment, kept, bundle=False, gate=severity)
    show_summary(assessment, prepared, severity, markdown=asked.summary, gaps=seen.gaps)
    if recorder is not None:
        click.echo(
            seal.told(
                recorder.record(assessment, key_id(prepared.workspace)), load_locale(prepared.workspace.language)
            ),
            err=True,
        )
    raise click.exceptions.Exit(exit_code(assessment, severity))
