"""Sends a request and reads its whole answer, of a bounded size and in a bounded time."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from typing import Any

import botocore.exceptions
import urllib3.exceptions
from botocore.awsrequest import AWSResponse

from preuve.collect.aws.answers import NotAwsError

LARGEST = 64 * 1024 * 1024  # bytes of one answer; the largest pages of AWS have some millions
_AT_ONCE = 8 * 1024


def send(http_session: Any, request: Any, seconds: float) -> Any:
    """The answer to a request. Raises what botocore's session raises, and NotAwsError for one that does not end."""
    request.stream_output = True  # so that the session leaves the body to us
    response = http_session.send(request)
    try:
        body = b"".join(_chunks(response.raw, seconds))
    except urllib3.exceptions.ReadTimeoutError as error:
        raise botocore.exceptions.ReadTimeoutError(endpoint_url=request.url, error=error) from error
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise botocore.exceptions.ConnectionClosedError(endpoint_url=request.url, error=error) from error
    finally:
        response.raw.release_conn()
    return AWSResponse(request.url, response.status_code, response.headers, _Body(body))


def _chunks(raw: Any, seconds: float) -> Iterator[bytes]:
    size, until = 0, time.monotonic() + seconds
    for chunk in raw.stream(_AT_ONCE, decode_content=False):
        size += len(chunk)
        if size > LARGEST or time.monotonic() > until:
            raw.close()
            raise NotAwsError(kind="HTTP", why=f"the body does not end: {size} bytes so far")
        yield chunk


class _Body(io.BytesIO):
    """A body as botocore reads it."""

    def stream(self, *_: Any) -> Iterator[bytes]:
        """The whole of it."""
        yield self.read()
