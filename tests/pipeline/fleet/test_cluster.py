"""A cluster of workers: a killed one is retried and fails alone, and only a client with a certificate is served."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pipeline.fleet.kit import appears
from pipeline.fleet.tasks import task
from preuve.model.errors import PreuveError, UsageError
from preuve.pipeline.fleet.choice import Choice
from preuve.pipeline.fleet.cluster import Cluster, Tls
from preuve.pipeline.fleet.engine import Order, ReadingResult

ROOT = Path(__file__).parents[3]
# A scheduler as a company runs one, with one worker. It prints its address, and ends with its input.
SCHEDULER = """\
import sys
import dask
from distributed import LocalCluster, Security
if __name__ == "__main__":
    ca, cert, key = sys.argv[1:4]
    security = Security(
        tls_ca_file=ca, tls_scheduler_cert=cert, tls_scheduler_key=key, tls_worker_cert=cert, tls_worker_key=key,
        tls_client_cert=cert, tls_client_key=key, require_encryption=True,
    )
    with dask.config.set({"distributed.scheduler.allowed-failures": 1, "logging": {"distributed": "critical"}}):
        cluster = LocalCluster(
            n_workers=1, threads_per_worker=1, processes=True, host="127.0.0.1", protocol="tls://", security=security,
            dashboard_address=None,
        )
    print(cluster.scheduler_address, flush=True)
    sys.stdin.read()
    cluster.close(timeout=5)
"""


def orders(folder: Path, *accounts: str) -> list[Order]:
    """Return the accounts to read."""
    return [Order(account, "ws", str(folder)) for account in accounts]


def test_a_killed_worker_is_retried_once_and_its_account_fails_alone(tmp_path: Path) -> None:
    told: list[ReadingResult] = []
    ends = Cluster(2, work=task).read(orders(tmp_path, "good", "once", "dies", "fails", "other"), told.append)
    assert ends["fails"] == ReadingResult("fails", "worker_failed", "", "the disk is full")
    assert ends["dies"] == ReadingResult("dies", "worker_killed", "KilledWorker")
    assert [ends[name] for name in ("good", "once", "other")] == [
        ReadingResult(name) for name in ("good", "once", "other")
    ]
    assert sorted(end.account for end in told) == sorted(ends)


def test_an_account_whose_worker_is_killed_before_its_answer_is_fetched_is_read_again(tmp_path: Path) -> None:
    ends = Cluster(2, work=task).read(orders(tmp_path, "late", "good"), print)
    assert ends == {"late": ReadingResult("late"), "good": ReadingResult("good")}
    assert len(list(tmp_path.glob("late.*"))) > 2, "its task was given up, and begun once more"


@pytest.mark.parametrize("address", ["tcp://10.0.0.7:8786", "tcp://scheduler.example:8786", "http://127.0.0.1:1"])
def test_a_scheduler_open_to_strangers_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="strangers"):
        Cluster(1, address)


def test_a_scheduler_needs_certificates_and_a_shared_place() -> None:
    with pytest.raises(UsageError, match="certificates"):
        Cluster(1, "tls://10.0.0.7:8786")
    with pytest.raises(UsageError, match="place"):
        Choice(scheduler="tls://10.0.0.7:8786", tls=("a", "b", "c"))
    with pytest.raises(UsageError, match="all three certificate options"):
        Choice(scheduler="tls://10.0.0.7:8786", tls=("a", "b", ""), shared="s3://bucket/parts")


def _authority(name: str) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    return _certificate(name, key, None, key), key


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    by: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
    )
    return builder.sign(by, hashes.SHA256())


def _files(folder: Path, name: str) -> Tls:
    """Certificates of an authority of their own."""
    authority, by = _authority(f"authority of {name}")
    key = ec.generate_private_key(ec.SECP256R1())
    own = _certificate(name, key, authority, by)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    texts = {
        "ca": authority.public_bytes(serialization.Encoding.PEM),
        "cert": own.public_bytes(serialization.Encoding.PEM),
        "key": private,
    }
    for kind, text in texts.items():
        (folder / f"{name}.{kind}").write_bytes(text)
    return Tls(*(str(folder / f"{name}.{kind}") for kind in texts))


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    """The company's certificates."""
    return _files(tmp_path_factory.mktemp("tls"), "company")


@pytest.fixture
def scheduler(ours: Tls, tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A scheduler of the company: its address and its process."""
    program = tmp_path / "scheduler.py"
    program.write_text(SCHEDULER)
    command = [sys.executable, str(program), ours.ca, ours.cert, ours.key]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None and process.stdin is not None
        yield process.stdout.readline().strip(), process
        process.stdin.close()


def test_only_a_client_with_the_certificate_is_served(
    scheduler: tuple[str, subprocess.Popen[str]], ours: Tls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, _ = scheduler
    assert Cluster(1, address, ours, task).read(orders(tmp_path, "good"), print) == {"good": ReadingResult("good")}
    monkeypatch.setattr("preuve.pipeline.fleet.cluster._CONNECT", 3)
    stranger = _files(tmp_path, "stranger")
    with pytest.raises(PreuveError, match="does not answer"):
        Cluster(1, address, Tls(ours.ca, stranger.cert, stranger.key), task).read(orders(tmp_path, "theirs"), print)
    with pytest.raises(PreuveError, match="does not answer"):
        Cluster(1, address, Tls(stranger.ca, ours.cert, ours.key), task).read(orders(tmp_path, "theirs"), print)
    assert list(tmp_path.glob("theirs.*")) == []


def test_a_lost_scheduler_is_reported(scheduler: tuple[str, subprocess.Popen[str]], ours: Tls, tmp_path: Path) -> None:
    address, process = scheduler

    def gone(ended: ReadingResult) -> None:
        process.kill()

    with pytest.raises(PreuveError, match="scheduler"):
        Cluster(1, address, ours, task).read(orders(tmp_path, "good", "waits"), gone)
    (tmp_path / "go").write_text("")


def test_a_stopped_run_ends_its_workers(tmp_path: Path) -> None:
    program = tmp_path / "run.py"
    program.write_text(f"""\
import signal
from pipeline.fleet.tasks import task
from preuve.cli.stop import stoppable
from preuve.pipeline.fleet.cluster import Cluster
from preuve.pipeline.fleet.engine import Order
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background is begun without it
    with stoppable():
        Cluster(1, work=task).read([Order("waits", "ws", {str(tmp_path)!r})], print)
""")
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    with subprocess.Popen([sys.executable, str(program)], stderr=subprocess.PIPE, env=environment) as run:
        worker = appears(tmp_path / "waits.0")
        run.send_signal(signal.SIGINT)
        assert b"StopRequest" in run.communicate(timeout=60)[1]
    with pytest.raises(ProcessLookupError):
        os.kill(int(worker), 0)
