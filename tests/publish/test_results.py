"""results.jsonl: valid by its schema, the same bytes for the same input, one line per thing whatever its name."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from preuve.library.yaml.place import content_root
from preuve.model.results import FindingStatus, Reason
from preuve.publish.results import write_results

from . import factory


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_line_is_valid(tmp_path: Path) -> None:
    schema = json.loads((content_root() / "reports/schemas/results.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    write_results(tmp_path / "r.jsonl", factory.assessment())
    written = lines(tmp_path / "r.jsonl")
    assert Counter(line["kind"] for line in written) == {
        "run": 1,
        "finding": 13,
        "policy": 6,
        "control": 12,
        "waiver": 2,
        "join": 4,
        "disagreement": 2,
    }
    assert [error.message for line in written for error in Draft202012Validator(schema).iter_errors(line)] == []


def test_same_input_same_bytes_in_the_order_of_the_assessment(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_results(tmp_path / name, factory.assessment())
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    written = [line["place"]["id"] for line in lines(tmp_path / "a") if line["kind"] == "finding"]
    assert written == [finding.place.id for finding in factory.findings()]


def test_no_name_breaks_a_line(tmp_path: Path) -> None:
    name = "a\u2028b\nc\ud800"
    found = factory.finding(
        "s3-encrypted", FindingStatus.FAIL, Reason("failed"), factory.bucket(name), observed={"Tags": {"b", "a"}}
    )
    write_results(tmp_path / "r", factory.assessment((found,)))
    (line,) = [line for line in lines(tmp_path / "r") if line["kind"] == "finding"]
    assert line["place"]["id"] == name
    assert line["observed"] == {"Tags": ["a", "b"]}
