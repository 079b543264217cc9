"""results.jsonl: valid by its schema, the same bytes for the same input, one line per thing whatever its name."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from preuve.library.yaml.place import content_root
from preuve.model.errors import PreuveError
from preuve.model.results import FindingStatus, Reason, UncoveredType
from preuve.publish.results import read_assessment, write_results

from . import factory


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


SCHEMA = json.loads((content_root() / "reports/schemas/results.schema.json").read_text(encoding="utf-8"))


def test_every_line_is_valid(tmp_path: Path) -> None:
    schema = SCHEMA
    Draft202012Validator.check_schema(schema)
    uncovered = (UncoveredType("infra", "terraform", "aws_iot_thing", 2, "infra/main.tf", 7),)
    write_results(tmp_path / "r.jsonl", replace(factory.assessment(), uncovered=uncovered))
    written = lines(tmp_path / "r.jsonl")
    assert Counter(line["kind"] for line in written) == {
        "run": 1,
        "finding": 13,
        "policy": 6,
        "control": 12,
        "waiver": 2,
        "join": 4,
        "disagreement": 2,
        "uncovered": 1,
    }
    assert [error.message for line in written for error in Draft202012Validator(schema).iter_errors(line)] == []


def test_a_line_that_is_not_json_is_named(tmp_path: Path) -> None:
    write_results(tmp_path / "r.jsonl", factory.assessment())
    written = (tmp_path / "r.jsonl").read_text("ascii").splitlines(keepends=True)
    (tmp_path / "r.jsonl").write_text("".join([*written, '{"kind": "fin']))
    with pytest.raises(PreuveError, match=rf"r\.jsonl:{len(written) + 1}: it is not JSON"):
        read_assessment(tmp_path / "r.jsonl")


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


def filled(line: dict[str, Any], kind: str) -> dict[str, Any]:
    """A line as a reader completes it who has the schema alone."""
    known = {name: item["default"] for name, item in SCHEMA["$defs"][kind]["properties"].items() if "default" in item}
    return {**known, **line}


def whole(line: dict[str, Any]) -> dict[str, Any]:
    return {**filled(line, "finding"), "place": filled(line["place"], "place")}


def test_what_is_left_out_of_a_line_follows_from_the_schema(tmp_path: Path) -> None:
    findings = factory.findings()
    write_results(tmp_path / "r.jsonl", factory.assessment(findings))
    written = [line for line in lines(tmp_path / "r.jsonl") if line["kind"] == "finding"]
    told = [{**asdict(item), "kind": "finding"} for item in findings]
    for item in told:
        del item["grounds"], item["lines"], item["each"]
    assert [whole(line) for line in written] == json.loads(json.dumps(told, default=str))
    assert not any(line.get("waiver") == "" or line["place"].get("file") == "" for line in written)


def test_results_that_say_every_member_are_read_too(tmp_path: Path) -> None:
    new, old = tmp_path / "new.jsonl", tmp_path / "old.jsonl"
    write_results(new, factory.assessment())
    head, *rest = lines(new)
    earlier = [{**head, "schema": "results/2"}, *(whole(line) if line["kind"] == "finding" else line for line in rest)]
    old.write_text("".join(json.dumps(line) + "\n" for line in earlier), encoding="ascii")
    assert old.stat().st_size > new.stat().st_size
    assert read_assessment(old) == read_assessment(new)
