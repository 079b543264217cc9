"""Bundled content as it parsed: the same library, and no other data than what the YAML says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from preuve.library.load import load_library
from preuve.library.parsed import NAME, Parsed
from preuve.library.yaml.place import content_root


def test_the_library_is_the_same_as_from_yaml() -> None:
    assert load_library(validate=False) == load_library(root=content_root(), validate=False)


def test_a_file_that_has_changed_since_is_read_from_its_yaml(tmp_path: Path) -> None:
    shutil.copytree(content_root() / "policies" / "s3", tmp_path / "policies" / "s3")
    (tmp_path / "controls").mkdir()
    shutil.copy(content_root() / NAME, tmp_path / NAME)
    name = "policies/s3/s3-encrypted.yaml"
    path = tmp_path / name
    assert Parsed(tmp_path).known(path, name) is not None

    path.write_text(path.read_text("utf-8").replace("severity: medium", "severity: low"), "utf-8")
    assert Parsed(tmp_path).known(path, name) is None
    assert Parsed(tmp_path)(path, name).data["severity"] == "low"


def test_every_document_has_its_line() -> None:
    names = [json.loads(line)[0] for line in (content_root() / NAME).read_text("utf-8").splitlines()]
    content = content_root()
    written = {path.relative_to(content).as_posix() for path in (content / "policies").glob("*/*.yaml")}
    assert written <= set(names)
    assert len(names) == len(set(names))
