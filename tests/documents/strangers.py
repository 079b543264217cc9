"""Strangers: everyone whom one of three questions finds."""

from __future__ import annotations

from collections.abc import Collection

from preuve.documents import audience
from preuve.documents.answer import Answer, any_of
from preuve.documents.document import Document


def opens_to_strangers(document: Document, ids: Collection[str]) -> Answer:
    """Whether a statement admits, generally or by name, anyone but these accounts and organisations."""
    return any_of(
        (
            audience.opens_to_strange_accounts(document, ids),
            audience.opens_to_any_behind_service(document),
            audience.opens_to_any_of_provider(document),
        )
    )
