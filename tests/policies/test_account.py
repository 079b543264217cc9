"""Each policy on the emulated account: the misconfigured resource fails, the corrected one passes.

`aws/<service>.yaml` has the steps that make both, or states that both are in the demonstration account. All
misconfigured resources are made in one account and collected once; then all are corrected and collected once more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator

from content_copy import bundled
from emulator import ACCOUNT, Emulator, running
from pipeline.runs import Run, narrowed, run, write_workspace
from policies.steps import Stage, fill
from preuve.library.yaml.place import content_root
from preuve.model.results import Finding
from preuve.pipeline.run.forget import key_path
from preuve.pipeline.run.preparation import Preparation, prepare
from preuve.redact.pseudonyms import read_table, table_beside
from shapes import dummy
from tools.proofs import AccountProof, account_proofs, operation

PROOFS = account_proofs(content_root())
MADE = sorted(name for name, proof in PROOFS.items() if proof.fails)
SHOWN = sorted(name for name, proof in PROOFS.items() if proof.shown_fails)
ANSWERED = sorted({pair for proof in PROOFS.values() for pair in proof.answered})
MODELS = botocore.session.Session()


class Examined:
    """The results of a run, by the names that a proof uses."""

    def __init__(self, found: Run, prepared: Preparation) -> None:
        self._run = found
        self._people = read_table(table_beside(key_path(prepared.workspace)))

    def verdicts(self, policy: str, name: str) -> list[tuple[str, str]]:
        """Return the statuses and reasons of a policy for a resource; empty if it was not found."""
        return [
            (finding.status.value, finding.reason.code)
            for finding in self._findings.get(policy, ())
            if name in self._names(finding)
        ]

    def types(self, policy: str, names: Iterable[str]) -> set[str]:
        """Return the types of the named resources that a policy judged."""
        wanted = set(names)
        return {item.place.type for item in self._findings.get(policy, ()) if wanted & self._names(item)}

    @cached_property
    def _findings(self) -> Mapping[str, list[Finding]]:
        found: dict[str, list[Finding]] = defaultdict(list)
        for finding in self._run.assessment.findings:
            found[finding.policy].append(finding)
        return found

    def _names(self, finding: Finding) -> set[str]:
        place = finding.place
        key = (place.type, place.account, place.region, place.id)
        first = place.id.partition(" ")[0]  # a distinguishing suffix may follow
        own = {place.id, place.arn, first, self._people.get(first, ""), *self._tagged.get(key, ())}
        return {name for full in own for name in (full, full.rpartition("/")[2], full.rpartition(":")[2])} - {""}

    @cached_property
    def _tagged(self) -> Mapping[tuple[str, ...], set[str]]:
        """The names and Name tags of resources that AWS identifies by a number."""
        return {
            (item.type, item.account, item.region, item.id): set(_own_names(item.data))
            for item in self._run.snapshot.resources
        }


def _own_names(data: Mapping[str, Any]) -> Iterator[str]:
    yield from (str(data[key]) for key in ("GroupName", "name", "Name", "AliasName", "SubscriptionArn") if key in data)
    tags = data.get("Tags") or data.get("tags")
    if isinstance(tags, Mapping) and "Name" in tags:
        yield str(tags["Name"])


@dataclass(frozen=True)
class Played:
    """The account before and after the correction."""

    emulator: Emulator  # without saved responses
    stage: Stage
    before: Examined
    after: Examined

    def types(self, proof: AccountProof) -> set[str]:
        """Return the types with a resource that failed before and one that passed after."""
        failed = self.before.types(proof.policy, self.stage.names(proof, proof.fails))
        return failed & self.after.types(proof.policy, self.stage.names(proof, proof.passes))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    with running("--no-responses") as emulator:
        folder = tmp_path_factory.mktemp("proofs")
        with (write_workspace(folder, emulator.endpoint) / "preuve.yaml").open("a", encoding="utf-8") as file:
            file.write('params: {trusted_account_ids: ["111122223333"]}\n')
        prepared = narrowed(prepare(folder), lambda rule: rule.policy.id in MADE)
        stage = Stage(emulator, folder)
        for name in MADE:
            stage.play(PROOFS[name], PROOFS[name].misconfigured)
        before = Examined(run(prepared, folder / "before"), prepared)
        for name in MADE:
            stage.play(PROOFS[name], PROOFS[name].corrected)
        after = Examined(run(prepared, folder / "after"), prepared)
        emulator.reset(state=False)  # the added answers are removed
        yield Played(emulator, stage, before, after)


@pytest.fixture(scope="module")
def techstart(whole: Run, prepared: Preparation) -> Examined:
    return Examined(whole, prepared)


def says(examined: Examined, policy: str, names: Iterable[str], wanted: str) -> None:
    """Every named resource has the wanted verdict and no other."""
    found = {name: examined.verdicts(policy, name) for name in names}
    assert found
    wrong = {name: verdicts for name, verdicts in found.items() if {status for status, _ in verdicts} != {wanted}}
    assert not wrong, f"{PROOFS[policy].position}: wanted {wanted}"


def best(policy: str) -> str:
    """Return the best possible status: if only a breach can be proven, nothing passes."""
    breach_only = any(rule.breach_only for rule in bundled().policies[policy].aws)
    return "NOT_EVALUATED" if breach_only else "PASS"


@pytest.mark.parametrize("policy", MADE)
def test_the_misconfigured_resource_fails(played: Played, policy: str) -> None:
    says(played.before, policy, played.stage.names(PROOFS[policy], PROOFS[policy].fails), "FAIL")


@pytest.mark.parametrize("policy", MADE)
def test_the_corrected_resource_passes(played: Played, policy: str) -> None:
    says(played.after, policy, played.stage.names(PROOFS[policy], PROOFS[policy].passes), best(policy))


@pytest.mark.parametrize("policy", SHOWN)
def test_the_demonstration_account_has_a_failing_and_a_passing_resource(techstart: Examined, policy: str) -> None:
    says(techstart, policy, PROOFS[policy].shown_fails, "FAIL")
    if not PROOFS[policy].none:
        says(techstart, policy, PROOFS[policy].shown_passes, best(policy))


def test_each_policy_fails_and_passes_on_at_least_one_type(played: Played, techstart: Examined) -> None:
    assert [
        name
        for name, proof in PROOFS.items()
        if not proof.none
        and not (techstart.types(name, proof.shown_fails) & techstart.types(name, proof.shown_passes))
        and not (proof.fails and played.types(proof))
    ] == []


# ---- what the emulator lacks


@pytest.mark.parametrize(("service", "called"), ANSWERED)
def test_an_answer_has_the_shape_of_aws(service: str, called: str) -> None:
    shape = MODELS.get_service_model(service).operation_model(called).output_shape
    for proof, step in answers(service, called):
        report = ParamValidator().validate(fill(step.get("body", {}), _Earlier()), shape)
        assert not report.has_errors(), f"{proof.position}: {report.generate_report()}"


def test_answers_are_added_only_for_operations_that_the_emulator_lacks(played: Played) -> None:
    unexplained = [
        f"{service}.{called}"
        for service, called in ANSWERED
        if not all("why" in step for _, step in answers(service, called)) and has(played.emulator, service, called)
    ]
    assert unexplained == []


def answers(service: str, called: str) -> Iterator[tuple[AccountProof, Mapping[str, Any]]]:
    for proof in PROOFS.values():
        for step in (*proof.misconfigured, *proof.corrected):
            if "answer" in step and operation(step["answer"]) == (service, called):
                yield proof, step


def has(emulator: Emulator, service: str, called: str) -> bool:
    """Whether the emulator alone answers an operation, successfully or with an error of AWS."""
    shape = MODELS.get_service_model(service).operation_model(called).input_shape
    params = {**(dummy(shape) if shape else {}), **({"AccountId": ACCOUNT} if service == "s3control" else {})}
    try:
        getattr(emulator.client(service, parameter_validation=False), xform_name(called))(**params)
    except ClientError as refused:
        return refused.response["Error"]["Code"] != "EmulatorOperationMissing"
    return True


class _Anything(str):
    """Replaces the answers of earlier steps if only their shape matters."""

    def __getitem__(self, key: Any) -> Any:
        return self


class _Earlier(dict[str, Any]):
    def __missing__(self, key: str) -> Any:
        return _Anything("x")


def test_what_a_finding_calls_not_set_is_not_set_in_the_snapshot(whole: Run) -> None:
    """An observed value of null is one that the collected resource does not have either, or has empty."""
    held = {(item.type, item.account, item.region, item.id): item.data for item in whole.snapshot.resources}
    unset = [
        (finding.policy, finding.place.id, member, data.get(member))
        for finding in whole.assessment.findings
        if (data := held.get((finding.place.type, finding.place.account, finding.place.region, finding.place.id)))
        for member, value in finding.observed.items()
        if value is None
    ]
    assert unset
    assert [item for item in unset if item[3] not in (None, "")] == []
