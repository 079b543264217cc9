"""Our evaluator and that of Trivy, on the code in this repository: `second_witness.py` takes any other."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from collect.code.rewriting.witness import Witness
from collect.code.second_witness import differences

TREE = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("base", "blocks"),
    [("examples/techstart/infra", 30), ("tests/policies/iac", 200)],
)
def test_two_evaluators_agree_on_known_values(base: str, blocks: int) -> None:
    seen: Counter[str] = Counter()
    with Witness() as witness:
        differ = list(differences(TREE / base, witness, seen))
    assert not differ, "\n".join(differ)
    assert seen["blocks"] >= blocks
    assert seen["values"] > seen["unknown"]
