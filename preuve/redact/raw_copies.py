"""Raw responses, kept apart and for a short time; the redacted evidence contains a salted commitment to each.

The holder of the raw copy can later prove that it is what was read: the commitment is the SHA-256 of the salt and
the response. A plain hash would reveal a short answer to anybody who tries the possible ones; without the salt this
is impossible.

The name of a copy says when it was made and how many days it may stay, and a note beside the pseudonym key says which
folders were used: a copy ends on its date whatever `preuve.yaml` says later.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from preuve.model.errors import PreuveError
from preuve.system.causes import cause, to_do
from preuve.system.files import whole

_SALT_BYTES = 32
_MOMENT = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"([0-9]{8}T[0-9]{6}Z)(?:-([0-9]{1,3})d)?")
_UNSAID = 30  # days of a copy whose name says none (of an earlier version), where preuve.yaml says none either


class RawCopies:
    """Keeps the responses of one run below `folder`, in a folder named after its moment and the `days` it may stay."""

    def __init__(self, folder: Path, now: datetime, days: int) -> None:
        self.folder = folder / f"{now.strftime(_MOMENT)}-{days}d"
        self._lock = Lock()

    def keep(self, call: str, response: Any) -> str:
        """Keep a response under the id of its `call`, and give the commitment to it.

        Raises PreuveError if it cannot be written.
        """
        text = json.dumps(response, sort_keys=True, default=str)
        salt = secrets.token_bytes(_SALT_BYTES)
        line = json.dumps({"id": call, "salt": salt.hex(), "response": text}) + "\n"
        path = self.folder / f"{call.rsplit('/', 1)[0]}.jsonl"
        try:
            with self._lock:
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
                with os.fdopen(opened, "wb") as file:
                    file.write(line.encode("ascii"))
        except OSError as error:
            raise PreuveError(
                f"the raw copy {path} cannot be written: {cause(error)}",
                "set evidence.raw.folder to a place you own, or take it out: without it nothing raw is kept",
            ) from error
        return hashlib.sha256(salt + text.encode("ascii")).hexdigest()


@dataclass(frozen=True)
class Copy:
    """The raw copies of one run, the moment when they were made, and the moment after which they are deleted."""

    folder: Path
    made: datetime
    until: datetime


def forget_older(folder: Path, days: int | None, now: datetime) -> tuple[list[Path], list[Path]]:
    """Delete the raw copies whose date has passed; what has another name is not ours and stays.

    `days` is what is set now for this folder, which may shorten the time of a copy and never prolongs it. Returns the
    copies that are gone, and those that could not be deleted (the folder itself where it cannot be read).
    """
    gone: list[Path] = []
    stay = [folder] if folder.is_dir() and not _may_list(folder) else []
    for copy in kept_in(folder, days):
        if copy.until < now:
            shutil.rmtree(copy.folder, ignore_errors=True)  # goes on, so that as much as possible is gone
            (stay if os.path.lexists(copy.folder) else gone).append(copy.folder)
    return gone, stay


def kept_in(folder: Path, days: int | None = None) -> list[Copy]:
    """Return the raw copies in a folder; `days` is what is set now for this folder."""
    paths = sorted(folder.iterdir()) if folder.is_dir() and _may_list(folder) else []
    return [copy for path in paths if not path.is_symlink() and (copy := _copy(path, days))]


def _may_list(folder: Path) -> bool:
    return os.access(folder, os.R_OK | os.X_OK)


def _copy(path: Path, days: int | None) -> Copy | None:
    named = _NAME.fullmatch(path.name)
    if named is None:
        return None
    try:
        made = datetime.strptime(named[1], _MOMENT).replace(tzinfo=UTC)
        terms = [term for term in (int(named[2]) if named[2] else None, days) if term is not None]
        return Copy(path, made, made + timedelta(days=min(terms, default=_UNSAID)))
    except (ValueError, OverflowError):  # a moment that is none, or after the last one: none of ours
        return None


def note_beside(key_file: Path) -> Path:
    """Return the path of the note that says which folders have been used for raw copies."""
    return key_file.with_suffix(".raw.json")


def noted(note: Path) -> list[Path]:
    """Return the folders that have been used, without what no folder is called; PreuveError where the note is none."""
    try:
        names = json.loads(note.read_text(encoding="utf-8")) if note.is_file() else []
        return [Path(name) for name in names if name and "\0" not in name]
    except (OSError, ValueError, TypeError) as error:
        hint = "delete it, and delete raw copies in folders that preuve.yaml does not name any more yourself"
        raise PreuveError(f"{note} cannot be read: it names the folders of raw copies", hint) from error


def write_note(note: Path, folders: Iterable[Path]) -> None:
    """Note the folders that hold raw copies; PreuveError where that cannot be written."""
    names = sorted({str(folder) for folder in folders})
    if names == [str(folder) for folder in noted(note)]:
        return
    try:
        with whole(note, private=True) as file:
            file.write(json.dumps(names, indent=0).encode())
    except OSError as error:
        hint = to_do(error, "set evidence.pseudonym_key to a place you own")
        raise PreuveError(f"cannot write {note}: {cause(error)}", hint) from error
