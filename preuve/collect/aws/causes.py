"""Why a call gave nothing, in the words of the reports."""

from __future__ import annotations

import botocore.exceptions as aws

from preuve.model.snapshot import Unread

_DENIED = frozenset(
    [
        "AccessDenied",
        "AccessDeniedException",
        "UnauthorizedOperation",
        "AuthorizationError",
        "AuthorizationErrorException",
        "UnauthorizedAccess",
        "Client.UnauthorizedOperation",
        "AllAccessDisabled",
        "ForbiddenException",
        "Forbidden",
        "403",
    ]
)
_THROTTLED = frozenset(
    [
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestLimitExceeded",
        "TooManyRequestsException",
        "SlowDown",
        "BandwidthLimitExceeded",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "TransactionInProgressException",
        "EC2ThrottledException",
    ]
)
_CREDENTIALS = frozenset(
    [
        "ExpiredToken",
        "ExpiredTokenException",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "InvalidAccessKeyId",
        "TokenRefreshRequired",
        "InvalidToken",
        "MissingAuthenticationToken",
        "IncompleteSignature",
    ]
)
_REGION_OFF = frozenset(["UnrecognizedClientException", "InvalidClientTokenId", "AuthFailure", "OptInRequired"])
_UNSUPPORTED = frozenset(
    ["UnknownOperationException", "InvalidAction", "NotImplemented", "UnsupportedOperation", "501"]
)
_SERVER = 500
_SHOWN = 300


def unread(error: Exception, action: str) -> Unread:
    """Why this error left something unread; the message is AWS's own, cut to what a page can show."""
    if isinstance(error, aws.ClientError):
        return _client_error(error, action)
    cause = next((cause for kinds, cause in _EXCEPTIONS if isinstance(error, kinds)), "other")
    return Unread(cause, type(error).__name__, str(error)[:_SHOWN], action)


def _client_error(error: aws.ClientError, action: str) -> Unread:
    details = error.response.get("Error", {})
    code = str(details.get("Code", ""))
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    cause = next((cause for codes, cause in _CODES if code in codes), "")
    if not cause:
        cause = "server_error" if status >= _SERVER else "other"
    return Unread(cause, code, str(details.get("Message", ""))[:_SHOWN], action)


_CODES = (
    (_DENIED, "access_denied"),
    (_THROTTLED, "throttled"),
    (_CREDENTIALS, "credentials"),
    (_REGION_OFF, "region_off"),  # the account's credentials were checked first, so it is the region that refuses them
    (_UNSUPPORTED, "not_supported"),
)
_EXCEPTIONS: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((aws.ReadTimeoutError, aws.ConnectTimeoutError), "time_out"),
    ((aws.NoCredentialsError, aws.PartialCredentialsError, aws.CredentialRetrievalError), "credentials"),
    ((aws.TokenRetrievalError, aws.UnauthorizedSSOTokenError, aws.ProfileNotFound), "credentials"),
    ((aws.HTTPClientError, aws.ConnectionError), "connection"),
    ((aws.ParamValidationError,), "other"),
)
