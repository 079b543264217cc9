"""Connections to AWS: keeps as many as threads may need, and reads the certificate authorities once."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from botocore.httpsession import create_urllib3_context, get_cert_path
from urllib3 import PoolManager
from urllib3._collections import RecentlyUsedContainer


def keep_connections(http_session: Any, hosts: int) -> None:
    """Make a session of botocore keep connections to so many hosts, with one TLS context for all sessions that trust
    the same authorities.

    S3 has a host for each bucket, and botocore keeps connections to ten hosts; with more threads, each call would open
    a new connection. Each new connection would read all certificate authorities again, which takes longer than the
    call.
    """
    options = http_session._get_pool_manager_kwargs

    def kept(**more: Any) -> Mapping[str, Any]:  # the managers of a proxy
        return {**options(**more), "num_pools": hosts, "ssl_context": _trusting(http_session._verify)}

    http_session._get_pool_manager_kwargs = kept
    manager: PoolManager = http_session._manager  # has no connection yet
    manager.pools = RecentlyUsedContainer(hosts)
    manager.connection_pool_kw["ssl_context"] = _trusting(http_session._verify)


def _trusting(authorities: str | bool) -> ssl.SSLContext:
    """Return the TLS context of all connections that trust these authorities, with the present content of their
    file.
    """
    path = Path(get_cert_path(authorities)) if authorities else None
    state = path.stat() if path and path.exists() else None
    return _context(authorities, state and (state.st_mtime_ns, state.st_size, state.st_ino))


@cache
def _context(_authorities: str | bool, _state: tuple[int, int, int] | None) -> ssl.SSLContext:
    """Return the TLS context that botocore would make for each session; its authorities stay loaded."""
    context: ssl.SSLContext = create_urllib3_context()
    context.load_verify_locations = cache(context.load_verify_locations)  # type: ignore[assignment, method-assign]
    return context
