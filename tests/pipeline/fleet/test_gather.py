"""Parts of two accounts come together as if one process had read both; an account without one is never silent."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest

from emulator import Emulator
from pipeline.fleet.kit import BUCKET, HOURS, ONE, TWO, InProcess, collect, fleet_of, judged, only_parts, silent
from pipeline.runs import LIMITS, Run, prepared_for
from preuve.model.errors import Exit, PreuveError, UsageError
from preuve.pipeline.fleet.assembly import Fleet
from preuve.pipeline.fleet.choice import Choice, chosen
from preuve.pipeline.fleet.engine import ReadingResult
from preuve.pipeline.fleet.part import PartRequest, collect_part
from preuve.pipeline.fleet.places import Folder, place_of
from preuve.pipeline.run.collect import Scope, take_snapshot
from preuve.pipeline.run.forget import key_path
from preuve.pipeline.run.preparation import Preparation
from preuve.redact.pseudonyms import read_table, table_beside


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Preparation:
    """The whole library."""
    return prepared_for(tmp_path_factory.mktemp("content"), "http://127.0.0.1:1")


@pytest.fixture(scope="module")
def _accounts(_emulator: Emulator) -> Emulator:
    """Two accounts, each with a bucket of its own."""
    _emulator.reset()
    for account, name in ((ONE, "one"), (TWO, "two")):
        _bucket(_emulator, account, f"bucket-{name}")
    return _emulator


@pytest.fixture
def emulator(_accounts: Emulator) -> Emulator:
    """These accounts, with no faults and a clean ledger."""
    _accounts.reset(state=False)
    return _accounts


@pytest.fixture
def company(content: Preparation, emulator: Emulator, tmp_path: Path) -> Preparation:
    """The accounts in a workspace."""
    return fleet_of(content, emulator, tmp_path / "ws")


def _client(emulator: Emulator, account: str, service: str) -> Any:
    """A client of another account than the emulator's first."""
    answer = emulator.client("sts").assume_role(RoleArn=f"arn:aws:iam::{account}:role/admin", RoleSessionName="fill")
    keys = answer["Credentials"]
    session = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    return session.client(service, region_name="eu-west-3", endpoint_url=emulator.endpoint)


def _bucket(emulator: Emulator, account: str, name: str) -> None:
    place = {"LocationConstraint": "eu-west-3"}
    _client(emulator, account, "s3").create_bucket(Bucket=name, CreateBucketConfiguration=place)


def _asked(emulator: Emulator) -> Counter[str]:
    """Count how often each account was entered."""
    return Counter(str(entry["params"]["RoleArn"]).split(":")[4] for entry in emulator.ledger("AssumeRole"))


def _lines(folder: Path) -> list[dict[str, Any]]:
    """Return the lines that were read, without values that differ from call to call."""
    found = []
    for path in sorted((folder / "aws").rglob("*.jsonl")):
        for line in path.read_text().splitlines():
            data = {**json.loads(line), "file": path.relative_to(folder).as_posix()}
            numbered = {"calls", *(["id"] if data["kind"] == "call" else [])}  # in the order of the answers
            found.append({name: data[name] for name in set(data) - numbered - {"time", "request_id"}})
    return sorted(found, key=lambda line: json.dumps(line, sort_keys=True))


def test_parts_give_the_same_verdicts_as_one_process(company: Preparation, tmp_path: Path) -> None:
    alone = judged(company, tmp_path / "alone", None)
    collect(company, tmp_path / "parts")
    together = judged(company, tmp_path / "together", only_parts(Folder(tmp_path / "parts")))
    assert _lines(tmp_path / "together") == _lines(tmp_path / "alone")
    assert together.verdicts == alone.verdicts
    assert {finding.place.account for finding in together.assessment.findings} >= {ONE, TWO}
    meta = together.snapshot.meta
    assert set(meta.parts) == {ONE, TWO}
    assert meta.calls == alone.snapshot.meta.calls
    assert meta.started == min(part["started"] for part in meta.parts.values())
    assert meta.callers == alone.snapshot.meta.callers


def _edit(parts: Path, _company: Preparation) -> None:
    path = next((parts / TWO / "aws").rglob("s3.jsonl"))
    path.write_text(path.read_text().replace("bucket-two", "bucket-too"))


def _remove(parts: Path, _company: Preparation) -> None:
    (parts / TWO).rename(parts / "elsewhere")


def _with_another_waiver(parts: Path, company: Preparation) -> None:
    from collect.aws.kit import waiver

    other = replace(company, workspace=replace(company.workspace, waivers=(waiver("*"),)))
    collect(other, parts, TWO)


def _of_one(parts: Path, _company: Preparation) -> None:
    _remove(parts, _company)
    (parts / ONE).rename(parts / TWO)
    collect(_company, parts, ONE)


FLAWS: dict[str, tuple[Callable[[Path, Preparation], None], str]] = {
    "edited": (_edit, "part_altered"),
    "removed": (_remove, "part_missing"),
    "read with other waivers": (_with_another_waiver, "part_foreign"),
    "of another account": (_of_one, "part_foreign"),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_an_invalid_part_leaves_its_account_not_evaluated(company: Preparation, tmp_path: Path, flaw: str) -> None:
    change, cause = FLAWS[flaw]
    collect(company, tmp_path / "parts")
    whole = judged(company, tmp_path / "whole", only_parts(Folder(tmp_path / "parts")))
    change(tmp_path / "parts", company)
    said: list[str] = []
    scope = Scope(aws=True, iac=False, fleet=only_parts(Folder(tmp_path / "parts")))
    take_snapshot(company, tmp_path / "told", scope, lambda what, *_: said.append(what))
    assert [TWO in line for line in said if "NOT judged" in line] == [True]
    lacking = judged(company, tmp_path / "lacking", only_parts(Folder(tmp_path / "parts")))
    _is_unread(lacking, whole, cause)


def _is_unread(lacking: Run, whole: Run, cause: str) -> None:
    """Check that nothing in TWO was evaluated, for a cause, and everything in ONE."""
    assert lacking.code == Exit.INCOMPLETE
    of_two = [finding for finding in lacking.assessment.findings if finding.place.account == TWO]
    assert {finding.policy for finding in of_two} == {"iam-policies-not-on-users", "s3-versioning"}
    assert {(finding.status.value, finding.reason.values["cause"]) for finding in of_two} == {("NOT_EVALUATED", cause)}
    assert "bucket-t" not in "".join(path.read_text() for path in (lacking.folder / "aws" / TWO).rglob("*.jsonl"))
    of_one = {place: found for place, found in lacking.verdicts.items() if place[2] == ONE}
    assert of_one == {place: found for place, found in whole.verdicts.items() if place[2] == ONE}


def test_a_part_that_is_too_old_is_not_used(company: Preparation, tmp_path: Path) -> None:
    place = Folder(tmp_path / "parts")
    collect(company, tmp_path / "parts")
    lacking = judged(company, tmp_path / "lacking", Fleet(place, 1e-9))
    causes = Counter(finding.reason.values.get("cause") for finding in lacking.assessment.findings)
    assert set(causes) == {"part_stale"}
    assert lacking.code == Exit.NOTHING_EXAMINED
    assert {found[2] for found in lacking.verdicts} == {ONE, TWO}


def test_a_killed_run_continues_with_the_remaining_accounts(
    company: Preparation, emulator: Emulator, tmp_path: Path
) -> None:
    place = Folder(tmp_path / "parts")
    with pytest.raises(KeyboardInterrupt):
        judged(company, tmp_path / "first", Fleet(place, HOURS, InProcess(company, place, stop=TWO)))
    assert not (tmp_path / "first").exists()
    assert _asked(emulator) == {ONE: 1}
    again = InProcess(company, place)
    found = judged(company, tmp_path / "again", Fleet(place, HOURS, again))
    assert again.asked == [TWO]
    assert _asked(emulator) == {ONE: 1, TWO: 1}
    assert {finding.place.account for finding in found.assessment.findings} >= {ONE, TWO}


def test_a_refused_account_is_read_again(company: Preparation, emulator: Emulator, tmp_path: Path) -> None:
    place = Folder(tmp_path / "parts")
    emulator.faults({"kind": "deny", "operation": "AssumeRole", "resource": TWO})
    refused = judged(company, tmp_path / "refused", Fleet(place, HOURS, InProcess(company, place)))
    of_two = [finding for finding in refused.assessment.findings if finding.place.account == TWO]
    assert {finding.reason.values["cause"] for finding in of_two} == {"role_refused"}
    emulator.faults()
    engine = InProcess(company, place)
    found = judged(company, tmp_path / "found", Fleet(place, HOURS, engine))
    assert engine.asked == [TWO]
    assert any(finding.place.type == BUCKET and finding.place.account == TWO for finding in found.assessment.findings)


CUTS = {
    "refused": ({"kind": "deny", "operation": "AssumeRole", "resource": TWO}, "is NOT judged: the role of the account"),
    "expired": ({"kind": "expired", "operation": "GetBucketVersioning"}, "is judged only in part, because its reading"),
}


@pytest.mark.parametrize("cut", CUTS)
def test_an_account_that_was_not_entered_or_not_read_to_its_end_is_named_with_its_cause(
    company: Preparation, emulator: Emulator, tmp_path: Path, cut: str
) -> None:
    fault, told = CUTS[cut]
    collect(company, tmp_path / "parts", ONE)
    emulator.faults(fault)
    collect(company, tmp_path / "parts", TWO)
    said: list[str] = []
    scope = Scope(aws=True, iac=False, fleet=only_parts(Folder(tmp_path / "parts")))
    take_snapshot(company, tmp_path / "told", scope, lambda what, *_: said.append(what))
    assert [line.startswith(f"account {TWO} {told}") for line in said if "judged" in line] == [True]


def test_the_cause_of_a_failed_worker_is_reported(company: Preparation, tmp_path: Path) -> None:
    place = Folder(tmp_path / "parts")
    whole = judged(company, tmp_path / "whole", None)
    ends = {TWO: ReadingResult(TWO, "worker_killed", "SIGKILL")}
    lacking = judged(company, tmp_path / "lacking", Fleet(place, HOURS, InProcess(company, place, ends)))
    _is_unread(lacking, whole, "worker_killed")


def test_a_name_known_from_one_account_is_replaced_in_all_and_can_be_revealed(
    company: Preparation, emulator: Emulator, tmp_path: Path
) -> None:
    _client(emulator, ONE, "iam").create_user(UserName="jane.doe")
    _bucket(emulator, TWO, "jane.doe")
    collect(company, tmp_path / "parts")
    assert not any(b"jane.doe" in path.read_bytes() for path in (tmp_path / "parts" / ONE).rglob("*.*"))
    judged(company, tmp_path / "snapshot", only_parts(Folder(tmp_path / "parts")))
    text = "".join(path.read_text() for path in (tmp_path / "snapshot").rglob("*.json*"))
    assert "jane.doe" not in text
    assert "jane.doe" in read_table(table_beside(key_path(company.workspace))).values()


def test_two_concurrent_readers_read_an_account_once(company: Preparation, emulator: Emulator, tmp_path: Path) -> None:
    wanted = PartRequest(ONE, HOURS, limits=LIMITS)
    threads = [
        threading.Thread(target=collect_part, args=(company, wanted, Folder(tmp_path / "parts"), silent))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _asked(emulator) == {ONE: 1}
    assert (tmp_path / "parts" / ONE / "part.json").is_file()


def test_without_a_maximum_age_an_account_is_read_again(
    company: Preparation, emulator: Emulator, tmp_path: Path
) -> None:
    collect(company, tmp_path / "parts", ONE)
    collect(company, tmp_path / "parts", ONE)
    assert _asked(emulator) == {ONE: 2}


def test_a_folder_that_is_not_a_part_is_not_changed(company: Preparation, tmp_path: Path) -> None:
    mine = tmp_path / "parts" / ONE / "mine.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    with pytest.raises(UsageError):
        collect(company, tmp_path / "parts", ONE)
    assert mine.read_text() == "mine"


def test_an_account_that_is_not_in_scope_is_an_error(company: Preparation, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="333333333333"):
        collect(company, tmp_path / "parts", "333333333333")


def test_two_concurrent_runs_do_not_share_a_folder(company: Preparation, tmp_path: Path) -> None:
    with chosen(company.workspace, tmp_path, "audit", Choice()) as fleet:
        assert fleet is not None
        with pytest.raises(PreuveError, match="another run"), chosen(company.workspace, tmp_path, "audit", Choice()):
            pass
        with chosen(company.workspace, tmp_path, "scan", Choice()) as other:
            assert other is not None
    assert list(tmp_path.glob(".parts")) == []


def test_parts_of_a_failed_run_are_kept(company: Preparation, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), chosen(company.workspace, tmp_path, "audit", Choice()) as fleet:
        assert fleet is not None
        collect(company, Path(fleet.told), ONE)
        raise KeyboardInterrupt
    with chosen(company.workspace, tmp_path, "audit", Choice()) as fleet:
        assert fleet is not None
        assert (Path(fleet.told) / ONE / "part.json").is_file()


def test_one_account_is_read_by_this_process(company: Preparation, tmp_path: Path) -> None:
    workspace = replace(company.workspace, accounts=company.workspace.accounts[:1])
    with chosen(workspace, tmp_path, "audit", Choice()) as fleet:
        assert fleet is None


def test_parts_may_be_in_a_bucket(company: Preparation, emulator: Emulator, tmp_path: Path) -> None:
    location = {"LocationConstraint": "eu-west-3"}
    emulator.client("s3").create_bucket(Bucket="parts-of-all", CreateBucketConfiguration=location)
    place = place_of("s3://parts-of-all/2026/q4", company.workspace, new=True)
    for account in (ONE, TWO):
        collect_part(company, PartRequest(account, limits=LIMITS), place, silent)
    whole = judged(company, tmp_path / "whole", only_parts(place))
    judged(company, tmp_path / "alone", None)
    assert _lines(tmp_path / "whole") == _lines(tmp_path / "alone")
    keys = [item["Key"] for item in emulator.client("s3").list_objects_v2(Bucket="parts-of-all")["Contents"]]
    assert keys == [f"2026/q4/{ONE}.zip", f"2026/q4/{TWO}.zip"]
    emulator.client("s3").put_object(Bucket="parts-of-all", Key=keys[1], Body=b"PK not a zip")
    _is_unread(judged(company, tmp_path / "broken", only_parts(place)), whole, "part_altered")
    emulator.client("s3").delete_object(Bucket="parts-of-all", Key=keys[1])
    _is_unread(judged(company, tmp_path / "gone", only_parts(place)), whole, "part_missing")
    emulator.faults({"kind": "deny", "service": "s3", "operation": "GetObject", "resource": TWO})
    _is_unread(judged(company, tmp_path / "denied", only_parts(place)), whole, "part_unread")
    nowhere = place_of("s3://no-such-place/2026/q4", company.workspace, new=True)
    found = judged(company, tmp_path / "nowhere", only_parts(nowhere)).assessment.findings
    of_one = {finding.reason.values["cause"] for finding in found if finding.place.account == ONE}
    assert of_one == {"part_no_bucket"}


def test_a_part_of_an_account_out_of_scope_is_reported(company: Preparation, tmp_path: Path) -> None:
    collect(company, tmp_path / "parts")
    one = replace(company, workspace=replace(company.workspace, accounts=company.workspace.accounts[:1]))
    said: list[str] = []
    scope = Scope(aws=True, iac=False, fleet=only_parts(Folder(tmp_path / "parts")))
    take_snapshot(one, tmp_path / "snapshot", scope, lambda what, *_: said.append(what))
    assert [line for line in said if TWO in line] == [
        f"the part of {TWO} is not evaluated: the account is not in scope"
    ]
    assert not (tmp_path / "snapshot" / "aws" / TWO).exists()
