"""Raw responses: private, kept for a short time, and provably what was seen."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from preuve.model.errors import PreuveError
from preuve.redact.raw_copies import RawCopies, forget_older, noted

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
CALL = "123456789012/eu-west-3/s3/17"


def test_the_owner_of_a_raw_copy_can_prove_what_was_seen(tmp_path: Path) -> None:
    commitment = RawCopies(tmp_path, NOW, 30).keep(CALL, {"Owner": "zoé@société.fr", "At": NOW})
    path = tmp_path / "20261125T100000Z-30d" / "123456789012/eu-west-3/s3.jsonl"
    kept = json.loads(path.read_text(encoding="ascii"))
    assert kept["id"] == CALL
    assert json.loads(kept["response"])["Owner"] == "zoé@société.fr"
    assert hashlib.sha256(bytes.fromhex(kept["salt"]) + kept["response"].encode()).hexdigest() == commitment
    assert [item.stat().st_mode & 0o077 for item in (path, path.parent)] == [0, 0]


def test_equal_answers_have_different_commitments(tmp_path: Path) -> None:
    raw = RawCopies(tmp_path, NOW, 30)
    commitments = {raw.keep(CALL, {"Enabled": True}) for _ in range(3)}
    assert len(commitments) == 3
    assert hashlib.sha256(b'{"Enabled": true}').hexdigest() not in commitments


def test_only_expired_raw_copies_are_deleted(tmp_path: Path) -> None:
    for age in (0, 29, 31):
        RawCopies(tmp_path, NOW - timedelta(days=age), 30).keep(CALL, {})
    (tmp_path / "notes").mkdir()
    gone, stay = forget_older(tmp_path, 30, NOW)
    assert ([path.name for path in gone], stay) == (["20261025T100000Z-30d"], [])
    assert {path.name for path in tmp_path.iterdir()} == {"20261125T100000Z-30d", "20261027T100000Z-30d", "notes"}


@pytest.mark.parametrize(
    ("name", "days", "stays"),
    [
        ("20261105T100000Z-30d", None, True),  # 20 days old
        ("20261105T100000Z-10d", None, False),
        ("20261105T100000Z-10d", 90, False),  # no setting prolongs what was promised
        ("20261105T100000Z-30d", 10, False),  # and one that became shorter holds at once
        ("20261105T100000Z", 90, True),  # of an earlier version, which kept no days with a copy
        ("20261105T100000Z", None, True),
        ("20261005T100000Z", None, False),
        ("20269905T100000Z-1d", None, True),  # no moment, so none of ours
        ("99991231T235959Z-999d", None, True),  # it would end after the last moment
    ],
)
def test_a_copy_says_itself_how_long_it_may_stay(tmp_path: Path, name: str, days: int | None, stays: bool) -> None:
    (tmp_path / name).mkdir()
    forget_older(tmp_path, days, NOW)
    assert (tmp_path / name).exists() is stays


def test_a_copy_that_cannot_be_deleted_is_named_and_the_others_go(tmp_path: Path) -> None:
    (tmp_path / "20260101T000000Z").write_text("")  # not even root can remove it as a folder
    (tmp_path / "20260102T000000Z-30d").mkdir()
    gone, stay = forget_older(tmp_path, 30, NOW)
    assert [path.name for path in gone] == ["20260102T000000Z-30d"]
    assert [path.name for path in stay] == ["20260101T000000Z"]


def test_an_unwritable_folder_for_raw_copies_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PreuveError, match="cannot be written"):
        RawCopies(tmp_path / "file", NOW, 30).keep(CALL, {})


def test_a_note_names_only_what_can_be_a_folder(tmp_path: Path) -> None:
    note = tmp_path / "key.raw.json"
    note.write_text(json.dumps(["", "/raw/with\0nul", "/raw"]), encoding="utf-8")
    assert noted(note) == [Path("/raw")]
