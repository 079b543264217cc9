"""The form of each line of the chain, as `lines` writes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from msgspec import Meta

from preuve.snapshot.forms import AnyAddress, AnyFingerprint, AnySha256, Count, Form, Sha256, Time, Word
from preuve.snapshot.strays import beyond

_Commit = Annotated[str, Meta(pattern=r"^[0-9a-f]{0,64}\Z")]
_Status = Annotated[str, Meta(pattern=r"^[A-Z_]{1,40}\Z")]
_Severity = Annotated[str, Meta(pattern=r"^[a-z]{1,40}\Z")]


class _Line(Form, frozen=True, tag_field="kind"):
    """What every line has."""

    number: Count
    previous: AnySha256
    nonce: Annotated[str, Meta(pattern=r"^[0-9a-f]{0,64}\Z")]
    time: Time


class _Run(_Line, frozen=True, kw_only=True):
    """What the line of a run has."""

    period: Word
    commit: _Commit = ""
    results: AnySha256 = ""
    counts: Mapping[_Status, Count] = {}
    failing: Mapping[_Severity, Count] = {}
    incomplete: Count = 0
    demonstration: bool = False


class ScanForm(_Run, frozen=True, kw_only=True, tag="scan"):
    """A recorded scan."""


class AuditForm(_Run, frozen=True, kw_only=True, tag="audit"):
    """An audit, with its bundle."""

    bundle: Sha256
    sealed: Time
    signer: AnyFingerprint = ""
    authority: AnyAddress = ""


class InterruptedForm(_Line, frozen=True, tag="interrupted"):
    """An explanation of a run without a bundle."""

    of: Count


def beyond_form(line: Mapping[str, Any]) -> Iterator[str]:
    """Yield the path of what no run writes into its line."""
    return beyond(line, ScanForm | AuditForm | InterruptedForm)
