"""Puts what `aws_iam_policy_document` data sources say where resources use it.

Checkov does not: it passes a policy that it has not read. Only documents made of statements alone are rendered; what
is unresolved inside stays visible, so that a check that reads it is not taken for a pass.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

_TYPE = "aws_iam_policy_document"
_REFERENCE = re.compile(rf"^(?:\$\{{)?data\.{_TYPE}\.([\w-]+)(?:\[0\])?\.(?:minified_)?json\}}?$")
_PLAIN = frozenset({"statement", "version", "policy_id", "count", "depends_on", "lifecycle", "provider"})
_LISTS = {"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"}

Scope = tuple[Any, str]  # the chain of module calls, and the folder
Document = dict[str, Any]  # IAM JSON, decoded: as Checkov holds the argument of `jsonencode`
Documents = dict[tuple[Scope, str], Document]


def render_documents(vertices: Iterable[Any]) -> None:
    """Replace references to policy documents in the resources of a graph."""
    vertices = list(vertices)
    documents = dict(_documents(vertices))
    for vertex in vertices if documents else ():
        if vertex.block_type == "resource":
            scopes = list(_scopes(vertex))
            _replace(vertex.config, documents, scopes)
            _replace(vertex.attributes, documents, scopes)


def _documents(vertices: Iterable[Any]) -> Iterator[tuple[tuple[Scope, str], Document]]:
    for vertex in vertices:
        if vertex.block_type == "data" and isinstance(vertex.config, dict) and _TYPE in vertex.config:
            for name, body in vertex.config[_TYPE].items():
                rendered = document(body) if isinstance(body, dict) else None
                if rendered is not None:
                    yield (next(_scopes(vertex)), str(name)), rendered


def _scopes(vertex: Any) -> Iterator[Scope]:
    """Where a block is, then the module that calls it, and so on up to the root."""
    module = vertex.source_module_object
    yield module, str(Path(vertex.path).parent)
    while module is not None:
        yield module.nested_tf_module, str(Path(module.path).parent)
        module = module.nested_tf_module


def _replace(value: Any, documents: Documents, scopes: list[Scope]) -> None:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in list(items):
        rendered = _named(item, documents, scopes) if isinstance(item, str) else None
        if rendered is not None:
            value[key] = copy.deepcopy(rendered)
        else:
            _replace(item, documents, scopes)


def _named(item: str, documents: Documents, scopes: list[Scope]) -> Document | None:
    """The document that a reference names; the name may come from a caller, so it must be the same in every scope."""
    match = _REFERENCE.match(item)
    if match is None:
        return None
    found = [documents[scope, match[1]] for scope in scopes if (scope, match[1]) in documents]
    return found[0] if found and all(item == found[0] for item in found) else None


def document(body: Mapping[str, Any]) -> Document | None:
    """The IAM document of a data source, or None where it holds more than statements."""
    names = {name for name in body if not name.startswith("__")}
    if not names <= _PLAIN:
        return None
    statements = body.get("statement", [])
    statements = statements if isinstance(statements, list) else [statements]
    if not all(isinstance(statement, dict) and "dynamic" not in statement for statement in statements):
        return None
    return {"Version": "2012-10-17", "Statement": [_statement(statement) for statement in statements]}


def _statement(statement: Mapping[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {"Effect": _one(statement.get("effect"), "Allow")}
    if "sid" in statement:
        result["Sid"] = _one(statement["sid"], "")
    result |= {name: _many(statement[key]) for key, name in _LISTS.items() if key in statement}
    for key, name in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        if key in statement:
            result[name] = _principals(statement[key])
    if "condition" in statement:
        result["Condition"] = _conditions(statement["condition"])
    return result


def _principals(blocks: Any) -> Any:
    principals: dict[str, list[Any]] = {}
    for block in _blocks(blocks):
        principals.setdefault(str(_one(block.get("type"), "")), []).extend(_many(block.get("identifiers")))
    return "*" if principals == {"*": ["*"]} else principals


def _conditions(blocks: Any) -> dict[str, dict[str, list[Any]]]:
    conditions: dict[str, dict[str, list[Any]]] = {}
    for block in _blocks(blocks):
        operator = conditions.setdefault(str(_one(block.get("test"), "")), {})
        operator.setdefault(str(_one(block.get("variable"), "")), []).extend(_many(block.get("values")))
    return conditions


def _blocks(value: Any) -> list[Mapping[str, Any]]:
    blocks = value if isinstance(value, list) else [value]
    return [block for block in blocks if isinstance(block, dict)]


def _many(value: Any) -> list[Any]:
    """The items of an argument: Checkov wraps a value into a list, a list too."""
    if isinstance(value, list):
        return [item for entry in value for item in _many(entry)] if value else []
    return [] if value is None else [value]


def _one(value: Any, default: Any) -> Any:
    return next(iter(_many(value)), default)
