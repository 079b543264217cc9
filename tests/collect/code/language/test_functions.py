"""Each function compared with HCL's own evaluator: the same result, the same refusal, or unknown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from collect.code.language.hosts import Folder
from collect.code.language.values import HOLE, NAMES, NUMBERS, TEXTS, TYPES, anything, filled, values
from collect.code.language.written import (
    BASE64,
    CSV,
    DATES,
    DURATION,
    FORMATS,
    JSON,
    LINKS,
    PATHS,
    PATTERNS,
    PREFIX,
    TIME,
    YAML,
)
from hcl_oracle import Oracle, UnreadableError, agrees, start
from preuve.collect.code.language.hcl.functions import call
from preuve.collect.code.language.values.type import BOOL, NUMBER, STRING, list_of, map_of, set_of, type_of
from preuve.collect.code.language.values.value import Map, PartialList, PartialMap, RefusedError, Unknown, Value


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    witness = start()
    yield witness
    witness.close()


def outcome(function: object, *arguments: object) -> Value:
    """Return the result, or the type of the refusal."""
    try:
        return function(*arguments)  # type: ignore[operator]
    except RefusedError:
        return RefusedError


def same(ours: Value, theirs: Value) -> bool:
    if RefusedError in (ours, theirs):
        return ours is theirs or holds_unknown(ours)
    return agrees(ours, theirs)


def holds_unknown(value: Value) -> bool:
    """Whether a value or a member of it is unknown: nothing is claimed of it."""
    return type(value) in (Unknown, PartialList, PartialMap) or (
        isinstance(value, list | tuple) and any(map(holds_unknown, value))
    )


@cache
def lists(element: object, **how: bool) -> st.SearchStrategy[Value]:
    """Lists, sets and tuples of a type."""
    found = values(list_of(element), nulls=False, **how)  # type: ignore[arg-type]
    return st.one_of(
        found,
        found.map(lambda made: tuple(made) if isinstance(made, list) else made),
        values(set_of(element), nulls=False, **how),
    )  # type: ignore[arg-type]


@cache
def sequences(**how: bool) -> st.SearchStrategy[Value]:
    return st.one_of(st.lists(anything(**how), max_size=4).map(tuple), TYPES.flatmap(lambda type_: lists(type_, **how)))


@cache
def mappings(**how: bool) -> st.SearchStrategy[Value]:
    objects = st.dictionaries(NAMES, anything(**how), max_size=3)
    return st.one_of(objects, TYPES.flatmap(lambda type_: values(map_of(type_), nulls=False, **how)))


@cache
def arguments_of(name: str, **how: bool) -> st.SearchStrategy[Sequence[Value]]:
    """Arguments that a function may accept, and now and then others."""
    likely = st.tuples(*(LIKELY[letter](**how) for letter in SHAPES[name].rstrip("+")))
    if SHAPES[name].endswith("+"):
        further = st.lists(LIKELY[SHAPES[name][-2]](**how), max_size=2).map(tuple)
        likely = st.builds(lambda first, rest: first + rest, likely, further)
    wild = st.lists(anything(**how), max_size=3).map(tuple)
    return st.integers(0, 9).flatmap(lambda chance: wild if chance == 9 else likely)


def _plain(strategy: st.SearchStrategy[Value]) -> object:
    with_holes = st.one_of(strategy, st.just(Unknown(("var.hole",))))
    return lambda holes=False: with_holes if holes else strategy


LIKELY = {
    "y": _plain(YAML),
    "p": _plain(PREFIX),
    "c": _plain(CSV),
    "w": _plain(TIME),
    "u": _plain(DURATION),
    "g": _plain(DATES),
    "h": _plain(PATHS),
    "x": _plain(LINKS),
    "6": _plain(BASE64),
    "o": _plain(st.one_of(st.integers(-3, 300), st.integers(-(2**40), 2**70))),
    "U": _plain(st.sampled_from(["dns", "url", "oid", "x500", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "a", ""])),
    "r": _plain(st.one_of(PATTERNS, PATTERNS, st.text("ab()[]{}?*+|^$.\\d-,:1", max_size=6))),
    "e": _plain(st.text("abABc1. \nékſ", max_size=8)),
    "R": _plain(st.one_of(PATTERNS.map(lambda pattern: f"/{pattern}/"), st.text("ab/", max_size=2))),
    "s": _plain(st.sampled_from(["", "x", "$1", "${1}x", "$1x", "$$", "$", "$n", "${n}", "${", "$0é", "$0-", "$2"])),
    "f": _plain(FORMATS),
    "j": _plain(JSON),
    "l": cache(lambda **how: st.one_of(lists(STRING, **how), lists(NUMBER, **how), anything(**how))),
    "d": _plain(st.one_of(st.text("0123456789abzAZ+-_", max_size=5), st.integers(0, 10**5).map(str))),
    "b": _plain(st.sampled_from([2, 8, 10, 10, 16, 36, 37, 62, 1, 63])),
    "S": _plain(st.one_of(TEXTS, NUMBERS, st.booleans())),
    "v": anything,
    "q": sequences,
    "m": mappings,
    "t": _plain(TEXTS),
    "n": _plain(NUMBERS),
    "i": _plain(st.one_of(st.integers(0, 3), st.integers(-3, 9))),
    "k": _plain(NAMES),
    "T": lambda **how: lists(STRING, **how),
    "N": lambda **how: lists(NUMBER, **how),
    "B": lambda **how: lists(BOOL, **how),
}
SHAPES = {
    "abs": "n",
    "base64decode": "6",
    "base64encode": "t",
    "basename": "h",
    "ceil": "n",
    "floor": "n",
    "format": "fv+",
    "formatdate": "gw",
    "formatlist": "fl+",
    "jsondecode": "j",
    "jsonencode": "v",
    "max": "n+",
    "min": "n+",
    "parseint": "db",
    "pow": "ii",
    "range": "n+",
    "signum": "n",
    "chomp": "t",
    "chunklist": "qi",
    "cidrhost": "po",
    "cidrnetmask": "p",
    "cidrsubnet": "pii",
    "cidrsubnets": "pi+",
    "coalesce": "v+",
    "coalescelist": "q+",
    "compact": "T",
    "concat": "q+",
    "contains": "qv",
    "csvdecode": "c",
    "dirname": "h",
    "distinct": "q",
    "element": "qi",
    "flatten": "q",
    "indent": "it",
    "join": "tT+",
    "keys": "m",
    "length": "v",
    "lookup": "mkv",
    "lower": "t",
    "md5": "t",
    "merge": "m+",
    "regex": "re",
    "regexall": "re",
    "replace": "eRs",
    "reverse": "q",
    "setintersection": "q+",
    "setproduct": "qq+",
    "setsubtract": "qq",
    "setunion": "q+",
    "sha1": "t",
    "sha256": "t",
    "sha512": "t",
    "slice": "qii",
    "sort": "T",
    "split": "tt",
    "strrev": "t",
    "substr": "tii",
    "timeadd": "wu",
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
    "urlencode": "x",
    "uuidv5": "Ut",
    "values": "m",
    "yamldecode": "y",
    "yamlencode": "v",
    "zipmap": "Tq",
}


def of_no_type(argument: Value) -> bool:
    """A null or a map of nulls: `merge` takes them for ones of the type of the others; HCL can have them of none."""
    return argument is None or (isinstance(argument, Map) and type_of(argument).holds("any"))


def of_several_types(arguments: Sequence[Value]) -> bool:
    """Lists of different types beside an empty one: its type decides how `concat` joins them, and ours is unknown."""
    types = {type_of(argument) for argument in arguments if argument != []}
    return len(types) > 1 and [] in arguments


@pytest.mark.parametrize("name", SHAPES)
@given(data=st.data())
def test_functions_of_known_arguments_agree_with_terraform(oracle: Oracle, name: str, data: st.DataObject) -> None:
    arguments = data.draw(arguments_of(name))
    try:
        theirs = outcome(oracle.call, name, arguments)
    except UnreadableError:
        assume(False)
    assume(name != "merge" or not any(map(of_no_type, arguments)))
    assume(name != "concat" or not of_several_types(arguments))
    ours = outcome(call, name, arguments, Folder())
    assert same(ours, theirs), (ours, theirs, arguments)


@pytest.mark.parametrize("name", SHAPES)
@given(data=st.data())
def test_functions_of_unknown_arguments_agree_with_every_completion(
    oracle: Oracle, name: str, data: st.DataObject
) -> None:
    """For every value of an unknown, the result without that value stays valid."""
    arguments = data.draw(arguments_of(name, holes=True))
    ours = outcome(call, name, arguments, Folder())
    if type(ours) is Unknown:
        return
    known = filled(tuple(arguments), data)
    assume(name != "merge" or not any(map(of_no_type, known)))
    try:
        theirs = outcome(oracle.call, name, known)
    except UnreadableError:
        assume(False)
    assert theirs is RefusedError or same(ours, theirs), (ours, theirs, known)


@pytest.mark.parametrize("name", ["compact", "concat", "distinct", "flatten", "setunion", "sort"])
def test_a_list_holds_what_it_surely_holds(name: str) -> None:
    hole = Unknown(("var.hole",))
    whole = [["0.0.0.0/0", hole]] if name in ("compact", "distinct", "sort") else [["0.0.0.0/0"], hole]
    for arguments in (whole, whole[::-1]):
        made = call(name, [arguments] if name == "flatten" else arguments, Folder())
        assert isinstance(made, PartialList)
        assert made.held == ("0.0.0.0/0",)


@given(data=st.data())
def test_merged_maps_have_what_they_surely_have(oracle: Oracle, data: st.DataObject) -> None:
    """Whatever map an unknown one is, the members that ours is said to have are there, with their values."""
    arguments = data.draw(st.lists(st.one_of(st.just(HOLE), st.dictionaries(NAMES, TEXTS, max_size=3)), min_size=1))
    ours = call("merge", arguments, Folder())
    known = [data.draw(st.dictionaries(NAMES, TEXTS, max_size=3)) if one is HOLE else one for one in arguments]
    assert agrees(ours, oracle.call("merge", known)), (ours, known)
    surely = dict(ours.members) if isinstance(ours, PartialMap) else ours if isinstance(ours, dict) else {}
    assert arguments[-1] is HOLE or arguments[-1].keys() <= surely.keys()
