"""Whether an answer is GitHub's: it has GitHub's request id, is JSON, and has the shape in GitHub's description.

Only the members of an answer that the description has are kept: no policy could read the others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from preuve.collect.github.wire import Response

_OK, _REDIRECT = 200, 300
_JSON = frozenset({"application/json", "application/vnd.github+json"})
_SHOWN = 60
_TYPES: Mapping[str, Any] = {
    "array": list,
    "object": dict,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
}


class NotGitHubError(Exception):
    """An answer that GitHub did not write, or that is not complete: nothing follows from it."""

    def __init__(self, response: Response, why: str) -> None:
        super().__init__(f"{kind(response)}: {why}")


def kind(response: Response) -> str:
    """Return status and content type of the answer."""
    return f"HTTP {response.status} {response.header('content-type').split(';')[0].strip().lower()[:_SHOWN]}".strip()


def page(response: Response, schema: Mapping[str, Any]) -> Any:
    """Return the answer in a response of status 200. Raises NotGitHubError."""
    if response.status != _OK:
        raise NotGitHubError(response, "is a status that is not expected")
    value = _json(response)
    try:
        return _fitting(value, schema, "the answer", strict=True)
    except _MisfitError as error:
        raise NotGitHubError(response, str(error)) from error


def refusal(response: Response) -> str:
    """Return GitHub's message of a refusal. Raises NotGitHubError if the answer does not identify itself as
    GitHub's.
    """
    value = _json(response)
    if not isinstance(value, dict) or not isinstance(value.get("message"), str):
        raise NotGitHubError(response, "is no error of GitHub")
    return str(value["message"])


def _json(response: Response) -> Any:
    if not response.header("x-github-request-id"):
        raise NotGitHubError(response, "has no request id")
    if response.header("content-type").split(";")[0].strip().lower() not in _JSON:
        raise NotGitHubError(response, "is of another content type")
    try:
        return json.loads(response.body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise NotGitHubError(response, "is not JSON") from error


class _MisfitError(Exception):
    """A value does not fit the description."""


def _fitting(value: Any, schema: Mapping[str, Any], where: str, *, strict: bool = False) -> Any:
    """Return the value with the members of the schema; null if the schema allows null. `strict`: required members must
    be present.
    """
    wanted = schema.get("type")
    if value is None or wanted is None:
        if value is None and strict:
            raise _MisfitError(f"{where} is empty")
        return value
    if not isinstance(value, _TYPES[wanted]) or (wanted in ("integer", "number") and isinstance(value, bool)):
        raise _MisfitError(f"{where} is no {wanted}")
    if isinstance(value, list):
        return [_fitting(item, schema["items"], f"{where}[]", strict=strict) for item in value]
    if isinstance(value, dict):
        return _members(value, schema, where, strict=strict)
    return value


def _members(value: Mapping[str, Any], schema: Mapping[str, Any], where: str, *, strict: bool) -> dict[str, Any]:
    missing = [name for name in schema.get("required", ()) if name not in value] if strict else []
    if missing:
        raise _MisfitError(f"{where} has no {missing[0]}")
    known = schema["properties"]
    if strict and known and not set(known) & set(value):
        raise _MisfitError(f"{where} has no member that is known")
    return {name: _fitting(value[name], known[name], f"{where}.{name}"[:_SHOWN]) for name in known if name in value}
