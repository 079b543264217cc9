"""A list that is written with an unknown member counts as set only if it has one whatever that member is."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from preuve.collect.code.judgements.settings import said
from preuve.collect.code.language.hcl.expressions import Environment, evaluate
from preuve.collect.code.language.hcl.syntax.parser import parse_expression
from preuve.collect.code.language.templates.resources import resolve
from preuve.collect.code.language.templates.source import parse
from preuve.collect.code.language.values.value import RefusedError, Unknown, Value
from preuve.collect.code.verdict.marks import given as given_to_checkov

ARGUMENT = {"at": "actions", "set": "written", "absent": "fail"}
PROPERTY = {"at": "Actions", "set": "written", "absent": "fail"}
REFUSED = "refused"  # nothing is made then
TOPIC = "arn:aws:sns:eu-west-3:123456789012:alerts"

# `t` is a text, `l` a list of texts, `b` a condition.
ITEMS = st.sampled_from(["t", f'"{TOPIC}"', '"${t}-x"', "b ? t : t", "null", '""'])
WRITTEN = st.lists(ITEMS, max_size=2).map(lambda items: f"[{', '.join(items)}]")
LISTS = st.recursive(
    st.one_of(WRITTEN, WRITTEN, st.just("l")),
    lambda inner: st.one_of(
        st.builds("compact({})".format, inner),
        st.builds("distinct({})".format, inner),
        st.builds("toset({})".format, inner),
        st.builds("concat({}, {})".format, inner, inner),
        st.builds("flatten([{}, {}])".format, inner, inner),
        st.builds("slice({}, 0, 0)".format, inner),
        st.builds("coalescelist({}, {})".format, inner, inner),
        st.builds("(b ? {} : {})".format, inner, inner),
        st.builds("[for x in {} : x]".format, inner),
        st.builds("[for x in {} : x if b]".format, inner),
        st.builds('[for x in {} : x if x != ""]'.format, inner),
    ),
    max_leaves=4,
)
FILLED: tuple[dict[str, Value], ...] = tuple(
    {"t": text, "l": items, "b": on} for text in ("", TOPIC) for items in ((), ("",), (TOPIC,)) for on in (True, False)
)


class Around:
    """The scope of an expression: these variables."""

    host: Any = None

    def __init__(self, values: dict[str, Value]) -> None:
        self.values = values

    def root(self, name: str) -> Value:
        return self.values[name]

    def spend(self, work: int) -> None:
        pass


def value_of(expression: str, values: dict[str, Value]) -> Any:
    try:
        return given_to_checkov(evaluate(parse_expression(expression), Environment(Around(values))))
    except RefusedError:
        return REFUSED


@given(LISTS)
def test_a_written_list_has_a_member_whatever_is_given(expression: str) -> None:
    found = value_of(expression, {name: Unknown((f"var.{name}",)) for name in "tlb"})
    if said(ARGUMENT, {"actions": [found]}).result == "PASSED":
        # A null in a list is refused by the provider.
        assert all(value_of(expression, filled) for filled in FILLED), expression


def test_a_written_member_counts() -> None:
    for expression in ("[t]", "[t, null]", "concat([t], [t])"):
        found = value_of(expression, {"t": Unknown(("var.t",))})
        assert said(ARGUMENT, {"actions": [found]}).result == "PASSED", expression
        assert said(ARGUMENT | {"set": True}, {"actions": [found]}).result == "UNKNOWN", expression


def members(depth: int) -> st.SearchStrategy[Any]:
    """What may stand in a list of a template: a parameter, or what a condition leaves out."""
    least = st.sampled_from([{"Ref": "Open"}, {"Ref": "AWS::NoValue"}, {"Fn::ImportValue": "x"}, TOPIC])
    if not depth:
        return least
    inner = members(depth - 1)
    return st.one_of(least, st.builds(lambda yes, no: {"Fn::If": ["Undecided", yes, no]}, inner, inner))


ACTIONS = st.one_of(
    st.lists(members(2), max_size=2),
    st.builds(
        lambda yes, no: {"Fn::If": ["Undecided", yes, no]}, st.lists(members(1), max_size=2), st.just({"Ref": "All"})
    ),
    st.builds(lambda yes, no: {"Fn::If": ["Undecided", yes, no]}, *[st.lists(members(1), max_size=2)] * 2),
    st.just({"Ref": "All"}),
)


def actions_of(written: Any, default: str | None) -> dict[str, Any]:
    given_it = {} if default is None else {"Default": default}
    template = {
        "Parameters": {"Open": {"Type": "String", **given_it}, "All": {"Type": "CommaDelimitedList"}},
        "Conditions": {"Undecided": {"Fn::Equals": [{"Ref": "Open"}, "x"]}},
        "Resources": {"R": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Actions": written}}},
    }
    fixed: dict[str, Value] = {} if default is None else {"Open": default}
    properties = resolve(parse(json.dumps(template)), fixed).resources[0].properties
    return {name: given_to_checkov(value) for name, value in properties.items()}


@given(ACTIONS)
def test_a_written_list_of_a_template_has_a_member_in_every_stack(written: Any) -> None:
    if said(PROPERTY, actions_of(written, None)).result == "PASSED":
        assert all(actions_of(written, value).get("Actions") for value in ("x", "y")), written


def test_a_written_member_of_a_template_counts() -> None:
    either = {"Fn::If": ["Undecided", {"Ref": "Open"}, {"Fn::ImportValue": "x"}]}
    for written in ([{"Ref": "Open"}], [{"Fn::ImportValue": "x"}], [either]):
        assert said(PROPERTY, actions_of(written, None)).result == "PASSED", written
    perhaps = {"Fn::If": ["Undecided", {"Ref": "Open"}, {"Ref": "AWS::NoValue"}]}
    assert said(PROPERTY, actions_of([perhaps], None)).result == "UNKNOWN"
