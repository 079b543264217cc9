"""A workspace that selects repositories: the evidence lists those that it leaves out, and no others are left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from collect.github.kit import WORKSPACE, Scan, scan
from examples.techstart.account.github.organization import GitHub
from examples.techstart.account.github.replies import DENIED, NOT_PROTECTED
from preuve.assess.repositories import RepositoryScope, matches
from preuve.model.company.workspace import GitHub as Chosen
from preuve.model.company.workspace import LeftOutRepository, Repositories
from preuve.model.errors import ContentError
from preuve.publish.pages.home import organization_of

WHY = "thrown away in December"


def chosen(text: str) -> str:
    """The workspace of the tests with this choice."""
    return WORKSPACE.replace("organization: acme,", f"organization: acme, repositories: {text},")


def found(github: GitHub, folder: Path, text: str) -> Scan:
    """A good repository, and an unprotected one whose keys the token may not see."""
    github.at[f"{github.add('try-1')}/branches/main/protection"] = NOT_PROTECTED
    github.at["/repos/acme/try-1/keys"] = DENIED
    return scan(github, folder, text=chosen(text))


@pytest.mark.parametrize(
    "text",
    [
        f'{{exclude: [{{name: "try-*", reason: {WHY}}}]}}',
        f'{{exclude: [{{name: "TRY-1", reason: {WHY}}}]}}',
        f"{{only: {{names: [app, site], reason: {WHY}}}}}",
    ],
)
def test_an_excluded_repository_is_reported_with_its_reason(github: GitHub, tmp_path: Path, text: str) -> None:
    scanned = found(github, tmp_path, text)
    assert scanned.verdict("repo-protected", "try-1") == ("NOT_APPLICABLE", "left_out")
    assert scanned.verdict("repo-protected", "app") == ("PASS", "asserted")
    (keys,) = (item for item in scanned.of("repo-deploy-keys") if item.place.id == "try-1")
    assert (keys.status.value, keys.reason.values["reason"]) == ("NOT_APPLICABLE", WHY)


def test_without_a_selection_every_repository_is_judged(github: GitHub, tmp_path: Path) -> None:
    github.at[f"{github.add('try-1')}/branches/main/protection"] = NOT_PROTECTED
    assert scan(github, tmp_path).verdict("repo-protected", "try-1")[0] == "FAIL"


def test_a_selection_cannot_exclude_hidden_repositories(github: GitHub, tmp_path: Path) -> None:
    github.at["/orgs/acme"]["total_private_repos"] += 1
    scanned = scan(github, tmp_path, text=chosen(f"{{exclude: [{{name: hidden, reason: {WHY}}}]}}"))
    assert "NOT_EVALUATED" in {item.status.value for item in scanned.of("repo-protected")}


def test_the_scope_lists_discovered_repositories_and_unused_patterns(github: GitHub, tmp_path: Path) -> None:
    scanned = found(github, tmp_path, f'{{exclude: [{{name: "try-*", reason: {WHY}}}, {{name: gone, reason: {WHY}}}]}}')
    choice = Repositories(exclude=(LeftOutRepository("try-*", WHY), LeftOutRepository("gone", WHY)))
    told = organization_of(Chosen("acme", repositories=choice), scanned.assessment)
    assert told is not None
    assert (told.examined, told.left_out, told.unmatched) == (["app"], [("try-1", WHY)], ["gone"])


@pytest.mark.parametrize(
    "text", ["{}", "{only: {names: [app]}}", "{exclude: [{name: app}]}", '{exclude: [{name: "a/b", reason: no}]}']
)
def test_a_selection_without_a_reason_is_refused(github: GitHub, tmp_path: Path, text: str) -> None:
    with pytest.raises(ContentError):
        scan(github, tmp_path, text=chosen(text))


def test_resources_of_the_organization_are_never_excluded() -> None:
    everything = RepositoryScope(Chosen("acme", repositories=Repositories(exclude=(LeftOutRepository("*", WHY),))))
    assert everything.why_not_named("") is None
    assert matches("*", "any")
