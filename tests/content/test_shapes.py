"""Files generated from definitions are current, and settings accept everything that their schema accepts."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import pytest

from preuve.library.company.inlets import SCHEMA as INLET
from preuve.library.company.settings import SCHEMA
from preuve.library.yaml.documents import parse
from preuve.library.yaml.place import content_root
from preuve.library.yaml.schema import problems
from preuve.model.company.settings import Settings
from tools.shapes import PAGE, SHAPES, Shape, schema, with_references

WORKSPACES = ("examples/techstart/preuve.yaml", "examples/organisation/preuve.yaml")


def _text(name: str) -> str:
    return (content_root() / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.title)
def test_the_committed_schema_is_current(shape: Shape) -> None:
    assert json.loads(_text(shape.schema)) == json.loads(json.dumps(schema(shape))), "run: make content"


def test_the_committed_reference_is_current() -> None:
    assert _text(PAGE) == with_references(_text(PAGE)), "run: make content"


def test_every_key_has_a_meaning() -> None:
    rows = re.findall(r"(?m)^\| `([^`]+)` \|.*\| *([^|]*?) *\|$", with_references(_text(PAGE)))
    assert len(rows) > 100 and [key for key, meaning in rows if not meaning] == []


@pytest.mark.parametrize("name", WORKSPACES)
def test_every_setting_that_the_schema_accepts_is_parsed(name: str) -> None:
    document = parse(_text(name), name)
    assert problems(document, SCHEMA) == []
    read = msgspec.to_builtins(msgspec.convert(document.data, Settings))
    assert _holds(read, document.data)


def _holds(read: Any, said: Any) -> bool:
    """Whether all values of a file were read."""
    if isinstance(said, dict):
        return all(_holds(read[key], value) for key, value in said.items())
    if isinstance(said, list):
        return len(read) == len(said) and all(map(_holds, read, said))
    return bool(read == said)


_INLET = """
id: x
title: {en: a, fr: b}
how: {en: a, fr: b}
tool: x
register: x
source: {formats: [csv]}
key: [a]
fresh_days: 1
fields: {a: %s}
"""


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("{from: [x], as: date}", ""),
        ("{is: {en: a, fr: b}}", ""),
        ("{is: {en: a, fr: b}, from: [x]}", "is does not go with from"),
        ("{as: date}", "'from' is missing"),
    ],
)
def test_a_column_is_used_or_has_one_value_in_every_row(field: str, wrong: str) -> None:
    found = problems(parse(_INLET % field, "x.yaml"), INLET)
    assert [wrong in problem.message for problem in found] == ([True] if wrong else [])
