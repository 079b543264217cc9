"""Why a call to GitHub gave no answer, in the words of the reports."""

from __future__ import annotations

import botocore.exceptions as http

from preuve.collect.aws.http.answers import NotAwsError

_OF_STATUS = {401: "github_credentials", 403: "github_denied", 404: "github_hidden"}
_SERVER = 500


def of_status(status: int) -> str:
    """Return the cause of an HTTP status. GitHub also answers 404 for objects that the token may not see."""
    return _OF_STATUS.get(status, "github_error" if status >= _SERVER else "github_refused")


def of_exception(error: Exception) -> str:
    """Return the cause if no answer, or no complete one, came."""
    return next((cause for kinds, cause in _EXCEPTIONS if isinstance(error, kinds)), "defect")


_EXCEPTIONS: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((NotAwsError,), "not_github"),
    ((http.ReadTimeoutError, http.ConnectTimeoutError), "time_out"),
    ((http.HTTPClientError, http.ConnectionError, OSError), "connection"),
)
