"""Identity providers that the code makes or looks up: their ARN does not tell who they are, the conditions do.

The key of a condition (`gitlab.com:sub`) begins with the provider, and with any other it is not
sent. So a statement means what it means with the provider that its keys name; and with a host that is not known either,
what it means with any that is the same in both places. A principal that may be anything is that provider too, as far as
the conditions ask for its keys: they let in nobody of another one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from preuve.documents.callers.conditions import operator_of, without_key
from preuve.documents.document import Condition, Document, Principal, Text, Unknown

NO_HOST = "made.invalid"  # represents a provider of unknown identity
_PREFIX = "arn:aws:iam::000000000000:"
_UNKNOWN_HOST = f"{_PREFIX}oidc-provider/{NO_HOST}"
_ARN = re.compile(r"arn:[^:]*:iam::[^:]*:((?:oidc|saml)-provider/.+)", re.DOTALL)
_KEY = re.compile(r"(.+):[a-z_]+", re.DOTALL)
_CLAIM = re.compile(r".*(:(?:aud|sub))", re.DOTALL)
# Of a cluster the id is not known, but no other issuer begins like this.
_OF_CLUSTERS = re.compile(r"oidc\.eks\.[a-z0-9-]+\.amazonaws\.com/id/")
# The subject of a pod, and the operators that no other one meets:
# kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin
_OF_PODS = "system:serviceaccount:"
_EXACT = frozenset({("", "stringequals", False), ("", "stringlike", False)})
_SAML = "saml"
_GAP = "\0"

Statement = dict[Any, Any]


def with_providers(statement: Statement) -> Statement:
    """Return the statement with each provider's reference replaced by its host name, if known."""
    provider = _provider(statement)
    if provider is None:
        return statement
    if written := _written(statement, provider):
        return _perhaps_of(statement, written)
    named = _federated(statement, lambda value: _named(value, provider))
    if provider != _UNKNOWN_HOST:
        named = _or_nobody(named, provider)
    return _changed(named, "condition", lambda value: _with_host(value, provider)) if NO_HOST in provider else named


def _written(statement: Statement, provider: str) -> str:
    """Return the one provider that a statement writes out, if the keys are of a cluster of which only the id is not
    known, and it may be that; "" in any other case.
    """
    found = set[Any]()
    _federated(statement, found.add)
    match = _ARN.fullmatch(found.pop()) if len(found) == 1 and isinstance(next(iter(found)), str) else None
    begins = provider.removesuffix(NO_HOST) if provider != _UNKNOWN_HOST else provider
    here = f"{_PREFIX}{match[1].lower()}" if match else ""
    return here if begins != provider and here.startswith(begins) else ""


def _perhaps_of(statement: Statement, provider: str) -> Statement:
    """Return the statement with keys of a provider that it writes out, and with the doubt whether they are."""
    keys = (key for _, key in _asked(statement) if _of_cluster(key))
    doubt = {Unknown(key.cause, many=True): Unknown(key.cause, many=True) for key in keys}
    return _changed(statement, "condition", lambda operators: {**_with_host(operators, provider), **doubt})


def _or_nobody(statement: Statement, provider: str) -> Statement:
    """Return the statement with the provider that the conditions ask for in place of what may be any principal, and
    with the doubt whether it is: a statement that lets in nobody of it lets in nobody.
    """
    doubts = list[Unknown]()

    def told(value: Any) -> Any:
        doubts.extend([value] if isinstance(value, Unknown) else [])
        return provider if isinstance(value, Unknown) else value

    found = _federated(statement, told) if _asks_for_keys(statement) else statement
    doubt = {Unknown(one.cause, many=True): Unknown(one.cause, many=True) for one in doubts}
    return _changed(found, "condition", lambda operators: {**operators, **doubt}) if doubt else found


def with_unknown_hosts(document: Document) -> Document:
    """Return the document with unidentified providers marked as unknown, but for those of clusters."""
    statements = tuple(
        one if _asks_for_pods(one.conditions) else replace(one, principals=_without_host(one.principals))
        for one in document.statements
    )
    return replace(document, statements=statements)


def _asks_for_pods(conditions: tuple[Condition | Unknown, ...] | Unknown) -> bool:
    """Return whether conditions let in service accounts of a cluster alone: no CI service has such a subject."""
    return any(
        isinstance(one, Condition)
        and one.key == f"{NO_HOST}:sub"
        and isinstance(one.operator, str)
        and operator_of(one.operator) in _EXACT
        and isinstance(one.values, tuple)
        and all(_begins(value).startswith(_OF_PODS) for value in one.values)
        for one in (conditions if isinstance(conditions, tuple) else ())
    )


def _begins(text: Text) -> str:
    return text.known[0] if isinstance(text, Unknown) else text


def _without_host(principals: Any) -> Any:
    if not isinstance(principals, tuple):
        return principals
    hidden = Unknown("who the identity provider is")
    return tuple(
        replace(one, value=hidden) if isinstance(one, Principal) and one.value == _UNKNOWN_HOST else one
        for one in principals
    )


def _provider(statement: Statement) -> str | None:
    """Return the provider that the conditions name; None if they may name several."""
    keys = [key for _, key in _asked(statement)]
    hosts = {match[1] for key in keys if isinstance(key, str) and (match := _KEY.fullmatch(key.lower()))}
    hosts = {host for host in hosts if "." in host or host == _SAML}
    if _asks_for_keys(statement):
        hosts |= {host for key in keys if (host := _of_cluster(key))}
    if len(hosts) > 1:
        return None
    host = next(iter(hosts), NO_HOST)
    return f"{_PREFIX}saml-provider/made" if host == _SAML else f"{_PREFIX}oidc-provider/{host}"


def _asked(statement: Statement) -> Iterator[tuple[Any, Any]]:
    """Yield each key of a condition with its operator."""
    for name, operators in statement.items():
        if str(name).lower() == "condition" and isinstance(operators, Mapping):
            for operator, keys in operators.items():
                yield from ((operator, key) for key in (keys if isinstance(keys, Mapping) else ()))


def _asks_for_keys(statement: Statement) -> bool:
    """Return whether no condition on a claim of a provider holds where it is not sent."""
    operators = [operator for operator, key in _asked(statement) if _of_cluster(key) or _KEY.fullmatch(str(key))]
    return bool(operators) and all(
        isinstance(operator, str)
        and operator_of(operator)[1] != "null"
        and without_key(Condition(operator, "", ())).value is False
        for operator in operators
    )


def _of_cluster(key: Any) -> str:
    """Return the host in a key of which the id of a cluster is not known; "" for any other key."""
    begins = key.known[0].lower() if isinstance(key, Unknown) else ""
    claimed = isinstance(key, Unknown) and _CLAIM.fullmatch(key.known[-1].lower())
    return f"{begins}{NO_HOST}" if claimed and _OF_CLUSTERS.match(begins) else ""


def _changed(statement: Statement, element: str, change: Callable[[Any], Any]) -> Statement:
    return {name: change(value) if str(name).lower() == element else value for name, value in statement.items()}


def _federated(statement: Statement, change: Callable[[Any], Any]) -> Statement:
    """Return the statement with each federated principal changed."""

    def each(principals: Any) -> Any:
        if not isinstance(principals, Mapping):
            return principals
        return {
            kind: list(map(change, values if isinstance(values, list) else [values]))
            if str(kind).lower() == "federated"
            else values
            for kind, values in principals.items()
        }

    return _changed(statement, "principal", each)


def _named(value: Any, provider: str) -> Any:
    if not isinstance(value, Unknown) or not value.plain:
        return value
    match = _ARN.fullmatch(_GAP.join(value.known))
    if match and _GAP not in match[1]:  # known in full but for the account
        return _PREFIX + match[1]
    return f"{_PREFIX}saml-provider/made" if _SAML in value.cause.lower() else provider


def _with_host(operators: Any, provider: str) -> Any:
    """Return the conditions with the keys of an unknown host renamed to its placeholder."""
    if not isinstance(operators, Mapping):
        return operators
    return {
        operator: {_key(key, provider): value for key, value in keys.items()} if isinstance(keys, Mapping) else keys
        for operator, keys in operators.items()
    }


def _key(key: Any, provider: str) -> Any:
    match = _CLAIM.fullmatch(key.known[-1].lower()) if isinstance(key, Unknown) else None
    host = provider.partition("oidc-provider/")[2]
    return f"{host}{match[1]}" if match and (provider == _UNKNOWN_HOST or _of_cluster(key)) else key
