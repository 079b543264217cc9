"""What stays of long work on a terminal."""

from __future__ import annotations

import io
import re

import pytest

from preuve.cli.options import progress_display


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_an_account_that_is_not_judged_stays_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with progress_display() as show:
        show("account 111122223333 is NOT judged", 0, 0)
        show("s3 eu-west-3", 1, 2)
        show("s3 eu-west-1", 2, 2)
    said = re.sub(r"\x1b\[[?0-9;]*[a-zA-Z]|\r", "", terminal.getvalue())
    assert said.startswith("account 111122223333 is NOT judged\n")
