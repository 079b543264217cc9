"""Raw responses, kept apart and for a short time; the redacted evidence contains a salted commitment to each.

The holder of the raw copy can later prove that it is what was read: the commitment is the SHA-256 of the salt and
the response. A plain hash would reveal a short answer to anybody who tries the possible ones; without the salt this
is impossible.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from preuve.model.errors import PreuveError

_SALT_BYTES = 32
_NAME = "%Y%m%dT%H%M%SZ"


class RawCopies:
    """Keeps the responses of one run below `folder`, in a folder of its moment."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.folder = folder / now.strftime(_NAME)
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
                f"the raw copy {path} cannot be written: {error.strerror}",
                "set evidence.raw.folder to a place you own, or take it out: without it nothing raw is kept",
            ) from error
        return hashlib.sha256(salt + text.encode("ascii")).hexdigest()


def forget_older(folder: Path, days: int, now: datetime) -> list[Path]:
    """Delete the raw copies that are older than `days`; what has another name is not ours and stays."""
    over = [path for path, made in kept_in(folder).items() if made + timedelta(days=days) < now]
    for path in over:
        shutil.rmtree(path)
    return over


def kept_in(folder: Path) -> dict[Path, datetime]:
    """Return the raw copies in a folder, and when each was made."""
    found = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        try:
            made = datetime.strptime(path.name, _NAME).replace(tzinfo=UTC)
        except ValueError:
            continue
        if not path.is_symlink():
            found[path] = made
    return found
