"""Only what gives a variable its value is behind it: no other line of the text, wherever that stands."""

from __future__ import annotations

import re
from time import process_time

import pytest

from preuve.collect.code.language.dependencies.texts import text_behind

# A line with `*` gives the variable `region` its value; the text stays the same for it whatever the others say.
TEXTS = {
    "job": """
name: infra
on: push
jobs:
  apply:
    env:
      TF_VAR_region: ${{ vars.REGION }} *
    steps:
      - uses: actions/checkout@v1
      - run: terraform apply
""",
    "step": """
jobs:
  plan:
    steps:
      - run: make
  apply:
    steps:
      - uses: actions/checkout@v1
      - if: github.ref == 'refs/heads/main' *
        run: | *
          R=$(jq -r .region conf.json) *
          echo "region = $R" >> terraform.tfvars *
        working-directory: a *
      - run: terraform apply
""",
    "other step": """
    steps:
      - uses: actions/checkout@v1
      - id: where *
        run: ./where.sh *
      - run: terraform apply -var region=${{ steps.where.outputs.it }} *
      - run: make
""",
    "gitlab": """
stages: [a]
variables:
  REGION: eu-west-1 *
  OTHER: x
apply:
  script:
    - make
    - terraform apply -var "region=$REGION" *
""",
    "make": """
V = 1
A ?= $(shell cat a) *
R := $(A) *
all: build
up:
    echo start
    TF_VAR_region=$(R) \\ *
      terraform apply *
""",
    "shell": """
set -e
case "$1" in
  x)
    V=1
    ;;
esac
if [ "$BRANCH" = main ]; then *
  export TF_VAR_region=$R *
fi
BRANCH=$(git branch) *
terraform apply
""",
    "function": """
apply() { *
  TF_VAR_region=$1 terraform apply *
}
build
apply eu-west-1 *
""",
    "list": """
echo a
terraform apply -var 'regions=[ *
 "a", *
 "b"]' -var "region=[$A, *
 $B]" *
echo b
""",
    "environment": """
A=1
TF_VAR_region=$R *
B=2
""",
    "program": """
import sys
print(1)
where = sys.argv[1] *
def apply(region): *
    run(["terraform", "apply", f"-var=region={region}"]) *
def other():
    print(2)
apply(where) *
""",
    "any": """
make
terraform apply -var-file=$F *
F=$1.tfvars *
echo done
""",
}
LINES = [
    (name, at)
    for name, text in TEXTS.items()
    for at, line in enumerate(text.splitlines())
    if line.strip() and not re.fullmatch(r"\s*(?:jobs|\w+|steps|esac|fi|x\)|;;|\})[:]?(?: \*)?", line)
]


def without_marks(lines: list[str]) -> str:
    return "\n".join(line.removesuffix(" *") for line in lines)


@pytest.mark.parametrize(("name", "at"), LINES)
def test_a_line_counts_exactly_if_it_gives_the_value(name: str, at: int) -> None:
    lines = TEXTS[name].splitlines()
    changed = [*lines]
    changed[at] = re.sub(r"([\w$.]+)(\W*?)( \*)?$", r"\1x\2\3", lines[at])
    assert changed != lines
    same = text_behind("region", without_marks(lines)) == text_behind("region", without_marks(changed))
    assert same == (not lines[at].endswith(" *")), changed[at]


@pytest.mark.parametrize("name", TEXTS)
def test_comments_and_lines_between_give_nothing(name: str) -> None:
    lines = TEXTS[name].splitlines()
    before = text_behind("region", without_marks(lines))
    assert before
    for at in range(len(lines)):
        for comment in ("# region=b", "    # -var region=c", ""):
            assert text_behind("region", without_marks([*lines[:at], comment, *lines[at:]])) == before


def test_a_text_that_says_nothing_of_it_counts_as_a_whole() -> None:
    assert not text_behind("region", "echo a\nmake\n")


@pytest.mark.parametrize(
    "text",
    [
        *("(r $r\n" * 20_000, "r \\\n" * 50_000, "- r\n" * 50_000, "r='\n" * 50_000, "$r." * 100_000),
        "\n".join(" " * at + "r=$r" for at in range(700)),
        "\n".join(f"a{at}=$a{at + 1}" for at in range(20_000)) + "\nr=$a0",
    ],
    ids=["brackets", "continued", "items", "quotes", "uses", "deep", "chain"],
)
def test_a_long_text_takes_no_long_time(text: str) -> None:
    start = process_time()
    text_behind("r", text)
    assert process_time() - start < 5
