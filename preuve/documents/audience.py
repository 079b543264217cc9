"""Who is let in by a resource or trust policy: one definition for every policy that asks."""

from __future__ import annotations

from collections.abc import Collection

from preuve.documents.answer import Answer
from preuve.documents.document import Document


def opens_to_everyone(document: Document) -> Answer:
    """Whether a statement allows everyone, with AWS credentials or without, and no condition narrows it.

    `NotPrincipal` with Allow does, whomever it names.
    """
    raise NotImplementedError


def opens_to_any_behind_service(document: Document) -> Answer:
    """Whether a statement allows an AWS service that acts for its customers, for any of them (confused deputy)."""
    raise NotImplementedError


def opens_to_any_of_provider(document: Document) -> Answer:
    """Whether a statement allows any identity of an identity provider (OIDC, SAML), or a whole shared one."""
    raise NotImplementedError


def opens_wide(document: Document) -> Answer:
    """Any of the three above: what is asked of resource policies under the name of public."""
    raise NotImplementedError


def opens_to_strangers(document: Document, known: Collection[str]) -> Answer:
    """Whether a statement lets in anyone but these accounts (ids) and organisations (o-…): wide, or by name."""
    raise NotImplementedError
