"""Recognises private keys in binary form (DER and OpenSSH), which a PEM text holds between its two lines. Each kind of
key begins with fixed bytes (RFC 8017, 5915, 5958, 7292, and the format of OpenSSH).
"""

from __future__ import annotations

import base64
import re

_LENGTH = rb"(?:[\x10-\x7f]|\x81.|\x82..)"
_KIND = rb"\x30[\x03-\x7f]\x06[\x03-\x0b][\x2a\x2b]"  # identifier of the key's algorithm
_PRIVATE = re.compile(
    rb"openssh-key-v1\0"
    rb"|\x30" + _LENGTH + rb"(?:"
    rb"\x02\x01[\x00\x01]" + _KIND + rb"|"  # of any algorithm (PKCS#8)
    rb"\x02\x01[\x00\x01]\x02(?:[\x20-\x7f]|\x81.|\x82..)|"  # of RSA or DSA (PKCS#1)
    rb"\x02\x01\x01\x04[\x14-\x48]|"  # of an elliptic curve (SEC 1)
    rb"\x30[\x03-\x7f]\x06[\x09-\x0b]\x2a\x86\x48\x86\xf7\x0d\x01(?:\x05|\x0c\x01))",  # encrypted with a password
    re.DOTALL,
)
# Key stores, which may hold only certificates: PKCS#12 and Java's.
_STORE = re.compile(
    rb"\x30(?:\x80|"
    + _LENGTH
    + rb")\x02\x01\x03\x30|\xfe\xed\xfe\xed\0\0\0[\x01\x02]|\xce\xce\xce\xce\0\0\0[\x01\x02]",
    re.DOTALL,
)


# Certificates and public keys, in the formats of X.509 and of OpenSSH.
_FOR_EVERYBODY = re.compile(
    rb"\x30" + _LENGTH + rb"\x30(?:[\x03-\x7f]|\x81.|\x82..)|\0\0\0[\x07-\x28](?:ssh|ecdsa|sk)-", re.DOTALL
)
_LEAST = 30  # bytes: the first bytes alone are no key
_BEGINS = "-----BEGIN BINARY PRIVATE KEY-----"


def key_in(data: bytes) -> str:
    """Return the private key in some bytes as PEM text; "" if they are no private key."""
    if len(data) < _LEAST or _PRIVATE.match(data) is None:
        return ""
    return f"{_BEGINS}\n{base64.b64encode(data).decode()}\n"


def is_key(text: str) -> bool:
    """Return whether a text is a private key that was found in bytes."""
    return text.startswith(_BEGINS)


def is_store(data: bytes) -> bool:
    """Return whether bytes are a key store, whose contents cannot be seen."""
    return _STORE.match(data) is not None


def is_for_everybody(data: bytes) -> bool:
    """Return whether bytes are a certificate or a public key."""
    return _PRIVATE.match(data) is None and _FOR_EVERYBODY.match(data) is not None
