"""Whether the period that a bundle is named after holds the moment at which it was judged."""

from __future__ import annotations

import re
from datetime import date

_NAME = re.compile(r"(?P<year>\d{4})(-(Q(?P<quarter>[1-4])|[HS](?P<half>[12])|(?P<month>0[1-9]|1[0-2])))?(?![0-9])")
_MONTHS = {"quarter": 3, "half": 6, "month": 1}


def outside(period: str, now: str) -> bool:
    """Whether a name such as 2026-Q3, 2026-H1, 2026-11 or 2026 is that of another time than `now` (an ISO moment); a
    name that begins with no such period says nothing of time.
    """
    found = _NAME.match(period)
    if found is None:
        return False
    day = date.fromisoformat(now[:10])
    if day.year != int(found["year"]):
        return True
    for part, months in _MONTHS.items():
        if found[part]:
            return (day.month - 1) // months + 1 != int(found[part])
    return False
