"""The manifests of a bundle: standard tools accept them, and a name that breaks somewhere is refused."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import bagit
import pytest

from preuve.evidence.bag import (
    INFO,
    LONGEST_PATH,
    Payload,
    read_info,
    root_of,
    unsafe,
    write_declaration,
    write_manifest,
    write_tag_manifest,
)
from preuve.model.errors import PreuveError
from preuve.system.manifests import MANIFEST, TAG_MANIFEST, read_manifest

FILES = {"data/08-machine/results.jsonl": b"{}\n", "data/02-reference/a": b"\r\n\x00", "README.html": b"<p>"}


def bag(folder: Path) -> Payload:
    """A whole bag with a few files."""
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    payload = write_manifest(folder)
    size = f"{payload.octets}.{payload.files}"
    write_declaration(folder, [("External-Identifier", "2026-Q4"), ("Purpose", "two\nlines"), ("Payload-Oxum", size)])
    write_tag_manifest(folder)
    return payload


def test_standard_tools_accept_a_bag(tmp_path: Path) -> None:
    bag(tmp_path)
    bagit.Bag(str(tmp_path)).validate()
    command = ["sha256sum", "-c", "--quiet", "--strict", MANIFEST, TAG_MANIFEST]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=60)


def test_every_file_is_named_once(tmp_path: Path) -> None:
    payload = bag(tmp_path)
    data, tags = read_manifest(tmp_path / MANIFEST), read_manifest(tmp_path / TAG_MANIFEST)
    present = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert {*data, *tags, TAG_MANIFEST} == present
    assert not set(data) & set(tags)
    assert payload == Payload(6, 2)
    assert root_of(tmp_path) == hashlib.sha256((tmp_path / TAG_MANIFEST).read_bytes()).hexdigest()


def test_signature_and_timestamp_do_not_change_the_root(tmp_path: Path) -> None:
    bag(tmp_path)
    before = root_of(tmp_path)
    for ending in (".sig", ".tsr"):
        (tmp_path / f"{TAG_MANIFEST}{ending}").write_bytes(b"x")
    assert write_tag_manifest(tmp_path) == before


def test_an_element_is_one_line(tmp_path: Path) -> None:
    bag(tmp_path)
    assert read_info(tmp_path) == {"External-Identifier": "2026-Q4", "Purpose": "two lines", "Payload-Oxum": "6.2"}
    assert len((tmp_path / INFO).read_text().splitlines()) == 3


@pytest.mark.parametrize(
    "name",
    ["data/a:b", "data/a\nb", "data/é", "data/a b", "data/a.", "data/.git", "data/CON", "data/nul.txt", "data/x/../y",
     "data/a\\b", "data/*", "-x", "data/" + "x" * (LONGEST_PATH - 4)],
)  # fmt: skip
def test_a_name_that_fails_on_some_system_is_unsafe(name: str) -> None:
    assert unsafe(name)


@pytest.mark.parametrize("name", ["data/A.8.24.yaml", "README.html", "data/x_1+2-3", "data/com", "data/console.csv"])
def test_other_names_are_safe(name: str) -> None:
    assert unsafe(name) == ""


def test_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "link").symlink_to("/etc/hostname")
    with pytest.raises(PreuveError, match=r"data/link cannot be kept in a bundle: a symbolic link"):
        write_manifest(tmp_path)


def test_names_that_differ_by_case_only_are_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name in ("Policy.yaml", "policy.yaml"):
        (tmp_path / "data" / name).write_text("")
    with pytest.raises(PreuveError, match="case does not count"):
        write_manifest(tmp_path)


@pytest.mark.parametrize(
    "text", ["x  data/a\n", f"{'0' * 64} data/a\n", f"{'0' * 64}  a\n{'1' * 64}  a\n", f"{'A' * 64}  data/a\n"]
)
def test_an_invalid_manifest_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(PreuveError, match="not a line of a manifest"):
        read_manifest(tmp_path / MANIFEST)
