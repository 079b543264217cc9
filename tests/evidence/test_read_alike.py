"""A bundle that two tools would read differently does not hold in any verifier: no bundle is two bundles."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence.company import RESULTS, Company, Insider, copy, found, make_key, now, restate, signing_of
from preuve.evidence.bag import root_of
from preuve.evidence.signature import Signer, allowed_signers
from preuve.evidence.timestamp import Authority
from preuve.evidence.verifier.bag import SIGNATURE, TIMESTAMP
from preuve.evidence.verifier.chain import CHAIN, bundle_digest, read
from preuve.evidence.verifier.check import Witnesses, verify
from preuve.evidence.verifier.report import Level, exit_code
from preuve.system.manifests import MANIFEST, TAG_MANIFEST

Verifier = Callable[[Path, Witnesses], int]


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory, key: Path, authority: Authority) -> Path:
    """The second run of a company that signs nothing."""
    company = found(tmp_path_factory.mktemp("company"), key, authority).with_means(signer=None, authority=None)
    company.scan(now(days=3))
    return company.audit("2026-Q4", now())


@pytest.fixture
def plain(closed: Path, tmp_path: Path) -> Path:
    return copy(closed, tmp_path)


def head(bundle: Path) -> str:
    return read(bundle / CHAIN).lines[-1].digest


def listed(bundle: Path) -> None:
    """Write both manifests for all files present, as a forger does, without a check of names."""
    paths = sorted(path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file())
    for manifest, payload in ((MANIFEST, True), (TAG_MANIFEST, False)):
        names = [name for name in paths if name.startswith("data/") is payload and not name.startswith(TAG_MANIFEST)]
        lines = (f"{hashlib.sha256((bundle / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
        (bundle / manifest).write_text("".join(lines))


def forged(bundle: Path) -> bytes:
    """Results without a failure, and the matching line for this bundle."""
    first = (bundle / RESULTS).read_text().splitlines()[0]
    (bundle / RESULTS).write_text(f"{first}\n")
    listed(bundle)
    line = json.loads((bundle / CHAIN).read_bytes().splitlines()[-1])
    restate(bundle, line)
    line |= {"bundle": bundle_digest(bundle), "number": line["number"] + 1, "previous": head(bundle)}
    return json.dumps(line, sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.parametrize("end", [b"", b"\r", b"\0", b"\n\n", b" \n", b"\x0b", b"\n\xff"], ids=repr)
def test_every_verifier_reports_a_forged_last_line_in_any_encoding(plain: Path, verifier: Verifier, end: bytes) -> None:
    true = head(plain)
    with (plain / CHAIN).open("ab") as file:
        file.write(forged(plain) + end)
    listed(plain)
    assert verifier(plain, Witnesses(heads=[true])) == 10


@pytest.mark.parametrize(
    ("written", "otherwise"),
    [(b"\n", b"\r\n"), (b"\n", b"\n\n"), (b"}\n", b"} \n"), (b'"kind":', b'"kind": '), (b'"kind"', b'"\\u006bind"'),
     (b'"kind":', b'"kind":"scan","kind":'), (b'"incomplete":0', b'"incomplete":00'),
     (b'"incomplete":0', b'"incomplete":[]'), (b"{", b"\xef\xbb\xbf{"), (b'"number"', b'"\xc3\xa9":0,"number"')],
    ids=range(10),
)  # fmt: skip
def test_a_line_of_the_chain_has_exactly_one_form(
    plain: Path, verifier: Verifier, written: bytes, otherwise: bytes
) -> None:
    """Also without a witness, and if every hash matches."""
    first, last = (plain / CHAIN).read_bytes().splitlines(keepends=True)
    (plain / CHAIN).write_bytes(first + last.replace(written, otherwise, 1))
    assert (plain / CHAIN).read_bytes() != first + last
    listed(plain)
    assert verifier(plain, Witnesses()) == 10


def test_an_empty_chain_is_invalid(plain: Path, verifier: Verifier) -> None:
    (plain / CHAIN).write_bytes(b"")
    listed(plain)
    assert verifier(plain, Witnesses()) == 10


@pytest.mark.parametrize("name", [MANIFEST, TAG_MANIFEST])
@pytest.mark.parametrize(("written", "otherwise"), [(b"\n", b""), (b"\n", b"\n\n"), (b"\n", b"\r\n"), (b"\n", b"\0\n")])
def test_a_manifest_has_exactly_one_form(
    plain: Path, verifier: Verifier, name: str, written: bytes, otherwise: bytes
) -> None:
    """Also if nothing else reveals it: there is no chain, and the other manifest has the hash of this one."""
    (plain / CHAIN).unlink()
    listed(plain)
    content = (plain / name).read_bytes()
    (plain / name).write_bytes(content.removesuffix(written) + otherwise)
    if name == MANIFEST:
        lines = (plain / TAG_MANIFEST).read_text().splitlines(keepends=True)
        digest = hashlib.sha256((plain / MANIFEST).read_bytes()).hexdigest()
        lines = [f"{digest}  {MANIFEST}\n" if line.endswith(f"  {MANIFEST}\n") else line for line in lines]
        (plain / TAG_MANIFEST).write_text("".join(lines))
    assert verifier(plain, Witnesses()) == 10


@pytest.mark.parametrize(
    "names",
    [("data/08-machine/RESULTS.jsonl",), ("data/00-Summary/other.html",), ("data/caf\u00e9.html",),
     ("data/cafe\u0301.html",), ("data/index\u200b.html",), ("data/a file",), ("data/a:b",), ("data/a\\b",)],
    ids=range(8),
)  # fmt: skip
def test_a_name_that_systems_read_differently_is_reported_although_a_manifest_lists_it(
    plain: Path, verifier: Verifier, names: tuple[str, ...]
) -> None:
    for name in names:
        (plain / name).parent.mkdir(exist_ok=True)
        (plain / name).write_text("x")
    (plain / CHAIN).unlink()
    listed(plain)
    assert verifier(plain, Witnesses()) == 10


def test_a_folder_name_with_a_line_break_hides_no_file(plain: Path, verifier: Verifier) -> None:
    """Its lines look like two files that the manifest names."""
    (plain / "data" / "00-summary" / "x.html").write_text("x")
    (plain / CHAIN).unlink()
    listed(plain)
    hidden = plain / "data/00-summary/index.html\n." / "data/00-summary/x.html"
    hidden.parent.mkdir(parents=True)
    hidden.write_text("hidden")
    assert verifier(plain, Witnesses()) == 10


def test_every_verifier_treats_earlier_unknown_and_chainless_heads_alike(plain: Path, verifier: Verifier) -> None:
    assert verifier(plain, Witnesses(heads=[head(plain)])) == 0
    earlier = read(plain / CHAIN).lines[0].digest
    assert verifier(plain, Witnesses(heads=[earlier])) == 11
    assert verifier(plain, Witnesses(heads=["0" * 64])) == 10
    (plain / CHAIN).unlink()
    listed(plain)
    assert verifier(plain, Witnesses(heads=[earlier])) == 10


def test_nothing_may_follow_signature_and_timestamp_in_their_files(company: Company, verifier: Verifier) -> None:
    """No hash covers these two files, and the programs that read them stop before their end."""
    bundle = company.audit("2026-Q4", now())
    known = Witnesses(heads=[head(bundle)], signers=company.signers, authority=company.ca)
    assert verifier(bundle, known) == 0
    for name in (SIGNATURE, TIMESTAMP):
        content = (bundle / name).read_bytes()
        for more in (b"\n", b"hidden", content):
            (bundle / name).write_bytes(content + more)
            assert verifier(bundle, known) == 10
        (bundle / name).write_bytes(content)


def test_a_kept_copy_is_a_witness_for_the_bundle(company: Company, tmp_path: Path) -> None:
    company.audit("2026-Q3", now(days=90))
    bundle = company.audit("2026-Q4", now())
    kept = copy(bundle, tmp_path / "kept")
    known = {"signers": company.signers, "authority": company.ca}
    items = verify(bundle, Witnesses(previous=kept, **known))
    assert exit_code(items) == 0
    assert "previous_copy" in {item.code for item in items}
    items = verify(bundle, Witnesses(previous=bundle / ".." / bundle.name, **known))  # the same folder shows nothing
    assert exit_code(items) == 11
    assert {"previous_same", "not_witnessed"} <= {item.code for item in items}
    Insider(company).relink(bundle, lambda lines: lines)
    lines = [json.loads(line) for line in (bundle / CHAIN).read_text().splitlines()]
    Insider(company).relink(bundle, lambda _: [*lines[:-1], lines[-1] | {"nonce": "0" * 32}])
    assert "run_changed" in {item.code for item in verify(bundle, Witnesses(previous=kept, **known))}
    (kept / "README.html").write_text("other")
    assert "previous_broken" in {item.code for item in verify(bundle, Witnesses(previous=kept, **known))}


@pytest.mark.parametrize("name", ["Previous-Bundle", "Previous-Root"])
def test_the_previous_bundle_is_the_named_one(company: Company, name: str, tmp_path: Path) -> None:
    first = company.audit("2026-Q4", now(days=3))
    said = {"Previous-Bundle": first.name, "Previous-Root": root_of(first)}
    second = company.audit("2026-Q4.2", now(), period="2026-Q4", **said)
    assert exit_code(verify(second, Witnesses(previous=first))) == 11
    info = second / "bag-info.txt"
    info.write_text(info.read_text().replace(f"{name}: {said[name]}", f"{name}: x"))
    Insider(company).relink(second, lambda lines: lines)
    assert {item.code for item in verify(second, Witnesses(previous=first)) if item.level is Level.BROKEN} == {
        "info_contradicts"
    }


def test_a_bundle_of_the_same_name_from_another_machine_is_not_the_previous_one(
    company: Company, tmp_path: Path
) -> None:
    """Machines that do not share a folder give a name twice."""
    first = company.audit("2026-Q4", now(days=3))
    elsewhere = copy(first, tmp_path)
    shutil.rmtree(first)
    again = company.audit("2026-Q4", now(days=2))
    said = {"Previous-Bundle": again.name, "Previous-Root": root_of(again)}
    third = company.audit("2026-Q4.2", now(), period="2026-Q4", **said)
    for earlier in (elsewhere, again):
        assert exit_code(verify(third, Witnesses(previous=earlier))) == 11


def test_a_key_that_differs_from_that_of_the_previous_run_is_reported(company: Company, tmp_path: Path) -> None:
    company.audit("2026-Q3", now(days=90))
    other = make_key(tmp_path, "other")
    bundle = company.audit("2026-Q4", now())
    (bundle / "verification" / "allowed_signers").write_text(allowed_signers(signing_of(other)))
    means = company.with_means(signer=Signer(signing_of(other), other))
    fingerprint = Signer(signing_of(other), other).fingerprint

    def signed(lines: list[dict[str, object]]) -> list[dict[str, object]]:
        lines[-1]["signer"] = fingerprint
        return lines

    Insider(means).relink(bundle, signed)
    assert "key_changed" in {item.code for item in verify(bundle, Witnesses())}
    assert exit_code(verify(bundle, Witnesses(signers=company.signers))) == 10


def test_a_bundle_needs_an_audit_as_its_last_line(plain: Path, verifier: Verifier) -> None:
    first, last = (plain / CHAIN).read_bytes().splitlines(keepends=True)
    (plain / CHAIN).write_bytes(first + last.replace(b'"kind":"audit"', b'"kind":"scan"'))
    listed(plain)
    assert verifier(plain, Witnesses(heads=[head(plain)])) == 10


@pytest.mark.parametrize("name", ["data/03-controls/A.5.1-pass", TIMESTAMP, "verification/a/b"])
def test_a_folder_without_files_is_reported(plain: Path, verifier: Verifier, name: str) -> None:
    (plain / name).mkdir(parents=True)
    assert verifier(plain, Witnesses(heads=[head(plain)])) == 10


@pytest.mark.parametrize("replaced", [lambda root, kept: root.symlink_to(kept), lambda root, _: os.mkfifo(root)])
def test_no_program_follows_a_link_or_waits_for_a_pipe_in_place_of_the_root(
    company: Company, verifier: Verifier, replaced: Callable[[Path, Path], None]
) -> None:
    bundle = company.audit("2026-Q4", now())
    root = bundle / TAG_MANIFEST
    replaced(root, root.rename(bundle.parent / "kept"))
    assert verifier(bundle, Witnesses()) == 10
    assert "timestamp" not in {item.code for item in verify(bundle, Witnesses())}


def test_a_timestamp_from_before_closing_does_not_hold(company: Company, verifier: Verifier) -> None:
    bundle = company.audit("2026-Q4", now(days=-2))
    assert verifier(bundle, Witnesses(heads=[head(bundle)])) == 10


def test_a_timestamp_with_a_weak_hash_does_not_hold(company: Company, verifier: Verifier) -> None:
    bundle, folder = company.audit("2026-Q4", now()), company.ca.parent
    weak = (folder / "tsa.cnf").read_text().replace("digests = sha256", "digests = sha1, sha256")
    (bundle.parent / "weak.cnf").write_text(weak)
    query = ["openssl", "ts", "-query", "-data", bundle / TAG_MANIFEST, "-sha1", "-cert", "-out", "query"]
    reply = ["openssl", "ts", "-reply", "-config", "weak.cnf", "-section", "tsa", "-queryfile", "query"]
    for command in (query, [*reply, "-out", bundle / TIMESTAMP]):
        subprocess.run(command, cwd=bundle.parent, check=True, timeout=60, stderr=subprocess.DEVNULL)
    assert verifier(bundle, Witnesses(heads=[head(bundle)])) == 10
