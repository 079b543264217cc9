"""Marks and sealed texts: only the holder of a key can make the mark on a text, or read a sealed text.

It rests on HMAC-SHA256 alone: a stream of its values hides the text, and a mark over the whole is checked first.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

_NONCE, _MARK = 16, 32  # bytes
_WORD = 8


def mark(key: bytes, text: bytes) -> str:
    """Return a mark that proves that a holder of the key wrote a text."""
    return hmac.new(_derived(key, b"mark"), text, hashlib.sha256).hexdigest()


def seal(key: bytes, text: bytes) -> bytes:
    """Return a text that only a holder of the key can read; never the same bytes twice."""
    nonce = secrets.token_bytes(_NONCE)
    hidden = nonce + _hidden(key, nonce, text)
    return hidden + _over(key, hidden)


def unseal(key: bytes, sealed: bytes) -> bytes | None:
    """Return the text again; None if it was sealed with another key or changed since."""
    hidden, over = sealed[:-_MARK], sealed[-_MARK:]
    if len(hidden) < _NONCE or not hmac.compare_digest(over, _over(key, hidden)):
        return None
    return _hidden(key, hidden[:_NONCE], hidden[_NONCE:])


def _over(key: bytes, hidden: bytes) -> bytes:
    return hmac.new(_derived(key, b"seal"), hidden, hashlib.sha256).digest()


def _hidden(key: bytes, nonce: bytes, text: bytes) -> bytes:
    """Return the text with a stream over it; applying it twice restores the text."""
    stream = _derived(key, b"stream")
    size = hashlib.sha256().digest_size
    blocks = (
        hmac.new(stream, nonce + number.to_bytes(_WORD, "big"), hashlib.sha256).digest()
        for number in range(-(-len(text) // size))
    )
    return bytes(one ^ other for one, other in zip(text, b"".join(blocks), strict=False))


def _derived(key: bytes, use: bytes) -> bytes:
    """Derive a key for one use; it does not reveal the key of the pseudonyms."""
    return hmac.new(key, b"preuve: " + use, hashlib.sha256).digest()
