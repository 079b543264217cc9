"""One account's share of a snapshot, in its own folder: its units, the names that were replaced (sealed), and
`part.json`, which records the request and has a mark that only a holder of the pseudonym key can make.

The disk decides whether an account was read: a part is there completely, or it does not count.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from preuve.model.company.run_secrets import OF_RUN
from preuve.model.snapshot import Unread
from preuve.redact.pseudonyms import Pseudonyms
from preuve.system.manifests import digest_of

SCHEMA = "preuve-part/2"
ABOUT, NAMES = "part.json", "names.sealed"
_MARK = "mark"
_LARGEST_ABOUT = 1 << 22  # bytes; a unit takes some 150, and lists in lists grow when read
_PIECE = 1 << 20  # bytes read at once
_NO_WAIT = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)  # a pipe would have no end
_UNIT = re.compile(r"aws/[0-9]{12}/[a-z0-9-]+/[a-z0-9-]+\.jsonl")
_AHEAD = timedelta(minutes=5)  # how far clocks of two machines may differ
_MOMENT = "%Y-%m-%dT%H:%M:%S%z"
# What a part was collected for, and the code of each difference from the present request.
_CODES = {
    "schema": "OtherFormat",
    "account": "OtherAccount",
    "build": "OtherBuild",
    "content": "OtherContent",
    "regions": "OtherRegions",
    "members": "OtherMembers",
    "source": "OtherSource",
}

Asked = Mapping[str, Any]  # the members named above, and `pseudonym_key_id`


class PartError(Exception):
    """A part that does not count, and why."""

    def __init__(self, cause: str, code: str = "", message: str = "") -> None:
        super().__init__(f"{cause} {code} {message}".strip())
        self.reason = Unread(cause, code, OF_RUN.hidden(message))


@dataclass(frozen=True)
class Part:
    """A part that passed its checks: its folder and its description."""

    folder: Path
    about: Mapping[str, Any]

    @property
    def refused(self) -> bool:
        """Whether preuve could not enter the account, so that another try is worthwhile."""
        return bool(self.about["refused"])

    def copy_units(self, snapshot: Path) -> None:
        """Copy the units into a snapshot. Raises PartError if the copy differs from what was written."""
        for name, digest in self.about["files"].items():
            if name != NAMES:
                target = snapshot / name
                target.parent.mkdir(parents=True, exist_ok=True)
                if _copied(self._pieces(name), target) != digest:
                    raise _altered(name)

    def learn(self, pseudonyms: Pseudonyms) -> None:
        """Add the names that were replaced to `pseudonyms`.

        Raises PartError if the file differs from what was written.
        """
        sealed = b"".join(self._pieces(NAMES))
        if hashlib.sha256(sealed).hexdigest() != self.about["files"][NAMES] or not pseudonyms.learn(sealed):
            raise _altered(NAMES)

    def _pieces(self, name: str) -> Iterator[bytes]:
        return _pieces(self.folder / name, self.about["sizes"][name])


def finish_part(folder: Path, about: Mapping[str, Any], pseudonyms: Pseudonyms) -> None:
    """Write what makes a folder of units a part; nothing in it may change afterwards."""
    (folder / NAMES).write_bytes(pseudonyms.sealed())
    files = {name: digest_of(folder / name) for name in sorted(_files(folder))}
    sizes = {name: (folder / name).stat().st_size for name in files}
    whole = {**about, "schema": SCHEMA, "files": files, "sizes": sizes}
    text = json.dumps({**whole, _MARK: pseudonyms.mark(_canonical(whole))}, indent=1, sort_keys=True)
    (folder / ABOUT).write_text(text + "\n", encoding="utf-8")


def read_part(folder: Path, asked: Asked, pseudonyms: Pseudonyms, oldest: datetime) -> Part:
    """Return the part in a folder. Raises PartError if it is missing, altered, foreign, too old or from the future."""
    about = _about(folder)
    if about.get("pseudonym_key_id") != pseudonyms.key_id:
        raise PartError("part_foreign", "OtherKey")
    mark = str(about.pop(_MARK, "")).encode("utf-8", "replace")
    if not hmac.compare_digest(mark, pseudonyms.mark(_canonical(about)).encode()):
        raise _altered(ABOUT)
    _check_asked(about, asked)
    _check_age(about, oldest)
    _check_files(folder, about)
    return Part(folder, about)


def _about(folder: Path) -> dict[str, Any]:
    path = folder / ABOUT
    if path.is_symlink() or folder.is_symlink():
        raise PartError("part_missing", "SymbolicLink")
    if not path.is_file():
        raise PartError("part_missing", "Archive" if folder.with_name(f"{folder.name}.zip").is_file() else "")
    try:
        size = path.stat().st_size
        if size > _LARGEST_ABOUT:
            raise _altered(ABOUT)
        about = json.loads(b"".join(_pieces(path, size)).decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise _altered(ABOUT) from error
    if not isinstance(about, dict):
        raise _altered(ABOUT)
    return about


def _check_asked(about: Mapping[str, Any], asked: Asked) -> None:
    for name, code in _CODES.items():
        wanted = SCHEMA if name == "schema" else asked[name]
        if about.get(name) != wanted:
            raise PartError("part_foreign", code)


def _check_age(about: Mapping[str, Any], oldest: datetime) -> None:
    started, finished = (datetime.strptime(about[name], _MOMENT) for name in ("started", "finished"))
    if started < oldest:
        raise PartError("part_stale", "", str(about["started"]))
    if max(started, finished) > datetime.now(UTC) + _AHEAD:
        raise PartError("part_ahead", "", str(about["finished"]))


def _check_files(folder: Path, about: Mapping[str, Any]) -> None:
    """Raise PartError unless the folder has exactly the files that were written, each under a name that a unit may
    have.
    """
    listed = set(about["files"])
    for name in sorted(listed ^ (_files(folder) - {ABOUT})):
        raise _altered(name)
    account = f"aws/{about['account']}/"
    for name in sorted(listed - {NAMES}):
        if not _UNIT.fullmatch(name) or not name.startswith(account):
            raise _altered(name)


def _altered(name: str) -> PartError:
    return PartError("part_altered", "", name)


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in _below(folder)}


def _below(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_dir():
            yield path


def _pieces(path: Path, size: int) -> Iterator[bytes]:
    """Yield the content of a file piece by piece. Raises PartError unless it is a regular file of this size."""
    try:
        with os.fdopen(os.open(path, _NO_WAIT), "rb") as file:
            state = os.fstat(file.fileno())
            if not stat.S_ISREG(state.st_mode) or state.st_size != size:
                raise _altered(path.name)
            while size > 0 and (piece := file.read(min(size, _PIECE))):
                size -= len(piece)
                yield piece
    except OSError as error:
        raise _altered(path.name) from error


def _copied(pieces: Iterable[bytes], target: Path) -> str:
    """Write a copy and return its hash."""
    digest = hashlib.sha256()
    with target.open("wb") as copy:
        for piece in pieces:
            copy.write(piece)
            digest.update(piece)
    return digest.hexdigest()


def _canonical(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, sort_keys=True, separators=(",", ":")).encode()
