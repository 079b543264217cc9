"""A workspace that is named must be there, whatever the command; without one, people read their terminal's language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from preuve.cli.language import language_of
from preuve.cli.main import main
from preuve.model.errors import UsageError


def of_group(group: click.Group, *above: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from of_group(command, *above, name)
        else:
            yield (*above, name), command


_OF_A_WORKSPACE = [
    (name, command)
    for name, command in of_group(main)
    if any("--workspace" in option.opts for option in command.params)
]


def test_nearly_every_command_can_be_given_a_workspace() -> None:
    assert len(_OF_A_WORKSPACE) >= 18


@pytest.mark.parametrize(("name", "command"), _OF_A_WORKSPACE)
@pytest.mark.parametrize("folder", ["nowhere", "empty", "loop", "a" * 300])
def test_no_command_takes_a_folder_that_is_named_and_is_no_workspace(
    tmp_path: Path, name: tuple[str, ...], command: click.Command, folder: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    needed = [param for param in command.params if param.required]
    words = [word for param in needed for word in (*param.opts[:1] * isinstance(param, click.Option), str(tmp_path))]
    result = said(*name, *words, "-w", str(tmp_path / folder))
    assert isinstance(result.exception, UsageError), result.output
    assert str(result.exception) == f"there is no preuve.yaml in {tmp_path / folder}"


@pytest.mark.parametrize(
    "words",
    [
        ("lint",),
        ("doctor",),
        ("explain", "A.8.24"),
        ("permissions",),
        ("permissions", "--for", "github"),
        ("attest", "--list"),
        ("report", "--month", "2026-10"),
        ("scan", "iac"),
    ],
)
def test_no_command_takes_a_preuve_yaml_that_cannot_be_read_for_none(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "preuve.yaml").symlink_to("../absent.yaml")
    result = said(*words, "-w", str(tmp_path))
    assert "preuve.yaml: is not a file" in f"{result.output}{result.exception}"


@pytest.mark.parametrize(
    "words",
    [
        ("lint",),
        ("test",),
        ("audit",),
        ("attest", "--list"),
        ("fill", "contractors", "c.csv"),
        ("report", "--month", "2026-10"),
        ("init", "--yes"),
        ("dispute", "x"),
    ],
)
def test_a_command_in_a_part_of_a_workspace_names_the_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    (tmp_path / "preuve.yaml").write_text("schema: 1\norganisation: {name: A, country: FR}\n")
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "c.csv").touch()
    monkeypatch.chdir(tmp_path / "infra")
    result = said(*words)
    assert isinstance(result.exception, UsageError), result.output
    assert str(result.exception) == f"{tmp_path / 'infra'} is a part of the workspace {tmp_path}"
    assert [path.name for path in (tmp_path / "infra").iterdir()] == ["c.csv"]
    assert f"{tmp_path / 'infra'} is a part of the workspace {tmp_path}" in said("doctor").output


def test_a_folder_in_another_repository_is_no_part_of_the_workspace_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "preuve.yaml").touch()
    (tmp_path / "sub" / ".git").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "sub")
    assert str(said("attest", "--list").exception) == f"there is no preuve.yaml in {tmp_path / 'sub'}"


def test_lint_without_a_workspace_says_what_it_checked_in_the_language_of_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    result = said("lint", "--coverage")
    assert result.exit_code == 0
    assert result.output.startswith(
        "Aucun preuve.yaml ici\N{NO-BREAK SPACE}: seul le contenu livré avec preuve a été vérifié."
    )
    assert "automatisé en partie" in result.output
    assert not re.search(r"\b(?:full|partial|manual|supporting)\b", result.output)


def said(*words: str) -> Result:
    return CliRunner().invoke(main, words)


@pytest.mark.parametrize("text", ["", "a: [", "\0"])
def test_a_preuve_yaml_that_says_no_language_is_told_in_that_of_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    (tmp_path / "preuve.yaml").write_text(text)
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert language_of(tmp_path) == "fr"
    (tmp_path / "preuve.yaml").write_text("organisation: {language: en}\n" + text)
    assert language_of(tmp_path) == "en"


@pytest.mark.parametrize("words", [("explain", "A.8.24"), ("fill", "--list"), ("fill", "--show", "okta-users")])
def test_without_a_workspace_texts_are_in_the_language_of_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    english = said(*words).output
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert said(*words).output != english
