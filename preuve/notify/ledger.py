"""Records what was sent, in a file next to the evidence: tickets as last seen, and messages whose host cannot be
queried.

It contains no secret. If it is lost, tickets are found again by their labels.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from preuve.model.errors import PreuveError
from preuve.notify.channels.tickets import Memory, Ticket
from preuve.system.causes import cause, to_do
from preuve.system.files import whole

_FILE = "ledger.json"
_SCHEMA = 1


class State(StrEnum):
    """The state of a message."""

    UNSENT = "unsent"
    UNCLEAR = "unclear"  # it was being sent; whether it arrived is unknown
    SENT = "sent"


@dataclass(frozen=True)
class Ledger:
    """The ledger in a folder; a dry run only reads it."""

    folder: Path
    writes: bool = True

    def tickets(self) -> dict[str, Ticket]:
        """Return the tickets that were seen, by label. Raises PreuveError if the ledger cannot be read."""
        known = self._data()["tickets"]
        return {label: _ticket(item) for label, item in known.items()}

    def keep(self, label: str, ticket: Ticket) -> None:
        """Remember a ticket. Raises PreuveError if the ledger cannot be written."""
        memory = ticket.memory.data()
        self._add("tickets", label, {"key": ticket.key, "closed": ticket.closed, "memory": memory})

    def message(self, body: bytes) -> State:
        """Return the known state of a message. Raises PreuveError if the ledger cannot be read."""
        return State(self._data()["messages"].get(_digest(body), State.UNSENT))

    def mark(self, body: bytes, state: State) -> None:
        """Record the state of a message. Raises PreuveError if the ledger cannot be written."""
        self._add("messages", _digest(body), state.value)

    def _add(self, group: str, name: str, value: object) -> None:
        if self.writes:
            data = self._data()
            self._write({**data, group: {**data[group], name: value}})

    def _data(self) -> Mapping[str, Any]:
        path = self.folder / _FILE
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {"schema": _SCHEMA, "tickets": {}, "messages": {}}
        except (OSError, ValueError) as error:
            raise PreuveError(f"{path} cannot be read: {cause(error)}", _LOST) from error
        if not (isinstance(data, dict) and data.get("schema") == _SCHEMA and {"tickets", "messages"} <= set(data)):
            raise PreuveError(f"{path} is not a ledger of this version", _LOST)
        return data

    def _write(self, data: Mapping[str, Any]) -> None:
        path = self.folder / _FILE
        try:
            with whole(path, durable=True) as file:
                file.write(json.dumps(data, indent=0, sort_keys=True).encode("ascii"))
        except OSError as error:
            hint = to_do(error, "set notify.ledger to another folder")
            raise PreuveError(f"cannot write {path}: {cause(error)}", hint) from error


_LOST = "move it away: tickets are found again by their labels; whether a message was sent is then not known"


def _ticket(item: Mapping[str, Any]) -> Ticket:
    return Ticket(item["key"], item["closed"], Memory.of(item["memory"]) or Memory())


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
