"""Stable pseudonyms: HMAC with a key that stays outside the evidence, and a private table for holders of the key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from threading import Lock

from preuve.model.errors import PreuveError, UsageError
from preuve.redact.sealed_texts import mark, seal, unseal
from preuve.system.causes import cause, to_do
from preuve.system.files import try_write, whole

KEY_BYTES = 32
_SHOWN = 12  # characters of the pseudonym: 60 bits, enough to tell a company's people apart


class Pseudonyms:
    """Replaces names by pseudonyms, the same name always by the same one."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._names: dict[str, str] = {}
        self._lock = Lock()

    def of(self, value: str, kind: str = "person") -> str:
        """Return the pseudonym of a value, such as `person-k3v5q7…`. The case of a person's name does not matter: for
        IAM, GitHub and mail, two names that differ in case alone are one.
        """
        value = value.lower() if "@" in value else value
        same = value.lower() if kind == "person" else value
        digest = hmac.new(self._key, same.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
        pseudonym = f"{kind}-{base64.b32encode(digest).decode().lower()[:_SHOWN]}"
        with self._lock:
            self._names[pseudonym] = value
        return pseudonym

    def committed(self, digest: str) -> str:
        """Return a commitment to the SHA-256 of a file that names people: the SHA-256 of a salt and the digest in
        hexadecimal.

        Without the salt, nobody can test a guess about the file. The salt belongs to this file only, and stands with
        the digest in the private table. An auditor who is given both can check that the file shown to them is the
        one meant.
        """
        salt = hmac.new(self._key, f"preuve: file {digest}".encode(), hashlib.sha256).hexdigest()
        commitment = hashlib.sha256(f"{salt}{digest}".encode()).hexdigest()
        with self._lock:
            self._names[commitment] = f"sha256 {digest}, salt {salt}"
        return commitment

    @property
    def key_id(self) -> str:
        """An id that tells keys apart and reveals nothing else."""
        return hmac.new(self._key, b"preuve: which key", hashlib.sha256).hexdigest()[:16]

    @property
    def names(self) -> Mapping[str, str]:
        """The names replaced in this run, by pseudonym."""
        with self._lock:
            return dict(self._names)

    def mark(self, text: bytes) -> str:
        """Return a mark that proves that a holder of the key wrote a text."""
        return mark(self._key, text)

    def sealed(self) -> bytes:
        """Return the replaced names, encrypted for holders of the key."""
        return seal(self._key, json.dumps(self.names, sort_keys=True).encode())

    def learn(self, sealed: bytes) -> bool:
        """Take over what another process replaced with the same key, and return whether it could be read."""
        text = unseal(self._key, sealed)
        if text is None:
            return False
        with self._lock:
            self._names.update(json.loads(text))
        return True

    def save(self, table: Path) -> None:
        """Add what was replaced in this run to the private table beside the key (readable by its owner only).

        Raises PreuveError if it cannot be written.
        """
        known = read_table(table)
        known.update(self.names)
        _write_private(table, json.dumps(known, ensure_ascii=False, indent=0, sort_keys=True).encode())


def read_table(table: Path) -> dict[str, str]:
    """Return the private table: pseudonym to name."""
    if not table.is_file():
        return {}
    names: dict[str, str] = json.loads(table.read_text(encoding="utf-8"))
    return names


def table_beside(key_file: Path) -> Path:
    """Return the path of a key's private table."""
    return key_file.with_suffix(".names.json")


def load_key(path: Path) -> bytes:
    """Load the pseudonym key, made on first use. It must stay the same across audits, or pseudonyms change.

    Raises UsageError if others can read it or it is none, PreuveError if it cannot be read or written.
    """
    try:
        if not path.exists():
            _write_private(path, secrets.token_hex(KEY_BYTES).encode(), once=True)
        if path.stat().st_mode & 0o077:
            raise UsageError(f"others can read the pseudonym key {path}", f"run: chmod 600 {path}")
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError as error:
        hint = "it belongs to whoever audits: set evidence.pseudonym_key to a place you own"
        raise PreuveError(f"cannot read the pseudonym key {path}: {cause(error)}", hint) from error
    except ValueError as error:
        raise UsageError(
            f"{path} is not a pseudonym key", "restore it from its backup; it holds 64 hex digits"
        ) from error
    if len(key) < KEY_BYTES:
        raise UsageError(f"the pseudonym key {path} is too short", "restore it from its backup; it holds 64 hex digits")
    return key


def try_place(key_file: Path) -> None:
    """Raise PreuveError where a key and its table could not be written: a run would fail when all has been read."""
    for path in (key_file, table_beside(key_file)):
        try:
            try_write(path)
        except OSError as error:
            raise _unwritable(path, error) from error


def _write_private(path: Path, content: bytes, *, once: bool = False) -> None:
    try:
        with whole(path, private=True, once=once) as file:
            file.write(content)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> PreuveError:
    hint = to_do(error, "set evidence.pseudonym_key to a place you own")
    return PreuveError(f"cannot write {path}: {cause(error)}", hint)
