"""An option that would be passed over is refused, and what it needs is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from preuve.cli.main import main
from preuve.cli.options import Fleet, fleet_choice
from preuve.model.errors import UsageError


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ci", ".", "--judge", "head"), "--judge head needs a commit"),
        (("permissions", "--branch", "trunk"), "--branch is for jobs of a pipeline"),
        (("permissions", "--for", "github", "--branch", "main"), "a token has no role"),
        (
            ("permissions", "--format", "terraform", "--github", "a/b", "--environment", "audit", "--branch", "main"),
            "jobs of an environment run on any",
        ),
        (("permissions", "--as", "stackset", "--github", "a/b"), "--as prints the role"),
        (("permissions", "--as", "terraform", "--for", "publish"), "--as prints the role"),
        (("permissions", "--as", "terraform", "--format", "json"), "--as prints the role"),
        (("attest", "GOV-03", "--list"), "--list, --plan and --sign take no evidence item: GOV-03"),
        (("attest", "--list", "--plan", "2"), "--list, --plan and --sign are three commands"),
        (("attest", "--list", "--sign", "ATT-1"), "--list, --plan and --sign are three commands"),
        (("attest", "--list", "--title", "x"), "--title would be ignored"),
        (("attest", "--plan", "--owner", "x"), "--owner would be ignored"),
        (("attest", "--sign", "ATT-1", "--language", "fr"), "--language would be ignored"),
        (("attest", "GOV-10", "--template", "--owner", "z"), "--owner would be ignored"),
        (("attest", "GOV-10", "--key", "k", "--owner", "z"), "--key would be ignored"),
        (("audit", "--no-seal", "--signing-key", "k"), "--no-seal leaves the signature to preuve seal"),
    ],
)
def test_an_option_that_would_be_ignored_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    error = CliRunner().invoke(main, words).exception
    assert isinstance(error, UsageError) and str(error).startswith(said)


@pytest.mark.parametrize(
    ("given", "option"),
    [
        ({"workers": 2}, "--workers"),
        ({"engine": "dask"}, "--engine"),
        ({"scheduler": "tls://x:1", "shared": "s"}, "--scheduler"),
        ({"shared": "s"}, "--shared"),
        ({"tls_ca": "a", "tls_cert": "b", "tls_key": "c"}, "--tls-ca"),
    ],
)
def test_how_accounts_are_read_is_refused_where_parts_are_judged(given: dict[str, Any], option: str) -> None:
    words = dict.fromkeys(("parts", "scheduler", "shared", "tls_ca", "tls_cert", "tls_key"), "")
    asked = Fleet(**{**words, "parts_max_age": 24.0, "workers": None, "engine": "processes", **given})
    fleet_choice(asked)
    with pytest.raises(UsageError) as refused:
        fleet_choice(replace(asked, parts="p"))
    assert str(refused.value).startswith(f"{option} is for reading accounts")


def _commands(group: click.Group, *words: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name in group.list_commands(click.Context(group)):
        found = group.get_command(click.Context(group), name)
        assert found is not None
        if isinstance(found, click.Group):
            yield from _commands(found, *words, name)
        else:
            yield (*words, name), found


@pytest.mark.parametrize("empty", ["", " "])
def test_an_option_without_a_value_is_refused_by_each_command(empty: str) -> None:
    asked = 0
    for words, command in _commands(main):
        for option in command.params:
            if isinstance(option, click.Option) and not option.is_flag and not option.count:
                error = CliRunner().invoke(main, [*words, option.opts[-1], *[empty] * option.nargs]).exception
                assert isinstance(error, UsageError), (words, option.opts)
                assert (str(error), error.exit_code) == (f"{option.opts[-1]} is empty", 2)
                asked += 1
    assert asked > 50
