"""Sends requests to one host that the workspace names: no other, no redirects, no proxy but the workspace's."""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

from preuve import __version__
from preuve.model.company.run_secrets import OF_RUN
from preuve.model.errors import QUOTED, UsageError
from preuve.notify.wire import JSON, Answer, Pause, RefusedError, Request, UnclearError, UnsentError
from preuve.publish.words.text import one_line

_SECONDS = 20.0
_WHOLE = 60.0  # limit for a whole answer, in seconds
_LARGEST = 1 << 22
_QUOTABLE = 20_000  # bytes of an answer that are looked at for what is quoted: no secret is cut in what is shown
_TRIES = 3
_LONGEST_WAIT = 60
_LOCAL = "127.0.0.1"
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
_PATH = re.compile(r"(/[A-Za-z0-9._-]+)*")


@dataclass(frozen=True)
class Address:
    """A host and what lies before every path there."""

    host: str
    port: int
    path: str = ""
    tls: bool = True

    @classmethod
    def of(cls, url: str, what: str) -> Address:
        """Take the address in `url` apart: https, or http on 127.0.0.1.

        UsageError names `what` and does not repeat the address, for it may be a secret.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise UsageError(f"{what} is no address", "write https://HOST") from None
        host, tls = parts.hostname or "", parts.scheme == "https"
        plain = parts.scheme == "http" and host == _LOCAL
        whole = _HOST.fullmatch(host) and _PATH.fullmatch(parts.path) and not parts.query and not parts.fragment
        if not (whole and (tls or plain)) or "@" in parts.netloc:
            raise UsageError(
                f"{what} is not an address that can be used", "write https://HOST, without a name or a query"
            )
        return cls(host, port or (443 if tls else 80), parts.path, tls)

    @property
    def shown(self) -> str:
        """Host and port as the workspace names them."""
        return self.host if self.port == (443 if self.tls else 80) else f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Route:
    """The proxy, certificates and time limit for connections to hosts."""

    proxy: str = ""
    ca: str = ""  # file with the authorities that are trusted instead of the public ones
    seconds: float = _SECONDS


@dataclass(frozen=True)
class Host:
    """A wire to one host."""

    address: Address
    route: Route = Route()
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    pause: Pause = time.sleep

    def __call__(self, request: Request) -> Answer:
        """Return the host's answer; RefusedError, UnsentError or UnclearError if there is no usable one."""
        for left in range(_TRIES - 1, -1, -1):
            try:
                answer, wait = self._once(request)
            except UnsentError as error:
                self._again(left, error)
            except UnclearError as error:
                self._again(left if request.safe else 0, error)
            else:
                if answer.status == 429:
                    self._wait(left, wait)
                elif answer.status >= 500:
                    said = UnclearError(f"{self.address.shown} answered {answer.status}", "try again later")
                    self._again(left if request.safe else 0, said)
                else:
                    return self._taken(answer)
        raise AssertionError("the last try answers or raises")

    def _again(self, left: int, error: UnsentError | UnclearError) -> None:
        if not left:
            raise error
        self.pause(float(_TRIES - left))

    def _wait(self, left: int, wait: float | None) -> None:
        """Wait as long as the host asks; a request that it rejected was not carried out."""
        seconds = float(_TRIES - left) if wait is None else wait
        if not left or seconds > _LONGEST_WAIT:
            shown = self.address.shown
            raise UnsentError(f"{shown} accepts no more requests for {round(seconds)} s", "run this again later")
        self.pause(seconds)

    def _taken(self, answer: Answer) -> Answer:
        shown = self.address.shown
        if answer.status >= 400:
            refusal = Answer(answer.status, answer.body[:_QUOTABLE]).refusal()
            said = one_line(OF_RUN.hidden(refusal.said), 300)
            what = f"{shown} answered {answer.status}: {QUOTED}" if said else f"{shown} answered {answer.status}"
            hint = _HINTS.get(answer.status, "")
            raise RefusedError(what, hint, answer.status, quoted=said, fields=refusal.fields)
        if not 200 <= answer.status < 300:
            raise RefusedError(f"{shown} answered {answer.status}; redirects are not followed", "name the right host")
        return answer

    def _once(self, request: Request) -> tuple[Answer, float | None]:
        connection = self._connection()
        try:
            try:
                connection.connect()
            except (OSError, HTTPException) as error:
                if isinstance(error, ConnectionRefusedError):
                    raise UnsentError(f"{self.address.shown} refuses connections", _CONNECT) from error
                what = f"no connection to {self.address.shown}: {_reason(error) or QUOTED}"
                raise UnsentError(what, _CONNECT, quoted=str(error)) from error
            try:
                path = self.address.path + request.path
                connection.request(request.method, path or "/", request.body or None, self._headers(request))
                return _read(connection.getresponse())
            except (OSError, HTTPException) as error:
                what = f"no complete answer from {self.address.shown}: {_reason(error) or QUOTED}"
                said = str(error) or type(error).__name__
                raise UnclearError(what, "it may have been done", quoted=said) from error
        finally:
            connection.close()

    def _headers(self, request: Request) -> dict[str, str]:
        kind = {"Content-Type": JSON} if request.body else {}
        return {"Accept": JSON, "User-Agent": f"preuve/{__version__}", **kind, **self.headers}

    def _connection(self) -> HTTPConnection:
        host, port, seconds = self.address.host, self.address.port, self.route.seconds
        if not self.address.tls:  # 127.0.0.1, which no proxy leads to
            return HTTPConnection(host, port, timeout=seconds)
        context = ssl.create_default_context(cafile=self.route.ca or None)
        if not self.route.proxy:
            return HTTPSConnection(host, port, timeout=seconds, context=context)
        proxy = urlsplit(self.route.proxy)
        connection = HTTPSConnection(proxy.hostname or "", proxy.port, timeout=seconds, context=context)
        connection.set_tunnel(host, port)
        return connection


_CONNECT = "check the host, the network, and notify.proxy in preuve.yaml"
_HINTS = {
    401: "the credentials were rejected: check the file or variable that notify names",
    403: "the user of the credentials may not do this: see docs/notify.md for the rights",
    404: "it is not there, or the user of the credentials may not see it",
}


def _read(response: HTTPResponse) -> tuple[Answer, float | None]:
    """Return the answer with its whole body, and how long it asks to wait in seconds."""
    until, parts, size = time.monotonic() + _WHOLE, [], 0
    while part := response.read1(1 << 16):
        parts.append(part)
        size += len(part)
        if size > _LARGEST or time.monotonic() > until:
            raise HTTPException("the answer is too large or too slow")
    if response.length:
        raise HTTPException("the answer ended early")
    return Answer(response.status, b"".join(parts)), _seconds(response.getheader("Retry-After") or "")


def _seconds(said: str) -> float | None:
    """Return the seconds that Retry-After asks to wait; it has seconds or a date."""
    if said.strip().isdecimal():
        return float(said[:9])
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return None


def _reason(error: Exception) -> str:
    """Return what Python's words about a connection mean, in ours; "" for others."""
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    return "it closed the connection" if isinstance(error, ConnectionError) else ""
