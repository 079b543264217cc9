"""Functions of times. None of them returns the current time."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from preuve.collect.code.language.hcl.functions.signature import TEXT, Function
from preuve.collect.code.language.values.value import RefusedError, Unknown, Value, unknown

_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(?:Z|([+-])([0-9]{2}):([0-9]{2}))",
    re.ASCII,
)
_DURATION = re.compile(r"([0-9]*)(?:\.([0-9]*))?(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_LONG = re.compile("[0-9]{16}")
_SECOND = 10**9
_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": _SECOND}
_UNITS |= {"m": 60 * _SECOND, "h": 3600 * _SECOND}
_MONTHS = {1: "January", 2: "February", 3: "March", 4: "April", 5: "May", 6: "June", 7: "July", 8: "August"}
_MONTHS |= {9: "September", 10: "October", 11: "November", 12: "December"}
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_TOKEN = re.compile(r"''|'(?:[^']|'')++'|([A-Za-z])\1*|[^A-Za-z']+|'", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class _Moment:
    """A point in time, in nanoseconds since 1970, and the minutes that its clock is ahead of UTC."""

    nanoseconds: int
    ahead: int

    def clock(self) -> datetime:
        """Return the local time in the time's own zone."""
        return _EPOCH + timedelta(seconds=self.nanoseconds // _SECOND, minutes=self.ahead)

    def zone(self, colon: str) -> str:
        """Format the offset from UTC, with `colon` between hours and minutes: `+0200`."""
        hours, minutes = divmod(abs(self.ahead), 60)
        return f"{'-' if self.ahead < 0 else '+'}{hours:02d}{colon}{minutes:02d}"

    def zone_or_z(self) -> str:
        """Format the offset from UTC as RFC 3339 does: `Z` for zero."""
        return self.zone(":") if self.ahead else "Z"


def _moment(text: str) -> _Moment | Unknown:
    found = _TIME.fullmatch(text)
    if not found:
        return unknown(why="a time that is not written as in RFC 3339")
    ahead = int(found[9] or 0) * 60 + int(found[10] or 0)
    if ahead > 23 * 60 + 59 or int(found[10] or 0) > 59:
        return unknown(why="a time zone that there is not")
    ahead = -ahead if found[8] == "-" else ahead
    try:
        clock = datetime(*(int(found[part]) for part in range(1, 7)), tzinfo=UTC)  # type: ignore[misc, arg-type]
    except ValueError:
        if found[1] == "0000":
            return unknown(why="a year that is not told here")
        raise RefusedError(f"no time: {text[:60]!r}") from None
    seconds = (clock - _EPOCH) // timedelta(seconds=1) - ahead * 60
    return _Moment(seconds * _SECOND + int((found[7] or "").ljust(9, "0")), ahead)


def _timecmp(one: str, other: str) -> Value:
    first, second = _moment(one), _moment(other)
    if isinstance(first, Unknown) or isinstance(second, Unknown):
        return unknown(first, second)
    return (first.nanoseconds > second.nanoseconds) - (first.nanoseconds < second.nanoseconds)


def _timeadd(time: str, duration: str) -> Value:
    if _LONG.search(duration):
        return unknown(why="a duration of too many digits")
    moment, more = _moment(time), _nanoseconds(duration)
    if isinstance(moment, Unknown):
        return moment
    later = _Moment(moment.nanoseconds + more, moment.ahead)
    try:
        clock = later.clock()
    except OverflowError:
        return unknown(why="a year that is not told here")
    return f"{clock.year:04d}{clock:-%m-%dT%H:%M:%S}{later.zone_or_z()}"


def _nanoseconds(duration: str) -> int:
    rest = duration[1:] if duration[:1] in ("+", "-") else duration
    if rest == "0":
        return 0
    total = place = 0
    while place < len(rest):
        found = _DURATION.match(rest, place)
        if not found or not (found[1] or found[2]):
            raise RefusedError(f"no duration: {duration[:40]!r}")
        total += _of_unit(found[1], found[2] or "", _UNITS[found[3]])
        place = found.end()
    if not rest or total >= 2**63:
        raise RefusedError(f"no duration: {duration[:40]!r}")
    return -total if duration.startswith("-") else total


def _of_unit(digits: str, fraction: str, unit: int) -> int:
    part = int(float(int(fraction)) * (float(unit) / 10.0 ** len(fraction))) if fraction else 0
    return int(digits or 0) * unit + part


def _formatdate(template: str, time: str) -> Value:
    moment = _moment(time)
    if isinstance(moment, Unknown):
        return moment
    try:
        clock = moment.clock()
    except OverflowError:
        return unknown(why="a year that is not told here")
    pieces = [found[0] for found in _TOKEN.finditer(template)]
    if "'" in pieces:  # Terraform parses the rest after an unclosed quote differently
        return unknown(why="a date format with a quote that is not closed")
    return "".join(_written(piece, moment, clock) for piece in pieces)


def _written(piece: str, moment: _Moment, clock: datetime) -> str:
    if piece == "''":
        return "'"
    if piece[0] == "'":
        return piece[1:-1].replace("''", "'")
    if not (piece[0].isascii() and piece[0].isalpha()):
        return piece
    writer = _VERBS.get(piece)
    if writer is None:
        raise RefusedError(f"a date format with {piece[:20]!r}")
    return writer(moment, clock)


_VERBS: dict[str, Callable[[_Moment, datetime], str]] = {
    "YY": lambda _, clock: f"{clock.year % 100:02d}",
    "YYYY": lambda _, clock: f"{clock.year:04d}",
    "M": lambda _, clock: str(clock.month),
    "MM": lambda _, clock: f"{clock.month:02d}",
    "MMM": lambda _, clock: _MONTHS[clock.month][:3],
    "MMMM": lambda _, clock: _MONTHS[clock.month],
    "D": lambda _, clock: str(clock.day),
    "DD": lambda _, clock: f"{clock.day:02d}",
    "EEE": lambda _, clock: _DAYS[clock.weekday()][:3],
    "EEEE": lambda _, clock: _DAYS[clock.weekday()],
    "h": lambda _, clock: str(clock.hour),
    "hh": lambda _, clock: f"{clock.hour:02d}",
    "H": lambda _, clock: str(clock.hour % 12 or 12),
    "HH": lambda _, clock: f"{clock.hour % 12 or 12:02d}",
    "AA": lambda _, clock: "AM" if clock.hour < 12 else "PM",
    "aa": lambda _, clock: "am" if clock.hour < 12 else "pm",
    "m": lambda _, clock: str(clock.minute),
    "mm": lambda _, clock: f"{clock.minute:02d}",
    "s": lambda _, clock: str(clock.second),
    "ss": lambda _, clock: f"{clock.second:02d}",
    "Z": lambda moment, _: moment.zone_or_z(),
    "ZZZ": lambda moment, _: moment.zone("") if moment.ahead else "UTC",
    "ZZZZ": lambda moment, _: moment.zone(""),
    "ZZZZZ": lambda moment, _: moment.zone(":"),
}

FUNCTIONS = {
    "formatdate": Function(_formatdate, (TEXT, TEXT)),
    "timeadd": Function(_timeadd, (TEXT, TEXT)),
    "timecmp": Function(_timecmp, (TEXT, TEXT)),
}
