"""The meaning of an error of the system, of Python or of a library, in words of preuve that have translations."""

from __future__ import annotations

import errno
import json
import re
import zlib
from collections.abc import Callable
from typing import Any
from zipfile import BadZipFile

import msgspec

from preuve.model.errors import PreuveError, UnfitError

# The keys of `system_errors` in the locales.
_OF_SYSTEM = {
    errno.ENOENT: "No such file or directory",
    errno.EACCES: "Permission denied",
    errno.EPERM: "Permission denied",
    errno.EISDIR: "Is a directory",
    errno.ENOTDIR: "Not a directory",
    errno.EEXIST: "File exists",
    errno.ENOSPC: "No space left on device",
    errno.EFBIG: "File too large",
    errno.EDQUOT: "No space left on device",
    errno.EROFS: "Read-only file system",
    errno.ELOOP: "Too many levels of symbolic links",
    errno.ENAMETOOLONG: "File name too long",
    errno.EIO: "Input/output error",
    errno.ECONNREFUSED: "Connection refused",
}
_WHERE = re.compile(r"`\$\.?([^`]+)`$")  # how a message of msgspec ends


def cause(error: BaseException) -> str:
    """Return why something failed. Of a library's message only positions are kept: line, column, member."""
    return next(told(error) for kinds, told in _KINDS if isinstance(error, kinds))


def of_number(number: int | None) -> str:
    """Return the meaning of an error number of the system."""
    if not number:
        return "the system gives no reason"
    return _OF_SYSTEM.get(number) or f"the system reports error {number}"


def number_of(error: OSError) -> int:
    """Return the number of an error of the system, also if Python or preuve raised it without one; 0 if it has none."""
    return error.errno or next((number for kind, number in _CLASSES if isinstance(error, kind)), 0)


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def to_do(error: OSError, otherwise: str) -> str:
    """Return what to do about a file that cannot be written; `otherwise` is the advice unless the disk is full."""
    return "free some space on the disk and try again" if number_of(error) in _FULL else otherwise


_CLASSES = (
    (FileExistsError, errno.EEXIST),
    (FileNotFoundError, errno.ENOENT),
    (PermissionError, errno.EACCES),
    (ConnectionRefusedError, errno.ECONNREFUSED),
)


def _misfit(error: BaseException) -> str:
    found = _WHERE.search(str(error))
    return f"the member {found[1]} is not what it should be" if found else _OTHER_FORM


def _absent(error: KeyError) -> str:
    return f"the member {error.args[0]} is missing" if error.args and isinstance(error.args[0], str) else _OTHER_FORM


_OTHER_FORM = "it does not have the expected form"
# The first match counts: some kinds are subclasses of others.
_KINDS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], Callable[[Any], str]], ...] = (
    ((UnfitError, PreuveError), str),
    (UnicodeError, lambda _: "it is not UTF-8"),
    (json.JSONDecodeError, lambda error: f"it is not JSON (line {error.lineno}, column {error.colno})"),
    (OSError, lambda error: of_number(number_of(error))),
    (msgspec.ValidationError, _misfit),
    (msgspec.DecodeError, lambda _: "it is not JSON"),
    (RecursionError, lambda _: "it is nested too deeply"),
    ((BadZipFile, zlib.error, EOFError), lambda _: "it is no archive, or a damaged one"),
    (KeyError, _absent),
    (BaseException, lambda _: _OTHER_FORM),
)
