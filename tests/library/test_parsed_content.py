"""Bundled content in parsed form: the same library, and the same data as in the YAML."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from preuve.library.load import load_library
from preuve.library.parsed_content import NAME, ParsedContent, PositionRecorder
from preuve.library.yaml.documents import Document
from preuve.library.yaml.place import content_root
from preuve.model.errors import Problem

FILE = "policies/s3/s3-encrypted.yaml"


def test_the_library_equals_the_one_from_yaml() -> None:
    assert load_library(validate=False) == load_library(root=content_root(), validate=False)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of some policies with the file."""
    shutil.copytree(content_root() / "policies" / "s3", tmp_path / "policies" / "s3")
    (tmp_path / "controls").mkdir()
    shutil.copy(content_root() / NAME, tmp_path / NAME)
    return tmp_path


def test_a_changed_file_is_read_from_its_yaml(copied: Path) -> None:
    path = copied / FILE
    assert ParsedContent(copied).known(path, FILE) is not None

    path.write_text(path.read_text("utf-8").replace("severity: medium", "severity: low"), "utf-8")
    assert ParsedContent(copied).known(path, FILE) is None
    assert ParsedContent(copied)(path, FILE).data["severity"] == "low"


def test_every_document_has_its_line() -> None:
    names = [json.loads(line)[0] for line in (content_root() / NAME).read_text("utf-8").splitlines()]
    content = content_root()
    written = {path.relative_to(content).as_posix() for path in (content / "policies").glob("*/*.yaml")}
    assert written <= set(names)


def test_the_digest_of_the_file_selects_among_lines_of_two_branches(copied: Path) -> None:
    path = copied / FILE
    ours, before = path.read_text("utf-8"), (copied / NAME).read_text("utf-8")
    path.write_text(ours.replace("severity: medium", "severity: low"), "utf-8")
    (copied / NAME).write_text(before + noted(copied), "utf-8")
    assert document(copied).data["severity"] == "low"
    path.write_text(ours, "utf-8")
    assert document(copied).data["severity"] == "medium"


def test_lint_requires_the_line_of_a_document_but_accepts_merged_ones(copied: Path) -> None:
    """A merged document is read from its YAML until its line is written again, and stops nobody."""
    path, before = copied / FILE, (copied / NAME).read_text("utf-8")
    path.write_text(path.read_text("utf-8") + "# ours\n", "utf-8")
    ours = noted(copied)
    path.write_text(path.read_text("utf-8") + "# and theirs\n", "utf-8")
    assert [str(item).split(" (")[0] for item in problems(copied)] == [f"{NAME}: it does not say what {FILE} holds"]
    (copied / NAME).write_text(before + ours, "utf-8")
    assert problems(copied) == []


def document(root: Path) -> Document:
    found = ParsedContent(root).known(root / FILE, FILE)
    assert found is not None
    return found


def noting(root: Path) -> PositionRecorder:
    opened = PositionRecorder()
    opened(root / FILE, FILE).position()
    return opened


def noted(root: Path) -> str:
    """The line of the document as it is now."""
    other = root / "other"
    (other / "controls").mkdir(parents=True, exist_ok=True)
    return noting(root).write(other).read_text("utf-8")


def problems(root: Path) -> list[Problem]:
    return list(noting(root).problems(root))
