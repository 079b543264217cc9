"""Conditions with unknown parts: they agree with the binding, and no completion contradicts them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from content_copy import bundled, linted
from preuve.assess import judge
from preuve.assess.examples import ExampleRunner
from preuve.library.cel import Outcome, Program, compile_program, operations
from preuve.library.cel.unknown import NOT_READ, PartialList, Unknown, causes_of, known_part
from preuve.model.results import Reason
from preuve.publish.words.locale import load_locale

from .binding import by_binding

WHY = Unknown(frozenset(["unread"]))
FRENCH = load_locale("fr")


class ByBinding(Program):
    """A condition that the binding evaluates, where all is known."""

    def __init__(self, condition: str) -> None:
        super().__init__(compile_program(condition)._expression)
        self._condition = condition

    def evaluate(self, variables: Mapping[str, Any]) -> Outcome:
        theirs = by_binding(self._condition, variables) if not causes_of(variables.values()) else None
        ours = super().evaluate(variables)
        return ours if theirs is None or theirs.value is None else replace(ours, value=theirs.value)


def test_every_bundled_example_has_the_same_result_as_in_the_binding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "compile_program", ByBinding)
    runner = ExampleRunner(bundled(), linted().checker.shapes)
    assert [
        (item.policy, item.name, item.explain()) for item in runner.run(linted().rules[::2]) if not item.passed
    ] == []


# ---- any condition, any data ----------------------------------------------------------------------------------------

MEMBERS = ("a", "b")
TEXTS, NUMBERS = st.sampled_from(["", "x", "xy", "2026-11-24T12:00:00Z"]), st.integers(-2, 3)
ELEMENTS = st.dictionaries(st.sampled_from(MEMBERS), st.one_of(st.booleans(), NUMBERS, TEXTS))
DATA = st.fixed_dictionaries(
    {},
    optional={
        "flag": st.booleans(),
        "number": NUMBERS,
        "text": TEXTS,
        "list": st.lists(ELEMENTS, max_size=3),
        "texts": st.lists(TEXTS, max_size=3),
        "map": st.dictionaries(st.sampled_from(MEMBERS), TEXTS),
        "inner": ELEMENTS,
    },
)
ATOMS = (
    "resource.flag",
    "resource.number > 0",
    "resource.number + 1 >= 2",
    'resource.text == "x"',
    "resource.text in resource.texts",
    'resource.texts == ["x"]',
    '"a" in resource.map',
    "resource.inner.a",
    "has(resource.number)",
    "has(resource.inner.b)",
    "resource.?flag.orValue(true)",
    "resource.?inner.?a.orValue(1) == 1",
    "resource.?inner.?a.hasValue()",
    'resource.map[?"a"].orValue("").startsWith("x")',
    'resource.map["b"].matches("^x+y?$")',
    "resource.list.size() > 1",
    "resource.list.size() + resource.texts.size() == 0",
    "1 < size(resource.texts)",
    "resource.texts.size() != 0",
    "resource.texts[0].size() == 2",
    "resource.list[1].a == 1",
    "now - timestamp(resource.text) <= days(resource.number)",
    'globs(resource.texts, "x")',
    'cel.bind(t, resource.text, t + t == "xx")',
    "type(resource.number) == int",
    "[resource.number, 2].exists(n, n == 2)",
    'resource.map.all(k, resource.map[k] != "")',
    '(resource.texts + ["x"]).exists(t, t == "x")',
    "resource.list.map(e, e.a).size() == 2",
    "resource.list.filter(e, e.a == 1)[0].b == 1",
    "resource.texts.exists_one(t, t == 'x')",
    "{'k': resource.number}.k == 1",
)
INSIDE = ("true", "false", "e.a == 1", "has(e.b)", "e.?b.orValue('') == ''", "e.a", "e.a > e.b", "resource.flag")


def joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    binary = st.builds(
        lambda left, sign, right: f"({left} {sign} {right})", parts, st.sampled_from(["&&", "||"]), parts
    )
    choice = st.builds(lambda test, yes, no: f"({test} ? {yes} : {no})", parts, parts, parts)
    return st.one_of(binary, binary, choice, parts.map(lambda part: f"!({part})"))


PREDICATES = st.recursive(st.sampled_from(INSIDE), joined, max_leaves=3)
MACROS = st.builds(
    lambda kind, body: f"resource.list.{kind}(e, {body})" + (".size() > 0" if kind == "filter" else ""),
    st.sampled_from(["exists", "all", "exists_one", "filter"]),
    PREDICATES,
)
CONDITIONS = st.recursive(st.one_of(st.sampled_from(ATOMS), MACROS), joined, max_leaves=5)
NOW = {"now": datetime(2026, 11, 25, tzinfo=UTC)}


@settings(max_examples=200, deadline=None)
@given(CONDITIONS, DATA)
def test_known_values_give_the_same_result_as_the_binding(condition: str, data: dict[str, Any]) -> None:
    program, variables = compile_program(condition), {"resource": data, **NOW}
    partly = program.evaluate(variables)
    assert partly.value == by_binding(condition, variables).value
    assert not partly.unread
    assert partly.value is not None or partly.error


def hidden(data: dict[str, Any], chance: Random) -> dict[str, Any]:
    """Return the data with unknown parts: members, also unset ones, and elements of lists."""
    names = ("flag", "number", "text", "list", "texts", "map", "inner")
    found = {**data, **{name: WHY for name in names if chance.random() < 0.2}}
    items = found.get("list")
    if isinstance(items, list):
        found["list"] = [{**item, **{name: WHY for name in MEMBERS if chance.random() < 0.3}} for item in items]
    for name in ("list", "texts"):
        items = found.get(name)
        if isinstance(items, list) and chance.random() < 0.4:
            found[name] = without_some(items, chance)
    return found


def without_some(items: list[Any], chance: Random) -> PartialList:
    """Return a list that lacks some elements: it is known which it may lack, others among them, or it is not."""
    known, left = [], []
    for item in items:
        (known if chance.random() < 0.7 else left).append(item)
    others = [*left, *(item for item in items if chance.random() < 0.3)]
    return PartialList(tuple(known), WHY.why, tuple(others) if chance.random() < 0.5 else None)


@settings(max_examples=250, deadline=None)
@given(CONDITIONS, DATA, st.integers(0, 2**32))
def test_a_decision_is_valid_for_every_completion(condition: str, data: dict[str, Any], seed: int) -> None:
    program = compile_program(condition)
    variables = {"resource": hidden(data, Random(seed)), **NOW}
    partly = program.evaluate(variables)
    if partly.value is False:
        found, asked = program.why_not(variables)
        assert FRENCH.reason(Reason("failed", {"found": found, "asked": asked})).startswith("La condition")
    assume(partly.value is not None or not partly.unread)
    assert partly.value == by_binding(condition, {"resource": data, **NOW}).value


def test_a_text_is_compared_with_a_pattern_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(operations, "_by_binding", lambda *given: asked.append(given) or True)
    texts = [f"text of {__name__} {number % 3}" for number in range(30)]
    assert all(operations.strict("matches", [text, r"[\pL]"], method=True) for text in texts)
    assert len(asked) == 3
    operations._matches.cache_clear()  # what the stand-in said


def test_no_long_text_is_kept() -> None:
    """An account chooses the texts: what is kept of them has a limit."""
    operations._matches.cache_clear()
    assert operations.strict("matches", ["x" * 100_000 + "y", "y$"]) is True
    assert operations.strict("matches", ["x", "y$" + "y" * 1_000]) is False
    assert operations._matches.cache_info().currsize == 0


def test_an_operation_without_a_rule_decides_nothing() -> None:
    variables = {"resource": {"x": WHY}}
    outcome = compile_program("resource.x == 1u || true").evaluate(variables)
    assert (outcome.value, outcome.unread) == (None, WHY.why)


def test_an_undecided_condition_names_all_its_unknowns_and_no_others() -> None:
    first, second, third = (Unknown(frozenset([name])) for name in ("first", "second", "third"))
    program = compile_program("(resource.a && resource.b) || (resource.c && resource.d)")
    outcome = program.evaluate({"resource": {"a": first, "b": second, "c": third, "d": False}})
    assert outcome.unread == {"first", "second"}


@pytest.mark.parametrize(
    ("condition", "value"),
    [
        ("resource.l.size() >= 2", True),
        ("resource.l.size() > 1", True),
        ("2 <= resource.l.size()", True),
        ("resource.l.size() != 1", True),
        ("resource.l.size() < 2", False),
        ("resource.l.size() <= 1", False),
        ("resource.l.size() == 0", False),
        ("resource.l.size() + resource.k.size() > 4", True),
        ("resource.l.size() == 2", None),
        ("resource.l.size() != 2", None),
        ("resource.l.size() > 2", None),
        ("resource.l.size() >= 3", None),
        ("resource.l.size() <= 2", None),
        ("resource.l.size() < 3", None),
        ("1 in resource.l", True),
        ("3 in resource.l", None),
        ("resource.l.exists(x, x == 2)", True),
        ("resource.l.exists(x, x == 3)", None),
        ("resource.l.all(x, x != 2)", False),
        ("resource.l.all(x, x < 3)", None),
        ("(resource.k + resource.l).exists(x, x == 2)", True),
        ("resource.l.exists_one(x, x == 1)", None),
        ("resource.l.filter(x, x > 0).size() > 0", None),
        ("resource.l[0] == 1", None),
        ("resource.l == [1, 2]", None),
        ("resource.l.all(x, x != 2) || resource.k.size() == 3", True),
    ],
)
def test_a_partly_known_list_decides_where_it_can(condition: str, value: bool | None) -> None:
    lists = {"l": PartialList((1, 2), WHY.why), "k": [7, 8, 9]}
    outcome = compile_program(condition).evaluate({"resource": lists})
    assert (outcome.value, bool(outcome.unread)) == (value, value is None)


@pytest.mark.parametrize(
    ("condition", "value"),
    [
        ("resource.l.exists(x, x == 2)", True),
        ("resource.l.exists(x, x == 3)", None),
        ("resource.l.exists(x, x == 4)", False),
        ("resource.l.all(x, x < 4)", True),
        ("resource.l.all(x, x < 3)", None),
        ("resource.l.all(x, x != 2)", False),
        ("resource.l.all(x, resource.l.exists(y, y == x + 5))", False),
        ("resource.l.size() >= 2", True),
        ("resource.l.size() == 2", None),
        ("(resource.l + [9]).exists(x, x == 4)", None),
    ],
)
def test_a_list_that_may_lack_certain_elements_decides_by_them(condition: str, value: bool | None) -> None:
    outcome = compile_program(condition).evaluate({"resource": {"l": PartialList((1, 2), WHY.why, (3,))}})
    assert (outcome.value, bool(outcome.unread)) == (value, value is None)


@pytest.mark.parametrize(
    "condition",
    [
        "resource.l.exists(x, true)",
        "resource.l.exists(x, resource.flag || x == 1)",
        "resource.l.all(x, false)",
        "resource.l.all(x, !resource.flag && x == 1)",
    ],
)
@pytest.mark.parametrize("perhaps", [None, (), (1,)])
def test_a_list_that_may_be_empty_is_settled_by_no_element(condition: str, perhaps: tuple[int, ...] | None) -> None:
    members = {"l": PartialList((), WHY.why, perhaps), "flag": True}
    empty = by_binding(condition, {"resource": {"l": [], "flag": True}}).value
    assert compile_program(condition).evaluate({"resource": members}).value is (empty if perhaps == () else None)


@pytest.mark.parametrize(
    "condition", ["l.exists(x, x.n > 3)", "l.filter(x, x.n > 0).exists(x, x.n > 3)", "l.all(x, x.n > 3)"]
)
@pytest.mark.parametrize("known", [(), (1,), (1, 2)])
@pytest.mark.parametrize("perhaps", [None, (), (1,), (1, 3)])
def test_a_list_that_was_not_read_in_full_is_not_said_to_be_whole(
    condition: str, known: tuple[int, ...], perhaps: tuple[int, ...] | None
) -> None:
    def listed(numbers: tuple[int, ...]) -> tuple[dict[str, int], ...]:
        return tuple({"n": number} for number in numbers)

    more = None if perhaps is None else listed(perhaps)
    members = {"l": PartialList(listed(known), WHY.why, more)}
    program = compile_program(f"resource.{condition}")
    if program.evaluate({"resource": members}).value is not False:
        return
    found = json.loads(program.why_not({"resource": members})[0])
    told = [phrase for phrase in found if phrase[0] in ("unread", "perhaps")]
    assert perhaps == () or "all(" in condition or (told and ["none", "l"] not in found)
    assert known_part(members)["l"] == [*listed(known), *([] if perhaps == () else [NOT_READ])]


@pytest.mark.parametrize(
    "condition",
    [
        "l.all(x, x in resource.l)",
        "l.all(x, x in resource.m)",
        "m.all(x, x in resource.l)",
        "n.all(x, x in resource.n)",
    ],
)
def test_what_is_looked_up_in_a_loop_is_not_copied(monkeypatch: pytest.MonkeyPatch, condition: str) -> None:
    """A hand-over to the binding copies the whole list: with thousands of elements a minute for one resource."""
    handed: list[Any] = []
    monkeypatch.setattr(operations, "_by_binding", lambda *given: handed.append(given) or True)
    found = {"resource": {"l": ["a", "b", "c"], "m": {"a": 1, "b": 2, "c": 3}, "n": [1, 2, 3]}}
    assert compile_program(f"resource.{condition}").evaluate(found).value is True
    assert handed == []


ITEMS = ("", "x", "y", 1, 2, 0, True, False, 1.0, 0.5, None, ["x"], {"x": "y"})


@given(item=st.sampled_from(ITEMS), items=st.lists(st.sampled_from(ITEMS), max_size=4))
def test_looking_up_agrees_with_the_binding(item: Any, items: list[Any]) -> None:
    found = {"resource": {"i": item, "l": items, "m": {"x": 1, "": 2}}}
    for condition in ("resource.i in resource.l", "resource.i in resource.m"):
        assert compile_program(condition).evaluate(found).value == by_binding(condition, found).value
    beside = {"resource": {"i": item, "l": [*items, WHY]}}
    wanted = by_binding("resource.i in resource.l", found).value
    assert compile_program("resource.i in resource.l").evaluate(beside).value is (True if wanted else None)
