"""The format of moments in all output: UTC, to the second.

The verifier in a bundle has its own copy of this format, because it stands alone.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta


def moment(when: datetime) -> str:
    """Return a moment as text, such as 2026-11-24T12:00:00Z."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def current_moment() -> str:
    """Return this moment as text."""
    return moment(datetime.now(UTC))


def has_begun(day: date, today: date) -> bool:
    """Return whether a day has begun anywhere on earth when it is `today` in UTC: people write the date of where they
    are.
    """
    return day <= today + timedelta(days=1)


def quarter(day: date) -> int:
    """Return the number of the quarter of a day; consecutive quarters have consecutive numbers."""
    return day.year * 4 + (day.month - 1) // 3


def quarter_name(number: int) -> str:
    """Return the name of a quarter by its number: `2026-Q4`."""
    return f"{number // 4}-Q{number % 4 + 1}"
