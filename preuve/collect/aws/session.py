"""Clients for one account: own credentials, no endpoint from the environment, bounded time, adaptive retries."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from threading import Lock, local
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import DataNotFoundError, NoCredentialsError

from preuve import __version__
from preuve.collect.aws.events import Events
from preuve.collect.aws.http.answers import only_answers_of_aws, status_as_sent
from preuve.collect.aws.http.connections import keep_connections
from preuve.collect.aws.http.transport import Sender
from preuve.collect.aws.http.wire import time_of
from preuve.collect.aws.models import built_in, loader
from preuve.collect.aws.reach import GoneError, Place, Reach
from preuve.collect.aws.roles import assumed, hold
from preuve.library.validation.shapes import Shape
from preuve.model.company.organization import Account
from preuve.model.company.run_secrets import OF_RUN
from preuve.model.company.workspace import Workspace
from preuve.model.errors import UsageError
from preuve.model.grouping import grouped
from preuve.model.snapshot import Unread
from preuve.system.home import expanded

_DEMONSTRATION_KEY = "demonstration"
_TRIES_IN_DOUBT = 3  # tries of the call that tests whether AWS still answers after several services did not
_KEY = re.compile(r"Credential=([A-Za-z0-9]+)/")
_SESSION = "X-Amz-Security-Token"
_HOSTS = 2  # connections of each thread: S3 has a host for each bucket
_READS = 4  # the whole answer may take this many times the limit for its next bytes


@dataclass(frozen=True)
class Limits:
    """The limits of calls: time-outs in seconds, attempts per call, threads, seconds per unit."""

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
    stopped: bool = False  # set once no further call is to be made
    shared: frozenset[tuple[str, str]] = frozenset()  # operations that several units call
    answers: dict[str, Any] = field(default_factory=dict)  # their answers
    asking: Lock = field(default_factory=Lock)  # while deciding which unit makes a shared call
    operations: frozenset[tuple[str, str]] = frozenset()  # (service, operation) pairs that clients can call
    reach: Reach = field(default_factory=Reach)  # which services still answer
    # Whether the home region accepts keys that another one rejected.
    known_at_home: dict[str | Place, bool] = field(default_factory=dict)
    regions_on: set[str] = field(default_factory=set)  # regions that accepted the keys
    doubting: Lock = field(default_factory=Lock)  # while asking the home region
    keys: set[str] = field(default_factory=set)  # the access keys that signed requests
    proven: frozenset[str] | None = None  # those of them that AWS has confirmed as this account's
    strayed: Unread | None = None  # set once AWS says that the keys are another account's
    _session: Any = None
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict)
    _loaders: dict[str, Any] = field(default_factory=dict)
    _paged: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _holders: Counter[tuple[str, str]] = field(default_factory=Counter)
    _claimed: set[str] = field(default_factory=set)
    _sent: local = field(default_factory=local)
    _sender: Sender = field(default_factory=Sender)
    _lock: Lock = field(default_factory=Lock)

    @property
    def home(self) -> str:
        """The region that global services are called from."""
        return self.workspace.regions[0]

    def client(self, service: str, region: str) -> Any:
        """Return the client of a service in a region, the same for all callers until the last holder releases it.

        Raises NoCredentialsError if the account has none.
        """
        with self._lock:
            key = (service, region)
            if key not in self._clients:
                session = self._opened()
                session.register_component("data_loader", self._models(service))
                client = session.create_client(service, **self._arguments(region))
                client.meta._service_model = self.model(service)  # what one client resolved in it, all others have
                keep_connections(client._endpoint.http_session, _HOSTS * self.limits.threads)
                client.meta.events.register_last("before-send", partial(self._send, client, Place(service, region)))
                if self.workspace.endpoint_url:
                    client.meta.events.register("before-send.s3-control", self._without_account_in_host)
                self._clients[key] = client
            return self._clients[key]

    def pagination(self, service: str) -> Mapping[str, Any]:
        """Return the paging rules of the operations of a service, by operation.

        They are read from the model: a client would make a documented class for each listing.
        """
        if service not in self._paged:
            try:
                self._paged[service] = self._models(service).load_service_model(service, "paginators-1")["pagination"]
            except DataNotFoundError:
                self._paged[service] = {}
        return self._paged[service]

    def model(self, service: str) -> Any:
        """Return the model of a service as its clients have it."""
        return self._models(service).model(service)

    def output(self, service: str, operation: str) -> Shape:
        """Return the shape of an operation's answers by that model."""
        shape: Shape = self._models(service).output(service, operation)
        return shape

    def hold(self, service: str, region: str) -> None:
        """Keep a client until `release`."""
        with self._lock:
            self._holders[service, region] += 1

    def release(self, service: str, region: str) -> None:
        """Release a client; with no holder left it is dropped, so that memory does not grow with regions."""
        key = (service, region)
        with self._lock:
            self._holders[key] -= 1
            client = None if self._holders[key] > 0 else self._clients.pop(key, None)
        if client is not None:
            client.close()

    def claim(self, resource: str) -> bool:
        """Return whether the caller is the first to name this resource: a resource that several regions list is read
        once.
        """
        with self._lock:
            if resource in self._claimed:
                return False
            self._claimed.add(resource)
            return True

    @property
    def sent(self) -> int:
        """The number of requests that this thread has sent since the last read of `attempts`."""
        return int(getattr(self._sent, "count", 0))

    def attempts(self) -> int:
        """Return and reset the number of requests of this thread: 1, or more if botocore retried."""
        sent = self.sent
        self._sent.count = 0
        return sent

    def _without_account_in_host(self, request: Any, **_: Any) -> None:
        # S3 Control puts the account before the host: a name such as 123456789012.127.0.0.1 does not resolve.
        request.url = request.url.replace(f"//{self.account.id}.", "//", 1)

    def _send(self, client: Any, place: Place, request: Any, event_name: str, **_: Any) -> Any:
        self.reach.check(place, event_name.rpartition(".")[2])  # also before each retry
        if self.reach.doubtful and place.service == "sts" and self.sent >= _TRIES_IN_DOUBT:
            raise GoneError("connection", f"{self.sent} tries")
        self._sent.count = self.sent + 1
        self.keys.update(_KEY.findall(_text(request.headers.get("Authorization", ""))))
        OF_RUN.learn(_text(request.headers.get(_SESSION, "")))  # a refused signature is answered with what was signed
        return self._sender.send(client._endpoint.http_session, request, _READS * self.limits.read)

    def _models(self, service: str) -> Any:
        if service not in self._loaders:  # two threads keep the one of the first
            self._loaders.setdefault(service, loader(service, self._called.get(service, frozenset())))
        return self._loaders[service]

    @cached_property
    def _called(self) -> Mapping[str, frozenset[str]]:
        """The operations of each service that clients can call."""
        return {service: frozenset(names) for service, names in grouped(self.operations).items()}

    def _opened(self) -> Any:
        if self._session is None:
            self._session = self._open()
        return self._session

    def _open(self) -> Any:
        """Return the session that makes clients.

        Its credentials are another session's: to renew them, botocore makes clients of its own by that session, for
        operations that are cut out of the models of this one.
        """
        owner = self._plain()
        credentials = owner.get_credentials()
        if self.account.roles:
            if credentials is None:
                raise NoCredentialsError
            credentials = assumed(credentials, self.account.roles, partial(self._tokens, owner), self.home)
        session = self._plain()
        hold(session, credentials)
        return session

    def _plain(self) -> Any:
        """Return a session with the credentials of the account, or those with which its roles are assumed."""
        if self.workspace.demonstration:
            session = _genuine(session_vars=_isolated())
            hold(session, Credentials(_DEMONSTRATION_KEY, _DEMONSTRATION_KEY))
            return session
        session = _genuine(profile=self.account.profile or None)
        if authorities := authorities_of(self.workspace):
            session.set_config_variable("ca_bundle", str(authorities))
        return session

    def _tokens(self, session: Any, credentials: Any) -> Any:
        keys = credentials.get_frozen_credentials()
        return session.create_client(
            "sts",
            aws_access_key_id=keys.access_key,
            aws_secret_access_key=keys.secret_key,
            aws_session_token=keys.token,
            **self._arguments(self.home),
        )

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


def _genuine(**options: Any) -> Any:
    """Return a session that connects only to AWS: endpoints and certificates come only from botocore.

    Otherwise the person who starts a run could change its result: by an endpoint in the environment or in a profile
    (also for the calls with which botocore gets credentials), by models with other host names, or by a proxy with a
    custom bundle that makes its certificate valid.
    """
    events = Events()
    session = botocore.session.Session(event_hooks=events._emitter, **options)
    session.register_component("event_emitter", events)
    session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=time_of)
    session.register_component("data_loader", built_in())
    session.set_config_variable("ignore_configured_endpoint_urls", True)
    session.set_config_variable("ca_bundle", True)  # botocore's own list of certificate authorities
    session.register("before-parse.*.*", status_as_sent)  # it has precedence over botocore's own data of a service
    session.register("before-parse", only_answers_of_aws)
    return session


def authorities_of(workspace: Workspace) -> Path | None:
    """Return the file of certificate authorities that the workspace itself names; the environment's are ignored.

    Raises UsageError if the file does not exist.
    """
    if not workspace.ca:
        return None
    path = workspace.root / expanded(Path(workspace.ca))
    if not path.is_file():
        raise UsageError(f"aws.ca: there is no file {workspace.ca}", "save the certificate of the proxy there, in PEM")
    return path


def _text(header: str | bytes) -> str:
    return header.decode("latin-1") if isinstance(header, bytes) else str(header)


def _isolated() -> Mapping[str, Any]:
    """Return session variables that read neither environment nor AWS files, only botocore's own defaults."""
    known = botocore.session.Session.SESSION_VARIABLES
    alone = {name: (None, None, default, convert) for name, (_, _, default, convert) in known.items()}
    nowhere = dict.fromkeys(("config_file", "credentials_file"), (None, None, os.devnull, None))
    return {**alone, **nowhere}
