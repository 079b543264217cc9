"""botocore's events: the handlers that all clients have are shared, those of one client are its own."""

from __future__ import annotations

from typing import Any, ClassVar

from botocore.hooks import EventAliaser, HierarchicalEmitter, NodeList, _PrefixTrie


class Events(EventAliaser):  # type: ignore[misc]
    """The events of a session, which each of its clients copies."""

    # The alias of an event depends on its name alone: botocore tries 120 aliases for each name and client, and the
    # clients of all regions and accounts send the same names.
    _known: ClassVar[dict[str, str]] = {}

    def __init__(self, emitter: Any = None, aliases: Any = None) -> None:
        """Take the emitter of a copy, or start with one that has no handler."""
        super().__init__(emitter or _Emitter(), aliases)
        self._alias_name_cache = self._known


class _Emitter(HierarchicalEmitter):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self._handlers = _Handlers()

    def _verify_accept_kwargs(self, func: Any) -> None:
        """Leave it to the first event. botocore looks at the signature of each handler of each client, and a client
        adds twenty, always the same.
        """


class _Handlers(_PrefixTrie):  # type: ignore[misc]
    """Handlers by event. A copy costs nothing: no node is ever changed, a change makes the nodes on its way anew.

    botocore copies all nodes for each client, with several hundred handlers, to add twenty.
    """

    def append_item(self, key: str, *given: Any, **named: Any) -> None:
        """Add a handler."""
        self._renew(key)
        super().append_item(key, *given, **named)

    def remove_item(self, key: str, value: Any) -> None:
        """Remove a handler. Raises ValueError if the event has none."""
        self._renew(key)
        super().remove_item(key, value)

    def _renew(self, key: str) -> None:
        node: dict[str, Any] = _copied(self._root)
        self._root: dict[str, Any] = node
        for part in key.split("."):
            if part not in node["children"]:
                return
            node["children"][part] = node = _copied(node["children"][part])

    def __copy__(self) -> _Handlers:
        twin = _Handlers()
        twin._root = self._root
        return twin


def _copied(node: dict[str, Any]) -> dict[str, Any]:
    """Return a node that can be changed; those below it are still shared."""
    values = node["values"]
    return {**node, "children": dict(node["children"]), "values": values and NodeList(*map(list, values))}
