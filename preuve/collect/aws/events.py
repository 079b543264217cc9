"""botocore's handlers of events, of one service each: copying those of all services is a third of making a client."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any

from botocore.handlers import BUILTIN_HANDLERS, REGISTER_FIRST, REGISTER_LAST
from botocore.hooks import EventAliaser, HierarchicalEmitter
from botocore.utils import hyphenize_service_id

from preuve.collect.aws.http.answers import only_answers_of_aws, status_as_sent

_TEXTS = "docs"  # events that only write botocore's documentation
_NAMES = 1 << 14  # translated names of events that are kept


class _Emitter(HierarchicalEmitter):  # type: ignore[misc]
    """Handlers are botocore's and ours: what each of them takes is not looked up again for each client."""

    def _verify_accept_kwargs(self, func: Callable[..., Any]) -> None:
        """Accept all handlers: they take keywords."""


class Events(EventAliaser):  # type: ignore[misc]
    """Translates each name of an event once in a process, and not once for each client."""

    def _alias_event_name(self, event_name: str) -> str:
        return _translated(event_name)

    def __copy__(self) -> Events:
        return Events(copy.copy(self._emitter), self._event_aliases)


@cache
def events_of(service_id: str) -> Events:
    """Return the event hooks of a service, with the first look at its answers; clients copy them."""
    events = Events(_Emitter())
    places: dict[Any, Any] = {REGISTER_FIRST: events.register_first, REGISTER_LAST: events.register_last}
    if service_id.lower() == "s3":
        events.register_first("before-parse.s3.*", status_as_sent)
    for name, handler, place in _handlers(hyphenize_service_id(service_id)):
        register = places.get(place) or events.register
        register(name, handler)
    events.register("before-parse", only_answers_of_aws)
    return events


def _handlers(service: str) -> Iterator[tuple[str, Any, Any]]:
    for name, handler, *place in BUILTIN_HANDLERS:
        kind, _, about = _translated(name).partition(".")
        if kind != _TEXTS and about.partition(".")[0] in ("", "*", service):
            yield name, handler, place[0] if place else None


@lru_cache(maxsize=_NAMES)
def _translated(name: str) -> str:
    return str(EventAliaser(None)._alias_event_name(name))
