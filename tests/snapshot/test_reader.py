"""Reading a snapshot drops no resource because another one has its name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_copy import bundled
from preuve.model.snapshot import Resource, Unread
from preuve.snapshot.reader import _distinct, read_snapshot

TYPES = sorted(bundled().types)
TRAIL = "arn:aws:cloudtrail:eu-west-3:1:trail/a"


def line(type_: str, arn: str = "", unread: tuple[str, ...] = (), **data: Any) -> dict[str, Any]:
    return {
        **{"kind": "resource", "type": type_, "id": "one", "account": "1", "region": "eu-west-3", "arn": arn},
        **{"data": data, "absent": [], "unread": {name: {"cause": "not_read"} for name in unread}, "calls": {}},
        **{"parent": "", "waivers": []},
    }


def read(folder: Path, **files: list[dict[str, Any]]) -> list[Any]:
    (folder / "aws").mkdir()
    (folder / "meta.json").write_text("{}", encoding="utf-8")
    for name, lines in files.items():
        text = "".join(f"{json.dumps(item)}\n" for item in lines)
        (folder / "aws" / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return [(item.type, item.data) for item in read_snapshot(folder).resources]


@pytest.mark.parametrize("arn", ["", "arn:aws:x:::one"])
def test_two_of_any_type_that_differ_are_two_whatever_they_are_called(tmp_path: Path, arn: str) -> None:
    lines = [line(name, arn, (), Is=said) for name in TYPES for said in ("right", "wrong")]
    assert read(tmp_path, unit=lines) == [(name, {"Is": said}) for name in TYPES for said in ("right", "wrong")]


def test_what_several_regions_list_is_one_as_the_fullest_of_them_says(tmp_path: Path) -> None:
    seen, unseen = line("Trail", TRAIL, (), Logs=True), line("Trail", TRAIL, ("Logs",))
    assert read(tmp_path, ireland=[unseen], paris=[seen], milan=[unseen]) == [("Trail", {"Logs": True})]


def test_what_is_said_twice_is_one(tmp_path: Path) -> None:
    assert read(tmp_path, unit=[line("Alias", Name="a")] * 2) == [("Alias", {"Name": "a"})]


RESOURCES = st.builds(
    Resource,
    type=st.just("Trail"),
    id=st.just("one"),
    account=st.just("1"),
    region=st.just("eu-west-3"),
    data=st.dictionaries(st.sampled_from("ab"), st.sampled_from([True, None, "x", [], [{"c": 1}], {"c": []}])),
    arn=st.sampled_from(["", TRAIL]),
    absent=st.sampled_from([frozenset(), frozenset("a")]),
    unread=st.sampled_from([{}, {"b": Unread("not_read")}, {"b": Unread("access_denied", "AccessDenied")}]),
    at=st.sampled_from(["aws/paris.jsonl:1", "aws/paris.jsonl:2", "aws/milan.jsonl:1"]),
)


@given(st.lists(RESOURCES, max_size=12))
def test_two_of_one_name_are_one_if_they_say_the_same_or_two_files_have_one_arn(found: list[Resource]) -> None:
    kept: list[Resource] = []
    for one in sorted(found, key=lambda item: (item.arn, len(item.unread))):
        said = [(item.data, item.absent, item.unread) for item in kept if item.arn == one.arn]
        files = {item.at.split(":")[0] for item in kept if item.arn == one.arn}
        if (one.data, one.absent, one.unread) not in said and not (one.arn and files - {one.at.split(":")[0]}):
            kept.append(one)
    assert list(_distinct(found)) == kept
