"""One HTTP request to GitHub: over botocore's session, so that proxies and authorities are those of AWS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol
from urllib.parse import urlsplit

from preuve import __version__
from preuve.collect.aws.http.transport import Sender

VERSION = "2022-11-28"  # version of the API, so that the meaning of answers stays the same
_AGENT = f"preuve/{__version__}"
_CONNECTIONS = 10
_REMOVED = "[removed: token]"


@dataclass(frozen=True)
class Response:
    """A response; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def header(self, name: str) -> str:
        """Return a header, or ""."""
        return self.headers.get(name, "")


class Wire(Protocol):
    """Sends one GET, without following a redirect."""

    def __call__(self, url: str) -> Response:
        """Send a request and return the response. Raises what botocore's HTTP session raises."""


@dataclass(frozen=True)
class Https:
    """The connection to one host. The token goes to no other host."""

    api: str
    authorities: str = ""  # file with the authorities that are accepted instead of the public ones
    connect: float = 5
    read: float = 30
    token: str = field(default="", repr=False)
    _sender: Sender = field(default_factory=Sender, repr=False, compare=False)

    def __call__(self, url: str) -> Response:
        """Return the response, whole and of a bounded size. Raises ValueError for a host other than the API's."""
        if not same_host(url, self.api):
            raise ValueError("a host other than the API's")  # a defect in preuve: addresses of pages are checked before
        from botocore.awsrequest import AWSRequest  # noqa: PLC0415 - slow, and only collecting needs it

        request = AWSRequest(method="GET", url=url, headers=self._headers).prepare()
        response = self._sender.send(self._session, request, 4 * self.read)
        headers = {str(name).lower(): self._hidden(str(value)) for name, value in response.headers.items()}
        body = response.content.replace(self.token.encode(), _REMOVED.encode()) if self.token else response.content
        return Response(int(response.status_code), headers, body)

    def _hidden(self, text: str) -> str:
        """Remove the token from a text: a server knows it and may echo it."""
        return text.replace(self.token, _REMOVED) if self.token else text

    @property
    def _headers(self) -> dict[str, str]:
        return {
            "Accept": "application/vnd.github+json",
            "Accept-Encoding": "identity",
            "Authorization": f"Bearer {self.token}",
            "User-Agent": _AGENT,
            "X-GitHub-Api-Version": VERSION,
        }

    @cached_property
    def _session(self) -> Any:
        from botocore.httpsession import URLLib3Session  # noqa: PLC0415
        from botocore.utils import get_environ_proxies  # noqa: PLC0415

        local = self.api.startswith("http://")  # this machine, which is reached without a proxy
        return URLLib3Session(
            verify=self.authorities or True,
            proxies={} if local else get_environ_proxies(self.api),
            timeout=(self.connect, self.read),
            max_pool_connections=_CONNECTIONS,
        )


def same_host(url: str, api: str) -> bool:
    """Return whether a URL is on the host of the API, with the same scheme and port."""
    try:
        one, other = urlsplit(url), urlsplit(api)
        return (one.scheme, one.hostname, one.port) == (other.scheme, other.hostname, other.port) and (
            one.username is None
        )
    except ValueError:
        return False
