"""Selects the documents, or the statements of a data source, that a question concerns.

A data source that nothing uses does not show whose policy it builds, but its statements do. Those without a
principal belong to an identity, those that allow `sts:AssumeRole…` to a role's trust policy, the others to the
service of their actions.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from preuve.collect.code.judgements.documents.block_documents import Held
from preuve.documents.document import Statement, Unknown

IDENTITY, TRUST, ANY = "identity", "trust", "any"


def about(held: Held, kinds: Collection[str]) -> Held | None:
    """Return the document with the statements that concern documents of some kinds; None if none does."""
    if held.kind in kinds:
        return held
    if held.kind != ANY:
        return None
    statements = held.document.statements
    kept = tuple(one for one in statements if _concerns(one, kinds))
    return replace(held, document=replace(held.document, statements=kept)) if kept or not statements else None


def _concerns(statement: Statement, kinds: Collection[str]) -> bool:
    """Return whether a statement may be one of a document of these kinds."""
    if statement.principals is None and statement.not_principals is None:
        return IDENTITY in kinds
    if not isinstance(statement.actions, tuple) or not statement.actions:
        return kinds != {IDENTITY}
    services = {_service(action) for action in statement.actions}
    if None in services or "*" in services:
        return set(kinds) != {IDENTITY}
    return bool(services & {_service_of(kind) for kind in kinds})


def _service(action: str | Unknown) -> str | None:
    text = action if isinstance(action, str) else action.known[0]
    return text.split(":", 1)[0].lower() if ":" in text or isinstance(action, str) else None


_SERVICES = {"opensearchservice": "es", "ses": "ses"}


def _service_of(kind: str) -> str:
    if kind == TRUST:
        return "sts"
    name = kind.split("::")[1].lower() if "::" in kind else kind
    return _SERVICES.get(name, name)
