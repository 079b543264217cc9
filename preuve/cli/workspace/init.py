"""`preuve init`."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from preuve.cli.help import Command
from preuve.cli.language import terminal_language
from preuve.cli.options import Target, asks
from preuve.model.errors import UsageError

if TYPE_CHECKING:
    from preuve.pipeline.workspace.init import Answers, InitResult
    from preuve.publish.words.locale import Locale

_EXAMPLES = """\b
Examples:
  preuve init
  preuve init --ci github
  preuve init audit --organisation TechStart --account 123456789012 --region eu-west-3 --yes
"""


@dataclass(frozen=True, kw_only=True)
class InitRequest:
    """The answers given by options."""

    folder: Path
    organisation: str
    accounts: tuple[str, ...]
    regions: tuple[str, ...]
    frameworks: tuple[str, ...]
    language: str
    owner: str
    ci: tuple[str, ...]
    yes: bool


@click.command(cls=Command, epilog=_EXAMPLES)
@click.argument("folder", type=Target(path_type=Path), default=Path())
@click.option("--organisation", default="", help="Name shown on the reports.  [default: that of the folder]")
@click.option("--account", "accounts", multiple=True, help="AWS account, twelve digits (may be repeated).")
@click.option("--region", "regions", multiple=True, help="AWS region (may be repeated).")
@click.option("--framework", "-f", "frameworks", multiple=True, help="Framework (may be repeated).  [default: all]")
@click.option("--language", default="", help="Of the reports: en, fr, …  [default: that of the terminal, or en]")
@click.option("--owner", default="", help="Who owns preuve.yaml and waivers.yaml, such as @acme/security.")
@click.option("--ci", multiple=True, help="Write pipelines too (may be repeated): github, gitlab.")
@click.option("-y", "--yes", is_flag=True, help="Ask nothing: use the defaults for options that are not given.")
@asks(InitRequest)
def init(asked: InitRequest) -> None:
    """Write a workspace: answer four questions, and the next command gives a result.

    Account and region are found from the AWS credentials in use, Terraform and OpenTofu from the files in FOLDER.
    Existing files are not changed. What you do not know yet stays empty and is shown as TO COMPLETE in the reports.
    """
    from preuve.pipeline.workspace.init import check_new, write_workspace  # noqa: PLC0415 - `--help` must not load what a run needs

    check_new(asked.folder)
    answers = _answers(asked)
    _tell(asked.folder, answers, write_workspace(asked.folder, answers))


Check = Callable[[str], str]
Ask = Callable[[str, str, Check], tuple[str, ...]]  # question, default, check of each value


def _answers(given: InitRequest) -> Answers:
    from preuve.pipeline.workspace import init as work  # noqa: PLC0415
    from preuve.publish.words.locale import load_locale  # noqa: PLC0415

    language = work.language_name(given.language or terminal_language())
    locale = load_locale(language)
    ask = _defaults if given.yes else _asking(locale)
    here = given.folder.resolve().name or "organisation"
    name = given.organisation or " ".join(ask(locale("init.ask_organisation"), here, str.strip))
    account, region = ("", "") if given.accounts and given.regions else work.found_place()
    accounts = given.accounts or ask(locale("init.ask_accounts"), account, work.account_id)
    regions = given.regions or ask(locale("init.ask_regions"), region, work.region_name)
    known = ", ".join(work.frameworks())
    frameworks = given.frameworks or ask(locale("init.ask_frameworks"), known, work.framework_name)
    return work.Answers(
        organisation=name,
        frameworks=_each(frameworks, work.framework_name),
        accounts=_each(accounts, work.account_id),
        regions=_each(regions, work.region_name),
        language=language,
        owner=work.owner_name(given.owner) if given.owner else "",
        ci=_each(given.ci, work.pipeline_name),
        branch=work.found_branch(given.folder) if given.ci else "main",
    )


def _asking(locale: Locale) -> Ask:
    """Ask in a language until the answer is valid."""
    from preuve.publish.words.errors import said, shown  # noqa: PLC0415

    def ask(question: str, default: str, check: Check) -> tuple[str, ...]:
        while True:
            try:
                answer = click.prompt(question, default=default, show_default=bool(default))
            except click.Abort as abort:
                if not sys.stdin.isatty():
                    click.echo()  # shown after the question
                    told = "init asks questions, and nobody can answer here: nothing was written"
                    hint = "give --organisation, --account, --region and --framework, or take the defaults with --yes"
                    raise UsageError(said(told, locale), said(hint, locale)) from abort
                raise click.Abort("\n" + said("Interrupted: nothing was written.", locale)) from abort
            try:
                return _defaults(question, answer, check)
            except UsageError as error:
                click.echo(
                    " ".join(f"({part})" if at else part for at, part in enumerate(shown(error, locale)) if part)
                )

    return ask


def _defaults(_question: str, answer: str, check: Check) -> tuple[str, ...]:
    """Return the values of an answer, separated by commas; the name of an organisation may contain commas."""
    if check is str.strip:
        return (check(answer),)
    return _each((part.strip() for part in answer.split(",") if part.strip()), check)


def _each(values: Iterable[str], check: Check) -> tuple[str, ...]:
    return tuple(dict.fromkeys(check(value) for value in values))


def _tell(folder: Path, answers: Answers, written: InitResult) -> None:
    from preuve.pipeline.workspace.init import chain_is_reached  # noqa: PLC0415
    from preuve.publish.words.locale import load_locale  # noqa: PLC0415

    locale = load_locale(answers.language)
    for key, names in (("init.wrote", written.made), ("init.kept", written.kept)):
        for name in names:
            click.echo(locale(key, file=folder / name))
    for root in written.code:
        click.echo(locale("init.found", kind=root.kind, path=click.format_filename(root.path)))
    for text in written.to_do:
        click.echo(locale("init.to_do", text=text))
    place = "" if folder.resolve() == Path.cwd() else f" --workspace {shlex.quote(str(folder))}"
    ready = (written.code or (answers.accounts and answers.regions)) and chain_is_reached(folder, answers)
    command = f"preuve {'audit' if ready else 'doctor'}{place}"
    click.echo("\n" + locale("init.next", command=command))
