"""`preuve reveal`: the query is on disk before the name is on the screen, and the name is written nowhere else."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from preuve.cli.main import main
from preuve.model.errors import PreuveError, UsageError
from preuve.redact.pseudonyms import Pseudonyms, load_key, table_beside

WORKSPACE = """schema: 1
organisation: {name: Test}
evidence: {pseudonym_key: keys/p.key}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "preuve.yaml").write_text(WORKSPACE, encoding="utf-8")
    return tmp_path


def known(workspace: Path, *names: str) -> list[str]:
    key = workspace / "keys" / "p.key"
    pseudonyms = Pseudonyms(load_key(key))
    found = [pseudonyms.of(name) for name in names]
    pseudonyms.save(table_beside(key))
    return found


def run(workspace: Path, pseudonym: str, reason: str = "sample 12") -> Result:
    return CliRunner().invoke(main, ["reveal", pseudonym, "-w", str(workspace), "--reason", reason])


def log(workspace: Path) -> Path:
    return workspace / "keys" / "p.reveals.jsonl"


def test_the_name_is_printed_and_the_query_logged(workspace: Path) -> None:
    first, second = known(workspace, "agnes.leroy@example.test", "théo")
    assert run(workspace, first).stdout == "agnes.leroy@example.test\n"
    assert run(workspace, second, "sample 13\nforged line").stdout == "théo\n"
    entries = [json.loads(line) for line in log(workspace).read_text(encoding="utf-8").splitlines()]
    assert [(entry["pseudonym"], entry["reason"]) for entry in entries] == [
        (first, "sample 12"),
        (second, "sample 13\nforged line"),
    ]
    assert all(entry["user"] and entry["time"].endswith("Z") for entry in entries)
    assert stat.S_IMODE(log(workspace).stat().st_mode) == 0o600
    assert "leroy" not in log(workspace).read_text(encoding="utf-8")


def test_a_name_that_cannot_be_logged_is_not_revealed(workspace: Path) -> None:
    (pseudonym,) = known(workspace, "agnes")
    log(workspace).mkdir()
    result = run(workspace, pseudonym)
    assert isinstance(result.exception, PreuveError)
    assert "agnes" not in result.output


def test_the_log_is_not_written_through_a_link(workspace: Path) -> None:
    (pseudonym,) = known(workspace, "agnes")
    target = workspace / "elsewhere"
    log(workspace).symlink_to(target)
    assert isinstance(run(workspace, pseudonym).exception, PreuveError)
    assert not target.exists()


def test_an_unknown_pseudonym_and_an_empty_reason_are_refused(workspace: Path) -> None:
    (pseudonym,) = known(workspace, "agnes")
    for result in (run(workspace, "person-nobody"), run(workspace, pseudonym, "  ")):
        assert isinstance(result.exception, UsageError)
        assert result.exception.exit_code == 2
    assert not log(workspace).exists()


def test_without_a_table_the_key_finds_the_matching_candidate(workspace: Path) -> None:
    (jane, *_) = known(workspace, "jane.doe")
    key = workspace / "keys" / "p.key"
    table_beside(key).unlink()
    asked = ["reveal", jane, "-w", str(workspace), "--reason", "sample 12", "--candidates", "-"]
    assert CliRunner().invoke(main, asked, input="joe\n jane.doe \n\n").output == "jane.doe\n"
    assert len(log(workspace).read_text().splitlines()) == 1
    refused = CliRunner().invoke(main, asked, input="joe\n")
    assert isinstance(refused.exception, UsageError) and "nor one of the names given: 1" in str(refused.exception)
    assert "--candidates" not in refused.exception.hint
    key.unlink()
    assert "there is no pseudonym key" in str(CliRunner().invoke(main, asked, input="jane.doe\n").exception)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_names_are_read_as_a_spreadsheet_saves_them_or_refused_in_words(workspace: Path, encoding: str) -> None:
    (theo, *_) = known(workspace, "Théo Martin")
    table_beside(workspace / "keys" / "p.key").unlink()
    asked = ["reveal", theo, "-w", str(workspace), "--reason", "sample 12", "--candidates", "-"]
    result = CliRunner().invoke(main, asked, input="Théo Martin\r\nNoor Benali\r\n".encode(encoding))
    if encoding == "windows-1252":
        assert isinstance(result.exception, UsageError) and "not in UTF-8" in str(result.exception)
    else:
        assert result.output == "Théo Martin\n"


def test_a_pseudonym_of_a_pseudonym_reveals_the_name(workspace: Path) -> None:
    (inner,) = known(workspace, "agnes")
    (outer,) = known(workspace, inner)
    assert run(workspace, outer).stdout == "agnes\n"


def test_a_name_cannot_steer_the_terminal(workspace: Path) -> None:
    (pseudonym,) = known(workspace, "a\x1b]0;owned\x07\nb\u202e")
    assert run(workspace, pseudonym).stdout.strip().isprintable()
