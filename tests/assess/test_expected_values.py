"""Which values of an answer count: none that is empty, ahead of the run, or of a form that AWS does not document."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_copy import bundled, linted
from preuve.assess.examples import ExampleRunner
from preuve.assess.view import NULL, ExpectedValues
from preuve.library.validation.checked_rule import CheckedRule, merged
from preuve.library.validation.shapes import ListOf, MapOf, Scalar, Shape, Struct, message_name, structures
from preuve.model.content import Example
from preuve.model.results import FindingStatus
from preuve.model.snapshot import EMPTY_VALUE, TIME_AHEAD, UNKNOWN_VALUE

from .factory import aws, context, judged, resource, shapes

TABLE = bundled().reference["expected_values"]["data"]
Place = tuple[str, str]


def expected() -> ExpectedValues:
    return ExpectedValues.of(TABLE, context().now)


@cache
def texts_read() -> dict[Place, Scalar]:
    """The texts that a condition reads."""
    found = {}
    reads = merged(rule.reads for rule in linted().rules)
    for name in bundled().types:
        root = Struct(message_name(name), lambda name=name: shapes().members(name))  # type: ignore[misc]
        for struct in structures(root):
            for member in set(struct.fields) & set(reads.get(struct.name, ())):
                shape = innermost(struct.fields[member])
                if isinstance(shape, Scalar) and shape.kind == "string":
                    found[struct.name, member] = shape
    return found


def innermost(shape: Shape) -> Shape:
    while isinstance(shape, ListOf | MapOf):
        shape = shape.item if isinstance(shape, ListOf) else shape.value
    return shape


def ahead(days: float) -> str:
    return (context().now + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_an_empty_text_is_no_value_of_a_member_that_has_few() -> None:
    values = expected()
    few = {place: shape for place, shape in texts_read().items() if shape.enum or place in values.forms}
    assert len(few) > 200
    doubts = {place: values.doubt("", shape, place) for place, shape in few.items()}
    assert {doubt.cause if doubt else "" for doubt in doubts.values()} == {EMPTY_VALUE}
    free = {place: shape for place, shape in texts_read().items() if place not in few}
    assert {values.doubt("", shape, place) for place, shape in free.items()} == {None}


def test_a_time_lies_ahead_of_the_run_only_where_it_is_an_end() -> None:
    values = expected()
    said = {*values.times, *values.ends}
    times = {place: shape for place, shape in texts_read().items() if shape.time or place in said}
    assert len(times) > 40
    for place, shape in times.items():
        doubt = values.doubt(ahead(2), shape, place)
        assert (doubt is None) is (place in values.ends), place
        assert doubt is None or doubt.cause == TIME_AHEAD
        assert values.doubt(ahead(0.9), shape, place) is None  # a long run
        assert values.doubt(ahead(-900), shape, place) is None


_SPELLINGS = st.builds(
    lambda before, month, t, minute, second, part, zone, after: (
        f"{before}2036-{month}-1{t}0:{minute}:{second}{part}{zone}{after}"
    ),
    st.sampled_from(["", " ", "\t", "+"]),
    st.sampled_from(["1", "01"]),
    st.sampled_from(["T", "t", " "]),
    st.sampled_from(["0", "00"]),
    st.sampled_from(["0", "00", "60"]),
    st.sampled_from(["", ".5", ".1234567890123", ",5"]),
    st.sampled_from(["Z", "z", "+0100", "+01", "-23:59", ""]),
    st.sampled_from(["", " ", "\n"]),
)


@given(_SPELLINGS)
def test_a_time_ahead_is_one_however_it_is_spelt(text: str) -> None:
    rule = aws("AWS::SecurityHub::Finding", 'now - timestamp(resource.CreatedAt) < duration("24h")')
    one = resource("AWS::SecurityHub::Finding", "f", {"CreatedAt": text})
    assert judged(rule, one).status is FindingStatus.NOT_EVALUATED


def test_the_table_names_members_that_conditions_read() -> None:
    values = expected()
    assert {*values.forms, *values.times, *values.ends} <= texts_read().keys()
    assert not {place for place in values.times if texts_read()[place].time}
    assert not {place for place in values.forms if texts_read()[place].enum}


@pytest.mark.parametrize("place", sorted(expected().forms), ids=".".join)
def test_a_value_that_aws_does_not_document_decides_nothing(place: Place) -> None:
    doubt = expected().doubt("something new", texts_read()[place], place)
    assert doubt is not None and doubt.cause == UNKNOWN_VALUE


def turned() -> Iterator[tuple[CheckedRule, Example, str]]:
    """Failing examples in which one time lies ten years ahead; ends are another thing."""
    ends = {member for _, member in expected().ends}
    for rule in linted().rules:
        for example in rule.policy.examples:
            if example.type == rule.rule.resource and example.expected == "fail":
                for number, changed in enumerate(with_time_ahead(example.resource, ends)):
                    place = replace(example.position, column=10_000 + number)
                    yield rule, replace(example, resource=changed, position=place), f"{rule.policy.id}: {example.name}"


def with_time_ahead(value: Any, ends: set[str]) -> Iterator[Any]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in items:
        if isinstance(item, str) and item[:2] == "20" and item[10:11] == "T" and name not in ends:
            put: Iterator[Any] = iter(["2036" + item[4:]])
        else:
            put = with_time_ahead(item, ends)
        for one in put:
            copy = dict(value) if isinstance(value, dict) else list(value)
            copy[name] = one
            yield copy


def test_no_failure_passes_by_a_time_that_has_not_come() -> None:
    run = ExampleRunner(bundled(), shapes())
    cases = [*turned()]
    assert len(cases) > 500
    passing = [said for rule, example, said in cases if run.result(rule, example).actual == "pass"]
    assert passing == []


def test_a_null_in_a_document_reaches_no_function() -> None:
    """Below Python 3.12 each one would take references to None with it, until the process is aborted."""
    pattern = {"source": ["aws.guardduty", None], "detail": {"x": [None] * 20, "y": None}}
    rule = aws("AWS::Events::Rule", 'rule_takes(resource.EventPattern, {"source": "aws.guardduty"}, resource.Arn)')
    one = resource("AWS::Events::Rule", "r", {"Arn": "arn:aws:events:eu-west-3:1:rule/r", "EventPattern": pattern})
    before = sys.getrefcount(None)
    for _ in range(100):
        verdict = judged(rule, one)
    assert verdict.status is FindingStatus.FAIL
    assert sys.getrefcount(None) > before - 1_000
    assert verdict.observed["EventPattern"]["detail"]["y"] == NULL
