"""The value of an expression equals that of HCL's own evaluator; if that says unknown, there is no value.

Expressions are generated from HCL's grammar, with known and unknown variables.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcl_oracle import Oracle, UnreadableError, agrees, start
from preuve.collect.code.language.hcl.expressions import Environment, evaluate
from preuve.collect.code.language.hcl.syntax.nodes import NotHclError
from preuve.collect.code.language.hcl.syntax.parser import parse_expression
from preuve.collect.code.language.values.value import Map, RefusedError, Set, Unknown, Value, is_known

VARIABLES: dict[str, Value] = {
    "x": Unknown(("x",)),
    "n": 3,
    "t": True,
    "s": "a-b",
    "nul": None,
    "l": ("p", "q"),
    "m": ({"k": "1", "v": ("a",)}, {"k": "2", "v": ()}),
    "o": {"a": 1, "b": {"c": "d"}, "l": (1, 2)},
    "e": (),
    "opt": [{"a": "b", "v": None}],  # of a declared type, whose optional attribute is not set
    "optmap": Map({"k": {"a": "b", "v": None}}),
    "optset": Set(({"a": "b", "v": None},)),
    "part": ("a", Unknown(("part[1]",))),
    "half": {"a": "b", "u": Unknown(("half.u",))},
}


class Around:
    """The scope of an expression: the variables above."""

    host: Any = None

    def root(self, name: str) -> Value:
        if name not in VARIABLES:
            raise RefusedError(name)
        return VARIABLES[name]

    def spend(self, work: int) -> None:
        pass


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    process = start()
    yield process
    process.close()


NAMES = st.sampled_from([*VARIABLES, "each", "nothing"])
LITERALS = st.sampled_from(
    [
        "0",
        "1",
        "-2",
        "1.5",
        "true",
        "false",
        "null",
        '""',
        '"a"',
        '"1"',
        '"true"',
        '"é\\n"',
        '"$${a}"',
        '"%%{b}"',
        "[]",
        "{}",
    ]
)
HEREDOC = "<<-EOT\n    a ${{{}}}\n      b\n\n   ${{{}}}\n  EOT\n"
FUNCTIONS = ("try", "can", "length", "concat", "merge", "tostring", "tolist", "toset", "join", "keys", "jsonencode")
FIELDS = st.sampled_from(["a", "b", "k", "v", "l", "u", "0", "none"])


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from(["||", "&&", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%"])
    template = st.tuples(st.sampled_from(["a", "", " ", "-"]), inner, st.sampled_from(["", "/0", "é"]))
    return st.one_of(
        st.tuples(inner, operators, inner).map(" ".join),
        st.tuples(inner, inner, inner).map(lambda parts: "({}) ? ({}) : ({})".format(*parts)),
        st.tuples(inner, inner, st.sampled_from(["[]", "{}"])).map(lambda parts: "({}) ? ({}) : {}".format(*parts)),
        st.tuples(inner, st.sampled_from(["[]", "{}"]), inner).map(lambda parts: "({}) ? {} : ({})".format(*parts)),
        inner.map(lambda text: f"({text})"),
        inner.map(lambda text: f"!({text})"),
        inner.map(lambda text: f"-({text})"),
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.lists(st.tuples(st.sampled_from(["a", '"b"', "(s)", "(x)", "1"]), inner), max_size=2).map(
            lambda items: "{" + ", ".join(f"{key} = {value}" for key, value in items) + "}"
        ),
        st.tuples(inner, FIELDS).map(lambda parts: f"({parts[0]}).{parts[1]}"),
        st.tuples(inner, inner).map(lambda parts: f"({parts[0]})[{parts[1]}]"),
        st.tuples(inner, FIELDS).map(lambda parts: f"({parts[0]})[*].{parts[1]}"),
        st.tuples(inner, FIELDS).map(lambda parts: f"({parts[0]}).*.{parts[1]}"),
        inner.map(lambda text: f"({text})[*]"),
        template.map(lambda parts: f'"{parts[0]}${{{parts[1]}}}{parts[2]}"'),
        inner.map(lambda text: f'"${{{text}}}"'),
        inner.map(lambda text: f'" ${{~ {text} ~}} z"'),
        st.tuples(inner, inner).map(lambda parts: f'"%{{ if {parts[0]} }}yes%{{ else }}${{{parts[1]}}}%{{ endif }}"'),
        inner.map(lambda text: f'"%{{ for k, v in {text} ~}} ${{k}}, %{{ endfor }}"'),
        st.tuples(inner, inner).map(lambda parts: f"[for v in {parts[0]} : {parts[1]}]"),
        st.tuples(inner, inner).map(lambda parts: f"[for k, v in {parts[0]} : v if {parts[1]}]"),
        inner.map(lambda text: f"[for k, v in {text} : k]"),
        inner.map(lambda text: f"{{ for k, v in {text} : k => v }}"),
        st.tuples(inner, inner).map(lambda parts: f"{{ for k, v in {parts[0]} : k => v if {parts[1]} }}"),
        inner.map(lambda text: f"{{ for v in {text} : v => v... }}"),
        st.tuples(inner, inner).map(
            lambda parts: "<<-EOT\n    a ${{{}}}\n      b\n\n   ${{{}}}\n  EOT\n".format(*parts)
        ),
        *(
            st.lists(inner, min_size=1, max_size=2).map(lambda items, name=name: f"{name}({', '.join(items)})")  # type: ignore[misc]
            for name in (
                "try",
                "can",
                "length",
                "concat",
                "merge",
                "tostring",
                "tolist",
                "toset",
                "join",
                "keys",
                "jsonencode",
            )
        ),
        inner.map(lambda text: f"concat({text}...)"),
    )


EXPRESSIONS = st.recursive(NAMES | LITERALS, _grown, max_leaves=6)
TURNS_OUT: tuple[Value, ...] = (None, True, 1, "a", (), ("a",), {}, {"a": "b"}, {"foo": ()})


def _filled(value: Value, known: Value) -> Value:
    if isinstance(value, dict):
        return {name: _filled(item, known) for name, item in value.items()}
    if isinstance(value, tuple):
        return tuple(_filled(item, known) for item in value)
    return known if isinstance(value, Unknown) else value


def _whatever_it_is(oracle: Oracle, expression: str, ours: Value) -> None:
    """Check that a value is valid for every value of the unknowns, unless HCL then refuses the whole expression."""
    for known in TURNS_OUT:
        try:
            theirs = oracle.evaluate(expression, {name: _filled(value, known) for name, value in VARIABLES.items()})
        except (RefusedError, UnreadableError):
            continue
        assert agrees(ours, theirs), (known, ours, theirs)


@given(expression=EXPRESSIONS)
def test_no_expression_gives_more_than_hcl(oracle: Oracle, expression: str) -> None:
    try:
        theirs = oracle.evaluate(expression, VARIABLES)
    except UnreadableError:
        return
    except RefusedError:
        theirs = None
        refused = True
    else:
        refused = False
    try:
        ours = evaluate(parse_expression(expression), Environment(Around()))
    except (RefusedError, NotHclError):
        assert refused, f"HCL says {theirs}"
        return
    if refused:  # it may know the type of an unknown value, and refuse that
        assert not is_known(ours) or any(name in expression for name in ("x", "part", "half")), ours
    elif (
        isinstance(theirs, Unknown) and not isinstance(ours, Unknown) and ("try(" in expression or "can(" in expression)
    ):
        # before HCL 2.17 both were unknown with any unknown name, even one that is never evaluated
        _whatever_it_is(oracle, expression, ours)
    else:
        assert agrees(ours, theirs), (ours, theirs)


@pytest.mark.parametrize(
    "idiom",
    [
        "opt == null ? [] : opt",
        "t ? opt : []",
        "t ? [] : opt",
        "optset != null ? optset : []",
        "!t ? optset : []",
        "t ? optmap : {}",
        "t ? {} : optmap",
    ],
)
def test_an_empty_branch_is_of_the_type_beside_it(oracle: Oracle, idiom: str) -> None:
    ours = evaluate(parse_expression(idiom), Environment(Around()))
    assert is_known(ours) and agrees(ours, oracle.evaluate(idiom, VARIABLES))


FAILING = st.one_of(
    st.sampled_from(["e[0]", "o.none", "nul.a", "e[0][*].a", "upper(nul)", "merge(o, n)", '"a${nul}"', "-l", "n + o"]),
    st.sampled_from(
        ["[for v in nul : v]", "m[0].none", "{ (nul) = 1 }", "(t ? e[0] : [])", "l[o.none]", "{ a = 1 }[s]"]
    ),
)
PARTS = st.recursive(
    FAILING | FAILING | st.sampled_from(["x", "n", "s", "nul", "{}", "[]", "opt"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.lists(inner, max_size=3).map(lambda items: f"{{ {', '.join(f'k{n} = {v}' for n, v in enumerate(items))} }}"),
    ),
    max_leaves=5,
)
TAKEN = st.sampled_from(
    ["[]", "{}", "l", "o", "m", "opt", "optmap", "optset", '["a", 1]', '{ k0 = 1, k1 = "a" }', "null"]
)


@given(taken=TAKEN | PARTS, other=PARTS, yes=st.booleans())
def test_a_branch_that_is_not_taken_may_fail(oracle: Oracle, taken: str, other: str, yes: bool) -> None:
    expression = f"t ? ({taken}) : ({other})" if yes else f"!t ? ({other}) : ({taken})"
    try:
        theirs = oracle.evaluate(expression, VARIABLES)
    except (RefusedError, UnreadableError):
        return
    assert agrees(evaluate(parse_expression(expression), Environment(Around())), theirs)


@pytest.mark.parametrize(
    "other", ["e[0]", "[e[0]]", '["a${upper(nul)}"]', "jsondecode(nul).S", "nul.a.b", "[{ a = e[0], b = 1 }]"]
)
def test_an_empty_branch_is_known_beside_one_that_fails(oracle: Oracle, other: str) -> None:
    for expression in (f"length(e) > 0 ? {other} : []", f"nul == null ? [] : {other}"):
        ours = evaluate(parse_expression(expression), Environment(Around()))
        assert is_known(ours) and agrees(ours, oracle.evaluate(expression, VARIABLES))


LEAVES = st.sampled_from(["x", "half.u", "part[1]", '"a"', "1", "true", "null"])
MEMBERS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=2).map(lambda items: f"[{', '.join(items)}]"),
        st.lists(inner, max_size=2).map(lambda items: f"{{ {', '.join(f'k{n} = {v}' for n, v in enumerate(items))} }}"),
    ),
    max_leaves=5,
)


@given(members=st.one_of(MEMBERS.map(lambda one: [one]), st.lists(MEMBERS, min_size=1, max_size=3)), yes=st.booleans())
def test_an_optional_member_is_one_whatever_is_unknown_in_it(oracle: Oracle, members: list[str], yes: bool) -> None:
    for branches in (f"[{', '.join(members)}] : []", f"[] : [{', '.join(members)}]"):
        expression = f"{'t' if yes else '!t'} ? {branches}"
        try:
            ours = evaluate(parse_expression(expression), Environment(Around()))
        except RefusedError:
            continue
        assert len(members) > 1 or isinstance(ours, list)
        _whatever_it_is(oracle, expression, ours)
        with contextlib.suppress(RefusedError):
            assert agrees(ours, oracle.evaluate(expression, VARIABLES))


@pytest.mark.parametrize(
    "doubtful",
    [
        '"%{ if x }a%{ else }${[]}%{ endif }"',
        '"%{ for a in x }${[]}%{ endfor }"',
        '"a${x}"',
        '["%{ if x }a%{ else }${[]}%{ endif }"]',
        'jsonencode("a${x}")',
        "length([x.foo])",
        "{ a = 1, b = x.foo }.a",
        'true ? "a" : x',
        '[for v in [x] : "a" if true || v.foo]',
    ],
)
def test_can_and_try_are_unknown_if_an_unknown_decides(doubtful: str) -> None:
    for expression in (f"can({doubtful})", f"!can({doubtful})", f"length(try([{doubtful}], [])) == 1"):
        assert isinstance(evaluate(parse_expression(expression), Environment(Around())), Unknown)


@pytest.mark.parametrize("sure", ["n", "o.b.c", "part[0]", "half.a", 'half[lower("A")]', "[for v in l : v]"])
def test_can_and_try_are_known_beside_an_unknown(sure: str) -> None:
    found = evaluate(parse_expression(f"[can({sure}), try({sure}, x)]"), Environment(Around()))
    assert is_known(found) and found[0] is True
