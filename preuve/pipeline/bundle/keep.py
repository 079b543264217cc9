"""Copies a closed bundle to its long-term storage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from preuve.collect.aws.session import AccountAccess, Limits
from preuve.evidence.closed_bundle import ClosedBundle, read_closed
from preuve.evidence.locked_bucket import COMPLIANCE, GOVERNANCE, THREADS, Lock, Target, next_step, publish, region_of
from preuve.library.company.workspace import load_workspace
from preuve.library.load import load_library
from preuve.model.company.organization import Account
from preuve.model.company.workspace import Workspace
from preuve.model.errors import QUOTED, PreuveError, UsageError
from preuve.model.progress import Show
from preuve.pipeline.run.progress import in_words
from preuve.publish.words.locale import load_locale


def publish_bundle(root: Path, url: str, folder: Path, profile: str, show: Show, *, compliance: bool) -> Iterator[str]:
    """Store the bundle in `folder` at `url` with its retention, check it, and yield what was done.

    With `compliance` nobody can shorten the lock. Raises UsageError if the workspace allows no region, PreuveError if
    AWS refuses or the bucket is not fit for evidence.
    """
    target = Target.parse(url)
    workspace = load_workspace(root, load_library(None, validate=False))
    if not workspace.regions:
        raise UsageError("preuve.yaml names no regions, so evidence cannot be stored in any", "add scope.regions")
    said = load_locale(workspace.language)
    bundle = read_closed(folder)
    lock = Lock(COMPLIANCE if compliance else GOVERNANCE, _deleted_after(bundle))
    access = AccountAccess(Account("", "publish", profile=profile), workspace, Limits(threads=THREADS))
    try:
        owner = str(access.client("sts", access.home).get_caller_identity()["Account"])
        region = region_of(access.client("s3", access.home), target, owner)
        _check_region(region, target, workspace)
        done = publish(bundle, target, lock, access.client("s3", region), owner, in_words(show, workspace.language))
    except (BotoCoreError, ClientError) as error:
        hint = "the role needs what ci/publishing-role.json allows, in the account that owns the bucket"
        what = f"AWS refused or did not answer: {QUOTED}"
        raise PreuveError(what, next_step(error, hint), quoted=str(error)) from error
    if not done.own_key:
        yield said("note.no_kms_key", bucket=target.bucket)
    place = f"s3://{target.bucket}/{target.key(bundle.name, '')}"
    told = {"place": place, "present": said.number(done.present), "until": lock.until, "mode": lock.mode.lower()}
    yield said.count("note.stored", done.stored, **told)


def _check_region(region: str, target: Target, workspace: Workspace) -> None:
    """Refuse a region outside the allowed ones or, if none are named, outside those in scope."""
    allowed = workspace.params.get("allowed_regions") or workspace.regions
    if region not in allowed:
        hint = f"use one in {', '.join(sorted(allowed))}"
        raise PreuveError(f"the bucket {target.bucket} is in {region}, where evidence must not be kept", hint)


def _deleted_after(bundle: ClosedBundle) -> date:
    """Return the day that the bundle states. Raises PreuveError if it states none, UsageError if that is past."""
    try:
        until = date.fromisoformat(bundle.info["Retention-Until"])
    except (KeyError, ValueError) as error:
        raise PreuveError(f"{bundle.name} does not say how long it must be kept", "audit again") from error
    if until <= datetime.now(UTC).date():
        raise UsageError(f"the retention of {bundle.name} ended on {until}", "delete it instead")
    return until
