"""A workflow that others call has their events and what they give its inputs; besides, what nobody sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from preuve.collect.code.judgements.programs.workflow_calls import NO_CALLS, calls_in
from preuve.collect.code.judgements.programs.workflow_steps import step_context, strangers_code, within_reach
from preuve.collect.code.judgements.programs.workflow_values import taken_in

HEAD = "${{ github.event.pull_request.head.sha }}"
CHECKOUT = "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8"
BUILT = {"run": "make"}
# What brings code, by the input `r` or by itself.
BRINGING: list[dict[str, Any]] = [
    {"uses": CHECKOUT, "with": {"ref": "${{ inputs.r }}"}},
    {"uses": CHECKOUT, "with": {"repository": "${{ inputs.r }}"}},
    {"uses": CHECKOUT, "with": {"ref": "${{ env.R }}"}, "env": {"R": "${{ inputs.r }}"}},
    {"uses": CHECKOUT, "with": {"ref": HEAD}},
    {"run": 'git fetch origin "$R" && git checkout FETCH_HEAD && make', "env": {"R": "${{ inputs.r }}"}},
    {"run": "git fetch origin ${{ inputs.r }} && git checkout FETCH_HEAD && make"},
]
INPUTS = {"r": {"type": "string"}}


def called(step: dict[str, Any]) -> dict[str, Any]:
    """Return a workflow that can be called, with a step that brings code."""
    job = {"runs-on": "ubuntu-latest", "steps": [step, BUILT]}
    return {"on": {"workflow_call": {"inputs": INPUTS}}, "jobs": {"k": job}}


def caller(on: Any, given: str, file: str = "b.yml", **job: Any) -> dict[str, Any]:
    """Return a workflow that calls another one."""
    uses = {"uses": f"./.github/workflows/{file}", "with": {"r": given}, "secrets": "inherit"}
    return {"on": on, "jobs": {"j": uses | job}}


def told(workflows: Mapping[str, Any], file: str = "b.yml") -> str:
    """Return what is said of the first step of a workflow."""
    calls = calls_in({f"infra/.github/workflows/{name}": one for name, one in workflows.items()})
    workflow = workflows[file]
    job = workflow["jobs"]["k"]
    found = strangers_code(0, job["steps"], job, workflow, calls.get(file, NO_CALLS))
    return "" if found is None or not (found.free | found.unclear) else "free" if found.free else "unclear"


@pytest.mark.parametrize("step", BRINGING)
@pytest.mark.parametrize("on", ["pull_request_target", ["push", "pull_request_target"], {"workflow_run": {}}])
def test_a_called_workflow_has_the_events_of_its_caller(step: dict[str, Any], on: Any) -> None:
    assert told({"a.yml": caller(on, HEAD), "b.yml": called(step)}) == "free"
    through = caller({"workflow_call": {"inputs": INPUTS}}, "${{ inputs.r }}")
    assert told({"a.yml": caller(on, HEAD, "c.yml"), "b.yml": called(step), "c.yml": through}) == "free"
    matrix = {"strategy": {"matrix": {"r": [HEAD]}}}
    assert told({"a.yml": caller(on, "${{ matrix.r }}", **matrix), "b.yml": called(step)}) == "free"


@pytest.mark.parametrize("step", BRINGING)
def test_others_may_call_a_workflow_that_can_be_called(step: dict[str, Any]) -> None:
    assert told({"b.yml": called(step)}) == "unclear"
    assert told({"a.yml": caller("push", "main"), "b.yml": called(step)}) == "unclear"
    guarded = caller("pull_request_target", HEAD, **{"if": "github.actor == 'me'"})
    assert told({"a.yml": guarded, "b.yml": called(step)}) == "unclear"
    assert told({"b.yml": called(step) | {"on": {"workflow_dispatch": {"inputs": INPUTS}}}}) == ""


def test_a_called_workflow_that_takes_its_own_code_is_no_doubt() -> None:
    assert told({"a.yml": caller("pull_request_target", HEAD), "b.yml": called({"uses": CHECKOUT})}) == ""


def test_a_matrix_says_what_is_checked_out() -> None:
    job = {
        "strategy": {"matrix": {"r": [HEAD]}},
        "steps": [{"uses": CHECKOUT, "with": {"ref": "${{ matrix.r }}"}}, BUILT],
    }
    found = strangers_code(0, job["steps"], job, {"on": "pull_request_target"})  # type: ignore[arg-type]
    assert found is not None
    assert found.free


def test_what_a_caller_gives_an_input_is_run_and_is_within_reach() -> None:
    workflows = {"a.yml": caller("issues", "${{ github.event.issue.title }}"), "b.yml": called(BUILT)}
    calls = calls_in(workflows)["b.yml"]
    workflow = workflows["b.yml"]
    job = workflow["jobs"]["k"]
    assert taken_in("echo ${{ inputs.r }}", step_context(BUILT, job, workflow, calls)).free
    assert "on issues" in within_reach(job, workflow, calls)


def test_workflows_that_call_one_another_in_a_circle_end() -> None:
    text = (
        "{{on: workflow_call, jobs: {{j: {{uses: ./.github/workflows/{}.yml, with: {{r: '${{{{ inputs.r }}}}'}}}}}}}}"
    )
    assert calls_in({name: yaml.safe_load(text.format(other)) for name, other in (("a", "b"), ("b", "a"))})
