"""Credentials of roles: assumed one after the other, renewed before they expire."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import botocore.exceptions
from botocore.credentials import CredentialProvider, CredentialResolver, RefreshableCredentials

from preuve.collect.aws.causes import unread
from preuve.collect.aws.http.answers import NotAwsError
from preuve.model.company.organization import Role
from preuve.model.snapshot import Unread

_ACTION = "sts:AssumeRole"
_SESSION_NAME = "preuve"
_SECONDS = 3600  # every role allows an hour; a chained role allows no more
_REFUSALS = frozenset({"role_refused", "credentials"})  # STS has decided: the next answer will be the same
_TRIES = 10  # without success, each with botocore's own retries: enough for the minutes until the keys expire

Credentials = Any  # botocore's, which has no types
Tokens = Callable[[Credentials], Any]  # credentials -> a client of STS that uses them


class RoleError(Exception):
    """A role could not be assumed, and why."""

    def __init__(self, reason: Unread) -> None:
        super().__init__(reason.code)
        self.reason = reason


def assumed(source: Credentials, roles: Iterable[Role], tokens: Tokens, region: str) -> Credentials:
    """Return the credentials of the last role of a chain, each assumed with the credentials of the one before.

    They are fetched at once, so that a refusal is known before the first call; botocore renews them 15 minutes before
    they expire. `region` is the region of STS. Raises RoleError, also at a renewal.
    """
    for role in roles:
        hop = _Hop(role, source, tokens, region)
        source = RefreshableCredentials.create_from_metadata(hop.fetch(), hop.fetch, "preuve")
    return source


def hold(session: Any, credentials: Credentials) -> None:
    """Make a session of botocore use these credentials, whatever its profile or the environment has."""
    session.register_component("credential_provider", CredentialResolver([_Credentials(credentials)]))


@dataclass
class _Hop:
    """A role that is assumed again and again, until AWS refuses it once or fails too often."""

    role: Role
    source: Credentials
    tokens: Tokens
    region: str
    refused: Unread | None = None
    failed: int = 0  # how often STS has answered with an error since its last success

    def fetch(self) -> Mapping[str, str]:
        if self.refused is not None:  # otherwise each of thousands of calls would try to assume it again
            raise RoleError(self.refused)
        try:
            keys = _of(self.tokens(self.source).assume_role(**self._request()))
        except botocore.exceptions.ClientError as error:
            reason = self._reason(error)
            self.failed += 1
            if reason.cause in _REFUSALS or self.failed == _TRIES:
                self.refused = reason
            raise RoleError(reason) from error
        except (botocore.exceptions.BotoCoreError, NotAwsError) as error:
            raise RoleError(self._reason(error)) from error
        self.failed = 0
        return keys

    def _reason(self, error: Exception) -> Unread:
        why = unread(error, _ACTION)
        # No permission of the scanning role is missing: this caller may not assume the role.
        cause = "role_refused" if why.cause == "access_denied" else why.cause
        return replace(why, cause=cause, call=_ACTION, region=self.region)

    def _request(self) -> Mapping[str, Any]:
        role = self.role
        request = {"RoleArn": role.arn, "RoleSessionName": _SESSION_NAME, "DurationSeconds": _SECONDS}
        if role.external_id:
            request["ExternalId"] = role.external_id
        if role.session_tags:
            request["Tags"] = [{"Key": key, "Value": value} for key, value in role.session_tags.items()]
        return request


def _of(answer: Mapping[str, Any]) -> Mapping[str, str]:
    if "Credentials" not in answer:
        raise NotAwsError(kind="HTTP 200", why="the answer has no credentials")
    keys = answer["Credentials"]
    return {
        "access_key": keys["AccessKeyId"],
        "secret_key": keys["SecretAccessKey"],
        "token": keys["SessionToken"],
        "expiry_time": keys["Expiration"].isoformat(),
    }


class _Credentials(CredentialProvider):  # type: ignore[misc]
    METHOD = "preuve"

    def __init__(self, credentials: Credentials) -> None:
        super().__init__()
        self._credentials = credentials

    def load(self) -> Credentials:
        return self._credentials
