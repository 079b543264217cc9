"""Requests go only to the host that the workspace names, and their result is known or reported as unknown."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.fakes import Host as FakeHost
from notify.fakes import certificate, serving
from preuve.model.company.secret import SecretPlace
from preuve.model.errors import PreuveError, UsageError
from preuve.notify.delivery import Address, Host, Route
from preuve.notify.wire import RefusedError, Request, UnclearError, UnsentError
from preuve.system.secret import read_secret

ASK = Request("GET", "/x", safe=True)
DO = Request("POST", "/x", b"{}")


@pytest.fixture
def host() -> Iterator[FakeHost]:
    with serving(FakeHost(lambda _: (200, b'{"ok":1}'))) as found:
        yield found


class Waits(list[float]):
    """Records the waiting times, without waiting."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def wire(host: FakeHost, waits: Waits | None = None, **route: object) -> Host:
    return Host(
        Address.of(host.url, "it"), Route(**route), {"Authorization": "Bearer s3"}, Waits() if waits is None else waits
    )  # type: ignore[arg-type]


def always(_: object) -> bool:
    return True


def test_a_request_carries_the_secret_and_returns_the_answer(host: FakeHost) -> None:
    assert wire(host)(DO).data() == {"ok": 1}
    assert host.seen[0].headers["Authorization"] == "Bearer s3" and host.seen[0].body == b"{}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(host: FakeHost, status: int) -> None:
    with serving(FakeHost(lambda _: (200, b"{}"))) as other:
        host.fault(always, "status", status=status, headers={"Location": other.url + "/x"}, times=9)
        with pytest.raises(RefusedError, match="redirects are not followed"):
            wire(host)(DO)
        assert other.seen == []


def test_proxies_in_the_environment_are_ignored(host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(FakeHost(lambda _: (200, b"{}"))) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert wire(host)(ASK).data() == {"ok": 1}
        with pytest.raises(UnsentError):
            Host(Address.of("https://127.0.0.1:9", "it"), Route(), {}, Waits())(ASK)
        assert proxy.seen == []


def test_the_proxy_of_the_workspace_gets_the_host_and_no_secret() -> None:
    with serving(FakeHost(lambda _: (200, b"{}"))) as proxy:
        with pytest.raises(UnsentError, match=r"no connection to jira\.example\.org"):
            Host(Address.of("https://jira.example.org", "it"), Route(proxy.url), {"Authorization": "s3"}, Waits())(DO)
        assert {(seen.method, seen.path) for seen in proxy.seen} == {("CONNECT", "jira.example.org:443")}
        assert not any("s3" in str(seen.headers) for seen in proxy.seen)


def test_only_a_trusted_authority_gets_the_secret(tmp_path: Path) -> None:
    own, other = certificate(tmp_path, "own"), certificate(tmp_path, "other")
    with serving(FakeHost(lambda _: (200, b"{}")), own) as host:
        for authorities in ("", str(other[0])):
            with pytest.raises(UnsentError, match="certificate"):
                wire(host, ca=authorities)(DO)
        assert host.seen == []
        wire(host, ca=str(own[0]))(DO)
        assert len(host.seen) == 1


def test_a_request_that_no_host_accepted_is_repeated_and_then_fails() -> None:
    waits = Waits()
    with pytest.raises(UnsentError):
        Host(Address.of("http://127.0.0.1:9", "it"), Route(), {}, waits)(DO)
    assert len(waits) == 2


@pytest.mark.parametrize("kind", ["drop", "stall"])
def test_a_request_that_may_have_succeeded_is_not_repeated(host: FakeHost, kind: str) -> None:
    host.fault(always, kind, after=True, times=9)
    with pytest.raises(UnclearError):
        wire(host, seconds=0.2)(DO)
    assert len(host.seen) == 1


def test_a_reading_request_is_repeated(host: FakeHost) -> None:
    host.fault(always, "drop")
    host.fault(always, "status", status=503)
    assert wire(host)(ASK).data() == {"ok": 1}
    assert len(host.seen) == 3


def test_a_host_may_set_the_time_to_wait(host: FakeHost) -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    for value in ("11", at):
        host.fault(always, "status", status=429, headers={"Retry-After": value})
    waits = Waits()
    wire(host, waits)(DO)
    assert waits[0] == 11 and 20 < waits[1] <= 30


@pytest.mark.parametrize("value", ["3600", "99999999999999999999", "-1", "soon", "", "²"])
def test_an_excessive_or_invalid_waiting_time_is_ignored(host: FakeHost, value: str) -> None:
    host.fault(always, "status", status=429, headers={"Retry-After": value.encode().decode("latin-1")}, times=9)
    waits = Waits()
    with pytest.raises(UnsentError):
        wire(host, waits)(DO)
    assert sum(waits) < 10


def test_an_answer_that_is_cut_or_endless_is_an_error(host: FakeHost) -> None:
    host.answer = lambda _: (200, b"x" * (1 << 23))
    with pytest.raises(UnclearError, match="too large"):
        wire(host)(DO)


@pytest.mark.parametrize(
    "url",
    [
        "http://jira.example.org",
        "http://127.0.0.1.example.org",
        "http://localhost",
        "http://[::1]",
        "https://user:pass@jira.example.org",
        "https://jira.example.org?x",
        "https://jira.example.org#x",
        "https://jira.example.org/a/../b?c",
        "https://jira.example.org/a\r\nHost: x",
        "https://jira example.org",
        "https://",
        "https://jira.example.org:99999",
        "ftp://jira.example.org",
        "//jira.example.org",
        "file:///etc/passwd",
        "jira.example.org",
    ],
)
def test_an_address_is_https_or_on_this_machine(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        Address.of(url, "it")
    assert "example" not in str(caught.value), "it may hold a secret"


# ---- secrets ------------------------------------------------------------------------------------------------------


def secret(path: Path, text: str, mode: int = 0o600) -> SecretPlace:
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return SecretPlace(file=str(path))


def test_a_secret_comes_from_a_private_file_or_the_environment(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    place = secret(tmp_path / "token", "me@example.org:t0ken\n")
    assert read_secret(place, "it", root, {}) == "me@example.org:t0ken"
    assert read_secret(SecretPlace(environment="T"), "it", root, {"T": " x "}) == "x"


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o622])
def test_a_file_readable_by_others_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(UsageError, match="others can read"):
        read_secret(secret(tmp_path / "token", "t0ken", mode), "it", tmp_path / "workspace", {})


def test_a_secret_in_the_workspace_is_refused(tmp_path: Path) -> None:
    place = secret(tmp_path / "token", "t0ken")
    (tmp_path / "link").symlink_to(tmp_path)
    for root in (tmp_path, tmp_path / "link"):
        with pytest.raises(UsageError, match="lies in the workspace"):
            read_secret(place, "it", root, {})


@pytest.mark.parametrize("text", ["", "\n", "two lines\nt0ken", "t0ken\r\nX-Header: 1", "t\x00", "tokén", "a b"])
def test_an_invalid_secret_is_refused_and_not_repeated(tmp_path: Path, text: str) -> None:
    for place, environment in (
        (secret(tmp_path / "token", text), {}),
        (SecretPlace(environment="T"), {"T": text}),
        (SecretPlace(file=str(tmp_path / "none")), {}),
        (SecretPlace(file=str(tmp_path)), {}),
    ):
        with pytest.raises(PreuveError) as caught:
            read_secret(place, "it", tmp_path / "workspace", environment)
        assert "t0ken" not in str(caught.value)


@given(st.text())
def test_no_secret_can_add_a_header(text: str) -> None:
    try:
        found = read_secret(SecretPlace(environment="T"), "it", Path("/nowhere"), {"T": text})
    except PreuveError:
        return
    assert found.isascii() and found.isprintable() and " " not in found
