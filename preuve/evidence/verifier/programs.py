"""Checks signature and timestamp with OpenSSH and OpenSSL, and reports if these are not installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from .bag import SIGNATURE, TAG_MANIFEST, TIMESTAMP, open_regular
from .report import Item, broken, holds, note, still_open

NAMESPACE = "audit-evidence"
SIGNERS = "verification/allowed_signers"
AUTHORITY = "verification/tsa-ca.pem"
MOMENT = "%Y-%m-%dT%H:%M:%SZ"
_SECONDS = 60
_LARGEST = 1 << 20  # of a signature, a timestamp, or what a program prints
_MOST_NAMES = 100  # of signers with one key
_DIGITS = 3  # bytes of the length of a reply
# Nothing before it and nothing after: ssh-keygen reads to the end mark, and no hash covers this file.
_ARMOR = re.compile(rb"-----BEGIN SSH SIGNATURE-----\n(?:[A-Za-z0-9+/=]{1,76}\n)+-----END SSH SIGNATURE-----\n")
_SOON = timedelta(hours=1)  # an authority asked at closing answers within this
_SKEW = timedelta(minutes=5)
_GOOD = re.compile(r'Good "[a-z-]+" signature for (?P<signer>.+) with \S+ key (?P<key>SHA256:\S+)')
_TIME = re.compile(r"^Time stamp: (?P<time>\w{3} +\d+ \d\d:\d\d:\d\d)(\.\d+)? (?P<year>\d{4}) GMT$", re.MULTILINE)
_STRONG = re.compile(r"^Hash Algorithm: sha(256|384|512)$", re.MULTILINE)


@dataclass(frozen=True)
class ChainFacts:
    """The chain's facts about the seal of a bundle, and about the seals before it."""

    key: str = ""  # signs this bundle
    authority: str = ""  # of this bundle's timestamp
    closed: str = ""
    before: str = ""  # key of the last signed one before
    signed: int = 0  # number of an earlier run that was signed
    stamped: int = 0  # and of one that was timestamped


def check_signature(
    folder: Path, expected: ChainFacts, signers: Path | None, stamped_at: datetime | None = None
) -> list[Item]:
    """Check that an allowed signer signed the root; `signers` is a file that came by another path than the bundle.

    If a signature is expected, its absence is a defect: an attacker who rewrites a bundle without a key removes it.
    `stamped_at` is when an authority that the auditor knows saw the root, and with it the key that signs.
    """
    if not (folder / SIGNATURE).is_file():
        return [_no_signature(expected, signers)]
    if (program := shutil.which("ssh-keygen")) is None:
        return [still_open("no_ssh_keygen")]
    allowed = signers or folder / SIGNERS
    try:
        plain = _ARMOR.fullmatch(_small(folder / SIGNATURE))
        _small(allowed)
    except OSError as error:
        return [broken("signature_unreadable", error=error.strerror or error)]
    files = folder / TAG_MANIFEST, folder / SIGNATURE, allowed
    return _allowed(program, files, expected, signers is not None, stamped_at) if plain else [broken("signature_bad")]


def _allowed(
    program: str, files: tuple[Path, Path, Path], expected: ChainFacts, known: bool, stamped_at: datetime | None
) -> list[Item]:
    """Check that an allowed signer signed; for a key that has expired since, its permission at closing counts."""
    if found := verified(program, *files):
        return _signed_by(found, expected, known=known)
    closed = _moment(expected.closed)
    for ended, code, moment in ((note, "key_ended", stamped_at), (still_open, "key_ended_unseen", closed)):
        if moment and (found := verified(program, *files, moment)):
            told = ended(code, key=found["key"], time=moment.strftime(MOMENT))
            return [*_signed_by(found, expected, known=known), told]
    return [broken("signature_bad")]


def _signed_by(found: re.Match[str], expected: ChainFacts, *, known: bool) -> list[Item]:
    """Check that the chain names the key; `known` is whether the auditor knows the key by another path."""
    if expected.key and found["key"] != expected.key:
        return [broken("signature_other_key", signer=found["signer"], key=found["key"], expected=expected.key)]
    items = [holds("signature", signer=found["signer"], key=found["key"])]
    if known:
        return items
    if expected.before not in ("", found["key"]):
        items.append(note("key_changed", number=expected.signed, before=expected.before, key=found["key"]))
    return [*items, note("signers_from_bundle", key=found["key"])]


def _no_signature(expected: ChainFacts, signers: Path | None) -> Item:
    if expected.key:
        return broken("signature_removed", key=expected.key)
    if expected.signed:
        return broken("signature_stopped", number=expected.signed)
    return broken("signature_expected") if signers else note("not_signed")


def verified(
    program: str, signed: Path, signature: Path, allowed: Path, moment: datetime | None = None
) -> re.Match[str] | None:
    """Return `signer` and `key` of a good `signature` of the file `signed`; nothing if it is not good.

    `allowed` is the file of allowed signers. A key counts if it is allowed now, or was at a `moment`.
    """
    files = ["-s", str(signature), "-f", str(allowed)]
    files += [f"-Overify-time={moment:%Y%m%d%H%M%SZ}"] if moment else []
    _, names = run([program, "-Y", "find-principals", *files], errors=False)
    found = (signed_by(program, NAMESPACE, name, signed, files) for name in names.splitlines()[:_MOST_NAMES])
    return next((match for match in found if match), None)


def signed_by(program: str, namespace: str, signer: str, signed: Path, files: Sequence[str]) -> re.Match[str] | None:
    """Return a good signature by `signer`; `files` are options that name signature and signers."""
    code, said = run([program, "-Y", "verify", "-n", namespace, "-I", signer, *files], signed, errors=False)
    return _GOOD.search(said) if code == 0 else None


def check_timestamp(folder: Path, expected: ChainFacts, authority: Path | None) -> list[Item]:
    """Check by a timestamp authority that the root existed at the bundle's closing time; if a timestamp is expected,
    its absence is a defect.
    """
    if not (folder / TIMESTAMP).is_file():
        return [_no_timestamp(expected, authority)]
    if (program := shutil.which("openssl")) is None:
        return [still_open("no_openssl")]
    trusted = authority or folder / AUTHORITY
    if not trusted.is_file():
        return [still_open("no_authority")]
    try:
        _small(folder / TIMESTAMP)
    except OSError as error:
        return [broken("timestamp_unreadable", error=error.strerror or error)]
    time = stamped(program, folder / TAG_MANIFEST, folder / TIMESTAMP, trusted)
    if time is None:
        return [broken("timestamp_bad")]
    items = [_dated(time, expected.closed)]
    return items if authority else [*items, note("authority_from_bundle")]


def seen_at(items: Sequence[Item]) -> datetime | None:
    """Return when the authority saw the root, by the result of the check of the timestamp."""
    good = ("timestamp", "timestamp_late", "timestamp_undated")
    return next((_moment(item.values["time"]) for item in items if item.code in good), None)


def _no_timestamp(expected: ChainFacts, authority: Path | None) -> Item:
    if expected.stamped:
        return broken("timestamp_stopped", number=expected.stamped)
    if authority:
        return broken("timestamp_expected")
    return still_open("timestamp_asked", authority=expected.authority) if expected.authority else note("no_timestamp")


def stamped(program: str, data: Path, reply: Path, trusted: Path) -> datetime | None:
    """Return the time of a valid timestamp of a file, or None. The authority's certificate must be valid at that time:
    when a bundle is verified, the certificate may have expired.
    """
    try:
        open_regular(data).close()  # the program follows a link, and waits for a pipe
    except OSError:
        return None
    _, text = run([program, "ts", "-reply", "-in", str(reply), "-text"])
    found = _TIME.search(text)
    if found is None or not _STRONG.search(text) or not _is_one_der(reply.read_bytes()):
        return None
    time = datetime.strptime(f"{found['time']} {found['year']}", "%b %d %H:%M:%S %Y")
    seconds = int((time - datetime(1970, 1, 1)).total_seconds())
    files = ["-data", str(data), "-in", str(reply), "-CAfile", str(trusted)]
    for more in ([], ["-attime", str(seconds)]):
        code, said = run([program, "ts", "-verify", *files, *more])
        if code == 0 and "Verification: OK" in said:
            return time
    return None


def _dated(time: datetime, closed: str) -> Item:
    said = time.strftime(MOMENT)
    moment = _moment(closed)
    if moment is None:
        return still_open("timestamp_undated", time=said)
    if time < moment - _SKEW:
        return broken("timestamp_early", time=said, closed=closed)
    if time > moment + _SOON:
        return still_open("timestamp_late", time=said, closed=closed)
    return holds("timestamp", time=said, closed=closed)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, MOMENT)
    except ValueError:
        return None


def _small(path: Path) -> bytes:
    with open_regular(path) as file:
        content = file.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise OSError(f"{path.name} is larger than {_LARGEST} bytes")
    return content


def _is_one_der(content: bytes) -> bool:
    """Return whether a DER sequence extends to the end: OpenSSL ignores whatever follows one."""
    size = content[1] - 0x80 if len(content) > 1 else 0  # bytes that hold the length: a reply is longer than 127
    length = int.from_bytes(content[2 : 2 + size], "big")
    return content[:1] == b"\x30" and 0 < size <= _DIGITS and 2 + size + length == len(content)


def run(command: Sequence[str], given: Path | None = None, *, errors: bool = True) -> tuple[int, str]:
    """Return exit code and output of a program, which reads `given` and never prompts; with its `errors`."""
    environment = {**os.environ, "LC_ALL": "C", "SSH_ASKPASS_REQUIRE": "never"}
    try:
        with open_regular(given) if given else Path(os.devnull).open("rb") as file:
            done = subprocess.run(
                command,
                stdin=file,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT if errors else subprocess.DEVNULL,
                timeout=_SECONDS,
                env=environment,
                check=False,
            )
    except (OSError, subprocess.TimeoutExpired) as error:
        return 1, str(error)
    return done.returncode, done.stdout[:_LARGEST].decode("utf-8", "replace")
