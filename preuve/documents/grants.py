"""What the policies of an identity allow: one definition for every policy that asks.

All take the documents that hold together (a managed policy is one; a user has its own and those of its groups).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from preuve.documents.answer import Answer
from preuve.documents.document import Document


def administers(documents: Sequence[Document]) -> Answer:
    """Whether they allow every action on every resource."""
    raise NotImplementedError


def escalates(documents: Sequence[Document], ways: Mapping[str, str]) -> Answer:
    """Whether they allow all actions of one of the ways (name: actions with spaces between) on any resource."""
    raise NotImplementedError


def allows_on_any(documents: Sequence[Document], actions: Collection[str]) -> Answer:
    """Whether one of these actions (`sts:AssumeRole`) is allowed on any resource, with no condition that narrows."""
    raise NotImplementedError
