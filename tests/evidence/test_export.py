"""One zip of a closed bundle: what was closed, the same each time, and nothing that Windows cannot unpack."""

from __future__ import annotations

import hashlib
import subprocess
import zipfile
from pathlib import Path

import pytest

from preuve.evidence.bag import write_declaration, write_manifest, write_tag_manifest
from preuve.evidence.closed_bundle import read_closed
from preuve.evidence.export import export
from preuve.model.errors import PreuveError, UsageError


def bundle(folder: Path, **info: str) -> Path:
    """A closed bundle with a few files."""
    for name in ("data/00-summary/index.en.html", "data/03-controls/A.8.24/sample.csv", "README.html"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"{name}\n" * 40, encoding="utf-8")
    payload = write_manifest(folder)
    known = {"Bagging-Date": "2026-11-24", "Retention-Until": "2099-11-24"}
    known |= {"Payload-Oxum": f"{payload.octets}.{payload.files}"} | {
        name.replace("_", "-"): value for name, value in info.items()
    }
    write_declaration(folder, known.items())
    write_tag_manifest(folder)
    return folder


def test_the_zip_contains_every_file_under_one_folder_and_verifies(tmp_path: Path) -> None:
    folder = bundle(tmp_path / "2026-Q4")
    export(read_closed(folder), tmp_path / "q4.zip")
    with zipfile.ZipFile(tmp_path / "q4.zip") as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        archive.extractall(tmp_path / "again")
    assert len(names) == len(set(names)) == 7
    assert all(name.startswith("2026-Q4/") and "\\" not in name and ":" not in name for name in names)
    done = subprocess.run(
        ["sha256sum", "-c", "--quiet", "manifest-sha256.txt", "tagmanifest-sha256.txt"],
        cwd=tmp_path / "again/2026-Q4",
        check=False,
    )
    assert done.returncode == 0
    assert [file.name for file in read_closed(tmp_path / "again/2026-Q4").files] == [
        file.name for file in read_closed(folder).files
    ]


def test_the_same_bundle_gives_the_same_zip_at_any_place_and_time(tmp_path: Path) -> None:
    digests = set()
    for place in ("here", "there"):
        folder = bundle(tmp_path / place / "2026-Q4")
        (folder / "README.html").touch()
        export(read_closed(folder), tmp_path / f"{place}.zip")
        digests.add(hashlib.sha256((tmp_path / f"{place}.zip").read_bytes()).hexdigest())
    assert len(digests) == 1


def test_an_existing_file_is_not_changed(tmp_path: Path) -> None:
    (tmp_path / "q4.zip").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="exists already"):
        export(read_closed(bundle(tmp_path / "2026-Q4")), tmp_path / "q4.zip")
    assert (tmp_path / "q4.zip").read_text(encoding="utf-8") == "mine"


def test_a_changed_bundle_is_not_exported(tmp_path: Path) -> None:
    folder = bundle(tmp_path / "2026-Q4")
    with (folder / "data/00-summary/index.en.html").open("a", encoding="utf-8") as file:
        file.write("changed\n")
    with pytest.raises(PreuveError, match=r"changed since it was closed: .*data/00-summary/index.en.html"):
        read_closed(folder)


def test_an_added_file_is_not_exported(tmp_path: Path) -> None:
    folder = bundle(tmp_path / "2026-Q4")
    (folder / "data/extra.txt").write_text("extra", encoding="utf-8")
    with pytest.raises(PreuveError, match=r"extra\.txt"):
        read_closed(folder)


def test_a_tryout_and_a_folder_without_a_bundle_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="try-out"):
        read_closed(bundle(tmp_path / "2026-Q4", Try_Out="true"))
    with pytest.raises(UsageError, match="not an evidence bundle"):
        read_closed(tmp_path)


def test_a_failed_export_leaves_nothing_behind(tmp_path: Path) -> None:
    closed = read_closed(bundle(tmp_path / "2026-Q4"))
    (tmp_path / "2026-Q4/README.html").unlink()
    with pytest.raises(PreuveError, match="could not be written"):
        export(closed, tmp_path / "q4.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["2026-Q4"]


@pytest.mark.parametrize(
    ("one", "other"), [("data/Own.csv", "data/own.csv"), ("data/Own/a.csv", "data/own/b.csv")], ids=["file", "folder"]
)
def test_names_that_differ_in_case_only_are_refused(tmp_path: Path, one: str, other: str) -> None:
    folder = bundle(tmp_path / "2026-Q4")
    manifest = folder / "manifest-sha256.txt"
    for name in (one, other):  # preuve closes no such bundle: another program wrote it
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x", encoding="utf-8")
        manifest.write_text(manifest.read_text() + f"{hashlib.sha256(b'x').hexdigest()}  {name}\n")
    tags = folder / "tagmanifest-sha256.txt"
    digest = hashlib.sha256(manifest.read_bytes()).hexdigest()
    kept = [line for line in tags.read_text().splitlines() if not line.endswith("  manifest-sha256.txt")]
    tags.write_text("".join(f"{line}\n" for line in [*kept, f"{digest}  manifest-sha256.txt"]))
    with pytest.raises(PreuveError, match="differ only in upper and lower case") as refused:
        export(read_closed(folder), tmp_path / "q4.zip")
    named = str(refused.value).partition("lower case: ")[2].partition(" (")[0].split(", ")
    assert len(named) == 2 and {name.lower() for name in named} <= {"data/own", "data/own.csv"}
    assert not (tmp_path / "q4.zip").exists()
