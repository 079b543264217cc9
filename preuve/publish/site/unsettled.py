"""Why findings were not evaluated, in one sentence: pages and papers say the same."""

from __future__ import annotations

from preuve.assess.judge import NOT_KEPT
from preuve.model.results import Assessment, FindingStatus
from preuve.publish.words.locale import Locale


def unsettled(assessment: Assessment, t: Locale) -> str:
    """Return the text with the number of findings not evaluated, for each kind of reason, or with the statement that
    all were evaluated.
    """
    open_ = [item for item in assessment.findings if item.status is FindingStatus.NOT_EVALUATED]
    if not open_:
        return t("site.index.all_evaluated")
    unread = sum(item.incomplete for item in open_)
    not_kept = sum(not item.incomplete and item.reason.values.get("cause") in NOT_KEPT for item in open_)
    counts = {"not_read": unread, "not_kept": not_kept, "not_settled": len(open_) - unread - not_kept}
    why = [t(f"site.index.{name}", n=t.number(number)) for name, number in counts.items() if number]
    return t("site.index.not_evaluated", all=t.number(len(open_)), why=f"{t('site.colon')[:-1]}; ".join(why))
