"""Whatever is read as YAML is read up to a size: aliases count for what they stand for."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from preuve.collect.code.inputs.values_files import read_markup
from preuve.collect.code.language.templates.source import TemplateError, TooLargeError, parse
from preuve.collect.code.secrets.contents.packed_texts import inside_of, settings_in

MOST = 200_000
WAYS = {"list": "[{}]", "mapping": "{{{}}}", "merged": "{{<<: [{}]}}"}


def growing(way: str, levels: int) -> str:
    """Text of which each line stands for ten times as much as the one before."""
    lines = ["k0: &k0 {x: y}"]
    for level in range(1, levels):
        members = (f"m{number}: *k{level - 1}" if way == "mapping" else f"*k{level - 1}" for number in range(10))
        lines.append(f"k{level}: &k{level} {WAYS[way].format(', '.join(members))}")
    return "\n".join(lines) + "\n"


def parts_of(value: Any) -> Iterator[Any]:
    """Yield a value and all in it, as often as it is there."""
    yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from parts_of(one)


READERS: tuple[Callable[[str], Any], ...] = (
    parse,
    settings_in,
    lambda text: inside_of("buildspec", text),
    lambda text: inside_of("user_data", base64.b64encode(text.encode()).decode()),
    lambda text: read_markup("values.yaml", text),
)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("levels", [4, 12, 60])
def test_no_reader_returns_more_than_the_limit(way: str, levels: int) -> None:
    for read in READERS:
        try:
            found = read(growing(way, levels))
        except (TemplateError, ValueError):
            assert levels > 4
            continue
        assert sum(1 for _ in parts_of(found)) <= MOST


def test_what_grows_or_nests_beyond_the_limit_is_refused_and_a_long_text_of_json_is_not() -> None:
    for text in (growing("list", 9), "[" * 100_000, "a: " + "[" * 150 + "]" * 150, "[" * 100_000 + "]" * 100_000):
        with pytest.raises(TooLargeError):
            parse(text)
    with pytest.raises(TemplateError):
        parse("a: " + "[" * 5_000 + "]" * 5_000)
    assert len(parse(json.dumps([0] * (MOST + 1)))) == MOST + 1
