"""Types of resources that may be in code without a policy for them: `scanners/types/`.

Any other type without a policy leaves code unexamined: it may make something that a policy judges. `scanners/blocks/`
has further lists. `quiet.txt` has the blocks that run nothing, `of_accounts.txt` those that set something for a whole
account. Its five tables are: `objects.yaml`, which object a block is; `dependents.yaml`, what depends on it;
`separate.yaml`, which of its arguments a separate block may set; `at_creation.yaml`, which arguments count only at its
creation; and `exported.yaml`, arguments of which the provider exports less than is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from preuve.library.yaml.place import content_root
from preuve.library.yaml.word_lists import plain_data
from preuve.model.known_types import KnownTypes

FOLDER = "scanners/types"
BLOCKS = "scanners/blocks"
_ELSEWHERE = ("other_providers", "kubernetes", "helm")  # what they run is not on AWS


@cache
def known_types() -> dict[str, KnownTypes]:
    """Return the types by kind of code."""
    files = (content_root() / FOLDER).glob("*.txt")
    return {file.stem: _types(file.read_text(encoding="utf-8").splitlines()) for file in sorted(files)}


@cache
def quiet_types() -> KnownTypes:
    """Return the types of data sources and ephemeral resources that run and invoke nothing."""
    found, known = _of_blocks("quiet"), known_types()
    beginnings = (*found.beginnings, *(beginning for name in _ELSEWHERE for beginning in known[name].beginnings))
    return replace(found, beginnings=beginnings)


@cache
def types_of_accounts() -> frozenset[str]:
    """Return the types that set something once for a whole account or region."""
    return _of_blocks("of_accounts").names


@cache
def table_of_blocks(name: str) -> Mapping[str, Any]:
    """Return a table about types of blocks, by the types."""
    return plain_data(content_root() / BLOCKS / f"{name}.yaml")


def table_files() -> list[Path]:
    """Return the files of all these tables; the evaluation of code depends on them."""
    return sorted((content_root() / BLOCKS).glob("*.yaml"))


def _of_blocks(name: str) -> KnownTypes:
    return _types((content_root() / BLOCKS / f"{name}.txt").read_text(encoding="utf-8").splitlines())


def _types(lines: Iterable[str]) -> KnownTypes:
    names = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    beginnings = tuple(name.removesuffix("*") for name in names if name.endswith("*"))
    others = frozenset(name.removeprefix("!") for name in names if name.startswith("!"))
    whole = frozenset(name for name in names if not (name.endswith("*") or name.startswith("!")))
    return KnownTypes(whole, beginnings, others)
