"""Whatever is done to answers on their way: a verdict stays what it is, or becomes NOT_EVALUATED, and the run ends."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from emulator import Emulator
from misbehaving import SPOILERS, Between, Misbehaviour, between
from pipeline.runs import Run, changed, improvements, key, narrowed, part_of, run
from preuve.collect.aws.session import Limits
from preuve.pipeline.run.preparation import Preparation

LIMITS = Limits(connect=5, read=20, attempts=1, threads=8)  # botocore waits before it tries again
WAYS = (  # a type of each protocol: XML with members in headers, XML of two kinds, JSON with and without a path
    *("AWS::S3::Bucket", "AWS::EC2::SecurityGroup", "AWS::IAM::User", "AWS::RDS::DBInstance"),
    *("AWS::KMS::Key", "AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::Lambda::Function", "AWS::EFS::FileSystem"),
)
OF_THE_ROLE = {"access_denied", "credentials", "region_off", "throttled", "clock", None}  # which was never the matter


@pytest.fixture(scope="module")
def front(_techstart_account: Emulator) -> Iterator[Between]:
    """Something between us and TechStart's account."""
    with between(_techstart_account.endpoint) as found:
        yield found


@pytest.fixture(scope="module")
def behind(prepared: Preparation, front: Between) -> Preparation:
    """All policies, on TechStart's account as seen through the front."""
    return replace(prepared, workspace=replace(prepared.workspace, endpoint_url=front.endpoint))


@pytest.fixture(scope="module")
def few(behind: Preparation, front: Between) -> tuple[Preparation, Run]:
    """Policies on a type of each format of AWS's answers, with their results without faults."""
    front.does = Misbehaviour()
    some = narrowed(behind, lambda rule: rule.rule.resource in WAYS)
    return some, run(some, behind.workspace.root / "few", LIMITS)


def check(whole: Run, after: Run) -> None:
    """Nothing is better or gone, and every change has a cause of its own kind."""
    assert improvements(whole, after) == []
    differences = changed(whole, after)
    causes = {
        finding.reason.values.get("cause")
        for finding in after.assessment.findings
        if key(finding) in differences and finding.reason.code.startswith("unread")
    }
    assert causes.isdisjoint(OF_THE_ROLE)


def test_a_transparent_proxy_changes_nothing(few: tuple[Preparation, Run], whole: Run) -> None:
    some, found = few
    assert len(found.verdicts) > 100
    assert changed(part_of(whole, some), found) == set()


@settings(
    max_examples=2,
    phases=[Phase.generate],  # each example is a whole run
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    seed=st.integers(0, 2**32),
    share=st.sampled_from([0.03, 0.1, 0.3, 1.0]),
    kinds=st.lists(st.sampled_from(sorted(SPOILERS)), min_size=1, max_size=12, unique=True),
)
def test_spoiled_answers_never_become_a_verdict(
    front: Between, behind: Preparation, whole: Run, tmp_path: Path, seed: int, share: float, kinds: list[str]
) -> None:
    front.does = Misbehaviour(seed, share, tuple(kinds))
    check(whole, run(behind, Path(tempfile.mkdtemp(dir=tmp_path)) / "run", LIMITS))


@pytest.mark.parametrize("kind", sorted(SPOILERS))
def test_if_every_answer_is_spoiled_nothing_passes(
    front: Between, few: tuple[Preparation, Run], tmp_path: Path, kind: str
) -> None:
    some, before = few
    front.does = Misbehaviour(7, 1.0, (kind,))
    check(before, run(some, tmp_path / "run", LIMITS))


def test_a_lost_endpoint_is_not_called_endlessly(
    front: Between, behind: Preparation, whole: Run, tmp_path: Path
) -> None:
    front.does = Misbehaviour(gone_after=300)
    after = run(behind, tmp_path / "run", LIMITS)
    check(whole, after)
    asked_in_vain = front.does.seen["after"]
    assert 0 < asked_in_vain < 60, "a few tries for each that was being asked, not one for each call that is left"
    codes = {finding.reason.values.get("code") for finding in after.assessment.findings if finding.incomplete}
    assert "NotAsked" in codes
