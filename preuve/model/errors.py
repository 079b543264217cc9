"""The one root exception, and the exit code that each kind of error becomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from preuve.model.company.run_secrets import OF_RUN

QUOTED = "\ufffc"  # placeholder in a message for the output of another program, which is never translated


class Exit(IntEnum):
    """The exit code of the process; the lowest code that applies wins (documented in docs/commands.md)."""

    OK = 0
    FAILED = 1
    INVALID = 2
    NOTHING_EXAMINED = 3
    FINDINGS = 10
    INCOMPLETE = 11


class PreuveError(Exception):
    """Root of every error that preuve raises on purpose; the message says what happened and `hint` what to do next.

    What another program said is `quoted`, and QUOTED stands for it in the message and so in `template`. None of them
    holds a secret of the run.
    """

    exit_code = Exit.FAILED

    def __init__(self, message: str, hint: str = "", *, quoted: str = "") -> None:
        self.template, self.hint, self.quoted = map(OF_RUN.hidden, (message, hint, quoted))
        super().__init__(self.template.replace(QUOTED, self.quoted))


class UsageError(PreuveError):
    """The arguments or the workspace do not allow what was asked."""

    exit_code = Exit.INVALID


class NothingExaminedError(PreuveError):
    """Nothing in scope could be read, so that there is nothing to keep."""

    exit_code = Exit.NOTHING_EXAMINED


class AlteredError(PreuveError):
    """A bundle was changed after it was closed: nothing in it is evidence."""

    exit_code = Exit.FINDINGS


class UnfitError(ValueError):
    """Data has not the form that its reader accepts; the message is preuve's, and is shown."""


@dataclass(frozen=True, order=True)
class Position:
    """A place in a content file; line and column start at 1, 0 means the whole file."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with content: the place, the defect, and what would be right."""

    position: Position
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.position}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class ContentError(PreuveError):
    """Content that cannot be used; carries every problem found, so that one run reports them all."""

    exit_code = Exit.INVALID

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def raise_for(problems: Sequence[Problem]) -> None:
    """Raise ContentError if there is a problem."""
    if problems:
        raise ContentError(problems)
