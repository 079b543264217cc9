"""A company that audits itself with real keys and a real timestamp authority, and an insider who has all of them."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from preuve.evidence.bag import write_manifest, write_tag_manifest
from preuve.evidence.closing import Seal, close
from preuve.evidence.runs.file import FileChain
from preuve.evidence.runs.lines import ChainHome, Run, record
from preuve.evidence.seal import ChainSeal, SealTools
from preuve.evidence.signature import Signer
from preuve.evidence.timestamp import Authority
from preuve.evidence.verification import Verification
from preuve.evidence.verifier.bag import SIGNATURE, TIMESTAMP
from preuve.evidence.verifier.chain import CHAIN, Line, bundle_digest
from preuve.model.company.workspace import SigningKey
from preuve.pipeline.bundle.verify import sentences
from preuve.system.manifests import TAG_MANIFEST

IDENTITY = "audit.techstart.example"
STANDARD = "/usr/bin:/bin"  # the folders of the tools that every machine has
RESULTS = "data/08-machine/results.jsonl"
Rewrite = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]


def now(**back: int) -> str:
    """The present time, or a time that long ago."""
    return (datetime.now(UTC) - timedelta(**back)).strftime("%Y-%m-%dT%H:%M:%SZ")


def results(time: str, failed: int) -> str:
    """The results of a run with this number of failing findings."""
    head = json.dumps({"incomplete": 0, "kind": "run", "now": time}, separators=(",", ":"))
    return f"{head}\n" + '{"kind":"finding","severity":"high","status":"FAIL"}\n' * failed


def make_key(folder: Path, name: str = "key") -> Path:
    """Make a private key, with its public key next to it."""
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "someone@laptop", "-f", str(folder / name)]
    subprocess.run(command, check=True, timeout=60)
    return folder / name


def signing_of(key: Path) -> SigningKey:
    return SigningKey(IDENTITY, " ".join(key.with_suffix(".pub").read_text().split()[:2]))


@dataclass(frozen=True)
class Company:
    """Its bundles, the keys and the authority that seal them, and the files that an auditor got by another path."""

    home: Path
    means: SealTools
    key: Path
    signers: Path
    ca: Path

    def with_means(self, **means: object) -> Company:
        return replace(self, means=replace(self.means, **means))

    def scan(self, time: str, failed: int = 0) -> Line:
        run = Run("scan", time, "2026-Q4", results="0" * 64, counts={"FAIL": failed, "PASS": 9})
        return record(self.means.home, run)

    def audit(self, name: str, time: str, failed: int = 3, period: str = "", **said: str) -> Path:
        """Close a bundle, like `preuve audit`, with a payload of three files."""
        return self.close(name, time, failed, period, **said)[0]

    def close(self, name: str, time: str, failed: int = 3, period: str = "", **said: str) -> tuple[Path, ChainSeal]:
        covered = period or name
        digest = hashlib.sha256(results(time, failed).encode()).hexdigest()
        seal = ChainSeal(
            self.means, Run("audit", time, covered, "", digest, {"FAIL": failed}, {"high": failed}), lambda: time
        )
        return self.close_with(seal, name, failed, time, Period=covered, **said), seal

    def close_with(self, seal: Seal, name: str, failed: int = 3, time: str = "", **said: str) -> Path:
        folder = self.home / f".incomplete-{name}"
        files = {RESULTS: results(time, failed), "data/00-summary/index.html": "<p>", "README.html": "<p>"}
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        info = {"External-Identifier": name, "Bagging-Date": time[:10], **said}
        close(folder, list(info.items()), seal)
        return folder.rename(self.home / name)


@dataclass(frozen=True)
class Insider:
    """A person with the signing key, access to the authority, and write access everywhere in the company."""

    company: Company

    def regenerate(self, bundle: Path) -> None:
        measure(bundle)
        write_tag_manifest(bundle)

    def sign(self, bundle: Path) -> None:
        assert self.company.means.signer
        (bundle / SIGNATURE).write_bytes(self.company.means.signer.sign(bundle / TAG_MANIFEST))

    def timestamp(self, bundle: Path) -> None:
        assert self.company.means.authority
        (bundle / TIMESTAMP).write_bytes(self.company.means.authority.stamp(bundle / TAG_MANIFEST))

    def relink(
        self,
        bundle: Path,
        rewrite: Rewrite,
        *,
        links: bool = True,
        numbers: bool = False,
        facts: bool = True,
        size: bool = True,
    ) -> None:
        """Rewrite the chain in a bundle, its links and its numbers if requested, and everything that depends on it."""
        lines = rewrite([json.loads(line) for line in (bundle / CHAIN).read_text().splitlines()])
        (measure if size else write_manifest)(bundle)
        write_tag_manifest(bundle)
        raws: list[bytes] = []
        for index, data in enumerate(lines, 1):
            if links:
                data["previous"] = Line(raws[-1], {}).digest if raws else ""
            if numbers:
                data["number"] = index
            if index == len(lines) and data["kind"] == "audit":
                data["bundle"] = bundle_digest(bundle)
                if facts:
                    restate(bundle, data)
            raws.append(json.dumps(data, sort_keys=True, separators=(",", ":")).encode() + b"\n")
        (bundle / CHAIN).write_bytes(b"".join(raws))
        write_tag_manifest(bundle)
        if self.company.means.signer:
            self.sign(bundle)
        if self.company.means.authority:
            self.timestamp(bundle)


def measure(bundle: Path) -> None:
    """Write the manifest of the payload anew, and its size in bag-info.txt."""
    said = (bundle / "bag-info.txt").read_bytes()
    payload = write_manifest(bundle)
    size = f"Payload-Oxum: {payload.octets}.{payload.files}".encode()
    (bundle / "bag-info.txt").write_bytes(re.sub(rb"Payload-Oxum: [0-9]+\.[0-9]+", size, said))


def restate(bundle: Path, line: dict[str, Any]) -> None:
    """Make a line of the chain agree with the results in the bundle."""
    content = (bundle / RESULTS).read_bytes()
    failed = content.count(b'"FAIL"')
    line |= {"results": hashlib.sha256(content).hexdigest(), "counts": {"FAIL": failed} if failed else {}}
    line["failing"] = {"high": failed} if failed else {}


def copy(bundle: Path, to: Path) -> Path:
    """Copy the bundle for the auditor to keep, or for the insider to change."""
    return shutil.copytree(bundle, to / bundle.name)


def found(company_folder: Path, key: Path, authority: Authority, home: ChainHome | None = None) -> Company:
    """A company with this key and authority."""
    evidence = company_folder / "evidence"
    evidence.mkdir(parents=True)
    signing = signing_of(key)
    signers = company_folder / "signers-from-the-letter"
    signers.write_text(f"{signing.identity} {signing.public_key}\n")
    ca = authority.ca.read_bytes()
    verification = Verification(sentences(), "en", signing, ca)
    means = SealTools(home or FileChain(evidence), verification, Signer(signing, key), authority)
    return Company(evidence, means, key, signers, authority.ca)


# ---- a timestamp authority ----------------------------------------------------------------------------------------


@contextmanager
def timestamping(folder: Path) -> Iterator[Authority]:
    """A real RFC 3161 responder on 127.0.0.1, with its own certificate authority."""
    ca = _certificates(folder)
    (folder / "tsa.cnf").write_text(
        f"[tsa]\nserial = {folder}/serial\nsigner_cert = {folder}/tsa.pem\nsigner_key = {folder}/tsa.key\n"
        "signer_digest = sha256\ndefault_policy = 1.2.3.4\ndigests = sha256\naccuracy = secs:1\n"
    )
    (folder / "serial").write_text("01\n")

    class Responder(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            (folder / "query").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            command = ["openssl", "ts", "-reply", "-config", "tsa.cnf", "-section", "tsa"]
            subprocess.run(
                [*command, "-queryfile", "query", "-out", "reply"],
                cwd=folder, check=True, timeout=60, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            self.send_response(200)
            self.end_headers()
            self.wfile.write((folder / "reply").read_bytes())

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Responder)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Authority(f"http://127.0.0.1:{server.server_port}", ca)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _certificates(folder: Path) -> Path:
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("test root", "test authority")]
    start = datetime.now(UTC) - timedelta(days=1)

    def certificate(name: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder(names[0], name, public, x509.random_serial_number())
        return builder.not_valid_before(start).not_valid_after(start + timedelta(days=30))

    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    root = certificate(names[0], ca_key.public_key()).add_extension(x509.BasicConstraints(True, None), critical=True)
    leaf = certificate(names[1], key.public_key()).add_extension(usage, critical=True)
    for name, builder in (("ca.pem", root), ("tsa.pem", leaf)):
        (folder / name).write_bytes(builder.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    (folder / "tsa.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "ca.pem"
