"""The address of a workflow's run: read from the environment, and never anything but an address."""

from __future__ import annotations

import pytest

from preuve.pipeline.bundle.origin import workflow_run_url

GITHUB = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "acme/infra", "GITHUB_RUN_ID": "1234567890"}
JOB = "https://gitlab.example.org:8443/acme/group.sub/infra/-/jobs/42"


def test_github_and_gitlab_give_the_address_of_a_run() -> None:
    assert workflow_run_url(GITHUB) == "https://github.com/acme/infra/actions/runs/1234567890"
    assert workflow_run_url({"CI_JOB_URL": JOB}) == JOB
    assert workflow_run_url({}) == ""


@pytest.mark.parametrize(
    "environment",
    [
        {**GITHUB, "GITHUB_SERVER_URL": "javascript:alert(1)//"},
        {**GITHUB, "GITHUB_SERVER_URL": "https://github.com@evil.example"},
        {**GITHUB, "GITHUB_REPOSITORY": 'a/b"><script>'},
        {**GITHUB, "GITHUB_RUN_ID": "1\n2"},
        {"CI_JOB_URL": "http://gitlab.example.org/acme/-/jobs/42"},
        {"CI_JOB_URL": JOB + "?token=x"},
        {"CI_JOB_URL": "https://someone:secret@gitlab.example.org/-/jobs/42"},
        {"CI_JOB_URL": JOB + "\n"},
    ],
)
def test_an_invalid_address_is_left_out(environment: dict[str, str]) -> None:
    assert workflow_run_url(environment) == ""
