"""Connections to AWS: as many are kept as threads may need, and the certificates of authorities are read once."""

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
    """Have a session of botocore keep connections to so many hosts, with one context of TLS for all sessions that
    trust the same authorities.

    S3 has a host for each bucket, and botocore keeps connections to ten; with more threads than that, each call would
    make a new one. For each it would read all certificates of authorities again, which takes longer than the call.
    """
    options = http_session._get_pool_manager_kwargs

    def kept(**more: Any) -> Mapping[str, Any]:  # those of a proxy
        return {**options(**more), "num_pools": hosts, "ssl_context": _trusting(http_session._verify)}

    http_session._get_pool_manager_kwargs = kept
    manager: PoolManager = http_session._manager  # has no connection yet
    manager.pools = RecentlyUsedContainer(hosts)
    manager.connection_pool_kw["ssl_context"] = _trusting(http_session._verify)


def _trusting(authorities: str | bool) -> ssl.SSLContext:
    """Return the context of all connections that trust these authorities, as their file is now."""
    path = Path(get_cert_path(authorities)) if authorities else None
    state = path.stat() if path and path.exists() else None
    return _context(authorities, state and (state.st_mtime_ns, state.st_size, state.st_ino))


@cache
def _context(_authorities: str | bool, _state: tuple[int, int, int] | None) -> ssl.SSLContext:
    """Return the context that botocore would make for each session; what it has loaded it keeps."""
    context: ssl.SSLContext = create_urllib3_context()
    context.load_verify_locations = cache(context.load_verify_locations)  # type: ignore[assignment, method-assign]
    return context
