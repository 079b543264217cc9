"""Indented JSON is what Python's own encoder would have written, byte for byte."""

from __future__ import annotations

import json

from preuve.publish.json_text import indented


def test_the_text_equals_that_of_the_standard_library() -> None:
    odd = 'é " \\ \n \u2028 \U0001f600 \ud800 \x7f'
    value = {"a": [], "b": {}, odd: odd, "c": [1, -1.5, True, None, [[]], [{"d": (1, "")}]], "e": {"f": {"g": ()}}}
    for part in (value, [value, value], "text", 1, None, [], {}):
        assert indented(part) == json.dumps(part, ensure_ascii=True, indent=1) + "\n"
