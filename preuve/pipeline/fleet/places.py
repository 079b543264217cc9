"""The places of parts: a folder, or a prefix of an S3 bucket."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from preuve.collect.aws.session import AccountAccess, Limits
from preuve.evidence.locked_bucket import Target
from preuve.model.company.organization import Account
from preuve.model.company.workspace import Workspace
from preuve.model.errors import UsageError
from preuve.pipeline.fleet.bucket import Bucket
from preuve.snapshot.part import ABOUT
from preuve.system.folders import exclusive_folder, temporary_folder


class Place(Protocol):
    """The place of the parts of accounts."""

    def part(self, account: str) -> AbstractContextManager[Path]:
        """Provide the folder in which the part of an account can be read now; there may be none."""

    def accounts(self) -> Sequence[str]:
        """Return the accounts that have a part, as far as known without asking more than for each part."""

    def turn(self, account: str) -> AbstractContextManager[object]:
        """Wait until no other process writes the part of this account."""

    def new_part(self, account: str) -> AbstractContextManager[Path]:
        """Make a folder to write in, which takes the place of the account's part once all of it was written."""


@dataclass(frozen=True)
class Folder:
    """Parts in a folder: a folder for each account."""

    root: Path

    @contextmanager
    def part(self, account: str) -> Iterator[Path]:
        """Provide the part as it lies there."""
        yield self.root / account

    def accounts(self) -> Sequence[str]:
        """Return every folder that is a part."""
        return sorted(path.parent.name for path in self.root.glob(f"[!.]*/{ABOUT}"))

    def turn(self, account: str) -> AbstractContextManager[object]:
        """Hold a folder that is there for that alone, so that it stays the same one."""
        return exclusive_folder(self.root / f".turn-{account}", wait=True)

    @contextmanager
    def new_part(self, account: str) -> Iterator[Path]:
        """Yield a folder to write a part in, beside its place, and rename it.

        Raises UsageError if something else lies there.
        """
        place = self.root / account
        if place.exists() and not (place / ABOUT).is_file():
            raise UsageError(f"{place} exists and is not a part", "name another folder for the parts")
        shutil.rmtree(place, ignore_errors=True)
        with temporary_folder(place) as folder:
            yield folder


def place_of(name: str, workspace: Workspace, *, new: bool = False) -> Place:
    """Return the place of a path or `s3://` address. Raises UsageError if its folder is missing and must not be `new`,
    or if it is an address of another kind, which would become a folder here.
    """
    if name.startswith("s3:") or "://" in name:
        access = AccountAccess(Account("", "parts"), workspace, Limits())
        return Bucket(Target.parse(name), access.client("s3", access.home))
    folder = Path(name)
    if not new and not folder.is_dir():
        raise UsageError(f"there is no folder {name}", "name the folder that preuve collect wrote into")
    return Folder(folder)
