"""Buckets: those that a client's auditor would like to see, and those that he would not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .tools import ACCOUNT, IRELAND, PARIS, Aws, policy, tags, well_kept

LOGS = "techstart-journaux"
_CLOSED = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)


@dataclass(frozen=True)
class Bucket:
    """One bucket and its settings. `key` is the short name of a KMS key, empty for SSE-S3."""

    name: str
    tags: dict[str, str] = field(default_factory=dict)
    region: str = PARIS
    key: str = ""
    versioned: bool = False
    logged: bool = False
    tls_only: bool = False
    closed: bool = True
    public_policy: bool = False
    public_acl: bool = False
    expires: int = 0
    archives: int = 0


BUCKETS = (
    Bucket(LOGS, well_kept("plateforme", Retention="365d"), expires=365, tls_only=True),
    Bucket(
        "techstart-clients-documents",
        well_kept("produit", "confidential", "yes", RopaId="TRT-001", Retention="1095d"),
        key="donnees",
        versioned=True,
        logged=True,
        tls_only=True,
        expires=1095,
    ),
    Bucket(
        "techstart-factures",
        well_kept("finance", "confidential", "yes", RopaId="TRT-004", Retention="3650d"),
        key="donnees",
        versioned=True,
        logged=True,
        tls_only=True,
        expires=3650,
    ),
    Bucket(
        "techstart-paie", well_kept("ressources humaines", "secret", "yes"), key="donnees", logged=True, tls_only=True
    ),
    Bucket("techstart-candidatures", {"Owner": "ressources humaines", "PersonalData": "yes", "RopaId": "TRT-999"}),
    Bucket("techstart-piste-audit", well_kept("securite"), key="journaux", versioned=True, logged=True, tls_only=True),
    Bucket("techstart-config", well_kept("securite"), logged=True, versioned=True, tls_only=True, expires=400),
    Bucket(
        "techstart-sauvegardes",
        well_kept("plateforme", "confidential"),
        key="donnees",
        versioned=True,
        logged=True,
        tls_only=True,
        archives=90,
    ),
    Bucket(
        "techstart-etat-terraform",
        well_kept("plateforme", "secret"),
        key="donnees",
        versioned=True,
        logged=True,
        tls_only=True,
    ),
    Bucket(
        "techstart-site-public",
        {"Owner": "communication", "DataClassification": "public"},
        closed=False,
        public_policy=True,
    ),
    Bucket("techstart-exports-clients", {"Owner": "theo.martin"}, closed=False, public_acl=True),
    Bucket("techstart-essais", {"Owner": "<script>alert(1)</script>", "Note": "=cmd|' /C calc'!A1"}, closed=False),
    Bucket(
        "techstart-copie-irlande",
        well_kept("plateforme", "confidential"),
        region=IRELAND,
        versioned=True,
        tls_only=True,
        expires=30,
    ),
    Bucket("techstart-marketing-us", {"Owner": "communication", "PersonalData": "yes"}, region="us-east-1"),
)


def fill(aws: Aws, keys: dict[str, str]) -> None:
    """Makes the buckets, a public access block for the account, and an access point."""
    for bucket in BUCKETS:
        _make(aws("s3", bucket.region), bucket, keys)
    aws("s3").put_object(Bucket="techstart-site-public", Key="index.html", Body=b"<h1>TechStart</h1>")
    _replicate(aws("s3"))


def _make(s3: Any, bucket: Bucket, keys: dict[str, str]) -> None:
    place = {} if bucket.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": bucket.region}}
    s3.create_bucket(
        Bucket=bucket.name, ObjectOwnership="ObjectWriter" if bucket.public_acl else "BucketOwnerEnforced", **place
    )
    if bucket.tags:
        s3.put_bucket_tagging(Bucket=bucket.name, Tagging={"TagSet": tags(**bucket.tags)})
    if bucket.closed:
        s3.put_public_access_block(Bucket=bucket.name, PublicAccessBlockConfiguration=_CLOSED)
    else:
        s3.delete_public_access_block(Bucket=bucket.name)
    if bucket.versioned:
        s3.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"})
    if bucket.public_acl:
        s3.put_bucket_acl(Bucket=bucket.name, ACL="public-read")
    _encrypt(s3, bucket, keys)
    _log(s3, bucket)
    _state_policy(s3, bucket)
    _age_out(s3, bucket)


def _encrypt(s3: Any, bucket: Bucket, keys: dict[str, str]) -> None:
    if not bucket.key:
        return
    rule = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": keys[bucket.key]}
    rules = [{"ApplyServerSideEncryptionByDefault": rule, "BucketKeyEnabled": True}]
    s3.put_bucket_encryption(Bucket=bucket.name, ServerSideEncryptionConfiguration={"Rules": rules})


def _log(s3: Any, bucket: Bucket) -> None:
    if bucket.logged:
        target = {"TargetBucket": LOGS, "TargetPrefix": f"{bucket.name}/"}
        s3.put_bucket_logging(Bucket=bucket.name, BucketLoggingStatus={"LoggingEnabled": target})


def _state_policy(s3: Any, bucket: Bucket) -> None:
    arns = [f"arn:aws:s3:::{bucket.name}", f"arn:aws:s3:::{bucket.name}/*"]
    statements: list[dict[str, Any]] = []
    if bucket.tls_only:
        refused = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "s3:*", "Resource": arns}
        statements.append({"Sid": "TlsSeulement", **refused, "Condition": {"Bool": {"aws:SecureTransport": "false"}}})
    if bucket.public_policy:
        read = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": arns[1]}
        statements.append({"Sid": "LecturePublique", **read})
    if bucket.name == LOGS:
        write = {"Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": "s3:PutObject"}
        source = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
        statements.append({"Sid": "JournauxS3", **write, "Resource": arns[1], "Condition": source})
    if statements:
        s3.put_bucket_policy(Bucket=bucket.name, Policy=policy(*statements))


def _age_out(s3: Any, bucket: Bucket) -> None:
    rule: dict[str, Any] = {"ID": "conservation", "Status": "Enabled", "Filter": {"Prefix": ""}}
    rule["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": 7}
    if bucket.expires:
        rule["Expiration"] = {"Days": bucket.expires}
        if bucket.versioned:
            rule["NoncurrentVersionExpiration"] = {"NoncurrentDays": 30}
    if bucket.archives:
        rule["Transitions"] = [{"Days": bucket.archives, "StorageClass": "GLACIER"}]
    if bucket.expires or bucket.archives:
        s3.put_bucket_lifecycle_configuration(Bucket=bucket.name, LifecycleConfiguration={"Rules": [rule]})


def _replicate(s3: Any) -> None:
    rule = {
        "ID": "irlande",
        "Status": "Enabled",
        "Priority": 1,
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": "arn:aws:s3:::techstart-copie-irlande"},
    }
    role = f"arn:aws:iam::{ACCOUNT}:role/techstart-sauvegarde"
    s3.put_bucket_replication(Bucket="techstart-sauvegardes", ReplicationConfiguration={"Role": role, "Rules": [rule]})
