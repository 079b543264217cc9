"""Who may call the API of a SAM function's event: the authorizer that the event takes from its API.

An event without an authorizer has that of its API: of the resource that it names, or else of `Globals`, which the
transform gives the API that it makes. An event without authorization has `NONE`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from preuve.collect.code.language.templates.intrinsics import REST
from preuve.collect.code.language.values.value import Unknown, Value, owner_of

SAM_EVENTS = frozenset({"AWS::Serverless::Function", "AWS::Serverless::StateMachine"})
SAM_APIS = frozenset({"AWS::Serverless::Api", "AWS::Serverless::HttpApi"})
_APIS = {"Api": "RestApiId", "HttpApi": "ApiId"}  # types of events, with the property that names the API
# Members of `Auth` that leave an API open to everybody; a policy, for example, is none.
_OF_AUTH = frozenset(
    {
        *("DefaultAuthorizer", "Authorizers", "AddDefaultAuthorizerToCorsPreflight"),
        *("AddApiKeyRequiredToCorsPreflight", "ApiKeyRequired", "EnableIamAuthorizer", "InvokeRole", "UsagePlan"),
    }
)
# They may determine who can call an API.
_CLOSING = frozenset({"DefinitionBody", "DefinitionUri", REST})
_PUBLIC = ("EDGE", "REGIONAL")  # endpoints
Common = Callable[[str], Value]  # the `Globals` for a kind of API


def with_authorizers(properties: Value, apis: Mapping[str, Value], common: Common) -> Value:
    """Return the properties of a function, with the authorizer in each API event that is known to have one; an unknown
    authorizer is marked as unknown. `apis` are the properties of the APIs of the template, by name.
    """
    events = properties.get("Events") if isinstance(properties, dict) else None
    if not isinstance(events, dict) or not isinstance(properties, dict):
        return properties
    return {**properties, "Events": {name: _event(event, apis, common) for name, event in events.items()}}


def _event(event: Value, apis: Mapping[str, Value], common: Common) -> Value:
    kind = event.get("Type") if isinstance(event, dict) else None
    if not isinstance(event, dict) or not isinstance(kind, str) or kind not in _APIS:
        return event
    own = event.get("Properties", {})
    auth = own.get("Auth", {}) if isinstance(own, dict) else None
    if not isinstance(own, dict) or not isinstance(auth, dict) or "Authorizer" in auth:
        return event
    taken = _taken({**own, "Auth": auth}, kind, apis, common)
    if taken is None:
        return event
    return {**event, "Properties": {**own, "Auth": {**auth, "Authorizer": taken}}}


def _taken(own: dict[str, Value], kind: str, apis: Mapping[str, Value], common: Common) -> Value:
    """Return the authorizer that an event without one takes; None if the API has none and everybody may call it."""
    if REST in own or not _plain(own["Auth"]):
        return Unknown((f"{kind}.Auth",))
    named = own.get(_APIS[kind])
    api = common(kind) if named is None else apis.get(owner_of(named), named)
    where = f"Globals.{kind}" if named is None else owner_of(named) or kind
    if not isinstance(api, dict):
        return Unknown(api.causes if isinstance(api, Unknown) else (where,))
    auth = api.get("Auth", {})
    if not _plain(auth) or not _CLOSING.isdisjoint(api) or not _is_public(api.get("EndpointConfiguration", "EDGE")):
        return Unknown((f"{where}.Auth",))
    return auth.get("DefaultAuthorizer") if isinstance(auth, dict) else None


def _is_public(endpoint: Value) -> bool:
    """Return whether an API can be called from outside a network."""
    kind = endpoint.get("Type") if isinstance(endpoint, dict) else endpoint
    return isinstance(kind, str) and kind in _PUBLIC


def _plain(auth: Value) -> bool:
    """Return whether no part of the authorization settings except an authorizer may close the API."""
    return isinstance(auth, dict) and auth.keys() <= _OF_AUTH
