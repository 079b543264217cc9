"""The emulated AWS account for tests: starts `examples/techstart/account` as a separate process and controls it.

Every client has its own dummy credentials: nothing of the environment or of ~/.aws is used.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import boto3
from botocore.config import Config

ACCOUNT = "123456789012"
REGION = "eu-west-3"
PROGRAM = Path(__file__).parent.parent / "examples" / "techstart" / "account"
START_SECONDS = 300.0  # filling an account takes seconds, and much longer on a busy machine


class Emulator:
    """A running emulated account."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._clients: dict[str, Any] = {}  # making one costs more than most tests
        self._opener = build_opener(ProxyHandler({}))
        self._session = boto3.Session(aws_access_key_id="AKIAEMULATEDACCOUNT0", aws_secret_access_key="not-a-secret")

    def client(self, service: str, region: str = REGION, **config: Any) -> Any:
        """A boto3 client of the account; keywords go to `botocore.config.Config` (retries are off unless given)."""
        key = json.dumps([service, region, config], sort_keys=True)
        if key not in self._clients:
            self._clients[key] = self._make(service, region, config)
        return self._clients[key]

    def _make(self, service: str, region: str, config: Mapping[str, Any]) -> Any:
        settings = Config(**{"retries": {"total_max_attempts": 1}, "proxies": {}, **config})
        client = self._session.client(service, region_name=region, endpoint_url=self.endpoint, config=settings)
        client.meta.events.register("before-send.s3-control.*", _drop_account_from_host)
        return client

    def ledger(self, operation: str = "") -> list[dict[str, Any]]:
        """The calls so far, all or of one operation: `account/front.py` shows what is recorded of each."""
        entries: list[dict[str, Any]] = self._ask("GET", "ledger")
        return [entry for entry in entries if operation in ("", entry["operation"])]

    def faults(self, *rules: Mapping[str, Any]) -> None:
        """Replaces the faults: {kind, service, operation, region, resource, times, seconds, status, code, message}.

        Kinds: deny, throttle, error, hang, drop, expired, latency, region_off. Empty fields match everything.
        """
        self._ask("POST", "faults", list(rules))

    def respond(
        self,
        service: str,
        operation: str,
        body: Mapping[str, Any] | None = None,
        *,
        region: str = "",
        cases: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        """Answers an operation with these output members until the next reset (or with `cases`, as in `saved.py`)."""
        answer = list(cases) or [{"body": body or {}}]
        self._ask("POST", "responses", {"service": service, "operation": operation, "region": region, "cases": answer})

    def backdate(self, *changes: Mapping[str, Any]) -> None:
        """Makes resources older than they are: {kind, id, days}."""
        self._ask("POST", "backdate", list(changes))

    def reset(self, *, state: bool = True) -> None:
        """Forgets ledger, faults and added responses, and with `state` empties the account."""
        self._ask("POST", "reset", {"state": state})

    def _ask(self, method: str, action: str, value: Any = None) -> Any:
        body = None if value is None else json.dumps(value).encode()
        request = Request(f"{self.endpoint}/_front/{action}", data=body, method=method)
        with self._opener.open(request, timeout=30) as answer:
            return json.load(answer)


def _drop_account_from_host(request: Any, **_: Any) -> None:
    # S3 Control puts the account in front of the host, and 123456789012.127.0.0.1 is no name that resolves.
    request.url = request.url.replace(f"//{ACCOUNT}.", "//", 1)


@contextmanager
def running(*arguments: str) -> Iterator[Emulator]:
    """Starts the emulator on a free port with more arguments of `serve`, and stops it."""
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "ready"
        command = [sys.executable, str(PROGRAM), "serve", "--port", "0", "--ready-file", str(ready), *arguments]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            try:
                yield Emulator(_wait(process, ready))
            finally:
                process.terminate()


def _wait(process: subprocess.Popen[bytes], ready: Path) -> str:
    end = time.monotonic() + START_SECONDS
    while not ready.exists():
        if process.poll() is not None:
            raise RuntimeError(f"the emulator ended with code {process.returncode} before it was ready")
        if time.monotonic() > end:
            raise RuntimeError(f"the emulator was not ready within {START_SECONDS:.0f} s")
        time.sleep(0.02)
    return ready.read_text(encoding="utf-8")
