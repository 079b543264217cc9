"""The assessment as a whole: a pure function of what was read, whatever the order in which it was written."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from content_copy import bundled, linted
from preuve.assess.assessment import assess, selected
from preuve.model.company.workspace import Workspace
from preuve.model.errors import Problem, UsageError
from preuve.model.results import Assessment, ControlStatus, FindingStatus
from preuve.model.snapshot import Listing, Meta, Resource, Snapshot
from preuve.publish.results import write_results
from preuve.snapshot.reader import read_calls, read_snapshot

from .factory import (
    ACCOUNT,
    DENIED,
    HERE,
    IRELAND,
    NOW,
    PARIS,
    THROTTLED,
    listing,
    resource,
    shapes,
    snapshot,
    waiver,
    workspace,
)  # fmt: skip

VOLUME, BUCKET, DATABASE, LISTENER = (
    "AWS::EC2::Volume",
    "AWS::S3::Bucket",
    "AWS::RDS::DBInstance",
    "AWS::ElasticLoadBalancingV2::Listener",
)


def run(found: Snapshot, mine: Workspace, now: str = NOW) -> Assessment:
    policies = selected(bundled(), mine.frameworks)
    names = {policy.id for policy in policies}
    rules = [rule for rule in linted().rules if rule.policy.id in names]
    return assess(bundled(), shapes(), rules, policies, found, mine, now)


RESOURCES = (
    resource("AWS::Account", ACCOUNT, {"Id": ACCOUNT, "Partition": "aws"}),
    resource("AWS::Region", PARIS, {"Name": PARIS}),
    resource("AWS::Region", IRELAND, {"Name": IRELAND}, region=IRELAND),
    resource(VOLUME, "vol-1", {"VolumeId": "vol-1", "Encrypted": True}, calls={"": "c1"}),
    resource(VOLUME, "vol-2", {"VolumeId": "vol-2", "Encrypted": False}, region=IRELAND, calls={"": "c2"}),
    resource(DATABASE, "crm", {"StorageEncrypted": True, "MultiAZ": False, "TagList": {"Environment": "prod"}}),
    resource(
        DATABASE,
        "erp",
        {"StorageEncrypted": False, "TagList": {"Environment": "test"}},
        unread={"EngineVersions": THROTTLED},
    ),
    resource(BUCKET, "logs", {"Name": "logs"}, absent={"Encryption"}, unread={"Policy": DENIED, "Tags": THROTTLED}),
    *(resource(LISTENER, "same", {"Protocol": "HTTP", "Port": port}, parent=f"lb-{port}") for port in (80, 81)),
)
LISTINGS = (
    *(listing(VOLUME, region, count=1, calls=(region,)) for region in (PARIS, IRELAND)),
    *(listing(DATABASE, region) for region in (PARIS, IRELAND)),
    listing("AWS::RDS::DBCluster", PARIS, unread=THROTTLED),
    listing("AWS::RDS::DBCluster", IRELAND, unread=DENIED),
    listing("AWS::Backup::RecoveryPoint", PARIS, parent="v1", unread=DENIED),
    listing("AWS::Backup::RecoveryPoint", PARIS, parent="v2", unread=THROTTLED),
    listing(BUCKET),
    *(listing(LISTENER, PARIS, parent=f"lb-{port}") for port in (80, 81)),
)
CODE: tuple[dict[str, Any], ...] = (
    {"kind": "root", "root": "infra", "framework": "terraform", "files": 3, "resources": 9, "types": {}},
    *(
        {
            "kind": "record", "root": "infra", "address": "aws_ebs_volume.x", "type": "aws_ebs_volume", "file": "m.tf",
            "line": 3, "end_line": 9, "check": check, "result": result, "keys": [], "detail": check, "suppressed": word,
        }
        for check, result, word in (
            ("CKV_AWS_3", "FAILED", "one"), ("CKV_AWS_8", "FAILED", "two"), ("CKV_AWS_16", "UNKNOWN", ""),
            ("CKV_AWS_96", "UNKNOWN", ""),
        )
    ),
    *(
        {"kind": "gap", "root": "infra", "file": "bad.tf", "line": 0, "cause": cause, "detail": cause}
        for cause in ("parse_error", "scanner_failed", "not_covered")
    ),
)  # fmt: skip


def line_of(item: Resource | Listing) -> dict[str, Any]:
    kind = "resource" if isinstance(item, Resource) else "listing"
    data = json.loads(json.dumps(asdict(item), default=sorted))
    return {"kind": kind, **data}


def write(folder: Path, lines: Iterable[Mapping[str, Any]], code: Iterable[Mapping[str, Any]]) -> Path:
    for path, items in (("aws/1/eu/all.jsonl", lines), ("iac/infra.jsonl", code)):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("".join(json.dumps(item) + "\n" for item in items), encoding="utf-8")
    meta = {"finished": NOW, "accounts": [ACCOUNT], "regions": [PARIS, IRELAND]}
    (folder / "meta.json").write_text(json.dumps(meta))
    return folder


def results(folder: Path, mine: Workspace) -> bytes:
    write_results(folder / "results.jsonl", run(read_snapshot(folder), mine))
    return (folder / "results.jsonl").read_bytes()


MINE = workspace(regions=(PARIS, IRELAND), waivers=(waiver(policy_id="rds-multi-az", pattern="crm"),))


def test_the_order_of_the_input_does_not_change_the_bytes(tmp_path: Path) -> None:
    lines = [line_of(item) for item in (*RESOURCES, *LISTINGS)]
    first = results(write(tmp_path / "0", lines, CODE), MINE)
    assert first.count(b"\n") > 100
    for seed in range(1, 4):
        order = random.Random(seed)
        shuffled, code = order.sample(lines, len(lines)), order.sample(CODE, len(CODE))
        assert results(write(tmp_path / str(seed), shuffled, code), MINE) == first
    assert results(tmp_path / "0", MINE) == first


def test_a_snapshot_reads_back_equal(tmp_path: Path) -> None:
    found = read_snapshot(write(tmp_path, [line_of(item) for item in (*RESOURCES, *LISTINGS)], CODE))
    assert set(found.listings) == set(LISTINGS)
    assert list(found.resources) == sorted(RESOURCES, key=lambda item: item.key)
    assert (len(found.records), len(found.gaps), len(found.scans)) == (4, 3, 1)
    assert list(read_calls(tmp_path)) == []


@pytest.mark.parametrize("damage", ["{", '{"kind": "resource"', "\x00"])
def test_a_damaged_snapshot_is_an_error_with_its_line(tmp_path: Path, damage: str) -> None:
    write(tmp_path, [line_of(LISTINGS[0])], CODE)
    path = tmp_path / "aws/1/eu/all.jsonl"
    path.write_text(path.read_text() + damage + "\n")
    with pytest.raises(UsageError, match=r"all\.jsonl:2: not JSON"):
        read_snapshot(tmp_path)
    with pytest.raises(UsageError, match="no part of a snapshot"):
        read_snapshot(tmp_path / "aws")


@pytest.fixture(scope="module")
def assessed() -> Assessment:
    """The assessment of the resources above."""
    return run(snapshot(*RESOURCES, *LISTINGS, meta={"regions": [PARIS, IRELAND]}), MINE)


def status(found: Assessment, policy: str, name: str) -> list[tuple[str, str]]:
    mine = [item for item in found.findings if (item.policy, item.place.id) == (policy, name)]
    return [(item.status.value, item.reason.code) for item in mine]


def test_statuses_follow_from_the_policies(assessed: Assessment) -> None:
    assert status(assessed, "ebs-volume-encrypted", "vol-1") == [("PASS", "asserted")]
    assert status(assessed, "ebs-volume-encrypted", "vol-2") == [("FAIL", "failed")]
    assert status(assessed, "rds-encrypted", "erp") == [("FAIL", "failed")]
    assert status(assessed, "rds-multi-az", "crm") == [("WAIVED", "waived")]
    assert status(assessed, "rds-multi-az", "erp") == [("NOT_APPLICABLE", "outside_condition")]
    assert status(assessed, "elb-https", "same")[0][0] != "PASS"


def test_every_policy_of_the_frameworks_has_a_result_and_an_empty_one_does_not_pass(assessed: Assessment) -> None:
    assert set(assessed.policies) == {policy.id for policy in selected(bundled(), MINE.frameworks)}
    touched = {rule.resource for policy in selected(bundled(), MINE.frameworks) for rule in policy.aws}
    unread = [item for item in assessed.findings if item.reason.code == "unread_listing"]
    never_listed = touched - {item.type for item in (*RESOURCES, *LISTINGS)}
    assert never_listed <= {item.place.type for item in unread}
    assert all(item.incomplete or item.reason.values["cause"] == "no_github" for item in unread)
    assert not any(item.status is FindingStatus.PASS and item.place.type in never_listed for item in assessed.findings)


def test_controls_come_framework_by_framework_in_order(assessed: Assessment) -> None:
    wanted = [control.id for name in MINE.frameworks for control in bundled().frameworks[name].controls]
    assert [control.control for control in assessed.controls] == wanted
    by_id = {control.control: control for control in assessed.controls}
    assert by_id["A.8.24"].status is ControlStatus.NOT_SUPPORTED
    assert by_id["A.5.1"].status is ControlStatus.NOT_ASSESSED
    assert by_id["GDPR.32.1.a"].status is ControlStatus.NOT_SUPPORTED


def test_an_empty_snapshot_supports_nothing() -> None:
    found = run(Snapshot(Meta(finished=NOW)), MINE)
    assert found.findings == ()
    assert found.examined == 0
    assert {control.status for control in found.controls} == {ControlStatus.NOT_ASSESSED}


def test_frameworks_that_were_not_chosen_are_not_judged() -> None:
    found = run(snapshot(*RESOURCES, *LISTINGS), replace(MINE, frameworks=("gdpr",)))
    assert {control.framework for control in found.controls} == {"gdpr"}


def test_defects_of_the_workspace_are_in_the_result() -> None:
    mine = replace(MINE, problems=(Problem(HERE, "waiver W-9 counts for nothing", "fix it"),))
    assert run(Snapshot(Meta()), mine).problems == ("policies/test.yaml:1:1: waiver W-9 counts for nothing (fix it)",)


def test_waivers_are_judged_at_the_given_time_in_utc() -> None:
    found = snapshot(*RESOURCES, *LISTINGS, meta={"regions": [PARIS, IRELAND]})
    later = run(found, MINE, "2027-03-02T00:00:00Z")
    assert [item.state for item in later.waivers] == ["expired"]
    assert status(later, "rds-multi-az", "crm") == [("FAIL", "failed")]
    in_paris = run(found, MINE, "2027-03-02T00:30:00+01:00")  # still the day before in UTC
    assert [item.state for item in in_paris.waivers] == ["active"]


def test_parameters_of_the_workspace_count() -> None:
    group = resource("AWS::Logs::LogGroup", "/aws/rds/x", {"logGroupName": "/aws/rds/x", "retentionInDays": 200})
    found = snapshot(
        *RESOURCES, group,
        *(listing(name) for name in ("AWS::CloudTrail::Trail", "AWS::EC2::FlowLog", "AWS::Logs::LogGroup")),
    )  # fmt: skip
    mine = workspace()
    assert status(run(found, mine), "log-retention-min", "/aws/rds/x") == [("PASS", "asserted")]
    stricter = replace(mine, params={"log_retention_min_days": 365})
    assert status(run(found, stricter), "log-retention-min", "/aws/rds/x") == [("FAIL", "failed")]
