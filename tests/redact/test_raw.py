"""Raw responses: private, kept for a short time, and provably what was seen."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from preuve.model.errors import PreuveError
from preuve.redact.raw import RawCopies, forget_older

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
CALL = "123456789012/eu-west-3/s3/17"


def test_the_owner_of_a_raw_copy_can_prove_what_was_seen(tmp_path: Path) -> None:
    commitment = RawCopies(tmp_path, NOW).keep(CALL, {"Owner": "zoé@société.fr", "At": NOW})
    path = tmp_path / "20261125T100000Z" / "123456789012/eu-west-3/s3.jsonl"
    kept = json.loads(path.read_text(encoding="ascii"))
    assert kept["id"] == CALL
    assert json.loads(kept["response"])["Owner"] == "zoé@société.fr"
    assert hashlib.sha256(bytes.fromhex(kept["salt"]) + kept["response"].encode()).hexdigest() == commitment
    assert [item.stat().st_mode & 0o077 for item in (path, path.parent)] == [0, 0]


def test_equal_answers_have_different_commitments(tmp_path: Path) -> None:
    raw = RawCopies(tmp_path, NOW)
    commitments = {raw.keep(CALL, {"Enabled": True}) for _ in range(3)}
    assert len(commitments) == 3
    assert hashlib.sha256(b'{"Enabled": true}').hexdigest() not in commitments


def test_only_expired_raw_copies_are_deleted(tmp_path: Path) -> None:
    for age in (0, 29, 31):
        RawCopies(tmp_path, NOW - timedelta(days=age)).keep(CALL, {})
    (tmp_path / "notes").mkdir()
    assert [path.name for path in forget_older(tmp_path, 30, NOW)] == ["20261025T100000Z"]
    assert {path.name for path in tmp_path.iterdir()} == {"20261125T100000Z", "20261027T100000Z", "notes"}


def test_an_unwritable_folder_for_raw_copies_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PreuveError, match="cannot be written"):
        RawCopies(tmp_path / "file", NOW).keep(CALL, {})
