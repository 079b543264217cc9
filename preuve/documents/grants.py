"""Decides what the policies of an identity allow: one definition for every policy that asks.

All functions take documents that apply together: a managed policy is one, the inline policies of a role are several.
The question is about a resource that no document names. A Deny removes only what it surely denies: the action, on
that resource, without conditions. Conditions of an Allow do not restrict, except `iam:PassedToService` and an end in
the past.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from preuve.documents.answer import NO, YES, Answer, all_of, any_of, known, unknown
from preuve.documents.callers.conditions import named, operator_of, without_bounds
from preuve.documents.document import Condition, Document, Statement, Unknown
from preuve.documents.names import LENGTHS, LETTERS, SIDES, is_loose, of_all
from preuve.documents.patterns import FRESH, widest
from preuve.documents.permitted_actions import Rights, allowed, combine
from preuve.documents.resources import domains_and_parts, given, sides
from preuve.documents.rights import ASSUMES, CHANGES_ASSIGNMENTS, CHANGES_RIGHTS, PARTS_OF_POWER
from preuve.documents.takeovers import takes_over

_PASS_ROLE = "iam:passrole"  # noqa: S105 - an action
_ON_ROLES = ("iam:", "sts:")  # actions that say on which roles, users or policies
# The services that a role is passed to for a thing that is started at another service.
_RUNS_FOR = {
    "ecs-tasks": ("ecs", "batch"),
    "ec2": (
        *("ec2", "autoscaling", "datapipeline", "elasticmapreduce", "batch", "imagebuilder"),
        *("eks", "pcs", "workspaces-instances"),
    ),
    "ssm": ("ssm", "config"),
    "elasticmapreduce": ("elasticmapreduce", "datapipeline"),
}
_SERVICE = "amazonaws.com"


def administers(documents: Sequence[Document]) -> Answer:
    """Return whether they allow every action on every resource, or all but some including one that changes rights."""
    rights = combine(documents)
    changes = any_of(allowed(rights, action) for action in CHANGES_RIGHTS)
    if changes.value is False:
        return NO
    every = _by_name(rights, lambda name: allowed(rights, f"{name}:{FRESH * 8}"))
    return all_of((every, changes))


def privileged(documents: Sequence[Document]) -> Answer:
    """Return whether they administer, change rights directly, or let their holder assume any role or one that the
    holder may create.
    """
    return _privileged(tuple(documents))


@functools.lru_cache(maxsize=1 << 10)  # many identities have the same policies, and several conditions ask about them
def _privileged(documents: tuple[Document, ...]) -> Answer:
    rights = combine(documents)
    direct = (allowed(rights, action).at(action) for action in (*CHANGES_RIGHTS, *CHANGES_ASSIGNMENTS, *ASSUMES))
    return _or_takes_over(any_of([administers(documents), *direct]), rights)


def owns_service(documents: Sequence[Document], services: Collection[str]) -> Answer:
    """Return whether they give full power over one of these services (`kms`), on everything. Places are services."""
    rights = combine(documents)
    return any_of(_owns(rights, service).at(f"{service}:*") for service in services)


def _owns(rights: Rights, service: str) -> Answer:
    """Return whether they allow the actions of a service that no document names, and some of each part of its power."""
    every = _by_name(rights, lambda name: allowed(rights, f"{service}:{name}"))
    if every.value is False:
        return NO
    parts = PARTS_OF_POWER.get(service, ())
    return all_of([every, *(any_of(allowed(rights, action, among=given) for action in part) for part in parts)])


def escalates(documents: Sequence[Document], ways: Mapping[str, str], holder: str = "") -> Answer:
    """Return whether they allow all actions of one of the ways (name: actions with spaces between).

    On any resource, or on the holder itself (`holder`: the ARN of their user, group, role or policy). If a role is
    passed, the thing that runs with it may be any that they name. The places of the answer are the names of the
    ways, always in the order of the ways, so that judging a snapshot again gives the same text. Also tested: whether
    the holder may take over an identity whose name it may choose.
    """
    return _escalates(tuple(documents), tuple(sorted(ways.items())), holder)


@functools.lru_cache(maxsize=1 << 10)  # blocks have the same documents, and each statement is asked about alone
def _escalates(documents: tuple[Document, ...], ways: tuple[tuple[str, str], ...], holder: str) -> Answer:
    rights = replace(combine(documents), holder=holder)
    told: dict[tuple[str, object], Answer] = {}
    found = []
    for name, actions in _in_order(ways):
        found.append(_way(rights, actions, told).at(name))
    return _or_takes_over(any_of(found), rights)


@functools.lru_cache(maxsize=4)  # every document is asked about the same ways
def _in_order(ways: tuple[tuple[str, str], ...]) -> tuple[tuple[str, list[str]], ...]:
    """Return the actions of each way in small letters, those on roles first."""
    return tuple(
        (name, sorted(text.lower().split(), key=lambda action: not action.startswith(_ON_ROLES))) for name, text in ways
    )


def takes_part(documents: Sequence[Document], ways: Mapping[str, str], found: Answer) -> bool:
    """Return whether some of several documents that escalate together allow, by themselves, a part of a way that was
    found in all of them. A way to take over an identity is named by its actions.
    """
    rights = combine(documents)
    for name in found.places:
        actions = [action.lower() for action in ways.get(name, name).split() if ":" in action]
        for action in actions:
            anything = name not in ways or (_PASS_ROLE in actions and not action.startswith(_ON_ROLES))
            if _gained(rights, action, anything=anything).value is not False:
                return True
    return False


def _or_takes_over(answer: Answer, rights: Rights) -> Answer:
    """Return the answer for every resource; otherwise, whether an identity whose name a pattern leaves open may be
    taken over.
    """
    return answer if answer.value is True else any_of((answer, takes_over(rights)))


def unbounded(documents: Sequence[Document], actions: Collection[str]) -> Answer:
    """Return whether one of these actions is allowed on anything, unbounded by conditions. The places are actions."""
    rights = combine(documents)
    asked = [
        (action, sides(action.lower(), "") if action.lower() in SIDES else [domains_and_parts]) for action in actions
    ]
    return any_of(
        all_of(allowed(rights, action.lower(), without_bounds, among=among) for among in kinds).at(action)
        for action, kinds in asked
    )


def _way(rights: Rights, actions: Sequence[str], told: dict[tuple[str, object], Answer]) -> Answer:
    """Return whether all actions of one path of privilege escalation are allowed. The paths are those of
    `scanners/reference/iam_escalations.yaml`; `told` caches the answers that several paths share.
    """
    services = frozenset(action.split(":")[0] for action in actions)
    answers = []
    for action in actions:
        anything = _PASS_ROLE in actions and not action.startswith(_ON_ROLES)
        answer = told.get((action, anything)) or _gained(rights, action, anything=anything)
        told[action, anything] = answer
        if action == _PASS_ROLE and answer.value is not False and any(one.conditions for one in rights.statements):
            answer = told.get((action, services)) or allowed(
                rights, action, lambda statement: _passes_to(statement, services)
            )
            told[action, services] = answer
        if answer.value is False:
            return NO
        answers.append(answer)
    return all_of(answers)


def _gained(rights: Rights, action: str, *, anything: bool) -> Answer:
    """Return whether an action on a way to more rights is allowed; for actions that give rights, also on oneself."""
    return all_of(allowed(rights, action, anything=anything, among=among) for among in sides(action, rights.holder))


def _by_name(rights: Rights, ask: Callable[[str], Answer]) -> Answer:
    """Return whether something holds for actions on a name that no document contains, or on names of every letter or
    length.
    """
    alone = ask(FRESH)
    if alone.value is not False or not any(map(_is_loose, rights.statements)):
        return alone
    return any_of(of_all(map(ask, names)) for names in (LETTERS[0], LENGTHS))


def _is_loose(statement: Statement) -> bool:
    parts = (statement.actions, statement.not_actions)
    texts = (widest(item) for part in parts if isinstance(part, tuple) for item in part)
    return any(is_loose(name) for text in texts for name in text.split(":"))


def _passes_to(statement: Statement, services: frozenset[str]) -> Answer:
    """Return whether a role may be passed to one of the services, as far as iam:PassedToService shows."""
    answers = [_names_one_of(condition, services) for condition in named(statement, "iam:passedtoservice")]
    conditions = statement.conditions if isinstance(statement.conditions, tuple) else (statement.conditions,)
    hidden = [one.cause for one in conditions if isinstance(one, Unknown)]
    hidden += [one.key.cause for one in conditions if isinstance(one, Condition) and isinstance(one.key, Unknown)]
    return all_of([*answers, *map(unknown, hidden)])


def _names_one_of(condition: Condition, services: frozenset[str]) -> Answer:
    if isinstance(condition.operator, Unknown):
        return unknown(condition.operator.cause)
    quantifier, base, _ = operator_of(condition.operator)
    if base not in ("stringequals", "stringequalsignorecase", "stringlike") or quantifier == "forallvalues":
        return YES
    if isinstance(condition.values, Unknown):
        return unknown(condition.values.cause)
    return any_of(
        unknown(value.cause) if isinstance(value, Unknown) else known(_may_be(value.lower(), services))
        for value in condition.values
    )


def _may_be(value: str, services: frozenset[str]) -> bool:
    """Return whether the name of a service, such as tasks.apprunner.amazonaws.com, is that of one of them."""
    if "*" in value or "?" in value or "${" in value or not value.endswith(_SERVICE):
        return True
    labels = value.split(".")
    names = {*labels, *(label.split("-")[0] for label in labels)}
    return any(not services.isdisjoint((name, *_RUNS_FOR.get(name, ()))) for name in names)
