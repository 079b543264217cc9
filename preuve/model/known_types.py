"""Types of resources in code that no policy has to look at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class KnownTypes:
    """Types by their names, and families of types by a prefix."""

    names: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()

    def __contains__(self, name: object) -> bool:
        return name in self.names or (isinstance(name, str) and name.startswith(self.beginnings))
