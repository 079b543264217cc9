"""Types of resources that may be in code without a policy that looks at them: `scanners/types/`.

Whatever else no policy looks at leaves code unexamined: it may make what a policy judges.
"""

from __future__ import annotations

from collections.abc import Iterable

from preuve.library.yaml.place import content_root
from preuve.model.known_types import KnownTypes

FOLDER = "scanners/types"


def known_types() -> dict[str, KnownTypes]:
    """Return the types by kind of code."""
    files = (content_root() / FOLDER).glob("*.txt")
    return {file.stem: _types(file.read_text(encoding="utf-8").splitlines()) for file in sorted(files)}


def _types(lines: Iterable[str]) -> KnownTypes:
    names = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    beginnings = tuple(name.removesuffix("*") for name in names if name.endswith("*"))
    return KnownTypes(frozenset(name for name in names if not name.endswith("*")), beginnings)
