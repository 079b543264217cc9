"""The `preuve` command. Commands load when they are run, so that `--help` stays instant."""

from __future__ import annotations

import codecs
import gc
import importlib
import io
import os
import sys
from typing import NoReturn

import click
from click.shell_completion import CompletionItem

from preuve import __version__
from preuve.cli.faults import show_error, show_stop, show_usage
from preuve.cli.help import Group, completed
from preuve.cli.stop import StopRequest, end, stoppable
from preuve.model.company.run_secrets import OF_RUN
from preuve.model.errors import Exit, PreuveError

_COMMANDS = {
    "init": ("workspace.init:init", "Write a workspace: answer four questions, and the next command gives a result."),
    "doctor": ("workspace.doctor:doctor", "Say before audit day what would fail."),
    "lint": ("content.check:lint", "Check the workspace and what it adds, or else the bundled content."),
    "test": ("content.check:test", "Run the examples of the policies."),
    "scan": ("run.scan:scan", "Examine the account (aws) or the code (iac) and gate on the findings."),
    "ci": ("push.ci:ci", "Examine the code of a push; fail on new problems only."),
    "dispute": ("push.dispute:dispute", "Write a draft to dispute a failure, with the values that decided it."),
    "waiver": ("workspace.waiver:waiver", "Approve an accepted risk with your SSH key."),
    "audit": ("run.audit:audit", "Examine everything and write a browsable evidence folder."),
    "collect": ("run.collect:collect", "Read one account of many into a part."),
    "assess": ("run.audit:assess", "Judge a bundle's snapshot again: the result must be the same bytes."),
    "verify": ("bundle.verify:verify", "Check that an evidence bundle is unchanged since it was closed."),
    "seal": ("bundle.verify:seal", "Seal a bundle that an audit left unsealed, or add a timestamp."),
    "diff": ("bundle.diff:diff", "List what changed between two evidence bundles."),
    "publish": ("bundle.keep:publish", "Store a closed bundle in S3 under Object Lock."),
    "export": ("bundle.keep:export", "Write a closed bundle into one zip, or its results for another tool."),
    "notify": ("bundle.notify:notify", "Send a result to Jira, Slack or a mail file."),
    "accounts": ("run.accounts:accounts", "Print the accounts that an audit would read now."),
    "permissions": ("workspace.permissions:permissions", "Print an IAM policy with exactly the calls needed."),
    "explain": (
        "content.explain:explain",
        "Explain a policy, a control, an article of the GDPR or an item of manual evidence.",
    ),
    "attest": ("workspace.attest:attest", "Record manual evidence, or list what is missing and stale."),
    "fill": ("workspace.fill:fill", "Fill a register from the file of another tool."),
    "report": ("workspace.report:report", "Write the management committee dashboard of a month."),
    "forget": ("bundle.forget:forget", "Delete raw responses whose retention has ended."),
    "reveal": ("bundle.reveal:reveal", "Tell who a pseudonym stands for, and log the query."),
}

# Content and API models are a million lasting objects: searching them for cycles takes a quarter of a run.
_GARBAGE = (50_000, 20, 100)
# Dozens of threads wait for answers, and each wakes up this often to ask for its turn: at Python's 5 ms a tenth of what
# reading an account costs went into that.
_TURN = 0.02  # seconds


class LazyGroup(Group):
    """A group whose commands are imported when they are run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which they are used."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, imported now."""
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(importlib.import_module(f"preuve.cli.{module}"), name)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Return completions of a word: commands, without importing any, and options."""
        commands = [(name, text) for name, (_, text) in _COMMANDS.items() if name.startswith(incomplete)]
        items = [CompletionItem(name, help=text) for name, text in commands]
        return completed([*items, *click.Command.shell_complete(self, ctx, incomplete)])

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 nothing at or above the gate, 1 the program failed, 2 bad arguments or content, "
    "3 nothing was examined, 10 findings at or above the gate, 11 something in scope could not be read.",
)
@click.version_option(__version__, prog_name="preuve")
def main() -> None:
    """Policies as code for AWS, GitHub and infrastructure as code: evidence for and against each control and article.

    \b
    preuve init            start a workspace
    preuve audit           examine everything, write the evidence folder
    preuve explain A.8.24  what supports a control
    """


def entry() -> NoReturn:
    """Run the command line; the one place where an error or a signal becomes an exit code."""
    OF_RUN.learn_environment(os.environ)
    _write_all()
    gc.set_threshold(*_GARBAGE)
    sys.setswitchinterval(_TURN)
    try:
        with stoppable():
            code = _run()
    except StopRequest as stopped:
        click.echo(err=True)
        show_stop(f"Stopped by {stopped.name}: nothing unfinished is left.")
        end(stopped)
    gc.freeze()  # all of it goes with the process: searching it for cycles first takes a tenth of `preuve lint`
    sys.exit(code)


def _write_all() -> None:
    """Let standard output take every text, as standard error does: a locale without → must not end a command."""
    if isinstance(sys.stdout, io.TextIOWrapper) and codecs.lookup(sys.stdout.encoding).name != "utf-8":
        sys.stdout.reconfigure(errors="backslashreplace")


def _run() -> int:
    try:
        code: int = main(standalone_mode=False) or Exit.OK  # click hands an Exit's code back
    except click.ClickException as error:
        show_usage(error)
        code = Exit.INVALID
    except click.Abort as abort:  # no answer to a question
        show_stop(str(abort) or "Interrupted: nothing was written.")
        code = Exit.FAILED
    except PreuveError as error:
        show_error(error)
        code = error.exit_code
    except UnicodeEncodeError as error:  # a path: what is printed has another way
        if error.encoding == "utf-8":
            raise
        text = error.object.encode("ascii", "backslashreplace").decode()
        message = f"the locale of this terminal ({error.encoding}) cannot write {text}"
        show_error(PreuveError(message, "use one of UTF-8, such as LC_ALL=C.UTF-8"))
        code = Exit.FAILED
    except OSError as error:  # not about the command: a closed folder, a full disk
        from preuve.system.causes import cause, to_do  # noqa: PLC0415 - `--help` must not load what a fault needs

        named = f"{error.filename}: " if error.filename else ""
        hint = to_do(error, "check the path, the disk and its rights, and try again")
        show_error(PreuveError(f"{named}{cause(error)}", hint))
        code = Exit.FAILED
    return code


if __name__ == "__main__":
    entry()
