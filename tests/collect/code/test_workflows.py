"""Results of a scan of GitHub Actions workflows."""

from __future__ import annotations

import pytest

from collect.code.conftest import Scan, Scanner
from content_copy import bundled
from preuve.collect.code.judgements.programs.workflow_steps import strangers_code
from preuve.library.validation.code.code_rules import rendered
from preuve.library.yaml.place import content_root

GATE = "CKV2_PREUVE_CI_SCAN_GATE"
INJECTION, CHECKOUT, RIGHTS = (f"CKV2_PREUVE_WORKFLOW_{name}" for name in ("INJECTION", "CHECKOUT", "RIGHTS"))
CHECKS = frozenset({"CKV2_GHA_1", "CKV_GHA_1", INJECTION, GATE})
RULES = tuple(rendered(bundled().code_rules[name], {}) for name in (GATE, INJECTION, CHECKOUT, RIGHTS))

JOB = "  test:\n    runs-on: ubuntu-latest\n"
STEPS = "    steps:\n      - run: make test\n"
ALIASES = "".join(f"x{level}: &x{level} [{', '.join([f'*x{level - 1}'] * 9)}]\n" for level in range(1, 9))
BOMB = f"x0: &x0 [1, 2, 3, 4, 5, 6, 7, 8, 9]\n{ALIASES}on: push\njobs:\n{JOB}{STEPS}"


def workflow(job: str, top: str = "permissions: {}\n", on: str = "push") -> str:
    return f"on: {on}\n{top}jobs:\n{job}"


FILES = {
    "silent": workflow(JOB + STEPS, top=""),
    "none": workflow(JOB + STEPS),
    "all": workflow(JOB + STEPS, top="permissions: write-all\n"),
    "each": workflow(JOB + "    permissions: {contents: read}\n" + STEPS, top=""),
    "one": workflow(JOB + "    permissions: write-all\n" + STEPS),
    "title": workflow(JOB + '    steps:\n      - run: echo "${{ github.event.issue.title }}"\n'),
    "unsafe": workflow(JOB + STEPS + "        env: {ACTIONS_ALLOW_UNSECURE_COMMANDS: true}\n"),
    "number": workflow(JOB + "    steps:\n      - run: 1\n"),
    "skipped": workflow(
        JOB
        + '    steps:\n      - run: echo "${{ github.event.issue.title }}"'
        + " # checkov:skip=CKV2_PREUVE_WORKFLOW_INJECTION: x\n"
    ),
}


@pytest.fixture(scope="module")
def workflows(scan_files: Scanner) -> Scan:
    files = {f"infra/.github/workflows/{name}.yml": text for name, text in FILES.items()}
    return scan_files(files, kind="github_actions", checks=CHECKS, rules=RULES)


@pytest.mark.parametrize(
    ("file", "place", "check", "result"),
    [
        ("silent", "permissions", "CKV2_GHA_1", "FAILED"),
        ("none", "permissions", "CKV2_GHA_1", "PASSED"),
        ("all", "permissions", "CKV2_GHA_1", "FAILED"),
        ("each", "permissions", "CKV2_GHA_1", "PASSED"),
        ("each", "jobs.test.permissions", "CKV2_GHA_1", "PASSED"),
        ("one", "permissions", "CKV2_GHA_1", "PASSED"),
        ("one", "jobs.test.permissions", "CKV2_GHA_1", "FAILED"),
        ("none", "jobs.test.steps[1]", INJECTION, "PASSED"),
        ("title", "jobs.test.steps[1]", INJECTION, "FAILED"),
        ("unsafe", "jobs.test.steps[1]", "CKV_GHA_1", "FAILED"),
        ("number", "jobs.test.steps[1]", INJECTION, "PASSED"),
    ],
)
def test_permissions_and_steps_are_judged(workflows: Scan, file: str, place: str, check: str, result: str) -> None:
    assert workflows.record("infra", f"infra/.github/workflows/{file}.yml:{place}", check)["result"] == result


CITED = """\
name: x
on:
  pull_request:
    branches: [main]
permissions:
  contents: read

  # why
  id-token: write
jobs:
  first:
    name: First
    permissions: &rights
      contents: write
    runs-on: ubuntu-latest
    steps:
      - name: Say
        env: {A: b}
        run: |
          echo a
          echo "${{ github.event.issue.title }}"

      - not a step
      - name: Use
        uses: actions/github-script@v8
        with:
          debug: "no"
          script: |
            log("${{ github.event.issue.title }}")
  second:
    permissions: *rights
    uses: ./.github/workflows/other.yml
  third:
    runs-on: ubuntu-latest
"""
TOP, SAID = "permissions", "jobs.first.steps"


@pytest.mark.parametrize(
    ("place", "check", "lines"),
    [
        (TOP, "CKV2_GHA_1", (5, 9)),
        ("jobs.first.permissions", "CKV2_GHA_1", (13, 14)),
        ("jobs.second.permissions", "CKV2_GHA_1", (31, 31)),
        (f"{SAID}[1]", INJECTION, (19, 21)),
        (f"{SAID}[1]", "CKV_GHA_1", (19, 21)),
        (f"{SAID}[2]", INJECTION, (28, 29)),
        (f"{SAID}[2]", "CKV_GHA_1", (25, 25)),
    ],
)
def test_a_result_cites_the_key_that_it_is_about(
    scan_files: Scanner, place: str, check: str, lines: tuple[int, int]
) -> None:
    file = "infra/.github/workflows/a.yml"
    found = scan_files({file: CITED}, kind="github_actions", checks=CHECKS, rules=RULES)
    record = found.record("infra", f"{file}:{place}", check)
    assert (record["line"], record["end_line"]) == lines


def test_permissions_that_nobody_names_are_cited_at_the_first_job_that_takes_them(workflows: Scan) -> None:
    record = workflows.record("infra", "infra/.github/workflows/silent.yml:permissions", "CKV2_GHA_1")
    assert (record["line"], record["end_line"]) == (3, 3)


def test_a_skip_comment_does_not_hide_the_true_result(workflows: Scan) -> None:
    record = workflows.record("infra", "infra/.github/workflows/skipped.yml:jobs.test.steps[1]", INJECTION)
    assert (record["result"], record["suppressed"]) == ("FAILED", "x")


def test_a_repository_without_a_scan_in_its_workflows_fails(workflows: Scan) -> None:
    assert workflows.record("infra", "repository", GATE)["result"] == "FAILED"


def test_the_pipeline_written_by_preuve_counts_as_a_scan(scan_files: Scanner) -> None:
    template = content_root() / "ci/templates/github/.github/workflows/preuve.yml"
    files = {"infra/.github/workflows/preuve.yml": template.read_text()}
    found = scan_files(files, kind="github_actions", checks=CHECKS, rules=RULES)
    assert found.record("infra", "repository", GATE)["result"] == "PASSED"


def test_an_unread_workflow_may_contain_the_scan(scan_files: Scanner) -> None:
    files = {
        "infra/.github/workflows/broken.yml": "on: [push\n",
        "infra/.github/workflows/bomb.yml": BOMB,
        "infra/.github/workflows/deep.yml": "on: " + "[" * 150 + "]" * 150,
        "infra/.github/workflows/list.yml": "- a\n",
        "infra/.github/workflows/bytes.yml": b"on: push # caf\xe9\n",
        "infra/.github/workflows/ok.yml": FILES["none"],
        "infra/.github/workflows/off.yml": "".join(f"# {line}\n" for line in FILES["all"].splitlines()),
        "infra/.github/workflows/empty.yml": "",
        "infra/.github/workflows/end.yml": "---\n",
    }
    found = scan_files(files, kind="github_actions", checks=CHECKS, rules=RULES)
    folder = "infra/.github/workflows"
    assert found.gaps("infra") == [
        (f"{folder}/bomb.yml", 0, "not_read", "YAML that grows or nests beyond the limit"),
        (f"{folder}/broken.yml", 2, "parse_error", "syntax error"),
        (f"{folder}/bytes.yml", 1, "parse_error", "not UTF-8"),
        (f"{folder}/deep.yml", 0, "not_read", "YAML that grows or nests beyond the limit"),
        (f"{folder}/list.yml", 0, "parse_error", "no jobs could be read"),
    ]
    assert {line["check"] for line in found.of("record", "infra")} == CHECKS - {GATE}


def test_a_repository_without_workflows_fails(scan_files: Scanner) -> None:
    found = scan_files({"infra/readme.md": ""}, kind="github_actions", checks=CHECKS, rules=RULES)
    assert found.gaps("infra") == [("", 0, "not_covered", "no workflow in infra/.github/workflows")]
    assert found.record("infra", "repository", GATE)["result"] == "FAILED"


TARGET = workflow(
    JOB
    + """    {guard}
    steps:
      - uses: actions/checkout@v5
        with: {{ref: "{ref}"}}
      - run: {run}
""",
    on="{on}",
).replace("permissions: {}", "permissions: {{}}")
HEAD = "${{ github.event.pull_request.head.sha }}"


@pytest.mark.parametrize(
    ("filled", "result"),
    [
        ({"ref": HEAD}, "FAILED"),
        ({"ref": "${{ env.HEAD }}", "guard": f"env: {{HEAD: '{HEAD}'}}"}, "FAILED"),
        ({"ref": "refs/pull/${{ github.event.number }}/merge"}, "FAILED"),
        ({"ref": "${{ github.event.workflow_run.head_branch }}", "on": "workflow_run"}, "FAILED"),
        ({"ref": HEAD, "run": "wc -l README.md"}, "UNKNOWN"),
        ({"ref": HEAD, "guard": "if: contains(github.event.pull_request.labels.*.name, 'safe')"}, "UNKNOWN"),
        ({"ref": "${{ steps.which.outputs.sha }}"}, "UNKNOWN"),
        ({"ref": "main"}, "PASSED"),
        ({"ref": HEAD, "on": "pull_request"}, "PASSED"),
    ],
)
def test_code_of_a_pull_request_does_not_run_with_all_rights(
    scan_files: Scanner, filled: dict[str, str], result: str
) -> None:
    text = TARGET.format(**{"on": "pull_request_target", "run": "npm ci", "guard": "timeout-minutes: 5"} | filled)
    found = scan_files(
        {"infra/.github/workflows/a.yml": text}, kind="github_actions", checks=frozenset({CHECKOUT}), rules=RULES
    )
    assert [line["result"] for line in found.of("record", "infra")] == [result]


@pytest.mark.parametrize(
    ("run", "free"),
    [
        ("git fetch origin pull/${{ github.event.number }}/head && git checkout FETCH_HEAD && npm ci", True),
        ("git fetch origin +refs/pull/${{github.event.number}}/merge; make", True),
        ('git fetch origin "pull/$NUMBER/head" && make', True),
        ("git clone ${{ github.event.pull_request.head.repo.clone_url }} x && cd x && make", True),
        ('git clone "https://github.com/${{ github.event.pull_request.head.repo.full_name }}" x\nmake', True),
        ("gh repo clone ${{ github.event.pull_request.head.repo.full_name }} && make", True),
        ("git checkout ${{ github.event.pull_request.head.sha }}\nmake", True),
        ("git -C x fetch origin \\\n  ${{ github.head_ref || 'main' }}\nmake", True),
        ('git checkout "$SHA"\nmake', True),
        ('COMMIT=$SHA; git checkout "${COMMIT}" && make', True),
        ("git switch $GITHUB_HEAD_REF && make", True),
        ("curl -L https://x.org/archive/${{ github.event.pull_request.head.sha }}.tgz | tar xz; make", True),
        ("git fetch origin ${{ github.base_ref }} && make", False),
        ("git diff ${{ github.event.pull_request.head.sha }} && make", False),
        ("git fetch; curl -X POST https://x.org/statuses/${{ github.event.pull_request.head.sha }}; make", False),
        ("git merge-base $SHA origin/main && make", False),
    ],
)
def test_a_command_that_brings_the_head_of_a_pull_request_is_a_checkout(run: str, *, free: bool) -> None:
    steps = [{"run": run, "env": {"SHA": HEAD, "NUMBER": "${{ github.event.number }}"}}]
    found = strangers_code(0, steps, {"steps": steps}, {"on": "pull_request_target"})
    assert bool(found and found.free) is free


def test_a_right_to_write_belongs_in_the_job_that_needs_it(scan_files: Scanner) -> None:
    top, own = "permissions: {contents: write, issues: read}\n", "    permissions: {contents: write}\n"
    files = {
        "infra/.github/workflows/all.yml": workflow(JOB + STEPS, top=top),
        "infra/.github/workflows/own.yml": workflow(JOB + own + STEPS),
        "infra/.github/workflows/none.yml": workflow(JOB + own + STEPS, top=top),
    }
    found = scan_files(files, kind="github_actions", checks=frozenset({RIGHTS}), rules=RULES)
    results = {line["file"].split("/")[-1]: line["result"] for line in found.of("record", "infra")}
    assert results == {"all.yml": "FAILED", "own.yml": "PASSED", "none.yml": "PASSED"}
    assert next(line["values"] for line in found.of("record", "infra") if line["result"] == "FAILED") == {
        "permissions": "contents: write"
    }
