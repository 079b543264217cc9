"""Reading an organization on GitHub, and answers that do not count."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from collect.github.fake import OPEN, TOKEN
from collect.github.kit import WORKSPACE, scan
from content_copy import bundled
from examples.techstart.account.github.organization import GitHub
from examples.techstart.account.github.replies import (
    DENIED,
    NOT_FOUND,
    NOT_PROTECTED,
    PAGE,
    UPGRADE,
    Reply,
    protection,
    user,
)
from preuve.collect.aws.session import Limits

PROTECTION = "/repos/acme/app/branches/main/protection"
RULES = "/repos/acme/app/rules/branches/main"
REPOSITORIES = "/orgs/acme/repos"


def test_a_well_kept_organization_passes(github: GitHub, tmp_path: Path) -> None:
    found = scan(github, tmp_path)
    assert "FAIL" not in {finding.status.value for finding in found.assessment.findings}
    assert found.verdict("repo-protected") == ("PASS", "asserted")


def test_the_address_of_a_repository_is_its_name_everywhere(github: GitHub, tmp_path: Path) -> None:
    """Waivers may name it, and a later run knows it by it."""
    found = scan(github, tmp_path)
    (app,) = found.lines("resource", "GitHub::Repository")
    assert app["arn"] == next(iter(found.of("repo-protected"))).place.arn
    assert app["arn"].startswith("https://") and app["arn"].endswith("/acme/app")


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (protection(enforce_admins={"enabled": False}), ("FAIL", "failed")),
        (NOT_PROTECTED, ("FAIL", "failed")),
        (UPGRADE, ("FAIL", "failed")),
        (NOT_FOUND, ("NOT_EVALUATED", "github_hidden")),
        (DENIED, ("NOT_EVALUATED", "github_denied")),
        (Reply(403, {"message": "Branch not protected"}), ("NOT_EVALUATED", "github_denied")),
        (Reply(404, {"message": ""}), ("NOT_EVALUATED", "github_hidden")),
        (Reply(410, {"message": "Gone"}), ("NOT_EVALUATED", "github_refused")),
        (PAGE, ("NOT_EVALUATED", "not_github")),
        (Reply(404, b"Branch not protected", {"Content-Type": "text/html"}), ("NOT_EVALUATED", "not_github")),
        (
            Reply(404, {"message": "Branch not protected"}, {"X-GitHub-Request-Id": ""}),
            ("NOT_EVALUATED", "not_github"),
        ),
        (Reply(404, {"error": "Branch not protected"}), ("NOT_EVALUATED", "not_github")),
        (Reply(200, {}), ("NOT_EVALUATED", "not_github")),
        (Reply(200, []), ("NOT_EVALUATED", "not_github")),
        (Reply(200, None), ("NOT_EVALUATED", "not_github")),
        (Reply(200, {"enforce_admins": "yes"}), ("NOT_EVALUATED", "not_github")),
        (Reply(204, b""), ("NOT_EVALUATED", "not_github")),
        (Reply(302, {"message": "Moved"}, {"Location": "https://example.org/"}), ("NOT_EVALUATED", "github_refused")),
        (Reply(200, b'{"enforce_admins": {"enab'), ("NOT_EVALUATED", "not_github")),
    ],
)
def test_only_documented_messages_mean_no_protection(
    github: GitHub, tmp_path: Path, reply: Any, expected: tuple[str, str]
) -> None:
    github.at[PROTECTION] = reply
    found = scan(github, tmp_path)
    assert found.verdict("repo-protected") == expected
    assert found.verdict("repo-private-and-2fa") == ("PASS", "asserted")  # the rest of the unit was read


def test_a_refusal_names_the_call_the_message_and_the_permission(github: GitHub, tmp_path: Path) -> None:
    github.at[PROTECTION] = DENIED
    (finding,) = scan(github, tmp_path).of("repo-protected", "app")
    assert finding.incomplete
    assert finding.reason.values == {
        "member": "Protection",
        "cause": "github_denied",
        "code": "403",
        "operation": "GET /repos/{owner}/{repo}/branches/{branch}/protection",
        "answer": "Resource not accessible by personal access token",
        "permission": "repository administration: read",
    }


def _ruled(github: GitHub, **more: Any) -> None:
    github.at[PROTECTION] = NOT_PROTECTED
    whose = {"ruleset_id": 7, "ruleset_source": "acme", "ruleset_source_type": "Organization"}
    asked = {"required_approving_review_count": 1, "dismiss_stale_reviews_on_push": False}
    review = {"type": "pull_request", "parameters": {**asked, "require_last_push_approval": True}, **whose}
    github.at[RULES] = [review, {"type": "non_fast_forward", **whose}]
    github.at["/repos/acme/app/rulesets"] = [OPEN]
    github.at["/repos/acme/app/rulesets/7"] = {**OPEN, **more}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"bypass_actors": []}, ("PASS", "asserted")),
        ({"bypass_actors": [{"actor_type": "OrganizationAdmin", "bypass_mode": "always"}]}, ("FAIL", "failed")),
        ({}, ("NOT_EVALUATED", "not_shown")),  # to a token that may not change the ruleset
    ],
)
def test_a_ruleset_counts_if_it_shows_that_nobody_can_bypass_it(
    github: GitHub, tmp_path: Path, more: dict[str, Any], expected: tuple[str, str]
) -> None:
    _ruled(github, **more)
    assert scan(github, tmp_path).verdict("repo-protected") == expected


def test_unread_rulesets_of_another_repository_do_not_matter(github: GitHub, tmp_path: Path) -> None:
    _ruled(github, bypass_actors=[])
    github.add("other")
    github.at["/repos/acme/other/rulesets"] = DENIED
    github.at["/repos/acme/other/branches/main/protection"] = NOT_PROTECTED
    found = scan(github, tmp_path)
    assert found.verdict("repo-protected") == ("PASS", "asserted")
    assert found.verdict("repo-protected", "other") == ("FAIL", "failed")  # without a rule no ruleset matters


def _rule(kind: str, ruleset: int, **parameters: Any) -> dict[str, Any]:
    whose = {"ruleset_id": ruleset, "ruleset_source": "acme", "ruleset_source_type": "Organization"}
    return {"type": kind, **whose, **({"parameters": parameters} if parameters else {})}


def _review(ruleset: int, count: int, last: bool) -> dict[str, Any]:
    asked = {"required_approving_review_count": count, "require_last_push_approval": last}
    return _rule("pull_request", ruleset, **asked, dismiss_stale_reviews_on_push=False)


WHOLE = [_review(7, 1, True), _rule("non_fast_forward", 7)]
LAYERED = [_review(7, 1, False), _review(9, 0, True), _rule("non_fast_forward", 7)]


@pytest.mark.parametrize(
    ("rules", "listed", "expected"),
    [
        (LAYERED, (7, 9), ("PASS", "asserted")),
        ([_rule("update", 9)], (9,), ("PASS", "asserted")),
        # A ruleset that a rule of the branch names and no list has: who may bypass it was not seen.
        (WHOLE, (), ("NOT_EVALUATED", "not_listed")),
        (LAYERED, (7,), ("NOT_EVALUATED", "not_listed")),
        (LAYERED, (9,), ("NOT_EVALUATED", "not_listed")),
        ([_rule("update", 9)], (7,), ("NOT_EVALUATED", "not_listed")),
        ([*WHOLE, _rule("deletion", 9)], (7,), ("PASS", "asserted")),  # it is not needed
        ([_rule("non_fast_forward", 9)], (), ("FAIL", "failed")),  # nobody asks for a review, whatever it says
        ([], (), ("FAIL", "failed")),
    ],
    ids=lambda item: str(item)[:60],
)
def test_rules_of_all_rulesets_add_up_and_a_missing_ruleset_is_not_one_without_rules(
    github: GitHub, tmp_path: Path, rules: list[dict[str, Any]], listed: tuple[int, ...], expected: tuple[str, str]
) -> None:
    github.at[PROTECTION], github.at[RULES] = NOT_PROTECTED, rules
    github.at["/repos/acme/app/rulesets"] = [{**OPEN, "id": number} for number in listed]
    for number in listed:
        github.at[f"/repos/acme/app/rulesets/{number}"] = {**OPEN, "id": number, "bypass_actors": []}
    assert scan(github, tmp_path).verdict("repo-protected") == expected


def test_a_refused_list_of_rulesets_does_not_matter_if_another_repository_has_all(
    github: GitHub, tmp_path: Path
) -> None:
    """Rulesets of the organization stand in the lists of all its repositories, under one number."""
    _ruled(github, bypass_actors=[{"actor_type": "Team", "bypass_mode": "always"}])
    github.add("other")
    github.at["/repos/acme/other/rulesets"] = DENIED
    assert scan(github, tmp_path).verdict("repo-protected") == ("FAIL", "failed")


@pytest.mark.parametrize(
    ("reply", "cause"),
    [
        (PAGE, "not_github"),
        (Reply(200, {}), "not_github"),
        (Reply(200, [{"name": "app"}]), "not_github"),
        (Reply(200, [None]), "not_github"),
        (DENIED, "github_denied"),
        (NOT_FOUND, "github_hidden"),
        (Reply(200, []), "not_all"),
    ],
)
def test_a_listing_is_empty_only_if_github_returns_an_empty_one(
    github: GitHub, tmp_path: Path, reply: Reply, cause: str
) -> None:
    github.at[REPOSITORIES] = reply
    found = scan(github, tmp_path)
    (finding,) = found.of("repo-protected")
    assert (finding.status.value, finding.reason.code) == ("NOT_EVALUATED", "unread_listing")
    assert finding.reason.values["cause"] == cause
    (organization,) = found.of("repo-private-and-2fa", "acme")
    assert organization.status.value == "PASS"


@pytest.mark.parametrize(("counted", "cause"), [(2, "not_all"), (None, "not_counted"), (1, "")])
def test_repositories_hidden_from_the_token_are_reported(
    github: GitHub, tmp_path: Path, counted: int | None, cause: str
) -> None:
    github.at["/orgs/acme"]["total_private_repos"] = counted
    found = scan(github, tmp_path)
    assert found.verdict("repo-protected") == ("PASS", "asserted")  # of the repository that was listed
    beside = [finding for finding in found.of("repo-protected") if finding.place.id != "app"]
    assert [finding.reason.values["cause"] for finding in beside] == ([cause] if cause else [])
    assert all(finding.status.value == "NOT_EVALUATED" and finding.incomplete for finding in beside)


MEMBERSHIP = "/user/memberships/orgs/acme"
OF_THE_TOKEN = {"organization": {"id": 1, "login": "acme"}, "user": None}


@pytest.mark.parametrize(
    ("answer", "members", "outside"),
    [
        ({**OF_THE_TOKEN, "state": "active", "role": "admin"}, "", ""),
        ({**OF_THE_TOKEN, "state": "active", "role": "member"}, "", "not_proved"),
        ({**OF_THE_TOKEN, "state": "active", "role": "billing_manager"}, "not_proved", "not_proved"),
        ({**OF_THE_TOKEN, "state": "pending", "role": "admin"}, "not_proved", "not_proved"),
        (NOT_FOUND, "github_hidden", "github_hidden"),
        (DENIED, "github_denied", "github_denied"),  # of an app's token, or of one without the permission
    ],
    ids=lambda item: str(item)[-60:],
)
def test_people_are_listed_whole_only_to_those_whom_github_shows_all(
    github: GitHub, tmp_path: Path, answer: object, members: str, outside: str
) -> None:
    github.at[MEMBERSHIP] = answer
    found = scan(github, tmp_path)
    for kind, cause in (("GitHub::Member", members), ("GitHub::OutsideCollaborator", outside)):
        listings = found.lines("listing", kind)
        assert [line["unread"]["cause"] for line in listings if line["unread"]] == ([cause] if cause else [])


def test_each_list_of_github_says_what_proves_that_it_is_whole() -> None:
    """But of what a repository has: GitHub's description has no such list that is shorter for some.

    Deploy keys need the administration of the repository, else all are refused; of rulesets, the rules of the branch
    say which there are.
    """
    lists = [(name, call) for name, kind in bundled().types.items() if kind.provider == "github" for call in kind.lists]
    unproved = {name for name, call in lists if not (call.counted or call.proved)}
    assert unproved == {"GitHub::DeployKey", "GitHub::Ruleset"}


def test_all_pages_are_read(github: GitHub, tmp_path: Path) -> None:
    github.size = 2
    for number in range(4):
        github.add(f"more-{number}")
    found = scan(github, tmp_path)
    assert len(found.of("repo-protected")) == 5
    (listing,) = found.lines("listing", "GitHub::Repository")
    assert (listing["count"], listing["pagination"]) == (5, "exhausted")
    assert github.asked(REPOSITORIES) == 6  # twice: the list may have moved between two pages


@pytest.mark.parametrize("last", [1, 2])
def test_a_page_may_name_itself_as_the_last(github: GitHub, tmp_path: Path, last: int) -> None:
    link = f'<{github.url}/orgs/acme/repos?page={last}>; rel="last"'
    github.at[REPOSITORIES] = Reply(200, github.at[REPOSITORIES], {"Link": link})
    (listing,) = scan(github, tmp_path).lines("listing", "GitHub::Repository")
    assert (listing["unread"] is None) == (last == 1)


def test_a_repository_of_a_later_page_cites_the_call_of_that_page(github: GitHub, tmp_path: Path) -> None:
    github.size = 2
    for number in range(4):
        github.add(f"more-{number}")
    found = scan(github, tmp_path)
    (listing,) = found.lines("listing", "GitHub::Repository")
    assert len(set(listing["calls"])) == 3
    cited = [line["calls"][""] for line in found.lines("resource", "GitHub::Repository")]
    assert sorted(map(cited.count, listing["calls"])) == [1, 2, 2]


@pytest.mark.parametrize(
    "link",
    [
        '<https://example.org/orgs/acme/repos?page=2>; rel="next"',
        '<https://api.github.com@example.org/?page=2>; rel="next"',
        '<file:///etc/passwd>; rel="next"',
        '<{url}/orgs/acme/repos?page=1>; rel="next"',  # the same page for ever
        '<{url}/orgs/acme/repos?per_page=2&page=3>; rel="next"',  # one is left out
        '<{url}/orgs/acme/repos?page=2>; rel="last"',  # there are more, and none follows
        "rel=next",
    ],
)
def test_a_page_link_that_leads_astray_makes_the_listing_unread(github: GitHub, tmp_path: Path, link: str) -> None:
    first = Reply(200, github.at[REPOSITORIES], {"Link": link.replace("{url}", github.url)})
    github.at[REPOSITORIES] = first
    found = scan(github, tmp_path)
    (finding,) = found.of("repo-protected")
    assert (finding.status.value, finding.reason.values["cause"]) == ("NOT_EVALUATED", "not_github")


@pytest.mark.parametrize(
    "reply",
    [
        Reply(429, {"message": "Too many"}, {"Retry-After": "0"}),
        Reply(403, {"message": "You have exceeded a secondary rate limit."}, {"Retry-After": "0"}),
        Reply(403, {"message": "API rate limit exceeded"}, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "0"}),
        Reply(502, b"<html>", {"Content-Type": "text/html"}),
        Reply(503, {"message": "Unavailable"}),
    ],
)
def test_a_temporary_error_is_retried(
    github: GitHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reply: Reply
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    monkeypatch.setattr("preuve.collect.github.limits.Pause.wait", lambda *_: True)
    monkeypatch.setattr("preuve.collect.github.calls._backoff", lambda _: 0.0)
    github.fault(PROTECTION, reply, times=2)
    found = scan(github, tmp_path)
    assert found.verdict("repo-protected") == ("PASS", "asserted")
    (call,) = [line for line in found.calls if line["operation"].endswith("/protection")]
    assert (call["attempts"], call["status"]) == (3, 200)


def test_a_rate_limit_longer_than_the_run_gives_not_evaluated(github: GitHub, tmp_path: Path) -> None:
    github.fault(PROTECTION, Reply(403, {"message": "secondary rate limit"}, {"Retry-After": "3600"}))
    found = scan(github, tmp_path, limits=Limits(connect=2, read=5, unit=20))
    assert found.verdict("repo-protected") == ("NOT_EVALUATED", "github_throttled")


def test_the_token_is_written_nowhere(github: GitHub, tmp_path: Path) -> None:
    github.at[PROTECTION] = Reply(403, {"message": f"token {TOKEN} may not"})
    found = scan(github, tmp_path)
    assert TOKEN not in found.text
    assert "GITHUB_TOKEN_OF_TESTS" not in found.text
    assert {headers["authorization"] for _, headers in github.seen} == {f"Bearer {TOKEN}"}


@pytest.mark.parametrize(
    ("token", "cause"), [("", "github_no_token"), ("two words", "github_no_token"), ("ghp_other", "github_credentials")]
)
def test_without_a_valid_token_nothing_is_read(
    github: GitHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, token: str, cause: str
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN_OF_TESTS", token)
    found = scan(github, tmp_path)
    assert {finding.reason.values["cause"] for finding in found.assessment.findings} == {cause}
    assert {finding.status.value for finding in found.assessment.findings} == {"NOT_EVALUATED"}
    assert all(finding.incomplete for finding in found.assessment.findings)
    assert len(github.seen) == (cause == "github_credentials")


def test_an_answer_about_another_organization_is_refused(github: GitHub, tmp_path: Path) -> None:
    github.at["/orgs/acme"] |= {"login": "somebody-else"}
    found = scan(github, tmp_path)
    assert {finding.reason.values["cause"] for finding in found.assessment.findings} == {"not_github"}


def test_a_missing_host_has_the_cause_connection(
    github: GitHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("preuve.collect.github.calls._backoff", lambda _: 0.0)
    text = WORKSPACE.replace("%s", "http://127.0.0.1:9")
    found = scan(github, tmp_path, text=text)
    assert {finding.reason.values["cause"] for finding in found.assessment.findings} == {"connection"}


def test_without_an_organization_in_scope_there_is_no_verdict_and_no_failure(github: GitHub, tmp_path: Path) -> None:
    scope = 'scope: {accounts: [{id: "123456789012"}], regions: [eu-west-3]}'
    text = "\n".join(scope if line.startswith("scope") else line for line in WORKSPACE.splitlines())
    text += '\naws: {endpoint_url: "http://127.0.0.1:9"}\n'
    found = scan(github, tmp_path, text=text)
    of = {finding.policy: finding for finding in found.assessment.findings}
    assert {(item.status.value, item.reason.values["cause"], item.incomplete) for item in of.values()} == {
        ("NOT_EVALUATED", "no_github", False)
    }
    assert github.seen == []


def test_a_member_visible_only_to_owners_is_not_treated_as_off(github: GitHub, tmp_path: Path) -> None:
    del github.at["/orgs/acme"]["two_factor_requirement_enabled"]
    found = scan(github, tmp_path)
    assert found.verdict("repo-private-and-2fa", "acme") == ("NOT_EVALUATED", "not_shown")


def test_calls_are_recorded_with_their_parameters(github: GitHub, tmp_path: Path) -> None:
    github.add("site", default_branch="a/b")
    found = scan(github, tmp_path)
    call = next(line for line in found.calls if line["params"].get("branch") == "a/b")
    assert call["operation"] == "GET /repos/{owner}/{repo}/branches/{branch}/protection"
    assert (call["service"], call["status"], call["request_id"]) == ("github", 200, "A:B:C")
    assert "/repos/acme/site/branches/a%2Fb/protection" in [target for target, _ in github.seen]
    (finding,) = found.of("repo-protected", "site")
    assert call["id"] in finding.calls


def test_people_are_pseudonymised(github: GitHub, tmp_path: Path) -> None:
    allowances = {"users": [user("martha-the-dev")], "teams": [], "apps": []}
    github.at[PROTECTION]["required_pull_request_reviews"]["bypass_pull_request_allowances"] = allowances
    found = scan(github, tmp_path)
    assert found.verdict("repo-protected") == ("FAIL", "failed")
    assert "martha" not in found.text


def test_an_organization_without_repositories_is_not_applicable(github: GitHub, tmp_path: Path) -> None:
    github.at[REPOSITORIES] = []
    github.at["/orgs/acme"]["total_private_repos"] = 0
    (finding,) = scan(github, tmp_path).of("repo-protected")
    assert (finding.status.value, finding.reason.code) == ("NOT_APPLICABLE", "no_resource")


def test_a_company_without_github_is_not_queried(github: GitHub, tmp_path: Path) -> None:
    why = "the code is kept on GitLab"
    text = "\n".join(
        f'scope: {{github: {{none: "{why}"}}}}' if line.startswith("scope") else line for line in WORKSPACE.splitlines()
    )
    found = scan(github, tmp_path, text=text).assessment.findings
    assert {(item.status.value, item.reason.code, item.reason.values["reason"]) for item in found} == {
        ("NOT_APPLICABLE", "declared_none", why)
    }
    assert github.seen == []
