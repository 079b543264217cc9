"""Reads a body in CBOR, completely or not at all. botocore's own reader does it; a body on which it fails is no
answer.
"""

from __future__ import annotations

import io
import struct
from typing import Any

from botocore import parsers

from preuve.collect.aws.http.wire import MisfitError

PROTOCOL = "smithy-rpc-v2-cbor"
_STUMBLES = (parsers.ResponseParserError, ValueError, TypeError, LookupError, OverflowError, MemoryError, struct.error)


def read(body: bytes) -> Any:
    """Return the value of a body. Raises MisfitError for a body that is no CBOR, or more than one value."""
    reader = parsers.PROTOCOL_PARSERS[PROTOCOL]()
    stream = io.BufferedReader(io.BytesIO(body))
    try:
        value = reader.parse_data_item(stream)
    except _STUMBLES as error:
        raise MisfitError("", "is not CBOR") from error
    if stream.read(1):
        raise MisfitError("", "is more than one value of CBOR")
    return value
