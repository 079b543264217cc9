"""Saved responses: each one is what botocore would read from AWS, member by member."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from emulator import ACCOUNT, PROGRAM, Emulator
from shapes import dummy

FILES = sorted((PROGRAM / "responses").glob("*/*.json"))


def cases_of(path: Path) -> list[dict[str, Any]]:
    """The cases of one file."""
    read = json.loads(path.read_text(encoding="utf-8"))
    return read if isinstance(read, list) else [read]


CASES = [
    pytest.param(path, index, id=f"{path.parent.name}/{path.stem}/{index}")
    for path in FILES
    for index in range(len(cases_of(path)))
]
MODELS = botocore.session.Session()
PLACEHOLDERS = ("$ago", "$param", "$id", "$count")


def unlike(saved: Any, parsed: Any, where: str) -> list[str]:
    """Return the differences between botocore's result and the saved response, without placeholders."""
    if isinstance(saved, Mapping) and len(saved) == 1 and next(iter(saved)) in PLACEHOLDERS:
        return [] if parsed is not None else [f"{where}: nothing was filled in"]
    if isinstance(saved, Mapping):
        if not isinstance(parsed, Mapping):
            return [f"{where}: {parsed!r} is no structure"]
        return [found for key, item in saved.items() for found in unlike(item, parsed.get(key), f"{where}.{key}")]
    if isinstance(saved, list):
        if not isinstance(parsed, list) or len(saved) != len(parsed):
            return [f"{where}: {parsed!r} is not the list of {len(saved)}"]
        pairs = zip(saved, parsed, strict=True)
        return [found for index, pair in enumerate(pairs) for found in unlike(*pair, f"{where}[{index}]")]
    same = saved == parsed or hasattr(parsed, "isoformat")
    return [] if same else [f"{where}: saved {saved!r}, read {parsed!r}"]


@pytest.mark.parametrize(("path", "index"), CASES)
def test_botocore_reads_a_saved_response_as_it_was_saved(techstart_account: Emulator, path: Path, index: int) -> None:
    case = cases_of(path)[index]
    service, _, operation = path.stem.partition(".")
    model = MODELS.get_service_model(service).operation_model(operation)
    params = {**(dummy(model.input_shape) if model.input_shape else {}), **case.get("when", {})}
    region = "us-east-1" if path.parent.name == "default" else path.parent.name
    call = getattr(techstart_account.client(service, region, parameter_validation=False), xform_name(operation))
    if "error" in case:
        with pytest.raises(ClientError) as refused:
            call(**params)
        assert refused.value.response["Error"]["Code"] == case["error"]["code"]
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == case["status"] < 500
    else:
        assert unlike(case["body"], call(**params), operation) == []
    assert techstart_account.ledger()[-1]["by"] == "saved"


def test_the_credential_report_has_the_root_user_first(techstart_account: Emulator) -> None:
    iam = techstart_account.client("iam")
    iam.generate_credential_report()
    report = iam.get_credential_report()["Content"].decode().splitlines()
    names = report[0].split(",")
    root = dict(zip(names, report[1].split(","), strict=True))
    assert root["arn"] == f"arn:aws:iam::{ACCOUNT}:root"
    assert (root["user"], root["mfa_active"]) == ("<root_account>", "true")
    assert len({line.count(",") for line in report}) == 1


def test_a_new_bucket_is_encrypted_and_private_as_in_aws(emulator: Emulator) -> None:
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket="fresh", CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    rules = s3.get_bucket_encryption(Bucket="fresh")["ServerSideEncryptionConfiguration"]["Rules"]
    assert rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert all(s3.get_public_access_block(Bucket="fresh")["PublicAccessBlockConfiguration"].values())
    s3.put_object(Bucket="fresh", Key="a", Body=b"b")
    (bucket,) = s3.list_buckets(MaxBuckets=10)["Buckets"]
    assert bucket["BucketRegion"] == "eu-west-3"
