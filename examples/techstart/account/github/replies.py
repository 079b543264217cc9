"""What GitHub answers: its words and headers for each case, and its things as a listing has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

JSON = {"Content-Type": "application/json; charset=utf-8", "X-GitHub-Request-Id": "A:B:C"}


@dataclass
class Reply:
    """What a path answers."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


NOT_FOUND = Reply(404, {"message": "Not Found", "status": "404"})
NOT_PROTECTED = Reply(404, {"message": "Branch not protected", "status": "404"})
DENIED = Reply(403, {"message": "Resource not accessible by personal access token", "status": "403"})
UPGRADE = Reply(403, {"message": "Upgrade to GitHub Pro or make this repository public to enable this feature."})
DISABLED = Reply(403, {"message": "Dependabot alerts are disabled for this repository."})
PAGE = Reply(200, b"<html>Sign in</html>", {"Content-Type": "text/html", "X-GitHub-Request-Id": ""})
BAD_CREDENTIALS = Reply(401, {"message": "Bad credentials", "status": "401"})


def protection(**more: Any) -> dict[str, Any]:
    """A protection that asks for what it should."""
    return {
        "url": "https://api.github.com/x",
        "required_pull_request_reviews": {
            "dismiss_stale_reviews": True,
            "require_last_push_approval": True,
            "require_code_owner_reviews": False,
            "required_approving_review_count": 1,
        },
        "enforce_admins": {"url": "https://api.github.com/x", "enabled": True},
        "allow_force_pushes": {"enabled": False},
        **more,
    }


def repository(organization: str, name: str, site: str, **more: Any) -> dict[str, Any]:
    """A private repository as a listing has it."""
    on = {name: {"status": "enabled"} for name in ("secret_scanning", "secret_scanning_push_protection")}
    return {
        "id": crc32(name.encode()),
        "name": name,
        "full_name": f"{organization}/{name}",
        "owner": user(organization, site) | {"type": "Organization"},
        "private": True,
        "visibility": "private",
        "html_url": f"{site}/{organization}/{name}",
        "description": "written by somebody@example.org",
        "fork": False,
        "archived": False,
        "default_branch": "main",
        "security_and_analysis": on,
        **more,
    }


def user(login: str, site: str = "https://github.com") -> dict[str, Any]:
    """An account of somebody."""
    return {
        "login": login,
        "id": crc32(login.encode()),
        "html_url": f"{site}/{login}",
        "type": "User",
        "site_admin": False,
    }
