"""Functions of files and paths, and the hashes of texts and of files."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Callable
from uuid import NAMESPACE_DNS, NAMESPACE_OID, NAMESPACE_URL, NAMESPACE_X500, UUID, uuid5

from preuve.collect.code.language.hcl.functions.encodings import decoded_text, encoded_bytes
from preuve.collect.code.language.hcl.functions.signature import TEXT, VALUE, Function, Host
from preuve.collect.code.language.values.sets import set_of_members
from preuve.collect.code.language.values.value import RefusedError, Unknown, Value, unknown

_NAMESPACES = {"dns": NAMESPACE_DNS, "url": NAMESPACE_URL, "oid": NAMESPACE_OID, "x500": NAMESPACE_X500}
_HASHES = {"md5": hashlib.md5, "sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha512": hashlib.sha512}


def _file(host: Host, path: str) -> Value:
    content = host.read(path)
    return content if isinstance(content, Unknown) else decoded_text(content)


def _filebase64(host: Host, path: str) -> Value:
    content = host.read(path)
    return content if isinstance(content, Unknown) else encoded_bytes(content)


def _fileset(host: Host, path: str, pattern: str) -> Value:
    names = host.names(path, pattern)
    return names if isinstance(names, Unknown) else set_of_members(names)


def _templatefile(host: Host, path: str, variables: Value) -> Value:
    template = _file(host, path)
    return template if isinstance(template, Unknown) else _templatestring(host, template, variables)


def _templatestring(host: Host, template: str, variables: Value) -> Value:
    if not isinstance(variables, dict):
        raise RefusedError("a template wants its variables by name")
    return host.render(template, variables)


def _dirname(path: str) -> Value:
    return _clean(path[: path.rfind("/") + 1])


def _clean(path: str) -> str:
    found = posixpath.normpath(path) if path else "."
    return "/" + found.lstrip("/") if found.startswith("//") else found


def _basename(path: str) -> Value:
    if not path:
        return "."
    return path.rstrip("/").rpartition("/")[2] or "/"


def _pathexpand(path: str) -> Value:
    return unknown(why="the home directory") if path.startswith("~") else path


def _uuidv5(namespace: str, name: str) -> Value:
    if namespace in _NAMESPACES:
        return str(uuid5(_NAMESPACES[namespace], name))
    try:
        found = UUID(namespace)
    except ValueError:
        raise RefusedError("uuidv5 wants a namespace") from None
    plain = str(found) == namespace.lower()
    return str(uuid5(found, name)) if plain else unknown(why="a namespace in another notation")


def _hexadecimal(algorithm: str, content: bytes) -> str:
    return _HASHES[algorithm](content, usedforsecurity=False).hexdigest()


def _base64(algorithm: str, content: bytes) -> str:
    return encoded_bytes(_HASHES[algorithm](content, usedforsecurity=False).digest())


def _of_text(algorithm: str, write: Callable[[str, bytes], str]) -> Function:
    return Function(lambda text: write(algorithm, text.encode()), (TEXT,))


def _of_file(algorithm: str, write: Callable[[str, bytes], str]) -> Function:
    def run(host: Host, path: str) -> Value:
        content = host.read(path)
        return content if isinstance(content, Unknown) else write(algorithm, content)

    return Function(run, (TEXT,), asks=True)


FUNCTIONS = {
    "basename": Function(_basename, (TEXT,)),
    "dirname": Function(_dirname, (TEXT,)),
    "file": Function(_file, (TEXT,), asks=True),
    "filebase64": Function(_filebase64, (TEXT,), asks=True),
    "fileexists": Function(lambda host, path: host.exists(path), (TEXT,), asks=True),
    "fileset": Function(_fileset, (TEXT, TEXT), asks=True),
    "pathexpand": Function(_pathexpand, (TEXT,)),
    "templatefile": Function(_templatefile, (TEXT, VALUE), asks=True),
    "templatestring": Function(_templatestring, (TEXT, VALUE), asks=True),
    "uuidv5": Function(_uuidv5, (TEXT, TEXT)),
    **{name: _of_text(name, _hexadecimal) for name in _HASHES},
    **{f"base64{name}": _of_text(name, _base64) for name in ("sha256", "sha512")},
    **{f"file{name}": _of_file(name, _hexadecimal) for name in _HASHES},
    **{f"filebase64{name}": _of_file(name, _base64) for name in ("sha256", "sha512")},
}
