"""Clients for one account: own credentials, no endpoint from the environment, bounded time, adaptive retries."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import botocore.exceptions
import botocore.session
from botocore.config import Config

from preuve import __version__
from preuve.collect.aws.causes import unread
from preuve.model.snapshot import Unread
from preuve.model.workspace import Account, Workspace

_DEMONSTRATION_KEY = "demonstration"
_SESSION_NAME = "preuve"


@dataclass(frozen=True)
class Limits:
    """How long and how often: seconds, attempts per call, threads, seconds per unit."""

    connect: float = 5
    read: float = 30
    attempts: int = 8
    threads: int = 24
    unit: float = 1200


@dataclass
class AccountAccess:
    """Hands out one shared client per region and service, as botocore's adaptive retries need it."""

    account: Account
    workspace: Workspace
    limits: Limits
    _session: Any = None
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @property
    def home(self) -> str:
        """The region that global services are called from."""
        return self.workspace.regions[0]

    def client(self, service: str, region: str) -> Any:
        """The client of a service in a region; it lives until `release`."""
        with self._lock:
            key = (service, region)
            if key not in self._clients:
                self._clients[key] = self._opened().create_client(service, **self._arguments(region))
            return self._clients[key]

    def release(self, service: str, region: str) -> None:
        """Forget a client that no unit needs any more, so that memory does not grow with regions."""
        with self._lock:
            client = self._clients.pop((service, region), None)
        if client is not None:
            client.close()

    def _opened(self) -> Any:
        if self._session is None:
            self._session = self._open()
        return self._session

    def _open(self) -> Any:
        if self.workspace.demonstration:
            session = botocore.session.Session(session_vars=_ISOLATED)
            session.set_credentials(_DEMONSTRATION_KEY, _DEMONSTRATION_KEY)
            return session
        session = botocore.session.Session(profile=self.account.profile or None)
        if self.account.role_arn:
            session.set_credentials(**self._assumed(session))
        return session

    def _assumed(self, session: Any) -> Mapping[str, str]:
        sts = session.create_client("sts", **self._arguments(self.home))
        answer = sts.assume_role(RoleArn=self.account.role_arn, RoleSessionName=_SESSION_NAME, DurationSeconds=3600)
        keys = answer["Credentials"]
        return {
            "access_key": keys["AccessKeyId"],
            "secret_key": keys["SecretAccessKey"],
            "token": keys["SessionToken"],
        }

    def _arguments(self, region: str) -> dict[str, Any]:
        options: dict[str, Any] = {
            "region_name": region,
            "connect_timeout": self.limits.connect,
            "read_timeout": self.limits.read,
            "retries": {"mode": "adaptive", "total_max_attempts": self.limits.attempts},
            "max_pool_connections": self.limits.threads,
            "ignore_configured_endpoint_urls": True,
            "user_agent_extra": f"preuve/{__version__}",
        }
        endpoint = self.workspace.endpoint_url
        if not endpoint:
            return {"region_name": region, "config": Config(**options)}
        options |= {"inject_host_prefix": False, "s3": {"addressing_style": "path"}, "proxies": {}}
        return {"region_name": region, "config": Config(**options), "endpoint_url": endpoint}

    def identity(self) -> tuple[Mapping[str, str], Unread | None]:
        """Who we are (`Account`, `Arn`), or why that is not known."""
        try:
            answer = self.client("sts", self.home).get_caller_identity()
        except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
            return {}, unread(error, "sts:GetCallerIdentity")
        return {"Account": answer["Account"], "Arn": answer["Arn"]}, None


# The demonstration reads neither the user's AWS files nor the environment: every variable name maps to nothing.
_ISOLATED: Mapping[str, Any] = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
    "region": (None, None, None, None),
}
