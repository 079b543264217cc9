"""A full disk is told as one, whatever was to be written."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from preuve.model.errors import Exit, PreuveError
from preuve.pipeline.workspace import approve, attest
from preuve.system.causes import to_do


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_only_room_helps_a_full_disk(number: int) -> None:
    assert "free some space" in to_do(OSError(number, ""), "check who owns the folder")
    assert to_do(OSError(errno.EACCES, ""), "check who owns the folder") == "check who owns the folder"


@pytest.mark.parametrize("command", ["attest", "approve"])
def test_commands_that_write_into_a_workspace_say_so_with_one_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "")

    monkeypatch.setattr(attest, "write_new", full)
    monkeypatch.setattr(approve, "whole", full)
    with pytest.raises(PreuveError) as caught:
        attest._write_new(tmp_path / "a", b"") if command == "attest" else approve._written(tmp_path / "a", b"")
    assert caught.value.exit_code == Exit.FAILED and "free some space" in caught.value.hint
