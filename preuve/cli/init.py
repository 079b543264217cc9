"""`preuve init`."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from preuve.model.errors import UsageError

if TYPE_CHECKING:
    from preuve.pipeline.init import Answers, Written

_EXAMPLES = """\b
Examples:
  preuve init
  preuve init audit --organisation TechStart --account 123456789012 --region eu-west-3 --yes
"""


@click.command(epilog=_EXAMPLES)
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@click.option("--organisation", default="", help="Name shown on the reports.  [default: that of the folder]")
@click.option("--account", "accounts", multiple=True, help="AWS account, twelve digits (may be repeated).")
@click.option("--region", "regions", multiple=True, help="AWS region (may be repeated).")
@click.option("--framework", "-f", "frameworks", multiple=True, help="Framework (may be repeated).  [default: all]")
@click.option("--language", type=click.Choice(["en", "fr"]), help="Of the reports.  [default: that of the terminal]")
@click.option("--owner", default="", help="Who owns preuve.yaml and waivers.yaml, such as @acme/security.")
@click.option("-y", "--yes", is_flag=True, help="Ask nothing: take the defaults for what is not given.")
def init(
    folder: Path,
    organisation: str,
    accounts: tuple[str, ...],
    regions: tuple[str, ...],
    frameworks: tuple[str, ...],
    language: str | None,
    owner: str,
    *,
    yes: bool,
) -> None:
    """Write a workspace: three questions, and the next command gives a result.

    Account and region are found from the AWS credentials in use, Terraform from the .tf files in FOLDER. Files that
    exist are left as they are. What you do not know yet stays empty and is TO COMPLETE in the reports.
    """
    from preuve.pipeline import init as work  # noqa: PLC0415 - `--help` must not load what only the run needs

    work.check_new(folder)
    ask = _nothing if yes else _ask
    name = organisation or ask("1. Organisation", folder.resolve().name or "organisation", (str,))[0]
    accounts, regions = _place(accounts, regions, ask)
    known = work.frameworks()
    frameworks = frameworks or ask("3. Frameworks", ", ".join(known), (work.framework_name,))
    answers = work.Answers(
        organisation=name,
        frameworks=_each(frameworks, work.framework_name),
        accounts=_each(accounts, work.account_id),
        regions=_each(regions, work.region_name),
        language=language or _terminal_language(),
        owner=work.owner_name(owner) if owner else "",
    )
    _tell(folder, answers, work.write_workspace(folder, answers))


Check = Callable[[str], str]
Ask = Callable[[str, str, tuple[Check, ...]], tuple[str, ...]]


def _place(accounts: tuple[str, ...], regions: tuple[str, ...], ask: Ask) -> tuple[tuple[str, ...], tuple[str, ...]]:
    from preuve.pipeline import init as work  # noqa: PLC0415

    if accounts and regions:
        return accounts, regions
    from preuve.collect.aws.current import current  # noqa: PLC0415

    found = current()
    accounts = accounts or ask("2. AWS accounts (twelve digits each, or nothing)", found.account, (work.account_id,))
    regions = regions or ask("   Regions to examine (or nothing)", found.region, (work.region_name,))
    return accounts, regions


def _ask(question: str, default: str, checks: tuple[Check, ...]) -> tuple[str, ...]:
    """Ask until the answer checks; several values are separated by commas. A name (`str`) is one value."""

    def read(answer: str) -> tuple[str, ...]:
        try:
            return _values(answer, checks[0])
        except UsageError as error:
            raise click.BadParameter(f"{error}{f' ({error.hint})' if error.hint else ''}") from error

    answer: tuple[str, ...] = click.prompt(question, default=default, value_proc=read, show_default=bool(default))
    return answer


def _nothing(question: str, default: str, checks: tuple[Check, ...]) -> tuple[str, ...]:
    return _values(default, checks[0])


def _values(answer: str, check: Check) -> tuple[str, ...]:
    if check is str:
        return (answer.strip(),)
    return _each((part.strip() for part in answer.split(",") if part.strip()), check)


def _each(values: object, check: Check) -> tuple[str, ...]:
    return tuple(dict.fromkeys(check(value) for value in values))  # type: ignore[attr-defined]


def _terminal_language() -> str:
    named = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "fr" if named.lower().startswith("fr") else "en"


def _tell(folder: Path, answers: Answers, written: Written) -> None:
    for verb, names in (("wrote", written.made), ("kept", written.kept)):
        for name in names:
            click.echo(f"{verb}  {folder / name}")
    for path in written.code:
        click.echo(f"found  Terraform in {click.format_filename(path)}")
    for text in written.to_do:
        click.echo(f"to do  {text}")
    place = "" if folder.resolve() == Path.cwd() else f" --workspace {shlex.quote(str(folder))}"
    ready = written.code or (answers.accounts and answers.regions)
    click.echo(f"\nNext: preuve {'audit' if ready else 'doctor'}{place}")
