"""RFC 3161 timestamps from a real responder: kept when they verify, added later without a change of the root."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from evidence.company import Company, copy, found, now, timestamping
from preuve.evidence.bag import root_of
from preuve.evidence.seal import add_timestamp
from preuve.evidence.timestamp import Authority
from preuve.evidence.verifier.bag import TIMESTAMP
from preuve.evidence.verifier.check import Witnesses, verify
from preuve.model.errors import PreuveError, UsageError
from preuve.system.manifests import TAG_MANIFEST

NOBODY = "http://127.0.0.1:9"


@contextmanager
def answering(content: bytes) -> Iterator[str]:
    """Something at an address that answers always the same."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_an_auditor_verifies_the_timestamp_with_openssl(company: Company) -> None:
    bundle = company.audit("2026-Q4", now())
    command = ["openssl", "ts", "-verify", "-data", TAG_MANIFEST, "-in", TIMESTAMP]
    done = subprocess.run(
        [*command, "-CAfile", "verification/tsa-ca.pem"],
        check=False,
        cwd=bundle,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Verification: OK" in done.stdout + done.stderr


def test_an_audit_closes_without_the_authority_and_the_timestamp_is_added_later(company: Company) -> None:
    assert company.means.authority
    down = company.with_means(authority=replace(company.means.authority, url=NOBODY))
    bundle, seal = down.close("2026-Q4", now())
    assert "did not answer" in seal.no_timestamp
    assert "preuve seal" in seal.no_timestamp
    assert seal.line is not None
    root = root_of(bundle)
    head = seal.line.digest
    assert "timestamp_asked" in {item.code for item in verify(bundle, Witnesses(heads=[head]))}
    add_timestamp(bundle, company.means.authority)
    assert root_of(bundle) == root
    items = verify(bundle, Witnesses(heads=[head], authority=company.ca))
    assert {"timestamp", "files", "head"} <= {item.code for item in items}
    assert {path.name for path in company.home.iterdir()} == {"2026-Q4", "chain.jsonl"}


def test_a_timestamp_is_never_replaced(company: Company) -> None:
    bundle = company.audit("2026-Q4", now())
    before = (bundle / TIMESTAMP).read_bytes()
    assert company.means.authority
    with pytest.raises(UsageError, match="has a timestamp already"):
        add_timestamp(bundle, company.means.authority)
    assert (bundle / TIMESTAMP).read_bytes() == before


def test_only_a_closed_bundle_gets_a_timestamp(tmp_path: Path, authority: Authority) -> None:
    with pytest.raises(UsageError, match="is not a closed bundle"):
        add_timestamp(tmp_path, authority)


@pytest.mark.parametrize("content", [b"", b"<html>sign in to this network</html>", b"0" * 300_000], ids=range(3))
def test_an_invalid_timestamp_is_not_kept(company: Company, content: bytes) -> None:
    assert company.means.authority
    with answering(content) as url:
        bundle, seal = company.with_means(authority=replace(company.means.authority, url=url)).close("2026-Q4", now())
    assert seal.no_timestamp
    assert not (bundle / TIMESTAMP).exists()


def test_an_old_answer_is_not_accepted_as_new(company: Company) -> None:
    """Even over the same root: its nonce is that of another request."""
    bundle = company.audit("2026-Q4", now())
    assert company.means.authority
    with (
        answering((bundle / TIMESTAMP).read_bytes()) as url,
        pytest.raises(PreuveError, match="is no valid timestamp"),
    ):
        replace(company.means.authority, url=url).stamp(bundle / TAG_MANIFEST)


def test_an_authority_other_than_the_auditors_is_reported(company: Company, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with timestamping(tmp_path / "other") as other:
        bundle = found(tmp_path / "impostor", company.key, other).audit("2026-Q4", now())
    inside = {item.code for item in verify(bundle, Witnesses())}
    assert {"timestamp", "authority_from_bundle"} <= inside
    assert "timestamp_bad" in {item.code for item in verify(bundle, Witnesses(authority=company.ca))}


def test_a_time_before_closing_is_invalid(company: Company) -> None:
    bundle = company.audit("2026-Q4", now(days=-2))
    assert "timestamp_early" in {item.code for item in verify(bundle, Witnesses())}


def test_without_the_programs_the_verifier_names_what_it_did_not_check(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle, seal = company.close("2026-Q4", now())
    assert seal.line
    kept = copy(bundle, tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    items = verify(kept, Witnesses(heads=[seal.line.digest]))
    assert [item.code for item in items if item.level.value == "open"] == ["no_ssh_keygen", "no_openssl"]
