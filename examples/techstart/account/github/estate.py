"""TechStart's organization on GitHub: repositories that are well kept, and others that are not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from .organization import GitHub
from .replies import DISABLED, NOT_PROTECTED, user

ORGANIZATION = "techstart"
_SITE = "https://github.example"  # what exists on github.com under that name is somebody else's
_RULESET = {"id": 11, "name": "branche principale", "source": ORGANIZATION, "source_type": "Organization"}
_MEMBERS = ("camille-durand", "noor-benali", "theo-martin", "ines-lopez", "lea-moreau")
_OUTSIDE = ("hugo-petit", "sacha-girard")  # freelancers: the contract of the first has ended


def techstart() -> GitHub:
    """The organization. Members may write everywhere by default, which they should not."""
    github = GitHub(ORGANIZATION, site=_SITE)
    github.at[f"/orgs/{ORGANIZATION}"]["default_repository_permission"] = "write"
    github.at[f"/orgs/{ORGANIZATION}/members"] = [user(login, _SITE) for login in _MEMBERS]
    github.at[f"/orgs/{ORGANIZATION}/outside_collaborators"] = [user(login, _SITE) for login in _OUTSIDE]
    for add in (_portal, _infrastructure, _website, _customers, _trials):
        add(github)
    github.add("ancien-portail", archived=True)
    return github


def _portal(github: GitHub) -> None:
    """In good order but for one alert that is open too long."""
    path = github.add("portail")
    github.at[f"{path}/keys"] = [_key(21, "deploiement", 60, read_only=True)]
    github.at[f"{path}/dependabot/alerts"] = [_alert(1, "critical", 75), _alert(2, "low", 3)]


def _infrastructure(github: GitHub) -> None:
    """Protected by a ruleset of the organization that nobody may pass by."""
    path = github.add("infrastructure")
    github.at[f"{path}/branches/main/protection"] = NOT_PROTECTED
    ruleset = {**_RULESET, "target": "branch", "enforcement": "active"}
    github.at[f"{path}/rulesets"] = [ruleset]
    github.at[f"{path}/rulesets/11"] = {**ruleset, "bypass_actors": []}
    reviews = {
        "required_approving_review_count": 1,
        "dismiss_stale_reviews_on_push": True,
        "require_code_owner_review": False,
        "require_last_push_approval": True,
        "required_review_thread_resolution": True,
    }
    github.at[f"{path}/rules/branches/main"] = [
        {"type": "pull_request", "ruleset_id": 11, "ruleset_source_type": "Organization", "parameters": reviews},
        {"type": "non_fast_forward", "ruleset_id": 11, "ruleset_source_type": "Organization"},
    ]


def _website(github: GitHub) -> None:
    """Public on purpose; workflows of strangers run after their first contribution."""
    path = github.add("site-vitrine", private=False, visibility="public")
    approval = {"approval_policy": "first_time_contributors"}
    github.at[f"{path}/actions/permissions/fork-pr-contributor-approval"] = approval


def _customers(github: GitHub) -> None:
    """Nothing of what it should have: no protection, any action, a key that writes, alerts switched off."""
    off = {name: {"status": "disabled"} for name in ("secret_scanning", "secret_scanning_push_protection")}
    path = github.add("exports-clients", security_and_analysis=off)
    github.at[f"{path}/branches/main/protection"] = NOT_PROTECTED
    github.at[f"{path}/dependabot/alerts"] = DISABLED
    github.at[f"{path}/keys"] = [_key(31, "ancien serveur", 900, read_only=False)]
    github.at[f"{path}/actions/permissions"] = {
        "enabled": True,
        "allowed_actions": "all",
        "sha_pinning_required": False,
    }
    github.at[f"{path}/actions/permissions/workflow"] = {
        "default_workflow_permissions": "write",
        "can_approve_pull_request_reviews": True,
    }


def _trials(github: GitHub) -> None:
    """Public by mistake."""
    github.add("essais", private=False, visibility="public", default_branch="principal")


def _key(number: int, title: str, days: int, *, read_only: bool) -> dict[str, Any]:
    made = {"created_at": _ago(days), "verified": True, "enabled": True}
    return {"id": number, "title": title, "read_only": read_only, **made}


def _alert(number: int, severity: str, days: int) -> dict[str, Any]:
    rated = {"security_vulnerability": {"severity": severity}, "dependency": {}}
    return {"number": number, "state": "open", "created_at": _ago(days), **rated}


def _ago(days: int) -> str:
    return f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"
