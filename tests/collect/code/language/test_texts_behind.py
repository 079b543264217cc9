"""All lines of a text that gives a variable its value count, but those that are known to give nothing."""

from __future__ import annotations

import re
from time import process_time

import pytest

from preuve.collect.code.language.dependencies.texts import hash_of_giving

WORKFLOW = ".github/workflows/a.yml"
# A line that ends in `*` gives nothing: what a push changes in it is nothing new. All others may give something.
TEXTS = {
    WORKFLOW: """
name: infra
on: push
# -var region=x *
jobs:
  apply:
    name: Apply *
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
      - name: Set up *
        uses: hashicorp/setup-terraform/x@v1 *
        with:
          name: c
      - id: where
        uses: me/where@v1
      - uses: actions/cache@3d3c42e5 # v7.0.1 *
      - uses: ./here
      - if: github.ref == 'refs/heads/main'
        run: |
          # region=x *
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
    "a.gitlab-ci.yml": """
stages: [a]
# x *
include: dev.yml
variables:
  REGION: eu-west-1
apply:
  extends: .dev
  name: x
  environment:
    name: dev
  script:
    - make
    - terraform apply -var "region=$REGION"
""",
    "values.yml": """
jobs:
  a:
    name: eu-west-1
    steps:
      - name: eu-west-1
        uses: a/b@v1
""",
    "action.yml": """
name: apply
runs:
  using: composite
  steps:
    - name: a *
      uses: a/b@v1 *
    - run: terraform apply -var region=$A
""",
    "a.sh": """
#!/bin/bash
# the region is $REGION *
source envs/dev.env
set -- eu-west-1
// a
A=b \\
# region=x
  terraform apply -var "region=$1"
#{a}
##vso[task.setvariable variable=region]x
echo done
""",
    "Makefile": """
include dev.mk
# region=x *
# region=x \\
R = eu
#=x
apply:
	# region=x *
	TF_VAR_region=$(R) terraform apply
""",
    "a.py": """
from a import b
# region *
where: str = 'eu-west-1'
for other in [where]:
    tf.apply(var={'region': other})
run(
    '''terraform apply -var region=eu-west-1'''
)
""",
    "a.go": """
//go:embed dev.tfvars
var region string
// region *
# region *
//
/* region */
tf.Apply(tfexec.Var("region=" + region))
""",
    "a.js": """
class A {
  #region = "eu-west-1"
  // region *
}
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
    same = hash_of_giving(file, without_marks(lines)) == hash_of_giving(file, without_marks(changed))
    assert same == lines[at].endswith(" *"), changed[at]


@pytest.mark.parametrize("file", TEXTS)
def test_a_line_more_counts_unless_it_is_a_comment_or_blank(file: str) -> None:
    lines = TEXTS[file].splitlines()
    before = hash_of_giving(file, without_marks(lines))
    assert before
    for at, above in enumerate(lines):
        new = {hash_of_giving(file, without_marks([*lines[:at], one, *lines[at:]])) for one in ("", "# a", "\t")}
        if not (at and lines[at - 1].endswith("\\")) and "yml" not in file:
            assert new == {before}, above
        assert hash_of_giving(file, without_marks([*lines[:at], "x", *lines[at:]])) != before


def test_a_text_that_is_too_long_or_no_yaml_counts_as_a_whole() -> None:
    assert not hash_of_giving("a.sh", b"a" * 1_000_001)
    assert not hash_of_giving(WORKFLOW, b"a: [")
    assert not hash_of_giving("a.yml", b"&a [*a" + b"]" * 3)


@pytest.mark.parametrize(
    "one",
    ["a: &a {b: c}\nd: %s", "&a [*a, {}]\n---\n%s"],
    ids=["alias", "itself"],
)
def test_what_an_alias_repeats_counts(one: str) -> None:
    told = {hash_of_giving("a.yml", (one % other).encode()) for other in ("b", "c", "{b: c}", "[b, c]", "[[b], c]", "")}
    assert len(told) == 6


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("a.sh", "# \\\n" * 200_000),
        ("a.sh", " " * 900_000 + "#"),
        ("a.go", "/" * 900_000 + "a"),
        (WORKFLOW, "jobs:\n a:\n  steps:\n" + "  - name: a\n    uses: a/b@c\n" * 5_000),
        ("a.yml", "[" * 50_000),
        ("a.yml", "\n".join(f"a{at}: &a{at} [*a{at - 1}, *a{at - 1}]" if at else "a0: &a0 b" for at in range(500))),
    ],
    ids=["continued", "blanks", "slashes", "steps", "deep", "aliases"],
)
def test_a_long_text_takes_no_long_time(file: str, text: str) -> None:
    start = process_time()
    hash_of_giving(file, text.encode())
    assert process_time() - start < 5
