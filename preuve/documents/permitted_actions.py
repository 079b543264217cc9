"""Decides whether statements that apply together allow one action, on a resource that no document names.

A Deny removes only what it certainly denies. `grants.py` has the questions.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from preuve.documents.answer import NO, YES, Answer, all_of, any_of, unknown
from preuve.documents.callers.conditions import not_over
from preuve.documents.document import Condition, Document, Items, Statement, Text, Unknown
from preuve.documents.names import Among, of_all
from preuve.documents.patterns import clean, is_wild, lower, text_covers, text_is, widest
from preuve.documents.resources import by_letters, domains, reaches

_START = re.compile(r"[*?]")
Counts = Callable[[Statement], Answer]


@dataclass(frozen=True)
class Rights:
    """The statements of the documents, why there may be unseen ones, and the ARN of their holder ("": not known)."""

    statements: tuple[Statement, ...]
    hidden: tuple[str, ...]
    holder: str = ""


def combine(documents: Sequence[Document]) -> Rights:
    """Combine documents that apply together."""
    return Rights(
        tuple(statement for document in documents for statement in document.statements),
        tuple(cause for document in documents for cause in document.hidden),
    )


def allowed(
    rights: Rights, action: str, counts: Counts = lambda _: YES, *, anything: bool = False, among: Among = domains
) -> Answer:
    """Return whether an action (in lower case) is allowed by statements that count; `anything`: on any resource."""
    about = tuple(statement for statement in rights.statements if _may_cover(statement, action))
    hidden = [unknown(cause) for cause in rights.hidden]
    if not about:
        return any_of(hidden)
    ask = functools.partial(_on, about, hidden, (action, anything, counts))
    patterns = [pattern for statement in about for pattern in _patterns(statement)]
    asked = among(action, patterns)
    alone = any_of(map(ask, asked))
    if alone.value is not False:
        return alone
    return any_of(of_all(map(ask, family)) for domain in asked for family in by_letters(domain, patterns))


def allowed_on(rights: Rights, action: str, domain: str, counts: Counts, takes: Counts) -> Answer:
    """Return whether an action is allowed on one resource; a denial counts if `takes` holds for it."""
    about = tuple(statement for statement in rights.statements if _may_cover(statement, action))
    return _on(about, [unknown(cause) for cause in rights.hidden], (action, False, counts), domain, takes)


def patterns_of(rights: Rights, actions: Collection[str]) -> list[Text]:
    """Return the resource patterns of statements that may concern one of the actions."""
    about = (one for one in rights.statements if any(_may_cover(one, action) for action in actions))
    return [item for one in about if isinstance(one.resources, tuple) for item in one.resources]


def without_conditions(statement: Statement) -> Answer:
    """Return whether a statement has no conditions."""
    return all_conditions(statement, lambda _: NO)


def all_conditions(statement: Statement, ask: Callable[[Condition], Answer]) -> Answer:
    """Return whether something holds of every condition of a statement."""
    if isinstance(statement.conditions, Unknown):
        return unknown(statement.conditions.cause)
    return all_of(unknown(one.cause) if isinstance(one, Unknown) else ask(one) for one in statement.conditions)


def _on(
    about: Sequence[Statement],
    hidden: Sequence[Answer],
    asked: tuple[str, bool, Counts],
    domain: str,
    takes: Counts = without_conditions,
) -> Answer:
    """Return whether statements allow an action on a resource, and none denies it."""
    action, anything, counts = asked
    given = any_of([*(_says(one, "Allow", action, (domain, anything), counts) for one in about), *hidden])
    if given.value is False:
        return NO
    taken = (_says(one, "Deny", action, (domain, False), takes) for one in about)
    return all_of((given, ~any_of([*taken, *hidden])))


def _says(statement: Statement, effect: str, action: str, on: tuple[str, bool], counts: Counts) -> Answer:
    """Return whether a statement that counts allows or denies the action on a resource, or on any resource."""
    domain, anything = on
    answers = [text_is(statement.effect, effect)]
    if answers[0].value is False:
        return NO
    asked: tuple[Callable[[], Answer], ...] = (
        lambda: _covers(statement, action),
        lambda: _reaches(statement, domain, anything=anything),
        lambda: counts(statement),
        lambda: not_over(statement),
    )
    for ask in asked:
        answers.append(ask())
        if answers[-1].value is False:
            return NO
    return all_of(answers).at(statement.place)


def _may_cover(statement: Statement, action: str) -> bool:
    return _covers(statement, action).value is not False


def _covers(statement: Statement, action: str) -> Answer:
    """Return whether a statement covers an action, by Action or by NotAction."""
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
    exact, others = _by_kind(items)
    if action in exact:
        return YES
    return any_of(text_covers(item, action) for begins, item in others if action.startswith(begins))


@functools.lru_cache(maxsize=10_000)
def _by_kind(items: tuple[Text, ...]) -> tuple[frozenset[str], tuple[tuple[str, Text], ...]]:
    """Split the actions of a statement, in lower case: literal names, and patterns by the letters before their first
    wildcard.
    """
    texts = tuple(map(lower, items))
    exact = frozenset(clean(text) for text in texts if isinstance(text, str) and not is_wild(text))
    others = (text for text in texts if not isinstance(text, str) or is_wild(text))
    return exact, tuple(
        (_START.split(clean(text), maxsplit=1)[0] if isinstance(text, str) else "", text) for text in others
    )


def _patterns(statement: Statement) -> list[str]:
    """Return the resource patterns of a statement."""
    parts = (statement.resources, statement.not_resources)
    return [widest(item) for part in parts if isinstance(part, tuple) for item in part]


def _reaches(statement: Statement, domain: str, *, anything: bool = False) -> Answer:
    """Return whether a statement covers a resource, by Resource or by NotResource; without either, it covers none."""
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
