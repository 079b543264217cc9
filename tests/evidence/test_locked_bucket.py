"""The long-term home: every object locked until its date, or an error; interrupted and repeated runs are safe."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator import ACCOUNT, Emulator
from preuve.evidence.closed_bundle import read_closed
from preuve.evidence.locked_bucket import COMPLIANCE, GOVERNANCE, Lock, StoredCounts, Target, publish, region_of
from preuve.library.yaml.place import content_root
from preuve.model.errors import PreuveError, UsageError
from preuve.pipeline.bundle.keep import publish_bundle

from .test_export import bundle

TARGET = Target("evidence-of-techstart", "audits")
LOCK = Lock(GOVERNANCE, date(2099, 11, 24))
SHUT = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
ROOT = "audits/2026-Q4/"


@pytest.fixture
def client(emulator: Emulator) -> Any:
    """A client beside a bucket as it should be."""
    client = emulator.client("s3")
    client.create_bucket(
        Bucket=TARGET.bucket,
        ObjectLockEnabledForBucket=True,
        CreateBucketConfiguration={"LocationConstraint": "eu-west-3"},
    )
    client.put_public_access_block(Bucket=TARGET.bucket, PublicAccessBlockConfiguration=SHUT)
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    client.put_bucket_encryption(Bucket=TARGET.bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    return client


def keep(client: Any, folder: Path, lock: Lock = LOCK) -> StoredCounts:
    return publish(read_closed(folder), TARGET, lock, client, ACCOUNT)


def lock_of(client: Any, key: str) -> tuple[str, datetime]:
    head = client.head_object(Bucket=TARGET.bucket, Key=key)
    return head["ObjectLockMode"], head["ObjectLockRetainUntilDate"]


def puts(emulator: Emulator) -> list[str]:
    return [entry["path"] for entry in emulator.ledger("PutObject")]


def test_every_object_is_stored_unchanged_and_locked_until_its_date(client: Any, tmp_path: Path) -> None:
    folder = bundle(tmp_path / "2026-Q4")
    assert keep(client, folder) == StoredCounts(7, 0)
    found = client.list_objects_v2(Bucket=TARGET.bucket)["Contents"]
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {item["Key"] for item in found} == {ROOT + path.relative_to(folder).as_posix() for path in files}
    for path in files:
        place = {"Bucket": TARGET.bucket, "Key": ROOT + path.relative_to(folder).as_posix()}
        assert client.get_object(**place)["Body"].read() == path.read_bytes()
        assert lock_of(client, place["Key"]) == ("GOVERNANCE", datetime(2099, 11, 24, tzinfo=UTC))


def test_a_second_run_stores_nothing(client: Any, tmp_path: Path, emulator: Emulator) -> None:
    folder = bundle(tmp_path / "2026-Q4")
    keep(client, folder)
    before = len(puts(emulator))
    assert keep(client, folder) == StoredCounts(0, 7)
    assert len(puts(emulator)) == before
    versions = client.list_object_versions(Bucket=TARGET.bucket)["Versions"]
    assert len(versions) == 7, "no object has a second version"


def test_an_interrupted_run_continues_and_stores_the_root_last(client: Any, tmp_path: Path, emulator: Emulator) -> None:
    folder = bundle(tmp_path / "2026-Q4")
    emulator.faults({"kind": "deny", "service": "s3", "operation": "PutObject", "resource": "README.html"})
    with pytest.raises(ClientError):
        keep(client, folder)
    stored = {item["Key"] for item in client.list_objects_v2(Bucket=TARGET.bucket).get("Contents", ())}
    assert f"{ROOT}tagmanifest-sha256.txt" not in stored, "whoever sees the root sees a whole bundle"
    emulator.faults()
    done = keep(client, folder)
    assert (done.stored, done.present) == (7 - len(stored), len(stored))
    assert puts(emulator)[-1].endswith("tagmanifest-sha256.txt")


def test_a_different_file_of_the_same_name_is_not_overwritten(client: Any, tmp_path: Path) -> None:
    client.put_object(Bucket=TARGET.bucket, Key=f"{ROOT}README.html", Body=b"another", ChecksumAlgorithm="SHA256")
    with pytest.raises(PreuveError, match=r"README.html contains something other"):
        keep(client, bundle(tmp_path / "2026-Q4"))
    assert client.get_object(Bucket=TARGET.bucket, Key=f"{ROOT}README.html")["Body"].read() == b"another"


def test_an_existing_object_without_a_lock_is_locked(client: Any, tmp_path: Path) -> None:
    folder = bundle(tmp_path / "2026-Q4")
    body = (folder / "README.html").read_bytes()
    client.put_object(Bucket=TARGET.bucket, Key=f"{ROOT}README.html", Body=body, ChecksumAlgorithm="SHA256")
    assert keep(client, folder) == StoredCounts(6, 1)
    assert lock_of(client, f"{ROOT}README.html") == ("GOVERNANCE", LOCK.moment)


def test_a_later_date_extends_the_lock_and_an_earlier_one_does_not_shorten_it(client: Any, tmp_path: Path) -> None:
    folder = bundle(tmp_path / "2026-Q4")
    keep(client, folder)
    for until in (date(2098, 1, 1), date(2099, 12, 24)):
        keep(client, folder, replace(LOCK, until=until))
    assert lock_of(client, f"{ROOT}README.html") == ("GOVERNANCE", datetime(2099, 12, 24, tzinfo=UTC))


def test_the_compliance_mode_is_applied(client: Any, tmp_path: Path) -> None:
    keep(client, bundle(tmp_path / "2026-Q4"), replace(LOCK, mode=COMPLIANCE))
    assert lock_of(client, f"{ROOT}README.html") == ("COMPLIANCE", LOCK.moment)


def test_an_invisible_lock_is_an_error(client: Any, tmp_path: Path, emulator: Emulator) -> None:
    folder = bundle(tmp_path / "2026-Q4")
    body = (folder / "README.html").read_bytes()
    client.put_object(Bucket=TARGET.bucket, Key=f"{ROOT}README.html", Body=body, ChecksumAlgorithm="SHA256")
    emulator.respond("s3", "PutObjectRetention", {})
    with pytest.raises(PreuveError, match="stored but not locked"):
        keep(client, folder)


def test_a_bucket_without_object_lock_or_with_public_access_is_refused(client: Any, tmp_path: Path) -> None:
    closed = read_closed(bundle(tmp_path / "2026-Q4"))
    client.create_bucket(Bucket="plain-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    with pytest.raises(PreuveError, match="has no Object Lock"):
        publish(closed, Target("plain-bucket", ""), LOCK, client, ACCOUNT)
    client.put_public_access_block(
        Bucket=TARGET.bucket, PublicAccessBlockConfiguration={**SHUT, "RestrictPublicBuckets": False}
    )
    with pytest.raises(PreuveError, match="does not block public access"):
        publish(closed, TARGET, LOCK, client, ACCOUNT)
    client.delete_public_access_block(Bucket=TARGET.bucket)
    with pytest.raises(PreuveError, match="does not block public access"):
        publish(closed, TARGET, LOCK, client, ACCOUNT)
    assert "Contents" not in client.list_objects_v2(Bucket=TARGET.bucket)


def test_a_bucket_without_its_own_key_is_noted(client: Any, tmp_path: Path) -> None:
    client.delete_bucket_encryption(Bucket=TARGET.bucket)
    assert not keep(client, bundle(tmp_path / "2026-Q4")).own_key


def test_the_region_of_a_bucket_is_queried(client: Any) -> None:
    assert region_of(client, TARGET, ACCOUNT) == "eu-west-3"


@pytest.mark.parametrize("url", ["https://x/y", "s3://", "s3://UPPER/x", "s3://bucket/../x", "s3://b/x?y", "bucket/x"])
def test_an_invalid_place_in_s3_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="not a place in S3"):
        Target.parse(url)


def test_the_key_has_no_empty_part() -> None:
    assert Target.parse("s3://bucket").key("2026-Q4", "bagit.txt") == "2026-Q4/bagit.txt"
    assert Target.parse("s3://bucket/a/b/").key("2026-Q4", "bagit.txt") == "a/b/2026-Q4/bagit.txt"


# ---- the command --------------------------------------------------------------------------------------------------


def workspace(root: Path, endpoint: str, regions: str) -> Path:
    root.mkdir()
    (root / "preuve.yaml").write_text(
        "schema: 1\norganisation: {name: TechStart, country: FR, language: fr}\n"
        f'scope: {{accounts: [{{id: "{ACCOUNT}", name: production}}], regions: [{regions}]}}\n'
        f'aws: {{endpoint_url: "{endpoint}", demonstration: true}}\n',
        encoding="utf-8",
    )
    return root


def published(root: Path, folder: Path) -> list[str]:
    return list(
        publish_bundle(root, "s3://evidence-of-techstart/audits", folder, "", lambda *_: None, compliance=False)
    )


def test_the_date_comes_from_the_bundle(client: Any, emulator: Emulator, tmp_path: Path) -> None:
    root = workspace(tmp_path / "w", emulator.endpoint, "eu-west-3")
    (line,) = published(root, bundle(tmp_path / "2026-Q4"))
    assert line == (
        "s3://evidence-of-techstart/audits/2026-Q4\u00a0: 7 fichiers déposés, 0 déjà en place\u00a0; "
        "tous sont verrouillés jusqu'au 2099-11-24 (mode governance)"
    )


def test_a_bucket_outside_the_allowed_regions_is_refused(client: Any, emulator: Emulator, tmp_path: Path) -> None:
    root = workspace(tmp_path / "w", emulator.endpoint, "eu-west-1")
    with pytest.raises(PreuveError, match="is in eu-west-3, where evidence must not be kept"):
        published(root, bundle(tmp_path / "2026-Q4"))
    assert puts(emulator) == []


def test_a_bundle_past_its_retention_is_refused(client: Any, emulator: Emulator, tmp_path: Path) -> None:
    root = workspace(tmp_path / "w", emulator.endpoint, "eu-west-3")
    with pytest.raises(UsageError, match="the retention of"):
        published(root, bundle(tmp_path / "2026-Q4", Retention_Until="2020-01-01"))


def test_a_refusal_by_aws_names_the_role_with_the_permissions(client: Any, emulator: Emulator, tmp_path: Path) -> None:
    root = workspace(tmp_path / "w", emulator.endpoint, "eu-west-3")
    emulator.faults({"kind": "deny", "service": "s3", "operation": "PutObject"})
    with pytest.raises(PreuveError) as caught:
        published(root, bundle(tmp_path / "2026-Q4"))
    assert "publishing-role.json" in caught.value.hint


def test_a_missing_bucket_is_not_reported_as_a_missing_permission(
    client: Any, emulator: Emulator, tmp_path: Path
) -> None:
    root = workspace(tmp_path / "w", emulator.endpoint, "eu-west-3")
    with pytest.raises(PreuveError, match="NoSuchBucket") as caught:
        list(publish_bundle(root, "s3://nowhere", bundle(tmp_path / "b"), "", lambda *_: None, compliance=False))
    assert "no such bucket" in caught.value.hint and "role" not in caught.value.hint


def test_the_publishing_role_allows_these_calls_and_never_shortens_a_lock(
    client: Any, emulator: Emulator, tmp_path: Path
) -> None:
    keep(client, bundle(tmp_path / "2026-Q4"))
    policy = json.loads((content_root() / "ci/publishing-role.json").read_text(encoding="utf-8"))
    granted = {action for item in policy["Statement"] if item["Effect"] == "Allow" for action in item["Action"]}
    denied = {action for item in policy["Statement"] if item["Effect"] == "Deny" for action in item["Action"]}
    names = {"GetPublicAccessBlock": "GetBucketPublicAccessBlock", "HeadObject": "GetObject"} | {
        "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
        "GetBucketEncryption": "GetEncryptionConfiguration",
    }
    setup = {"CreateBucket", "PutPublicAccessBlock", "PutBucketEncryption"}
    done = {entry["operation"] for entry in emulator.ledger()} - setup
    assert {f"s3:{names.get(operation, operation)}" for operation in done} <= granted
    assert "s3:BypassGovernanceRetention" in denied and not any("Delete" in action for action in granted)
