"""The company's response to a record: an entry in its register of nonconformities, or a waiver."""

from __future__ import annotations

import re
from collections.abc import Mapping

from preuve.library.company.register.cells import day
from preuve.library.company.registers import is_open
from preuve.publish.site.facts import Site

_WORD = re.compile(r"[A-Za-z0-9_]+(?:[-.][A-Za-z0-9_]+)*")  # the form of policies' ids


def actions(site: Site) -> Mapping[str, Mapping[str, str]]:
    """Return ticket, owner and due date, by policy or by id of an attestation or its evidence.

    An open entry of the register counts if its source, finding or action names the id; the earliest due date wins.
    Otherwise the waiver that covers a finding of the policy counts.
    """
    found: dict[str, dict[str, str]] = {}
    opened = [item for item in site.workspace.nonconformities if is_open(item) and item.number]
    for item in sorted(opened, key=lambda item: day(item.due) or "9"):
        for word in _WORD.findall(f"{item.source} {item.finding} {item.action}"):
            found.setdefault(word, _action(item.number, item.owner, item.due))
    for waiver in site.assessment.waivers:
        if waiver.state == "active":
            found.setdefault(waiver.policy, _action(waiver.id, waiver.owner, waiver.expires[:10]))
    return found


def _action(ticket: str, owner: str, due: str) -> dict[str, str]:
    said = {"ticket": ticket, "owner_role": owner, "due": day(due)}
    return {name: value for name, value in said.items() if value}
