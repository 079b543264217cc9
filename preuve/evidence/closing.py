"""Closes a bundle, in this order: payload, its manifest, what seals before the root, the root, what seals the root."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from preuve.evidence.bag import Payload, write_declaration, write_manifest, write_tag_manifest


@dataclass(frozen=True)
class Closing:
    """A bundle that is being closed: its folder, its name, its period, its recorded clock, its payload."""

    folder: Path
    name: str
    period: str
    now: str
    payload: Payload


class Seal(Protocol):
    """What seals a bundle. A bundle without one is whole and says that it is not sealed."""

    def before_root(self, closing: Closing) -> None:
        """Write what the root covers beside the payload: `chain.jsonl`, `verification/`, the first page."""

    def after_root(self, closing: Closing, root: str) -> bool:
        """Write what covers the root: the signature and the timestamp of `tagmanifest-sha256.txt`; False when the
        bundle must be closed again, because another run came first in the chain.
        """


class Unsealed:
    """No seal: the bundle is whole, and everyone who can write there can write another."""

    def before_root(self, closing: Closing) -> None:
        """Nothing."""

    def after_root(self, closing: Closing, root: str) -> bool:
        """Nothing."""
        return True


def close(folder: Path, name: str, period: str, now: str, info: Sequence[tuple[str, str]], seal: Seal) -> str:
    """Close the bundle in `folder`, whose payload is written, and give its root."""
    payload = write_manifest(folder)
    closing = Closing(folder, name, period, now, payload)
    size = ("Payload-Oxum", f"{payload.octets}.{payload.files}")
    write_declaration(folder, [*info, size])
    while True:  # until no other run comes first: each time round one did, so this ends
        seal.before_root(closing)
        root = write_tag_manifest(folder)
        if seal.after_root(closing, root):
            return root
