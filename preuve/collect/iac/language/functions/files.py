"""Functions that read files of the folder that the code is in."""

from __future__ import annotations

import base64
import posixpath
from collections.abc import Mapping

from preuve.collect.iac.language.functions.signature import TEXT, Function, Host, Parameter
from preuve.collect.iac.language.type import ANY
from preuve.collect.iac.language.value import RefusedError, Set, Unknown, Value, unknown


def _file(host: Host, path: str) -> Value:
    content = host.read(path)
    if isinstance(content, Unknown):
        return content
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RefusedError("not UTF-8") from error


def _filebase64(host: Host, path: str) -> Value:
    content = host.read(path)
    return content if isinstance(content, Unknown) else base64.b64encode(content).decode()


def _templatefile(host: Host, path: str, variables: Value) -> Value:
    template = _file(host, path)
    if isinstance(template, Unknown) or isinstance(variables, Unknown):
        return unknown(template, variables)
    if not isinstance(variables, Mapping):
        raise RefusedError("no object of variables")
    return host.render(template, variables)


def _fileset(host: Host, path: str, pattern: str) -> Value:
    found = host.names(path, pattern)
    return found if isinstance(found, Unknown) else Set(tuple(sorted(found)))


FUNCTIONS = {
    "file": Function(_file, (TEXT,), asks=True),
    "filebase64": Function(_filebase64, (TEXT,), asks=True),
    "fileexists": Function(lambda host, path: host.exists(path), (TEXT,), asks=True),
    "fileset": Function(_fileset, (TEXT, TEXT), asks=True),
    "templatefile": Function(_templatefile, (TEXT, Parameter(ANY, unknown=True)), asks=True),
    "basename": Function(posixpath.basename, (TEXT,)),
    "dirname": Function(lambda path: posixpath.dirname(path) or ".", (TEXT,)),
}
