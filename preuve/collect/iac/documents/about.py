"""Which documents, and of a data source which statements, a question is about.

A data source that nothing takes in does not say whose policy it makes. Its statements tell: those without a principal
are of identities, those that allow `sts:AssumeRole…` of the trust in a role, and the others of the service that their
actions name.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from preuve.collect.iac.documents.held import Held
from preuve.collect.iac.documents.providers import NO_HOST
from preuve.documents.document import Principal, Statement, Unknown

IDENTITY, TRUST, ANY = "identity", "trust", "any"


def about(held: Held, kinds: Collection[str], providers: Collection[str] = ()) -> Held | None:
    """The document with the statements that concern documents of some kinds, and identity providers where some are
    named; None where none does."""
    if held.kind in kinds:
        return _with(held, held.document.statements, providers)
    if held.kind != ANY:
        return None
    kept = tuple(one for one in held.document.statements if _concerns(one, kinds))
    return _with(held, kept, providers) if kept or not held.document.statements else None


def _with(held: Held, statements: tuple[Statement, ...], providers: Collection[str]) -> Held | None:
    """The document with some of its statements; None where it is about none of the providers that are asked for."""
    kept = tuple(one for one in statements if not providers or _names(one, providers))
    if providers and not kept and not held.document.hidden:
        return None
    return replace(held, document=replace(held.document, statements=kept))


def _names(statement: Statement, providers: Collection[str]) -> bool:
    """Whether a statement may name one of some identity providers."""
    if not isinstance(statement.principals, tuple):
        return statement.principals is not None
    return any(_may_be(principal, providers) for principal in statement.principals)


def _may_be(principal: Principal | Unknown, providers: Collection[str]) -> bool:
    if isinstance(principal, Unknown) or isinstance(principal.kind, Unknown):
        return True
    if principal.kind != "Federated":
        return False
    return isinstance(principal.value, Unknown) or principal.value.rpartition("oidc-provider/")[2] in {*providers, NO_HOST}


def _concerns(statement: Statement, kinds: Collection[str]) -> bool:
    """Whether a statement may be one of a document of these kinds."""
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
