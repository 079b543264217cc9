"""Each function against HCL's own evaluator: we say what it says, refuse what it refuses, or do not know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from collect.iac.language.values import NAMES, NUMBERS, TEXTS, TYPES, anything, filled, values
from hcl_oracle import Oracle, UnreadableError, agrees, start
from preuve.collect.iac.language.functions import call
from preuve.collect.iac.language.type import BOOL, NUMBER, STRING, list_of, map_of, set_of
from preuve.collect.iac.language.value import RefusedError, Unknown, Value, unknown


class Nowhere:
    """A host that holds no file."""

    def read(self, path: str) -> bytes | Unknown:
        return unknown(why=path)

    def exists(self, path: str) -> bool | Unknown:
        return unknown(why=path)

    def names(self, path: str, pattern: str) -> tuple[str, ...] | Unknown:
        return unknown(why=path)

    def render(self, template: str, variables: Mapping[str, Value]) -> Value:
        return unknown(why=template)


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    witness = start()
    yield witness
    witness.close()


def outcome(function: object, *arguments: object) -> Value:
    """What is answered, or the type of the refusal."""
    try:
        return function(*arguments)  # type: ignore[operator]
    except RefusedError:
        return RefusedError


def same(ours: Value, theirs: Value) -> bool:
    if RefusedError in (ours, theirs):
        return ours is theirs or isinstance(ours, Unknown)
    return agrees(ours, theirs)


def lists(element: object, **how: bool) -> st.SearchStrategy[Value]:
    """Lists, sets and tuples of a type."""
    found = values(list_of(element), nulls=False, **how)  # type: ignore[arg-type]
    return st.one_of(
        found,
        found.map(lambda made: tuple(made) if isinstance(made, list) else made),
        values(set_of(element), nulls=False, **how),
    )  # type: ignore[arg-type]


def sequences(**how: bool) -> st.SearchStrategy[Value]:
    return st.one_of(st.lists(anything(**how), max_size=4).map(tuple), TYPES.flatmap(lambda type_: lists(type_, **how)))


def mappings(**how: bool) -> st.SearchStrategy[Value]:
    objects = st.dictionaries(NAMES, anything(**how), max_size=3)
    return st.one_of(objects, TYPES.flatmap(lambda type_: values(map_of(type_), nulls=False, **how)))


def arguments_of(name: str, **how: bool) -> st.SearchStrategy[Sequence[Value]]:
    """Arguments that a function may accept, and now and then others."""
    likely = st.tuples(*(LIKELY[letter](**how) for letter in SHAPES[name].rstrip("+")))
    if SHAPES[name].endswith("+"):
        further = st.lists(LIKELY[SHAPES[name][-2]](**how), max_size=2).map(tuple)
        likely = st.builds(lambda first, rest: first + rest, likely, further)
    return st.one_of(likely, likely, likely, st.lists(anything(**how), max_size=3).map(tuple))


def _plain(strategy: st.SearchStrategy[Value]) -> object:
    return lambda holes=False: st.one_of(strategy, st.just(Unknown(("var.hole",)))) if holes else strategy


LIKELY = {
    "v": anything,
    "q": sequences,
    "m": mappings,
    "t": _plain(TEXTS),
    "n": _plain(NUMBERS),
    "i": _plain(st.integers(-3, 6)),
    "k": _plain(NAMES),
    "T": lambda **how: lists(STRING, **how),
    "N": lambda **how: lists(NUMBER, **how),
    "B": lambda **how: lists(BOOL, **how),
}
SHAPES = {
    "chomp": "t",
    "chunklist": "qi",
    "coalesce": "v+",
    "coalescelist": "q+",
    "compact": "T",
    "concat": "q+",
    "contains": "qv",
    "distinct": "q",
    "element": "qi",
    "flatten": "q",
    "indent": "it",
    "join": "tT+",
    "keys": "m",
    "length": "v",
    "lookup": "mkv",
    "lower": "t",
    "merge": "m+",
    "reverse": "q",
    "setintersection": "q+",
    "setproduct": "qq+",
    "setsubtract": "qq",
    "setunion": "q+",
    "slice": "qii",
    "sort": "T",
    "split": "tt",
    "strrev": "t",
    "substr": "tii",
    "title": "t",
    "tobool": "v",
    "tolist": "v",
    "tomap": "v",
    "tonumber": "v",
    "toset": "v",
    "tostring": "v",
    "trim": "tt",
    "trimprefix": "tt",
    "trimspace": "t",
    "trimsuffix": "tt",
    "upper": "t",
    "values": "m",
    "zipmap": "Tq",
}


# In `merge`, an empty map and a null are taken for ones of the type of the others. HCL can have them of no type.
@pytest.mark.parametrize("name", SHAPES)
@given(data=st.data())
def test_known_arguments(oracle: Oracle, name: str, data: st.DataObject) -> None:
    arguments = data.draw(arguments_of(name))
    try:
        theirs = outcome(oracle.call, name, arguments)
    except UnreadableError:
        assume(False)
    assume(name != "merge" or not any(argument in ({}, None) for argument in arguments))
    ours = outcome(call, name, arguments, Nowhere())
    assert same(ours, theirs), (ours, theirs, arguments)


@pytest.mark.parametrize("name", SHAPES)
@given(data=st.data())
def test_unknown_arguments(oracle: Oracle, name: str, data: st.DataObject) -> None:
    """Whatever an unknown turns out to be, what we said without it holds."""
    arguments = data.draw(arguments_of(name, holes=True))
    ours = outcome(call, name, arguments, Nowhere())
    assume(not isinstance(ours, Unknown))
    known = filled(tuple(arguments), data)
    assume(name != "merge" or not any(argument in ({}, None) for argument in known))
    try:
        theirs = outcome(oracle.call, name, known)
    except UnreadableError:
        assume(False)
    assert theirs is RefusedError or same(ours, theirs), (ours, theirs, known)
