"""Rewriting Terraform in other words never turns what fails into what passes, nor what passes into what fails.

The normal run tries each rule on a few examples and each example with a rule or more, always the same, in one scan.
`--hypothesis-profile=explore` tries each rule on every example. `-k local-chain` tries one rule; `python -m
collect.code.rewriting` shows its texts.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from collect.code.rewriting.project import Example
from collect.code.rewriting.rule import OF_LITERALS, Rule, number, on_values
from collect.code.rewriting.rules import AS_IT_IS, RULES
from collect.code.rewriting.sample import each, examples, pairs, some, thinly
from collect.code.rewriting.values import BEHIND
from collect.code.rewriting.verdicts import Case, Outcome, Verdict, findings, outcomes, outcomes_of, write
from collect.code.rewriting.verdicts import Found as Findings
from collect.code.rewriting.witness import Witness, can_tell, differences
from preuve.model.results import Finding

_AT_ONCE = 2500  # rewritten examples in a scan
_NAMES = tuple(rule.name for rule in RULES)
_ARGUMENT = re.compile(r'\s*[\w-]+\s*=(?!=)|\s*[\w-]+(?: "[^"]*")* \{$')
_BLOCKS = ("resource ", "data ", "module ", "provider ")
_OVERRIDES = {rule.name: rule for rule in RULES if rule.name in ("override-of-nothing", "override-in-json")}
Found = Mapping[str, Sequence[Outcome]]
Place = tuple[str, str]  # an example and the address of a block


@dataclass(frozen=True)
class Scanned:
    """Cases that were scanned below a folder."""

    folder: Path
    cases: Sequence[Case]
    found: Findings

    def told_at(self) -> Mapping[Place, tuple[str, str]]:
        """The file where each failure is reported, and the text of the line, by block."""
        return {
            (case.example.name, finding.place.id): (Path(finding.place.file).name, self._line(finding))
            for number, case in enumerate(self.cases)
            for finding in self.found.get((f"code/{number}", case.example.policy), ())
            if finding.status.value == "FAIL"
            and finding.place.type.startswith("aws_")  # the rules leave providers, modules and variables as they are
        }

    def _line(self, finding: Finding) -> str:
        lines = (self.folder / finding.place.file).read_text("utf-8").splitlines()
        return "".join(lines[finding.place.line - 1 : finding.place.line])


def scanned(folder: Path, cases: Sequence[Case]) -> Scanned:
    return Scanned(folder, cases, findings(folder, cases))


@pytest.fixture(scope="module")
def known() -> tuple[Example, ...]:
    return examples()


def chosen(known: Sequence[Example], rules: Sequence[Rule]) -> Iterator[Case]:
    """The cases of a run."""
    if _is_thorough():
        yield from (case for rule in rules for case in each(rule, known, most=2))
        return
    cases = [case for rule in rules for case in some(rule, known, failing=1, passing=1)]
    secrets = {example.policy: example for example in known if example.fails and example.policy in OF_LITERALS}
    cases += [case for rule in rules if rule in BEHIND for case in each(rule, tuple(secrets.values()), most=1)]
    yield from cases
    if len(rules) == len(RULES):
        tried = {case.example.name for case in cases}
        yield from (case for example in known if example.name not in tried for case in thinly(rules, example, 1))


def _is_thorough() -> bool:
    return settings().max_examples > 1000


@pytest.fixture(scope="module")
def found(known: Sequence[Example], tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Found:
    """The results, by rule. Only the rules of the selected tests are scanned."""
    items = (item for item in request.session.items if isinstance(item, pytest.Function))
    test = test_a_rewriting_never_turns_a_failure_into_a_pass.__name__
    asked = {item.callspec.params["rule"] for item in items if item.originalname == test}
    cases = list(chosen(known, [rule for rule in RULES if rule.name in asked]))
    by_rule: dict[str, list[Outcome]] = defaultdict(list)
    for start in range(0, len(cases), _AT_ONCE):
        for outcome in outcomes(tmp_path_factory.mktemp("rewritten"), cases[start : start + _AT_ONCE]):
            by_rule[outcome.case.rule].append(outcome)
    return by_rule


@pytest.mark.parametrize("rule", _NAMES)
def test_a_rewriting_never_turns_a_failure_into_a_pass(found: Found, rule: str) -> None:
    """And what passes never fails: it may become unknown."""
    assert found[rule]
    wrong = [str(outcome) for outcome in found[rule] if outcome.wrong]
    assert not wrong, "\n".join(wrong)


def test_two_rewritings_in_sequence_keep_failures(known: Sequence[Example], tmp_path: Path) -> None:
    cases = [case for example in known for case in pairs(example, 100 if _is_thorough() else 1)]
    parts = [cases[start : start + _AT_ONCE] for start in range(0, len(cases), _AT_ONCE)]
    came = [outcome for index, part in enumerate(parts) for outcome in outcomes(tmp_path / str(index), part)]
    wrong = [str(outcome) for outcome in came if outcome.wrong]
    assert not wrong, "\n".join(wrong)


@pytest.fixture(scope="module")
def as_it_is(known: Sequence[Example], tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    """Each example, written again as it was."""
    return scanned(tmp_path_factory.mktemp("as-it-is"), list(each(AS_IT_IS, known, most=1)))


def test_without_rewriting_each_example_has_its_expected_result(as_it_is: Scanned) -> None:
    """The blocks are found again, and written again as they were."""
    came = outcomes_of(as_it_is.cases, as_it_is.found)
    assert {outcome.verdict for outcome in came if outcome.case.example.fails} == {Verdict.FAIL}
    assert Verdict.FAIL not in {outcome.verdict for outcome in came if not outcome.case.example.fails}


@pytest.mark.parametrize("rule", _OVERRIDES)
def test_a_failure_is_reported_where_the_override_file_has_its_value(
    as_it_is: Scanned, known: Sequence[Example], tmp_path: Path, rule: str
) -> None:
    before = {  # not those of the block as a whole, nor at a line inside of a value
        place: line
        for place, (_, line) in as_it_is.told_at().items()
        if _ARGUMENT.match(line) and not line.startswith(_BLOCKS)
    }
    names = {example for example, _ in before}
    rewritten = each(_OVERRIDES[rule], [example for example in known if example.name in names], most=1)
    after = scanned(tmp_path, list(rewritten)).told_at()
    places = before.keys() & after.keys()
    wrong = [f"{place}: {before[place].strip()} is told at {after[place]}" for place in sorted(places)
             if not _is_of_override(before[place], *after[place])]  # fmt: skip
    assert not wrong, "\n".join(wrong)
    assert len(places) > 100


def _is_of_override(written: str, file: str, text: str) -> bool:
    names = re.findall(r'"([^"]+)":', text) if file.endswith(".json") else ()  # of a map a member stands alone
    item = text.strip().rstrip(",")  # of a list, which JSON writes over several lines
    return "override" in file and (item in written or any(name in written for name in names))


def test_each_rewriting_has_its_own_name_and_something_to_rewrite(known: Sequence[Example]) -> None:
    assert [name for name, number in Counter(_NAMES).items() if number > 1] == []
    assert [rule.name for rule in RULES if not any(some(rule, known, failing=1, passing=0))] == []


# ---- the rules themselves -----------------------------------------------------------------------------------------


def test_no_rewriting_changes_a_value_known_to_the_witness(known: Sequence[Example], tmp_path: Path) -> None:
    cases = [case for rule in RULES if rule.exact for case in some(rule, known, failing=1, passing=1) if can_tell(case)]
    assert _changes(cases, tmp_path) == []


def test_the_witness_finds_a_wrong_rewriting(known: Sequence[Example], tmp_path: Path) -> None:
    wrong = on_values("wrong", number, "@value + 1")
    cases = list(some(wrong, known, failing=3, passing=3))
    assert len({change.split(":")[0] for change in _changes(cases, tmp_path)}) == len(cases)


def _changes(cases: Sequence[Case], folder: Path) -> list[str]:
    before: dict[str, Mapping[str, list[Mapping[str, object]]]] = {}
    changes: list[str] = []
    with Witness() as witness:
        for index, case in enumerate(cases):
            if case.example.name not in before:
                write(folder / f"before{index}", next(AS_IT_IS.rewrite(case.example)))
                before[case.example.name] = witness.values(folder / f"before{index}")
            write(folder / str(index), case.project)
            after = witness.values(folder / str(index) / case.project.root)
            changes += differences(case, before[case.example.name], after)
    return changes
