"""A block that names another one by a text computed from it, or by another argument, proves nothing for it.

In passing and in failing examples, each reference of one block to another is changed (`"${aws_s3_bucket.b.id}-x"`), and
once more cut: then it names nothing. An example that passes with a changed reference must pass without it too; if the
reference is one of two possible values, neither may fail.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from content_copy import bundled
from policies.test_traps import rules_of
from preuve.collect.code import IacJob, look
from preuve.library.validation.code.code_rules import TERRAFORM, examples_of
from preuve.library.yaml.place import content_root
from preuve.model.company.code import IacRoot
from tools.proofs import code_proofs, provider_of

REFERENCE = re.compile(r"(?<== )(aws_\w+\.\w+\.(?:id|arn|name|bucket))$", re.MULTILINE)
EXACT, CUT, AGAINST = "exact", "cut", "against"
CHANGES: Mapping[str, Callable[[str], str]] = {
    EXACT: lambda found: found,
    CUT: lambda found: '"elsewhere"',
    "longer": lambda found: f'"${{{found}}}-x"',
    "replaced": lambda found: f'replace({found}, "a", "b")',
    "joined": lambda found: f'join("-", [{found}, "x"])',
    "one of two": lambda found: f'var.first ? {found} : "elsewhere"',
    "a tag": lambda found: f'"elsewhere"\n  tags = {{ Of = {found} }}',
}
ADDED_UP = "CKV2_PREUVE_SG_"  # an open port is reported at its rule: the rule fails, the group need not
Passed = Mapping[str, frozenset[tuple[str, str]]]


def texts() -> Iterator[str]:
    """The Terraform of all examples in which one block names another."""
    for policy in bundled().policies.values():
        for folder in code_proofs(content_root(), policy):
            if provider_of(folder) == TERRAFORM:
                yield from ((folder / name).read_text("utf-8") for name in examples_of(TERRAFORM))
    yield from (file.read_text("utf-8") for file in sorted((Path(__file__).parent / "traps").glob("*.tf")))


EXAMPLES = sorted({text for text in texts() if REFERENCE.search(text)})


def changed(text: str, change: Callable[[str], str]) -> str:
    return REFERENCE.sub(lambda found: change(found[1]), text)


@pytest.fixture(scope="module")
def passed(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Passed]:
    """The passing blocks with their checks, by change and example; `AGAINST`: those that do not, with an exact one."""
    base = tmp_path_factory.mktemp("companions")
    names = [f"{change}+{number}" for change in CHANGES for number in range(len(EXAMPLES))]
    for name in names:
        change, _, number = name.partition("+")
        (base / name).mkdir()
        text = changed(EXAMPLES[int(number)], CHANGES[change]) + '\nvariable "first" {}\n'
        (base / name / "main.tf").write_text(text, encoding="utf-8")
    policies = bundled().policies.values()
    checks = frozenset(check for policy in policies if policy.iac for check in policy.iac.checkov)
    job = IacJob(base, tuple(IacRoot(name, "terraform") for name in names), checks, rules_of(checks))
    found: dict[str, dict[str, set[tuple[str, str]]]] = {change: {} for change in (*CHANGES, AGAINST)}
    for line in look(job):
        change, _, number = line["root"].partition("+")
        if line["kind"] == "record" and (line["result"] == "PASSED" or change == EXACT):
            told = found[change if line["result"] == "PASSED" else AGAINST]
            told.setdefault(number, set()).add((line["check"], line["address"]))
    return {change: {number: frozenset(s) for number, s in by.items()} for change, by in found.items()}


@pytest.mark.parametrize("change", [name for name in CHANGES if name not in (EXACT, CUT)])
def test_an_uncertain_reference_to_another_block_proves_nothing(passed: Mapping[str, Passed], change: str) -> None:
    for number, pairs in passed[change].items():
        without = passed[CUT].get(number, frozenset())
        both = without - passed[AGAINST].get(number, frozenset()) if change == "one of two" else without
        proven = {pair for pair in pairs if not pair[0].startswith(ADDED_UP)}
        assert proven <= both, (sorted(proven - both), EXAMPLES[int(number)])


def test_some_blocks_pass_only_because_of_another_block(passed: Mapping[str, Passed]) -> None:
    alone = [pair for number, pairs in passed[EXACT].items() for pair in pairs - passed[CUT].get(number, frozenset())]
    assert len({check for check, _ in alone}) > 12


def test_a_module_that_is_not_installed_may_make_what_a_block_lacks(
    passed: Mapping[str, Passed], tmp_path: Path
) -> None:
    """A block that fails for want of another one is not evaluated if such a module is handed it."""
    alone = {number: pairs - passed[CUT].get(number, frozenset()) for number, pairs in passed[EXACT].items()}
    results: dict[str, dict[tuple[str, str], str]] = {CUT: {}, "handed": {}}
    texts = {number: changed(EXAMPLES[int(number)], CHANGES[CUT]) for number, pairs in alone.items() if pairs}
    for number, text in texts.items():
        handed = ", ".join(REFERENCE.findall(EXAMPLES[int(number)]))
        call = f'module "unseen" {{\n  source = "example/unseen/aws"\n  given = [{handed}]\n}}\n'
        for change, code in ((CUT, text), ("handed", f"{text}\n{call}")):
            (tmp_path / f"{change}+{number}").mkdir()
            (tmp_path / f"{change}+{number}" / "main.tf").write_text(code, encoding="utf-8")
    checks = frozenset(check for pairs in alone.values() for check, _ in pairs)
    roots = tuple(IacRoot(f"{change}+{number}", "terraform") for change in results for number in texts)
    for line in look(IacJob(tmp_path, roots, checks, rules_of(checks))):
        change, _, number = line["root"].partition("+")
        if line["kind"] == "record" and (line["check"], line["address"]) in alone[number]:
            results[change][number, f"{line['check']} {line['address']}"] = line["result"]
    lacking = {place for place, result in results[CUT].items() if result == "FAILED"}
    assert len(lacking) > 12
    left = {place for place in lacking if results["handed"].get(place) == "FAILED"}
    assert not left, sorted((place, EXAMPLES[int(place[0])]) for place in left)
