"""Verifies a bundle: files, chain, signature, timestamp, and the witnesses that were kept elsewhere."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from . import bag, chain, facts, info, programs
from .report import Item, Level, broken, holds, note, still_open


@dataclass(frozen=True)
class Witnesses:
    """The verifier's input besides the bundle; each came by another path than the bundle."""

    previous: Path | None = None  # an earlier bundle
    heads: Sequence[str] = ()  # of the chain, from management reports and notifications
    signers: Path | None = None
    authority: Path | None = None


def is_bundle(folder: Path) -> bool:
    """Return whether the folder has any part of a bundle: the remains of a bundle are checked, and fail."""
    names = (bag.DECLARATION, bag.MANIFEST, bag.TAG_MANIFEST, chain.CHAIN, "verification")
    return any(os.path.lexists(folder / name) for name in names)


def bundles_in(folder: Path) -> list[Path]:
    """Return the bundles in a folder that is none itself, such as the evidence folder with its chain."""
    if any(os.path.lexists(folder / name) for name in (bag.DECLARATION, bag.MANIFEST, bag.TAG_MANIFEST)):
        return []
    return [path for path in sorted(folder.iterdir()) if path.is_dir() and (path / bag.DECLARATION).is_file()]


def verify(folder: Path, given: Witnesses) -> list[Item]:
    """Return all results on the bundle in `folder`."""
    items = _files(folder)
    found = chain.read(folder / chain.CHAIN)
    items += chain.check(folder, found)
    own = found.lines[-1] if found.lines and not found.items else None
    if own is not None and all(item.level is not Level.BROKEN for item in items):
        items += facts.check(folder, found.lines)
    expected = _expected(found.lines, own, given.previous)
    stamp = programs.check_timestamp(folder, expected, given.authority)
    seen = programs.seen_at(stamp) if given.authority else None
    items += [*programs.check_signature(folder, expected, given.signers, seen), *stamp]
    if own is None:
        return [*items, broken("no_chain_to_witness")] if given.heads or given.previous else items
    previous = _previous(given.previous, folder, found.lines)
    items += [previous] if given.previous or len(found.lines) > 1 else []
    shown = int(previous.values.get("number", 0)) if previous.level is Level.HOLDS else 0
    items += chain.witnessed(found.lines, given.heads, shown)
    return [*items, note("demonstration")] if own.data.get("demonstration") else items


def _expected(lines: Sequence[chain.Line], own: chain.Line | None, previous: Path | None) -> programs.ChainFacts:
    """Return what is known of the seal, from this bundle's own line, those before it, and an earlier bundle."""
    earlier = [line for line in lines if line is not own]
    kept = len(chain.read(previous / chain.CHAIN).lines) if previous else 0
    return programs.ChainFacts(
        key=own.text("signer") if own else "",
        authority=own.text("authority") if own else "",
        closed=own.text("sealed") if own else "",
        before=next((line.text("signer") for line in reversed(earlier) if line.text("signer")), ""),
        signed=_last(earlier, "signer") or (kept if previous and (previous / bag.SIGNATURE).is_file() else 0),
        stamped=_last(earlier, "authority") or (kept if previous and (previous / bag.TIMESTAMP).is_file() else 0),
    )


def _last(lines: Sequence[chain.Line], name: str) -> int:
    return max((line.number for line in lines if line.text(name)), default=0)


def _files(folder: Path) -> list[Item]:
    """Return the defects of the files of a bundle; if there are none, also the contradictions to their contents."""
    items = bag.check(folder)
    return items if any(item.level is Level.BROKEN for item in items) else [*items, *info.check(folder)]


def _previous(kept: Path | None, folder: Path, lines: Sequence[chain.Line]) -> Item:
    """Return the facts of a kept bundle, an earlier one or a copy of this one. It must verify itself: only then is it
    known to be the bundle that was kept.
    """
    if kept is None:
        return note("no_previous")
    if kept.resolve() == folder.resolve():
        return note("previous_same")
    known = chain.read(kept / chain.CHAIN)
    own = [*_files(kept), *chain.check(kept, known)]
    if any(item.level is Level.BROKEN for item in own):
        return broken("previous_broken", folder=kept.name)
    if not known.lines:
        return still_open("previous_unsealed", folder=kept.name)
    if known.lines[-1].raw == lines[-1].raw:  # it contains the hash of all the rest, so the roots are the same
        return holds("previous_copy", number=len(lines))
    return info.compare(folder, lines, kept, known.lines) or chain.compare(lines, known.lines)
