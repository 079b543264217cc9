"""What a command writes never lands in a closed bundle, which would not verify any more."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cli.test_workspace_option import of_group
from content_copy import bundled
from preuve.cli.main import main
from preuve.cli.options import Target
from preuve.library.company.workspace import load_workspace
from preuve.model.errors import UsageError
from preuve.pipeline.fleet.places import place_of

COMMANDS = list(of_group(main))
_READ = {"fill file", "audit --signing-key", "seal --signing-key", "waiver approve --key", "attest --key"}
WRITTEN = [
    (*name, param.opts[-1]) for name, command in COMMANDS for param in command.params if isinstance(param.type, Target)
]


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "2026-Q4"
    (folder / "data").mkdir(parents=True)
    (folder / "bagit.txt").touch()
    (tmp_path / "link").symlink_to(folder / "data")
    return folder


def test_a_path_that_need_not_exist_is_a_target_or_only_read() -> None:
    others = {
        " ".join((*name, param.opts[-1]))
        for name, command in COMMANDS
        for param in command.params
        if isinstance(param.type, click.Path) and not isinstance(param.type, Target)
        if not param.type.exists and "--workspace" not in param.opts
    }
    assert others == _READ
    assert len(WRITTEN) >= 16


@pytest.mark.parametrize("words", WRITTEN, ids=" ".join)
@pytest.mark.parametrize("place", ["2026-Q4/x.zip", "2026-Q4/data/new/deep", "link/x"])
def test_no_target_is_inside_a_bundle(bundle: Path, words: tuple[str, ...], place: str) -> None:
    command = next(command for name, command in COMMANDS if name == words[:-1])
    param = next(param for param in command.params if words[-1] in param.opts)
    with pytest.raises(UsageError, match="is inside the closed bundle"):
        param.type.convert(str(bundle.parent / place), param, None)


@pytest.mark.parametrize("words", [("audit", "--output"), ("scan", "aws", "--output"), ("report", "--out")])
@pytest.mark.parametrize("name", ["/dev/null", "a-file"])
def test_a_file_where_a_folder_must_be_is_a_mistake_of_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a-file").touch()
    result = CliRunner().invoke(main, [*words, name])
    assert isinstance(result.exception, UsageError) and str(result.exception) == f"{name} is not a folder"


@pytest.mark.parametrize(
    "words", [("export", "{bundle}", "{bundle}/x.zip"), ("collect", "--account", "1" * 12, "--out", "{bundle}/parts")]
)
def test_a_command_ends_before_it_writes_into_a_bundle(bundle: Path, words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, [word.format(bundle=bundle) for word in words])
    assert isinstance(result.exception, UsageError), result.output
    assert sorted(path.name for path in bundle.iterdir()) == ["bagit.txt", "data"]


@pytest.mark.parametrize("address", ["S3://bucket/parts", "file:///tmp/parts", "https://bucket/parts"])
def test_an_address_that_is_none_of_s3_is_no_folder(tmp_path: Path, address: str) -> None:
    text = "schema: 1\norganisation: {name: A}\nscope: {accounts: [{id: '123456789012'}], regions: [eu-west-3]}\n"
    (tmp_path / "preuve.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="is not a place in S3"):
        place_of(address, load_workspace(tmp_path, bundled()), new=True)
