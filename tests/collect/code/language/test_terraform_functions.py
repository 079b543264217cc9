"""Functions that only Terraform has, compared with its documentation, and with Python where it has the same."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
from decimal import Decimal
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collect.code.language.hosts import Folder
from collect.code.language.values import INTEGERS, NAMES, TEXTS
from preuve.collect.code.language.hcl.functions import call
from preuve.collect.code.language.values.value import (
    JsonText,
    Map,
    NamedText,
    PartText,
    RefusedError,
    Set,
    Unknown,
    Value,
    is_known,
)

HOLE = Unknown(("var.hole",))
FOLDER = Folder({"a.txt": b"hello", "b.bin": b"\xff", "t.tftpl": b"hi {who}"})

# From the documentation of Terraform, and of OpenTofu for its own functions.
TOLD = [
    ("alltrue", [("true", True)], True),
    ("alltrue", [(True, False)], False),
    ("alltrue", [()], True),
    ("anytrue", [("true", False)], True),
    ("anytrue", [()], False),
    ("index", [("a", "b", "c"), "b"], 1),
    ("matchkeys", [("i-123", "i-abc", "i-def"), ("us-west", "us-east", "us-east"), ("us-east",)], ["i-abc", "i-def"]),
    ("one", [()], None),
    ("one", [("hello",)], "hello"),
    ("sum", [(10, 13, 6, Decimal("4.5"))], Decimal("33.5")),
    ("sum", [("1", 2)], 3),
    ("transpose", [{"a": ("1", "2"), "b": ("2", "3")}], Map({"1": ["a"], "2": ["a", "b"], "3": ["b"]})),
    ("startswith", ["hello world", "hello"], True),
    ("endswith", ["hello world", "hello"], False),
    ("strcontains", ["hello world", "wor"], True),
    ("base64sha256", ["hello world"], "uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek="),
    ("filemd5", ["a.txt"], "5d41402abc4b2a76b9719d911017c592"),
    ("file", ["a.txt"], "hello"),
    ("filebase64", ["b.bin"], "/w=="),
    ("fileexists", ["missing"], False),
    ("fileset", [".", "*.t*"], Set(("a.txt", "t.tftpl"))),
    ("templatefile", ["t.tftpl", {"who": "you"}], "hi you"),
    ("templatestring", ["hi {who}", {"who": "you"}], "hi you"),
    ("timecmp", ["2017-11-22T00:00:00Z", "2017-11-22T01:00:00Z"], -1),
    ("timecmp", ["2017-11-22T01:00:00Z", "2017-11-22T00:00:00-01:00"], 0),
    ("textencodebase64", ["Hello World", "UTF-16LE"], "SABlAGwAbABvACAAVwBvAHIAbABkAA=="),
    ("textdecodebase64", ["SABlAGwAbABvACAAVwBvAHIAbABkAA==", "UTF-16LE"], "Hello World"),
    ("urldecode", ["Hello+World%21"], "Hello World!"),
    ("cidrcontains", ["192.168.2.0/20", "192.168.2.1"], True),
    ("cidrcontains", ["192.168.2.0/22", "192.168.2.0/20"], False),
    ("cidrsubnets", ["10.1.0.0/16", 4, 4, 8, 4], ["10.1.0.0/20", "10.1.16.0/20", "10.1.32.0/24", "10.1.48.0/20"]),
    ("cidrhost", ["fd00:fd12:3456:7890:00a2::/72", 34], "fd00:fd12:3456:7890::22"),
    ("uuidv5", ["dns", "www.terraform.io"], "a5008fae-b28c-5ba5-96cd-82b4c53552d6"),
    ("lookup", [{"a": "ay"}, "c", "what?"], "what?"),
    ("pathexpand", ["/a/b"], "/a/b"),
    ("core::upper", ["a"], "A"),
]
REFUSED = [
    ("index", [(), "a"]),
    ("one", [("a", "b")]),
    ("sum", [()]),
    ("sum", [{"a": 1}]),
    ("list", ["a"]),
    ("file", ["b.bin"]),
    ("templatefile", ["t.tftpl", "who"]),
    ("urldecode", ["%zz"]),
    ("cidrcontains", ["10.0.0.0", "10.0.0.1"]),
    ("cidrsubnet", ["10.0.0.0/255.0.0.0", 8, 1]),
    ("upper", []),
    ("upper", ["a", "b"]),
    ("upper", [None]),
]
NOT_TOLD = [
    "timestamp",
    "plantimestamp",
    "uuid",
    "bcrypt",
    "rsadecrypt",
    "abspath",
    "type",
    "base64gzip",
    "issensitive",
]


@pytest.mark.parametrize(("name", "arguments", "told"), TOLD)
def test_functions_return_the_documented_results(name: str, arguments: list[Value], told: Value) -> None:
    made = call(name, arguments, FOLDER)
    assert (made, type(made)) == (told, type(told))


@pytest.mark.parametrize(("name", "arguments"), REFUSED)
def test_functions_refuse_invalid_arguments(name: str, arguments: list[Value]) -> None:
    with pytest.raises(RefusedError):
        call(name, arguments, FOLDER)


@pytest.mark.parametrize("name", [*NOT_TOLD, "provider::aws::arn_parse", "no_such_function"])
def test_an_unsupported_function_names_itself_as_the_cause(name: str) -> None:
    made = call(name, ["a"], FOLDER)
    assert isinstance(made, Unknown) and made.causes == (f"{name}()",)


@given(st.text())
def test_hashes_and_encodings_agree_with_python(text: str) -> None:
    content = text.encode("utf-8", "surrogatepass").decode("utf-8", "ignore")
    for name in ("md5", "sha1", "sha256", "sha512"):
        assert call(name, [content], FOLDER) == hashlib.new(name, content.encode()).hexdigest()
    digest = base64.b64encode(hashlib.sha512(content.encode()).digest()).decode()
    assert call("base64sha512", [content], FOLDER) == digest
    assert call("urldecode", [quote(content)], FOLDER) == call(
        "urldecode", [call("urlencode", [content], FOLDER)], FOLDER
    )


NETWORKS = st.builds(
    lambda address, length: ipaddress.ip_network((address, length), strict=False),
    st.one_of(st.ip_addresses(v=4).map(int), st.integers(0, 2**32 - 1)),
    st.integers(0, 32),
)


@given(network=NETWORKS, more=st.integers(0, 8), place=st.integers(0, 255))
def test_a_network_contains_its_subnets(network: ipaddress.IPv4Network, more: int, place: int) -> None:
    if network.prefixlen + more > 32 or place >= 2**more:
        with pytest.raises(RefusedError):
            call("cidrsubnet", [str(network), more, place], FOLDER)
        return
    made = call("cidrsubnet", [str(network), more, place], FOLDER)
    inner = ipaddress.ip_network(made)
    assert inner.subnet_of(network) and inner.prefixlen == network.prefixlen + more
    assert (int(inner.network_address) - int(network.network_address)) // inner.num_addresses == place
    assert call("cidrcontains", [str(network), made], FOLDER) is True


def test_known_parts_of_an_unknown_are_used() -> None:
    part = PartText(("var.hole",), parts=("arn:aws:s3:::", HOLE))
    assert call("length", [(HOLE, HOLE)], FOLDER) == 2
    assert call("startswith", [part, "arn:"], FOLDER) is True
    assert call("startswith", [part, "http"], FOLDER) is False
    assert call("startswith", [part, "arn:aws:s3:::a"], FOLDER).causes == HOLE.causes
    assert call("merge", [{"a": HOLE}, {"a": 1}], FOLDER) == {"a": 1}
    joined = call("join", [",", ("10.0.0.0/8", HOLE)], FOLDER)
    assert isinstance(joined, PartText) and joined.parts == ("10.0.0.0/8,", HOLE)
    made = call("format", ["arn:%s:%d", HOLE, 5], FOLDER)
    assert isinstance(made, PartText) and made.parts == ("arn:", HOLE, ":5")


@given(st.sampled_from([{"a": (1, HOLE)}, [HOLE], Map({"a": HOLE}), {"a": Set(("b", HOLE))}, HOLE]))
def test_json_of_an_unknown_decodes_to_an_unknown(value: Value) -> None:
    encoded = call("jsonencode", [value], FOLDER)
    assert isinstance(encoded, JsonText) and encoded.causes == HOLE.causes
    decoded = call("jsondecode", [encoded], FOLDER)
    assert not isinstance(decoded, list | Map | Set) and not is_known(decoded)


MADE = Unknown(("aws_sqs_queue.x.arn",), made=True, sources=frozenset({"aws_sqs_queue.x"}), owner="aws_sqs_queue.x")
PARTLY_KNOWN = st.recursive(
    st.one_of(st.just(MADE), TEXTS, INTEGERS, st.none(), st.booleans())
    | TEXTS.map(lambda text: PartText(MADE.causes, parts=(text + '"<', MADE, "/*"))),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(NAMES, inner, max_size=3),
        inner.map(lambda value: call("jsonencode", [value], FOLDER)),
    ),
    max_leaves=6,
)


def _with_name(value: Value, name: str) -> Value:
    """Return a value in which what is not known is a name."""
    if isinstance(value, JsonText):
        return call("jsonencode", [_with_name(value.value, name)], FOLDER)
    if isinstance(value, dict):
        return {key: _with_name(item, name) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(_with_name(item, name) for item in value)
    parts = value.parts if isinstance(value, PartText) else (value,)
    texts = [name if isinstance(part, Unknown) else part for part in parts]
    return "".join(texts) if isinstance(value, PartText) else texts[0]


@given(PARTLY_KNOWN)
def test_json_in_a_text_has_each_name_where_the_name_will_be(value: Value) -> None:
    name = "arn:aws:sqs:eu-west-3:111122223333:x"
    text = call("join", ["", (call("jsonencode", [value], FOLDER), "")], FOLDER)
    assert MADE in text.parts if not is_known(value) else isinstance(text, str)
    assert _with_name(text, name) == call("jsonencode", [_with_name(value, name)], FOLDER)


def test_json_in_a_text_leaves_open_what_may_be_no_text() -> None:
    encoded = call("jsonencode", [{"a": HOLE, "b": "<"}], FOLDER)
    text = call("join", [" ", ("x", encoded)], FOLDER)
    assert [part.causes if isinstance(part, Unknown) else part for part in text.parts] == [
        'x {"a":',
        HOLE.causes,
        ',"b":"\\u003c"}',
    ]


def test_a_text_keeps_its_origin() -> None:
    name = NamedText("logs", frozenset({"aws_s3_bucket.logs"}))
    for function, arguments in [
        ("lookup", [{"a": name}, "a"]),
        ("element", [(name,), 0]),
        ("coalesce", [None, name]),
        ("one", [[name]]),
        ("tostring", [name]),
    ]:
        assert isinstance(call(function, arguments, FOLDER), NamedText)
    for function, arguments in [("concat", [(name,)]), ("flatten", [((name,),)]), ("tolist", [(name, "a")])]:
        assert isinstance(call(function, arguments, FOLDER)[0], NamedText)
    assert isinstance(call("merge", [{}, {"a": name}], FOLDER)["a"], NamedText)


HUGE = "a" * 900_000
TOO_MUCH = [
    ("pow", [10, 10**9]),
    ("parseint", ["9" * 500_000, 10]),
    ("format", ["%999999999d", 1]),
    ("format", ["%.999999999f", 1]),
    ("format", ["%[1]q" * 5_000, HUGE]),
    ("formatlist", [HUGE + "%s", tuple("abc")]),
    ("formatlist", ["%s" + HUGE, tuple(range(4_000))]),
    ("setproduct", [tuple(range(200)), tuple(range(200)), tuple(range(200))]),
    ("replace", [HUGE, "", HUGE]),
    ("replace", [HUGE, "/a/", HUGE]),
    ("replace", [HUGE, "/(a*)*$/", "b"]),
    ("indent", [10**9, "\n" * 1000]),
    ("join", [HUGE, tuple("abc")]),
    ("regex", ["(x+x+)+y", "x" * 100_000]),
    ("regexall", ["(a|a)*b", "a" * 100_000]),
    ("regexall", ["((a{1000}){1000}){1000}", HUGE]),
    ("split", ["", HUGE]),
    ("cidrsubnets", ["10.0.0.0/8", *[24] * 20_000]),
    ("jsondecode", ["[" * 100_000 + "]" * 100_000]),
    ("jsondecode", ["9" * 500_000]),
    ("yamldecode", ["- " * 100_000]),
    ("csvdecode", ["a\n" * 100_000]),
    ("tonumber", ["1e999999999"]),
    ("concat", [tuple(range(9_000)), tuple(range(9_000))]),
    ("regex", ["(a)" * 101, "a"]),
    ("regex", ["[" + "".join(map(chr, range(0x4E00, 0x4F00, 2))) + "]", "a"]),
    ("sha256", ["\ud800"]),
    ("fileset", [".", "*"]),
]


@pytest.mark.parametrize(("name", "arguments"), TOO_MUCH, ids=[name for name, _ in TOO_MUCH])
def test_an_excessive_result_is_unknown(name: str, arguments: list[Value]) -> None:
    host = Folder({f"{number}.txt": b"" for number in range(10_001)})
    made = call(name, arguments, host)
    assert isinstance(made, Unknown) and made.causes
