"""Evidence records: valid against their schema, true to the snapshot, and never a pass that was not seen."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from assess.factory import waiver, workspace
from content_copy import bundled
from preuve.evidence.folder import keep_content
from preuve.library.yaml.place import content_root
from preuve.model.company.code import IacRoot
from preuve.model.company.workspace import Approval, Attestation, Nonconformity
from preuve.model.errors import Position, PreuveError
from preuve.model.layout import CONTENT, RECORDS, RESULTS, SNAPSHOT
from preuve.model.results import Finding, FindingStatus, Place, Reason
from preuve.model.snapshot import Listing, Meta, Resource, Snapshot
from preuve.pipeline.run.outcome import site_of
from preuve.pipeline.run.preparation import Preparation, as_kept, judge, prepare
from preuve.publish.history.runs import ChainRun
from preuve.publish.records.earlier_results import FILE as EARLIER
from preuve.publish.records.earlier_results import earlier_runs, runs_expected
from preuve.publish.records.population import Populations
from preuve.publish.records.records import write_records
from preuve.redact.pseudonyms import Pseudonyms
from preuve.redact.redactor import Redactor
from preuve.redact.workspace_file import dump
from preuve.snapshot.reader import read_calls, read_snapshot
from preuve.snapshot.writer import snapshot_writer

ACCOUNT = "123456789012"
UNIT = f"{ACCOUNT}/global"
DENIED = {"cause": "access_denied", "code": "AccessDenied", "message": "no", "action": "s3:GetEncryptionConfiguration"}
RUN = {"id": "2026-Q4", "period": "2026-Q4", "kind": "audit", "commit": "a" * 40, "dirty": False}
TYPES = ["AWS::S3::Bucket", "AWS::IAM::Role", "AWS::Account"]
VALIDATOR = Draft202012Validator(
    json.loads((content_root() / "reports" / "schemas" / "evidence-record.schema.json").read_text(encoding="utf-8"))
)
Line = dict[str, Any]


def call(service: str, number: int, operation: str) -> Line:
    return {
        "kind": "call", "id": f"{UNIT}/{service}/{number}", "service": service, "operation": operation,
        "region": "eu-west-3", "params": {}, "time": f"2026-11-24T11:58:0{number}Z", "status": 200,
        "request_id": f"REQ-{service}-{number}",
        "attempts": 1, "error": "", "action": f"{service}:{operation}",
    }  # fmt: skip


def listing(type_name: str, service: str, count: int, unread: Line | None = None) -> Line:
    return {
        "kind": "listing", "type": type_name, "account": ACCOUNT, "region": "global", "count": count,
        "pagination": "failed" if unread else "exhausted", "calls": [f"{UNIT}/{service}/1"],
        "parent": "", "unread": unread,
    }  # fmt: skip


def resource(type_name: str, service: str, name: str, data: Line, unread: Line | None = None) -> Line:
    return {
        "kind": "resource", "type": type_name, "id": name, "arn": f"arn:aws:{service}:::{name}", "account": ACCOUNT,
        "region": "global", "data": data, "absent": [], "unread": unread or {}, "calls": {"": f"{UNIT}/{service}/1"},
        "parent": "", "waivers": [],
    }  # fmt: skip


def bucket(name: str, algorithm: str = "AES256", unread: Line | None = None) -> Line:
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": algorithm}} if algorithm else {}
    return resource("AWS::S3::Bucket", "s3", name, {"Name": name, "Encryption": {"Rules": [rule]}}, unread)


def role(name: str) -> Line:
    return resource("AWS::IAM::Role", "iam", name, {"RoleName": name, "AssumeRolePolicyDocument": {"Statement": []}})


@cache
def two_policies() -> Preparation:
    """The bundled content, of which two policies are run."""
    prepared = prepare(Path(), code=(IacRoot(".", "terraform"),))
    chosen = {"s3-encrypted", "iam-trust-not-wide"}
    return replace(
        prepared,
        rules=tuple(rule for rule in prepared.rules if rule.policy.id in chosen),
        policies=tuple(policy for policy in prepared.policies if policy.id in chosen),
    )


def records(
    folder: Path, *lines: Line, run: Mapping[str, Any] = RUN, earlier: Mapping[str, Any] | None = None, **changes: Any
) -> dict[str, Any]:
    """The records of a run that read these lines, by their paths below records/."""
    of = {"s3": [call("s3", 1, "ListBuckets")], "iam": [call("iam", 1, "GetAccountAuthorizationDetails")]}
    for line in lines:
        service = {"AWS::S3::Bucket": "s3", "AWS::IAM::Role": "iam"}.get(line["type"], "account")
        of.setdefault(service, []).append(line)
    known = workspace(regions=("eu-west-3",), **changes)
    meta = {
        "schema": "preuve-snapshot/1", "preuve": "0", "started": "2026-11-24T11:58:00Z",
        "finished": "2026-11-24T12:00:00Z", "accounts": [ACCOUNT], "regions": ["eu-west-3"],
        "callers": {ACCOUNT: "arn:aws:sts::1:assumed-role/scan/person-x"}, "checkov": "", "demonstration": False,
        "members": {name: ["Encryption", "Summary"] for name in TYPES}, "run": run,
    }  # fmt: skip
    with snapshot_writer(folder / SNAPSHOT) as writer:
        for service, found in of.items():
            writer.unit(ACCOUNT, "global", service, found)
        writer.document("workspace.json", dump(known, Redactor(Pseudonyms(b"k" * 32)), frozenset()))
        writer.document("meta.json", meta)
        if earlier is not None:
            writer.document(EARLIER, earlier)
    keep_content(folder / CONTENT, folder / "nothing of its own")
    prepared = as_kept(two_policies(), folder / SNAPSHOT)
    found_ = read_snapshot(folder / SNAPSHOT)
    site = site_of(judge(prepared, found_), prepared, found_, read_calls(folder / SNAPSHOT))
    write_records(folder / RECORDS, folder, site, found_)
    paths = sorted((folder / RECORDS).rglob("*.json"))
    return {path.relative_to(folder / RECORDS).as_posix(): json.loads(path.read_bytes()) for path in paths}


TWO = (listing("AWS::S3::Bucket", "s3", 2), bucket("one"), bucket("two"))


def test_a_record_names_population_result_and_source(tmp_path: Path) -> None:
    record = records(tmp_path, *TWO)["s3-encrypted.json"]
    assert record["population"]["count"] == 2
    assert record["population"]["source"] == "AWS::S3::Bucket by s3:ListBuckets"
    assert (record["result"]["status"], record["result"]["passed"]) == ("PASS", 2)
    assert record["run"]["collector"] == "arn:aws:sts::1:assumed-role/scan/person-x"
    assert {"framework": "gdpr", "ref": "GDPR.32.1.a", "relation": "partial"} in record["controls"]
    (evidence,) = record["evidence"]
    content = (tmp_path / evidence["path"]).read_bytes()
    assert (evidence["sha256"], evidence["bytes"]) == (hashlib.sha256(content).hexdigest(), len(content))
    assert [(item["op"], item["request_id"]) for item in evidence["calls"]] == [("s3:ListBuckets", "REQ-s3-1")]


def test_an_unread_resource_is_named_with_its_cause(tmp_path: Path) -> None:
    lines = (listing("AWS::S3::Bucket", "s3", 2), bucket("one"), bucket("two", unread={"Encryption": DENIED}))
    record = records(tmp_path, *lines)["s3-encrypted.json"]
    assert record["result"]["status"] == "NOT_EVALUATED"
    (unread,) = record["population"]["unread"]
    assert unread["why"] == "denied"
    assert "two" in unread["what"] and "s3:GetEncryptionConfiguration" in unread["detail"]


def test_the_number_is_unknown_if_a_listing_failed(tmp_path: Path) -> None:
    record = records(tmp_path, listing("AWS::S3::Bucket", "s3", 0, DENIED))["s3-encrypted.json"]
    assert (record["population"]["count"], record["population"]["pagination"]) == (None, "failed")
    assert record["result"]["status"] == "NOT_EVALUATED"


def test_not_applicable_needs_a_complete_listing(tmp_path: Path) -> None:
    record = records(tmp_path, listing("AWS::S3::Bucket", "s3", 0))["s3-encrypted.json"]
    assert record["result"]["status"] == "NOT_APPLICABLE"
    assert (record["population"]["count"], record["population"]["pagination"]) == (0, "exhausted")


@pytest.mark.parametrize(("counted", "delta"), [(2, 0), (1, 1)])
def test_a_second_source_is_compared_with_the_count(tmp_path: Path, counted: int, delta: int) -> None:
    account = resource("AWS::Account", "account", ACCOUNT, {"Id": ACCOUNT, "Summary": {"Roles": counted}})
    lines = (listing("AWS::IAM::Role", "iam", 2), role("a"), role("b"), listing("AWS::Account", "account", 1), account)
    found = records(tmp_path, *lines)["iam-trust-not-wide.json"]["population"]["reconciled"]
    assert found == {"with": "iam:GetAccountSummary Roles", "count": counted, "delta": delta}


def test_a_list_with_fewer_than_are_counted_has_no_known_population(tmp_path: Path) -> None:
    account = resource("AWS::Account", "account", ACCOUNT, {"Id": ACCOUNT, "Summary": {"Roles": 3}})
    lines = (listing("AWS::IAM::Role", "iam", 2), role("a"), role("b"), listing("AWS::Account", "account", 1), account)
    population = records(tmp_path, *lines)["iam-trust-not-wide.json"]["population"]
    assert (population["count"], population["pagination"], population["reconciled"]) == (None, "failed", None)
    assert "unread_listing AWS::IAM::Role 2/3" in [item["detail"] for item in population["unread"]]


def test_without_a_second_source_no_agreement_is_claimed(tmp_path: Path) -> None:
    record = records(tmp_path, listing("AWS::IAM::Role", "iam", 1), role("a"))["iam-trust-not-wide.json"]
    assert record["population"]["reconciled"] is None


def attested(effective: str, expires: str, state: str = "verified", conclusion: str = "in_place") -> Attestation:
    dates = date.fromisoformat(effective), date.fromisoformat(expires)
    return Attestation(
        "ATT-1", "GOV-03", "document", "PSSI", "ciso", dates[0], conclusion, Position("a.yaml"), dates[1],
        approver="dpo", approval=Approval(state),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("effective", "expires", "approval", "conclusion", "status"),
    [
        ("2026-03-01", "2027-03-01", "verified", "in_place", "DECLARED"),
        ("2026-03-01", "2027-03-01", "verified", "partly", "PARTLY_DECLARED"),
        ("2026-03-01", "2027-03-01", "unsigned", "partly", "MANUAL_PENDING"),
        ("2026-03-01", "2027-03-01", "unsigned", "not_in_place", "NOT_IN_PLACE"),
        ("2025-11-01", "2026-11-23", "unsigned", "not_in_place", "NOT_IN_PLACE"),
        ("2026-03-01", "2027-03-01", "unsigned", "in_place", "MANUAL_PENDING"),
        ("2025-11-01", "2026-11-23", "verified", "in_place", "STALE"),
        ("2026-12-01", "2027-12-01", "verified", "not_in_place", "STALE"),
    ],
)
def test_an_attestation_is_a_declaration_and_never_a_pass(
    tmp_path: Path, effective: str, expires: str, approval: str, conclusion: str, status: str
) -> None:
    found = records(tmp_path, *TWO, attestations=(attested(effective, expires, approval, conclusion),))
    record = found["attestations/ATT-1.json"]
    assert (record["result"]["status"], record["policy"]["method"]) == (status, "attestation")
    assert (record["result"]["passed"], record["result"]["evaluated"]) == (0, 0)
    assert ("reviewed and signed by " in record["result"]["message"]) is (status in ("DECLARED", "PARTLY_DECLARED"))
    assert record["freshness"]["valid_until"].startswith(expires)


def test_the_same_snapshot_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("first", "second"):
        records(tmp_path / name, *TWO, attestations=(attested("2026-03-01", "2027-03-01"),))
    first, second = (
        {path.name: path.read_bytes() for path in (tmp_path / name / RECORDS).rglob("*.json")}
        for name in ("first", "second")
    )
    assert first == second
    assert len(first) > 1


def test_an_audit_of_uncommitted_changes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PreuveError, match=r"run\.dirty"):
        records(tmp_path, *TWO, run={**RUN, "dirty": True})


def test_a_tryout_may_use_uncommitted_changes(tmp_path: Path) -> None:
    found = records(tmp_path, *TWO, run={**RUN, "dirty": True, "kind": "tryout"})
    assert found["s3-encrypted.json"]["run"]["kind"] == "tryout"


# ---- earlier runs, and what is being done ---------------------------------------------------------------------------

SINCE, NOW = "2026-08-24T12:00:00Z", "2026-11-24T12:00:00Z"


@pytest.mark.parametrize(("before", "since"), [("PASS", SINCE), ("FAIL", NOW)])
def test_a_status_lasts_since_the_first_of_consecutive_audits_with_it(tmp_path: Path, before: str, since: str) -> None:
    earlier = {
        "bundle": "2026-Q3",
        "records": {"s3-encrypted.json": {"status": before, "since": SINCE}},
        "runs_in_period": 4,
    }
    found = records(tmp_path, *TWO, earlier=earlier)["s3-encrypted.json"]["history"]
    assert found == {
        "previous_run": "2026-Q3", "previous_status": before, "status_since": since, "runs_in_period": 4,
    }  # fmt: skip


def test_without_an_earlier_run_there_is_no_history_of_one(tmp_path: Path) -> None:
    assert "history" not in records(tmp_path / "kept nothing", *TWO)["s3-encrypted.json"]
    earlier = {"bundle": "", "records": {}}
    assert records(tmp_path / "first", *TWO, earlier=earlier)["s3-encrypted.json"]["history"] == {"status_since": NOW}


def bundle(home: Path, name: str, now: str, status: str, history: Line | None = None) -> Path:
    """Write the part of a bundle that contains the result of its record."""
    (home / name / RECORDS).mkdir(parents=True)
    (home / name / RESULTS).write_text(json.dumps({"kind": "run", "now": now}) + "\n")
    record = {"run": {"finished": now}, "result": {"status": status}, **({"history": history} if history else {})}
    path = home / name / RECORDS / "s3-encrypted.json"
    path.write_text(json.dumps(record))
    return path


def test_the_newest_readable_bundle_is_the_previous_one(tmp_path: Path) -> None:
    bundle(tmp_path, "2026-Q2", "2026-05-24T12:00:00Z", "FAIL")
    bundle(tmp_path, "2026-Q3", SINCE, "PASS", {"status_since": "2026-02-24T12:00:00Z"})
    known = earlier_runs(tmp_path, NOW, "2026-Q4", None)
    record = {"status": "PASS", "since": "2026-02-24T12:00:00Z"}
    assert known == {"bundle": "2026-Q3", "records": {"s3-encrypted.json": record}}
    damaged = bundle(tmp_path, "2026-Q3.2", "2026-09-24T12:00:00Z", "<b>")
    assert earlier_runs(tmp_path, NOW, "2026-Q4", None) == known
    damaged.write_text('{"half')
    assert earlier_runs(tmp_path, NOW, "2026-Q4", None) == known


def test_runs_in_the_period_are_completed_runs_of_the_chain_and_this_one(tmp_path: Path) -> None:
    chain = [
        ChainRun(1, "scan", SINCE, "", period="2026-Q3"),
        ChainRun(2, "scan", NOW, "", period="2026-Q4"),
        ChainRun(3, "audit", NOW, "", period="2026-Q4"),
        ChainRun(4, "interrupted", NOW, "", of="3"),
    ]
    assert earlier_runs(tmp_path, NOW, "2026-Q4", chain)["runs_in_period"] == 2


@pytest.mark.parametrize(
    ("period", "now", "expected"),
    [
        ("2026-Q4", "2026-10-01T00:00:00Z", 1),
        ("2026-Q4", "2026-11-24T12:00:00Z", 1),
        ("2026-Q4", "2026-12-20T12:00:00Z", 2),
        ("2026-Q3", "2027-06-01T12:00:00Z", 2),
        ("certification", "2026-11-24T12:00:00Z", None),
    ],
)
def test_the_expected_number_of_runs_follows_from_the_cadence(period: str, now: str, expected: int | None) -> None:
    assert runs_expected(period, now, 35) == expected


def test_an_open_entry_that_names_the_policy_is_its_action(tmp_path: Path) -> None:
    entry = Nonconformity("NC-3", finding="check s3-encrypted.", owner="Noor Benali", due="2027-01-15")
    register = (
        Nonconformity("NC-1", finding="s3-encrypted", closed="2026-10-01"),
        Nonconformity("NC-2", finding="s3-encrypted-with-key", owner="other", due="2026-12-01"),
        replace(entry, number="NC-4", due="before long"),
        entry,
    )
    found = records(tmp_path, *TWO, nonconformities=register)["s3-encrypted.json"]["action"]
    assert (found["ticket"], found["due"]) == ("NC-3", "2027-01-15")
    assert found["owner_role"].startswith("person-")


def test_without_an_entry_the_active_waiver_is_the_action(tmp_path: Path) -> None:
    lines = (listing("AWS::S3::Bucket", "s3", 1), bucket("one", ""))
    lines[1]["waivers"] = ["W-1"]
    accepted = waiver(policy_id="s3-encrypted", pattern="one")
    found = records(tmp_path, *lines, waivers=(accepted,))["s3-encrypted.json"]
    assert found["result"]["status"] == "WAIVED"
    assert found["action"]["ticket"] == "W-1"
    assert found["action"]["due"] == accepted.expires.isoformat()


# ---- no false assurance -------------------------------------------------------------------------------------------

Change = Callable[[dict[str, Any]], object]
FALSE: dict[str, Change] = {
    "a pass with an unread item": lambda r: r["population"]["unread"].append({"what": "x", "why": "denied"}),
    "a pass of nothing": lambda r: r["population"].update(count=0),
    "a pass of an unknown population": lambda r: r["population"].update(count=None),
    "a pass after a failed listing": lambda r: r["population"].update(pagination="failed"),
    "a pass of one page": lambda r: r["population"].update(pagination="single-page"),
    "a pass with a failed item": lambda r: r["items"][0].update(status="FAIL"),
    "a pass with a failure counted": lambda r: r["result"].update(failed=1),
    "a pass with a waiver": lambda r: r["result"].update(waived=1),
    "a pass that passed nothing": lambda r: r["result"].update(passed=0),
    "a pass without evidence": lambda r: r["evidence"].clear(),
    "a pass without a call": lambda r: r["evidence"][0].update(calls=[]),
    "evidence outside the payload": lambda r: r["evidence"][0].update(path="../x"),
    "a failure of nothing": lambda r: r["result"].update(status="FAIL"),
    "no control": lambda r: r.update(controls=[]),
    "an unknown member": lambda r: r.update(compliant=True),
}


@pytest.mark.parametrize("what", FALSE)
def test_the_schema_refuses_an_invalid_record(what: str, tmp_path: Path) -> None:
    record = records(tmp_path, *TWO)["s3-encrypted.json"]
    assert VALIDATOR.is_valid(record)
    changed = copy.deepcopy(record)
    FALSE[what](changed)
    assert not VALIDATOR.is_valid(changed)


def test_each_resource_of_a_stack_that_leaves_it_open_counts_in_the_population() -> None:
    policy, found = bundled().policies["tag-owner-environment"], Snapshot(Meta())
    place = Place("AWS::S3::Bucket", "AWS::S3::Bucket.A", root="infra", file="infra/stack.yaml", line=3)
    other = replace(place, id="AWS::S3::Bucket.B", line=9)
    reason, open_ = Reason("iac_unknown", {"resources": "2"}), FindingStatus.NOT_EVALUATED
    finding = Finding(policy.id, policy.rev, "iac", open_, policy.severity, place, reason, also=(other,))
    assert Populations(bundled(), found).in_code(policy, [finding])["count"] == 2


class _Looked(tuple[Any, ...]):
    """Counts how often all of its items are looked at."""

    times = 0

    def __iter__(self) -> Iterator[Any]:
        type(self).times += 1
        return super().__iter__()


def test_resources_are_counted_once_for_all_policies() -> None:
    known = bundled().types
    judged = [
        policy
        for policy in bundled().policies.values()
        if policy.aws and not any(known[rule.resource].counted_by for rule in policy.aws)
    ]
    types = sorted({rule.resource for policy in judged for rule in policy.aws})
    resources = [
        Resource(name, str(number), "1", "r", {}) for more, name in enumerate(types) for number in range(more % 4)
    ]
    listed = frozenset(types[::2])
    found = Snapshot(Meta(), _Looked(resources), tuple(Listing(name, "1", "r", 0) for name in sorted(listed)))
    populations = Populations(bundled(), found)
    for policy in judged:
        own = {rule.resource for rule in policy.aws}
        size = sum(resource.type in own for resource in resources)
        told = populations.in_account(policy, [])
        assert told["sampling"]["size"] == size
        assert told["count"] == (None if own.isdisjoint(listed) else size)
    assert _Looked.times == 1
