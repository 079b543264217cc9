"""Measures `preuve scan aws` on many accounts: wall time, CPU for each account, memory and calls.

The accounts are copies of the emulated one. Between it and preuve stands a front that has seen every answer once and
gives it again after a time, as a network would: what is measured is preuve, not the emulator. README.md says more.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from audit_vs_prowler import ACCOUNT, account, clean_environment, prowler

FIRST = 300_000_000_000  # the accounts are numbered from here
REGION = "eu-west-3"
_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/,\s]+)/([^/,\s]+)/")
_TIME = re.compile(rb"20\d\d-\d\d-\d\d(?:T|%20)?[\d:%.A]*Z?|\b1[6-9]\d{8}(?:\.\d+)?\b")
_HOP = frozenset({"connection", "transfer-encoding", "content-length", "keep-alive", "server", "date", "host"})
_OF_BYTES = "x-amz-crc32"  # is wrong once the account is another
_NOT_YET = b"<State>STARTED</State>"  # what is asked again until it is another
_TOKENS = """<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>{key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials><AssumedRoleUser><AssumedRoleId>AROA:preuve</AssumedRoleId>
<Arn>arn:aws:sts::{account}:assumed-role/preuve/preuve</Arn></AssumedRoleUser></AssumeRoleResult>
<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></AssumeRoleResponse>"""
_KEY = "ASIA{account}"
_COLUMNS = (
    "tool", "accounts", "workers", "wall, s", "until the last call, s", "CPU, s", "CPU an account, s", "memory, MB",
    "calls an account",
)  # fmt: skip


@dataclass
class Replay:
    """What the emulated account answered, by what was asked."""

    host: str
    delay: float
    answers: dict[tuple[Any, ...], tuple[int, list[tuple[str, str]], bytes]] = field(default_factory=dict)
    calls: int = 0
    missed: int = 0
    last: float = 0  # when the last call was answered, of time.monotonic()
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        """An answer: of STS our own, else that of the account, which is asked where it was not asked before."""
        key, region, service = (_CREDENTIAL.search(request.headers.get("Authorization", "")) or _NOBODY).groups()
        if service == "sts" and b"AssumeRole" in body:
            owner = re.search(r"\d{12}", parse_qs(body.decode())["RoleArn"][0])
            text = _TOKENS.format(account=owner[0] if owner else "", key=_KEY.format(account=owner[0] if owner else ""))
            return 200, [("Content-Type", "text/xml"), ("x-amzn-RequestId", "1")], text.encode()
        owner_id = key.removeprefix("ASIA") if key.startswith("ASIA") else ACCOUNT
        ours, theirs = owner_id.encode(), ACCOUNT.encode()
        path, body = request.path.replace(owner_id, ACCOUNT), body.replace(ours, theirs)
        target = request.headers.get("X-Amz-Target", "")
        known = (request.command, _TIME.sub(b"", path.encode()), _TIME.sub(b"", body), target, region, service)
        if known not in self.answers:
            with self.lock:
                self.missed += 1
                asked = self._asked(request, path, body, owner_id)
                if _NOT_YET in asked[2]:
                    return asked
                self.answers[known] = asked
        status, headers, answered = self.answers[known]
        return status, headers, answered.replace(theirs, ours)

    def _asked(
        self, request: BaseHTTPRequestHandler, path: str, body: bytes, owner: str
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        headers = {name: value.replace(owner, ACCOUNT) for name, value in request.headers.items()}
        headers = {name: value for name, value in headers.items() if name.lower() not in _HOP}
        connection = HTTPConnection(self.host, timeout=120)
        connection.request(request.command, path, body=body, headers={**headers, "Content-Length": str(len(body))})
        answer = connection.getresponse()
        read = answer.read()
        connection.close()
        return answer.status, [item for item in answer.getheaders() if item[0].lower() not in _HOP | {_OF_BYTES}], read


_NOBODY = re.compile("()()()").match("")


@contextmanager
def replaying(endpoint: str, delay: float) -> Iterator[tuple[Replay, str]]:
    """The front, and its address."""
    replay = Replay(endpoint.removeprefix("http://"), delay)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _answer(self) -> None:
            begun = time.monotonic()
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, headers, answered = replay.answer(self, body)
            time.sleep(max(0.0, replay.delay - (time.monotonic() - begun)))
            replay.calls += 1
            replay.last = time.monotonic()
            self.send_response_only(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answered)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answered)

        do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = _answer  # noqa: N815 - names of the standard library

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield replay, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


@dataclass(frozen=True)
class Measured:
    """One run. CPU is that of all processes of preuve, memory that of the largest. `read` is the
    part of the wall time until the last call: after it, one process judges what all workers have read.
    """

    accounts: int
    workers: int
    wall: float
    read: float
    cpu: float
    memory: float
    calls: int


def run(replay: Replay, endpoint: str, accounts: int, workers: int, engine: str) -> Measured:
    """Scan so many accounts."""
    with tempfile.TemporaryDirectory(prefix="preuve-fleet-") as folder:
        (Path(folder) / "preuve.yaml").write_text(json.dumps(_workspace(endpoint, accounts)), encoding="utf-8")
        command = [sys.executable, "-m", "preuve.cli.main", "scan", "aws", "-w", folder]
        command += ["--workers", str(workers), "--engine", engine]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
        replay.calls, begun = 0, time.monotonic()
        wall, cpu, memory = _used(command, environment, Path(folder), (0, 10, 11))
        return Measured(accounts, workers, wall, replay.last - begun, cpu, memory, replay.calls)


def run_prowler(replay: Replay, endpoint: str, accounts: int, program: Path) -> Measured:
    """Prowler on one account after the other, as its role."""
    tool, wall, cpu, memory = prowler(program), 0.0, 0.0, 0.0
    replay.calls, begun = 0, time.monotonic()
    for number in range(FIRST, FIRST + accounts):
        with tempfile.TemporaryDirectory(prefix="prowler-fleet-") as name:
            folder = Path(name)
            command = [*tool.command(endpoint, folder), "--role", f"arn:aws:iam::{number}:role/preuve"]
            command[command.index("--region") + 1 : command.index("--no-banner")] = [REGION]
            environment = {**clean_environment(), **tool.environment(endpoint, folder)}
            found = _used(command, environment, folder, tuple(tool.exit_codes))
            wall, cpu, memory = wall + found[0], cpu + found[1], max(memory, found[2])
    return Measured(accounts, 1, wall, replay.last - begun, cpu, memory, replay.calls)


def run_c7n(replay: Replay, endpoint: str, accounts: int, program: Path, workers: int) -> Measured:
    """c7n-org, with a policy that lists the resources of each type and judges nothing."""
    with tempfile.TemporaryDirectory(prefix="c7n-fleet-") as name:
        folder, role = Path(name), "arn:aws:iam::{}:role/preuve"
        ids = [str(FIRST + number) for number in range(accounts)]
        members = [{"account_id": item, "name": item, "regions": [REGION], "role": role.format(item)} for item in ids]
        policies = [{"name": item, "resource": f"aws.{item}"} for item in _LISTED]
        (folder / "accounts.yml").write_text(json.dumps({"accounts": members}), encoding="utf-8")
        (folder / "policies.yml").write_text(json.dumps({"policies": policies}), encoding="utf-8")
        command = [str(program), "run", "-c", str(folder / "accounts.yml"), "-u", str(folder / "policies.yml")]
        command += ["-s", str(folder / "out"), "--region", REGION]
        environment = {**clean_environment(), **prowler(program).environment(endpoint, folder)}
        environment["C7N_ORG_PARALLEL"] = str(workers)
        replay.calls, begun = 0, time.monotonic()
        wall, cpu, memory = _used(command, environment, folder, (0,))
        return Measured(accounts, workers, wall, replay.last - begun, cpu, memory, replay.calls)


_LISTED = (
    "s3", "ec2", "ebs", "ebs-snapshot", "ami", "security-group", "vpc", "subnet", "rds", "rds-snapshot", "iam-user",
    "iam-role", "iam-policy", "kms-key", "lambda", "log-group", "cloudtrail", "sns", "dynamodb-table", "alarm",
    "secrets-manager", "app-elb", "backup-plan",
)  # fmt: skip


def _used(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, codes: tuple[int, ...]
) -> tuple[float, float, float]:
    """Seconds, seconds of the processors, and the memory of the largest process in MB."""
    begun = time.monotonic()
    with Path(folder, "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=folder)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in codes:
        raise SystemExit(Path(folder, "log").read_text(encoding="utf-8")[-3000:])
    return time.monotonic() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000


def _workspace(endpoint: str, accounts: int) -> Mapping[str, Any]:
    ids = [str(FIRST + number) for number in range(accounts)]
    return {
        "schema": 1,
        "organisation": {"name": "Benchmark", "language": "en"},
        "frameworks": ["iso27001-2022"],
        "scope": {
            "accounts": [{"id": item, "name": item, "role_arn": f"arn:aws:iam::{item}:role/preuve"} for item in ids],
            "regions": [REGION],
        },
        "evidence": {"folder": "evidence", "pseudonym_key": "key/pseudonyms.key"},
        "aws": {"endpoint_url": endpoint, "demonstration": True},
    }


def main() -> None:
    """Measure and print a table of Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, nargs="+", default=[1, 10, 50])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--engine", choices=["processes", "dask"], default="processes")
    parser.add_argument("--latency-ms", type=float, default=40)
    parser.add_argument("--scale", type=int, default=0, help="units of dull resources beside the estate")
    parser.add_argument("--prowler", type=Path, metavar="PATH", help="Prowler's executable, to be run in a loop")
    parser.add_argument("--c7n-org", type=Path, metavar="PATH", help="the executable of c7n-org")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        account(options.scale, Path(folder)) as endpoint,
        replaying(endpoint, options.latency_ms / 1000) as (replay, front),
    ):
        run(replay, front, 1, 1, "processes")  # so that every answer was given once
        print("| " + " | ".join(_COLUMNS) + " |")
        print("| --- |" + " ---: |" * (len(_COLUMNS) - 1))
        for accounts in options.accounts:
            for workers in options.workers if accounts > 1 else [1]:
                _show("preuve", run(replay, front, accounts, workers, options.engine))
                if options.c7n_org:
                    _show("c7n-org", run_c7n(replay, front, accounts, options.c7n_org.absolute(), workers))
            if options.prowler:
                _show("Prowler", run_prowler(replay, front, accounts, options.prowler.absolute()))


def _show(tool: str, found: Measured) -> None:
    each, asked = found.cpu / found.accounts, found.calls / found.accounts
    print(
        f"| {tool} | {found.accounts} | {found.workers} | {found.wall:.1f} | {found.read:.1f} | {found.cpu:.1f} |"
        f" {each:.2f} | {found.memory:.0f} | {asked:,.0f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
