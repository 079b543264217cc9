"""Identity providers that the code makes or looks up: their ARN does not tell who they are, the conditions do.

The key of a condition (`gitlab.com:sub`) begins with the provider, and with any other it is not
sent. So a statement means what it means with the provider that its keys name; and with a host that is not known either,
what it means with any that is the same in both places.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from preuve.documents.document import Document, Principal, Unknown

NO_HOST = "made.invalid"  # represents a provider of unknown identity
_PREFIX = "arn:aws:iam::000000000000:"
_ARN = re.compile(r"arn:[^:]*:iam::[^:]*:((?:oidc|saml)-provider/.+)", re.DOTALL)
_KEY = re.compile(r"(.+):[a-z_]+", re.DOTALL)
_CLAIM = re.compile(r".*(:(?:aud|sub))", re.DOTALL)
_SAML = "saml"
_GAP = "\0"

Statement = dict[Any, Any]


def with_providers(statement: Statement) -> Statement:
    """Return the statement with each provider's reference replaced by its host name, if known."""
    provider = _provider(statement)
    if provider is None:
        return statement
    named = _changed(statement, "principal", lambda value: _told(value, provider))
    return _changed(named, "condition", _with_host) if provider.endswith(NO_HOST) else named


def with_unknown_hosts(document: Document) -> Document:
    """Return the document with unidentified providers marked as unknown."""
    statements = tuple(replace(one, principals=_without_host(one.principals)) for one in document.statements)
    return replace(document, statements=statements)


def _without_host(principals: Any) -> Any:
    if not isinstance(principals, tuple):
        return principals
    hidden = Unknown("who the identity provider is")
    return tuple(
        replace(one, value=hidden) if isinstance(one, Principal) and str(one.value).endswith(NO_HOST) else one
        for one in principals
    )


def _provider(statement: Statement) -> str | None:
    """Return the provider that the conditions name; None if they may name several."""
    hosts = {match[1] for key in _keys(statement) if isinstance(key, str) and (match := _KEY.fullmatch(key.lower()))}
    hosts = {host for host in hosts if "." in host or host == _SAML}
    if len(hosts) > 1:
        return None
    host = next(iter(hosts), NO_HOST)
    return f"{_PREFIX}saml-provider/made" if host == _SAML else f"{_PREFIX}oidc-provider/{host}"


def _keys(statement: Statement) -> Iterator[Any]:
    for name, operators in statement.items():
        if str(name).lower() == "condition" and isinstance(operators, Mapping):
            for keys in operators.values():
                yield from keys if isinstance(keys, Mapping) else ()


def _changed(statement: Statement, element: str, change: Callable[[Any], Any]) -> Statement:
    return {name: change(value) if str(name).lower() == element else value for name, value in statement.items()}


def _told(principals: Any, provider: str) -> Any:
    if not isinstance(principals, Mapping):
        return principals
    return {
        kind: [_named(value, provider) for value in (values if isinstance(values, list) else [values])]
        if str(kind).lower() == "federated"
        else values
        for kind, values in principals.items()
    }


def _named(value: Any, provider: str) -> Any:
    if not isinstance(value, Unknown) or not value.plain:
        return value
    match = _ARN.fullmatch(_GAP.join(value.known))
    if match and _GAP not in match[1]:  # known in full but for the account
        return _PREFIX + match[1]
    return f"{_PREFIX}saml-provider/made" if _SAML in value.cause.lower() else provider


def _with_host(operators: Any) -> Any:
    """Return the conditions with the keys of an unknown host renamed to its placeholder."""
    if not isinstance(operators, Mapping):
        return operators
    return {
        operator: {_key(key): value for key, value in keys.items()} if isinstance(keys, Mapping) else keys
        for operator, keys in operators.items()
    }


def _key(key: Any) -> Any:
    match = _CLAIM.fullmatch(key.known[-1].lower()) if isinstance(key, Unknown) else None
    return f"{NO_HOST}{match[1]}" if match else key
