"""The permissions that a token needs are printed and checked before a run."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from collect.github.kit import prepared
from examples.techstart.account.github.organization import GitHub
from examples.techstart.account.github.replies import DENIED, Reply
from preuve.cli.main import main
from preuve.library.iam.permissions import calls_to_github
from preuve.library.load import load_library
from preuve.library.validation.rules import needs
from preuve.model.errors import UsageError
from preuve.pipeline.run.preparation import checked
from preuve.pipeline.workspace.doctor.check import Check, State
from preuve.pipeline.workspace.doctor.github import checks
from preuve.publish.words.locale import load_locale

PERMISSIONS = """\
organization administration: read
organization members: read
repository Dependabot alerts: read
repository administration: read
repository metadata: read
"""

# What github/docs has in src/github-apps/data/fpt-2026-03-10/fine-grained-pat-permissions.json, each for reading. The
# organization itself may be read without any.
DOCUMENTED = {
    "GET /orgs/{org}": "",
    "GET /orgs/{org}/members": "organization members",
    "GET /orgs/{org}/outside_collaborators": "organization members",
    "GET /orgs/{org}/repos": "repository metadata",
    "GET /user/memberships/orgs/{org}": "organization members",
    "GET /repos/{owner}/{repo}": "repository metadata",
    "GET /repos/{owner}/{repo}/actions/permissions": "repository administration",
    "GET /repos/{owner}/{repo}/actions/permissions/fork-pr-contributor-approval": "repository administration",
    "GET /repos/{owner}/{repo}/actions/permissions/workflow": "repository administration",
    "GET /repos/{owner}/{repo}/branches/{branch}/protection": "repository administration",
    "GET /repos/{owner}/{repo}/dependabot/alerts": "repository Dependabot alerts",
    "GET /repos/{owner}/{repo}/keys": "repository administration",
    "GET /repos/{owner}/{repo}/rules/branches/{branch}": "repository metadata",
    "GET /repos/{owner}/{repo}/rulesets": "repository metadata",
    "GET /repos/{owner}/{repo}/rulesets/{ruleset_id}": "repository metadata",
}
MORE = {  # the call succeeds without it, and does not show the member
    "GET /orgs/{org}": "organization administration",  # visible to owners
    "GET /repos/{owner}/{repo}": "repository administration",  # security_and_analysis
}


def test_a_permission_has_its_documented_github_name() -> None:
    library = load_library()
    needed = needs(library, checked(library, tuple(library.policies.values()))[0])
    named = {call.operation: set(call.iam) for call in calls_to_github(library, needed)}
    assert named == {call: {f"{MORE.get(call, name)}: read"} for call, name in DOCUMENTED.items()}


def test_the_least_permissions_of_a_token_are_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # no workspace is needed
    found = CliRunner().invoke(main, ["permissions", "--for", "github"])
    assert (found.exit_code, found.output) == (0, PERMISSIONS)


@pytest.mark.parametrize("option", [["--bucket", "acme"], ["--github", "acme/app"], ["--format", "terraform"]])
def test_options_that_do_not_fit_a_token_are_refused(tmp_path: Path, option: list[str]) -> None:
    found = CliRunner().invoke(main, ["permissions", "--for", "github", "--workspace", str(tmp_path), *option])
    assert isinstance(found.exception, UsageError)


def told(github: GitHub, folder: Path) -> dict[str, Check]:
    """Return the checks of doctor, by name."""
    return {check.name: check for check in checks(prepared(github, folder), load_locale("en"))}


def test_a_valid_token_is_ok(github: GitHub, tmp_path: Path) -> None:
    github.fault(
        "/orgs/acme",
        Reply(200, github.at["/orgs/acme"], {"github-authentication-token-expiration": "2999-01-01 00:00:00 UTC"}),
    )
    found = told(github, tmp_path)
    assert {check.state for check in found.values()} == {State.OK}
    assert found["GitHub acme token"].message == "it expires on 2999-01-01"


def test_a_missing_permission_of_a_token_is_named(github: GitHub, tmp_path: Path) -> None:
    github.at |= {"/orgs/acme/members": DENIED, "/repos/acme/app/dependabot/alerts": DENIED}
    check = told(github, tmp_path)["GitHub acme permissions"]
    lacks = "GitHub refuses the calls that need organization members: read, repository Dependabot alerts: read"
    assert (check.state, check.message) == (State.FAIL, lacks)


def test_without_a_repository_its_permissions_are_unknown(github: GitHub, tmp_path: Path) -> None:
    github.at["/orgs/acme/repos"] = []
    assert told(github, tmp_path)["GitHub acme permissions"].state is State.UNKNOWN


@pytest.mark.parametrize(
    "headers",
    [{"X-OAuth-Scopes": "repo, admin:org"}, {"github-authentication-token-expiration": "2020-01-01 00:00:00 UTC"}],
)
def test_a_token_with_too_many_rights_or_an_end_date_is_a_warning(
    github: GitHub, tmp_path: Path, headers: dict[str, str]
) -> None:
    github.fault("/orgs/acme", Reply(200, github.at["/orgs/acme"], headers))
    assert told(github, tmp_path)["GitHub acme token"].state is State.WARNING


def test_a_rejected_token_fails(github: GitHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN_OF_TESTS", "other")
    (check,) = told(github, tmp_path).values()
    assert check.state is State.FAIL
    assert "Bad credentials" in check.message
    monkeypatch.delenv("GITHUB_TOKEN_OF_TESTS")
    (check,) = told(github, tmp_path).values()
    assert (check.state, "GITHUB_TOKEN_OF_TESTS" in check.message) == (State.FAIL, True)
