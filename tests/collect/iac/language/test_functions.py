"""Each function against HCL's own evaluator: we say what it says, refuse what it refuses, or do not know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hcl_oracle import Oracle, UnreadableError, agrees, start

from collect.iac.language.values import INTEGERS, NAMES, NUMBERS, TEXTS, TYPES, anything, filled, values
from preuve.collect.iac.language.functions import call
from preuve.collect.iac.language.functions.encodings import encoded_bytes
from preuve.collect.iac.language.type import ANY, BOOL, NUMBER, STRING, list_of, map_of, set_of
from preuve.collect.iac.language.value import RefusedError, Unknown, Value, is_known, unknown


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


VERBS = st.builds(
    lambda flags, width, precision, place, letter: f"%{flags}{width}{precision}{place}{letter}",
    st.text(" #+0-", max_size=2),
    st.sampled_from(["", "", "1", "5", "12"]),
    st.sampled_from(["", "", ".0", ".2", ".9", "."]),
    st.sampled_from(["", "", "[1]", "[2]"]),
    st.sampled_from("sssdddvvqtfxXobeEgGyc"),
)
SIMPLE = st.sampled_from(["%s", "%d", "%v", "%q", "%t", "%%", "%05d", "%.2f", "%5s", "%-5s|", "%[1]s"])
FORMATS = st.lists(st.one_of(VERBS, SIMPLE, SIMPLE, st.text("ab%/", max_size=3)), max_size=3).map("".join)
JSON = st.recursive(
    st.sampled_from(["1", "-0.50", "1e2", "null", "true", '"a"', '"<é\\u00e9>"', '""', "01", "nul", '"\n"', "1E400"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
        st.lists(inner, max_size=2).map(lambda parts: "{" + ",".join(f'"k{i}":{p}' for i, p in enumerate(parts)) + "}"),
        inner.map(lambda part: f"[{part},]"),
    ),
    max_leaves=4,
)
PATTERNS = st.recursive(
    st.sampled_from(
        [
            "a",
            "b",
            ".",
            "[ab]",
            "[^a]",
            r"\d",
            r"\w",
            r"\s",
            "^",
            "$",
            "",
            r"\b",
            r"\.",
            "A",
            "[[:alpha:]]",
            "[a-c-]",
            "é",
        ]
    ),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map("|".join),
        st.tuples(
            inner, st.sampled_from(["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,1}?", "{1,}", "{0}"])
        ).map(lambda found: f"(?:{found[0]}){found[1]}"),
        inner.map(lambda part: f"({part})"),
        inner.map(lambda part: f"(?P<n>{part})"),
        inner.map(lambda part: f"(?i:{part})"),
        inner.map(lambda part: f"(?ms){part}"),
    ),
    max_leaves=6,
)
YAML = st.recursive(
    st.sampled_from(
        ["1", "-0.5", "0x1f", "1e2", "null", "~", "yes", "true", '"a"', "'a: b'", "a b", "10.0.0.0/8", "2020-01-01", "<<", ".5"]
        + ["arn:aws:s3:::a/*", "007", "1_000", "+1", "-", "é", "a#b", "a #b", "0o7", "12:30:45", "!!str 1", "&a b", "*a", "1."]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
        st.lists(inner, max_size=2).map(lambda parts: "{" + ", ".join(f"k{i}: {p}" for i, p in enumerate(parts)) + "}"),
        st.lists(inner, max_size=2).map(lambda parts: "".join(f"\n- {part}" for part in parts)),
        st.lists(inner, max_size=2).map(lambda parts: "".join(f"\nk{i}: {part}" for i, part in enumerate(parts))),
        inner.map(lambda part: f"a: |\n  {part}\n"),
        inner.map(lambda part: f"{part}: >-\n  {part}\n  {part}"),
    ),
    max_leaves=4,
)
OCTET = st.sampled_from(["0", "10", "128", "255", "192", "1"])
ADDRESS = st.one_of(
    st.tuples(OCTET, OCTET, OCTET, OCTET).map(".".join),
    st.sampled_from(["::", "::1", "fd00::", "2001:db8:0:1::1", "2001:DB8:1:0:0:1:0:0", "::ffff:10.0.0.1", "1.2.3", "10.0.0.01", "a"]),
)
PREFIX = st.one_of(
    st.tuples(ADDRESS, st.sampled_from(["0", "8", "12", "16", "24", "28", "30", "32"])).map("/".join),
    st.tuples(ADDRESS, st.sampled_from(["48", "56", "64", "96", "127", "128", "129", "-1", "08", "255.0.0.0"])).map("/".join),
    ADDRESS,
)
CSV = st.lists(st.sampled_from(["a", "b", ",", '"', "\n", "\r\n", '""', '"a,b"', " ", "é", "\r"]), max_size=9).map("".join)
CLOCK = st.datetimes().map(lambda time: f"{time.year:04d}{time:-%m-%dT%H:%M:%S}")
TIME = st.one_of(
    st.tuples(CLOCK, st.sampled_from(["", ".5", ".123456789"]), st.sampled_from(["Z", "+02:00", "-05:30", "+00:00"])).map("".join),
    st.sampled_from(["2020-02-30T00:00:00Z", "2020-01-01", "", "2020-01-01T24:00:00Z", "2020-01-01T00:00:60Z", "0000-01-01T00:00:00Z"]),
)
DURATION = st.one_of(
    st.lists(st.tuples(st.sampled_from(["1", "0", "90", ".5", "1.25", "0.1"]), st.sampled_from(["h", "m", "s", "ms", "us", "ns"])))
    .map(lambda parts: "".join(number + unit for number, unit in parts)),
    st.sampled_from(["-1h", "+1h", "0", "1", "h", "1d", "-0.7s", "1h-1m", "300000000h", "1.h", ".h"]),
)
DATES = st.lists(
    st.one_of(
        st.sampled_from("Y YY YYYY M MM MMM MMMM D DD EEE EEEE h hh H HH AA aa m mm s ss Z ZZZ ZZZZ ZZZZZ e".split()),
        st.sampled_from(["-", " ", "'T'", "''", "'o''clock'", "'", "/"]),
    ),
    max_size=5,
).map("".join)
PATHS = st.text("./a", max_size=7)
LINKS = st.text("aZ09 /+%é~-_.&=?", max_size=8)
BASE64 = st.one_of(st.binary(max_size=6).map(encoded_bytes), st.text("abA=+/\n", max_size=8))
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
    "e": _plain(st.text("abABc1. \nék\u212a", max_size=8)),
    "R": _plain(st.one_of(PATTERNS.map(lambda pattern: f"/{pattern}/"), st.text("ab/", max_size=2))),
    "s": _plain(st.sampled_from(["", "x", "$1", "${1}x", "$1x", "$$", "$", "$n", "${n}", "${", "$0é", "$0-", "$2"])),
    "f": _plain(FORMATS),
    "j": _plain(JSON),
    "l": lambda **how: st.one_of(lists(STRING, **how), lists(NUMBER, **how), anything(**how)),
    "d": _plain(st.one_of(st.text("0123456789abzAZ+-_", max_size=5), st.integers().map(str))),
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
    "log": "nn",
    "max": "n+",
    "min": "n+",
    "parseint": "di",
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
