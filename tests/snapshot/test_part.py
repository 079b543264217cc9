"""A part counts only unchanged, for the same request, from a holder of the key, and while it is recent."""

from __future__ import annotations

import contextlib
import json
import os
import socket as sockets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from preuve.model.moment import moment
from preuve.redact.pseudonyms import Pseudonyms
from preuve.snapshot.part import ABOUT, NAMES, Part, PartError, finish_part, read_part
from preuve.snapshot.writer import SnapshotWriter

ACCOUNT = "111111111111"
NOW = datetime.now(UTC)
OLDEST = NOW - timedelta(hours=24)
ASKED = {
    "account": ACCOUNT,
    "build": "b",
    "content": "c",
    "regions": ["eu-west-3"],
    "members": {"AWS::S3::Bucket": ["Name"]},
    "source": "s",
}
UNIT = f"aws/{ACCOUNT}/eu-west-3/s3.jsonl"


def key(text: bytes = b"k") -> Pseudonyms:
    """A key."""
    return Pseudonyms(text * 32)


def part(folder: Path, *, hours: float = 1, **changed: Any) -> Path:
    """A part that was begun so many hours ago."""
    begun = moment(NOW - timedelta(hours=hours))
    pseudonyms = key()
    pseudonyms.of("jane.doe")
    SnapshotWriter(folder).unit(ACCOUNT, "eu-west-3", "s3", [{"kind": "listing"}])
    SnapshotWriter(folder).unit(ACCOUNT, "global", "iam", [{"kind": "listing"}])
    told = {"caller": "", "refused": "", "calls": 2, "started": begun, "finished": begun}
    finish_part(folder, {**ASKED, **told, "pseudonym_key_id": pseudonyms.key_id, **changed}, pseudonyms)
    return folder


def take(folder: Path, into: Path, pseudonyms: Pseudonyms | None = None) -> Part:
    """All that a run does with a part."""
    with_key = pseudonyms or key()
    found = read_part(folder, ASKED, with_key, OLDEST)
    found.learn(with_key)
    found.copy_units(into)
    return found


def test_a_part_contributes_its_units_and_its_names(tmp_path: Path) -> None:
    pseudonyms = key()
    taken = take(part(tmp_path / ACCOUNT), tmp_path / "snapshot", pseudonyms)
    assert not taken.refused
    assert (tmp_path / "snapshot" / UNIT).read_bytes() == (tmp_path / ACCOUNT / UNIT).read_bytes()
    assert sorted(path.name for path in (tmp_path / "snapshot").rglob("*.*")) == ["iam.jsonl", "s3.jsonl"]
    assert list(pseudonyms.names.values()) == ["jane.doe"]
    assert not any(b"jane.doe" in path.read_bytes() for path in (tmp_path / ACCOUNT).rglob("*.*"))


def rewrite(change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    """Edit part.json like a person without the key."""

    def edit(folder: Path) -> None:
        about = json.loads((folder / ABOUT).read_text())
        change(about)
        (folder / ABOUT).write_text(json.dumps(about))

    return edit


def with_its_hash(folder: Path) -> None:
    """A unit that was edited, and its hash with it."""
    import hashlib

    (folder / UNIT).write_text('{"kind":"listing","count":9}\n')
    digest = hashlib.sha256((folder / UNIT).read_bytes()).hexdigest()
    rewrite(lambda about: about["files"].update({UNIT: digest}))(folder)


def linked(folder: Path) -> None:
    """Replace a unit by a link to another place."""
    (folder / UNIT).rename(folder.parent / "elsewhere")
    (folder / UNIT).symlink_to(folder.parent / "elsewhere")


def sparse(name: str) -> Callable[[Path], None]:
    """Make a file larger than any memory or disk."""
    return lambda folder: os.truncate(folder / name, 1 << 40)


def in_place_of(name: str, make: Callable[[Path], Any]) -> Callable[[Path], None]:
    """Put something else in place of a file."""

    def edit(folder: Path) -> None:
        (folder / name).unlink()
        make(folder / name)

    return edit


def socket(path: Path) -> None:
    """Make a socket, by a name that is short enough."""
    with contextlib.chdir(path.parent), contextlib.closing(sockets.socket(sockets.AF_UNIX)) as made:
        made.bind(path.name)


OTHERS: dict[str, Callable[[Path], Any]] = {
    "a pipe": os.mkfifo,
    "a socket": socket,
    "a folder": lambda path: path.mkdir(),
    "an endless device": lambda path: path.symlink_to("/dev/zero"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "nothing": lambda path: None,
    "an empty file": lambda path: path.touch(),
}
EDITS: dict[str, Callable[[Path], Any]] = {
    "a unit": lambda folder: (folder / UNIT).write_text('{"kind":"listing"} \n'),
    "a unit and its hash": with_its_hash,
    "a unit that is gone": lambda folder: (folder / UNIT).unlink(),
    "a unit that was added": lambda folder: (folder / UNIT).with_name("ec2.jsonl").write_text("{}\n"),
    "a file beside": lambda folder: (folder / "note.txt").write_text("hello"),
    "a link": linked,
    "a field": rewrite(lambda about: about.update(refused="", calls=7)),
    "a moment": rewrite(lambda about: about.update(started=moment(NOW), finished=moment(NOW))),
    "no mark": rewrite(lambda about: about.pop("mark")),
    "a mark that is no text": rewrite(lambda about: about.update(mark=7)),
    "a mark of other letters": rewrite(lambda about: about.update(mark="é" * 64)),
    "a mark of half a letter": rewrite(lambda about: about.update(mark="\ud800")),
    "the names": lambda folder: (folder / NAMES).write_bytes(b"x" * 80),
    "no JSON": lambda folder: (folder / ABOUT).write_text("{"),
    "many lists": lambda folder: (folder / ABOUT).write_text("[" + "[]," * (1 << 21) + "[]]"),
    "too deep": lambda folder: (folder / ABOUT).write_text("[" * 100_000),
    "no object": lambda folder: (folder / ABOUT).write_text("[]"),
    "no text": lambda folder: (folder / ABOUT).write_bytes(b"\xff"),
}


EDITS |= {f"{kind} for {name}": in_place_of(name, make) for name in (UNIT, NAMES) for kind, make in OTHERS.items()}
EDITS |= {f"{name} without an end": sparse(name) for name in (UNIT, NAMES, ABOUT)}


@pytest.mark.parametrize("edit", EDITS)
def test_every_change_of_a_part_is_noticed(tmp_path: Path, edit: str) -> None:
    folder = part(tmp_path / ACCOUNT)
    EDITS[edit](folder)
    with pytest.raises(PartError) as raised:
        take(folder, tmp_path / "snapshot")
    assert raised.value.reason.cause == "part_altered"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"account": "222222222222"}, "OtherAccount"),
        ({"build": "other"}, "OtherBuild"),
        ({"content": "other"}, "OtherContent"),
        ({"regions": ["eu-west-3", "eu-west-1"]}, "OtherRegions"),
        ({"members": {}}, "OtherMembers"),
        ({"source": "other"}, "OtherSource"),
    ],
)
def test_a_part_read_for_another_purpose_is_foreign(tmp_path: Path, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(PartError) as raised:
        take(part(tmp_path / ACCOUNT, **changed), tmp_path / "snapshot")
    assert (raised.value.reason.cause, raised.value.reason.code) == ("part_foreign", code)


def test_a_part_with_another_key_is_foreign(tmp_path: Path) -> None:
    with pytest.raises(PartError) as raised:
        take(part(tmp_path / ACCOUNT), tmp_path / "snapshot", key(b"o"))
    assert (raised.value.reason.cause, raised.value.reason.code) == ("part_foreign", "OtherKey")


@pytest.mark.parametrize(("hours", "cause"), [(24.1, "part_stale"), (-1, "part_ahead")])
def test_a_part_that_is_too_old_or_from_the_future_does_not_count(tmp_path: Path, hours: float, cause: str) -> None:
    with pytest.raises(PartError) as raised:
        take(part(tmp_path / ACCOUNT, hours=hours), tmp_path / "snapshot")
    assert raised.value.reason.cause == cause


def test_an_absent_part_is_missing(tmp_path: Path) -> None:
    (tmp_path / ACCOUNT).mkdir()
    for folder in (tmp_path / ACCOUNT, tmp_path / "none"):
        with pytest.raises(PartError) as raised:
            take(folder, tmp_path / "snapshot")
        assert raised.value.reason.cause == "part_missing"


@pytest.mark.parametrize("kind", OTHERS)
def test_a_description_that_is_no_file_is_no_part(tmp_path: Path, kind: str) -> None:
    in_place_of(ABOUT, OTHERS[kind])(part(tmp_path / ACCOUNT))
    with pytest.raises(PartError) as raised:
        take(tmp_path / ACCOUNT, tmp_path / "snapshot")
    assert raised.value.reason.cause == ("part_altered" if kind == "an empty file" else "part_missing")


def test_a_full_disk_is_no_fault_of_the_part(tmp_path: Path) -> None:
    folder = part(tmp_path / ACCOUNT)
    (tmp_path / "snapshot" / UNIT).parent.mkdir(parents=True)
    (tmp_path / "snapshot" / UNIT).symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space"):
        take(folder, tmp_path / "snapshot")


def test_a_part_that_is_there_in_another_form_is_told(tmp_path: Path) -> None:
    part(tmp_path / "real")
    (tmp_path / ACCOUNT).symlink_to(tmp_path / "real")
    (tmp_path / "222222222222.zip").write_bytes(b"")
    for name, code in ((ACCOUNT, "SymbolicLink"), ("222222222222", "Archive")):
        with pytest.raises(PartError) as raised:
            take(tmp_path / name, tmp_path / "snapshot")
        assert (raised.value.reason.cause, raised.value.reason.code) == ("part_missing", code)
