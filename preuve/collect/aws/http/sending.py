"""Sends a request and reads its whole answer, of a bounded size and in a bounded time."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from concurrent.futures import Future
from threading import Thread
from typing import Any

import botocore.exceptions
import urllib3.exceptions
from botocore.awsrequest import AWSResponse

from preuve.collect.aws.http.answers import NotAwsError

LARGEST = 64 * 1024 * 1024  # bytes of one answer; the largest pages of AWS have some millions
_AT_ONCE = 64 * 1024


def send(http_session: Any, request: Any, seconds: float) -> Any:
    """Send a request and return the answer, within `seconds`. Raises what botocore's session raises, and NotAwsError
    for an answer that does not end.

    Socket time-outs begin anew with each byte, so that a server which sends one byte a second could take for ever.
    So another thread reads, and is abandoned if it does not finish in time.
    """
    answered: Future[Any] = Future()
    until = time.monotonic() + seconds
    Thread(target=_settle, args=(answered, http_session, request, until), name="request", daemon=True).start()
    try:
        return answered.result(seconds)
    except TimeoutError as error:
        if answered.done():
            raise
        raise NotAwsError(kind="HTTP", why=f"no complete answer in {seconds:g} s") from error


def _settle(answered: Future[Any], http_session: Any, request: Any, until: float) -> None:
    try:
        answered.set_result(_answer(http_session, request, until))
    except BaseException as error:  # noqa: BLE001 - it is raised where the answer is waited for
        answered.set_exception(error)


def _answer(http_session: Any, request: Any, until: float) -> Any:
    request.stream_output = True  # so that the session leaves the body to us
    response = http_session.send(request)
    try:
        body = b"".join(_chunks(response.raw, until))
    except urllib3.exceptions.ReadTimeoutError as error:
        raise botocore.exceptions.ReadTimeoutError(endpoint_url=request.url, error=error) from error
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise botocore.exceptions.ConnectionClosedError(endpoint_url=request.url, error=error) from error
    finally:
        response.raw.release_conn()
    return AWSResponse(request.url, response.status_code, response.headers, _Body(body))


def _chunks(raw: Any, until: float) -> Iterator[bytes]:
    size = 0
    while chunk := raw.read1(_AT_ONCE, decode_content=False):
        size += len(chunk)
        if size > LARGEST or time.monotonic() > until:
            raw.close()
            raise NotAwsError(kind="HTTP", why=f"the body does not end: {size} bytes so far")
        yield chunk


class _Body(io.BytesIO):
    """A body as botocore reads it."""

    def stream(self, *_: Any) -> Iterator[bytes]:
        """Yield all of it."""
        yield self.read()
