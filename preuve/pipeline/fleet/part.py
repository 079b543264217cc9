"""Reads one account into its part."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from preuve import __version__
from preuve.collect.aws.run import AccountRead, Collector
from preuve.collect.aws.session import Limits
from preuve.model.company.organization import Account
from preuve.model.errors import UsageError
from preuve.model.moment import current_moment
from preuve.model.progress import Show
from preuve.model.snapshot import Unread
from preuve.pipeline.fleet.places import Place
from preuve.pipeline.fleet.request import asked
from preuve.pipeline.run.preparation import Preparation
from preuve.pipeline.run.progress import in_words
from preuve.pipeline.run.redaction import Redaction, redaction
from preuve.snapshot.part import Part, PartError, finish_part, read_part
from preuve.snapshot.writer import SnapshotWriter

_TIMES = "times"
_ENDS = frozenset({"credentials", "no_credentials", "time_limit"})  # what ends the reading of a whole account
_NUMBER = re.compile(r"[0-9]{12}")


@dataclass(frozen=True)
class PartRequest:
    """The account to read, and how: `hours` is the maximum age of an existing part that counts, 0 for none."""

    account: str
    hours: float = 0
    keep_raw: bool = True
    limits: Limits = field(default_factory=Limits)


def collect_part(prepared: Preparation, wanted: PartRequest, place: Place, show: Show) -> Part:
    """Read an account into a new part in `place`, unless one there counts already; completely, or not at all.

    Raises UsageError if the account is not in scope, or excluded by number, PreuveError if the part cannot be stored.
    """
    account = _account(prepared, wanted.account)
    redacting = redaction(prepared.workspace, keep_raw=wanted.keep_raw)
    request = asked(prepared, account.id, redacting.pseudonyms)
    with place.turn(account.id):
        if wanted.hours:
            known = counting(place, request, redacting, wanted.hours)
            if known is not None and not known.refused:
                return known
        with place.new_part(account.id) as folder:
            about = {**request, **_read(prepared, account, folder, redacting, wanted, show)}
            finish_part(folder, about, redacting.pseudonyms)
    return Part(folder, about)


def causes(part: Part) -> Iterator[Unread]:
    """Yield why each listing and member of a part could not be read."""
    for item in part.about.get("causes", ()):
        yield from [Unread(**{name: value for name, value in item.items() if name != _TIMES})] * item[_TIMES]


def cut_short(part: Part) -> Unread | None:
    """Return why an account could not be entered, or not be read to its end; None if it was read."""
    ends = {part.about["refused"]} if part.refused else _ENDS
    found = Counter(item for item in causes(part) if item.cause in ends)
    return found.most_common(1)[0][0] if found else None


def counting(place: Place, request: dict[str, Any], redacting: Redaction, hours: float) -> Part | None:
    """Return the part of an account that counts now: of this `request` and key, and not older than `hours`."""
    try:
        with place.part(request["account"]) as folder:
            return read_part(folder, request, redacting.pseudonyms, oldest(hours))
    except PartError:
        return None


def oldest(hours: float) -> datetime:
    """Return the earliest moment at which a part that counts may have begun."""
    return datetime.now(UTC) - timedelta(hours=hours)


def _account(prepared: Preparation, name: str) -> Account:
    found = next((account for account in prepared.workspace.accounts if account.id == name), None)
    organization = prepared.workspace.organization
    if (
        found is None and organization is not None and _NUMBER.fullmatch(name)
    ):  # the judging run decides whether it is in scope; an exclusion by number needs no call to AWS
        reason = next((item.reason for item in organization.kept_out if item.account == name), "")
        if reason:
            raise UsageError(f"account {name} is excluded: {reason}", "see scope.organization.exclude in preuve.yaml")
        found = organization.account(name)
    if found is None:
        known = ", ".join(account.id for account in prepared.workspace.accounts) or "none"
        raise UsageError(f"account {name} is not in scope", f"scope.accounts of preuve.yaml has: {known}")
    if not prepared.workspace.regions:
        raise UsageError("preuve.yaml names no region", "fill in scope.regions")
    return found


def _read(
    prepared: Preparation, account: Account, folder: Path, redacting: Redaction, wanted: PartRequest, show: Show
) -> dict[str, Any]:
    started = current_moment()
    writer = SnapshotWriter(folder)
    collector = Collector(
        prepared.library, prepared.needs, prepared.workspace, writer, redacting.redactor, wanted.limits
    )
    read = collector.read(account, in_words(show, prepared.workspace.language))
    redacting.names.replace_below(folder)
    return {**_told(read), "preuve": __version__, "started": started, "finished": current_moment(), **_unread(folder)}


def _told(read: AccountRead) -> dict[str, Any]:
    return {"caller": read.caller, "calls": read.calls, "refused": read.refused.cause if read.refused else ""}


def _unread(folder: Path) -> dict[str, Any]:
    """Count the listings and resources that were not, or not completely, read, and how often each cause occurs."""
    count, found = 0, Counter[str]()
    for path in folder.rglob("*.jsonl"):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                why = json.loads(line).get("unread") or {}
                count += bool(why)
                found.update(json.dumps(item, sort_keys=True) for item in ([why] if "cause" in why else why.values()))
    return {"unread": count, "causes": [{**json.loads(item), _TIMES: found[item]} for item in sorted(found)]}
