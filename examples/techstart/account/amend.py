"""Corrects the few answers in which moto differs from AWS in a way that a policy would notice.

AWS encrypts every new bucket, blocks public access to it, and says where it is; its credential report has a line for
the root user and its list of policies their names; a Config recorder that runs has delivered, and so has a trail that
logs to CloudWatch. Every answer has a request id and a content type. moto names automatic snapshots by the minute in
which it made them, and queues by the port that it listens on: here both keep one name.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from .answers import Answer, aws_headers
from .backdate import iam
from .identify import Asked
from .moto_state import account, backend

_REPORT_TIME = "%Y-%m-%dT%H:%M:%S+00:00"
_BY_THE_MINUTE = re.compile(r"(?<=-)20\d\d-\d\d-\d\d-\d\d-\d\d$")
_AUTOMATIC = "2026-09-01-03-05"
_QUEUE_HOST = re.compile(rb"http://[^/\"<]+/(?=\d{12}/)")
_LISTED_OWNER = b"bcaf1ffd86f41161ca5fb16fd081034f"
_OWNER = b"75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a"
_PAB = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def amend(asked: Asked, answer: Answer, now: datetime) -> Answer:
    """`answer` as AWS would have given it."""
    corrected = _CORRECTIONS.get(f"{asked.service}.{asked.operation}")
    answer = corrected(asked, answer, now) if corrected and answer.status < 300 else answer
    return Answer(answer.status, aws_headers(answer.headers, answer.body), answer.body)


def _new_bucket(asked: Asked, answer: Answer, _now: datetime) -> Answer:
    bucket = backend("s3")["aws"].buckets[asked.params["Bucket"]]
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": "false"}
    bucket.encryption = bucket.encryption or {"Rule": rule}
    bucket.public_access_block = bucket.public_access_block or _closed()
    return answer


def _closed() -> Any:
    from moto.s3.models import PublicAccessBlock  # noqa: PLC0415

    return PublicAccessBlock(*(["true"] * len(_PAB)))


def _listed_buckets(asked: Asked, answer: Answer, _now: datetime) -> Answer:
    # moto names another owner here than in ACLs. The region stands only in answers to a request that pages or filters.
    answer = Answer(answer.status, answer.headers, answer.body.replace(_LISTED_OWNER, _OWNER))
    if not {"MaxBuckets", "Prefix", "BucketRegion", "ContinuationToken"} & set(asked.params):
        return answer
    buckets = backend("s3")["aws"].buckets

    def with_region(name: re.Match[bytes]) -> bytes:
        region = buckets[name[1].decode()].region_name
        return name[0] + f"<BucketRegion>{region}</BucketRegion>".encode()

    return Answer(answer.status, answer.headers, re.sub(rb"<Name>([^<]+)</Name>", with_region, answer.body))


def _versioning(_asked: Asked, answer: Answer, _now: datetime) -> Answer:
    # moto names the document of a bucket that never had versions after the operation.
    body = answer.body.replace(b"GetBucketVersioningResponse", b"VersioningConfiguration")
    return Answer(answer.status, answer.headers, body)


def _distributions(_asked: Asked, answer: Answer, _now: datetime) -> Answer:
    # AWS says of every distribution whether another one is tried out with it, and of an origin that it is a bucket.
    body = re.sub(rb"(?<!</Staging>)</DistributionSummary>", rb"<Staging>false</Staging>\g<0>", answer.body)
    made = (item.distribution_config for item in backend("cloudfront")["aws"].distributions.values())
    buckets = {
        item.id: item.s3_access_identity for config in made for item in config.Origins["Items"] if _is_bucket(item)
    }

    def with_bucket(origin: re.Match[bytes]) -> bytes:
        identity = buckets.get(origin["id"].decode())
        if identity is None:
            return origin[0]
        own = f"<OriginAccessIdentity>{identity}</OriginAccessIdentity>"
        return origin[0].removesuffix(b"</Origin>") + f"<S3OriginConfig>{own}</S3OriginConfig></Origin>".encode()

    whole = rb"<Origin><Id>(?P<id>[^<]+)</Id>(?:(?!</Origin>|<S3OriginConfig>).)*</Origin>"
    return Answer(answer.status, answer.headers, re.sub(whole, with_bucket, body, flags=re.DOTALL))


def _is_bucket(origin: Any) -> bool:
    return hasattr(origin, "s3_access_identity")


def _recorder_delivers(_asked: Asked, answer: Answer, now: datetime) -> Answer:
    status = json.loads(answer.body)
    for recorder in status.get("ConfigurationRecordersStatus", []):
        if recorder["recording"]:
            recorder |= {"lastStatus": "SUCCESS", "lastStartTime": (now - timedelta(days=30)).timestamp()}
    return Answer(answer.status, answer.headers, json.dumps(status).encode())


def _trail_delivers(asked: Asked, answer: Answer, now: datetime) -> Answer:
    status = json.loads(answer.body)
    name = str(asked.params.get("Name", "")).rpartition("/")[2]
    trail = next(
        (found for found in backend("cloudtrail")[asked.region].trails.values() if found.trail_name == name), None
    )
    if trail is None or not status.get("IsLogging"):
        return answer
    delivers = {
        "LatestCloudWatchLogsDeliveryTime": trail.cw_log_group_arn,
        "LatestDigestDeliveryTime": trail.log_validation,
    }
    status |= {time: now.timestamp() for time, on in delivers.items() if on}
    return Answer(answer.status, answer.headers, json.dumps(status).encode())


def _credential_report(_asked: Asked, answer: Answer, now: datetime) -> Answer:
    found = re.search(rb"<Content>(.*?)</Content>", answer.body, re.DOTALL)
    if not found:
        return answer
    head, _, rows = base64.b64decode(found[1]).decode().partition("\n")
    users = "\n".join(_user_row(row) for row in rows.splitlines())
    content = base64.b64encode(f"{head}\n{_root_row()}\n{users}\n".encode())
    body = answer.body.replace(found[1], content)
    time = f"<GeneratedTime>{now:%Y-%m-%dT%H:%M:%SZ}</GeneratedTime>".encode()
    return Answer(answer.status, answer.headers, re.sub(rb"<GeneratedTime>.*?</GeneratedTime>", time, body))


def _user_row(row: str) -> str:
    # moto writes not_supported where AWS writes N/A: for a key that was never used, and for a user without a password.
    cells = row.split(",")
    unused = (11, 12, 16, 17) if cells[3] == "true" else (4, 5, 6, 11, 12, 16, 17)
    return ",".join("N/A" if index in unused else cell for index, cell in enumerate(cells))


def _root_row() -> str:
    summary = iam().account_summary
    used = getattr(summary, "root_used", None)
    last = used.strftime(_REPORT_TIME) if used else "no_information"
    flags = (summary._account_mfa_enabled, summary._account_access_keys_present)
    mfa, key = ("true" if flag else "false" for flag in flags)
    made = "2021-03-15T09:00:00+00:00"
    first_key = [key, made if key == "true" else "N/A", "N/A", "N/A", "N/A"]
    no_key = ["false", "N/A", "N/A", "N/A", "N/A"]
    root = ["<root_account>", f"arn:aws:iam::{account()}:root", made]
    password = ["not_supported", last, "not_supported", "not_supported"]
    return ",".join([*root, *password, mfa, *first_key, *no_key, "false", "N/A", "false", "N/A"])


def _policy_names(_asked: Asked, answer: Answer, _now: datetime) -> Answer:
    # Of a customer's policies moto gives the ARN only.
    named = re.sub(
        rb"<Arn>(arn:aws:iam::\d*:policy/(?:[^<]*/)?([^</]+))</Arn>", rb"<PolicyName>\2</PolicyName>\g<0>", answer.body
    )
    return Answer(answer.status, answer.headers, named)


def _sending(_asked: Asked, answer: Answer, _now: datetime) -> Answer:
    # Of a flag that nobody has set moto makes an object.
    body = re.sub(rb'("SendingEnabled": ?)\{\}', rb"\1true", answer.body)
    return Answer(answer.status, answer.headers, body)


def _snapshot_names(asked: Asked, answer: Answer, _now: datetime) -> Answer:
    # Of the state and not of the answers, because later calls ask by this name.
    rds = backend("rds")[asked.region]
    kinds = (
        (rds.database_snapshots, "db_snapshot_identifier"),
        (rds.cluster_snapshots, "db_cluster_snapshot_identifier"),
    )
    for snapshots, identifier in kinds:
        for name in [name for name in snapshots if _BY_THE_MINUTE.search(name)]:
            snapshot = snapshots.pop(name)
            setattr(snapshot, identifier, _BY_THE_MINUTE.sub(_AUTOMATIC, getattr(snapshot, identifier)))
            snapshots[getattr(snapshot, identifier)] = snapshot
    return answer


def _queue_urls(asked: Asked, answer: Answer, _now: datetime) -> Answer:
    host = f"https://sqs.{asked.region}.amazonaws.com/".encode()
    return Answer(answer.status, answer.headers, _QUEUE_HOST.sub(host, answer.body))


_CORRECTIONS: Mapping[str, Callable[[Asked, Answer, datetime], Answer]] = {
    "s3.CreateBucket": _new_bucket,
    "s3.GetBucketVersioning": _versioning,
    "s3.ListBuckets": _listed_buckets,
    "config.DescribeConfigurationRecorderStatus": _recorder_delivers,
    "cloudfront.ListDistributions": _distributions,
    "cloudtrail.GetTrailStatus": _trail_delivers,
    "rds.CreateDBCluster": _snapshot_names,
    "rds.CreateDBInstance": _snapshot_names,
    "rds.ModifyDBInstance": _snapshot_names,
    "sesv2.GetConfigurationSet": _sending,
    "sqs.CreateQueue": _queue_urls,
    "sqs.GetQueueUrl": _queue_urls,
    "sqs.ListQueues": _queue_urls,
    "iam.GetAccountAuthorizationDetails": _policy_names,
    "iam.GetCredentialReport": _credential_report,
}
