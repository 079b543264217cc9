"""Values of a workflow's expressions that a stranger chooses."""

from __future__ import annotations

from typing import Any

import pytest

from preuve.collect.code.judgements.running.workflow_steps import around, code_of, run_from_environment
from preuve.collect.code.judgements.running.workflow_values import taken_in
from preuve.collect.code.language.actions.expressions import UNREAD, paths_in

FREE, UNCLEAR, HARMLESS = "free", "unclear", "harmless"
WORKFLOW = {
    "on": {"workflow_call": {"inputs": {"name": {"type": "string"}, "loud": {"type": "boolean"}}}},
    "env": {"TITLE": "${{ github.event.issue.title }}", "REGION": "eu-west-3", "AGAIN": "${{ env.TITLE }}"},
}
JOB = {
    "strategy": {"matrix": {"version": ["3.12", "3.13"]}},
    "env": {"SET": "1", "CHANGED": "1"},
    "steps": [{"run": "echo CHANGED=$(git log -1) >> $GITHUB_ENV"}],
}


def kind(expression: str, job: dict[str, Any] = JOB) -> str:
    found = taken_in(f"echo ${{{{ {expression} }}}}", around({}, job, WORKFLOW))
    return FREE if found.free else UNCLEAR if found.unclear else HARMLESS


@pytest.mark.parametrize(
    "expression",
    [
        "github.event.issue.title",
        "github.event.issue['title']",
        "github['event']['issue']['title']",
        "GitHub.Event.Issue.Title",
        "github.event.issue.title || 'none'",
        "true && github.event.issue.title",
        "(github.event.issue).title",
        "toJSON(github.event.issue)",
        "toJSON(github.event)",
        "toJSON(github)",
        "format('{0}', github.event.comment.body)",
        "fromJSON(toJSON(github.event)).issue.title",
        "github.event.commits[0].message",
        "join(github.event.commits.*.message)",
        "github.event.*.title",
        "github.head_ref",
        "github.event.pull_request.head.label",
        "github.event.pull_request.head.ref",
        "github.event.discussion.title",
        "github.event.release.name",
        "github.event.milestone.title",
        "github.event.workflow_run.head_branch",
        "github.event.workflow_run.head_commit.message",
        "github.event.client_payload.unit",
        "github.event.client_payload.status",
        "github.event.client_payload.pull_request.base.url",
        "join(github.event.client_payload.*.id)",
        "github.event.pull_request.head.repo.default_branch",
        "github.event.workflow_run.head_repository.description",
        "github.event.head_commit.author.name",
        "env.TITLE",
        "env['title']",
        "env.AGAIN",
        "toJSON(env)",
    ],
)
def test_a_value_that_strangers_write_is_recognized(expression: str) -> None:
    assert kind(expression) == FREE


@pytest.mark.parametrize(
    "expression",
    [
        "steps.read.outputs.title",
        "needs.build.outputs.image",
        "toJSON(steps)",
        "env.NOWHERE",
        "env.CHANGED",
        "inputs.name",
        "github.event.new_field",
        "github.event[inputs.name]",
        "github.event.issue[format('{0}', 'title')]",
        "unheard.of",
        "unheard(1)",
        "github.event.issue.title +",
        "github.new",
    ],
)
def test_an_unresolvable_expression_is_unclear(expression: str) -> None:
    assert kind(expression) == UNCLEAR


@pytest.mark.parametrize(
    "expression",
    [
        "github.sha",
        "github.ref_name",
        "github.actor",
        "github.event.pull_request.number",
        "github.event.pull_request.user.login",
        "github.event.pull_request.head.sha",
        "github.event.pull_request.base.ref",
        "github.event.pull_request.head.repo.full_name",
        "github.event.repository.default_branch",
        "github.event.pull_request.base.repo.default_branch",
        "github.event.workflow_run.repository.default_branch",
        "github.event.release.tag_name",
        "join(github.event.pull_request.labels.*.name, ',')",
        "github.event.workflow_run.event == 'push'",
        "github.event.action",
        "github.event_name",
        "contains(github.event.issue.title, 'x')",
        "github.event.issue.title == 'x' && 'a' || 'b'",
        "!github.event.issue.title",
        "'github.event.issue.title'",
        "'it''s }} a text'",
        "steps.read.outcome",
        "needs.build.result",
        "matrix.version",
        "env.SET",
        "env.REGION",
        "inputs.loud",
        "secrets.TOKEN",
        "vars.REGION",
        "runner.temp",
        "hashFiles('**/lock')",
        "1.5",
    ],
)
def test_a_value_that_strangers_cannot_choose_is_harmless(expression: str) -> None:
    assert kind(expression) == HARMLESS


def test_a_matrix_from_another_job_is_unclear() -> None:
    job = {"strategy": {"matrix": {"version": "${{ fromJSON(needs.list.outputs.all) }}"}}}
    assert kind("matrix.version", job) == UNCLEAR
    assert kind("matrix.version", {}) == UNCLEAR


def test_the_innermost_environment_counts() -> None:
    inner = around({"env": {"TITLE": "fixed"}}, JOB, WORKFLOW)
    assert not taken_in("${{ env.TITLE }}", inner).free


def test_an_input_of_a_manual_run_is_written_by_a_member() -> None:
    place = around({}, {}, {"on": {"workflow_dispatch": {"inputs": {"name": None}}}})
    assert not taken_in("${{ inputs.name }} ${{ github.event.inputs.name }}", place).unclear


def test_each_expression_of_a_text_is_read() -> None:
    assert paths_in("a ${{ a.b }} }} ${{ c['d'] }} ${{ 'x}}' }}") == {("a", "b"), ("c", "d")}
    assert paths_in("${{ " + "(" * 5_000) == {UNREAD}


@pytest.mark.parametrize("name", ["script", "args", "inlineScript", "script_stop", "pre-command", "entrypoint", "Run"])
def test_an_input_named_like_code_is_code(name: str) -> None:
    assert code_of({"uses": "a/b@v1", "with": {name: "x", "title": "y", "description": "z"}}) == {("with", name): "x"}


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ('eval "$T"', FREE),
        ("eval echo ${T}", FREE),
        ('bash -c "$T"', FREE),
        ('bash -euo pipefail -c "echo $T"', FREE),
        ('python3 -c "$T"', FREE),
        ("iex $env:T", FREE),
        ('echo "$T" >> "$GITHUB_ENV"', FREE),
        ('echo "TITLE=$T" >> $GITHUB_ENV', FREE),
        ('"TITLE=$env:T" >> $env:GITHUB_ENV', FREE),
        ('echo "$T" >> "$GITHUB_PATH"', FREE),
        ('make && eval "$GITHUB_HEAD_REF"', FREE),
        ('echo "$B" >> "$GITHUB_ENV"', FREE),
        ('eval "${T%% *}"', UNCLEAR),
        ('echo "T=$(echo "$T" | tr -cd a-z)" >> "$GITHUB_ENV"', UNCLEAR),
        ('{\n  echo "T<<E"\n  echo "$T"\n  echo E\n} >> "$GITHUB_ENV"', UNCLEAR),
        ('./label "$T"', HARMLESS),
        ("bash -c 'echo \"$T\"'", HARMLESS),
        ('echo "BRANCH=$B" >> "$GITHUB_ENV"', HARMLESS),
        ('echo "$T"\neval "$(ssh-agent)"', HARMLESS),
        ('echo "N=$N" >> "$GITHUB_ENV"', HARMLESS),
        ('echo "$T" >> "$GITHUB_STEP_SUMMARY"', HARMLESS),
        ('eval "$TOOL"', HARMLESS),
    ],
)
def test_a_variable_of_a_stranger_that_a_script_runs_is_found(run: str, expected: str) -> None:
    env = {
        "T": "${{ github.event.pull_request.body }}",
        "B": "${{ github.head_ref }}",
        "N": "${{ github.event.number }}",
        "TOOL": "make",
    }
    step = {"run": run, "env": env}
    found = run_from_environment(step, around(step, {}, {"on": "pull_request"}))
    assert (FREE if found.free else UNCLEAR if found.unclear else HARMLESS) == expected
