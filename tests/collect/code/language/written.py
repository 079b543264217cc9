"""Generated texts that functions read: patterns, formats, JSON, YAML, CSV, networks, times, paths."""

from __future__ import annotations

from hypothesis import strategies as st

from preuve.collect.code.language.hcl.functions.encodings import encoded_bytes

VERBS = st.builds(
    lambda flags, width, precision, place, letter: f"%{flags}{width}{precision}{place}{letter}",
    st.text(" #+0-", max_size=2),
    st.sampled_from(["", "", "1", "5", "12"]),
    st.sampled_from(["", "", ".0", ".2", ".9", "."]),
    st.sampled_from(["", "", "[1]", "[2]"]),
    st.sampled_from("sssdddvvqtfxXobeEgGyc"),
)
SIMPLE = st.sampled_from(["%s", "%d", "%v", "%q", "%t", "%%", "%05d", "%.2f", "%5s", "%-5s|", "%[1]s"])
FORMATS = st.one_of(
    st.tuples(st.text("ab-/", max_size=3), st.one_of(VERBS, SIMPLE), st.sampled_from(["", "%%", "é"])).map("".join),
    st.lists(st.one_of(VERBS, SIMPLE, SIMPLE, st.text("ab%/", max_size=3)), max_size=3).map("".join),
)
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
        [
            "1",
            "-0.5",
            "0x1f",
            "1e2",
            "null",
            "~",
            "yes",
            "true",
            '"a"',
            "'a: b'",
            "a b",
            "10.0.0.0/8",
            "2020-01-01",
            "<<",
            ".5",
            "arn:aws:s3:::a/*",
            "007",
            "1_000",
            "+1",
            "-",
            "é",
            "a#b",
            "a #b",
            "0o7",
            "12:30:45",
            "!!str 1",
            "&a b",
            "*a",
            "1.",
        ]
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
    st.sampled_from(
        ["::", "::1", "fd00::", "2001:db8:0:1::1", "2001:DB8:1:0:0:1:0:0", "::ffff:10.0.0.1", "1.2.3", "10.0.0.01", "a"]
    ),
)
PREFIX = st.one_of(
    st.tuples(ADDRESS, st.sampled_from(["0", "8", "12", "16", "24", "28", "30", "32"])).map("/".join),
    st.tuples(ADDRESS, st.sampled_from(["48", "56", "64", "96", "127", "128", "129", "-1", "08", "255.0.0.0"])).map(
        "/".join
    ),
    ADDRESS,
)
CSV = st.lists(st.sampled_from(["a", "b", ",", '"', "\n", "\r\n", '""', '"a,b"', " ", "é", "\r"]), max_size=9).map(
    "".join
)
CLOCK = st.datetimes().map(lambda time: f"{time.year:04d}{time:-%m-%dT%H:%M:%S}")
TIME = st.one_of(
    st.tuples(
        CLOCK, st.sampled_from(["", ".5", ".123456789"]), st.sampled_from(["Z", "+02:00", "-05:30", "+00:00"])
    ).map("".join),
    st.sampled_from(
        [
            "2020-02-30T00:00:00Z",
            "2020-01-01",
            "",
            "2020-01-01T24:00:00Z",
            "2020-01-01T00:00:60Z",
            "0000-01-01T00:00:00Z",
        ]
    ),
)
DURATION = st.one_of(
    st.lists(
        st.tuples(
            st.sampled_from(["1", "0", "90", ".5", "1.25", "0.1"]), st.sampled_from(["h", "m", "s", "ms", "us", "ns"])
        )
    ).map(lambda parts: "".join(number + unit for number, unit in parts)),
    st.sampled_from(["-1h", "+1h", "0", "1", "h", "1d", "-0.7s", "1h-1m", "300000000h", "1.h", ".h"]),
)
DATES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "Y",
                "YY",
                "YYYY",
                "M",
                "MM",
                "MMM",
                "MMMM",
                "D",
                "DD",
                "EEE",
                "EEEE",
                "h",
                "hh",
                "H",
                "HH",
                "AA",
                "aa",
                "m",
                "mm",
                "s",
                "ss",
                "Z",
                "ZZZ",
                "ZZZZ",
                "ZZZZZ",
                "e",
            ]
        ),
        st.sampled_from(["-", " ", "'T'", "''", "'o''clock'", "'", "/"]),
    ),
    max_size=5,
).map("".join)
PATHS = st.text("./a", max_size=7)
LINKS = st.text("aZ09 /+%é~-_.&=?", max_size=8)
BASE64 = st.one_of(st.binary(max_size=6).map(encoded_bytes), st.text("abA=+/\n", max_size=8))
