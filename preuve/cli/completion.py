"""Ids for the shell to complete. They are found by their text: a shell waits for them, and parsing takes seconds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import click

_ID = re.compile(r"^ *(?:- *)?\{?id: *[\"']?([\w.-]+)", re.MULTILINE)


def policies_and_controls(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Return the ids of bundled policies and controls: the names of their files."""
    found = [*_content().glob("policies/*/*.yaml"), *_content().glob("controls/*/*.yaml")]
    return _begun((path.stem for path in found if path.stem != "framework"), incomplete)


def evidence_items(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Return the ids of the items of manual evidence."""
    return _begun(_ids([_content() / "controls/evidence.yaml"]), incomplete)


def waivers(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Return the ids of the waivers of a workspace."""
    return _begun(_ids([_workspace(ctx) / "waivers.yaml"]), incomplete)


def attestations(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Return the ids of the attestations of a workspace."""
    return _begun(_ids(_workspace(ctx).glob("attestations/*.yaml")), incomplete)


def inlets(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Return the ids of the inlets, bundled ones and those of a workspace: the names of their files."""
    found = (path for root in (_content(), _workspace(ctx)) for path in root.glob("inlets/*.yaml"))
    return _begun((path.stem for path in found), incomplete)


def _content() -> Path:
    from preuve.library.yaml.place import content_root  # noqa: PLC0415 - `--help` must not load what completing needs

    return content_root()


def _workspace(ctx: click.Context) -> Path:
    return Path(ctx.params.get("workspace") or "")


def _ids(paths: Iterable[Path]) -> Iterable[str]:
    for path in paths:
        if path.is_file():
            yield from _ID.findall(path.read_text(encoding="utf-8", errors="replace"))


def _begun(names: Iterable[str], incomplete: str) -> list[str]:
    return sorted({name for name in names if name.lower().startswith(incomplete.lower())})
