"""Records each call of a unit as a line of the snapshot."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Literal

from msgspec import to_builtins

from preuve.collect.transforms import plain, timestamp
from preuve.model.snapshot import Unread
from preuve.redact.redactor import Redactor
from preuve.snapshot.forms import CallLine, ListingLine, ResourceLine, UnreadForm, as_code, one_word

_SHOWN = 160  # characters of a refusal


def shortened(message: str) -> str:
    """Return the part of a refusal's message that is kept, after redaction."""
    return message if len(message) <= _SHOWN else f"{message[:_SHOWN].rpartition(' ')[0]}…"


def unread_form(reason: Unread, redactor: Redactor) -> UnreadForm:
    """Return a reason in the form of a line of the snapshot."""
    return UnreadForm(**asdict(replace(reason, code=as_code(reason.code), message=redactor.text(reason.message))))


def listing_line(
    name: str,
    account: str,
    region: str,
    count: int = 0,
    calls: Sequence[str] = (),
    parent: str = "",
    unread: UnreadForm | None = None,
) -> dict[str, Any]:
    """Return an attempt to list a type, with the `count` of resources, as a line of the snapshot."""
    pagination: Literal["failed", "exhausted"] = "failed" if unread else "exhausted"
    return line_of(ListingLine(name, account, region, count, pagination, tuple(calls), parent, unread))


def line_of(form: CallLine | ListingLine | ResourceLine) -> dict[str, Any]:
    """Return the content of a form as a line of the snapshot."""
    line: dict[str, Any] = to_builtins(form)
    return line


class Recorder:
    """The part that the callers of all providers share: their records."""

    redactor: Redactor
    unit: str  # prefix of the ids of its calls
    records: list[dict[str, Any]]
    _lock: Lock

    def note(
        self, call: Mapping[str, Any], parameters: Any, personal: Collection[str], body: Any = None, message: str = ""
    ) -> str:
        """Add a record, and return its id.

        `call` has its particulars: service, operation, region, status and so on (`docs/formats.md`). `parameters` are
        redacted, those named in `personal` as people's names. `body` is the answer before redaction, to which the
        record commits if raw copies are kept; `message` is the message of a refusal before redaction. A verdict may
        depend on its words: "not enabled" and "not authorized" often have one code.
        """
        given = {
            **call,
            "request_id": one_word(str(call["request_id"])),
            "error": as_code(str(call["error"])),
            "params": self.redactor.data(plain(parameters), personal),
            "time": timestamp(datetime.now(UTC)),
            **({"message": shortened(self.redactor.text(message))} if message else {}),
        }
        with self._lock:
            line = line_of(CallLine(id=f"{self.unit}/{len(self.records) + 1}", **given))
            self.records.append(line)
        if body is not None and (commitment := self.redactor.commitment(str(line["id"]), body)):
            line["commitment"] = commitment
        return str(line["id"])
