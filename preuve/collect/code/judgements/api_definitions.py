"""The authentication that an OpenAPI document requires for each operation of an API.

An operation is closed if it names a scheme that API Gateway enforces (an authorizer, or AWS's signature), and open
if it names none. An API key identifies a client and proves nothing. Only JSON documents are read.

docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from preuve.collect.code.judgements.answer import Ruling
from preuve.collect.code.judgements.bodies import Body
from preuve.collect.code.judgements.documents.values import parsed
from preuve.collect.code.judgements.settings import said
from preuve.collect.code.verdict.marks import OPEN, is_marked
from preuve.collect.code.verdict.verdict import FAILED, PASSED, UNKNOWN
from preuve.documents.document import Unknown

TYPES = ("aws_api_gateway_rest_api", "aws_apigatewayv2_api")
_BODY = "body"
_PRIVATE = {"at": "endpoint_configuration.types", "holds": "PRIVATE", "absent": "fail"}
_METHODS = frozenset({"get", "put", "post", "delete", "patch", "head", "trace", "x-amazon-apigateway-any-method"})
_CARRIED_OUT = ("x-amazon-apigateway-authorizer", "x-amazon-apigateway-authtype")
_AUTH = "x-amazon-apigateway-auth"


def authorised(_kind: str, body: Body, _options: Mapping[str, Any]) -> Ruling | None:
    """Return whether every operation of an API's document requires authentication; None if there is no document, or if
    the API is private.
    """
    document = parsed(body.get(_BODY))
    private = said(_PRIVATE, body).result
    if document is None or private == PASSED:
        return None
    found = [("", UNKNOWN)] if isinstance(document, Unknown) else list(_operations(document))
    open_to_all = tuple(name for name, result in found if result == FAILED)
    if open_to_all and private == FAILED:
        return Ruling(FAILED, keys=(_BODY,), values={}, grounds=open_to_all)
    if {result for _, result in found} == {PASSED}:
        return Ruling(PASSED, keys=(_BODY,))
    why = document.cause if isinstance(document, Unknown) else "depends on a value that is not in the code: security"
    return Ruling(UNKNOWN, why, keys=(_BODY,))


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the result of each operation by its name, and UNKNOWN for each place that may contain more operations."""
    paths = document.get("paths", {})
    if not _is_whole(document) or not _is_whole(paths):
        yield "", UNKNOWN
    for path, item in paths.items() if isinstance(paths, Mapping) else ():
        if not _is_whole(item) or "$ref" in item:
            yield "", UNKNOWN
        for method, operation in item.items() if isinstance(item, Mapping) else ():
            if str(method).lower() in _METHODS:
                yield f"{method} {path}", _of_operation(operation, document)


def _is_whole(value: Any) -> bool:
    """Return whether a value is a mapping whose names are all known."""
    return isinstance(value, Mapping) and OPEN not in value and not any(is_marked(name) for name in value)


def _of_operation(operation: Any, document: Mapping[str, Any]) -> str:
    if not _is_whole(operation):
        return UNKNOWN
    asked, auth = operation.get("security", []), operation.get(_AUTH)
    if isinstance(auth, Mapping):
        return PASSED if auth.get("type") == "AWS_IAM" else UNKNOWN
    if asked in ([], None):
        return UNKNOWN if "security" in document and "security" not in operation else FAILED
    named = [name for one in asked if isinstance(one, Mapping) for name in one] if isinstance(asked, list) else []
    schemes = [_schemes(document).get(name) for name in named]
    every = isinstance(asked, list) and len(named) >= len(asked) and all(asked)
    return PASSED if every and all(map(_is_carried_out, schemes)) else UNKNOWN


def _schemes(document: Mapping[str, Any]) -> Mapping[str, Any]:
    components = document.get("components")
    found = components.get("securitySchemes") if isinstance(components, Mapping) else None
    found = found or document.get("securityDefinitions")
    return found if isinstance(found, Mapping) else {}


def _is_carried_out(scheme: Any) -> bool:
    return isinstance(scheme, Mapping) and any(name in scheme for name in _CARRIED_OUT)
