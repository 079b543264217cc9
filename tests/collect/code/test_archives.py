"""What is packed in base64 is opened whole, whatever packs it: a secret in it fails, and what was not seen is not
evaluated.
"""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collect.code.test_no_secrets_in_normal_code import state
from collect.code.test_written_secrets import ASKED
from preuve.collect.code.checkov.kinds.values_files import pieces_of
from preuve.collect.code.secrets.contents.archives import unpack
from preuve.collect.code.secrets.contents.encoded_parts import encoded_in
from preuve.collect.code.secrets.search import secrets_in_data, secrets_of
from preuve.collect.code.secrets.terraform_files import lines_of

SECRET = (
    b"#!/bin/sh\nexport GITHUB_TOKEN=ghp_Zk3Rq8Lm2Xw9Tn5Vb7Yc1Pd4Hs6Jf0Ga2Ke8\nexport DB_PASSWORD=Kq9vTz4LmX2wRb7n\n"
)
HARMLESS = b"#!/bin/sh\nyum install -y nginx\nsystemctl enable --now nginx\n"
PLACES = [
    ("aws_launch_template", "user_data"),
    ("aws_instance", "user_data_base64"),
    ("AWS::EC2::Instance", "UserData"),
]
BINARY = bytes(range(128, 256)) * 3


def tar(text: bytes) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        for name, data in (("a", b"first"), ("b", text)):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return written.getvalue()


def zipped(text: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"first")
        archive.writestr("b", text)
    return written.getvalue()


def in_xz_alone(text: bytes) -> bytes:
    return lzma.compress(text, format=lzma.FORMAT_ALONE)


# What packs a text, so that it packs what another one has packed as well.
PACKS: dict[str, Callable[[bytes], bytes]] = {
    "as it is": bytes,
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "lzma": in_xz_alone,
    "tar": tar,
    "zip": zipped,
    "second member": lambda text: gzip.compress(b"#!/bin/sh\n") + gzip.compress(b"") + gzip.compress(text) + b"\0" * 9,
    "behind a megabyte": lambda text: gzip.compress(b"# comment\n" * 100_000 + text),
}
BESIDE = {"second member", "behind a megabyte"}
WRITES: dict[str, Callable[[bytes], bytes]] = {
    "UTF-8": bytes,
    "Latin-1": lambda text: "# é à\n".encode("latin-1") + text,
    "UTF-16": lambda text: text.decode().encode("utf-16"),
    "UTF-16 LE": lambda text: text.decode().encode("utf-16-le"),
    "UTF-16 BE": lambda text: text.decode().encode("utf-16-be"),
}


def told(data: bytes, place: tuple[str, str] = PLACES[0]) -> str:
    kind, name = place
    return state(secrets_of(kind, {name: [base64.b64encode(data).decode()]}))


def in_text(data: bytes) -> set[str]:
    text = f"text: {base64.b64encode(data).decode()}\n"
    return {line["result"] for line in lines_of(ASKED, ".", "x.txt", text, pieces_of("x.txt", text), "file")}


@given(
    packs=st.lists(st.sampled_from(sorted(PACKS)), min_size=1, max_size=3),
    write=st.sampled_from(sorted(WRITES)),
    place=st.sampled_from(PLACES),
)
def test_a_secret_in_what_is_packed_fails_and_nothing_else(
    packs: list[str], write: str, place: tuple[str, str]
) -> None:
    def packed(text: bytes) -> bytes:
        data = WRITES[write](text)
        for pack in packs:
            data = PACKS[pack](data)
        return data

    if BESIDE.isdisjoint(packs[1:]):  # what is packed behind a text is none
        assert told(packed(SECRET), place) == "FAIL"
        mixed = not BESIDE.isdisjoint(packs) and write.startswith("UTF-16")
        assert told(packed(HARMLESS), place) in (("UNKNOWN",) if mixed else ("PASS",))


def test_a_text_behind_bytes_that_are_none_fails_and_is_not_passed() -> None:
    assert told(BINARY + SECRET) == "FAIL"
    assert told(BINARY + HARMLESS) == "UNKNOWN"


UNSEEN = {
    "zstd": b"\x28\xb5\x2f\xfd" + BINARY,
    "of no known form": BINARY,
    "cut": gzip.compress(HARMLESS * 50)[:60],
    "a false sum": gzip.compress(HARMLESS)[:-8] + b"12345678",
    "of bytes": gzip.compress(BINARY),
    "many members": gzip.compress(b"") * 6_000,
    "too much": gzip.compress(gzip.compress(b"abcdefgh\n" * 3_000_000)),
    "too deep": gzip.compress(gzip.compress(gzip.compress(gzip.compress(gzip.compress(gzip.compress(SECRET)))))),
    "more than is looked through": gzip.compress(b"\n".join(b"%d" % number for number in range(200_000))),
}


@pytest.mark.parametrize("name", UNSEEN)
def test_what_does_not_open_is_not_passed(name: str) -> None:
    assert told(UNSEEN[name]) == "UNKNOWN"
    if name != "of no known form":  # beside code nothing says of bytes that they are encoded
        assert in_text(UNSEEN[name]) == {"UNKNOWN"}
    assert in_text(gzip.compress(SECRET)) == {"FAILED"}


def test_what_unpacks_to_very_much_is_left_soon() -> None:
    bombs = [
        gzip.compress(gzip.compress(b"\0" * 50_000_000)),
        bz2.compress(b"a" * 50_000_000),
        gzip.compress(b"") * 30_000,
    ]
    begin = process_time()
    assert not any(unpack(bomb).whole for bomb in bombs)
    assert process_time() - begin < 5


@pytest.mark.parametrize(
    "form",
    [
        lambda text: f"echo {text.hex()} | xxd -r -p | sh\n",
        lambda text: f"exec(bytes.fromhex('{text.hex()}'))\n",
        lambda text: f"echo {base64.b32encode(text).decode()} | base32 -d | sh\n",
        lambda text: "printf '" + "".join(f"\\x{sign:02x}" for sign in text) + "' | sh\n",
        lambda text: "printf '" + "".join(f"\\{sign:03o}" for sign in text) + "' | sh\n",
    ],
)
def test_what_stands_beside_what_decodes_it_is_opened_too(form: Callable[[bytes], str]) -> None:
    def of(text: bytes) -> str:
        return state(secrets_of("aws_instance", {"user_data": ["#!/bin/sh\n" + form(text)]}))

    assert (of(SECRET), of(HARMLESS)) == ("FAIL", "PASS")
    assert "\\" in form(b"") or "printf" in form(b"") or of(BINARY) == "UNKNOWN"


def test_a_hash_beside_what_only_writes_hexadecimal_is_none() -> None:
    text = f"#!/bin/sh\nsha={'ab12' * 16}\necho x | xxd -p\n"
    assert state(secrets_of("aws_instance", {"user_data": [text]})) == "PASS"


@pytest.mark.parametrize(
    "first",
    [
        ["x", "x"],
        {"name": "x", "value": "y"},
        ["--password", "x"],
        {"kind": "Secret", "apiVersion": "v1", "secretName": "s"},
    ],
)
def test_parts_that_data_repeats_are_read_once(first: Any) -> None:
    """As aliases repeat them in YAML, of more than the parser takes (`test_yaml_size`)."""
    part = first
    for _ in range(12):
        part = [*[part] * 10, {"name": part, "type": part, "value": part}]
    begin = process_time()
    secrets_in_data({"part": part})
    assert process_time() - begin < 3


def _huge_name() -> bytes:
    """Return an archive of which a head says that a name has 2**70 bytes."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w", format=tarfile.GNU_FORMAT) as archive:
        archive.addfile(tarfile.TarInfo("a" * 120))
    head = bytearray(written.getvalue())
    head[124:136] = b"\x80" + (2**70).to_bytes(11, "big")
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head[:512])
    return bytes(head[:1536])


def _greedy_zip() -> bytes:
    """Return an archive that asks for 4 GB of memory."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.txt", "a" * 30)
    data = bytearray(written.getvalue())
    data[40:44] = b"\xff" * 4
    return bytes(data)


@pytest.mark.parametrize("data", [_huge_name(), _greedy_zip()], ids=["a huge name", "much memory"])
def test_what_makes_a_reader_stumble_was_not_seen_and_hides_nothing_beside_it(data: bytes) -> None:
    assert told(data) == "UNKNOWN"
    body = {"user_data_base64": [base64.b64encode(data).decode()], "user_data": [SECRET.decode()]}
    assert state(secrets_of("aws_instance", body)) == "FAIL"


def test_many_bombs_in_few_signs_are_left_soon() -> None:
    bombs = [base64.b64encode(bz2.compress(b"\0" * (9_000_000 + number))).decode() for number in range(2)]
    text = "\n".join(f"a{number}: {bomb}" for number, bomb in enumerate(bombs * 50))
    begin = process_time()
    assert in_text(SECRET) == {"FAILED"}
    assert {inner for _, inner in encoded_in(text)} == {None}
    assert process_time() - begin < 3


def test_what_reads_escapes_is_none_that_says_what_they_hold() -> None:
    magic = r"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00"
    mask = r"\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff"
    text = f"#!/bin/sh\necho ':qemu:M::{magic}:{mask}:/usr/bin/qemu:' > /proc/sys/fs/binfmt_misc/register\n"
    assert state(secrets_of("aws_instance", {"user_data": [text]})) == "PASS"


@pytest.mark.parametrize("text", ["UserDataScriptForTheWebServerX", "ab12" * 16])
def test_a_name_or_a_hash_in_place_of_user_data_is_no_base64(text: str) -> None:
    assert [state(secrets_of(kind, {name: [text]})) for kind, name in PLACES] == ["PASS"] * len(PLACES)
