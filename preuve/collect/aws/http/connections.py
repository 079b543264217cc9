"""Connections to AWS: as many are kept as threads may need, and the certificates of authorities are read once."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from functools import cache
from typing import Any

from urllib3 import PoolManager
from urllib3.util.ssl_ import create_urllib3_context


def keep_connections(http_session: Any, hosts: int) -> None:
    """Have a session of botocore keep connections to so many hosts, with one context of TLS for all sessions that
    trust the same authorities.

    S3 has a host for each bucket, and botocore keeps connections to ten; with more threads than that, each call would
    make a new one. For each it would read all certificates of authorities again, which takes longer than the call.
    """
    options = http_session._get_pool_manager_kwargs

    def kept(**more: Any) -> Mapping[str, Any]:  # also those of a proxy
        return {**options(**more), "num_pools": hosts, "ssl_context": _context(http_session._verify)}

    http_session._get_pool_manager_kwargs = kept
    manager = PoolManager(**kept())
    manager.pool_classes_by_scheme = http_session._manager.pool_classes_by_scheme
    http_session._manager = manager


@cache
def _context(_authorities: str | bool) -> ssl.SSLContext:
    """Return the context of all connections that trust the same authorities: what it has loaded it keeps."""
    context = create_urllib3_context()
    context.load_verify_locations = cache(context.load_verify_locations)  # type: ignore[assignment, method-assign]
    return context
