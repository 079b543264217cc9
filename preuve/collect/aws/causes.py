"""Why a call gave no answer, in the words of the reports."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import botocore.exceptions as aws
import botocore.parsers

from preuve.collect.aws.http.answers import NOT_AWS, NotAwsError
from preuve.collect.aws.reach import GoneError
from preuve.model.company.run_secrets import OF_RUN
from preuve.model.snapshot import Unread
from preuve.snapshot.forms import as_code

_DENIED = frozenset(
    [
        *("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"),
        *("AuthorizationErrorException", "UnauthorizedAccess", "Client.UnauthorizedOperation", "AllAccessDisabled"),
        *("ForbiddenException", "Forbidden", "403"),
    ]
)
_THROTTLED = frozenset(
    [
        *("Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled"),
        *("RequestThrottledException", "RequestLimitExceeded", "TooManyRequestsException", "SlowDown"),
        *("BandwidthLimitExceeded", "LimitExceededException", "PriorRequestNotComplete"),
        *("TransactionInProgressException", "EC2ThrottledException"),
    ]
)
_CREDENTIALS = frozenset(
    [
        *("ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired", "InvalidToken"),
        *("MissingAuthenticationToken", "IncompleteSignature"),
    ]
)
# For revoked keys; in a disabled region, for any keys. `Caller` finds out which.
_UNKNOWN_KEYS = frozenset(["UnrecognizedClientException", "InvalidClientTokenId", "AuthFailure", "InvalidAccessKeyId"])
_REGION_OFF = frozenset(["OptInRequired"])
_CLOCK = frozenset(["RequestTimeTooSkewed", "RequestInTheFuture"])
_SIGNATURE = frozenset(["SignatureDoesNotMatch", "InvalidSignatureException"])
_OF_ITS_TIME = _SIGNATURE | {"RequestExpired"}  # a wrong clock may be the cause
_TOO_LATE = ("signature expired", "not yet current")
_SKEW = 240  # seconds; AWS refuses requests that are off by 5 minutes, S3 by 15
_UNSUPPORTED = frozenset(
    ["UnknownOperationException", "InvalidAction", "NotImplemented", "UnsupportedOperation", "501"]
)
_SERVER = 500
_SHOWN = 300


def unread(error: Exception, action: str) -> Unread:
    """Return why this error left something unread; the message is AWS's own, cut to the length that a page can show."""
    if isinstance(error, aws.ClientError):
        return _client_error(error, action)
    if isinstance(error, GoneError):
        return Unread(error.cause, "NotAsked", str(error), action)
    if isinstance(error, NotAwsError):
        return Unread("not_aws", as_code(error.kind), _words(str(error)), action)
    cause = next((cause for kinds, cause in _EXCEPTIONS if isinstance(error, kinds)), "defect")
    return Unread(cause, type(error).__name__, _words(str(error)), action)


def of_unknown_keys(reason: Unread) -> bool:
    """Return whether AWS rejects the keys as unknown."""
    return reason.code in _UNKNOWN_KEYS


def in_vain(error: Exception) -> bool:
    """Return whether there was no answer, or none from AWS."""
    if isinstance(error, aws.ClientError):
        return _code(error) == NOT_AWS
    return isinstance(error, (aws.HTTPClientError, aws.ConnectionError, NotAwsError))


def _client_error(error: aws.ClientError, action: str) -> Unread:
    code, status = _code(error), int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    message = _words(str(error.response.get("Error", {}).get("Message", "")))
    if code == NOT_AWS:
        return Unread("not_aws", as_code(message.partition(":")[0]), message, action)
    cause = next((cause for codes, cause in _CODES if code in codes), "")
    if code in _OF_ITS_TIME and _clock_is_off(error, message):
        cause = "clock"
    if not cause:
        cause = "server_error" if status >= _SERVER else "refused"
    return Unread(cause, as_code(code), message, action, quoted=True)


def _words(text: str) -> str:
    """Return the message without any secret, cut only after that: half a secret would not be recognised."""
    return OF_RUN.hidden(text)[:_SHOWN]


def _code(error: aws.ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _clock_is_off(error: aws.ClientError, message: str) -> bool:
    """Return whether this machine's clock differs from AWS's, by the error message or by the date of the answer."""
    if any(words in message.lower() for words in _TOO_LATE):
        return True
    headers = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    try:
        theirs = parsedate_to_datetime(str(headers.get("date", "")))
    except ValueError:
        return False
    aware = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
    return abs((datetime.now(UTC) - aware).total_seconds()) > _SKEW


_CODES = (
    (_DENIED, "access_denied"),
    (_THROTTLED, "throttled"),
    (_CREDENTIALS | _UNKNOWN_KEYS, "credentials"),
    (_REGION_OFF, "region_off"),
    (_CLOCK, "clock"),
    (_SIGNATURE, "signature"),
    (_UNSUPPORTED, "not_supported"),
)
_EXCEPTIONS: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((aws.PaginationError, botocore.parsers.ResponseParserError), "not_aws"),
    ((aws.ReadTimeoutError, aws.ConnectTimeoutError), "time_out"),
    ((aws.NoCredentialsError, aws.PartialCredentialsError, aws.CredentialRetrievalError), "no_credentials"),
    ((aws.TokenRetrievalError, aws.UnauthorizedSSOTokenError, aws.ProfileNotFound), "no_credentials"),
    ((aws.HTTPClientError, aws.ConnectionError), "connection"),
    ((aws.ParamValidationError,), "defect"),
    ((ArithmeticError, AttributeError, LookupError, TypeError, ValueError), "not_aws"),  # botocore could not parse it
)
