"""Writes AWS answers: error documents in each wire protocol, and saved results in the shape of the operation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4
from xml.sax.saxutils import escape

from .identify import Asked


@dataclass(frozen=True)
class Answer:
    """An HTTP answer."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def error(asked: Asked, status: int, code: str, message: str) -> Answer:
    """An error document as AWS sends it in the protocol of the call, with a request id."""
    request_id = str(uuid4())
    writer = {"json": _json, "rest-json": _rest_json, "ec2": _ec2, "smithy-rpc-v2-cbor": _cbor}.get(asked.protocol)
    if writer is None:
        writer = _s3 if asked.service == "s3" else _xml
    headers, body = writer(code, message, request_id)
    return Answer(status, {"x-amzn-RequestId": request_id, "x-amz-request-id": request_id, **headers}, body)


def _json(code: str, message: str, _request_id: str) -> tuple[dict[str, str], bytes]:
    body = json.dumps({"__type": code, "message": message}).encode()
    return {"Content-Type": "application/x-amz-json-1.1", "x-amzn-query-error": f"{code};Sender"}, body


def _rest_json(code: str, message: str, _request_id: str) -> tuple[dict[str, str], bytes]:
    body = json.dumps({"message": message}).encode()
    return {"Content-Type": "application/json", "x-amzn-ErrorType": code}, body


def _ec2(code: str, message: str, request_id: str) -> tuple[dict[str, str], bytes]:
    fault = f"<Errors><Error><Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error></Errors>"
    return _document(f"<Response>{fault}<RequestID>{request_id}</RequestID></Response>")


def _s3(code: str, message: str, request_id: str) -> tuple[dict[str, str], bytes]:
    fault = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message><RequestId>{request_id}</RequestId>"
    return _document(f"<Error>{fault}</Error>")


def _xml(code: str, message: str, request_id: str) -> tuple[dict[str, str], bytes]:
    fault = f"<Error><Type>Sender</Type><Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
    return _document(f"<ErrorResponse>{fault}<RequestId>{request_id}</RequestId></ErrorResponse>")


def _document(xml: str) -> tuple[dict[str, str], bytes]:
    return {"Content-Type": "text/xml"}, f'<?xml version="1.0" encoding="UTF-8"?>\n{xml}'.encode()


def _cbor(code: str, message: str, _request_id: str) -> tuple[dict[str, str], bytes]:
    pairs = b"".join(_cbor_text(text) for text in ("__type", code, "message", message))
    return {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}, b"\xa2" + pairs


def _cbor_text(text: str) -> bytes:
    raw = text.encode()
    return b"\x79" + len(raw).to_bytes(2, "big") + raw


def result(asked: Asked, members: Mapping[str, Any], status: int = 200) -> Answer:
    """A result with these output members, written by moto's serializers in the protocol of the call."""
    from moto.core.model import ServiceModel  # noqa: PLC0415 - moto reads its settings when it is imported
    from moto.core.serialize import SerializationContext, get_serializer_class  # noqa: PLC0415
    from moto.core.utils import get_service_model  # noqa: PLC0415

    service_model: ServiceModel = get_service_model(asked.service)
    serializer = get_serializer_class(asked.service, asked.protocol)(
        service_model.operation_model(asked.operation), context=SerializationContext(str(uuid4()))
    )
    written = serializer.serialize(dict(members))
    body = written["body"]
    raw = body.encode() if isinstance(body, str) else body
    headers = {name: str(value) for name, value in written["headers"].items()}
    return Answer(status, aws_headers(headers, raw), raw)


def aws_headers(headers: Mapping[str, str], body: bytes) -> Mapping[str, str]:
    """Every answer of AWS has a request id, and says what it is; moto calls most of its answers pages."""
    named = {name.lower(): value for name, value in headers.items()}
    if named.get("content-type", "").split(";")[0] in ("", "text", "text/html", "text/plain"):
        named["content-type"] = "text/xml" if body.lstrip().startswith(b"<") else "application/json"
    if "x-amz-request-id" not in named:
        named.setdefault("x-amzn-requestid", str(uuid4()))
    return named
