"""Fills the emulated account over HTTP: TechStart's estate, or a large one for benchmarks. Every run makes the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import boto3
from botocore.config import Config

from .estate import applications, benchmark, data, identity, network, storage, watch
from .estate.tools import Aws

_SEED = 20260901  # moto draws its ids from this, so that resources keep their names from one run to the next
_MAKERS = ("Create", "Register", "Request", "Import", "Allocate")
_ALSO_MAKERS = (
    "RunInstances",
    "PutConfigurationRecorder",
    "PutMetricAlarm",
    "PutMetricFilter",
    "PutParameter",
    "PutRule",
)


def fill(endpoint: str, *, estate: bool = True, benchmark: int = 0) -> int:
    """Fills the account behind `endpoint`; returns how many resources were made. The ledger is empty afterwards."""
    _post(endpoint, f"/moto-api/seed?a={_SEED}", b"")
    aws = _Clients(endpoint)
    if estate:
        _techstart(aws)
    if benchmark:
        _benchmark(aws, benchmark)
    count = sum(_makes(entry) for entry in _post(endpoint, "/_front/ledger", None))
    _post(endpoint, "/_front/reset", b'{"state": false}')
    return count


def _techstart(aws: Aws) -> None:
    keys = data.keys(aws)
    roles = identity.fill(aws)
    storage.fill(aws, keys)
    places = network.fill(aws, keys, roles)
    data.fill(aws, keys, places, roles)
    applications.fill(aws, keys, places, roles)
    watch.fill(aws, keys, roles)


def _benchmark(aws: Aws, scale: int) -> None:
    benchmark.fill(aws, scale)


class _Clients:
    """Clients of the account, one per service and region, with credentials of their own."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._session = boto3.Session(aws_access_key_id="AKIAEMULATEDACCOUNT0", aws_secret_access_key="not-a-secret")
        self._config = Config(retries={"total_max_attempts": 1}, proxies={}, parameter_validation=False)
        self._client = cache(self._make)

    def __call__(self, service: str, region: str = "eu-west-3") -> Any:
        """The client of `service` in `region`."""
        return self._client(service, region)

    def backdate(self, *changes: Mapping[str, Any]) -> None:
        """Makes resources older than they are: {kind, id, days}."""
        _post(self._endpoint, "/_front/backdate", json.dumps(changes).encode())

    def _make(self, service: str, region: str) -> Any:
        return self._session.client(service, region_name=region, endpoint_url=self._endpoint, config=self._config)


def clients(endpoint: str) -> Aws:
    """Clients of the account that is served there."""
    return _Clients(endpoint)


def steer(endpoint: str, action: str, value: Any) -> None:
    """Tell the front something (`front.py`)."""
    _post(endpoint, f"/_front/{action}", json.dumps(value).encode())


def _makes(entry: Mapping[str, Any]) -> bool:
    operation = str(entry["operation"])
    made = operation.startswith(_MAKERS) or operation in _ALSO_MAKERS
    return made and entry["status"] < 300 and not operation.startswith(("CreateTags", "CreateAccountAlias"))


def _post(endpoint: str, path: str, body: bytes | None) -> Any:
    request = Request(endpoint + path, data=body, method="GET" if body is None else "POST")
    with build_opener(ProxyHandler({})).open(request, timeout=60) as answer:
        read = answer.read()
    return json.loads(read) if read[:1] in (b"[", b"{") else None
