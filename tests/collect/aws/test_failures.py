"""Refusals, slow answers and silence of AWS: every failure becomes its cause, in limited time, and
never an empty list.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from collect.aws.kit import IMPATIENT, IRELAND, LIMITS, PARIS, REDACTOR, TWICE, counted, read, workspace
from emulator import ACCOUNT, Emulator
from preuve.collect.answer import UnreadError
from preuve.collect.aws.calls import WHO, Caller
from preuve.collect.aws.session import AccountAccess, Limits
from preuve.model.company.organization import Account, Role

ROLE = Role(f"arn:aws:iam::{ACCOUNT}:role/audit")
BUCKET, FUNCTION, REGION, VPC = "AWS::S3::Bucket", "AWS::Lambda::Function", "AWS::Region", "AWS::EC2::VPC"


@pytest.mark.parametrize(
    "type_name", [BUCKET, FUNCTION, VPC, "AWS::KMS::Key", "AWS::SNS::Topic", "AWS::CloudFront::Distribution"]
)
@pytest.mark.parametrize(
    ("kind", "cause"),
    [("deny", "access_denied"), ("throttle", "throttled"), ("expired", "credentials"), ("error", "server_error")],
)
def test_an_error_of_aws_becomes_its_cause(
    emulator: Emulator, tmp_path: Path, type_name: str, kind: str, cause: str
) -> None:
    operations = ("ListBuckets", "ListFunctions", "DescribeVpcs", "ListKeys", "ListTopics", "ListDistributions")
    emulator.faults(*({"kind": kind, "operation": operation} for operation in operations))
    reading = read(emulator, tmp_path, {type_name: []}, limits=TWICE)
    (listing,) = reading.listings(type_name)
    assert listing["unread"]["cause"] == cause
    assert listing["unread"]["action"]
    (call,) = [call for call in reading.calls if call["id"] in listing["calls"]]
    assert call["error"] == listing["unread"]["code"]
    assert call["attempts"] == (2 if kind in ("throttle", "error") else 1)
    assert call["request_id"]


def test_temporary_throttling_is_waited_out(emulator: Emulator, tmp_path: Path) -> None:
    emulator.client("lambda")
    emulator.respond("lambda", "ListFunctions", {"Functions": [{"FunctionName": "f"}]})
    emulator.faults({"kind": "throttle", "operation": "ListFunctions", "times": 1})
    reading = read(emulator, tmp_path, {FUNCTION: ["FunctionName"]}, limits=LIMITS)
    assert reading.only(FUNCTION)["id"] == "f"
    assert [call["attempts"] for call in reading.calls if call["operation"] == "ListFunctions"] == [2]


def test_a_disabled_region_is_unread_and_the_other_is_read(emulator: Emulator, tmp_path: Path) -> None:
    emulator.faults({"kind": "region_off", "region": IRELAND})
    reading = read(emulator, tmp_path, {FUNCTION: [], REGION: ["EbsDefault"], VPC: []}, regions=(PARIS, IRELAND))
    assert reading.causes(FUNCTION) == {PARIS: "", IRELAND: "region_off"}
    assert reading.causes(VPC) == {PARIS: "", IRELAND: "region_off"}
    unread = {line["id"]: line["unread"] for line in reading.resources(REGION)}
    assert unread[PARIS] == {}
    assert unread[IRELAND]["EbsDefault"]["cause"] == "region_off"


@pytest.mark.parametrize("kind", ["expired", "region_off", "deny", "drop"])
def test_without_the_identity_of_the_caller_nothing_is_read(emulator: Emulator, tmp_path: Path, kind: str) -> None:
    emulator.faults({"kind": kind, "operation": "GetCallerIdentity"})
    reading = read(emulator, tmp_path, {FUNCTION: [], REGION: ["EbsDefault"]}, limits=TWICE)
    cause = {"expired": "credentials", "region_off": "credentials", "deny": "access_denied", "drop": "connection"}[kind]
    assert reading.causes(FUNCTION) == {PARIS: cause}
    assert reading.causes(REGION) == {PARIS: cause}
    assert reading.resources(REGION) == []
    assert {entry["operation"] for entry in emulator.ledger()} == {"GetCallerIdentity"}


def test_credentials_of_another_account_read_nothing(emulator: Emulator, tmp_path: Path) -> None:
    reading = read(emulator, tmp_path, {FUNCTION: []}, account="210987654321")
    (listing,) = reading.listings(FUNCTION)
    assert (listing["unread"]["code"], listing["account"]) == ("WrongAccount", "210987654321")
    assert ACCOUNT in listing["unread"]["message"]
    assert {entry["operation"] for entry in emulator.ledger()} == {"GetCallerIdentity"}


def test_credentials_that_expire_meanwhile_keep_earlier_results(emulator: Emulator, tmp_path: Path) -> None:
    for name in ("a", "b"):
        emulator.client("s3").create_bucket(
            Bucket=f"essai-{name}", CreateBucketConfiguration={"LocationConstraint": PARIS}
        )
    emulator.faults({"kind": "expired", "resource": "/essai-b?"})
    first, second = read(emulator, tmp_path, {BUCKET: ["Versioning"]}).resources(BUCKET)
    assert first["unread"] == {}
    assert second["unread"]["Versioning"]["cause"] == "credentials"


@pytest.mark.parametrize(("kind", "cause"), [("hang", "time_out"), ("drop", "connection")])
def test_a_silent_endpoint_is_abandoned(emulator: Emulator, tmp_path: Path, kind: str, cause: str) -> None:
    emulator.faults({"kind": kind, "operation": "ListFunctions"})
    reading = read(emulator, tmp_path, {FUNCTION: []}, limits=IMPATIENT)
    assert reading.causes(FUNCTION) == {PARIS: cause}
    (call,) = [call for call in reading.calls if call["operation"] == "ListFunctions"]
    assert (call["status"], call["request_id"], call["attempts"]) == (0, "", 2)


def test_a_connection_dropped_once_is_retried(emulator: Emulator, tmp_path: Path) -> None:
    emulator.faults({"kind": "drop", "operation": "ListFunctions", "times": 1})
    assert read(emulator, tmp_path, {FUNCTION: []}, limits=TWICE).causes(FUNCTION) == {PARIS: ""}


def test_a_missing_endpoint_has_the_cause_connection(tmp_path: Path) -> None:
    nowhere = Emulator("http://127.0.0.1:9")
    reading = read(nowhere, tmp_path, {FUNCTION: []}, limits=TWICE)
    assert reading.causes(FUNCTION) == {PARIS: "connection"}


def test_an_answer_not_from_aws_is_unread(emulator: Emulator, tmp_path: Path) -> None:
    # A control character makes the XML unreadable, as a proxy's page would be.
    emulator.faults({"kind": "deny", "operation": "ListTopics", "message": "\x01"})
    reading = read(emulator, tmp_path, {"AWS::SNS::Topic": [], FUNCTION: []})
    assert reading.causes("AWS::SNS::Topic") == {PARIS: "not_aws"}
    assert reading.causes(FUNCTION) == {PARIS: ""}


def test_a_unit_past_its_time_makes_no_more_calls(emulator: Emulator, tmp_path: Path) -> None:
    reading = read(emulator, tmp_path, {FUNCTION: []}, limits=Limits(unit=0))
    (listing,) = reading.listings(FUNCTION)
    assert listing["unread"]["cause"] == "time_limit"
    assert "ListFunctions" not in {entry["operation"] for entry in emulator.ledger()}


def test_units_share_a_client_until_the_last_releases_it(emulator: Emulator) -> None:
    access = AccountAccess(Account(ACCOUNT, "production"), workspace(emulator.endpoint, [PARIS]), LIMITS)
    access.hold("iam", PARIS)
    access.hold("iam", PARIS)
    client = access.client("iam", PARIS)
    access.release("iam", PARIS)
    assert access.client("iam", PARIS) is client
    access.release("iam", PARIS)
    assert access.client("iam", PARIS) is not client


POISON = {
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9",
    "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:9",
    "AWS_PROFILE": "nobody",
    "AWS_DEFAULT_PROFILE": "nobody",
    "AWS_ACCESS_KEY_ID": "AKIAPOISONPOISONPOIS",
    "AWS_SECRET_ACCESS_KEY": "poison",
    "AWS_SESSION_TOKEN": "poison",
    "AWS_REGION": "us-gov-west-1",
    "AWS_DEFAULT_REGION": "us-gov-west-1",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_USE_DUALSTACK_ENDPOINT": "true",
    "AWS_DEFAULTS_MODE": "poison",
    "AWS_RETRY_MODE": "poison",
    "AWS_MAX_ATTEMPTS": "poison",
    "AWS_CA_BUNDLE": "/nowhere.pem",
    "AWS_DATA_PATH": "/nowhere",
    "AWS_CSM_ENABLED": "true",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "http_proxy": "http://127.0.0.1:9",
    "ALL_PROXY": "http://127.0.0.1:9",
}


def test_the_environment_does_not_change_a_demonstration(
    techstart_account: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    config.write_text(
        "[default]\nregion = us-gov-west-1\nendpoint_url = http://127.0.0.1:9\nuse_fips_endpoint = true\n"
    )
    needed = {BUCKET: ["Versioning"], FUNCTION: ["FunctionName"], "AWS::Account": ["PublicAccessBlock", "Summary"]}
    clean = read(techstart_account, tmp_path / "clean", needed)
    for name, value in {**POISON, "AWS_CONFIG_FILE": str(config)}.items():
        monkeypatch.setenv(name, value)
    poisoned = read(techstart_account, tmp_path / "poisoned", needed)
    assert [line["data"] for line in poisoned.lines if line["kind"] == "resource"] == [
        line["data"] for line in clean.lines if line["kind"] == "resource"
    ]
    assert counted(poisoned.calls) == counted(clean.calls)
    assert all(call["error"] == "" or call["error"].startswith("NoSuch") for call in poisoned.calls)


def test_missing_credentials_are_not_refused_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    real = replace(workspace("", [PARIS]), demonstration=False)
    for account in (Account(ACCOUNT, "x"), Account(ACCOUNT, "x", profile="gone"), Account(ACCOUNT, "x", (ROLE,))):
        caller = Caller(AccountAccess(account, real, TWICE), REDACTOR, "unit", time.monotonic() + 60)
        with pytest.raises(UnreadError) as raised:
            caller.make(WHO, PARIS, {})
        assert raised.value.reason.cause == "no_credentials"
