"""A secret that is encoded as a part of a text is found wherever it stands in plain, and nothing else is."""

from __future__ import annotations

import base64
import gzip
import textwrap
import time
import zlib
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.collect.code.secrets.contents.encoded_parts import encoded_in
from preuve.collect.code.secrets.forms import UNOPENED, kinds, kinds_and_doubts, places_by_form
from preuve.collect.code.secrets.search import secrets_of

_SECRET = "Zx9kQpw27lsTr4"
_KEY = "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEpAIBAAKCAQEA7bqLd0f3" * 8 + "\n-----END RSA PRIVATE KEY-----\n"


def b64(data: bytes) -> str:
    """Encode bytes."""
    return base64.b64encode(data).decode()


def twice(text: str) -> str:
    """Encode a text, and what comes out once more."""
    return b64(b64(text.encode()).encode())


ENCODINGS: list[Callable[[str], str]] = [
    lambda text: b64(text.encode()),
    lambda text: b64(text.encode()).rstrip("="),
    lambda text: b64(gzip.compress(text.encode(), mtime=0)),
    lambda text: b64(zlib.compress(text.encode())),
    lambda text: b64(text.encode("utf-16-le")),
    twice,
]
CONTENTS = [
    f"DB_PASSWORD={_SECRET}",
    f"#!/bin/sh\nset -e\nexport DB_PASSWORD='{_SECRET}'\nexec app\n",
    f'{{"db": {{"user": "app", "password": "{_SECRET}"}}}}',
    f"db:\n  user: app\n  password: {_SECRET}\n",
    f"postgres://app:{_SECRET}@db.internal/shop",
    f"user=app;X=5\ncurl -u admin:{_SECRET} https://api.internal/x\n",
    f"X={_SECRET}\necho root:$X | chpasswd\n",
    _KEY,
]


def der(tag: int, *parts: bytes) -> bytes:
    """Return one element of ASN.1."""
    content = b"".join(parts)
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x81, size]) if size < 256 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


def _kind(identifier: str) -> bytes:
    return der(0x30, der(6, bytes.fromhex(identifier)), der(5))


_BYTES = Random(1).randbytes
_RSA = b"".join(der(2, b"\0" + _BYTES(size)) for size in (256, 3, 256, 128, 128))
_EC = der(4, _BYTES(32)) + der(0xA0, der(6, bytes.fromhex("2a8648ce3d030107")))
KEYS_IN_BYTES = {
    "PKCS#1": der(0x30, der(2, b"\0"), _RSA),
    "PKCS#8, RSA": der(0x30, der(2, b"\0"), _kind("2a864886f70d010101"), der(4, _RSA)),
    "PKCS#8, elliptic curve": der(0x30, der(2, b"\0"), _kind("2a8648ce3d0201"), der(4, _EC)),
    "PKCS#8, Ed25519": der(0x30, der(2, b"\0"), _kind("2b6570"), der(4, der(4, _BYTES(32)))),
    "PKCS#8, encrypted": der(0x30, _kind("2a864886f70d01050d"), der(4, _RSA)),
    "SEC 1": der(0x30, der(2, b"\1"), _EC),
    "OpenSSH": b"openssh-key-v1\0\0\0\0\4none" + _BYTES(200),
}
NO_KEYS_IN_BYTES = {
    "public, PKCS#1": der(0x30, der(2, b"\0" + _BYTES(256)), der(2, b"\1\0\1")),
    "public": der(0x30, _kind("2a864886f70d010101"), der(3, b"\0" + _BYTES(270))),
    "certificate": der(0x30, der(0x30, der(0xA0, der(2, b"\2")), der(2, _BYTES(16)), _BYTES(400))),
    "request": der(0x30, der(0x30, der(2, b"\0"), der(0x30, der(0x31, _BYTES(40))), _BYTES(200))),
    "signature": der(0x30, der(2, b"\1" + _BYTES(31)), der(2, b"\1" + _BYTES(31))),
    "SNMP": der(0x30, der(2, b"\1"), der(4, b"public"), _BYTES(40)),
    "OpenSSH": b"\0\0\0\7ssh-rsa" + _BYTES(270),
}
WAYS: list[Callable[[bytes], str]] = [
    b64,
    lambda data: b64(data).rstrip("="),
    lambda data: base64.urlsafe_b64encode(data).decode(),
    lambda data: b64(b64(data).encode()),
    lambda data: b64(gzip.compress(data, mtime=0)),
    lambda data: "\n".join(textwrap.wrap(b64(data), 64)),
    bytes.hex,
    lambda data: f"0x{data.hex().upper()}",
    lambda data: "".join(f"\\x{byte:02x}" for byte in data),
    lambda data: data.hex(":"),
    lambda data: f"[{', '.join(map(str, data))}]",
    lambda data: base64.b32encode(data).decode(),
]
BESIDE = ["{}", "SIGNER={}", "signer: {}\nport: 8080\n", '{{"signer": "{}"}}', "sign --with {}\n"]


@given(data=st.sampled_from([*KEYS_IN_BYTES.values()]), way=st.sampled_from(WAYS), beside=st.sampled_from(BESIDE))
def test_a_private_key_is_found_without_the_lines_that_begin_and_end_one(
    data: bytes, way: Callable[[bytes], str], beside: str
) -> None:
    text = beside.format(way(data))
    assert "private_key" in kinds(text), text
    assert "private_key" in {kind for kind, _ in places_by_form(text)}, text


@given(data=st.sampled_from([*NO_KEYS_IN_BYTES.values()]), way=st.sampled_from(WAYS), beside=st.sampled_from(BESIDE))
def test_bytes_that_are_no_private_key_are_none(data: bytes, way: Callable[[bytes], str], beside: str) -> None:
    assert not list(kinds(beside.format(way(data))))


_BY_FIRST_BYTES: list[Callable[[bytes], str]] = [
    bytes.hex,
    lambda data: data.hex(":"),
    lambda data: data.hex(":").upper(),
    lambda data: f"[{', '.join(map(str, data))}]",
    lambda data: base64.b32encode(data).decode(),
]


@given(
    seed=st.integers(0, 1 << 16),
    begins=st.sampled_from([b"", b"0\x82", b"\x14\x6d0\x82", *(data[:60] for data in NO_KEYS_IN_BYTES.values())]),
    way=st.sampled_from(_BY_FIRST_BYTES),
    between=st.sampled_from([" ", ",", "\n", '" "', '\nb="', "</a><a>"]),
)
def test_bytes_say_nothing_about_those_beside_them(
    seed: int, begins: bytes, way: Callable[[bytes], str], between: str
) -> None:
    some = Random(seed).randbytes
    assert not list(kinds_and_doubts(between.join(way(begins + some(32)) for _ in range(3))))


@pytest.mark.parametrize("begins", ["", "48, 130, 2, 1, ", "111, 112, 101, 110, "])
@pytest.mark.parametrize("one", ["12, ", "48, ", "255,", "111, 112, ", "30:", "30:82:", "6f:70:65:6e:", "3", "G", "30"])
@pytest.mark.parametrize("end", ["", "3.5", " ]", "x"])
def test_a_long_line_of_numbers_is_searched_at_once(begins: str, one: str, end: str) -> None:
    text = begins + one * (60_000 // len(one)) + end
    started = time.process_time()
    list(encoded_in(text))
    assert time.process_time() - started < 2


def test_a_private_key_with_its_lines_is_found_once() -> None:
    body = "\n".join(textwrap.wrap(b64(KEYS_IN_BYTES["PKCS#1"]), 64))
    for remark in ("", " # gitleaks:allow"):
        text = f"-----BEGIN RSA PRIVATE KEY-----{remark}\n{body}\n-----END RSA PRIVATE KEY-----\n"
        assert len([*places_by_form(text)]) == 1
        assert len([*places_by_form(text.replace("\n", "\\n"))]) == 1


def test_a_store_of_keys_may_hold_one() -> None:
    store = der(0x30, der(2, b"\3"), der(0x30, der(6, bytes.fromhex("2a864886f70d010701")), _BYTES(300)))
    assert [*kinds_and_doubts(b64(store))] == [UNOPENED]


@pytest.mark.parametrize(("name", "doubts"), [("TLS_KEY", True), ("TLS_NAME", False), ("TLS_PUBLIC_KEY", False)])
def test_bytes_that_nothing_explains_are_a_doubt_where_a_secret_may_stand(name: str, *, doubts: bool) -> None:
    variables = {name: b64(b"\x8f\xff" + _BYTES(300))}
    found = secrets_of("aws_lambda_function", {"environment": [{"variables": [variables]}]})
    assert bool(found.hidden) is doubts
    assert not found.found


_OF_LARAVEL = "base64:{}"  # what has a certain length there is the key of a program
AROUND = [
    "#cloud-config\nwrite_files:\n- path: /etc/app.env\n  encoding: b64\n  content: {}\n",
    '#cloud-config\n{{"write_files": [{{"content": "{}", "encoding": "b64"}}]}}',
    "write_files:\n- content: !!binary |\n    {}\n",
    "--b\nContent-Type: text/x-shellscript\nContent-Transfer-Encoding: base64\n\n{}\n--b--\n",
    "#!/bin/sh\necho {} | base64 -d | sh\n",
    "#!/bin/sh\nbase64 -d <<X > /etc/app.env\n{}\nX\n",
    "#!/bin/sh\nbase64 --decode <<< '{}' > /etc/app.env\n",
    "printf 'a\\n{}' > /etc/app.b64",
    _OF_LARAVEL,
    "data:text/plain;base64,{}",
    "powershell.exe -EncodedCommand {}",
    "users:\n- name: u\n  user:\n    certificate-authority-data: {}\n",
    "const a = JSON.parse(atob('{}'));",
    "exec(base64.b64decode(b'{}'))",
]
HARMLESS = [
    "DB_PASSWORD=$DB_PASSWORD",
    "#!/bin/sh\nyum update -y\nsystemctl enable --now app\n",
    '{"log": {"level": "info"}, "port": 8080, "url": "https://api.internal/v1"}',
    "password: {{ vault_password }}\nhost: db.internal\n",
    "-----BEGIN CERTIFICATE-----\n" + "MIIDdzCCAl+gAwIBAgIEAgAA" * 8 + "\n-----END CERTIFICATE-----\n",
]


def wrapped(text: str, width: int, indent: str) -> str:
    """Break what is encoded into lines."""
    return f"\n{indent}".join(textwrap.wrap(text, width)) if width else text


SHAPES = st.tuples(st.sampled_from([0, 64, 76]), st.sampled_from(["", "    "]))


@pytest.mark.parametrize("around", AROUND)
@given(content=st.sampled_from(CONTENTS), encode=st.sampled_from(ENCODINGS), shape=SHAPES)
def test_a_secret_that_is_encoded_in_a_text_is_found(
    around: str, content: str, encode: Callable[[str], str], shape: tuple[int, str]
) -> None:
    text = around.format(wrapped(encode(content), *shape))
    assert next(kinds(text), ""), text
    assert next(places_by_form(text), None), text


@pytest.mark.parametrize("around", [around for around in AROUND if around != _OF_LARAVEL])
@given(content=st.sampled_from(HARMLESS), encode=st.sampled_from(ENCODINGS), shape=SHAPES)
def test_what_holds_no_secret_is_none_when_it_is_encoded(
    around: str, content: str, encode: Callable[[str], str], shape: tuple[int, str]
) -> None:
    assert not list(kinds_and_doubts(around.format(wrapped(encode(content), *shape))))


@given(seed=st.integers(0, 1 << 16), size=st.integers(30, 400), around=st.sampled_from(AROUND[:8]))
def test_what_is_encoded_and_no_text_is_not_decided(seed: int, size: int, around: str) -> None:
    data = b"7z\xbc\xaf" + Random(seed).randbytes(size)
    text = around.format(b64(data))
    assert UNOPENED in list(kinds_and_doubts(text)) or around == AROUND[7]


@pytest.mark.parametrize(
    "text",
    [
        "data:image/png;base64," + b64(b"\x89PNG\r\n" + bytes(range(256))),
        f"echo {b64(bytes([1, 2, 2, 0, 120]) + bytes(range(100, 250)))} | base64 -d | aws kms decrypt",
        "sha256=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08  # of base64 -d",
        "base64 -d x > /usr/local/share/ca-certificates/company.crt",
        "arn:aws:iam::123456789012:role/service-role/ApplicationDeploymentRole2",
        "integrity: sha512-" + b64(Random(1).randbytes(64)),
        "aws secretsmanager get-secret-value --secret-id app | base64 -d > key",
    ],
)
def test_what_only_looks_encoded_is_no_doubt(text: str) -> None:
    assert not list(kinds_and_doubts(text))


def test_what_unpacks_to_much_is_bounded_and_not_decided() -> None:
    bomb = b64(gzip.compress(b"a" * 10_000_000))
    started = time.process_time()
    assert UNOPENED in list(kinds_and_doubts("\n".join(["- " + bomb] * 20)))
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "text",
    [
        f"var a = 'Basic ' + '{b64(f'admin:{_SECRET}'.encode())}';",
        f"btoa('admin:{_SECRET}')",
        f"Buffer.from('admin:{_SECRET}').toString('base64')",
        f'base64.b64encode(b"admin:{_SECRET}")',
        f"AUTH=$(echo -n admin:{_SECRET} | base64)",
        f"unzip -P {_SECRET} a.zip",
    ],
)
def test_a_login_that_a_program_encodes_is_found(text: str) -> None:
    assert next(kinds(text), "")
    assert not list(kinds_and_doubts(text.replace(_SECRET, "$PASSWORD").replace(b64(f"admin:{_SECRET}".encode()), "x")))
