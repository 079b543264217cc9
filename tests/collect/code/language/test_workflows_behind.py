"""All lines of a workflow that gives a variable its value count, but those that are known to give nothing; all other
texts count as a whole.
"""

from __future__ import annotations

import re
from time import process_time

import pytest

from preuve.collect.code.language.dependencies.workflows import hash_of_workflow, without_paths

WORKFLOW = ".github/workflows/a.yml"
# A line that ends in `*` gives nothing: what a push changes in it is nothing new. All others may give something.
TEXTS = {
    WORKFLOW: """
name: infra
on: push
# -var region=x
jobs:
  apply:
    name: Apply
    environment: dev
    strategy:
      matrix:
        include:
          - name: a
    env:
      name: b
      TF_VAR_region: ${{ vars.REGION }}  # of all
    steps:
      - uses: actions/checkout@v1 *
      - name: Set up
        uses: hashicorp/setup-terraform/x@v1 *
        with:
          name: c
      - id: where
        uses: me/where@v1
      - uses: actions/cache@3d3c42e5 *
      - uses: ./here
      - if: github.ref == 'refs/heads/main'
        run: |
          # region=x
          #region
          R=$(jq -r .region conf.json)
          export A=b \\
            # region=x
          # region=x \\
          terraform apply -var region=${{ steps.where.outputs.it }}
      - run: >
          terraform apply
          # behind this, all is a comment
          -var region=x
      - run: echo done
  other:
    uses: me/flows/.github/workflows/b.yml@v1
    with:
      name: d
""",
    "action.yml": """
name: apply
runs:
  using: composite
  steps:
    - name: a
      uses: a/b@v1 *
    - run: terraform apply -var region=$A
""",
}
LINES = [
    (file, at)
    for file, text in TEXTS.items()
    for at, line in enumerate(text.splitlines())
    if re.search(r"\w", line.removesuffix(" *"))
]


def without_marks(lines: list[str]) -> bytes:
    return "\n".join(line.removesuffix(" *") for line in lines).encode()


@pytest.mark.parametrize(("file", "at"), LINES)
def test_a_line_counts_unless_it_surely_gives_nothing(file: str, at: int) -> None:
    lines = TEXTS[file].splitlines()
    changed = [*lines]
    # In YAML, a comment behind a value is none of it; what changes is the last word before.
    changed[at] = re.sub(r"(\w+)(\W*?)((?:  # .*)?(?: \*)?)$", r"\1x\2\3", lines[at])
    assert changed != lines
    same = hash_of_workflow(file, without_marks(lines)) == hash_of_workflow(file, without_marks(changed))
    assert same == lines[at].endswith(" *"), changed[at]


@pytest.mark.parametrize("file", TEXTS)
def test_a_line_more_counts(file: str) -> None:
    lines = TEXTS[file].splitlines()
    before = hash_of_workflow(file, without_marks(lines))
    assert before
    for at in range(len(lines)):
        assert hash_of_workflow(file, without_marks([*lines[:at], "x", *lines[at:]])) != before


@pytest.mark.parametrize("file", ["d.sh", "Makefile", "d.py", "d.go", "d.toml", ".gitlab-ci.yml", "x.yml", "a.yml.j2"])
def test_any_other_text_counts_as_a_whole(file: str) -> None:
    """Which of its lines are comments, and whether a program reads them, is not known."""
    assert not hash_of_workflow(file, b"# x\n\na: b\n")


def test_a_text_that_is_too_long_or_no_yaml_counts_as_a_whole() -> None:
    assert not hash_of_workflow(WORKFLOW, b"a" * 1_000_001)
    assert not hash_of_workflow(WORKFLOW, b"a: [")
    assert not hash_of_workflow(WORKFLOW, b"&a [*a" + b"]" * 3)


STEP = "on:\n  push:\n    paths: [.github/workflows/a.yml]\njobs:\n  a:\n    steps:\n      - run: %s\n"


@pytest.mark.parametrize(
    "command",
    [
        "sed -n 's/# //p' .github/workflows/a.yml",
        "cd .github && cat */*",
        "cat $(find . -name a.yml)",
        'cat "${GITHUB_WORKFLOW_REF%%@*}"',
        "cat $GITHUB_ACTION_PATH/x",
        'x "$uses"\n        env:\n          uses: .github/workflows/a.yml',
    ],
)
def test_a_workflow_that_may_read_itself_counts_as_a_whole(command: str) -> None:
    assert not hash_of_workflow(WORKFLOW, (STEP % command).encode())
    assert hash_of_workflow(WORKFLOW, (STEP % "curl https://api.github.com/x").encode())
    values = STEP.replace("[", "[x.tfvars, ")
    assert without_paths(WORKFLOW, values % command) == values % command
    assert ".tfvars" not in without_paths(WORKFLOW, values % "curl https://api.github.com/x")


@pytest.mark.parametrize("line", ["# v = %s", "name: %s", "x: y # %s", "- uses: a/b@c # %s"])
@pytest.mark.parametrize("command", ["grep -rh '# v = ' .", "git log -1 -p", "cat .g*/*/*.yml", "gh run view"])
def test_comments_and_names_count(line: str, command: str) -> None:
    """A step may read them without a name of the workflow: from all files, from git, from the run."""
    first, other = ((f"{STEP % command}\n{line % value}\n").encode() for value in ("vpc-dev", "vpc-prod"))
    assert not hash_of_workflow(WORKFLOW, first) or hash_of_workflow(WORKFLOW, first) != hash_of_workflow(
        WORKFLOW, other
    )


@pytest.mark.parametrize("used", ["a/b@%s", "'a/b/c@%s'", '"a/b@%s"', "a/b@3d3c42e5 # v%s", "a/b@%s #  1.2"])
def test_the_version_of_an_action_does_not_count(used: str) -> None:
    for text in (
        f"jobs:\n  ü:\n    steps:\n      - uses: {used}\n",
        f"runs:\n  steps:\n  - uses: {used}\n    with: {{a: b}}\n",
    ):
        assert (
            hash_of_workflow(WORKFLOW, (text % "1.2").encode())
            == hash_of_workflow(WORKFLOW, (text % "3").encode())
            != ""
        )


@pytest.mark.parametrize("paths", ["['a/**', 'x.tfvars']", "\n      - x.tfvars\n      # é\n      - y", "x.tfvars"])
def test_the_paths_that_start_a_workflow_are_no_part_of_it(paths: str) -> None:
    for name in ("paths", "paths-ignore"):
        text = f"on:\n  push:\n    {name}: {paths}\n  pull_request:\n    {name}: {paths}\njobs: [ü]\n"
        assert ".tfvars" not in (left := without_paths(WORKFLOW, text))
        assert "jobs: [ü]" in left
        for other in ("d.yml", "action.yml", "deploy/action.yml"):  # the settings of a program
            assert without_paths(other, text) == text


@pytest.mark.parametrize(
    "text",
    [
        "on:\n  push:\n    paths: &p [x.tfvars]\njobs: {a: *p}\n",
        "on:\n  push:\n    paths: [&p x.tfvars]\njobs: {a: *p}\n",
        "env: &p [x.tfvars]\non:\n  push:\n    paths: *p\n",
        "on: {push: {branches: [x.tfvars]}}\n",
        "on: {workflow_dispatch: {inputs: {paths: {default: x.tfvars}}}}\n",
        "jobs: {a: {strategy: {matrix: {paths: [x.tfvars]}}}}\n",
        "on: {push: {paths: [x.tfvars]}\n",
        "x.tfvars\n",
        "",
    ],
)
def test_paths_that_are_for_something_else_stay(text: str) -> None:
    assert without_paths(WORKFLOW, text) == text


@pytest.mark.parametrize(
    "text",
    [
        "jobs:\n a:\n  steps:\n" + "  - name: a\n    uses: a/b@c\n" * 5_000,
        "[" * 50_000,
        "\n".join(f"a{at}: &a{at} [*a{at - 1}, *a{at - 1}]" if at else "a0: &a0 b" for at in range(500)),
        "on:\n  push:\n" + "    paths: [a]\n" * 5_000,
        " " * 900_000 + "uses",
    ],
    ids=["steps", "deep", "aliases", "paths", "blanks"],
)
def test_a_long_text_takes_no_long_time(text: str) -> None:
    start = process_time()
    hash_of_workflow(WORKFLOW, text.encode())
    assert process_time() - start < 5
