"""TechStart's organization on GitHub: what is well kept passes, what is not fails, and nothing is left unread."""

from __future__ import annotations

import json
from collections.abc import Iterator
from operator import attrgetter
from shutil import copy

import pytest

from collect.github.fake import TOKEN, serving
from collect.github.kit import WORKSPACE, Scan, scan
from emulator import PROGRAM
from examples.techstart.account.github.estate import techstart
from examples.techstart.history.kept import read_audits
from preuve.model.results import Place


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scan]:
    folder = tmp_path_factory.mktemp("techstart")
    (folder / "registers").mkdir()
    copy(PROGRAM.parent / "registers" / "people.csv", folder / "registers")
    with pytest.MonkeyPatch.context() as patch, serving(techstart()) as github:
        patch.setenv("GITHUB_TOKEN_OF_TESTS", TOKEN)
        text = WORKSPACE.replace("acme", "techstart")
        yield scan(github, folder, text=text, params={"public_repositories": ["site-vitrine"]})


def failing(found: Scan, policy: str) -> set[str]:
    return {finding.place.id for finding in found.of(policy) if finding.status.value == "FAIL"}


def test_every_github_member_is_read(found: Scan) -> None:
    unread = [finding for finding in found.assessment.findings if finding.status.value == "NOT_EVALUATED"]
    assert unread == []


@pytest.mark.parametrize(
    ("policy", "names"),
    [
        ("repo-protected", {"exports-clients"}),
        ("repo-private-and-2fa", {"essais"}),
        ("repo-secret-scanning", {"exports-clients"}),
        ("repo-dependency-alerts", {"portail", "exports-clients"}),
        ("repo-deploy-keys", {"31"}),
        ("repo-actions-limited", {"exports-clients"}),
        ("repo-outside-runs-approved", {"site-vitrine"}),
        ("github-base-permission", {"techstart"}),
    ],
)
def test_the_intended_repositories_fail(found: Scan, policy: str, names: set[str]) -> None:
    assert failing(found, policy) == names


def test_a_freelancer_with_an_ended_contract_is_found_under_a_pseudonym(found: Scan) -> None:
    assert len(failing(found, "github-contract-ended")) == 1
    assert "hugo-petit" not in found.text


def test_the_kept_audits_know_repositories_by_the_names_of_today(found: Scan) -> None:
    """Else each of them would be new, and what failed before would seem to be out of sight: `make history`."""
    today = {(place.id, place.arn) for place in map(attrgetter("place"), found.assessment.findings) if _is_one(place)}
    assert today and all(arn.startswith("https://") for _, arn in today)
    for time, text in read_audits().items():
        places = (Place(**line["place"]) for line in map(json.loads, text.splitlines()) if line["kind"] == "finding")
        assert {(place.id, place.arn) for place in places if _is_one(place)} == today, time


def _is_one(place: Place) -> bool:
    return place.type == "GitHub::Repository" and bool(place.id)
