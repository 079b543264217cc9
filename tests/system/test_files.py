"""A file that is written beside its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from preuve.system.files import whole


def _left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_when_complete_and_keeps_its_previous_mode(tmp_path: Path) -> None:
    path = tmp_path / "made" / "file"
    with whole(path, durable=True) as file:
        file.write(b"one")
        assert not path.exists()
    path.chmod(0o640)
    with whole(path) as file:
        file.write(b"two")
        assert path.read_bytes() == b"one"
    assert (path.read_bytes(), path.stat().st_mode & 0o777, _left(path.parent)) == (b"two", 0o640, ["file"])


def test_an_error_leaves_the_previous_file_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"one")
    with pytest.raises(ZeroDivisionError), whole(path) as file:
        file.write(b"half")
        raise ZeroDivisionError
    assert (path.read_bytes(), _left(tmp_path)) == (b"one", ["file"])


def test_a_private_file_becomes_readable_only_by_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch(0o644)
    with whole(path, private=True) as file:
        file.write(b"key")
    assert path.stat().st_mode & 0o777 == 0o600


def test_concurrent_writers_do_not_share_a_file(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 250)
    with whole(path, once=True) as first, whole(path, once=True) as second:
        first.write(b"one")
        second.write(b"two")
    assert (path.read_bytes(), _left(tmp_path)) == (b"two", [path.name])  # the inner block ended first
