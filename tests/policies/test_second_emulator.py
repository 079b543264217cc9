"""The proofs of policies on an emulator that others wrote: neither its authors nor moto's knew of the other's mistakes.

A proof is tried if its steps are calls alone. `second_emulator.yaml` names those that come out otherwise there, each
with the answer of ministack's that decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from pipeline.runs import narrowed, run, write_workspace
from policies.second_emulator import second_emulator
from policies.steps import Stage
from policies.test_account import MADE, PROOFS, Examined, best
from preuve.pipeline.run.preparation import prepare
from tools.proofs import AccountProof

OTHERWISE: Mapping[str, str] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))


def of_calls_alone(proof: AccountProof) -> bool:
    return all({"call", "register"} & set(step) for step in (*proof.misconfigured, *proof.corrected))


TRIED = [name for name in MADE if of_calls_alone(PROOFS[name])]


@dataclass(frozen=True)
class Played:
    stage: Stage
    before: Examined
    after: Examined


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("second")
    with second_emulator(folder) as emulator:
        with (write_workspace(folder, emulator.endpoint) / "preuve.yaml").open("a", encoding="utf-8") as file:
            file.write('params: {trusted_account_ids: ["111122223333"]}\n')
        prepared = narrowed(prepare(folder), lambda rule: rule.policy.id in TRIED)
        stage = Stage(emulator, folder)
        for name in TRIED:
            stage.play(PROOFS[name], PROOFS[name].misconfigured)
        before = Examined(run(prepared, folder / "before"), prepared)
        for name in TRIED:
            stage.play(PROOFS[name], PROOFS[name].corrected)
        return Played(stage, before, Examined(run(prepared, folder / "after"), prepared))


def comes_out_alike(played: Played, policy: str) -> bool:
    """Whether what is misconfigured fails there too, and what is corrected passes."""
    proof = PROOFS[policy]
    try:
        fails, passes = played.stage.names(proof, proof.fails), played.stage.names(proof, proof.passes)
    except AssertionError:
        return False  # a call that ministack does not know
    return says(played.before, policy, fails, "FAIL") and says(played.after, policy, passes, best(policy))


def says(examined: Examined, policy: str, names: Iterable[str], wanted: str) -> bool:
    return all({status for status, _ in examined.verdicts(policy, name)} == {wanted} for name in names)


@pytest.mark.parametrize("policy", [name for name in TRIED if name not in OTHERWISE])
def test_a_proof_gives_the_same_verdicts_in_a_second_emulator(played: Played, policy: str) -> None:
    assert comes_out_alike(played, policy), (
        played.before.verdicts(policy, PROOFS[policy].fails[0]),
        played.after.verdicts(policy, PROOFS[policy].passes[0]),
    )


def test_known_differences_of_the_second_emulator_still_exist(played: Played) -> None:
    assert [policy for policy in OTHERWISE if policy not in TRIED or comes_out_alike(played, policy)] == []
