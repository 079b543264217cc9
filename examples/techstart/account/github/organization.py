"""An organization on GitHub: what each path answers, what was asked, and what goes wrong on the way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from .replies import BAD_CREDENTIALS, NOT_FOUND, Reply, protection, repository, user
from .shapes import filled


@dataclass
class GitHub:
    """The organization. `at` holds what a path answers, `faults` what it answers first; without a token all may ask."""

    name: str
    token: str = ""
    site: str = "https://github.com"
    at: dict[str, Any] = field(default_factory=dict)
    faults: list[tuple[str, Reply]] = field(default_factory=list)
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    size: int = 100  # of a page, at most
    lock: Lock = field(default_factory=Lock)
    url: str = ""

    def __post_init__(self) -> None:
        self.at[self._path()] = {
            **user(self.name, self.site),
            "type": "Organization",
            **dict.fromkeys(("followers", "following", "public_repos", "public_gists"), 0),
            **dict.fromkeys(("has_organization_projects", "has_repository_projects"), True),
            **dict.fromkeys(("created_at", "updated_at"), "2020-01-01T00:00:00Z"),
            "archived_at": None,
            "total_private_repos": 0,
            "two_factor_requirement_enabled": True,
            "default_repository_permission": "read",
        }
        # The token is an owner's.
        self.at[f"/user/memberships{self._path()}"] = {
            "state": "active",
            "role": "admin",
            "organization": {"id": 1, "login": self.name},
            "user": None,
        }
        for listing in ("repos", "members", "outside_collaborators"):
            self.at[self._path(listing)] = []

    def _path(self, listing: str = "") -> str:
        return f"/orgs/{self.name}" + (f"/{listing}" if listing else "")

    def add(self, name: str, **more: Any) -> str:
        """A repository in good order, and its path; `more` are members of it."""
        found, path = repository(self.name, name, self.site, **more), f"/repos/{self.name}/{name}"
        self.at[self._path("repos")].append(found)
        self.at[self._path()]["total_private_repos" if found["private"] else "public_repos"] += 1
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
        return path

    def fault(self, path: str, reply: Reply, times: int = 1) -> None:
        """What the next requests get whose path fits."""
        self.faults += [(path, reply)] * times

    def asked(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(re.fullmatch(path, urlsplit(seen).path) is not None for seen, _ in self.seen)

    def answer(self, target: str, headers: Mapping[str, str]) -> Reply:
        """The reply to one request."""
        path = unquote(urlsplit(target).path)
        with self.lock:
            self.seen.append((target, dict(headers)))
            for number, (wanted, reply) in enumerate(self.faults):
                if re.fullmatch(wanted, path):
                    del self.faults[number]
                    return reply
        if not headers.get("authorization") or (self.token and headers["authorization"] != f"Bearer {self.token}"):
            return BAD_CREDENTIALS
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
