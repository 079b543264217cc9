"""Each policy on GitHub passes on an organization in good order and fails on the one change that is written for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from collect.github.fake import acme, serving
from collect.github.kit import Scan, policies, scan
from examples.techstart.account.github.organization import GitHub
from examples.techstart.account.github.replies import user
from preuve.library.yaml.place import content_root
from preuve.redact.pseudonyms import Pseudonyms, load_key
from tools.proofs import github_proofs

PROOFS = github_proofs(content_root())
PEOPLE = (
    "person,kind (employee, contractor),company,contract until,AWS users,GitHub users,responsible,checked on\n"
    "here@example.com,employee,,no term,none,here,,\nleft@example.com,contractor,,2026-01-31,none,left,,\n"
    "new@example.com,employee,,no term,none,RAS,,\n"
)


def organization() -> GitHub:
    """One in good order."""
    github = acme()
    github.add("app")
    github.add("site", private=False, visibility="public")
    github.at["/repos/acme/app/keys"] = [
        {"id": 11, "title": "deployment", "verified": True, "read_only": True, "created_at": "2026-11-01T00:00:00Z"}
    ]
    github.at["/orgs/acme/members"] = [user("here")]
    github.at["/orgs/acme/outside_collaborators"] = []
    return github


def merged(value: Any, change: Any) -> Any:
    """Return a value with a change: members of objects are merged, any other value is replaced."""
    if not isinstance(value, Mapping) or not isinstance(change, Mapping):
        return change
    return {**value, **{name: merged(value.get(name), item) for name, item in change.items()}}


def read(github: GitHub, folder: Path) -> Scan:
    """Return the results for the organization."""
    (folder / "registers").mkdir()
    quoted = PEOPLE.replace("kind (employee, contractor)", '"kind (employee, contractor)"')
    (folder / "registers/people.csv").write_text(quoted, encoding="utf-8")
    with serving(github):
        return scan(github, folder, params={"public_repositories": ["site"]})


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scan, Scan]:
    """The organization in good order, and the same with every change."""
    good, bad = organization(), organization()
    for proof in PROOFS.values():
        for path, change in proof["at"].items():
            bad.at[path] = merged(bad.at[path], change)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GITHUB_TOKEN_OF_TESTS", "github_pat_of_the_tests")
        return read(good, tmp_path_factory.mktemp("good")), read(bad, tmp_path_factory.mktemp("bad"))


def test_every_github_policy_has_an_example() -> None:
    assert set(PROOFS) == policies()


@pytest.mark.parametrize("policy", PROOFS)
def test_a_policy_passes_and_fails_as_expected(scans: tuple[Scan, Scan], policy: str) -> None:
    good, bad = scans
    before = [finding.status.value for finding in good.of(policy)]
    assert set(before) <= {"PASS", "NOT_APPLICABLE"}
    assert "PASS" in before
    name = PROOFS[policy]["fails"]
    people = Pseudonyms(load_key(bad.folder.parent / ".key/p.key"))
    failed = {finding.place.id for finding in bad.of(policy) if finding.status.value == "FAIL"}
    assert failed == {people.of(name) if policy == "github-contract-ended" else name}


def test_a_departed_member_is_a_pseudonym(scans: tuple[Scan, Scan]) -> None:
    _, bad = scans
    assert '"left"' not in bad.text
    assert '"here"' not in bad.text


def test_a_name_in_the_register_that_nobody_has_on_github_is_known(scans: tuple[Scan, Scan]) -> None:
    """Of people under contract: an account of somebody who left may be gone."""
    good, _ = scans
    people = Pseudonyms(load_key(good.folder.parent / ".key/p.key"))
    among = ("GitHub::Member", "GitHub::OutsideCollaborator")
    (found,) = good.assessment.unlisted
    assert (found.member, found.names, found.among) == ("GitHubUsers", frozenset([people.of("RAS")]), among)
