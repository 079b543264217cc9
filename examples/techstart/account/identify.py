"""Says which AWS operation an HTTP request asks for, from what every signed request carries."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote

import botocore.exceptions
import botocore.loaders
import botocore.model

# Signing names that are not the service's own name, or that several share (told apart by target, version or path).
SHARED_SIGNING_NAMES: Mapping[str, tuple[str, ...]] = {
    "access-analyzer": ("accessanalyzer",),
    "aoss": ("opensearchserverless",),
    "apigateway": ("apigateway", "apigatewayv2"),
    "aws-artifact": ("artifact",),
    "bedrock": ("bedrock", "bedrock-agent"),
    "cloudcontrolapi": ("cloudcontrol",),
    "dynamodb": ("dynamodb", "dynamodbstreams"),
    "elasticfilesystem": ("efs",),
    "elasticloadbalancing": ("elb", "elbv2"),
    "elasticmapreduce": ("emr",),
    "es": ("opensearch", "es"),
    "monitoring": ("cloudwatch",),
    "rds": ("rds", "docdb", "neptune"),
    "s3": ("s3", "s3control"),
    "servicequotas": ("service-quotas",),
    "ses": ("sesv2", "ses"),
    "sso": ("sso-admin",),
    "states": ("stepfunctions",),
    "tagging": ("resourcegroupstaggingapi",),
}
_SCOPE = re.compile(r"Credential=[^/,\s]+/\d{8}/(?P<region>[^/,\s]+)/(?P<service>[^/,\s]+)/aws4_request")
_CBOR_PATH = re.compile(r"^/service/(?P<name>[^/]+)/operation/(?P<operation>[^/]+)$")
_LABEL = re.compile(r"\{(?P<name>[^}+]+)(?P<greedy>\+?)\}")


@dataclass(frozen=True)
class Request:
    """An HTTP request as far as the front reads it; header names are lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """Path, query and body in one string, decoded: what a fault's `resource` is looked up in."""
        return unquote(f"{self.path}?{self.query} {self.body.decode('utf-8', 'replace')}")


@dataclass(frozen=True)
class Asked:
    """One API call: what was asked of whom. `params` have the SDK's names, those of a query protocol are flat."""

    service: str
    operation: str
    region: str
    protocol: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """A short hash of the parameters, so that the ledger can show that something was read twice."""
        canonical = json.dumps(self.params, sort_keys=True, default=str)
        return hashlib.sha256(canonical.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class _Route:
    """One operation of a REST service: how its request line looks."""

    operation: str
    path: re.Pattern[str]
    labels: tuple[str, ...]
    query: Mapping[str, str]
    weight: int
    members: Mapping[str, str]  # name on the wire -> name in the SDK
    headers: frozenset[str]  # that it cannot do without: they tell copying an object from storing one


@cache
def _loader() -> botocore.loaders.Loader:
    return botocore.loaders.create_loader()


@cache
def model(service: str) -> botocore.model.ServiceModel | None:
    """Botocore's model of a service, read without the user's configuration; None where it knows no such service."""
    try:
        return botocore.model.ServiceModel(_loader().load_service_model(service, "service-2"), service)
    except botocore.exceptions.DataNotFoundError:
        return None


def identify(request: Request) -> Asked:
    """What `request` asks for; parts that cannot be told are empty strings."""
    scope = _SCOPE.search(request.headers.get("authorization", ""))
    region, signing = (scope["region"], scope["service"].lower()) if scope else ("", "")
    candidates = SHARED_SIGNING_NAMES.get(signing, (signing,))
    if request.headers.get("smithy-protocol") == "rpc-v2-cbor":
        return _cbor(request, candidates, region)
    if "x-amz-target" in request.headers:
        return _json(request, candidates, region)
    form = _form(request)
    if "Action" in form:
        return _query(form, candidates, region)
    return _rest(request, candidates, region)


def _form(request: Request) -> dict[str, str]:
    kind = request.headers.get("content-type", "")
    body = request.body.decode("utf-8", "replace") if kind.startswith("application/x-www-form-urlencoded") else ""
    return dict(parse_qsl(body, keep_blank_values=True)) if body else {}


def _cbor(request: Request, candidates: Sequence[str], region: str) -> Asked:
    found = _CBOR_PATH.match(request.path)
    return Asked(candidates[0], found["operation"] if found else "", region, "smithy-rpc-v2-cbor")


def _json(request: Request, candidates: Sequence[str], region: str) -> Asked:
    prefix, _, operation = request.headers["x-amz-target"].rpartition(".")
    service = next((name for name in candidates if len(candidates) > 1 and _target(name) == prefix), candidates[0])
    return Asked(service, operation, region, "json", _object(request.body))


def _target(service: str) -> str:
    found = model(service)
    return str(found.metadata.get("targetPrefix", "")) if found else ""


def _object(body: bytes) -> dict[str, Any]:
    try:
        read = json.loads(body or b"{}")
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _query(form: Mapping[str, str], candidates: Sequence[str], region: str) -> Asked:
    operation, version = form["Action"], form.get("Version", "")
    service = candidates[0]
    if len(candidates) > 1:
        models = [found for name in candidates if (found := model(name))]
        service = next((found.service_name for found in models if found.api_version == version), service)
    params = {name: value for name, value in form.items() if name not in ("Action", "Version")}
    return Asked(service, operation, region, "ec2" if service == "ec2" else "query", params)


def _rest(request: Request, candidates: Sequence[str], region: str) -> Asked:
    best: tuple[int, str, str, dict[str, Any]] = (-1, candidates[0], "", {})
    body = _object(request.body)
    query = dict(parse_qsl(request.query, keep_blank_values=True))
    for service in candidates:
        for route in _routes(service).get(request.method, ()):
            params = _match(route, request.path, query) if route.headers <= request.headers.keys() else None
            if params is not None and route.weight > best[0]:
                given = {route.members.get(name, name): value for name, value in {**query, **params, **body}.items()}
                best = (route.weight, service, route.operation, given)
    _, service, operation, params = best
    return Asked(service, operation, region, _protocol(service), params)


def _protocol(service: str) -> str:
    found = model(service)
    return str(found.metadata["protocol"]) if found else "rest-json"


def _match(route: _Route, path: str, query: Mapping[str, str]) -> dict[str, Any] | None:
    found = route.path.match(path)
    if not found:
        return None
    if any(name not in query or (value and query[name] != value) for name, value in route.query.items()):
        return None
    return {name: unquote(value) for name, value in zip(route.labels, found.groups(), strict=True)}


@cache
def _routes(service: str) -> Mapping[str, Sequence[_Route]]:
    found = model(service)
    table: dict[str, list[_Route]] = {}
    if found is None:
        return table
    for name in found.operation_names:
        operation = found.operation_model(name)
        if operation.http and not operation.deprecated:  # S3 has two old names for what is asked today
            table.setdefault(operation.http["method"], []).append(_route(operation))
    return table


def _route(operation: botocore.model.OperationModel) -> _Route:
    path, _, query = operation.http["requestUri"].partition("?")
    labels = tuple(found["name"] for found in _LABEL.finditer(path))
    pattern, position = "", 0
    for found in _LABEL.finditer(path):
        pattern += re.escape(path[position : found.start()]) + ("(.+)" if found["greedy"] else "([^/]+)")
        position = found.end()
    pattern += re.escape(path[position:].rstrip("/") if path != "/" else "/")
    markers = dict(parse_qsl(query, keep_blank_values=True))
    # What is written out says more than what is a label, and a marker such as ?acl says more than any path.
    weight = 1000 * len(markers) + 10 * path.count("/") + len(_LABEL.sub("", path))
    shape = operation.input_shape
    members = {member.serialization.get("name", name): name for name, member in shape.members.items()} if shape else {}
    required = [shape.members[name].serialization for name in shape.required_members] if shape else []
    headers = frozenset(item["name"].lower() for item in required if item.get("location") == "header")
    route = re.compile(f"^{pattern}/?$")
    return _Route(operation.name, route, labels, markers, weight + len(headers), members, headers)
