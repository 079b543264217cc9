"""Terraform's override files: their blocks replace arguments of blocks in the other files of the folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Definitions = dict[str, Any]  # block type -> list of blocks, as Checkov parses a file

_LABELS = {"resource": 2, "data": 2, "variable": 1, "module": 1, "provider": 1, "output": 1, "locals": 0}


def is_override(file: Path) -> bool:
    """Whether Terraform merges this file into the others."""
    return file.stem == "override" or file.stem.endswith("_override")


def merge(files: Mapping[Path, Definitions]) -> None:
    """Move what override files change into the blocks that they override, in the order of their names."""
    blocks = {label: body for file, found in files.items() if not is_override(file) for label, body in _blocks(found)}
    for file in sorted(filter(is_override, files)):
        for kind in _LABELS:
            kept = [block for block in files[file].get(kind, ()) if not _merged(kind, block, blocks)]
            if kind in files[file]:
                files[file][kind] = kept


def _blocks(definitions: Definitions) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    for kind in _LABELS:
        for block in definitions.get(kind, ()):
            found = _labelled(kind, block)
            if found is not None and kind != "locals":
                yield found
            elif found is not None:
                yield from ((("locals", str(name)), block) for name in block)


def _labelled(kind: str, block: Any) -> tuple[tuple[str, ...], dict[str, Any]] | None:
    labels = [kind]
    for _ in range(_LABELS[kind]):
        if not isinstance(block, dict) or len(block) != 1:
            return None
        label, block = next(iter(block.items()))
        labels.append(str(label))
    return (tuple(labels), block) if isinstance(block, dict) else None


def _merged(kind: str, block: Any, blocks: Mapping[tuple[str, ...], dict[str, Any]]) -> bool:
    found = _labelled(kind, block)
    if found is None:
        return False
    labels, body = found
    if kind == "locals":
        done = [_set_local(str(name), value, blocks) for name, value in body.items() if not _internal(name)]
        return all(done)
    if labels not in blocks:
        return False
    blocks[labels].update({name: value for name, value in body.items() if not _internal(name)})
    return True


def _set_local(name: str, value: Any, blocks: Mapping[tuple[str, ...], dict[str, Any]]) -> bool:
    target = blocks.get(("locals", name))
    if target is not None:
        target[name] = value
    return target is not None


def _internal(name: Any) -> bool:
    return str(name).startswith("__")
