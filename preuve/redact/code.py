"""Redaction of what a scan of code says: as of the account, and names of users where a block is one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from preuve.redact.redactor import Redactor

_PEOPLE = re.compile(
    r"aws_(iam_user|iam_access_key|iam_virtual_mfa|identitystore_user|transfer_user|transfer_ssh_key|quicksight_user"
    r"|connect_user|cognito_user|cognito_user_in_group|workspaces_workspace)(?!_pool|_identity)\w*"
)
_SPEAKING = frozenset({"address", "called_from", "detail", "origins", "tags", "values"})  # no names of files and checks
_KEY = re.compile(r'\["([^"]+)"\]')
_NAMING = frozenset({"user", "users", "user_name", "username", "name", "display_name", "given_name", "family_name"})
_PLAIN = re.compile(r"(?!(?:aws_|var\.|local\.|each\.|data\.|module\.|count\.|path\.))[\w+=,.@ -]+")


def redacted(line: Mapping[str, Any], redactor: Redactor) -> dict[str, Any]:
    """A line of the snapshot without what must not be stored."""
    names = {name: redactor.person(name) for name in _names(line)}
    cleared = {
        member: _without(value, names) if names and member in _SPEAKING else value for member, value in line.items()
    }
    found: dict[str, Any] = redactor.data(cleared)
    return found


def _names(line: Mapping[str, Any]) -> Iterator[str]:
    """The people that a block is about: the key of its instance, and what its arguments say."""
    if not _PEOPLE.fullmatch(str(line.get("type", ""))):
        return
    yield from _KEY.findall(line["address"].rsplit(line["type"], 1)[-1])
    for attribute, value in (line.get("values") or {}).items():
        if re.split(r"[.\[]", attribute)[-1].rstrip("]") in _NAMING or attribute.split("[")[0] in _NAMING:
            yield from (name for name in _texts(value) if _PLAIN.fullmatch(name))


def _texts(value: str) -> Iterable[str]:
    try:
        data = json.loads(value)
    except ValueError:
        return ()
    return [item for item in (data if isinstance(data, list) else [data]) if isinstance(item, str)]


def _without(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for name, pseudonym in names.items():
            value = re.sub(rf"(?<![\w.@]){re.escape(name)}(?![\w@])", pseudonym, value)
        return value
    if isinstance(value, Mapping):
        return {_without(key, names): _without(item, names) for key, item in value.items()}
    return [_without(item, names) for item in value] if isinstance(value, list | tuple) else value
