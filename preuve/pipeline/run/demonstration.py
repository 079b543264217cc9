"""The emulated account and organization of a demonstration, on another port of this machine than the workspace
names.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from preuve.model.company.workspace import Workspace
from preuve.model.errors import UsageError

_HERE = ("127.0.0.1", "localhost")


def on_port(workspace: Workspace, port: int) -> Workspace:
    """Return the workspace with another port. Raises UsageError if it has no emulated account on this machine.

    A demonstration stays a demonstration, and any other workspace cannot get another source.
    """
    named = urlsplit(workspace.endpoint_url)
    if named.hostname not in _HERE:
        raise UsageError("preuve.yaml names no emulated account on this machine", "leave out --demonstration-port")
    moved = replace(workspace, endpoint_url=f"{named.scheme}://{named.hostname}:{port}")
    github = workspace.github
    if github is None or github.none or (found := urlsplit(github.api)).netloc != named.netloc:
        return moved  # another server, or none
    return replace(moved, github=replace(github, api=f"{found.scheme}://{found.hostname}:{port}{found.path}"))
