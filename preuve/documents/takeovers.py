"""Decides whether the holder of some rights may give rights to an identity and act as it, if a pattern leaves the
identity's name open.

Whoever creates a role chooses its name, so a pattern of names is as good as all of them. What is created under a
permissions boundary stays under it, unless the boundary may be removed, or itself be given another version:
docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html (delegating responsibility to others)
"""

from __future__ import annotations

import functools
import re

from preuve.documents.answer import NO, YES, Answer, all_of, any_of, known, unknown
from preuve.documents.callers.conditions import ALIKE, operator_of
from preuve.documents.document import Condition, Statement, Text, Unknown
from preuve.documents.patterns import clean, is_wild
from preuve.documents.permitted_actions import (
    Rights,
    all_conditions,
    allowed,
    allowed_on,
    patterns_of,
    without_conditions,
)
from preuve.documents.resources import MANAGED_BY_AWS, chosen
from preuve.documents.rights import TAKEOVERS, Takeover

_BOUNDARY = "iam:permissionsboundary"
_LIMITING = frozenset({_BOUNDARY, "iam:policyarn"})
_REWRITES = ("iam:createpolicyversion", "iam:setdefaultpolicyversion")
_ACCOUNT = re.compile(r"\$\{aws:principalaccount\}", re.IGNORECASE)  # that of the holder, which patterns write out
_UNLIMITED = (":policy/AdministratorAccess", ":policy/IAMFullAccess", ":policy/PowerUserAccess")


def takes_over(rights: Rights) -> Answer:
    """Return whether they may; the places are the actions, in their form for readers."""
    return any_of(_one(rights, takeover, name) for takeover in TAKEOVERS for name in _names(rights, takeover))


def _names(rights: Rights, takeover: Takeover) -> list[str]:
    actions = {action.lower() for action in (*takeover.gives, *takeover.takes, takeover.makes) if action}
    return chosen(takeover.kind, patterns_of(rights, actions))


def _one(rights: Rights, takeover: Takeover, name: str) -> Answer:
    """Return whether an identity of a kind may be taken over; one made under a boundary only if the boundary may be
    removed.
    """
    freed = any_of(_allows(rights, name, known("Delete" in action), action) for action in takeover.frees)
    ask = functools.partial(_allows, rights, name, freed)
    made = ask(takeover.makes) if takeover.makes else NO
    under = all_of((_allows(rights, name, YES, takeover.makes), ~made)) if takeover.makes else NO
    ways = [
        all_of((ask(give), made if take == takeover.makes else ask(take), ~under)).at(f"{take} + {give}")
        for give in takeover.gives
        for take in takeover.takes
    ]
    return any_of(ways)


def _allows(rights: Rights, name: str, freed: Answer, action: str) -> Answer:
    """Return whether an action is allowed on it, and no condition limits the rights that it gives; `freed`: a boundary
    does not count as a limit.
    """
    keys = _LIMITING - {_BOUNDARY} if freed.value is True else _LIMITING

    def counts(statement: Statement) -> Answer:
        return all_conditions(statement, lambda one: ~_limits(rights, one, keys))

    return allowed_on(rights, action.lower(), name, counts, lambda statement: _takes(rights, statement, keys))


def _takes(rights: Rights, statement: Statement, keys: frozenset[str]) -> Answer:
    """Return whether a denial removes everything, or everything except what a limit contains."""
    one = statement.conditions
    limit = one[0] if isinstance(one, tuple) and len(one) == 1 else None
    if isinstance(limit, Condition):
        return _limits(rights, limit, keys, "not")
    return without_conditions(statement)


def _limits(rights: Rights, condition: Condition, keys: frozenset[str], negated: str = "") -> Answer:
    """Return whether a condition requires one boundary, or one policy, that is not known to allow everything and that
    the holder may not rewrite.
    """
    if isinstance(condition.operator, Unknown) or isinstance(condition.key, Unknown):
        return unknown(*(one.cause for one in (condition.operator, condition.key) if isinstance(one, Unknown)))
    quantifier, base, if_exists = operator_of(condition.operator)
    if condition.key not in keys or quantifier or (if_exists and not negated) or negated not in base:
        return NO
    if base.replace(negated, "", 1) not in ALIKE:
        return NO
    if isinstance(condition.values, Unknown):
        return unknown(condition.values.cause)
    return all_of(all_of((_is_one(value), ~_rewritten(rights, value))) for value in condition.values)


def _is_one(value: Text) -> Answer:
    """Return whether a value is the ARN of one policy, other than AWS's policies that allow everything."""
    if isinstance(value, Unknown):
        return YES if value.plain else unknown(value.cause)
    name = clean(value).rsplit(":", 1)[-1]
    return known(not is_wild(name) and not value.endswith(_UNLIMITED))


def _rewritten(rights: Rights, value: Text) -> Answer:
    """Return whether the holder may give a policy another version; if its name is not known, whether that holds for any
    policy.
    """
    if isinstance(value, str) and MANAGED_BY_AWS.match(value):
        return NO
    name = value if isinstance(value, Unknown) else _ACCOUNT.sub("*", clean(value))
    if isinstance(name, Unknown) or "${" in name:
        some = any_of(allowed(rights, action, anything=True) for action in _REWRITES)
        cause = name.cause if isinstance(name, Unknown) else f"the name of the policy: {value}"
        return NO if some.value is False else unknown(cause)
    return any_of(allowed_on(rights, one, name, lambda _: YES, without_conditions) for one in _REWRITES)
