"""`preuve audit` and `preuve assess`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from preuve.cli.help import Command
from preuve.cli.options import (
    Fleet,
    Target,
    asks,
    fleet_choice,
    fleet_options,
    framework_option,
    gate_option,
    output_option,
    progress_display,
    signing_key_option,
    workspace_option,
)
from preuve.model.content import Severity
from preuve.model.errors import Exit, UsageError

if TYPE_CHECKING:
    from preuve.pipeline.bundle.reperformance import Reperformance
    from preuve.publish.words.locale import Locale

_OWN = "give one with --output, such as --output unsealed"


@dataclass(frozen=True, kw_only=True)
class AuditRequest(Fleet):
    """The request of an audit."""

    workspace: Path
    frameworks: tuple[str, ...]
    gate: str | None
    output: Path | None
    name: str
    key: Path | None  # the key that signs the bundle
    no_seal: bool
    demonstration_port: int | None


@click.command(cls=Command, epilog="Example: preuve audit --workspace examples/techstart --name 2026-Q4")
@workspace_option
@framework_option
@gate_option
@output_option(
    type=Target(path_type=Path, file_okay=False),
    help="Folder that evidence folders are kept in.",
)
@click.option("--name", default="", help="Name of the evidence folder.  [default: the quarter, such as 2026-Q4]")
@signing_key_option
@fleet_options
@click.option("--no-seal", is_flag=True, help="Leave the bundle to `preuve seal`, on a machine that holds the key.")
@click.option(
    "--demonstration-port",
    type=click.IntRange(1, 65_535),
    help="Port of the emulated account, if the workspace has one on this machine.",
)
@asks(AuditRequest)
def audit(asked: AuditRequest) -> None:
    """Examine account and code, write a browsable evidence bundle and seal it.

    The bundle is signed with the key of evidence.signing, which ssh-agent or --signing-key provides; without a key,
    it says so. Exits with 0 whatever was found, or with 11 if something in scope could not be read, unless --gate is
    given.
    """
    from preuve.cli.show import show_summary  # noqa: PLC0415 - `--help` must not load what the run needs
    from preuve.model.layout import README  # noqa: PLC0415
    from preuve.pipeline.fleet.choice import chosen  # noqa: PLC0415
    from preuve.pipeline.run.audit import audit as run_audit  # noqa: PLC0415
    from preuve.pipeline.run.audit import notes, warnings  # noqa: PLC0415
    from preuve.pipeline.run.demonstration import on_port  # noqa: PLC0415
    from preuve.pipeline.run.outcome import exit_code  # noqa: PLC0415
    from preuve.pipeline.run.preparation import prepare  # noqa: PLC0415
    from preuve.publish.words.locale import load_locale  # noqa: PLC0415

    source = click.get_current_context().get_parameter_source("key")
    if asked.no_seal and source is click.core.ParameterSource.COMMANDLINE:
        raise UsageError("--no-seal leaves the signature to preuve seal", "give --signing-key there")
    prepared = prepare(asked.workspace, asked.frameworks)
    evidence = prepared.workspace.root / prepared.workspace.evidence_folder
    if asked.no_seal and (asked.output is None or asked.output.resolve() == evidence.resolve()):
        raise UsageError("--no-seal needs a folder of its own, for preuve seal copies into the evidence folder", _OWN)
    if asked.demonstration_port:
        prepared = replace(prepared, workspace=on_port(prepared.workspace, asked.demonstration_port))
    home = asked.output or evidence
    locale = load_locale(prepared.workspace.language)
    for line in warnings(prepared, home, locale):
        click.echo(line, err=True)
    with chosen(prepared.workspace, home, "audit", fleet_choice(asked)) as fleet, progress_display() as progress:
        audited = run_audit(prepared, home, asked.name, progress, asked.key, seal_later=asked.no_seal, fleet=fleet)
    show_summary(audited.assessment, prepared, prepared.workspace.gate, audited.folder / README)
    for line in notes(prepared, audited, locale):
        click.echo(line, err=True)
    raise click.exceptions.Exit(exit_code(audited.assessment, Severity(asked.gate) if asked.gate else None))


@click.command(cls=Command, epilog="Example: preuve assess --bundle evidence/2026-Q4")
@click.option(
    "--bundle",
    required=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The evidence bundle.",
)
@output_option(
    type=Target(path_type=Path, file_okay=False),
    help="Keep the result in this new folder.",
)
@click.option(
    "--previous",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="An earlier bundle that you kept: the history must agree with it. May be repeated.",
)
def assess(bundle: Path, output: Path | None, previous: tuple[Path, ...]) -> None:
    """Judge a bundle's snapshot again and compare: results, records, tables, papers, pages and what verifies the bundle
    must be the same bytes.

    It needs neither the account nor a network: content, snapshot and clock are those of the bundle. Exits with 0 if
    everything is identical. Exits with 10 if a file differs, if the snapshot contradicts itself, or if the content of
    the bundle is not that of its version. Exits with 11 if another version than the installed one made the bundle, if
    the history in it is not consistent or has no earlier run, or if ssh-keygen cannot check here who approved. No
    snapshot contains the history: it is compared with the results and the chain, and with the earlier bundles that
    --previous names (10 if it contradicts one, 11 if it does not mention one). `preuve verify` checks that the bundle
    is unchanged since it was closed.
    """
    from preuve.cli.show import show_summary  # noqa: PLC0415 - `--help` must not load what the run needs
    from preuve.pipeline.bundle.reperformance import reperform  # noqa: PLC0415
    from preuve.publish.words.locale import load_locale  # noqa: PLC0415

    again = reperform(bundle, output, previous)
    workspace = again.prepared.workspace
    show_summary(again.assessment, again.prepared, workspace.gate)
    click.echo()
    for line in _told(again, load_locale(workspace.language)):
        click.echo(line)
    earlier = set(again.earlier.values())
    if again.different or again.foreign or again.contradictions or again.rewritten or False in earlier:
        raise click.exceptions.Exit(Exit.FINDINGS)
    unsettled = (again.catalogue, again.not_adding_up, again.names_no_run, again.unchecked, None in earlier)
    raise click.exceptions.Exit(Exit.INCOMPLETE if any(unsettled) else Exit.OK)


def _told(again: Reperformance, locale: Locale) -> Iterator[str]:
    """Yield the result of re-performing; the names come from the bundle."""
    from preuve.publish.words.text import one_line  # noqa: PLC0415 - `--help` must not load what the run needs

    yield from (locale("reperform.differs", file=one_line(name)) for name in again.different)
    if again.left_out:
        yield locale.count("reperform.left_out", len(again.left_out))
    yield from (locale("reperform.foreign", what=one_line(told)) for told in again.foreign)
    yield from (locale("reperform.contradiction", types=one_line(told)) for told in again.contradictions)
    if again.catalogue:
        yield locale("reperform.catalogue", n=locale.number(len(again.catalogue)))
        yield from (f"  {one_line(name)}" for name in again.catalogue)
    yield from (locale("reperform.meaning", id=one_line(name)) for name in again.meanings)
    if (again.different or again.catalogue) and again.made_by:
        yield locale("reperform.version", version=one_line(again.made_by))
    same = str(len(again.same))
    different = locale.count("reperform.different", len(again.different), same=same)
    yield different if again.different else locale("reperform.identical", same=same)
    if again.made_by:
        yield locale("reperform.verifier", version=one_line(again.made_by))
    if again.on_trust:
        yield locale("reperform.on_trust")
    if again.unchecked:
        yield locale.count("reperform.unchecked", again.unchecked)
    yield from (locale("reperform.not_adding_up", run=one_line(name)) for name in again.not_adding_up)
    if again.names_no_run:
        yield locale("reperform.names_no_run")
    words = {True: "reperform.agrees", False: "reperform.contradicts", None: "reperform.unnamed"}
    yield from (locale(words[said], run=one_line(name)) for name, said in again.earlier.items())
    if again.rewritten:
        yield locale("reperform.rewritten")
