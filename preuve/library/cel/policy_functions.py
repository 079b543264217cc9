"""The functions that ask what a policy document means. Those that return a list say what they found, and where.

If the answer depends on an unknown, they fail with its causes, so that there is no verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from preuve.documents import audience, denials, grants
from preuve.documents.access import duties, requests, senders
from preuve.documents.answer import Answer
from preuve.library.iam.policy_documents import document_of

Policy = Mapping[str, Any]


def public_access(policy: Policy) -> list[str]:
    """Return the public principals of a resource or trust policy: everyone, or any identity of a provider."""
    document = document_of(policy)
    return found(audience.opens_wide(document, services=False))


def service_access(policy: Policy) -> list[str]:
    """Return the services that a resource policy admits without limiting for which account they act."""
    return found(audience.opens_to_any_behind_service(document_of(policy)))


def external_access(policy: Policy, ids: Sequence[str]) -> list[str]:
    """Return the AWS principals that are everyone, or that belong to none of these accounts (12 digits) and
    organisations (o-…); and services that act for another.
    """
    return found(audience.opens_to_strange_accounts(document_of(policy), ids))


def ci_trust(policy: Policy) -> list[str]:
    """Return the CI services that may assume a role (GitHub, GitLab, Terraform Cloud, Buildkite)."""
    return found(audience.trusts_ci(document_of(policy)))


def ci_trust_beyond_repository(policy: Policy) -> list[str]:
    """Return the CI services that may assume a role for more than the pipelines of repositories that the policy
    names.
    """
    return found(audience.opens_beyond_repository(document_of(policy)))


def trust_without_external_id(policy: Policy, ids: Sequence[str]) -> list[str]:
    """Return the principals outside these accounts and organisations that may assume a role without an external id."""
    return found(audience.opens_without_external_id(document_of(policy), ids))


def admin_access(policies: Sequence[Policy]) -> list[str]:
    """Return the statements by which policies that hold together allow everything."""
    return found(grants.administers([document_of(policy) for policy in policies]))


def privileged_access(policies: Sequence[Policy]) -> list[str]:
    """Return the statements of `admin_access`, and the actions that change rights directly or take any role."""
    return found(grants.privileged([document_of(policy) for policy in policies]))


def full_access(policies: Sequence[Policy], services: Sequence[str]) -> list[str]:
    """Return the services (`kms`) over which the policies of one holder together give full power, on every resource."""
    return found(grants.owns_service([document_of(policy) for policy in policies], services))


def privilege_escalation(policies: Sequence[Policy], ways: Mapping[str, str], holder: str) -> list[str]:
    """Return the ways to more rights that the policies of one holder (an ARN) leave open, each named by its actions,
    separated by spaces, which read the same in every language.
    """
    names = found(grants.escalates([document_of(policy) for policy in policies], ways, holder))
    return [" + ".join(ways[name].split()) if name in ways else name for name in names]


def denied(policy: Policy, actions: Sequence[str], resource: str, sent: Mapping[str, Sequence[str]]) -> bool:
    """Return whether everyone is denied all the actions on all of a resource, with these values of condition keys."""
    return denials.denies(document_of(policy), actions, resource, sent).decided()


def denied_but_to_named(
    policy: Policy, actions: Sequence[str], resource: str, sent: Mapping[str, Sequence[str]]
) -> bool:
    """Return whether `denied` holds, even if principals whom the policy names are exempted."""
    return denials.denies(document_of(policy), actions, resource, sent, but_named=True).decided()


def denied_elsewhere(policy: Policy, actions: Sequence[str], resource: str, key: str, allowed: Sequence[str]) -> bool:
    """Return whether that holds for every value of the condition key `key` that is not allowed."""
    return denials.denies_elsewhere(document_of(policy), actions, resource, key, allowed).decided()


def sender_allowed(policy: Policy, source: str, actions: Sequence[str], resource: str) -> bool:
    """Return whether a resource policy lets CloudWatch or EventBridge do all the actions, for an alarm or a rule (its
    ARN).
    """
    return requests.allows(document_of(policy), actions, senders.request(source, resource)).decided()


def service_allowed(
    policy: Policy, service: str, actions: Sequence[str], resource: str, sent: Mapping[str, Sequence[str]]
) -> bool:
    """Return whether a resource policy lets a service (its principal) do all the actions on a resource, with these
    values of condition keys.
    """
    request = requests.ServiceRequest(service, resource, {key.lower(): values for key, values in sent.items()})
    return requests.allows(document_of(policy), actions, request).decided()


def both_allowed(policy: Policy, resource: str, these: Sequence[str], those: Sequence[str]) -> list[str]:
    """Return the people whom a resource policy allows one action of each of two lists on a resource (its ARN). Accounts
    that the policy admits decide about their own people.
    """
    return found(duties.both_allowed(document_of(policy), resource, these, those))


def found(answer: Answer) -> list[str]:
    """Return what was found and where. Raises ValueError if that is unknown."""
    return list(answer.places) if answer.decided() else []


_TEXTS, _POLICIES, _WAYS = "texts", "policies", "ways"
# Name, kinds of parameters, kind of result, function.
_TABLE: tuple[tuple[str, tuple[str, ...], str, Callable[..., Any]], ...] = (
    ("public_access", ("policy",), _TEXTS, public_access),
    ("service_access", ("policy",), _TEXTS, service_access),
    ("external_access", ("policy", _TEXTS), _TEXTS, external_access),
    ("trust_without_external_id", ("policy", _TEXTS), _TEXTS, trust_without_external_id),
    ("ci_trust", ("policy",), _TEXTS, ci_trust),
    ("ci_trust_beyond_repository", ("policy",), _TEXTS, ci_trust_beyond_repository),
    ("admin_access", (_POLICIES,), _TEXTS, admin_access),
    ("privileged_access", (_POLICIES,), _TEXTS, privileged_access),
    ("full_access", (_POLICIES, _TEXTS), _TEXTS, full_access),
    ("privilege_escalation", (_POLICIES, _WAYS, "text"), _TEXTS, privilege_escalation),
    ("denied", ("policy", _TEXTS, "text", "sent"), "truth", denied),
    ("denied_but_to_named", ("policy", _TEXTS, "text", "sent"), "truth", denied_but_to_named),
    ("sender_allowed", ("policy", "text", _TEXTS, "text"), "truth", sender_allowed),
    ("service_allowed", ("policy", "text", _TEXTS, "text", "sent"), "truth", service_allowed),
    ("both_allowed", ("policy", "text", _TEXTS, _TEXTS), _TEXTS, both_allowed),
    ("denied_elsewhere", ("policy", _TEXTS, "text", "text", _TEXTS), "truth", denied_elsewhere),
)
NAMES = frozenset(name for name, *_ in _TABLE)


def table(kinds: Any, policy: Any) -> tuple[tuple[str, list[Any], Any, Callable[..., Any]], ...]:
    """Name, types of parameters, type of the result and function of each; `policy` is the type of a document."""
    texts = kinds.List(kinds.STRING)
    types = {
        "policy": policy,
        _POLICIES: kinds.List(policy),
        "text": kinds.STRING,
        _TEXTS: texts,
        _WAYS: kinds.Map(kinds.STRING, kinds.STRING),
        "sent": kinds.Map(kinds.STRING, texts),
        "truth": kinds.BOOL,
    }
    return tuple((name, [types[one] for one in given], types[result], call) for name, given, result, call in _TABLE)
