"""Stores bundles for the long term in an S3 bucket whose objects cannot be deleted or overwritten before a date.

Only this module writes to AWS.
"""

from __future__ import annotations

import base64
import itertools
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Self

from botocore.exceptions import ClientError

from preuve.evidence.closed_bundle import ClosedBundle, ClosedFile
from preuve.evidence.verifier.bag import SIGNATURE, TIMESTAMP, open_regular
from preuve.model.errors import PreuveError, UsageError
from preuve.model.progress import Progress, Step, silent
from preuve.system.manifests import TAG_MANIFEST

THREADS = 8
GOVERNANCE, COMPLIANCE = "GOVERNANCE", "COMPLIANCE"
NO_BUCKET = "NoSuchBucket"
_URL = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<prefix>[A-Za-z0-9!_.*'()/-]*))?")
_LAST = (TAG_MANIFEST, SIGNATURE, TIMESTAMP)  # stored last: a bundle is complete only with them
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".pdf": "application/pdf",
}
_ALREADY = ("PreconditionFailed", "ConditionalRequestConflict")
_SHUT = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


@dataclass(frozen=True)
class Target:
    """The bucket and prefix that store bundles."""

    bucket: str
    prefix: str

    @classmethod
    def parse(cls, url: str) -> Self:
        """Parse `s3://bucket/prefix`. Raises UsageError for any other text."""
        match = _URL.fullmatch(url)
        if match is None or ".." in url:
            raise UsageError(f"{url} is not a place in S3", "write s3://bucket/prefix; a bucket has 3 to 63 characters")
        return cls(match["bucket"], (match["prefix"] or "").strip("/"))

    def key(self, bundle: str, name: str) -> str:
        """Return the key of a file of a bundle."""
        return "/".join(filter(None, (self.prefix, bundle, name)))


@dataclass(frozen=True)
class Lock:
    """How long objects are kept, and whether a role with the right to bypass governance can shorten it."""

    mode: str
    until: date

    @property
    def moment(self) -> datetime:
        """The end of the lock."""
        return datetime.combine(self.until, time(), UTC)


@dataclass(frozen=True)
class StoredCounts:
    """The numbers of files stored now, and of files that existed already. All are locked."""

    stored: int
    present: int
    own_key: bool = True  # whether the bucket encrypts under a KMS key


def publish(
    bundle: ClosedBundle, target: Target, lock: Lock, client: Any, owner: str, progress: Progress = silent
) -> StoredCounts:
    """Store a bundle and check the lock of every object. A repeated call is safe, and continues an interrupted one.

    `owner` is the account id of the bucket. Raises the errors of botocore, and PreuveError if the bucket or an object
    is not as required.
    """
    store = _Store(client, target, bundle.name, lock, owner)
    own_key = store.examine()
    early = [file for file in bundle.files if file.name not in _LAST]
    late = [file for file in bundle.files if file.name in _LAST]
    results: list[bool] = []
    with ThreadPoolExecutor(THREADS) as pool:
        for stored in itertools.chain(pool.map(store.keep, early), map(store.keep, late)):
            results.append(stored)
            progress(Step("storing"), len(results), len(bundle.files))
    return StoredCounts(sum(results), len(results) - sum(results), own_key)


def next_step(error: Exception, otherwise: str) -> str:
    """Return a hint for a failed call of S3. A missing bucket needs no further permission."""
    code = getattr(error, "response", {}).get("Error", {}).get("Code", "")
    return "there is no such bucket: check its name and the account" if code in (NO_BUCKET, "404") else otherwise


def region_of(client: Any, target: Target, owner: str) -> str:
    """Return the region of a bucket. S3 refuses a bucket that another account owns."""
    answer = client.get_bucket_location(Bucket=target.bucket, ExpectedBucketOwner=owner)
    place = answer.get("LocationConstraint") or "us-east-1"
    return "eu-west-1" if place == "EU" else str(place)


class _Store:
    """Stores one bundle in one bucket."""

    def __init__(self, client: Any, target: Target, bundle: str, lock: Lock, owner: str) -> None:
        self._client = client
        self._target = target
        self._bundle = bundle
        self._lock = lock
        self._bucket = {"Bucket": target.bucket, "ExpectedBucketOwner": owner}

    def examine(self) -> bool:
        """Return whether the bucket has its own KMS key.

        Raises PreuveError if it does not lock objects, or if the public may read it.
        """
        locked = self._asked("get_object_lock_configuration", "ObjectLockConfiguration")
        if locked.get("ObjectLockEnabled") != "Enabled":
            hint = "make a bucket with Object Lock, which can only be turned on by whoever owns it"
            raise PreuveError(f"the bucket {self._target.bucket} has no Object Lock", hint)
        shut = self._asked("get_public_access_block", "PublicAccessBlockConfiguration")
        if not all(shut.get(name) for name in _SHUT):
            hint = "turn on all four settings of its public access block"
            raise PreuveError(f"the bucket {self._target.bucket} does not block public access", hint)
        rules = self._asked("get_bucket_encryption", "ServerSideEncryptionConfiguration").get("Rules", ())
        kinds = [rule.get("ApplyServerSideEncryptionByDefault", {}).get("SSEAlgorithm", "") for rule in rules]
        return any(kind.startswith("aws:kms") for kind in kinds)

    def _asked(self, call: str, member: str) -> Mapping[str, Any]:
        """Read a setting of the bucket: empty if it was never set, an error if it may not be read."""
        try:
            answer: Mapping[str, Any] = getattr(self._client, call)(**self._bucket)[member]
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code.startswith("NoSuch") or code.endswith("NotFoundError"):
                return {}
            raise
        return answer

    def keep(self, file: ClosedFile) -> bool:
        """Make sure that a file is stored and locked. Return whether it was stored now.

        Raises PreuveError if its key has a different file, or if the lock is missing afterwards.
        """
        head = self._head(file)
        stored = head is None and self._put(file)
        head = head if head is not None and not stored else self._head(file)
        if head is None or head.get("ChecksumSHA256") != _checksum(file):
            raise PreuveError(
                f"{self._key(file)} contains something other than {file.path}",
                "choose another prefix: nothing is overwritten",
            )
        if not self._is_locked(head):
            self._lock_it(file)
            if not self._is_locked(self._head(file) or {}):
                raise PreuveError(f"{self._key(file)} is stored but not locked", "check the bucket's Object Lock")
        return stored

    def _head(self, file: ClosedFile) -> Mapping[str, Any] | None:
        try:
            found: Mapping[str, Any] = self._client.head_object(
                **self._bucket, Key=self._key(file), ChecksumMode="ENABLED"
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in ("404", "NoSuchKey", "NotFound"):
                return None
            raise
        return found

    def _put(self, file: ClosedFile) -> bool:
        """Store a file, unless another run stored it first. S3 refuses a body with another hash."""
        with open_regular(file.path) as body:
            try:
                self._client.put_object(
                    **self._bucket,
                    Key=self._key(file),
                    Body=body,
                    ChecksumAlgorithm="SHA256",
                    ChecksumSHA256=_checksum(file),
                    ContentType=_TYPES.get(file.path.suffix, "application/octet-stream"),
                    IfNoneMatch="*",
                    ObjectLockMode=self._lock.mode,
                    ObjectLockRetainUntilDate=self._lock.moment,
                )
            except ClientError as error:
                if error.response["Error"]["Code"] not in _ALREADY:
                    raise
                return False
        return True

    def _lock_it(self, file: ClosedFile) -> None:
        """Lock an existing object that has no lock, or one that ends too early."""
        retention = {"Mode": self._lock.mode, "RetainUntilDate": self._lock.moment}
        self._client.put_object_retention(**self._bucket, Key=self._key(file), Retention=retention)

    def _is_locked(self, head: Mapping[str, Any]) -> bool:
        """Return whether an object is locked at least as strictly and as long as required. A lock that the role cannot
        read counts as missing.
        """
        mode, until = head.get("ObjectLockMode"), head.get("ObjectLockRetainUntilDate")
        return mode in {self._lock.mode, COMPLIANCE} and until is not None and until >= self._lock.moment

    def _key(self, file: ClosedFile) -> str:
        return self._target.key(self._bundle, file.name)


def _checksum(file: ClosedFile) -> str:
    return base64.b64encode(bytes.fromhex(file.sha256)).decode()
