"""A secret in a template is told at its own line, also inside a list and below a key with a slash or a dot."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from preuve.collect.code.language.templates.source import parse, way_into, way_to
from preuve.collect.code.secrets import forms
from preuve.collect.code.secrets.search import secrets_of
from preuve.collect.code.secrets.templates import of_template
from preuve.redact.notations import arguments

KEYS = ("issue", "/credential/issue", "application/json", "a.b", "/a.b/{id}", "200")
SECRET = "ghp_" + "Zx9kQpw27lsTr4aB" * 2 + "Zx9k"
TEMPLATE = """AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        paths:
          "{key}":
            parameters:
{before}              - name: x
                schema:
                  "{key}":
                    example: {secret}
            post: {{}}
"""


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("before", [0, 1, 2])
def test_a_secret_is_told_at_its_own_line(key: str, before: int) -> None:
    text = TEMPLATE.format(key=key, before="              - name: y\n" * before, secret=SECRET)
    at = 1 + next(number for number, line in enumerate(text.splitlines()) if SECRET in line)
    (piece,) = (piece for piece in of_template(parse(text)) if piece.secrets.found)
    steps = tuple(step.strip("[]") for step in piece.secrets.found[0].path.split("/"))
    assert piece.line(steps) == (at, at)


def test_the_longest_name_that_is_there_is_taken_and_what_is_not_there_ends_the_way() -> None:
    value = parse("a: {b: {c: 1}}\na/b: {c: [2]}\n")
    assert way_to(value, "a/b/c") == (["a/b", "c"], "")
    assert way_to(value, "a.b.c.d") == (["a/b", "c", 0], "d")
    assert way_into(value, "a/b/c") == ("a/b", "c", 0)
    assert way_to(value, "x/y") == ([], "x.y")


def test_a_text_that_recurs_is_searched_once(monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[str] = []
    search = arguments.basic_at

    def noted(text: str) -> Iterator[int]:
        searched.append(text)
        return search(text)

    monkeypatch.setattr(forms, "basic_at", noted)
    text = "a text that nothing else searches"
    for kind in ("aws_instance", "aws_sqs_queue"):
        assert not secrets_of(kind, {f"argument_{number}": [text] for number in range(50)}).found
    assert searched.count(text) == 1
