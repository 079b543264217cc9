"""Content is found in a checkout, in an editable install and in a wheel alike."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import hatchling.build
import pytest

ROOT = Path(__file__).resolve().parent.parent
PROBE = """
import json, sys
sys.path[:0] = json.loads(sys.argv[1])
from preuve.library.yaml.place import content_root
from preuve.library.load import load_library
from preuve.library.yaml.place import languages
library = load_library()
print(json.dumps([str(content_root()), len(library.policies), len(library.frameworks), list(languages())]))
"""


def probe(paths: list[Path], folder: Path) -> tuple[Path, list[object]]:
    """Return where a fresh interpreter in another folder finds the content, and how much of it."""
    arguments = [sys.executable, "-I", "-c", PROBE, json.dumps([str(path) for path in paths])]
    output = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=True).stdout
    found, *counts = json.loads(output)
    return Path(found), counts


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    """The content of a checkout."""
    root, counts = probe([ROOT], tmp_path_factory.mktemp("elsewhere"))
    assert root == ROOT
    return counts


def build(hook: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Build a wheel with one of the backend's hooks and unpack it."""
    monkeypatch.chdir(ROOT)
    wheel = getattr(hatchling.build, hook)(str(folder))
    installed = folder / "installed"
    with zipfile.ZipFile(folder / wheel) as archive:
        archive.extractall(installed)
    return installed


def test_wheel_carries_its_content(tmp_path: Path, checkout: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    installed = build("build_wheel", tmp_path, monkeypatch)
    root, counts = probe([installed], tmp_path)
    assert root == installed / "preuve" / "_bundled"
    assert counts == checkout


def test_wheel_holds_only_one_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = build("build_wheel", tmp_path, monkeypatch)
    names = {path.name for path in installed.iterdir() if not path.name.endswith(".dist-info")}
    assert names == {"preuve"}


def test_editable_install_reads_the_checkout(
    tmp_path: Path, checkout: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = build("build_editable", tmp_path, monkeypatch)
    linked = [Path(line) for path in installed.glob("*.pth") for line in path.read_text().splitlines()]
    assert ROOT in linked
    root, counts = probe(linked, tmp_path)
    assert root == ROOT
    assert counts == checkout


def test_the_same_tree_gives_the_same_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795773919")
    monkeypatch.chdir(ROOT)
    folders = [tmp_path / name for name in ("one", "other")]
    wheels = [folder / hatchling.build.build_wheel(str(folder)) for folder in folders if not folder.mkdir()]
    assert wheels[0].read_bytes() == wheels[1].read_bytes()


def test_the_image_is_built_from_the_files_in_dist() -> None:
    made = (ROOT / "Makefile").read_text(encoding="utf-8")
    image = (ROOT / "ci/Dockerfile").read_text(encoding="utf-8")
    (copied,) = [line.split()[1:-1] for line in image.splitlines() if line.startswith("COPY ")]
    assert copied == ["requirements.txt", "*.whl"] and "--output-file dist/requirements.txt" in made
    (base,) = [line for line in image.splitlines() if line.startswith("FROM ")]
    assert len(base.partition("@sha256:")[2]) == 64
