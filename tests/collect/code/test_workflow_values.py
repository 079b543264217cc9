"""Values of a workflow's expressions that a stranger chooses."""

from __future__ import annotations

from typing import Any

import pytest

from preuve.collect.code.judgements.programs.workflow_steps import code_of, run_from_environment, step_context
from preuve.collect.code.judgements.programs.workflow_values import NOTHING, taken_in
from preuve.collect.code.language.actions.contexts import UNREAD, paths_in

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
    found = taken_in(f"echo ${{{{ {expression} }}}}", step_context({}, job, WORKFLOW))
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
    inner = step_context({"env": {"TITLE": "fixed"}}, JOB, WORKFLOW)
    assert not taken_in("${{ env.TITLE }}", inner).free


def test_an_input_of_a_manual_run_is_written_by_a_member() -> None:
    place = step_context({}, {}, {"on": {"workflow_dispatch": {"inputs": {"name": None}}}})
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
        ('echo "$T" | bash /dev/stdin', FREE),
        ('echo "$T" | source /dev/stdin', UNCLEAR),
        ('echo "$T" | sudo bash', FREE),
        ('f() { eval "$T"; }', FREE),
        ('eval \\\n  "$T"', FREE),
        ('echo "$T" | bash', FREE),
        ('bash <<< "$T"', FREE),
        ("bash <<EOF\necho $T\nEOF", FREE),
        ("$T", FREE),
        ('"$T" --version', FREE),
        ('source <(echo "$T")', UNCLEAR),
        ('bash -c"$T"', FREE),
        ('cat >> "$GITHUB_ENV" <<EOF\nTITLE=$T\nEOF', UNCLEAR),
        ('printf "x=%s\\n" "$T" >> $GITHUB_ENV', FREE),
        ('bash -c \'echo "$1"\' _ "$T"', HARMLESS),
        ('bash -c \'eval "$1"\' _ "$T"', UNCLEAR),
        ("python3 -c 'import sys; print(sys.argv[1])' \"$T\"", HARMLESS),
        ('bash -c "echo \\"\\$T\\""', HARMLESS),
        ('docker run -e T="$T" img sh -c \'echo "$T"\'', HARMLESS),
        ('docker run img sh "$T"', UNCLEAR),
        ('docker run img sh -c "echo $T"', FREE),
        ("TITLE=\"$T\" bash -c 'echo $TITLE'", HARMLESS),
        ('# never eval "$T" here\necho hi', HARMLESS),
        ('if [ "$T" = x ]; then eval "$(ssh-agent)"; fi', HARMLESS),
        ('[ "$T" = x ] & eval ls', HARMLESS),
        ("bash -c 'eval \"$T\"'", FREE),
        ('sudo -E bash -c "$T"', FREE),
        ("cat <<EOF | sh\n$T\nEOF", FREE),
        ("cat <<'EOF' | sh\n$T\nEOF", HARMLESS),
        ('echo "$T" | xargs rm', UNCLEAR),
        ('foo "$T"', UNCLEAR),
        ('make TITLE="$T"', UNCLEAR),
        ('gh pr comment --body "$T"', HARMLESS),
        ("jq -n --arg t \"$T\" '{title: $t}'", HARMLESS),
        ('jq -n "{title: \\"$T\\"}"', UNCLEAR),
        ('git commit -m "$T"', HARMLESS),
        ('git -c x="$T" log', UNCLEAR),
        ('if [[ "$T" =~ ^(feat|fix)(\\(.+\\))?: ]]; then\n  echo ok\nelse\n  exit 1\nfi', HARMLESS),
        ('[[ "$T" -eq 1 ]]', UNCLEAR),
        ("X=$((T + 1))", UNCLEAR),
        ('case "$T" in\n  feat*|fix*) echo a ;;\n  *) exit 1 ;;\nesac\necho "$T"', HARMLESS),
        ('case "$T" in\n  feat*) echo a ;;\nesac\neval "$T"', FREE),
        ('echo "title=$T" >> "$GITHUB_OUTPUT"', HARMLESS),
        ('{\n  echo "body<<X"\n  echo "$T"\n  echo X\n} >> "$GITHUB_OUTPUT"', HARMLESS),
        ("SLUG=$(echo \"$T\" | tr -cd 'a-z' | sed 's/a/b/')", HARMLESS),
        ('echo "$T" | sed "s/$T/x/"', UNCLEAR),
        ('echo "$T" > run.sh', UNCLEAR),
        ("cat > body.md <<EOF\n$T\nEOF", HARMLESS),
        ('(echo "$T") | bash', FREE),
        ('export PATH="$T:$PATH"', UNCLEAR),
        ('A=("$T" x)\necho "${A[0]}"', HARMLESS),
        ('node scripts/check.js "$T"', HARMLESS),
        ("node -e \"console.log('$T')\"", FREE),
        ('python - <<EOF\nprint("$T")\nEOF', FREE),
        ("python - <<'EOF'\nimport os\nprint(\"$T\")\nEOF", HARMLESS),
        ('echo "$T" | npx commitlint', HARMLESS),
        ('ssh host "echo $T"', UNCLEAR),
        ('curl -d "$T" https://x', HARMLESS),
        ('eval "$(echo "$T")"', UNCLEAR),
        ('echo "$T" | tee -a "$GITHUB_ENV"', UNCLEAR),
        ('echo "x=${{ steps.a.outputs.b }} $T"', HARMLESS),
        ('while read -r l; do echo "$l"; done <<< "$T"', HARMLESS),
        ('while read -r l; do echo "$l"; done <<< "$T" | bash', UNCLEAR),
        ('f() {\n  echo "$1"\n}\necho "$T" | grep -q x || exit 1', HARMLESS),
        ('set -e\nif ! echo "$T" | grep -Eq \'^(feat|fix)\'; then\n  echo "::error::bad"\n  exit 1\nfi', HARMLESS),
        ("git checkout $GITHUB_HEAD_REF", HARMLESS),
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
    found = run_from_environment(step, step_context(step, {}, {"on": "pull_request"}))
    assert (FREE if found.free else UNCLEAR if found.unclear else HARMLESS) == expected


@pytest.mark.parametrize("name", ["A(B", "*", "A.B", "[", "+"])
def test_a_variable_of_any_name_is_looked_for_as_it_is_written(name: str) -> None:
    step = {"run": 'eval "$AxB"', "env": {name: "${{ github.event.pull_request.body }}"}}
    assert run_from_environment(step, step_context(step, {}, {"on": "pull_request"})) == NOTHING


@pytest.mark.parametrize("part", ["((", "$(", "${{", "`", "sudo ", "bash -c ", "case x in", "<<A\n", ";;", "[["])
def test_a_hostile_script_takes_no_time(part: str) -> None:
    step = {"run": part * 10_000 + "$T", "env": {"T": "${{ github.event.pull_request.body }}"}}
    run_from_environment(step, step_context(step, {}, {"on": "pull_request"}))


@pytest.mark.parametrize(("shell", "expected"), [("cmd", FREE), ("pwsh", HARMLESS), ("python", HARMLESS)])
def test_each_shell_has_its_own_way_to_put_a_value_in(shell: str, expected: str) -> None:
    run = {"cmd": "echo %T%", "pwsh": "echo $env:T", "python": "print(os.environ['T'])"}[shell]
    step = {"run": run, "shell": shell, "env": {"T": "${{ github.event.pull_request.body }}"}}
    found = run_from_environment(step, step_context(step, {}, {"on": "pull_request"}))
    assert (FREE if found.free else UNCLEAR if found.unclear else HARMLESS) == expected
