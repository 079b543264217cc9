"""Whether an HTTP answer comes from AWS: it names its author, and it fits the model of the operation.

Proxies, captive portals and gateways stand between AWS and preuve, and all of them answer with a status of 200.
botocore reads such a page as an empty listing, or stops at it. An answer counts only if it has a request id, the
content type of the protocol, and a body of the operation's shape. The same holds for a refusal: only AWS's own error
document counts as an answer of AWS.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

import botocore.exceptions

from preuve.collect.aws.http import cbor
from preuve.collect.aws.http.wire import (
    MisfitError,
    check_cbor,
    check_json,
    check_xml,
    in_body,
    known_children,
    may_all_lack,
    nulls,
    tag,
)
from preuve.collect.transforms import DEEPEST
from preuve.library.json_data import is_deeper

NOT_AWS = "NotAws"  # the code of a refusal that AWS did not write
NULLS = "PathsOfNulls"  # a member that preuve adds to answers: the paths of the nulls in them
_JSON_TYPES = frozenset({"application/json", "application/x-amz-json-1.0", "application/x-amz-json-1.1"})
_XML_TYPES = frozenset({"text/xml", "application/xml"})
_WHOLE_TYPES = _JSON_TYPES | _XML_TYPES | {"text/plain", "application/octet-stream", "binary/octet-stream"}
_TYPES = {
    cbor.PROTOCOL: frozenset({"application/cbor"}),
    "json": _JSON_TYPES,
    "rest-json": _JSON_TYPES,
    "query": _XML_TYPES,
    "ec2": _XML_TYPES,
    "rest-xml": _XML_TYPES,
}
_ID_HEADERS = ("x-amzn-requestid", "x-amz-request-id")
_ID_ELEMENTS = ("RequestId", "RequestID", "requestId")
_AWS_NAMESPACE = "amazonaws.com"
_REDIRECT = 300
_SENT = "status_as_sent"
_TRIED_AGAIN = frozenset({500, 502, 503, 504})  # botocore retries these, whoever sent them
_SHOWN = 60


class NotAwsError(botocore.exceptions.BotoCoreError):  # type: ignore[misc]
    """An answer that AWS did not write, or that is not complete: its author is unknown, so nothing follows from it."""

    fmt = "{kind}: {why}"

    @property
    def kind(self) -> str:
        """Status and content type of what came instead."""
        return str(self.kwargs["kind"])


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """The content type without its parameters."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    @property
    def named(self) -> bool:
        """Whether a header has a request id."""
        return any(self.headers.get(name) for name in _ID_HEADERS)


def only_answers_of_aws(
    operation_model: Any, response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: Any
) -> None:
    """Handle botocore's `before-parse`: raise NotAwsError instead of letting it parse an answer that AWS did not write.

    An answer that botocore retries stays a refusal, with the code NOT_AWS, until the last try. A good answer gets the
    member NULLS if lists or structures in it are null.
    """
    headers = {str(name).lower(): str(value) for name, value in response_dict["headers"].items()}
    body = response_dict["body"]
    answer = _Answer(response_dict["status_code"], headers, body if isinstance(body, bytes) else b"")
    try:
        if answer.status >= _REDIRECT:
            _check_refusal(operation_model, answer)
        elif found_null := _check(operation_model, answer):
            customized_response_dict[NULLS] = found_null
    except (MisfitError, RecursionError) as error:
        why = "the body is nested too deeply" if isinstance(error, RecursionError) else str(error)
        kind = f"HTTP {response_dict.get(_SENT, answer.status)} {answer.kind[:_SHOWN]}".strip()
        found = NotAwsError(kind=kind, why=why[: 3 * _SHOWN])
        if answer.status not in _TRIED_AGAIN:
            raise found from error
        response_dict["body"] = b""
        customized_response_dict["Error"] = {"Code": NOT_AWS, "Message": str(found)}


def status_as_sent(response_dict: dict[str, Any], **_: Any) -> None:
    """Keep the status as sent: botocore's own handler turns an unreadable answer of S3 into a 500."""
    response_dict[_SENT] = response_dict["status_code"]


def _protocol(operation_model: Any) -> str:
    service = operation_model.service_model
    protocol = str(getattr(service, "resolved_protocol", None) or service.metadata["protocol"])
    _must(protocol in _TYPES, f"{protocol} is a protocol that cannot be checked")
    return protocol


# ---- answers -------------------------------------------------------------------------------------------------------


def _check(operation_model: Any, answer: _Answer) -> tuple[str, ...]:
    """Check the body; return the paths of its nulls."""
    protocol, shape = _protocol(operation_model), operation_model.output_shape
    _must(answer.status in (200, operation_model.http.get("responseCode", 200)), "is a status that is not expected")
    _must("x-amzn-errortype" not in answer.headers, "is an error")
    payload = shape.serialization.get("payload") if shape is not None else None
    inner = shape.members[payload] if payload else shape
    if payload and inner.type_name in ("string", "blob"):
        _check_whole(operation_model, answer)
    elif not answer.body:
        _must(answer.named, "has no request id")
        _must(_may_be_empty(protocol, shape, payload), "is empty")
    else:
        found = _READERS[protocol](operation_model, protocol, inner, answer)
        return tuple(f"{payload}.{path}" if payload else path for path in found)
    return ()


def _may_be_empty(protocol: str, shape: Any, payload: str | None) -> bool:
    """Return whether the body of an answer may be empty."""
    return protocol not in ("query", "ec2") and (shape is None or (not payload and may_all_lack(shape)))


def _check_whole(operation_model: Any, answer: _Answer) -> None:
    """Check a body that is a single text or file."""
    _must(answer.named, "has no request id")
    _must(answer.kind in _WHOLE_TYPES or not answer.kind, "is of another content type")
    _must(bool(answer.body) or operation_model.has_streaming_output, "is empty")


def _check_json(operation_model: Any, protocol: str, shape: Any, answer: _Answer) -> tuple[str, ...]:
    _must(answer.named, "has no request id")
    _must(answer.kind in _TYPES[protocol], "is of another content type")
    return _check_object(operation_model, shape, _json(answer.body), check_json)


def _check_cbor(operation_model: Any, protocol: str, shape: Any, answer: _Answer) -> tuple[str, ...]:
    _must(answer.named, "has no request id")
    _must(answer.kind in _TYPES[protocol], "is of another content type")
    return _check_object(operation_model, shape, cbor.read(answer.body), check_cbor)


def _check_object(operation_model: Any, shape: Any, value: Any, check: Callable[[Any, Any], None]) -> tuple[str, ...]:
    _must(isinstance(value, dict), "is no object")
    _must(not is_deeper(value, DEEPEST), "is nested too deeply")
    own = str(value.get("__type", "")).rpartition("#")[2]
    _must(not own or own == operation_model.output_shape.name, "is an error")
    if shape is None:
        return ()
    names = {member.serialization.get("name", name) for name, member in in_body(shape).items()}
    _must(not value or not names or not names.isdisjoint(value), "has no member of the answer")
    check(shape, value)
    return tuple(nulls(shape, value))


def _json(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"))
    except ValueError as error:
        raise MisfitError("", "is not JSON") from error


def _check_xml(operation_model: Any, protocol: str, shape: Any, answer: _Answer) -> tuple[str, ...]:
    _must(answer.kind in _TYPES[protocol] or (not answer.kind and protocol == "rest-xml"), "is of another content type")
    root = _xml(answer.body)
    _must(not _is_deeper(root), "is nested too deeply")
    if protocol == "rest-xml":
        _must(answer.named, "has no request id")
        _check_rest_xml(operation_model, shape, root)
        return ()
    _must(answer.named or _id_in(root), "has no request id")
    _must(tag(root) == f"{operation_model.name}Response", f"begins with <{tag(root)[:_SHOWN]}>")
    wrapper = shape.serialization.get("resultWrapper") if shape is not None else None
    if wrapper:
        results = [child for child in root if tag(child) == wrapper]
        _must(len(results) == 1, f"lacks <{wrapper}>")
        root = results[0]
    if shape is not None:
        check_xml(shape, root)
    return ()  # XML has no null


def _check_rest_xml(operation_model: Any, shape: Any, root: Element) -> None:
    """Check that the root element has the name of its document; if the model has no name, that the namespace is
    AWS's.
    """
    output = operation_model.output_shape
    if shape is None:
        return
    if shape is not output:
        _must(tag(root) in _names(output.serialization["payload"], shape), f"begins with <{tag(root)[:_SHOWN]}>")
    elif _is_its_only_member(shape, root):
        return
    elif tag(root) != shape.serialization.get("name"):
        _must(_AWS_NAMESPACE in root.tag.partition("}")[0], f"begins with <{tag(root)[:_SHOWN]}>")
        _must(len(root) == 0 or known_children(shape, root) > 0, "has no member of the answer")
    check_xml(shape, root)


def _names(member: str, shape: Any) -> frozenset[str]:
    return frozenset({member, shape.name, str(shape.serialization.get("name") or member)})


def _is_its_only_member(shape: Any, root: Element) -> bool:
    """Return whether the root element is the only member: S3 writes the location of a bucket as one element."""
    members = in_body(shape)
    if len(members) != 1:
        return False
    ((name, member),) = members.items()
    return member.type_name == "string" and tag(root) in _names(name, member) and not len(root)


class _NoDoctype(TreeBuilder):
    """Refuses document types. AWS declares none; HTML pages do, and so do documents that expand to gigabytes."""

    def doctype(self, name: str, *_: Any) -> None:
        raise MisfitError("", f"is a page of the type {name[:_SHOWN]}")


def _xml(body: bytes) -> Element:
    parser = XMLParser(target=_NoDoctype())  # noqa: S314 - without a document type there is nothing to expand
    try:
        parser.feed(body)
        root: Element = parser.close()
    except (ParseError, ValueError, LookupError) as error:  # a LookupError: an encoding that is unknown
        raise MisfitError("", "is not XML") from error
    return root


def _is_deeper(root: Element) -> bool:
    inside = [root]
    for _ in range(DEEPEST):
        inside = [child for node in inside for child in node]
    return bool(inside)


def _id_in(root: Element) -> bool:
    """Return whether the document itself has a request id."""
    places = [root, *(child for child in root if tag(child) == "ResponseMetadata")]
    return any(tag(child) in _ID_ELEMENTS and (child.text or "").strip() for place in places for child in place)


# ---- refusals ------------------------------------------------------------------------------------------------------


def _check_refusal(operation_model: Any, answer: _Answer) -> None:
    protocol = _protocol(operation_model)
    if operation_model.http.get("method") == "HEAD":
        _must(answer.named, "has no request id")
    elif protocol in ("json", "rest-json"):
        _check_object_error(answer, _json)
    elif protocol == cbor.PROTOCOL:
        _must(bool(answer.body), "is no error of AWS")
        _check_object_error(answer, cbor.read)
    else:
        _check_xml_error(answer)


def _check_object_error(answer: _Answer, read: Callable[[bytes], Any]) -> None:
    _must(answer.named, "has no request id")
    value = read(answer.body) if answer.body else {}
    _must(isinstance(value, dict), "is no object")
    codes = [answer.headers.get("x-amzn-errortype"), *(value.get(name) for name in ("__type", "code", "Code"))]
    _must(any(isinstance(code, str) and code for code in codes), "is no error of AWS")
    _must(all(isinstance(value.get(name, ""), str | None) for name in _TEXTS), "is no error of AWS")


def _check_xml_error(answer: _Answer) -> None:
    root = _xml(answer.body) if answer.body else Element("")
    _must(tag(root) in _ERROR_ROOTS, "is no error of AWS")
    _must(answer.named or _id_in(root), "has no request id")
    error = next((node for node in root.iter() if tag(node) == "Error"), root)
    codes = [child for child in error if tag(child) == "Code" and (child.text or "").strip()]
    _must(len(codes) == 1, "is no error of AWS")
    _must(not any(len(child) for child in error if tag(child) in _LEAVES), "is no error of AWS")


_TEXTS = ("__type", "code", "Code", "message", "Message")
_LEAVES = frozenset({"Code", "Message", "Type", "Region", "Endpoint"})  # members of an XML error that botocore reads
_ERROR_ROOTS = frozenset({"Error", "ErrorResponse", "Response"})


def _must(holds: bool, why: str) -> None:
    if not holds:
        raise MisfitError("", why)


_READERS: Mapping[str, Callable[[Any, str, Any, _Answer], tuple[str, ...]]] = {
    **dict.fromkeys(("json", "rest-json"), _check_json),
    **dict.fromkeys(("query", "ec2", "rest-xml"), _check_xml),
    cbor.PROTOCOL: _check_cbor,
}
