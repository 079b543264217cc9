"""The functions that ask what a policy document means. Those that answer with a list say what they found, and where.

Where the answer depends on what is unknown they fail with its causes, so that there is no verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from preuve.documents import audience, denials, grants
from preuve.documents.answer import Answer
from preuve.library.iam_document import document_of

Policy = Mapping[str, Any]


def public_access(policy: Policy) -> list[str]:
    """Who of a resource policy is anybody: everyone, any account behind a service, any identity of a provider."""
    return _found(audience.opens_wide(document_of(policy)))


def open_trust(policy: Policy) -> list[str]:
    """Who of a role's trust policy is anybody. A service is not: it is given the role by who may pass it."""
    return _found(audience.opens_wide(document_of(policy), services=False))


def external_access(policy: Policy, ids: Sequence[str]) -> list[str]:
    """Who of a resource policy is anybody, or somebody else than these accounts (12 digits) and organisations (o-…)."""
    return _found(audience.opens_to_strangers(document_of(policy), ids))


def external_trust(policy: Policy, ids: Sequence[str]) -> list[str]:
    """The same of a role's trust policy, of principals of AWS accounts alone."""
    return _found(audience.opens_to_strange_accounts(document_of(policy), ids))


def ci_trust(policy: Policy) -> list[str]:
    """Which CI services may assume a role (GitHub, GitLab, Terraform Cloud, Buildkite)."""
    return _found(audience.trusts_ci(document_of(policy)))


def ci_trust_beyond_repository(policy: Policy) -> list[str]:
    """Which of them for more than the pipelines of repositories that the policy names."""
    return _found(audience.opens_beyond_repository(document_of(policy)))


def trust_without_external_id(policy: Policy, ids: Sequence[str]) -> list[str]:
    """Who may assume a role, is none of these accounts and organisations, and is asked for no external id."""
    return _found(audience.opens_without_external_id(document_of(policy), ids))


def admin_access(policies: Sequence[Policy]) -> list[str]:
    """The statements by which policies that hold together allow everything."""
    return _found(grants.administers([document_of(policy) for policy in policies]))


def privileged_access(policies: Sequence[Policy]) -> list[str]:
    """The same, and the actions by which they change rights directly or take any role."""
    return _found(grants.privileged([document_of(policy) for policy in policies]))


def full_access(policies: Sequence[Policy], services: Sequence[str]) -> list[str]:
    """The services (`kms`) of which policies that hold together allow every action on everything."""
    return _found(grants.owns_service([document_of(policy) for policy in policies], services))


def privilege_escalation(policies: Sequence[Policy], ways: Mapping[str, str]) -> list[str]:
    """The ways to more rights (name: actions with spaces between) that policies which hold together leave open."""
    return _found(grants.escalates([document_of(policy) for policy in policies], ways))


def denied(policy: Policy, actions: Sequence[str], resource: str, sent: Mapping[str, Sequence[str]]) -> bool:
    """Whether everyone is denied all of the actions on all of a resource, with these values of condition keys."""
    return _told(denials.denies(document_of(policy), actions, resource, sent)) is True


def denied_but_to_named(
    policy: Policy, actions: Sequence[str], resource: str, sent: Mapping[str, Sequence[str]]
) -> bool:
    """The same, where principals whom the policy names may be exempted."""
    return _told(denials.denies(document_of(policy), actions, resource, sent, but_named=True)) is True


def _told(answer: Answer) -> bool:
    if answer.value is None:
        raise ValueError("; ".join(answer.causes))
    return answer.value


def _found(answer: Answer) -> list[str]:
    return list(answer.places) if _told(answer) else []


def table(kinds: Any, policy: Any) -> tuple[tuple[str, list[Any], Any, Callable[..., Any]], ...]:
    """Name, parameters, result and function of each; `policy` is the type of a document."""
    texts, policies = kinds.List(kinds.STRING), kinds.List(policy)
    asked = [policy, texts, kinds.STRING, kinds.Map(kinds.STRING, texts)]
    return (
        ("public_access", [policy], texts, public_access),
        ("open_trust", [policy], texts, open_trust),
        ("external_access", [policy, texts], texts, external_access),
        ("external_trust", [policy, texts], texts, external_trust),
        ("trust_without_external_id", [policy, texts], texts, trust_without_external_id),
        ("ci_trust", [policy], texts, ci_trust),
        ("ci_trust_beyond_repository", [policy], texts, ci_trust_beyond_repository),
        ("admin_access", [policies], texts, admin_access),
        ("privileged_access", [policies], texts, privileged_access),
        ("full_access", [policies, texts], texts, full_access),
        ("privilege_escalation", [policies, kinds.Map(kinds.STRING, kinds.STRING)], texts, privilege_escalation),
        ("denied", asked, kinds.BOOL, denied),
        ("denied_but_to_named", asked, kinds.BOOL, denied_but_to_named),
    )
