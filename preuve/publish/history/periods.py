"""Whether the period in the name of a bundle includes the moment at which it was judged."""

from __future__ import annotations

import re
from datetime import date

_PART = r"[QT](?P<quarter>[1-4])|[HS](?P<half>[12])|W(?P<week>\d\d)|M?(?P<month>0[1-9]|1[0-2])"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_AHEAD, _BEHIND = r"(?<![A-Za-z0-9])", r"(?![0-9])"
_NAMES = tuple(
    re.compile(f"{_AHEAD}{form}{_BEHIND}", re.IGNORECASE)
    for form in (rf"{_YEAR}[-_ .]?(?:{_PART})", rf"(?:{_PART})[-_ .]?{_YEAR}", _YEAR)
)
_MONTHS = {"quarter": 3, "half": 6, "month": 1}


def is_other_period(period: str, now: str) -> bool:
    """Return whether a name such as 2026-Q3, T3-2026, 2026-H1, 2026-W48, 2026-11 or audit-2026 is that of another time
    than `now` (an ISO moment); false for a name without a period.
    """
    found = next(filter(None, (name.search(period) for name in _NAMES)), None)
    if found is None:
        return False
    named, day = found.groupdict(), date.fromisoformat(now[:10])
    if named.get("week"):
        return day.isocalendar()[:2] != (int(named["year"]), int(named["week"]))
    if day.year != int(named["year"]):
        return True
    return any((day.month - 1) // months + 1 != int(named[part]) for part, months in _MONTHS.items() if named.get(part))
