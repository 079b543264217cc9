"""The order of a snapshot reveals nothing about the names behind the pseudonyms."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from preuve.redact.pseudonyms import Pseudonyms
from preuve.snapshot.order import order_below
from preuve.snapshot.writer import write_lines

_PEOPLE = [Pseudonyms(b"k" * 32).of(name) for name in ("alice", "bob", "chloe", "denis", "emma")]


def _resource(number: int, person: str, **data: Any) -> dict[str, Any]:
    return {
        "kind": "resource",
        "account": "1",
        "type": f"T{number}",
        "region": "global",
        "parent": "",
        "id": person,
        "data": data,
    }


def _listing(number: int, parent: str = "") -> dict[str, Any]:
    return {"kind": "listing", "account": "1", "type": f"T{number}", "region": "global", "parent": parent, "count": 1}


def _unit(people: list[str]) -> list[dict[str, Any]]:
    """Two types, the second listed for each of the first, and the calls in the order in which they were made."""
    return [
        _listing(1), *(_resource(1, person, Owners=people, Names=["b", "a"]) for person in people),
        *(_listing(2, person) for person in people), *(_resource(2, person) for person in people),
        {"kind": "call", "id": "2"}, {"kind": "call", "id": "1"},
    ]  # fmt: skip


@given(st.integers())
def test_the_file_does_not_depend_on_the_order_of_names(seed: int) -> None:
    shuffled = Random(seed).sample(_PEOPLE, len(_PEOPLE))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "aws" / "iam.jsonl"
        path.parent.mkdir()
        write_lines(path, _unit(shuffled))
        order_below(Path(folder))
        lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    assert lines == _unit(sorted(_PEOPLE))


def test_code_stays_in_the_order_of_its_lines(tmp_path: Path) -> None:
    records = [
        {"kind": "record", "type": "aws_iam_user", "file": "a.tf", "line": line, "address": f'user["{person}"]'}
        for line in (9, 10)
        for person in sorted(_PEOPLE)
    ]
    write_lines(tmp_path / "infra.jsonl", [{"kind": "root"}, *reversed(records)])
    order_below(tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "infra.jsonl").read_bytes().splitlines()]
    assert lines == [{"kind": "root"}, *records]
