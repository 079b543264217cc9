"""Who owns a file, as GitHub and GitLab read CODEOWNERS."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from preuve.pipeline.push.code_owners import in_force, owns
from preuve.pipeline.push.git import Repository


@pytest.mark.parametrize(
    ("text", "name", "owned"),
    [
        ("/preuve.yaml @a", "preuve.yaml", True),
        ("/other/preuve.yaml @a", "preuve.yaml", False),
        ("preuve.yaml @a", "shop/preuve.yaml", True),
        ("/preuve.yaml @a", "shop/preuve.yaml", False),
        ("* @a", "shop/preuve.yaml", True),
        ("* @a\n/preuve.yaml", "preuve.yaml", False),
        ("/preuve.yaml\n* @a", "preuve.yaml", True),
        ("/shop/ @a", "shop/preuve.yaml", True),
        ("/shop @a", "shop/preuve.yaml", True),
        ("shop/* @a", "shop/preuve.yaml", True),
        ("shop/* @a", "shop/registers/a.csv", False),
        ("**/*.yaml @a", "preuve.yaml", True),
        ("/shop/**/a.csv @a", "shop/registers/a.csv", True),
        ("# /preuve.yaml @a", "preuve.yaml", False),
        ("/preuve.yaml # @a", "preuve.yaml", False),
        ("[Security] @a\n/preuve.yaml", "preuve.yaml", True),
        ("/preuve.yaml @a\n[Docs]\n/preuve.yaml", "preuve.yaml", True),
        ("^[Docs][2]\n/preuve.yaml", "preuve.yaml", False),
        ("*.md @a\npreuve.yamlx @a", "preuve.yaml", False),
    ],
)
def test_the_last_line_that_fits_names_the_owner(tmp_path: Path, text: str, name: str, owned: bool) -> None:
    (tmp_path / "CODEOWNERS").write_text(text, encoding="utf-8")
    assert owns(tmp_path / "CODEOWNERS", name) is owned


@pytest.mark.parametrize(
    ("remote", "there", "read"),
    [
        ("git@github.com:acme/shop.git", ["CODEOWNERS", ".github/CODEOWNERS"], [".github/CODEOWNERS"]),
        ("git@github.com:acme/shop.git", [".gitlab/CODEOWNERS"], []),
        ("https://gitlab.acme.example/shop.git", [".gitlab/CODEOWNERS"], [".gitlab/CODEOWNERS"]),
        ("https://gitlab.acme.example/shop.git", ["CODEOWNERS", ".gitlab/CODEOWNERS"], ["CODEOWNERS"]),
        ("ssh://git.acme.example/shop", ["CODEOWNERS", ".github/CODEOWNERS"], [".github/CODEOWNERS", "CODEOWNERS"]),
    ],
)
def test_a_forge_reads_the_first_file_that_is_there(
    tmp_path: Path, remote: str, there: list[str], read: list[str]
) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    subprocess.run(["git", "-C", str(tmp_path), "remote", "add", "origin", remote], check=True)
    for name in there:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    repository = Repository.around(tmp_path)
    assert repository is not None
    assert [path.relative_to(repository.top).as_posix() for path in in_force(repository)] == read
