"""`preuve attest`."""

from __future__ import annotations

from pathlib import Path

import click

from preuve.cli.options import workspace_option
from preuve.model.errors import UsageError

_EXAMPLES = """\b
Examples:
  preuve attest --list
  preuve attest GDP-01 --template --language fr
  preuve attest GOV-03 --title "Security policy, version 3" --owner "Jane Doe (CISO)" \\
    --file attestations/policy-v3.pdf --expires 2027-03-31
  preuve attest INC-03 --owner dpo --statement "No breach between 1 July and 30 September."
"""


@click.command(epilog=_EXAMPLES)
@click.argument("evidence", metavar="[EVIDENCE_ID]", default="")
@workspace_option
@click.option("--list", "listed", is_flag=True, help="Show every item: state, next date, audit quarter, owner.")
@click.option("--template", is_flag=True, help="Write the template of the item, to be filled in.")
@click.option("--language", default="", help="Of list and template: en, fr, …  [default: the workspace's]")
@click.option("--title", default="", help="Name and version of the document.  [default: that of the item]")
@click.option("--owner", default="", help="Who stands for it: a person or a role.")
@click.option("--effective", default="", help="Since when, as 2026-11-24.  [default: today]")
@click.option("--expires", default="", help="Until when; each item also goes stale by age.")
@click.option("--file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Below attestations/.")
@click.option("--statement", default="", help="What is stated, where there is no document.")
@click.option("--id", "number", default="", help="Id of the attestation.  [default: the next number]")
def attest(
    evidence: str,
    workspace: Path,
    file: Path | None,
    *,
    listed: bool,
    template: bool,
    **said: str,
) -> None:
    """Record manual evidence: a document, a statement, or the register of the item as it stands.

    The attestation is written to attestations/ with the hash of the file, and counts from the next run on. Nothing is
    copied and nothing that exists is changed. A register is the file in registers/ that carries the template's name.
    """
    from datetime import UTC, datetime  # noqa: PLC0415 - `--help` must not load what the run needs

    from preuve.pipeline import attest as work  # noqa: PLC0415

    today = datetime.now(UTC).date()
    if listed:
        for line in work.list_items(workspace, said["language"], today):
            click.echo(line)
        return
    if not evidence:
        raise UsageError("name an evidence item", "all of them: preuve attest --list")
    if template:
        click.echo(work.write_template(workspace, evidence, said["language"], today))
        return
    if not said["owner"]:
        raise UsageError("--owner is missing", "say who stands for it, a person or a role")
    told = {name: said[name] for name in ("owner", "title", "effective", "expires", "statement")}
    for line in work.attest(workspace, evidence, work.Given(**told, file=file, id=said["number"]), today):
        click.echo(line)
