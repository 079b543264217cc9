"""The ids of Checkov's checks, read from its installed files: loading Checkov takes seconds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from preuve.library.suggestion import suggest
from preuve.model.content import Library
from preuve.model.errors import Problem

_KINDS = ("terraform", "cloudformation", "dockerfile", "github_actions")
_ID = re.compile(r"\bCKV2?_[A-Z]+_[0-9]+\b")


@cache
def checkov_ids() -> frozenset[str]:
    """Return every id that a check of Checkov has for a kind of code that is read."""
    spec = find_spec("checkov")
    root = Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else Path()
    files = (
        path
        for kind in _KINDS
        for path in (root / kind / "checks").rglob("*")
        if path.suffix in (".py", ".yaml", ".json")
    )
    return frozenset(name for path in files for name in _ID.findall(path.read_text(encoding="utf-8")))


def unknown_checks(library: Library) -> Iterator[Problem]:
    """Yield ids in policies that Checkov does not have: such a policy would silently judge nothing."""
    sides = [(policy, policy.iac) for policy in library.policies.values() if policy.iac]
    known = frozenset({*library.code_rules, *checkov_ids()} if sides else ())
    for policy, side in sides:
        for check, at in side.placed(policy.position):
            if check not in known and _ID.fullmatch(check):  # `code_rules` reports other ids
                yield Problem(at, f"{policy.id}: Checkov has no check {check}", suggest(check, known))
