"""What the policies of an identity allow: one definition for every policy that asks.

All take the documents that hold together: a managed policy is one, the inline policies of a role are several. Asked is
about a resource of which no document writes the name. A Deny takes away what it surely denies: the action, that
resource, under no condition. Conditions of an Allow are no bounds, but for `iam:PassedToService` and an
end that is past.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from preuve.documents.answer import NO, YES, Answer, all_of, any_of, known, unknown
from preuve.documents.callers.conditions import named, not_over, operator_of, without_bounds
from preuve.documents.document import Condition, Document, Items, Statement, Text, Unknown
from preuve.documents.names import LENGTHS, LETTERS, is_loose, of_all
from preuve.documents.patterns import FRESH, lower, text_covers, text_is, widest
from preuve.documents.resources import by_letters, domains, domains_and_oneself, reaches
from preuve.documents.rights import CHANGES_ASSIGNMENTS, CHANGES_RIGHTS

_ASSUME_ROLE = "sts:assumerole"
_PASS_ROLE = "iam:passrole"  # noqa: S105 - an action
_ON_ROLES = ("iam:", "sts:")  # actions that say on which roles, users or policies
# To which services a role is passed for what one starts at another.
_RUNS_FOR = {
    "ecs-tasks": ("ecs", "batch"),
    "ec2": ("ec2", "autoscaling", "datapipeline", "elasticmapreduce", "batch", "imagebuilder"),
    "ssm": ("ssm", "config"),
    "elasticmapreduce": ("elasticmapreduce", "datapipeline"),
}
_SERVICE = "amazonaws.com"

_Counts = Callable[[Statement], Answer]


@dataclass(frozen=True)
class _Rights:
    """The statements of the documents, why some may not be seen, and the ARN of who holds them ("": not known)."""

    statements: tuple[Statement, ...]
    hidden: tuple[str, ...]
    holder: str = ""


def administers(documents: Sequence[Document]) -> Answer:
    """Whether they allow every action on everything, or all but some while one that changes rights is among them."""
    rights = _together(documents)
    changes = any_of(_allowed(rights, action) for action in CHANGES_RIGHTS)
    if changes.value is False:
        return NO
    every = _by_name(rights, lambda name: _allowed(rights, f"{name}:{FRESH * 8}"))
    return all_of((every, changes))


def privileged(documents: Sequence[Document]) -> Answer:
    """Whether they administer, change rights directly, or let their holder take any role."""
    return _privileged(tuple(documents))


@functools.lru_cache(maxsize=1 << 10)  # many hold the same policies, and several conditions ask
def _privileged(documents: tuple[Document, ...]) -> Answer:
    rights = _together(documents)
    direct = (_allowed(rights, action).at(action) for action in (*CHANGES_RIGHTS, *CHANGES_ASSIGNMENTS, _ASSUME_ROLE))
    return any_of([administers(documents), *direct])


def owns_service(documents: Sequence[Document], services: Collection[str]) -> Answer:
    """Whether they allow every action of one of these services (`kms`) on everything. The places are the services."""
    rights = _together(documents)
    return any_of(
        _by_name(rights, lambda name, service=service: _allowed(rights, f"{service}:{name}")).at(f"{service}:*")  # type: ignore[misc]
        for service in services
    )


def escalates(documents: Sequence[Document], ways: Mapping[str, str], holder: str = "") -> Answer:
    """Whether they allow all actions of one of the ways (name: actions with spaces between).

    On anything, or on oneself (`holder`: the ARN of the user, group, role or policy that they are of); where a role is
    passed, what runs with it may be whatever they name. The places are the names of the
    ways, in their order whatever that of the mapping is: what is told of a snapshot must be told again of it.
    """
    rights = replace(_together(documents), holder=holder)
    allowed: dict[tuple[str, bool], Answer] = {}
    found = []
    for name, text in sorted(ways.items()):
        actions = [action.lower() for action in text.split()]
        first = sorted(actions, key=lambda action: not action.startswith(_ON_ROLES))
        found.append(_way(rights, first, allowed).at(name))
    return any_of(found)


def unbounded(documents: Sequence[Document], actions: Collection[str]) -> Answer:
    """Whether one of these actions is allowed on anything under no condition that bounds it. Its places are actions."""
    rights = _together(documents)
    return any_of(_allowed(rights, action.lower(), without_bounds).at(action) for action in actions)


def _together(documents: Sequence[Document]) -> _Rights:
    return _Rights(
        tuple(statement for document in documents for statement in document.statements),
        tuple(cause for document in documents for cause in document.hidden),
    )


def _way(rights: _Rights, actions: Sequence[str], allowed: dict[tuple[str, bool], Answer]) -> Answer:
    services = frozenset(action.split(":")[0] for action in actions)
    answers = []
    for action in actions:
        anything = _PASS_ROLE in actions and not action.startswith(_ON_ROLES)
        answer = allowed.get((action, anything)) or _gained(rights, action, anything=anything)
        allowed[action, anything] = answer
        if action == _PASS_ROLE and answer.value is not False and any(map(_has_conditions, rights.statements)):
            answer = _allowed(rights, action, lambda statement: _passes_to(statement, services))
        if answer.value is False:
            return NO
        answers.append(answer)
    return all_of(answers)


def _gained(rights: _Rights, action: str, *, anything: bool) -> Answer:
    """Whether an action on a way to more rights is allowed: of those that give rights, on oneself too."""
    among = functools.partial(domains_and_oneself, holder=rights.holder)
    return _allowed(rights, action, anything=anything, among=among)


def _allowed(
    rights: _Rights,
    action: str,
    counts: _Counts = lambda _: YES,
    *,
    anything: bool = False,
    among: Callable[[str, Sequence[str]], list[str]] = domains,
) -> Answer:
    """Whether an action (in lower case) is allowed by statements that count; `anything`: on any resource at all."""
    about = tuple(statement for statement in rights.statements if _may_cover(statement, action))
    hidden = [unknown(cause) for cause in rights.hidden]
    if not about:
        return any_of(hidden)
    on = functools.partial(_on, about, hidden, (action, anything, counts))
    patterns = [pattern for statement in about for pattern in _patterns(statement)]
    asked = among(action, patterns)
    alone = any_of(map(on, asked))
    if alone.value is not False:
        return alone
    return any_of(of_all(map(on, family)) for domain in asked for family in by_letters(domain, patterns))


def _on(about: Sequence[Statement], hidden: Sequence[Answer], asked: tuple[str, bool, _Counts], domain: str) -> Answer:
    """Whether statements allow an action on a resource, and none denies it."""
    action, anything, counts = asked
    given = [_says(one, "Allow", action, (domain, anything), counts) for one in about]
    taken = [_says(one, "Deny", action, (domain, False), _without_conditions) for one in about]
    return all_of((any_of([*given, *hidden]), ~any_of([*taken, *hidden])))


def _by_name(rights: _Rights, ask: Callable[[str], Answer]) -> Answer:
    """Whether something holds of actions of a name that nobody has written, or of names of every letter or length."""
    alone = ask(FRESH)
    if alone.value is not False or not any(map(_is_loose, rights.statements)):
        return alone
    return any_of(of_all(map(ask, names)) for names in (LETTERS[0], LENGTHS))


def _is_loose(statement: Statement) -> bool:
    parts = (statement.actions, statement.not_actions)
    texts = (widest(item) for part in parts if isinstance(part, tuple) for item in part)
    return any(is_loose(name) for text in texts for name in text.split(":"))


def _says(statement: Statement, effect: str, action: str, on: tuple[str, bool], counts: _Counts) -> Answer:
    """Whether a statement that counts allows or denies the action on a resource, or on any at all."""
    domain, anything = on
    said = text_is(statement.effect, effect)
    if said.value is False:
        return NO
    return all_of(
        (
            said,
            _covers(statement, action),
            _reaches(statement, domain, anything=anything),
            counts(statement),
            not_over(statement),
        )
    ).at(statement.place)


def _may_cover(statement: Statement, action: str) -> bool:
    return _covers(statement, action).value is not False


def _covers(statement: Statement, action: str) -> Answer:
    """Whether a statement is about an action, by Action or by NotAction."""
    if statement.actions is not None and statement.not_actions is None:
        return _one_covers(statement.actions, action)
    if statement.not_actions is not None and statement.actions is None:
        return ~_one_covers(statement.not_actions, action)
    if statement.actions is None:
        return NO
    return unknown(*(items.cause for items in (statement.actions, statement.not_actions) if isinstance(items, Unknown)))


def _one_covers(items: tuple[Text, ...] | Unknown, action: str) -> Answer:
    if isinstance(items, Unknown):
        return unknown(items.cause)
    return any_of(text_covers(lower(item), action) for item in items)


def _patterns(statement: Statement) -> list[str]:
    """What a statement writes of resources."""
    parts = (statement.resources, statement.not_resources)
    return [widest(item) for part in parts if isinstance(part, tuple) for item in part]


def _reaches(statement: Statement, domain: str, *, anything: bool = False) -> Answer:
    """Whether a statement is about a resource, by Resource or by NotResource; without either it is about none."""
    if anything:
        return YES
    answers = [] if statement.resources is None else [_one_reaches(statement.resources, domain)]
    if statement.not_resources is not None:
        answers.append(~_one_reaches(statement.not_resources, domain))
    if any(isinstance(part, Unknown) for part in (statement.resources, statement.not_resources)) and len(answers) > 1:
        return unknown(*(answer.causes[0] for answer in answers if answer.causes))
    return all_of(answers) if answers else NO


def _one_reaches(items: Items, domain: str) -> Answer:
    if items is None or isinstance(items, Unknown):
        return unknown(items.cause) if items else NO
    return any_of(reaches(item, domain) for item in items)


def _without_conditions(statement: Statement) -> Answer:
    if isinstance(statement.conditions, Unknown):
        return unknown(statement.conditions.cause)
    if any(isinstance(one, Condition) for one in statement.conditions):
        return NO
    causes = [one.cause for one in statement.conditions if isinstance(one, Unknown)]
    return unknown(*causes) if causes else YES


def _has_conditions(statement: Statement) -> bool:
    return statement.conditions != ()


def _passes_to(statement: Statement, services: frozenset[str]) -> Answer:
    """Whether a role may be passed to one of the services, as far as iam:PassedToService tells."""
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
    """Whether the name of a service, such as tasks.apprunner.amazonaws.com, is that of one of them."""
    if "*" in value or "?" in value or "${" in value or not value.endswith(_SERVICE):
        return True
    labels = value.split(".")
    names = {*labels, *(label.split("-")[0] for label in labels)}
    return any(not services.isdisjoint((name, *_RUNS_FOR.get(name, ()))) for name in names)
