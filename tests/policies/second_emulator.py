"""ministack, an emulator by other authors: a second account for the proofs of policies (`make second-emulator`)."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import pytest

from emulator import ACCOUNT, REGION, START_SECONDS, Emulator

PROGRAM = Path(__file__).parents[2] / ".venv-ministack" / "bin" / "ministack"


@contextmanager
def second_emulator(folder: Path) -> Iterator[Emulator]:
    """An empty account, with its log and data in a folder. If it is not installed, the test is skipped, and fails in
    CI.
    """
    if not PROGRAM.exists():
        why = "ministack is not installed: make second-emulator"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    port = _free_port()
    settings = {"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port), "IOT_MTLS_ENABLED": "0", "SFTP_ENABLED": "0"}
    settings |= {
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_REGION": REGION,
        "TMPDIR": str(folder),
        "HOME": str(folder),
    }
    with (folder / "ministack.log").open("wb") as log:
        process = subprocess.Popen([PROGRAM], cwd=folder, env=settings, stdout=log, stderr=log)
    with process:
        try:
            yield Emulator(_ready(process, f"http://127.0.0.1:{port}"))
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _ready(process: subprocess.Popen[bytes], endpoint: str) -> str:
    opener = build_opener(ProxyHandler({}))
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with opener.open(f"{endpoint}/_ministack/health", timeout=5):
                return endpoint
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"ministack was not ready (exit code {process.poll()})")
