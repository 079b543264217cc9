"""The comparisons that a condition on settings may apply to one value. Each returns None if the value does not
decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from preuve.collect.code.judgements.bodies import PART
from preuve.collect.code.language.templates.intrinsics import FROM_AWS, NO_ECHO
from preuve.collect.code.language.values.partial_texts import ANYTHING, Part, matches_whole
from preuve.collect.code.verdict.marks import OPEN, is_marked, is_opaque, unpacked
from preuve.documents.schedules import days_apart

_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")  # without 010, which YAML reads as eight
# A duration of ISO 8601.
_LASTS = re.compile(r"P(?:([0-9]{1,4})D)?(?:T(?:([0-9]{1,6})H)?(?:([0-9]{1,8})M)?(?:([0-9]{1,9})S)?)?")
_ARN = 6  # parts of an ARN
_TRUTH = {"true": True, "false": False}
_OF_AWS = re.compile(rf"{OPEN}\$\{{Ref \w+ {re.escape(FROM_AWS)}\}}")


def _is(value: Any, wanted: Any) -> bool | None:
    """Return whether a value is one of some; None if it is of another type."""
    answers = [_equal(value, one) for one in (wanted if isinstance(wanted, list) else [wanted])]
    return True if True in answers else None if None in answers else False


def _equal(value: Any, wanted: Any) -> bool | None:
    if isinstance(wanted, bool):
        truth = value if isinstance(value, bool) else _TRUTH.get(value) if isinstance(value, str) else None
        return None if truth is None else truth is wanted
    if isinstance(wanted, int | float):
        number = _number(value)
        return None if number is None else number == wanted
    text = plain_text(value)
    return None if text is None else text == wanted


def _is_not(value: Any, forbidden: Any) -> bool | None:
    answer = _is(value, forbidden)
    return None if answer is None else not answer


def fits(value: Any, pattern: str) -> bool | None:
    """Return whether a value matches a pattern; None if it is neither text nor number."""
    if is_marked(value):
        return matches_in_part(pattern, value)
    text = plain_text(value)
    return None if text is None else re.fullmatch(pattern, text) is not None


def _at_least(value: Any, least: float) -> bool | None:
    number = _number(value)
    return None if number is None else number >= least


def _at_most(value: Any, most: float) -> bool | None:
    number = _number(value)
    return None if number is None else number <= most


def arn_in(value: Any, regions: Any) -> bool | None:
    """Return whether an ARN lies in one of some regions; None if it names no region."""
    parts = value.split(":") if isinstance(value, str) else []
    if len(parts) < _ARN or not parts[3] or is_marked(":".join(parts[:4])):
        return None
    return parts[3] in regions


def no_echo(value: Any, _: Any) -> bool:
    """Return whether a value contains a `NoEcho` parameter."""
    return isinstance(value, str) and is_opaque(value) and NO_ECHO in value


def from_aws(value: Any, _: Any) -> bool:
    """Return whether a value is an image that AWS publishes for everybody."""
    return isinstance(value, str) and _OF_AWS.fullmatch(value) is not None


def _hours_at_most(value: Any, most: float) -> bool | None:
    """Return whether a duration is at most so many hours."""
    found = _LASTS.fullmatch(value) if isinstance(value, str) else None
    if found is None or not any(found.groups()):
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return days * 24 + hours + minutes / 60 + seconds / 3600 <= most


def _runs_within_days(value: Any, most: float) -> bool | None:
    """Return whether a schedule runs again within so many days; None if the schedule is not understood."""
    apart = days_apart(value) if isinstance(value, str) else None
    return None if apart is None else apart <= most


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    return float(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else None


def plain_text(value: Any) -> str | None:
    """Return a text, number or boolean as text; None for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    number = _number(value)
    return None if number is None else str(int(number)) if number == int(number) else str(number)


ASKED: Mapping[str, Callable[[Any, Any], bool | None]] = {
    "is": _is,  # each item of a list too
    "holds": _is,  # one item at least
    "is_not": _is_not,
    "matches": fits,
    "at_least": _at_least,
    "at_most": _at_most,
    "hours_at_most": _hours_at_most,
    "runs_within_days": _runs_within_days,
    "arn_in": arn_in,
    "no_echo": no_echo,
    "from_aws": from_aws,
}


# ---- texts that are known in part -----------------------------------------------------------------------------------
# Some unknown parts of a text have a known form, which may decide whether a pattern matches. The number of
# an account consists of digits, the name of a region of a few words: neither can supply the letters of a
# pattern.


_OF = r"(?:module\.[^.]+\.)*"
# docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
_REGION = r"([a-z]{2}|eusc)(-(gov|iso[a-z]?|[a-z]{2}))?-(north|south|east|west|central)+-[0-9]+"
# docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html
_ONE, _NAME, _AWS = r"\.[\w-]+(\[[^\[\]]*\])?", r"[A-Za-z0-9._-]+\.", r"amazonaws\.(com(\.cn)?|eu)"
_RANDOM = r"[0-9]+"
_PARTS = (
    (rf"{_OF}data\.aws_caller_identity\.[\w-]+\.(account_id|id)|AWS::AccountId", r"[0-9]*"),
    # What a generator of random texts without a prefix gives spells no word: digits stand for it.
    (rf"{_OF}random_string{_ONE}\.result", _RANDOM),
    (rf"{_OF}random_integer{_ONE}\.result", r"-?[0-9]+"),
    (rf"{_OF}random_uuid{_ONE}\.(result|id)", r"[0-9a-f-]{36}"),
    (rf"{_OF}data\.aws_region\.[\w-]+\.(id|name|region)|AWS::Region", _REGION),
    (rf"{_OF}(data\.)?aws_s3_bucket{_ONE}\.bucket(_regional)?_domain_name", rf"{_NAME}s3\.([a-z0-9-]+\.)?{_AWS}"),
    (
        rf"{_OF}(data\.)?aws_s3_bucket(_website_configuration)?{_ONE}\.website_endpoint",
        rf"{_NAME}s3-website[.-][a-z0-9-]+\.{_AWS}",
    ),
)
_TEXTS_OF_JSON = ("{", "[")  # JSON: only its meaning is compared


def matches_in_part(pattern: str, text: str) -> bool | None:
    """Return whether a marked text matches a pattern whatever its unknown parts are; None if that is not known, or if
    the value may be something else than text.
    """
    if unpacked(text) != text or text.lstrip().startswith(_TEXTS_OF_JSON):
        return None
    parts = list(_parts(text))
    if any(is_marked(part) for part in parts):
        return None
    return matches_whole(pattern, parts) if any(map(_has_letters, parts)) else None


def _has_letters(part: str | Part) -> bool:
    """Return whether a part is surely not empty."""
    return re.fullmatch(part.pattern, "") is None if isinstance(part, Part) else part != ""


def _parts(text: str) -> Iterator[str | Part]:
    at = 0
    for match in PART.finditer(text):
        yield text[at : match.start()]
        part = next((part for cause, part in _PARTS if re.fullmatch(cause, match[1])), ANYTHING)
        beside = text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
        completes = part == _RANDOM and any(map(str.isalpha, beside))  # a letter may complete the word beside it
        yield Part(ANYTHING if completes else part)
        at = match.end()
    yield text[at:]
