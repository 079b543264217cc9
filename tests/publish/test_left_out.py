"""What is left out is told apart from what nobody could read: only the latter is an alarm."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from preuve.model.snapshot import LEFT_OUT, IacGap
from preuve.publish.site.paths import CODE, LIMITS_PAGE, page_file
from preuve.publish.site.writer import write_site
from preuve.publish.words.locale import load_locale

from . import factory


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_is_left_out_on_purpose_is_no_warning_on_the_page_of_code(tmp_path: Path, language: str) -> None:
    left = tuple(IacGap("", f"evidence/2026-Q{number}", 0, LEFT_OUT, "evidence that preuve wrote") for number in (1, 2))
    unread = IacGap("infra", "infra/x.tf", 4, "parse_error", "x")
    told = load_locale(language)
    for gaps, warned in ((left, False), ((*left, unread), True)):
        write_site(tmp_path, replace(factory.site(language), gaps=gaps))
        page = (tmp_path / page_file(CODE, language)).read_text(encoding="utf-8")
        assert (told.count("site.code.gaps", 1) in page) is warned and told.count("site.code.gaps", 3) not in page
        assert told.count("site.limits.left_out", 2) in page
        limits = (tmp_path / page_file(LIMITS_PAGE, language)).read_text(encoding="utf-8")
        assert all(gap.file in limits for gap in gaps)
        assert told("site.limits.no_gap") not in limits, "nobody looked at what is left out"
