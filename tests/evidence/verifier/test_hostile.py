"""Bundles made to break the verifier: each gets a clear answer, nothing outside is read, nothing is written."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.company import Company, copy, now
from preuve.evidence.runs.file import FileChain
from preuve.evidence.seal import SealTools
from preuve.evidence.verification import Verification
from preuve.evidence.verifier import bag, chain
from preuve.evidence.verifier.check import Witnesses, verify
from preuve.evidence.verifier.report import broken, exit_code, sentences
from preuve.pipeline.bundle.verify import sentences as texts

SECRET = "of the auditor"


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle that is neither signed nor timestamped: what is attacked here are files and lines."""
    home = tmp_path_factory.mktemp("evidence")
    company = Company(home, SealTools(FileChain(home), Verification(texts(), "en")), home, home, home)
    return company.audit("2026-Q4", now())


@pytest.fixture
def bundle(closed: Path, tmp_path: Path) -> Path:
    (tmp_path / "outside").write_text(SECRET)
    return copy(closed, tmp_path)


def answer(bundle: Path) -> str:
    items = verify(bundle, Witnesses())
    assert exit_code(items) == 10
    return "\n".join(sentences(items, texts()["en"]))


def test_an_unsigned_bundle_without_a_witness_is_reported_as_rewritable(bundle: Path) -> None:
    said = "\n".join(sentences(verify(bundle, Witnesses()), texts()["en"]))
    assert "nobody signed it: anyone could have rewritten it" in said
    assert "holds every key" not in said


def add_line(bundle: Path, line: str | bytes, manifest: str = bag.MANIFEST) -> None:
    with (bundle / manifest).open("ab") as file:
        file.write(line if isinstance(line, bytes) else line.encode())


@pytest.mark.parametrize(
    "path",
    ["../outside", "data/../../outside", "/etc/passwd", "data//x", "data/./x", "data\\x", "C:/x", "README.html",
     "~/x", "data/..", "data/a:b"],
)  # fmt: skip
def test_a_path_outside_its_place_is_not_followed(bundle: Path, path: str) -> None:
    add_line(bundle, f"{'0' * 64}  {path}\n")
    text = answer(bundle)
    assert "the path has no place in a bundle, and was not followed" in text
    assert f"{bag.MANIFEST}, line 3" in text


def test_a_payload_path_in_the_tag_manifest_is_out_of_place(bundle: Path) -> None:
    add_line(bundle, f"{'0' * 64}  data/x\n", bag.TAG_MANIFEST)
    assert "the path has no place in a bundle" in answer(bundle)


@pytest.mark.parametrize(
    "line",
    ["\n", "x\n", f"{'0' * 63}  data/x\n", f"{'A' * 64}  data/x\n", f"{'0' * 64} *data/x\n", f"{'0' * 64}  \n",
     f"{'0' * 64}  data/x", f"{'0' * 32}  data/x\n", f"{'0' * 64}  data/x\r\n", b"\xff\xfe\n",
     f"{'0' * 64}  data/".encode() + b"\xff\n"],
    ids=range(11),
)  # fmt: skip
def test_an_invalid_line_is_reported_with_its_number(bundle: Path, line: str | bytes) -> None:
    add_line(bundle, line)
    assert f"{bag.MANIFEST}, line 3: not a SHA-256" in answer(bundle)


@pytest.mark.parametrize(
    "line", [f"{'0' * 64}  data/{'x' * 5000}\n", "0" * 3_000_000, f"{'0' * 3_000_000}\n"], ids=range(3)
)
def test_a_line_that_is_too_long_hides_no_other(bundle: Path, line: str) -> None:
    text = (bundle / bag.MANIFEST).read_text()
    (bundle / bag.MANIFEST).write_text(line if line[-1] == "0" else line + text)
    said = answer(bundle)
    assert f"{bag.MANIFEST}, line 1: longer than 1090 characters" in said
    assert ("no well-formed line" in said) is (line[-1] == "0")


def test_a_file_listed_twice_is_reported(bundle: Path) -> None:
    lines = (bundle / bag.MANIFEST).read_text().splitlines(keepends=True)
    add_line(bundle, "0" * 64 + lines[0][64:])
    assert "is listed twice" in answer(bundle)


@pytest.mark.parametrize("name", ["manifest-md5.txt", "tagmanifest-sha1.txt", "manifest-sha512.txt", "fetch.txt"])
def test_another_algorithm_or_another_place_is_refused(bundle: Path, name: str) -> None:
    (bundle / name).write_text("")
    assert f"{name}: a bundle is listed by SHA-256 manifests only" in answer(bundle)


@pytest.mark.parametrize("name", [bag.MANIFEST, bag.TAG_MANIFEST, bag.DECLARATION, chain.CHAIN])
def test_a_missing_file_of_the_seal_is_reported(bundle: Path, name: str) -> None:
    (bundle / name).unlink()
    assert name in answer(bundle)


def test_empty_manifests_are_invalid(bundle: Path) -> None:
    shutil.rmtree(bundle / "data")
    (bundle / bag.MANIFEST).write_text("")
    assert "lists no file" in answer(bundle)


def test_a_bag_of_another_version_is_reported(bundle: Path) -> None:
    (bundle / bag.DECLARATION).write_text("BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-16\n")
    assert "does not declare BagIt 1.0" in answer(bundle)


@pytest.mark.parametrize("name", ["data/00-summary/index.html", bag.MANIFEST, bag.TAG_MANIFEST, chain.CHAIN])
def test_a_link_in_place_of_a_file_is_not_followed(bundle: Path, name: str) -> None:
    """Even if its target is the right file."""
    (bundle.parent / "same").write_bytes((bundle / name).read_bytes())
    (bundle / name).unlink()
    (bundle / name).symlink_to(bundle.parent / "same")
    assert f"{name} is a link" in answer(bundle)


def test_a_link_to_a_folder_is_not_walked(bundle: Path) -> None:
    (bundle / "data" / "loop").symlink_to(bundle)
    (bundle / "data" / "root").symlink_to("/")
    text = answer(bundle)
    assert "data/loop is a link" in text
    assert len(text.splitlines()) < 12


@pytest.mark.parametrize("name", [bag.SIGNATURE, bag.TIMESTAMP, "data/pipe"])
def test_a_pipe_is_not_read(bundle: Path, name: str) -> None:
    os.mkfifo(bundle / name)
    assert f"{name} is neither a file nor a folder" in answer(bundle)


def test_a_name_cannot_steer_the_terminal(bundle: Path) -> None:
    (bundle / "data" / "\x1b]0;owned\x07\n::error::\u202egpj.exe").write_text("x")
    (bundle / "data" / os.fsdecode(b"\xff\xfe")).write_text("x")
    text = answer(bundle)
    assert all(char.isprintable() or char == "\n" for char in text)
    assert "\\u001b" in text
    assert text.encode("utf-8")


def test_many_defects_are_counted_and_only_some_printed(bundle: Path) -> None:
    for number in range(500):
        (bundle / "data" / str(number)).write_text("x")
    text = answer(bundle)
    assert "480 more" in text
    assert len(text.splitlines()) < 40


def test_deeply_nested_folders_are_verified(bundle: Path) -> None:
    deep = bundle / "data"
    for _ in range(3):  # in steps, because mkdir calls itself for each parent
        deep = deep.joinpath(*["d"] * 400)
        deep.mkdir(parents=True)
    (deep / "x").write_text("x")
    text = answer(bundle)
    subprocess.run(
        ["rm", "-rf", str(bundle / "data" / "d")], check=True, timeout=60
    )  # pytest's own cleanup cannot remove it
    assert sys.getrecursionlimit() < 1200
    assert "the path is longer than 1024 characters" in text


@pytest.mark.parametrize(
    "line",
    ["", "{}", "[]", "null", "\xff", '{"number":1}', '{"number":true,"previous":""}', '{"number":1,"previous":null}',
     '{"number":1,"number":1,"previous":""}', "[" * 60_000, '{"number":1,"previous":"","a":' + "[" * 50_000,
     '{"number":' + "9" * 5000 + ',"previous":""}', "x" * 200_000],
    ids=range(13),
)  # fmt: skip
def test_an_invalid_line_of_the_chain_is_reported(bundle: Path, line: str) -> None:
    (bundle / chain.CHAIN).write_bytes(line.encode("latin-1") + b"\n")
    assert "chain.jsonl, line 1: not the line of a run" in answer(bundle)


def test_an_unfinished_last_line_is_reported(bundle: Path) -> None:
    content = (bundle / chain.CHAIN).read_bytes()
    (bundle / chain.CHAIN).write_bytes(content + b'{"number":2')
    assert "chain.jsonl, line 2: not the line of a run" in answer(bundle)


def test_an_endless_chain_is_not_read(bundle: Path) -> None:
    with (bundle / chain.CHAIN).open("r+b") as file:
        file.truncate(chain.LONGEST_CHAIN + 1)  # sparse
    assert "chain.jsonl is larger than" in answer(bundle)


@pytest.mark.parametrize("name", [bag.SIGNATURE, bag.TIMESTAMP])
def test_a_huge_signature_is_not_read(bundle: Path, name: str) -> None:
    (bundle / "verification" / "allowed_signers").write_text("x")
    (bundle / "verification" / "tsa-ca.pem").write_text("x")
    with (bundle / name).open("wb") as file:
        file.truncate(1 << 34)  # sparse
    assert "is larger than" in answer(bundle)


@given(content=st.binary(max_size=400), name=st.sampled_from([bag.SIGNATURE, bag.TIMESTAMP]))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_bytes_are_no_signature(bundle: Path, content: bytes, name: str) -> None:
    (bundle / "verification" / "allowed_signers").write_bytes(content)
    (bundle / "verification" / "tsa-ca.pem").write_bytes(content)
    (bundle / name).write_bytes(content)
    text = answer(bundle)
    (bundle / name).unlink()
    assert "DOES NOT HOLD  The " in text


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["number", "previous"]), inner),
)


@given(data=_JSON)
def test_other_json_is_no_chain(data: object) -> None:
    found = chain.parse(json.dumps(data).encode() + b"\n")
    first = isinstance(data, dict) and data.get("number") == 1 and data.get("previous") == ""
    assert bool(found.items) is not first
    assert bool(found.lines) is first


def test_values_that_look_like_placeholders_are_inserted_once() -> None:
    (line, *_) = sentences([broken("file_added", file="{file}{x}")], texts()["en"])
    assert "{file}{x}: no well-formed line" in line


def test_every_code_has_a_sentence_and_every_sentence_a_code() -> None:
    source = "".join(path.read_text() for path in Path(bag.__file__).parent.glob("*.py"))
    quoted = set(re.findall(r'"([a-z_]+)"', source))
    used = set(re.findall(r'(?:broken|holds|note|still_open)\(\s*"([a-z_]+)"', source))
    for known in texts().values():
        assert {key for key in known if "." not in key} - quoted == {"left_out"}
        assert used - set(known) == set()
