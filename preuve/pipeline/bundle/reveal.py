"""Finds the name behind a pseudonym. Each answer is logged before it is given."""

from __future__ import annotations

import codecs
import getpass
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from preuve.library.company.workspace import load_workspace
from preuve.library.load import read_library
from preuve.library.parsed_content import ParsedContent
from preuve.library.yaml.place import content_root
from preuve.model.errors import PreuveError, UsageError
from preuve.model.moment import current_moment
from preuve.pipeline.run.forget import key_path
from preuve.redact.pseudonyms import Pseudonyms, load_key, read_table, table_beside
from preuve.system.causes import cause, to_do


def workspace_key(root: Path) -> Path:
    """Return the key file of a workspace, even if a policy or control of the workspace is broken."""
    library, _ = read_library(root, validate=False, opener=ParsedContent(content_root()))
    return key_path(load_workspace(root, library))


def reveal(key_file: Path, pseudonym: str, reason: str, candidates: Iterable[str] = ()) -> str:
    """Return the name behind a pseudonym, after a line in the log next to the key that it was requested, by whom and
    why.

    The name comes from the table next to the key. If runs were made on machines that no longer exist, a holder of the
    key can test `candidates` instead. Raises UsageError if the reason is empty or no name is found.
    """
    if not reason.strip():
        raise UsageError("the reason is empty", 'say why, as in --reason "sample 12 of the audit of 2026-Q4"')
    table = table_beside(key_file)
    tried = _among(key_file, pseudonym, candidates)
    names = {**tried, **_names(table)}
    name = _resolved(names, pseudonym)
    if not name and tried:
        hint = "give others; the table is on the machine that made the audit, beside its pseudonym key"
        raise UsageError(f"{pseudonym!r} is neither in {table} nor one of the names given: {len(tried)}", hint)
    if not name:
        hint = "the table is on the machine that made the audit, beside its key; or give likely names: --candidates"
        raise UsageError(f"{table} does not know {pseudonym!r}", hint)
    _log(log_beside(key_file), pseudonym, reason)
    return name


def names_in(content: bytes) -> list[str]:
    """Return the lines of a file of names. Raises UsageError if its encoding is none that a spreadsheet writes and
    marks.
    """
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return content.decode(encoding).splitlines()
    except UnicodeDecodeError as error:
        hint = "save the file as UTF-8 (in the spreadsheet: CSV UTF-8)"
        raise UsageError("the names to try cannot be read: they are not in UTF-8", hint) from error


def _among(key_file: Path, pseudonym: str, candidates: Iterable[str]) -> dict[str, str]:
    """Return the candidates by their pseudonyms, of the same kind as the requested one."""
    wanted = [line.strip() for line in candidates if line.strip()]
    if not wanted:
        return {}
    if not key_file.is_file():  # a new key cannot have made a pseudonym
        raise UsageError(f"there is no pseudonym key {key_file}", "restore it from its backup")
    pseudonyms = Pseudonyms(load_key(key_file))
    return {pseudonyms.of(name, pseudonym.rpartition("-")[0]): name for name in wanted}


def log_beside(key_file: Path) -> Path:
    """Return the path of the log of requests."""
    return key_file.with_suffix(".reveals.jsonl")


def _resolved(names: Mapping[str, str], pseudonym: str) -> str:
    """Return the name; if another pseudonym replaced this one, the name behind both."""
    seen = {pseudonym}
    name = names.get(pseudonym, "")
    while name in names and name not in seen:
        seen.add(name)
        name = names[name]
    return name


def _names(table: Path) -> dict[str, str]:
    try:
        return read_table(table)
    except (OSError, ValueError) as error:
        raise PreuveError(f"{table} cannot be read: {cause(error)}", "restore it from its backup") from error


def _log(path: Path, pseudonym: str, reason: str) -> None:
    entry = {"time": current_moment(), "pseudonym": pseudonym, "reason": reason, "user": _user()}
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        try:
            os.write(file, (json.dumps(entry) + "\n").encode("ascii"))
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        hint = to_do(error, "nothing is revealed without a log entry: make it writable")
        raise PreuveError(f"cannot write {path}: {cause(error)}", hint) from error


def _user() -> str:
    """Return the name of the user of this process, from the system rather than the environment if possible."""
    try:
        import pwd  # noqa: PLC0415 - there is none on Windows

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return getpass.getuser()
