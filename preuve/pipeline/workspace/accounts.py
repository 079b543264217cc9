"""Lists the accounts that a run would read, for pipelines with a job for each."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Sequence
from pathlib import Path

from preuve.collect.aws.session import Limits
from preuve.model.company.organization import Account
from preuve.model.errors import UsageError
from preuve.model.progress import silent
from preuve.pipeline.run.discovery import with_organization
from preuve.pipeline.run.preparation import Preparation
from preuve.redact.pseudonyms import Pseudonyms
from preuve.redact.redactor import Redactor
from preuve.snapshot.writer import SnapshotWriter


def accounts_in_scope(prepared: Preparation, limits: Limits | None = None) -> Sequence[Account]:
    """Return the current accounts in scope; Organizations is called if the workspace has an organization.

    Raises UsageError if the workspace names neither.
    """
    if not (prepared.workspace.reads_accounts and prepared.workspace.regions):
        raise UsageError("preuve.yaml names no account and region", "fill in scope.accounts and scope.regions")
    redactor = Redactor(Pseudonyms(secrets.token_bytes(32)))  # a throw-away key: nothing is kept
    with tempfile.TemporaryDirectory(prefix="preuve-") as folder:
        found, _ = with_organization(prepared, SnapshotWriter(Path(folder)), redactor, silent, limits)
    return found.workspace.accounts
