"""The closing of a bundle: its order, and the one clock that it has."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from preuve.evidence.closing import NoSeal, close
from preuve.system.manifests import MANIFEST, TAG_MANIFEST, digest_of, read_manifest

NOW, LATER = "2026-11-25T10:00:00Z", "2026-11-26T08:30:00Z"


def closed(folder: Path, now: str) -> dict[str, bytes]:
    """A bundle of one file, closed at a moment; all its files."""
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "results.jsonl").write_text("{}\n")
    info = [("External-Identifier", "2026-Q4"), ("Bagging-Date", now[:10])]
    close(folder, info, NoSeal())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_two_closings_of_the_same_payload_give_the_same_bytes(tmp_path: Path) -> None:
    assert closed(tmp_path / "a", NOW) == closed(tmp_path / "b", NOW)


def test_another_time_changes_only_the_files_that_contain_it(tmp_path: Path) -> None:
    first, second = closed(tmp_path / "a", NOW), closed(tmp_path / "b", LATER)
    assert {name for name in first if first[name] != second[name]} == {"bag-info.txt", TAG_MANIFEST}


@dataclass
class Watching:
    """A seal that records the files at each call, and asks a few times to close again."""

    again: int = 0
    roots: list[str] = field(default_factory=list)

    def before_root(self, folder: Path) -> None:
        assert (folder / MANIFEST).is_file() and (folder / "bag-info.txt").is_file()
        (folder / "chain.jsonl").write_text(f"{len(self.roots)}\n")

    def after_root(self, folder: Path) -> bool:
        self.roots.append(digest_of(folder / TAG_MANIFEST))
        return len(self.roots) > self.again


def test_a_seal_is_called_before_and_after_the_root_is_computed(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    seal = Watching(again=2)
    root = close(tmp_path, [], seal)
    assert len(set(seal.roots)) == 3
    assert root == seal.roots[-1]
    assert read_manifest(tmp_path / TAG_MANIFEST)["chain.jsonl"] == digest_of(tmp_path / "chain.jsonl")
