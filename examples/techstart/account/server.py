"""Runs the front on 127.0.0.1: moto's settings, a threaded server, and nothing of the user's AWS set-up."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"
ACCOUNT = "123456789012"
RESPONSES = Path(__file__).parent / "responses"
MOTO_SETTINGS: Mapping[str, str] = {
    "MOTO_ACM_VALIDATION_WAIT": "0",
    "MOTO_ALLOW_NONEXISTENT_REGION": "true",
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",  # else every region owns more than a thousand public snapshots
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",  # else AdministratorAccess does not exist
}
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """`environment` without anything that would reach the user's AWS account or send a call through a proxy."""
    return {
        name: value
        for name, value in environment.items()
        if not name.upper().startswith(("AWS_", "BOTO", "MOTO_")) and name.lower() not in _PROXIES
    }


def demonstration_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """A clean environment whose only credentials are dummies and whose AWS files are empty."""
    dummies = {
        "AWS_ACCESS_KEY_ID": "AKIAEMULATEDACCOUNT0",
        "AWS_SECRET_ACCESS_KEY": "not-a-secret",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "DEMONSTRATION_GITHUB_TOKEN": "not-a-secret",
    }
    return {**clean_environment(environment), **dummies}


def settle_environment() -> None:
    """Makes this process's own environment that of the emulator; moto reads it when it is imported."""
    wanted = {**demonstration_environment(os.environ), **MOTO_SETTINGS}
    for name in set(os.environ) - set(wanted):
        del os.environ[name]
    os.environ.update(wanted)


def make_server(port: int = 0, responses: Path | None = RESPONSES) -> Any:
    """A threaded werkzeug server with the front, bound to 127.0.0.1 (port 0 = a free one) and not yet serving."""
    from moto.backends import list_of_moto_modules  # noqa: PLC0415
    from moto.moto_server.werkzeug_app import (  # noqa: PLC0415 - after settle_environment
        DomainDispatcherApplication,
        MotoRequestHandler,
        create_backend_app,
    )
    from werkzeug.serving import make_server as make  # noqa: PLC0415

    from .front import Front  # noqa: PLC0415
    from .github.estate import techstart  # noqa: PLC0415
    from .moto_state import name_resources_where_they_are  # noqa: PLC0415
    from .saved import SavedResponses  # noqa: PLC0415

    class Dispatcher(DomainDispatcherApplication):
        """Says plainly that moto has no such service, where moto would print and fail."""

        def get_backend_for_host(self, host: str | None) -> Any:
            """The backend of a host name, None without a host."""
            known = host is None or host == "moto_api" or host in list_of_moto_modules()
            if not known and not any(pattern.match(f"http://{host}") for _, pattern in self.backend_url_patterns):
                raise NotImplementedError(host)
            return super().get_backend_for_host(host)

    class Handler(MotoRequestHandler):
        """Quiet, and without the delay that Nagle's algorithm adds to each answer on a kept connection."""

        disable_nagle_algorithm = True

        def log(self, type: str, message: str, *args: Any) -> None:
            """Says nothing: the ledger has the calls."""

    name_resources_where_they_are()
    front = Front(Dispatcher(create_backend_app), SavedResponses(responses), techstart())
    return make(HOST, port, front, threaded=True, request_handler=Handler)
