"""The text about what was not evaluated and why; pages and papers use the same text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from preuve.assess.judge import NO_FAULT, NOT_KEPT
from preuve.model.content import Severity
from preuve.model.results import Finding, FindingStatus
from preuve.model.snapshot import NOT_EXAMINED
from preuve.publish.site.facts import Site
from preuve.publish.words.locale import Locale
from preuve.publish.words.names import UNPROVABLE

# The check proves only one direction, or the code leaves it open; no other reason has this name.
_UNSETTLED = UNPROVABLE | {"iac_unknown", "iac_one_may_suffice", "iac_part_of_unknown"}


def unsettled(site: Site, t: Locale) -> str:
    """Return the text with the number of findings not evaluated, for each kind of reason, or with the statement that
    all were evaluated; then the number of policies without a finding.
    """
    return " ".join([_findings(site, t), *silence(site, t)])


def _findings(site: Site, t: Locale) -> str:
    open_ = [item for item in site.assessment.findings if item.status is FindingStatus.NOT_EVALUATED]
    if not open_:
        return t("site.index.all_evaluated")
    outside = sum(item.reason.values.get("cause") == NOT_EXAMINED for item in open_ if item.incomplete)
    unread = sum(item.incomplete for item in open_) - outside
    whole = [item for item in open_ if not item.incomplete]
    not_kept = sum(item.reason.values.get("cause") in NOT_KEPT for item in whole)
    young = sum(map(_is_young, whole))
    unsettled_ = sum(item.reason.code in _UNSETTLED for item in whole)
    known = {"not_read": unread, "not_examined": outside, "not_kept": not_kept, "too_young": young}
    known["not_settled"] = unsettled_
    counts = {**known, "other_reason": len(open_) - sum(known.values())}
    return t("site.index.not_evaluated", all=t.number(len(open_)), why=_why(counts, t))


def _is_young(item: Finding) -> bool:
    """Return whether the runs so far are too few, or too recent, to say anything."""
    return item.reason.code == "first_run" or item.reason.values.get("cause") in NO_FAULT - NOT_KEPT


def silence(site: Site, t: Locale) -> Iterator[str]:
    """Yield the number of policies that are not evaluated because no resource of their types was in scope, if any."""
    names = site.assessment.silent
    if names:
        counts = Counter(_source(site, name) for name in names)
        yield t.count("site.index.silent", len(names), why=_why(counts, t))


def without_account(site: Site) -> int:
    """Return the number of policies without a result because no account was read."""
    return sum(_source(site, name) == "no_account" for name in site.assessment.silent)


def least_of(site: Site, severity: Severity | None = None) -> str:
    """Return the words before a number of failures. Without an account, the number is only a lower bound; so is the
    number of one severity, as in the committee's paper, if something of that severity was not evaluated.
    """
    open_ = any(
        item.severity is severity and item.status is FindingStatus.NOT_EVALUATED for item in site.assessment.findings
    )
    return "≥ " if open_ or without_account(site) else ""


def _why(counts: dict[str, int] | Counter[str], t: Locale) -> str:
    why = [t(f"site.index.{name}", n=t.number(number)) for name, number in counts.items() if number]
    return t.clauses(why)


def _source(site: Site, name: str) -> str:
    """Return the source that a policy without a finding lacked."""
    policy = site.library.policies.get(name)
    if policy and policy.aws and not site.workspace.accounts:
        return "no_account"
    return "no_block" if site.workspace.iac else "no_code"
