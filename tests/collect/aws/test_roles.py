"""Roles that lead to an account: assumed in order, with the conditions of each trust, and renewed
before they expire.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.credentials import CachedCredentialFetcher, Credentials, RefreshableCredentials
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.httpsession import URLLib3Session

from collect.aws.kit import PARIS, TWICE, library, read, workspace
from emulator import ACCOUNT, Emulator
from preuve.collect.aws.calls import Caller
from preuve.collect.aws.http.answers import NOT_AWS
from preuve.collect.aws.roles import RoleError, assumed
from preuve.collect.aws.session import AccountAccess
from preuve.model.company.organization import Account, Role

HUB = Role(f"arn:aws:iam::{ACCOUNT}:role/hub")
READER = Role(f"arn:aws:iam::{ACCOUNT}:role/reader", external_id="techstart-7", session_tags={"Purpose": "audit"})


def keys(minutes: float) -> dict[str, Any]:
    """Return an answer of STS whose keys expire in a number of minutes."""
    until = datetime.now(UTC) + timedelta(minutes=minutes)
    return {"AccessKeyId": "ASIA0000", "SecretAccessKey": "s", "SessionToken": "t", "Expiration": until}


class Tokens:
    """An STS that returns these answers in turn, and records the callers and their arguments."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, credentials: Any) -> Tokens:
        self.by = credentials.get_frozen_credentials().access_key
        return self

    def assume_role(self, **request: Any) -> Any:
        """An answer, or the error in its place."""
        self.asked.append((self.by, request))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return {"Credentials": answer}


def refusal() -> ClientError:
    """Return the error of AWS when a trust policy does not name the caller."""
    return ClientError({"Error": {"Code": "AccessDenied", "Message": "not authorized"}}, "AssumeRole")


def test_each_role_is_assumed_with_the_credentials_of_the_previous() -> None:
    sts = Tokens({**keys(60), "AccessKeyId": "ASIAHUB"}, keys(60))
    assumed(Credentials("AKIASTART", "s"), (HUB, READER), sts, PARIS)
    (first, of_hub), (second, of_reader) = sts.asked
    assert (first, of_hub["RoleArn"]) == ("AKIASTART", HUB.arn)
    assert (second, of_reader["RoleArn"]) == ("ASIAHUB", READER.arn)
    assert not {"ExternalId", "Tags"} & set(of_hub)
    assert of_reader["ExternalId"] == "techstart-7"
    assert of_reader["Tags"] == [{"Key": "Purpose", "Value": "audit"}]


def test_keys_of_the_whole_role_chain_are_renewed_before_they_expire() -> None:
    sts = Tokens(*({**keys(minutes), "AccessKeyId": f"ASIA{minutes}"} for minutes in (5, 61, 6, 62)))
    credentials = assumed(Credentials("AKIASTART", "s"), (HUB, READER), sts, PARIS)
    assert credentials.get_frozen_credentials().access_key == "ASIA62"
    assert [by for by, _ in sts.asked] == ["AKIASTART", "AKIASTART", "ASIA61", "ASIA61"]
    credentials.get_frozen_credentials()
    assert len(sts.asked) == 4


def test_a_refused_renewal_is_not_repeated() -> None:
    sts = Tokens(keys(5), refusal())
    credentials = assumed(Credentials("AKIASTART", "s"), (HUB,), sts, PARIS)
    for _ in range(3):
        with pytest.raises(RoleError) as raised:
            credentials.get_frozen_credentials()
        assert (raised.value.reason.cause, raised.value.reason.call) == ("role_refused", "sts:AssumeRole")
    assert len(sts.asked) == 2


def error(code: str, status: int) -> ClientError:
    """Return an error of STS."""
    details = {"Error": {"Code": code, "Message": ""}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(details, "AssumeRole")


@pytest.mark.parametrize(
    "failure",
    [
        *(error("Throttling", 400), error("RequestLimitExceeded", 503), error("InternalFailure", 500)),
        *(error("ServiceUnavailable", 503), error("RequestTimeout", 400), error(NOT_AWS, 502)),
        *(error("UnheardOf", 400), EndpointConnectionError(endpoint_url="https://sts")),
    ],
)
def test_a_renewal_that_failed_is_tried_again_unless_sts_refused_it(failure: Exception) -> None:
    """Only what STS has decided stays: whatever else went wrong may be over at the next try."""
    sts = Tokens(keys(12), failure, failure, {**keys(60), "AccessKeyId": "ASIANEW"})
    credentials = assumed(Credentials("AKIASTART", "s"), (HUB,), sts, PARIS)
    assert [credentials.get_frozen_credentials().access_key for _ in range(3)] == ["ASIA0000", "ASIA0000", "ASIANEW"]


def test_renewals_that_go_on_failing_end_and_a_success_counts_anew() -> None:
    """Otherwise each of thousands of calls would wait for all retries of botocore."""
    throttled = error("Throttling", 400)
    sts = Tokens(keys(12), *[throttled] * 9, keys(5), *[throttled] * 10)
    credentials = assumed(Credentials("AKIASTART", "s"), (HUB,), sts, PARIS)
    for _ in range(10):
        credentials.get_frozen_credentials()
    for _ in range(12):
        with pytest.raises(RoleError) as raised:
            credentials.get_frozen_credentials()
        assert raised.value.reason.cause == "throttled"
    assert sts.answers == []


def test_an_account_is_read_as_the_last_role(emulator: Emulator) -> None:
    access = AccountAccess(Account(ACCOUNT, "production", (HUB, READER)), workspace(emulator.endpoint, [PARIS]), TWICE)
    identity = access.client("sts", PARIS).get_caller_identity()
    assert identity["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/preuve"
    assert len(emulator.ledger("AssumeRole")) == 2


def test_a_role_that_expires_meanwhile_keeps_earlier_results(
    emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    emulator.respond("sts", "AssumeRole", {"Credentials": {**keys(5), "Expiration": soon}})
    account = Account(ACCOUNT, "production", (HUB,))
    chosen = replace(workspace(emulator.endpoint, [PARIS]), accounts=(account,))
    monkeypatch.setattr("collect.aws.kit.workspace", lambda *_: chosen)
    made = Caller.make

    def refuse_from_the_first_function_on(self: Caller, call: Any, *rest: Any) -> Any:
        if call.operation == "ListFunctions":
            emulator.faults({"kind": "deny", "operation": "AssumeRole"})
        return made(self, call, *rest)

    monkeypatch.setattr(Caller, "make", refuse_from_the_first_function_on)
    reading = read(emulator, tmp_path, {"AWS::Lambda::Function": [], "AWS::EC2::VPC": []}, limits=TWICE)
    (listing,) = reading.listings("AWS::Lambda::Function")
    assert (listing["unread"]["cause"], listing["unread"]["call"]) == ("role_refused", "sts:AssumeRole")
    assert "GetCallerIdentity" in {call["operation"] for call in reading.calls}


def test_a_failed_unit_does_not_stop_the_others(
    emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = library().types["AWS::Lambda::Function"]
    emulator.respond("lambda", "ListFunctions", {"Functions": [{"FunctionName": "f"}]})

    def fail(self: Any, of: Any, raw: Any) -> Any:
        if of == declared:
            raise RuntimeError(f"about {raw.id}")
        return kept(self, of, raw)

    from preuve.collect.unit import UnitReader

    kept = UnitReader._resource_line
    monkeypatch.setattr(UnitReader, "_resource_line", fail)
    reading = read(emulator, tmp_path, {"AWS::Lambda::Function": [], "AWS::EC2::VPC": []}, limits=TWICE)
    (listing,) = reading.listings("AWS::Lambda::Function")
    assert (listing["unread"]["cause"], listing["unread"]["code"]) == ("defect", "RuntimeError")
    assert reading.causes("AWS::EC2::VPC") == {PARIS: ""}
    assert reading.resources("AWS::EC2::VPC")
    assert "ListFunctions" in {call["operation"] for call in reading.calls}


RENEWED = {
    "AssumeRole": "source_profile = start\n[profile start]\naws_access_key_id = AKIASTART\naws_secret_access_key = s\n",
    "AssumeRoleWithWebIdentity": "web_identity_token_file = {token}\n",
}


@pytest.mark.parametrize("operation", RENEWED)
def test_credentials_of_a_profile_are_renewed_while_services_are_read(
    operation: str, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """botocore renews them by a client of STS that it makes itself: our clients of other services must not hinder it,
    nor may the operations that we call in STS be the only ones that it has.
    """
    (tmp_path / "token").write_text("a.b.c")
    profile = f"[profile audit]\nregion = {PARIS}\nrole_arn = {HUB.arn}\n{RENEWED[operation]}"
    (tmp_path / "config").write_text(profile.format(token=tmp_path / "token"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    for name in ("_advisory_refresh_timeout", "_mandatory_refresh_timeout"):
        monkeypatch.setattr(RefreshableCredentials, name, 24 * 3600)  # so that each use renews them
    monkeypatch.setattr(CachedCredentialFetcher, "_load_from_cache", lambda _: None)
    sent = URLLib3Session.send

    def to_the_emulator(self: URLLib3Session, request: Any) -> Any:
        request.url = re.sub(r"^https://sts\.[a-z0-9.-]*amazonaws\.com", emulator.endpoint, request.url)
        return sent(self, request)

    monkeypatch.setattr(URLLib3Session, "send", to_the_emulator)
    asked = frozenset({("sts", "GetCallerIdentity"), ("ec2", "DescribeVpcs"), ("sqs", "ListQueues")})
    real = replace(workspace(emulator.endpoint, [PARIS]), demonstration=False)
    access = AccountAccess(Account(ACCOUNT, "production", profile="audit"), real, TWICE, operations=asked)
    for service, own in (("sts", "get_caller_identity"), ("ec2", "describe_vpcs"), ("sqs", "list_queues")):
        before = len(emulator.ledger(operation))
        getattr(access.client(service, PARIS), own)()
        assert len(emulator.ledger(operation)) > before, service
