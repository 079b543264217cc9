"""Each policy on code: of its `fail.tf` exactly the blocks marked `# FAILED` fail, and its `pass.tf` passes.

Dockerfiles and workflows have other endings. A policy's own fixtures are in `iac/<policy>/` and folders in it; those of
preuve's rules for code are their examples. All are scanned once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from content_copy import bundled
from pipeline.runs import Run
from preuve.library.validation.code.code_rules import TERRAFORM, examples_of
from preuve.library.yaml.place import content_root
from preuve.model.results import Finding
from preuve.model.snapshot import IacBlock
from preuve.pipeline.run.collect import Scope, take_snapshot
from preuve.pipeline.run.preparation import judge, prepare
from preuve.publish.words.locale import load_locale
from preuve.snapshot.reader import read_snapshot
from tools.proofs import code_proofs, provider_of

FIXTURES = {
    name: folders for name, policy in bundled().policies.items() if (folders := code_proofs(content_root(), policy))
}
EACH = [
    pytest.param(name, folder, id=f"{name}/{folder.name}") for name, folders in FIXTURES.items() for folder in folders
]
# These fail because of their block, or say nothing of it: a correct example has none, or another resource.
NEVER_PASSES = frozenset(
    {"CKV2_PREUVE_DEFAULT_VPC", "CKV2_PREUVE_LOGIN_PROFILE", "CKV2_PREUVE_ROOT_KEY", "CKV2_PREUVE_ALARM_ACTIONS"}
)
# Used only for CloudFormation: our own rule replaces them for Terraform.
NOT_TERRAFORM = frozenset[str]().union(*(rule.instead_of for rule in bundled().code_rules.values()))
WORKSPACE = """schema: 1
organisation: {name: Try, country: FR, language: en}
evidence: {pseudonym_key: .key/p.key}
scope:
  iac:
    - {path: code, kind: terraform}
"""


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Every fixture, each in a separate root, in one scan with the default parameters."""
    workspace = tmp_path_factory.mktemp("fixtures")
    others = []
    for folder in {folder for folders in FIXTURES.values() for folder in folders}:
        for name in examples_of(provider_of(folder)):
            file = workspace / _root(folder, name) / _FILES[provider_of(folder)]
            file.parent.mkdir(parents=True)
            file.write_bytes((folder / name).read_bytes())
            if provider_of(folder) != TERRAFORM:
                others.append(f"    - {{path: {_root(folder, name)}, kind: {provider_of(folder)}}}\n")
    (workspace / "preuve.yaml").write_text(WORKSPACE + "".join(others), encoding="utf-8")
    prepared = prepare(workspace)
    snapshot = workspace / "snapshot"
    take_snapshot(prepared, snapshot, Scope(aws=False, iac=True), lambda *_, **__: None)
    read = read_snapshot(snapshot)
    apart = replace(read, blocks=tuple(map(_in_an_account_of_its_own, read.blocks)))
    return Run(judge(prepared, apart), snapshot)


def _in_an_account_of_its_own(block: IacBlock) -> IacBlock:
    """Return a block with names that no other fixture has: a wrong example may leave open whatever has its name."""
    name, arn = (f"{told}.{block.root}".replace("/", ".") if told else "" for told in (block.name, block.arn))
    return replace(block, name=name, arn=arn)


_FILES = {
    TERRAFORM: "main.tf",
    "cloudformation": "stack.yaml",
    "github_actions": ".github/workflows/ci.yml",
    "dockerfile": "Dockerfile",
}


def _root(folder: Path, example: str) -> str:
    return f"code/{folder.parent.name}/{folder.name}/{Path(example).stem}"


def found(scanned: Run, policy: str, folder: Path, number: int) -> list[Finding]:
    """Return a policy's findings for the blocks of a fixture: the correct ones (0) or the wrong ones (1)."""
    root = _root(folder, examples_of(provider_of(folder))[number])
    items = (item for item in scanned.of([policy]) if item.source == "iac")
    return [replace(item, place=at) for item in items for at in (item.place, *item.also) if at.root == root]


def marked(text: str) -> Iterator[int]:
    """The lines of the blocks that must fail; a comment on a line of its own marks the next one, or the repository."""
    for number, line in enumerate(text.splitlines(), 1):
        if line == "# FAILED: repository":
            yield 0
        elif line.endswith("# FAILED"):
            yield number + (line == "# FAILED")


_BLOCK = {".tf": r"\w", ".yaml": r"  \w"}  # the form of the first line of one


def block_at(text: str, line: int, ending: str) -> int:
    """Return the first line of the block of Terraform, or of the resource of a template, that contains a line."""
    starts = (number for number, start in enumerate(text.splitlines(), 1) if re.match(_BLOCK[ending], start))
    return max(number for number in starts if number <= line)


def block_of(text: str, item: Finding, ending: str) -> int:
    """Return the first line of the block that failed: a failure is reported at the deciding line, which may be in a
    neighbouring block.
    """
    type_, _, name = re.sub(r"\[[^]]*\]$", "", item.place.id).rpartition(".")
    head = re.compile(rf'\w+ "{re.escape(type_.removeprefix("data."))}" "{re.escape(name)}" {{|  {re.escape(name)}:')
    heads = (number for number, start in enumerate(text.splitlines(), 1) if head.match(start))
    return next(heads, 0) or block_at(text, item.place.line, ending)


@pytest.mark.parametrize(("policy", "folder"), EACH)
def test_exactly_the_marked_blocks_fail(scanned: Run, policy: str, folder: Path) -> None:
    _, wrong = examples_of(provider_of(folder))
    text = (folder / wrong).read_text(encoding="utf-8")
    wanted = set(marked(text))
    failed = [item for item in found(scanned, policy, folder, 1) if item.status.value == "FAIL"]
    ending = Path(wrong).suffix
    failing = {block_of(text, item, ending) if ending in _BLOCK else item.place.line for item in failed}
    # A provider of another region, by which the blocks of an example fail, fails the policy on regions itself.
    providers = {number for number, line in enumerate(text.splitlines(), 1) if line.startswith("provider ")}
    assert wanted
    assert failing - (providers - wanted) == wanted


@pytest.mark.parametrize(("policy", "folder"), EACH)
def test_a_correct_example_passes_or_is_not_evaluated_if_the_check_is_partial(
    scanned: Run, policy: str, folder: Path
) -> None:
    iac = bundled().policies[policy].iac
    assert iac is not None
    findings = found(scanned, policy, folder, 0)
    partial = {item.place.type for item in findings if iac.equivalence == "partial"} - set(iac.exact)
    verdicts = {(item.status.value, item.reason.code.removesuffix("_unset")) for item in findings}
    wanted = {("NOT_EVALUATED", "partial_check")} if partial else {("PASS", "iac_passed")}
    wanted |= {("PASS", "iac_passed")} if any(item.place.type in iac.exact for item in findings) else set()
    in_templates = {name for name, rule in bundled().code_rules.items() if rule.provider == "cloudformation"}
    asked = set(iac.checkov) - (in_templates if provider_of(folder) == TERRAFORM else set())
    passes = not NEVER_PASSES.issuperset(asked)
    beside = {("NOT_APPLICABLE", "outside_condition"), ("NOT_APPLICABLE", "iac_one_suffices")}
    assert verdicts - beside == (wanted if passes else set())


def test_a_finding_not_evaluated_gives_its_cause(scanned: Run) -> None:
    findings = [item for item in scanned.assessment.findings if item.status.value == "NOT_EVALUATED"]
    assert findings
    for item in findings:
        assert item.reason.code != "iac_unknown" or item.reason.values["detail"], item
        assert all(len(load_locale(language).reason(item.reason)) > 20 for language in ("en", "fr")), item


@pytest.mark.parametrize("policy", FIXTURES)
def test_each_checkov_id_fails_and_passes_at_least_once(scanned: Run, policy: str) -> None:
    iac = bundled().policies[policy].iac
    assert iac is not None
    for number, (result, exempt) in enumerate((("PASSED", NEVER_PASSES | NOT_TERRAFORM), ("FAILED", NOT_TERRAFORM))):
        roots = {_root(folder, examples_of(provider_of(folder))[number]) for folder in FIXTURES[policy]}
        seen = {record.check for record in scanned.snapshot.records if record.root in roots and record.result == result}
        assert set(iac.checkov) - seen - exempt == set(), f"never {result}"


@pytest.mark.parametrize("policy", FIXTURES)
def test_no_proof_repeats_the_examples_of_a_rule(policy: str) -> None:
    """They are proofs of each policy that names the rule."""
    folders = [
        tuple((folder / name).read_bytes() for name in examples_of(provider_of(folder))) for folder in FIXTURES[policy]
    ]
    assert len(folders) == len(set(folders)), f"remove what is in scanners/iac/examples too: {FIXTURES[policy]}"


def test_all_the_code_was_read(scanned: Run) -> None:
    """But a module of a registry, and the types of other providers, in which secrets alone are looked for."""
    assert {gap.cause for gap in scanned.snapshot.gaps} <= {"module_not_loaded", "not_judged", "not_made"}
    not_judged = {gap.detail for gap in scanned.snapshot.gaps if gap.cause == "not_judged"}
    assert not [told for told in not_judged if "aws_" in told], not_judged
    assert len(scanned.snapshot.scans) == 2 * len({folder for folders in FIXTURES.values() for folder in folders})
