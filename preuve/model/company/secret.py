"""The place of a secret that a workspace needs and never contains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from preuve.model.forms import keywords, text


@dataclass(frozen=True)
class SecretPlace:
    """Where a secret comes from: a file, or a variable of the environment. The workspace never holds it."""

    file: Annotated[str, text("File that only its owner reads, outside the workspace.")] = ""
    environment: Annotated[str, text("Variable of the environment.", pattern="^[A-Z_][A-Z0-9_]*$")] = ""


Secret = Annotated[
    SecretPlace, keywords("where the secret comes from: file or environment", minProperties=1, maxProperties=1)
]
