"""Connections: kept to as many hosts as threads need, and trusted by the authorities of their own client alone."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import botocore.exceptions
import pytest
from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session

from collect.aws.kit import PARIS, workspace
from emulator import ACCOUNT
from notify.fakes import Host, certificate, serving
from preuve.collect.aws.http.connections import keep_connections
from preuve.collect.aws.session import AccountAccess, Limits
from preuve.model.company.workspace import Account


def session(authorities: str | bool = True) -> URLLib3Session:
    """A session of a client, as one has it that keeps connections."""
    made = URLLib3Session(verify=authorities)
    keep_connections(made, 2)
    return made


@pytest.mark.parametrize("proxy", ["", "http://127.0.0.1:9"])
def test_each_thread_keeps_a_connection_to_a_bucket_of_its_own(proxy: str) -> None:
    """Behind a proxy too. They are not kept without end."""
    access = AccountAccess(Account(ACCOUNT, "production"), workspace("http://127.0.0.1:9", [PARIS]), Limits())
    made = access.client("s3", PARIS)._endpoint.http_session
    manager = made._get_proxy_manager(proxy) if proxy else made._manager
    hosts = [f"https://bucket-{number}.s3.eu-west-3.amazonaws.com" for number in range(Limits().threads)]
    first = [manager.connection_from_url(host) for host in hosts]
    assert [manager.connection_from_url(host) for host in hosts] == first
    for number in range(1000):
        manager.connection_from_url(f"https://another-{number}.s3.eu-west-3.amazonaws.com")
    assert manager.connection_from_url(hosts[0]) is not first[0]


def test_a_connection_trusts_the_authorities_of_its_own_client_alone(tmp_path: Path) -> None:
    """In whatever order clients with different authorities connect, and whatever a file says that is none."""
    own, other = certificate(tmp_path, "own"), certificate(tmp_path, "other")
    (tmp_path / "none.pem").write_text("of the workspace")
    with serving(Host(lambda _: (200, b"{}")), own) as host:
        request = AWSRequest("GET", host.url).prepare()
        for _ in range(2):
            for authorities in (True, str(other[0]), str(tmp_path / "none.pem"), str(tmp_path / "gone.pem")):
                with pytest.raises(botocore.exceptions.SSLError):
                    session(authorities).send(request)
            assert session(str(own[0])).send(request).status_code == 200


def test_authorities_are_read_once_for_all_clients_and_connections(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, read, load = certificate(tmp_path, "own"), list[Any](), ssl.SSLContext.load_verify_locations

    def reading(context: ssl.SSLContext, *given: Any) -> None:
        read.append(given)
        load(context, *given)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", reading)
    with serving(Host(lambda _: (200, b"{}")), own) as host:
        for _ in range(3):
            made = session(str(own[0]))
            made.send(AWSRequest("GET", host.url).prepare())
            made.close()
    assert len(host.seen) == 3
    assert read == [(str(own[0]), None, None)]


def test_a_client_makes_no_second_context(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each costs as much as a call; botocore makes one, and that of all clients takes its place."""
    session()
    made: list[None] = []
    monkeypatch.setattr(
        "botocore.httpsession.create_urllib3_context", lambda *_: made.append(None) or ssl.create_default_context()
    )
    assert session()._manager.connection_pool_kw["ssl_context"] is session()._manager.connection_pool_kw["ssl_context"]
    assert len(made) == 2


def test_a_connection_is_verified_as_by_botocore() -> None:
    """A stricter context refuses the authorities of some companies' proxies, which other tools on AWS accept."""
    ours, theirs = (made._manager.connection_pool_kw["ssl_context"] for made in (session(), URLLib3Session()))
    for setting in ("verify_flags", "verify_mode", "check_hostname", "options", "minimum_version"):
        assert getattr(ours, setting) == getattr(theirs, setting), setting


def test_a_file_of_authorities_that_changed_is_read_again(tmp_path: Path) -> None:
    own, other, trusted = certificate(tmp_path, "own"), certificate(tmp_path, "other"), tmp_path / "trusted.pem"
    with serving(Host(lambda _: (200, b"{}")), own) as host:
        request = AWSRequest("GET", host.url).prepare()
        trusted.write_bytes(Path(own[0]).read_bytes())
        assert session(str(trusted)).send(request).status_code == 200
        trusted.write_bytes(Path(other[0]).read_bytes() + b"\n")
        with pytest.raises(botocore.exceptions.SSLError):
            session(str(trusted)).send(request)
