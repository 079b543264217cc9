"""Compares our evaluator with tfparse, that of Trivy, on all root modules of a repository, block by block.

If both give a value, the values must agree; otherwise one is wrong. A value that only one gives, or that tfparse
invents, does not count. `python -m collect.code.second_witness FOLDER …`, below `tests`, prints the differences in any
repository.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from collect.code.rewriting.witness import Witness
from preuve.collect.code.files.folders import Reader
from preuve.collect.code.files.modules import reach
from preuve.collect.code.files.sources import Sources
from preuve.collect.code.inputs.variables import Files, variables_of
from preuve.collect.code.language.hcl.blocks import AbsentBlock, BlockInstance, made_by
from preuve.collect.code.language.hcl.code import Root
from preuve.collect.code.language.hcl.content import Content
from preuve.collect.code.language.hcl.module import Module
from preuve.collect.code.language.values.value import Set, Unknown, Value

_NOT_COMPARED = frozenset({"__tfmeta", "id", "count", "for_each", "provider", "lifecycle", "depends_on"})
_MADE_UP = re.compile(r"\$\{|\(sensitive value\)|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|current-region")
_INDEX = re.compile(r"\[[^\]]*\]")
_UNKNOWN = object()


def roots(base: Path) -> list[Path]:
    """Every folder with Terraform in it: each can be applied by itself."""
    return sorted({path.parent for path in base.rglob("*.tf") if ".terraform" not in path.parts})


def differences(base: Path, witness: Witness, seen: Counter[str]) -> Iterator[str]:
    """Yield the differences of the two; `seen` counts the comparisons."""
    for root in roots(base):
        made = {one.address: one for one in _made(base, root)}
        written = {_INDEX.sub("", address) for address in made}
        for address, theirs in witness.blocks(root).items():
            where = f"{root.relative_to(base)}: {address}"
            if theirs["__tfmeta"].get("type") not in ("resource", "data"):
                continue
            seen["blocks"] += 1
            if address in made:
                yield from _of(where, made[address].content, theirs, seen)
            elif _INDEX.sub("", address) not in written:  # of a loop, one of the two may not know the keys
                yield f"{where} is not made, but to the witness it is"


def _made(base: Path, root: Path) -> Iterator[BlockInstance]:
    # Loads Checkov: not while the tests are collected.
    from preuve.collect.code.checkov.kinds.terraform import variable_files

    folders = Reader(Sources(base))
    reached = reach(folders, root)
    files = list(variable_files(folders, root))
    share = Root(
        root,
        Files(folders.sources, root),
        code=lambda folder: folders.code(folder, "terraform"),
        target=lambda folder, source: reached.targets.get((folder, source)),
        variables=variables_of(folders.sources, root, files, None, []),
    )
    found = made_by(Module(share, share.code(root)))
    return (one for one in found if not isinstance(one, AbsentBlock) and one.kind in ("resource", "data"))


def _of(where: str, ours: Content, theirs: Mapping[str, Any], seen: Counter[str]) -> Iterator[str]:
    for name in sorted(set(ours.arguments) & set(theirs) - _NOT_COMPARED):
        value = _plain(ours.arguments[name])
        seen["unknown" if value is _UNKNOWN else "values"] += 1
        if not _agree(value, theirs[name]):
            yield f"{where}.{name}: {value!r} is {theirs[name]!r} to the witness"
    for name in sorted(set(ours.blocks) & set(theirs) - _NOT_COMPARED - set(ours.open)):
        given = theirs[name] if isinstance(theirs[name], list) else [theirs[name]]
        if len(given) != len(ours.blocks[name]):
            continue  # it drops blocks of unknown number
        for (_, inner), other in zip(ours.blocks[name], given, strict=True):
            if isinstance(other, dict):
                yield from _of(f"{where}.{name}", inner, other, seen)


def _plain(value: Value) -> Any:
    if isinstance(value, Unknown):
        return _UNKNOWN
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, Set):
        return frozenset(map(str, value.members)) if not any(map(_deep, value.members)) else _UNKNOWN
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return float(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


def _deep(value: Value) -> bool:
    return isinstance(value, Unknown | dict | list | tuple | Set)


def _agree(ours: Any, theirs: Any) -> bool:
    if ours is _UNKNOWN or ours is None or theirs is None or _is_silence(theirs):
        return True
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return all(_agree(ours[name], theirs[name]) for name in ours if name in theirs)
    if isinstance(ours, frozenset) and isinstance(theirs, list):
        return len(theirs) < len(ours) or any(map(_is_silence, theirs)) or {str(item) for item in theirs} == ours
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(theirs) < len(ours) or (len(ours) == len(theirs) and all(map(_agree, ours, theirs)))
    if isinstance(ours, str) and isinstance(theirs, str):
        return ours.strip() == theirs.strip() or _same_documents(ours, theirs)
    return _text(ours) == _text(theirs)


def _is_silence(value: Any) -> bool:
    if isinstance(value, dict):
        return "__attribute__" in value
    return isinstance(value, str) and _MADE_UP.search(value) is not None


def _same_documents(ours: str, theirs: str) -> bool:
    try:
        return _agree(_plain(json.loads(ours)), json.loads(theirs))
    except ValueError:
        return False


def _text(value: Any) -> str:
    """Terraform converts between texts, numbers and booleans."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, int | float) else str(value)


if __name__ == "__main__":
    counted: Counter[str] = Counter()
    with Witness() as one:
        for folder in map(Path, sys.argv[1:]):
            for line in differences(folder.resolve(), one, counted):
                print(f"{folder.name}/{line}")
    print(dict(counted))
