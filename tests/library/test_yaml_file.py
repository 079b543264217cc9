"""Strict YAML: ambiguous values are refused, with their place."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from preuve.library.yaml import documents as yaml_file
from preuve.library.yaml.documents import load, load_document, parse
from preuve.model.errors import ContentError


def problems(text: str) -> list[str]:
    with pytest.raises(ContentError) as caught:
        parse(text, "f.yaml")
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("NO", "boolean"),
        ("yes", "boolean"),
        ("on", "boolean"),
        ("TRUE", "boolean"),
        ("1.10", "ambiguous number"),
        ("3.0", "ambiguous number"),
        ("1e3", "ambiguous number"),
        ("1_000", "ambiguous number"),
        ("+1", "ambiguous number"),
        (".5", "ambiguous number"),
        (".inf", "ambiguous number"),
        ("1.5e999", "ambiguous number"),
        ("010", "octal"),
        ("0x1F", "octal, hexadecimal"),
        ("0o17", "octal"),
        ("2026-03-01", "date"),
        ("2026-03-01T10:00:00Z", "date"),
        ("12:30", "base-60"),
        ("190:20:30", "base-60"),
        ("NULL", "nothing"),
        ("12345678901234567890", "too large"),
        pytest.param("9" * 5000, "too large", id="5000 digits"),
    ],
)
def test_an_ambiguous_value_is_refused_at_its_place(value: str, why: str) -> None:
    (problem,) = problems(f"first: text\nsecond:\n  - ok\n  -   {value}\n")
    assert problem.startswith(f"f.yaml:4:7: {value} is ")
    assert why in problem
    assert f'write "{value}"' in problem


def test_the_same_values_in_quotes_are_text() -> None:
    values = ["NO", "1.10", "010", "2026-03-01", "12:30", "NULL", "1e3", "true", "7", ""]
    text = "".join(f'- "{value}"\n' for value in values)
    assert parse(text, "f").data == values


def test_plain_values_keep_their_types() -> None:
    text = "{a: text, b: true, c: false, d: 12, e: -3, f: 2.5, g: null, h: ~, i: , j: v1.10, k: eu-west-3}"
    assert parse(text, "f").data == {
        "a": "text", "b": True, "c": False, "d": 12, "e": -3, "f": 2.5,
        "g": None, "h": None, "i": None, "j": "v1.10", "k": "eu-west-3",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\nb: 2\na: 3\n", "f.yaml:3:1: the key 'a' appears twice"),
        ("x:\n  k: 1\n  'k': 2\n", "f.yaml:3:3: the key 'k' appears twice"),
        ("a: &x [1]\nb: *x\n", "f.yaml:1:4: anchors and aliases are not read"),
        ("&x a: 1\nb:\n  *x : 2\n", "f.yaml:1:1: anchors and aliases are not read"),
        ("a: &a [*a]\n", "f.yaml:1:4: anchors and aliases are not read"),
        ("base: &x {k: 1}\nother:\n  <<: *x\n", "f.yaml:3:3: merge keys are not read"),
        ("a:\n  - !!python/object/apply:os.system [id]\n", "f.yaml:2:5: the tag 'tag:yaml.org,2002:python"),
        ("a: !secret x\n", "f.yaml:1:4: the tag '!secret' is not read"),
        ("a:\n  !t k: 1\n", "f.yaml:2:3: the tag '!t' is not read"),
        ("a: !!binary aGk=\n", "f.yaml:1:4: the tag 'tag:yaml.org,2002:binary' is not read"),
        ("1: a\n", "f.yaml:1:1: the key '1' is not text"),
        ("? [a, b]\n: 1\n", "f.yaml:1:3: a key must be text"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2:1: the file holds several documents"),
        ("a: [1, 2\nb: 3\n", "f.yaml:2:2: a comma or a bracket is missing here"),
        ("a: b\n\tc: d\n", "f.yaml:2:"),
        ("a: \x00\n", "f.yaml:1:4: a character is not allowed in YAML"),
    ],
)
def test_anything_but_plain_data_is_refused_at_its_place(text: str, problem: str) -> None:
    assert any(found.startswith(problem) for found in problems(text)), problems(text)


def test_all_problems_of_a_file_are_reported_at_once() -> None:
    found = problems("a: NO\nb: 010\nc: 1\nc: 2\n")
    assert [problem.split(": ")[0] for problem in found] == ["f.yaml:1:4", "f.yaml:2:4", "f.yaml:4:1"]


def test_nested_aliases_are_refused_without_expansion() -> None:
    lines = ['a0: &a0 ["ha", "ha"]'] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    found = problems("\n".join(lines))
    assert len(found) == 29 * 9
    assert "aliases are not read" in found[0]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_endless_nesting_is_refused(opening: str) -> None:
    assert "nest" in problems(opening * 100_000)[0]


def test_nesting_is_refused_beyond_the_limit_and_read_up_to_it() -> None:
    at_limit = "[" * (yaml_file.MAX_DEPTH + 1) + "]" * (yaml_file.MAX_DEPTH + 1)
    assert parse(at_limit, "f").data
    (problem,) = problems(f"[{at_limit}]")
    assert problem == f"f.yaml:1:{yaml_file.MAX_DEPTH + 2}: is nested deeper than 40 levels"


def refused_file(path: Path) -> str:
    with pytest.raises(ContentError) as caught:
        load(path, "f.yaml")
    return str(caught.value)


def test_a_file_that_is_not_utf8_is_refused_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes("titre: contrôle\nnom: ".encode() + "prêt".encode("latin-1"))
    assert refused_file(path) == "f.yaml:2:1: is not UTF-8 (save the file as UTF-8)"
    path.write_bytes("a: b".encode("utf-16"))
    assert "is not UTF-8" in refused_file(path)


def test_a_byte_order_mark_is_not_part_of_the_first_key(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: b\n")
    assert load(path) == {"a": "b"}


def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_file, "MAX_BYTES", 100)
    path = tmp_path / "f.yaml"
    path.write_text(f"a: {'b' * 97}")
    assert load(path) == {"a": "b" * 97}
    path.write_text(f"a: {'b' * 98}")
    assert "more than the 100 bytes" in refused_file(path)


def test_only_files_are_read(tmp_path: Path) -> None:
    assert "is not a file" in refused_file(tmp_path)
    assert "is not a file" in refused_file(tmp_path / "missing.yaml")
    endless = tmp_path / "f.yaml"
    endless.symlink_to(os.devnull.replace("null", "zero"))
    assert "is not a file" in refused_file(endless)
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    assert "is not a file" in refused_file(pipe)


def test_positions_are_those_of_the_values(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_text("# é\nname: x\nlist:\n  - {id: a, rev: 1}\n  - {id: b,   rev: 2}\n", encoding="utf-8")
    document = load_document(path, "f.yaml")
    assert str(document.position("name")) == "f.yaml:2:7"
    assert str(document.position("list", 1, "rev")) == "f.yaml:5:20"
    assert str(document.position("list", 1, "nothing", "below")) == "f.yaml:5:5"


def test_an_empty_file_has_no_data() -> None:
    assert parse("# a comment\n", "f").data is None


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


class Quoting(yaml.SafeDumper):
    """Quotes every text and leaves other scalars plain."""


Quoting.add_representer(str, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:str", value, style='"'))
Quoting.ignore_aliases = lambda self, data: True  # type: ignore[method-assign, assignment]


@settings(max_examples=150)
@given(PLAIN)
def test_plain_data_with_quoted_texts_reads_back_equal(value: Any) -> None:
    assert parse(yaml.dump(value, Dumper=Quoting), "f").data == value


@settings(max_examples=300)
@given(st.text(st.sampled_from("aN1e0:-[]{}&*!|>'\"%@#?,. \n\t<=~x_"), max_size=40))
def test_any_text_is_data_or_a_content_error_with_a_place(text: str) -> None:
    try:
        parse(text, "f.yaml")
    except ContentError as error:
        assert all(problem.position.file == "f.yaml" and problem.position.line > 0 for problem in error.problems)


@settings(max_examples=200)
@given(st.from_regex(r"-?[0-9][0-9+\-._:eExob]{0,7}", fullmatch=True))
def test_a_value_that_begins_with_a_digit_is_read_literally(text: str) -> None:
    try:
        value = parse(f"k: {text}", "f").data["k"]
    except ContentError:
        return
    assert str(value) == text or (isinstance(value, float) and float(text) == value) or text == "-0"
