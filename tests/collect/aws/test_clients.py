"""Clients: what they can do, and how many of them are kept."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest
from botocore.handlers import BUILTIN_HANDLERS
from botocore.hooks import EventAliaser, HierarchicalEmitter
from botocore.loaders import JSONFileLoader, Loader
from botocore.utils import parse_timestamp

from collect.aws.kit import LIMITS, PARIS, REDACTOR, workspace
from emulator import ACCOUNT, Emulator
from preuve.collect.aws.calls import Caller
from preuve.collect.aws.http import wire
from preuve.collect.aws.models import ServiceLoader, _Files, built_in
from preuve.collect.aws.session import AccountAccess
from preuve.model.company.organization import Account
from preuve.model.content import Call
from preuve.model.errors import Position, UsageError

NOWHERE = "http://127.0.0.1:9"
REGIONS = [f"eu-{side}-{number}" for side in ("north", "south", "west", "east") for number in range(1, 6)]


def test_a_client_has_only_reading_operations() -> None:
    operations = frozenset({("s3", "ListBuckets")})
    access = AccountAccess(Account(ACCOUNT, "production"), workspace(NOWHERE, [PARIS]), LIMITS, operations=operations)
    client = access.client("s3", PARIS)
    names = set(client.meta.service_model.operation_names)
    assert "ListBuckets" in names
    assert "HeadBucket" in names  # botocore's own, to find out where a bucket is
    assert not any(name.startswith(("Put", "Delete", "Copy", "Restore")) for name in names)


def test_a_unit_for_all_regions_does_not_keep_all_clients(emulator: Emulator) -> None:
    access = AccountAccess(Account(ACCOUNT, "production"), workspace(emulator.endpoint, [PARIS]), LIMITS)
    caller = Caller(access, REDACTOR, "unit", time.monotonic() + 60)
    first = access.client("sqs", REGIONS[0])
    for region in REGIONS:
        caller.make(Call("sqs", "ListQueues", Position("test")), region, {})
    assert len(caller.clients) < len(REGIONS)
    assert access.client("sqs", REGIONS[0]) is not first
    assert len(caller.records) == len(REGIONS)


def test_an_audit_of_aws_connects_only_to_aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Endpoints in the environment and in a profile, models with other host names, certificates of one's own."""
    forged = json.loads(Path(Loader.BUILTIN_DATA_PATH, "partitions.json").read_text())
    forged["partitions"][0]["outputs"]["dnsSuffix"] = "forged.example"
    models = tmp_path / "models"
    models.mkdir()
    (models / "partitions.json").write_text(json.dumps(forged))
    (models / "endpoints.json").write_text('{"version": 3, "partitions": []}')
    (tmp_path / "config").write_text(
        f"[profile audit]\nregion = {PARIS}\nendpoint_url = {NOWHERE}\nca_bundle = {tmp_path}/own.pem\nservices = own\n"
        f"aws_access_key_id = x\naws_secret_access_key = x\n[services own]\ns3 =\n  endpoint_url = {NOWHERE}\n"
    )
    monkeypatch.setattr(Loader, "CUSTOMER_DATA_PATH", str(models))  # ~/.aws/models
    settings = {"AWS_DATA_PATH": models, "AWS_CONFIG_FILE": tmp_path / "config", "AWS_CA_BUNDLE": tmp_path / "own.pem"}
    settings |= {"REQUESTS_CA_BUNDLE": tmp_path / "own.pem", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false"}
    settings |= dict.fromkeys(("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_STS"), NOWHERE)
    for name, value in settings.items():
        monkeypatch.setenv(name, str(value))
    real = replace(workspace("", [PARIS]), demonstration=False)
    access = AccountAccess(Account(ACCOUNT, "production", profile="audit"), real, LIMITS)
    for service in ("s3", "sts", "iam"):
        client = access.client(service, PARIS)
        assert client.meta.endpoint_url.removesuffix("/").endswith(".amazonaws.com")
        assert client.meta.partition == "aws"
        assert client._endpoint.http_session._verify is True
    (tmp_path / "proxy.pem").write_text("of the workspace")
    behind_proxy = replace(real, root=tmp_path, ca="proxy.pem")
    client = AccountAccess(Account(ACCOUNT, "production", profile="audit"), behind_proxy, LIMITS).client("iam", PARIS)
    assert client._endpoint.http_session._verify == str(tmp_path / "proxy.pem"), "named in preuve.yaml, so it counts"
    with pytest.raises(UsageError, match=r"there is no file gone\.pem"):
        AccountAccess(Account(ACCOUNT, "x"), replace(real, root=tmp_path, ca="gone.pem"), LIMITS).client("iam", PARIS)
    # botocore's own calls, such as those for the credentials of another role, use a client without our settings.
    assert "amazonaws.com" in access._plain().create_client("sts", PARIS).meta.endpoint_url


def test_what_a_name_of_an_event_stands_for_is_looked_up_once_for_all_clients() -> None:
    """And is what botocore itself finds: a handler that is asked under another name would be asked in vain."""
    named = sorted(
        {name for name, *_ in BUILTIN_HANDLERS} | {f"before-parse.{name}.X" for name in ("s3-control", "logs")}
    )
    of_botocore = EventAliaser(HierarchicalEmitter())
    first, second = (account(number).client("sqs", REGIONS[number]).meta.events for number in (0, 1))
    found = [first._alias_event_name(name) for name in named]
    assert found == [of_botocore._alias_event_name(name) for name in named]
    assert set(named) <= set(second._alias_name_cache)


def test_clients_of_one_account_do_not_hear_events_of_another() -> None:
    """They share names, and no handler: one of them may belong to keys."""
    first, second = (account(number).client("sqs", PARIS).meta.events for number in (0, 1))
    heard: list[str] = []
    first.register("own-event.sqs.X", lambda event_name, **_: heard.append(event_name))
    second.emit("own-event.sqs.X")
    assert heard == []
    first.emit("own-event.sqs.X")
    assert heard == ["own-event.sqs.X"]


def test_clients_of_all_accounts_share_the_model_of_a_service_and_nothing_that_signs_or_sends() -> None:
    """A model is botocore's, whoever asks: what one client resolved in it, the next one need not."""
    asked = frozenset({("sqs", "ListQueues")})
    first, second = (replace(account(number), operations=asked) for number in (0, 1))
    own, other = first.client("sqs", PARIS), second.client("sqs", PARIS)
    assert own.meta.service_model is other.meta.service_model is first.model("sqs") is second.model("sqs")
    assert first.client("sqs", REGIONS[0]).meta.service_model is first.model("sqs")
    assert first.output("sqs", "ListQueues") is second.output("sqs", "ListQueues")
    for name in ("_endpoint", "_request_signer", "_response_parser", "_ruleset_resolver"):
        assert getattr(own, name) is not getattr(other, name)
    assert own._request_signer._credentials is not other._request_signer._credentials
    assert own.meta.events is not other.meta.events


def test_an_access_reads_the_model_of_a_service_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also without named operations, where no other access shares it."""
    read: list[str] = []
    load = _Files.load_file

    def noted(self: _Files, path: str) -> object:
        read.append(path)
        return load(self, path)

    monkeypatch.setattr(_Files, "load_file", noted)
    access = account(2)
    model = access.model("sqs")
    assert {access.client("sqs", region).meta.service_model for region in REGIONS[:2]} == {model}
    assert access.output("sqs", "ListQueues")
    assert sum(path.endswith("service-2") for path in read) == 1


def test_a_time_in_an_answer_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the check and the parser, as botocore reads it; what is equal and of another type is another value."""
    read: list[object] = []
    monkeypatch.setattr(wire, "parse_timestamp", lambda value: read.append(value) or parse_timestamp(value))
    wire.time_of.cache_clear()
    client = account(0).client("sqs", PARIS)
    parser = client._endpoint._response_parser_factory.create_parser("json")._timestamp_parser
    values = [
        "2026-11-30T08:00:00Z",
        "2026-11-30T08:00:00.123+01:00",
        "Mon, 30 Nov 2026 08:00:00 GMT",
        1,
        1.0,
        1.5,
        "1",
    ]
    for value in values:
        assert wire._is_time(value)
        assert parser(value) == parse_timestamp(value)
    assert read == values
    assert not wire._is_time("no time")
    assert not wire._is_time("no time")  # an error is no time the second time either


def account(number: int) -> AccountAccess:
    """Return the access to one of several accounts."""
    return AccountAccess(Account(f"{number}" * 12, "production"), workspace(NOWHERE, [PARIS]), LIMITS)


class _Additions(dict):  # type: ignore[type-arg]
    """A cache to which another thread adds a key at each step of a walk over it."""

    def __iter__(self) -> Iterator[object]:
        for number, key in enumerate(super().__iter__()):
            self[f"list_api_versions {number}"] = None
            yield key


def test_models_that_several_units_share_are_cut_by_one_thread_at_a_time() -> None:
    models = ServiceLoader(frozenset({"ListBuckets"}))
    together = Barrier(2)

    class Files(JSONFileLoader):  # type: ignore[misc]
        def load_file(self, file_path: str) -> object:
            with suppress(BrokenBarrierError):
                together.wait(timeout=0.2)
                pytest.fail("two threads read models at the same time")
            return built_in().file_loader.load_file(file_path)

    models.file_loader = Files()
    with ThreadPoolExecutor(2) as pool:
        read = pool.map(partial(models.load_service_model, type_name="service-2"), ("s3", "sqs"))
        assert all(model["operations"] is not None for model in read)


def test_what_other_threads_add_to_the_cache_does_not_stop_a_model_from_being_cut() -> None:
    models = ServiceLoader(frozenset({"ListBuckets"}))
    models._cache = _Additions(models._cache)
    assert "ListBuckets" in models.load_service_model("s3", "service-2")["operations"]
