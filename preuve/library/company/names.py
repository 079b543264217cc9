"""Refuses a file of a workspace under a name that is nearly right: it would be passed over without a word."""

from __future__ import annotations

from pathlib import Path

from preuve.model.errors import UsageError

WORKSPACE = "preuve.yaml"
_ALIKE = {WORKSPACE: ("preuve",), "waivers.yaml": ("waivers", "waiver"), "baseline.yaml": ("baseline", "baselines")}


def refuse_misnamed(root: Path, *names: str) -> None:
    """Raise UsageError if a folder has a file with nearly one of these names."""
    present = sorted(path.name for path in root.iterdir()) if root.is_dir() else []
    for right in names:
        alike = {f"{stem}{end}" for stem in _ALIKE[right] for end in (".yaml", ".yml")}
        for found in present:
            if found != right and found.casefold() in alike:
                done = f"merge it into {right} and remove it" if right in present else f"rename it to {right}"
                raise UsageError(f"there is {found}, which is not read", done)
