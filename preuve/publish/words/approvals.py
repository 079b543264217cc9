"""The approvals of waivers and attestations that a run found: in words, and as files that ssh-keygen verifies."""

from __future__ import annotations

import json
import re
import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from preuve.library.company.waivers import (
    APPROVERS,
    ATTESTATIONS,
    VERIFIED,
    WAIVERS,
    Signable,
    allowed_signer,
    purpose,
    signed_text,
)
from preuve.model.company.workspace import Attestation, Workspace
from preuve.model.content import Library
from preuve.model.grouping import grouped
from preuve.model.layout import REGISTERS
from preuve.model.results import Assessment, FindingStatus, WaiverResult
from preuve.publish.words.errors import said
from preuve.publish.words.locale import Locale

_UNUSED = frozenset({"unsigned", "unsignable", "unchecked"})  # states without a claim of approval
_DPO = re.compile(r"\b(?:DPO|DPD|data protection officer|délégué\S* à la protection des données)\b", re.IGNORECASE)


def approval(waiver: WaiverResult, t: Locale, *, law: bool = False) -> str:
    """Return whether the approval of a waiver is verified, and by which key, or why it is not.

    `law`: the waiver touches the GDPR, on which a DPO advises.
    """
    if waiver.defect:
        return t("site.waiver.refused_why", why=said(waiver.defect, t))
    by_dpo = [t("site.waiver.by_dpo")] if law and _DPO.search(waiver.approver) else []
    if waiver.approval_verified:
        told = t("site.waiver.verified_by", fingerprint=waiver.approval_key)
    else:
        told = t("site.waiver.unverified_why", why=t.word("approval", waiver.approval))
    return ". ".join([told, *by_dpo])


@dataclass(frozen=True)
class WaiverCounts:
    """How many waivers count, and how many do not and why; the sum is all of them."""

    in_force: int  # they cover a finding
    unverified: int  # of these, without a verified approval
    unused: int  # valid, and without effect
    not_asked: int  # valid, of policies that judged nothing in the run
    later: int
    expired: int
    invalid: int

    @property
    def all(self) -> int:
        """The number of entries."""
        return self.in_force + self.unused + self.not_asked + self.later + self.expired + self.invalid

    def told(self, t: Locale) -> str:
        """Return the numbers that are not zero, in words; in brackets what is a part of the number before."""
        counts = {
            "active": self.in_force, "unused": self.unused, "not_asked": self.not_asked, "later": self.later,
            "expired": self.expired, "invalid": self.invalid,
        }  # fmt: skip
        told = {name: t.count(f"site.waiver.counts.{name}", number) for name, number in counts.items() if number}
        if self.unverified:
            told["active"] += f" ({t.count('site.waiver.counts.unverified', self.unverified)})"
        return ", ".join(told.values())


def waiver_counts(waivers: Sequence[WaiverResult]) -> WaiverCounts:
    """Count the waivers of an audit by what they do: summary, register, limits and minutes all say these numbers."""
    states = Counter(item.state for item in waivers)
    unverified = sum(item.state == "active" and not item.approval_verified for item in waivers)
    named = (states[name] for name in ("unused", "not_asked", "later", "expired", "invalid"))
    return WaiverCounts(states["active"], unverified, *named)


def unverified(assessment: Assessment) -> int:
    """Count the findings that are waived without a verified approval."""
    verified = {waiver.id for waiver in assessment.waivers if waiver.approval_verified}
    waived = (finding for finding in assessment.findings if finding.status is FindingStatus.WAIVED)
    return sum(finding.waiver not in verified for finding in waived)


def verification(item: WaiverResult | Attestation) -> str:
    """Return the command with which an auditor verifies an approval or a review."""
    signer, text, signature = (shlex.quote(name) for name in (item.approver, f"{item.id}.json", f"{item.id}.sig"))
    namespace = (ATTESTATIONS if isinstance(item, Attestation) else WAIVERS).namespace
    return f"ssh-keygen -Y verify -n {namespace} -f {APPROVERS} -I {signer} -s {signature} < {text}"


def doubted(assessment: Assessment, t: Locale) -> Iterator[str]:
    """Yield a line for each waiver in force that has a signature which does not count."""
    for waiver in assessment.waivers:
        if waiver.state == "active" and not waiver.approval_verified and waiver.approval not in _UNUSED:
            yield f"{waiver.id}{t('site.colon')} {approval(waiver, t)}"


def unsigned(assessment: Assessment) -> list[WaiverResult]:
    """Return the waivers in force without a signature."""
    return [waiver for waiver in assessment.waivers if waiver.state == "active" and waiver.approval in _UNUSED]


def idle(assessment: Assessment, library: Library) -> list[WaiverResult]:
    """Return the waivers that cover no failure of a run, as far as it looked where they may cover one."""
    sides = {finding.source for finding in assessment.findings}
    unread = {finding.policy for finding in assessment.findings if finding.incomplete}
    unread |= {name for name, result in assessment.policies.items() if result.unread}
    judged = assessment.policies.keys() - unread
    unused = (waiver for waiver in assessment.waivers if waiver.state == "unused" and waiver.policy in judged)
    return [waiver for waiver in unused if {"aws", "iac"} <= sides or sides == {_side(waiver, library)}]


def _side(waiver: WaiverResult, library: Library) -> str:
    """Return the only side on which a waiver may apply; "" if it may apply to both."""
    if waiver.resource.startswith("arn:") or not library.policies[waiver.policy].iac:
        return "aws"
    return "iac" if ":" in waiver.resource else ""


def write_approvals(folder: Path, workspace: Workspace) -> None:
    """Write the text that each approver signed, the signature, the openings of fields without names, and the keys."""
    signed: tuple[Signable, ...] = (*workspace.waivers, *workspace.attestations)
    found = grouped(
        (folder / REGISTERS / purpose(item).folder, item) for item in signed if item.approval.state == VERIFIED
    )
    for home, items in found.items():
        _write(home, items)


def _write(home: Path, items: list[Signable]) -> None:
    home.mkdir(parents=True, exist_ok=True)
    for item in items:
        (home / f"{item.id}.json").write_bytes(signed_text(item.approval.committed))
        opened = {name: {"salt": salt, "value": value} for name, (salt, value) in item.approval.opened.items()}
        text = json.dumps(opened, ensure_ascii=False, sort_keys=True, indent=1)
        (home / f"{item.id}.opened.json").write_text(f"{text}\n", encoding="utf-8", newline="\n")
        (home / f"{item.id}.sig").write_text(item.approval.signature, encoding="ascii", newline="\n")
    lines = dict.fromkeys(allowed_signer(item, item.approval.public_key) for item in items)
    (home / APPROVERS).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
