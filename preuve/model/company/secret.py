"""Where a secret comes from that a workspace needs and never holds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SecretPlace:
    """Where a secret comes from: a file, or a variable of the environment. The workspace never holds it."""

    file: str = ""
    environment: str = ""
