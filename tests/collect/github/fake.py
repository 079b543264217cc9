"""An organization on GitHub that answers on 127.0.0.1, with the words and headers that GitHub has for each case."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from preuve.library.checked.openapi import description

ORGANIZATION, TOKEN = "acme", "github_pat_of_the_tests"
OPEN = {"id": 7, "name": "main", "source": ORGANIZATION, "target": "branch", "enforcement": "active"}


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


def protection(**more: Any) -> dict[str, Any]:
    """A protection that asks for what it should."""
    return {
        "url": "https://api.github.com/x",
        "required_pull_request_reviews": {
            "dismiss_stale_reviews": True,
            "require_code_owner_reviews": False,
            "required_approving_review_count": 1,
        },
        "enforce_admins": {"url": "https://api.github.com/x", "enabled": True},
        "allow_force_pushes": {"enabled": False},
        **more,
    }


def repository(name: str, **more: Any) -> dict[str, Any]:
    """A private repository as a listing has it."""
    on = {name: {"status": "enabled"} for name in ("secret_scanning", "secret_scanning_push_protection")}
    return {
        "id": 1,
        "name": name,
        "full_name": f"{ORGANIZATION}/{name}",
        "owner": user(ORGANIZATION) | {"type": "Organization"},
        "private": True,
        "visibility": "private",
        "html_url": f"https://github.com/{ORGANIZATION}/{name}",
        "description": "written by somebody@example.org",
        "fork": False,
        "archived": False,
        "default_branch": "main",
        "security_and_analysis": on,
        **more,
    }


def user(login: str) -> dict[str, Any]:
    """An account of somebody."""
    return {
        "login": login,
        "id": sum(login.encode()),
        "html_url": f"https://github.com/{login}",
        "type": "User",
        "site_admin": False,
    }


_EMPTY = {"string": "", "boolean": False, "integer": 0, "number": 0, "array": [], "object": {}}


def filled(path: str, value: Any) -> Any:
    """The value with every member that GitHub's description requires of what the path answers."""
    for name, operation in description()["operations"].items():
        template = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(name.removeprefix("GET ")))
        template = template.replace("branches/[^/]+", "branches/.+?")
        if re.fullmatch(template, path):
            return _filled(value, operation["answer"])
    raise AssertionError(f"no operation of the description is {path}")


def _filled(value: Any, schema: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_filled(item, schema["items"]) for item in value]
    properties = schema.get("properties", {})
    missing = {name: _empty(properties[name]) for name in schema.get("required", ()) if name not in value}
    return {**missing, **value}


def _empty(schema: Mapping[str, Any]) -> Any:
    return None if schema.get("nullable") else _EMPTY[schema["type"]]


@dataclass
class GitHub:
    """The organization. `at` holds what a path answers, `faults` what it answers first."""

    at: dict[str, Any] = field(default_factory=dict)
    faults: list[tuple[str, Reply]] = field(default_factory=list)
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    size: int = 100  # of a page, at most
    lock: Lock = field(default_factory=Lock)
    url: str = ""

    def __post_init__(self) -> None:
        self.at["/orgs/acme"] = {
            **user(ORGANIZATION),
            "type": "Organization",
            **dict.fromkeys(("followers", "following", "public_repos", "public_gists"), 0),
            **dict.fromkeys(("has_organization_projects", "has_repository_projects"), True),
            **dict.fromkeys(("created_at", "updated_at"), "2020-01-01T00:00:00Z"),
            "archived_at": None,
            "total_private_repos": 0,
            "two_factor_requirement_enabled": True,
            "default_repository_permission": "read",
        }
        self.at["/orgs/acme/repos"] = []
        self.at["/orgs/acme/members"] = []
        self.at["/orgs/acme/outside_collaborators"] = []

    def add(self, name: str, **more: Any) -> None:
        """A repository in good order; `more` are members of it."""
        found, path = repository(name, **more), f"/repos/{ORGANIZATION}/{name}"
        self.at["/orgs/acme/repos"].append(found)
        self.at["/orgs/acme"]["total_private_repos" if found["private"] else "public_repos"] += 1
        branch = found["default_branch"]
        self.at |= {
            path: found,
            f"{path}/branches/{branch}/protection": protection(),
            f"{path}/rules/branches/{branch}": [],
            f"{path}/rulesets": [],
            f"{path}/keys": [],
            f"{path}/dependabot/alerts": [],
            f"{path}/actions/permissions": {"enabled": True, "allowed_actions": "selected"},
            f"{path}/actions/permissions/workflow": {
                "default_workflow_permissions": "read",
                "can_approve_pull_request_reviews": False,
            },
            f"{path}/actions/permissions/fork-pr-contributor-approval": {
                "approval_policy": "all_external_contributors"
            },
        }

    def fault(self, path: str, reply: Reply, times: int = 1) -> None:
        """What the next requests get whose path fits."""
        self.faults += [(path, reply)] * times

    def asked(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(re.fullmatch(path, urlsplit(seen).path) is not None for seen, _ in self.seen)

    def answer(self, target: str, headers: dict[str, str]) -> Reply:
        """The reply to one request."""
        parts = urlsplit(target)
        path = unquote(parts.path)
        with self.lock:
            self.seen.append((target, headers))
            for number, (wanted, reply) in enumerate(self.faults):
                if re.fullmatch(wanted, path):
                    del self.faults[number]
                    return reply
        if headers.get("authorization") != f"Bearer {TOKEN}":
            return Reply(401, {"message": "Bad credentials", "status": "401"})
        found = self.at.get(path, NOT_FOUND)
        if isinstance(found, Reply):
            return found
        found = filled(path, found)
        return self._paged(found, target) if isinstance(found, list) else Reply(200, found)

    def _paged(self, items: list[Any], target: str) -> Reply:
        query = parse_qs(urlsplit(target).query)
        size = min(self.size, int(query.get("per_page", ["30"])[0]))
        number = int(query.get("page", ["1"])[0])
        more = number * size < len(items)
        path = urlsplit(target).path
        link = {"Link": f'<{self.url}{path}?per_page={size}&page={number + 1}>; rel="next"'} if more else {}
        return Reply(200, items[(number - 1) * size : number * size], link)


@contextmanager
def serving(github: GitHub) -> Iterator[GitHub]:
    """The organization, on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reply = github.answer(self.path, {name.lower(): value for name, value in self.headers.items()})
            body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            kinds = {"Content-Type": "application/json; charset=utf-8", "X-GitHub-Request-Id": "A:B:C"}
            self.send_response(reply.status)
            for name, value in {**kinds, **reply.headers, "Content-Length": str(len(body))}.items():
                if value:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    github.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield github
    finally:
        server.shutdown()
        server.server_close()
