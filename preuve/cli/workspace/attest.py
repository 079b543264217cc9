"""`preuve attest`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from preuve.cli.completion import attestations, evidence_items
from preuve.cli.confirm import confirm
from preuve.cli.help import Command
from preuve.cli.options import workspace_option
from preuve.model.company.workspace import IN_PLACE, NOT_IN_PLACE, PARTLY
from preuve.model.errors import UsageError
from preuve.publish.words.text import for_log

_EXAMPLES = """\b
Examples:
  preuve attest --list
  preuve attest --plan
  preuve attest GDP-01 --template --language fr
  preuve attest GOV-03 --title "Security policy, version 3" --owner "Jane Doe (CISO)" \\
    --approver "John Roe (CEO)" --file attestations/policy-v3.pdf --conclusion in_place
  preuve attest --sign ATT-001 --key ~/.ssh/id_ed25519
  preuve attest HR-04 --owner "Ann Lee (HR)" --conclusion partly --statement "39 of 45 people were trained."
"""


@click.command(cls=Command, epilog=_EXAMPLES)
@click.argument("evidence", metavar="[EVIDENCE_ID]", default="", shell_complete=evidence_items)
@workspace_option
@click.option("--list", "listed", is_flag=True, help="Show every item: state, next date, audit quarter, owner.")
@click.option(
    "--plan",
    metavar="[QUARTERS]",
    is_flag=False,
    flag_value="4",
    default="",
    help="Propose an order for the missing evidence: legal requirements first.  [4 quarters]",
)
@click.option("--template", is_flag=True, help="Write the template of the item, to be filled in.")
@click.option("--language", default="", help="Of list, plan and template: en, fr, …  [default: the workspace's]")
@click.option("--title", default="", help="Name and version of the document.  [default: that of the item]")
@click.option("--owner", default="", help="Who is responsible for it, as First Last (CISO).")
@click.option("--approver", default="", help="Who reviews and signs it: not --owner; both as First Last (CISO).")
@click.option("--effective", default="", help="Since when, as 2026-11-24.  [default: today]")
@click.option("--expires", default="", help="Until when; each item also expires by age.")
@click.option("--file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Below attestations/.")
@click.option("--statement", default="", help="The statement, if there is no document.")
@click.option(
    "--conclusion",
    type=click.Choice([IN_PLACE, PARTLY, NOT_IN_PLACE]),
    help="What the owner concludes: whether what the item asks for is in place.",
)
@click.option(
    "--sign",
    "signed",
    metavar="ID",
    default="",
    help="Sign an attestation as its approver.",
    shell_complete=attestations,
)
@click.option(
    "--key",
    type=click.Path(path_type=Path),
    default=Path("~/.ssh/id_ed25519"),
    show_default=True,
    help="With --sign: private SSH key of the approver, or the public key of one that ssh-agent holds.",
)
@click.option("--id", "number", default="", help="Id of the attestation.  [default: the next number]")
def attest(
    evidence: str,
    workspace: Path,
    file: Path | None,
    key: Path,
    *,
    listed: bool,
    template: bool,
    signed: str,
    **said: str,
) -> None:
    """Record manual evidence: a document, a statement, or the current state of the item's register.

    The attestation is written to attestations/ with the hash of the file, and counts from the next run on. Nothing is
    copied and no existing file is changed. It is shown as declared until its approver, who is not its owner, has
    signed it with --sign: the signature goes to reviews/, and the file `approvers` says whose key it is. A register
    is the file in registers/ with the name of the template.
    """
    from datetime import UTC, datetime  # noqa: PLC0415 - `--help` must not load what the run needs

    from preuve.pipeline.workspace import attest as work  # noqa: PLC0415

    today = datetime.now(UTC).date()
    _check(evidence, listed=listed, planned=bool(said["plan"]), signed=bool(signed))
    _check_options(click.get_current_context())
    if listed:
        for line in work.list_items(workspace, said["language"], today):
            click.echo(line)
        return
    if said["plan"]:
        for line in work.plan_items(workspace, said["language"], today, said["plan"]):
            click.echo(line)
        return
    if signed:
        _sign(workspace, signed, key, today)
        return
    if not evidence:
        raise UsageError("name an evidence item", "all of them: preuve attest --list")
    if template:
        for line in work.write_template(workspace, evidence, said["language"], today):
            click.echo(line)
        return
    names = ("owner", "conclusion", "approver", "title", "effective", "expires", "statement")
    told = {name: said[name] or "" for name in names}
    for line in work.attest(workspace, evidence, work.AttestationAnswers(**told, file=file, id=said["number"]), today):
        click.echo(line)


def _check(evidence: str, *, listed: bool, planned: bool, signed: bool) -> None:
    """Raise UsageError if an argument would have no effect."""
    if evidence and (listed or planned or signed):
        raise UsageError(
            f"--list, --plan and --sign take no evidence item: {evidence}", "of one item: preuve explain ITEM"
        )
    if sum((listed, planned, signed)) > 1:
        raise UsageError("--list, --plan and --sign are three commands", "give one of them")


_TAKES = {"--list": ("--language",), "--plan": ("--language",), "--template": ("--language",), "--sign": ("--key",)}


def _check_options(context: click.Context) -> None:
    """Raise UsageError if an option would have no effect on this request."""
    given = {
        option.opts[-1]
        for option in context.command.params
        if context.get_parameter_source(option.name or "") is click.core.ParameterSource.COMMANDLINE
        and isinstance(option, click.Option)
    } - {"--workspace"}
    asked = next((name for name in _TAKES if name in given), "")
    own = {option for options in _TAKES.values() for option in options}
    over = given - {asked, *_TAKES[asked]} if asked else given & own
    if over:
        option = sorted(over)[0]
        raise UsageError(f"{option} would be ignored", _WHERE.get(option, "leave it out"))


_WHERE = {
    "--key": "leave it out: it is only for --sign",
    "--language": "leave it out: it is only for --list, --plan or --template",
}


def _sign(workspace: Path, name: str, key: Path, today: date) -> None:
    """Show what the approver signs, ask, and write the signature."""
    from preuve.pipeline.workspace import approve as work  # noqa: PLC0415 - `--help` must not load what the run needs

    asked = work.reviewing(workspace, name, today)
    work.check_key(asked, key)
    for line in asked.shown():
        click.echo(for_log(line))
    confirm(asked.locale("attest.ask", approver=asked.item.approver, private=key), asked.locale)
    click.echo(asked.locale("attest.signed", file=work.approve(asked, key)))
