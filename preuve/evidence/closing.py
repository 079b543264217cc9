"""Closes a bundle, in this order: payload, its manifest, the seal before the root, the root, the seal of the root."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from preuve.evidence.bag import write_declaration, write_manifest, write_tag_manifest


class Seal(Protocol):
    """Seals a bundle. A bundle without a seal is complete, and states that it is not sealed."""

    def before_root(self, folder: Path) -> None:
        """Write the files that the root covers beside the payload: `chain.jsonl` and `verification/`."""

    def after_root(self, folder: Path) -> bool:
        """Write the files that cover the root: the signature and the timestamp of `tagmanifest-sha256.txt`. Return
        False if the bundle must be closed again because another run was added to the chain first.
        """


class NoSeal:
    """No seal: the bundle is complete, and everyone with write access can replace it."""

    def before_root(self, folder: Path) -> None:
        """Do nothing."""

    def after_root(self, folder: Path) -> bool:
        """Do nothing."""
        return True


def close(folder: Path, info: Sequence[tuple[str, str]], seal: Seal) -> str:
    """Close the bundle in `folder`, whose payload is written, and return its root."""
    payload = write_manifest(folder)
    write_declaration(folder, [*info, ("Payload-Oxum", f"{payload.octets}.{payload.files}")])
    return seal_bundle(folder, seal)


def seal_bundle(folder: Path, seal: Seal) -> str:
    """Seal a bundle whose payload and `bag-info.txt` are written, and return its root."""
    while True:  # until no other run comes first; this ends, because in each round another run has finished
        seal.before_root(folder)
        root = write_tag_manifest(folder)
        if seal.after_root(folder):
            return root
