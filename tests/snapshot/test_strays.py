"""What stands in a snapshot and no collection writes is told, and what says two things is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from preuve.model.errors import AlteredError, UsageError
from preuve.redact.known_names import KnownNames
from preuve.snapshot.reader import read_snapshot
from preuve.snapshot.strays import foreign, rewritten
from preuve.snapshot.writer import SnapshotWriter

CALL = {
    **{"kind": "call", "id": "1/eu-west-3/sqs/1", "service": "sqs", "operation": "ListQueues", "params": {"a": {}}},
    **{
        "region": "eu-west-3",
        "status": 200,
        "request_id": "a-1",
        "attempts": 1,
        "error": "",
        "action": "sqs:ListQueues",
    },
    "time": "2026-11-24T12:00:00Z",
}
LISTING = {"kind": "listing", "type": "AWS::SQS::Queue", "account": "1", "region": "eu-west-3", "count": 1}
REASON = {"cause": "access_denied", "code": "X", "message": "m", "action": "sqs:A", "call": "sqs:A", "region": "r"}
QUEUE = {
    **{"kind": "resource", "type": "AWS::SQS::Queue", "id": "q", "account": "1", "region": "eu-west-3", "arn": ""},
    **{"data": {"Any": {"member": 1}}, "absent": [], "unread": {"Policy": REASON}, "calls": {}, "parent": ""},
    "waivers": [],
}
UNIT = "aws/1/eu-west-3/sqs.jsonl"
META = {"schema": "preuve-snapshot/1", "preuve": "1", "run": {"id": "2026-Q4", "period": "2026-Q4"}}


WORKSPACE = {
    **{"organisation": "Acme", "country": "FR", "language": "en", "frameworks": [], "regions": [], "iac": []},
    **{"accounts": [{"id": "123456789012", "name": "a"}], "params": {"x": 1}, "gate": "high", "evidence_folder": "e"},
}
POSITION = {"file": "preuve.yaml", "line": 1, "column": 1}
SENTENCE = "No nonconformity was found."


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    """A snapshot as it is written."""
    writer = SnapshotWriter(tmp_path)
    writer.unit("1", "eu-west-3", "sqs", [CALL, LISTING, QUEUE])
    writer.document("meta.json", META)
    writer.document("workspace.json", WORKSPACE)
    writer.document("earlier.json", {"bundle": "", "records": {}, "runs_in_period": 1})
    return tmp_path


def test_what_a_collection_writes_is_not_foreign(snapshot: Path) -> None:
    assert list(foreign(snapshot)) == []
    assert read_snapshot(snapshot).resources[0].at == f"{UNIT}:3"


def page(snapshot: Path) -> None:
    (snapshot / "aws/1/global").mkdir()
    (snapshot / "aws/1/global/READ-ME.html").write_text("<h1>no nonconformity</h1>")


def deeper(snapshot: Path) -> None:
    (snapshot / "aws/1/eu-west-3/more").mkdir()
    (snapshot / "aws/1/eu-west-3/more/sqs.jsonl").write_text("")


def line(added: object) -> Callable[[Path], None]:
    def change(snapshot: Path) -> None:
        with (snapshot / UNIT).open("a") as file:
            file.write(json.dumps(added) + "\n")

    return change


def document(name: str, added: dict[str, object]) -> Callable[[Path], None]:
    def change(snapshot: Path) -> None:
        data = json.loads((snapshot / name).read_text())
        (snapshot / name).write_text(json.dumps({**data, **added}))

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (page, "aws/1/global/READ-ME.html"),
        (deeper, "aws/1/eu-west-3/more/sqs.jsonl"),
        (line({"kind": "testimony", "text": "seen"}), f"{UNIT}:4:COLUMN kind"),
        (line({"text": "seen"}), f"{UNIT}:4:1 it does not have the expected form"),
        (line({"kind": "record"}), f"{UNIT}:4:COLUMN kind"),  # of code, which is in another folder
        (line({**QUEUE, "comment": "seen"}), f"{UNIT}:4:COLUMN comment"),
        (line({**QUEUE, "at": "elsewhere:1"}), f"{UNIT}:4:COLUMN at"),
        (line({**QUEUE, "unread": {"Policy": {**REASON, "comment": ""}}}), f"{UNIT}:4:COLUMN unread[...].comment"),
        (line({**LISTING, "unread": {**REASON, "comment": ""}}), f"{UNIT}:4:COLUMN unread.comment"),
        (line({**LISTING, "unread": {**REASON, "code": SENTENCE}}), f"{UNIT}:4:COLUMN unread.code"),
        *((line({**CALL, name: SENTENCE}), f"{UNIT}:4:COLUMN {name}") for name in sorted(CALL) if name != "kind"),
        (document("meta.json", {"statement": "seen"}), "meta.json:1:COLUMN statement"),
        (document("meta.json", {"run": {"id": "a", "note": ""}}), "meta.json:1:COLUMN run.note"),
        (document("meta.json", {"unknown_checks": [SENTENCE]}), "meta.json:1:COLUMN unknown_checks[0]"),
        (document("meta.json", {"started": SENTENCE}), "meta.json:1:COLUMN started"),
        (document("workspace.json", {"statement": ""}), "workspace.json:1:COLUMN statement"),
        (
            document("workspace.json", {"accounts": [{"id": "123456789012", "name": "a", "x": 1}]}),
            "workspace.json:1:COLUMN accounts[0].x",
        ),
        (
            document("workspace.json", {"problems": [{"position": POSITION, "message": "m", "seen": ""}]}),
            "workspace.json:1:COLUMN problems[0].seen",
        ),
        (document("earlier.json", {"statement": ""}), "earlier.json:1:COLUMN statement"),
    ],
)
def test_other_files_lines_and_members_are_told(snapshot: Path, change: Callable[[Path], None], told: str) -> None:
    change(snapshot)
    (found,) = foreign(snapshot)
    place, _, what = found.partition(" ")
    expected, _, path = told.partition(" ")
    assert what == path
    if expected.endswith("COLUMN"):  # where the name stands in the line
        *_, number, column = place.split(":")
        text = (snapshot / place.split(":")[0]).read_text().splitlines()[int(number) - 1]
        last = re.sub(r"\[[^]]*\]", "", path).rpartition(".")[2]
        assert text[int(column) - 1 :].startswith(f'"{last}":')
    else:
        assert place == expected


@pytest.mark.parametrize("name", [UNIT, "meta.json"])
def test_a_name_that_stands_twice_is_refused(snapshot: Path, name: str) -> None:
    path = snapshot / name
    path.write_text('{"data":{"Encrypted":"as a person reads it"},' + path.read_text().removeprefix("{"))
    if name == UNIT:
        text = path.read_text()
        path.write_text(text.replace('{"data"', '{"params":1,"params"', 1))
    else:
        path.write_text(path.read_text().replace('"preuve"', '"preuve": "0", "preuve"'))
    with pytest.raises(AlteredError, match="occurs twice") as raised:
        read_snapshot(snapshot)
    assert raised.value.exit_code == 10


def test_two_members_that_one_person_names_stay_two(tmp_path: Path) -> None:
    said = {"Tags": {"Margaux Lefevre": "a", "margaux-lefevre": "b", "LEFEVRE Margaux": "c"}}
    (tmp_path / "a.jsonl").write_text(json.dumps(said) + "\n")
    KnownNames({"person-aaaaaaaaaaaa": "Margaux Lefevre"}).replace_below(tmp_path)
    kept = json.loads((tmp_path / "a.jsonl").read_text())["Tags"]
    assert sorted(kept) == ["person-aaaaaaaaaaaa", "person-aaaaaaaaaaaa (2)", "person-aaaaaaaaaaaa (3)"]
    assert sorted(kept.values()) == ["a", "b", "c"]


@pytest.mark.parametrize("name", [UNIT, "meta.json"])
@pytest.mark.parametrize(
    "written",
    [
        lambda text: text.replace('": ', '":  ', 1).replace('":"', '": "', 1),
        lambda text: text.replace("1", "\\u0031", 1),
        lambda text: text + "\n",
        lambda text: text.replace("\n", "\r\n"),
        lambda text: " " + text,
        lambda text: (
            json.dumps(dict(reversed(json.loads(text.splitlines()[0]).items()))) if text[1] != "\n" else text[:-1]
        ),
    ],
)
def test_a_snapshot_in_other_bytes_is_told(tmp_path: Path, name: str, written: Callable[[str], str]) -> None:
    writer = SnapshotWriter(tmp_path)
    writer.unit("1", "eu-west-3", "sqs", [CALL, LISTING, QUEUE])
    writer.document("meta.json", META)
    assert list(rewritten(tmp_path)) == []
    path = tmp_path / name
    before = path.read_bytes()
    path.write_bytes(written(before.decode()).encode())
    if path.read_bytes() == before:
        return
    try:
        told = [place.partition(":")[0] for place in rewritten(tmp_path)]
    except UsageError:  # an empty line is none at all
        return
    assert told and set(told) == {name}
