"""Verifies a bundle: files, chain, signature, timestamp, and the witnesses that were kept elsewhere."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from . import bag, chain, facts, programs
from .report import Item, Level, broken, note


@dataclass(frozen=True)
class Given:
    """What the verifier was given besides the bundle, each by another path than the bundle."""

    previous: Path | None = None  # an earlier bundle
    heads: Sequence[str] = ()  # of the chain, from management reports and notifications
    signers: Path | None = None
    authority: Path | None = None


def is_bundle(folder: Path) -> bool:
    """Whether anything of a bundle lies there: what is left of one is checked, and does not hold."""
    names = (bag.DECLARATION, bag.MANIFEST, bag.TAG_MANIFEST, chain.CHAIN, "verification")
    return any(os.path.lexists(folder / name) for name in names)


def verify(folder: Path, given: Given) -> list[Item]:
    """Everything that can be said of the bundle in `folder`."""
    items = bag.check(folder)
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
    previous = _previous(given.previous, found.lines)
    items += [previous] if given.previous or len(found.lines) > 1 else []
    shown = int(previous.values["number"]) if previous.code == "previous" else 0
    items += chain.witnessed(found.lines, given.heads, shown)
    return [*items, note("demonstration")] if own.data.get("demonstration") else items


def _expected(lines: Sequence[chain.Line], own: chain.Line | None, previous: Path | None) -> programs.Expected:
    """What is known of the seal: by this bundle's own line, by those before it, by what lies in an earlier bundle."""
    earlier = [line for line in lines if line is not own]
    kept = len(chain.read(previous / chain.CHAIN).lines) if previous else 0
    return programs.Expected(
        key=own.text("signer") if own else "",
        authority=own.text("authority") if own else "",
        closed=own.text("sealed") if own else "",
        before=next((line.text("signer") for line in reversed(earlier) if line.text("signer")), ""),
        signed=_last(earlier, "signer") or (kept if previous and (previous / bag.SIGNATURE).is_file() else 0),
        stamped=_last(earlier, "authority") or (kept if previous and (previous / bag.TIMESTAMP).is_file() else 0),
    )


def _last(lines: Sequence[chain.Line], name: str) -> int:
    return max((line.number for line in lines if line.text(name)), default=0)


def _previous(folder: Path | None, lines: Sequence[chain.Line]) -> Item:
    """What an earlier bundle shows; it must hold itself, because only then is it known to be the one that was kept."""
    if folder is None:
        return note("no_previous")
    known = chain.read(folder / chain.CHAIN)
    own = [*bag.check(folder), *chain.check(folder, known)]
    if any(item.level not in (Level.HOLDS, Level.NOTE) for item in own):
        return broken("previous_broken", folder=folder.name)
    if known.lines[-1].raw == lines[-1].raw:
        return note("previous_same")
    return chain.compare(lines, known.lines)
