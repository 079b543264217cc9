"""Types of resources in code that no policy has to look at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class KnownTypes:
    """Types by their names, and families of types by a prefix."""

    names: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()
    others: frozenset[str] = frozenset()  # exceptions: they begin with a prefix and do not count

    def __contains__(self, name: object) -> bool:
        begins = isinstance(name, str) and name.startswith(self.beginnings) and name not in self.others
        return name in self.names or begins


NONE = KnownTypes()
