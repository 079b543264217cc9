"""Whether a text that is known in part matches a pattern, by what is known of the parts that are not.

The number of an account has digits alone, and the name of a region is made of a few words: neither can supply the
letters that a pattern asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from preuve.collect.code.language.values.partial_texts import ANYTHING, Part, matches_whole
from preuve.collect.code.verdict.marks import MADE, OPAQUE, is_marked, unpacked

_PART = re.compile(rf"[{OPAQUE}{MADE}]\$\{{([^{{}}]*)\}}")
_OF = r"(?:module\.[^.]+\.)*"
# docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
_REGION = r"([a-z]{2}|eusc)(-(gov|iso[a-z]?|[a-z]{2}))?-(north|south|east|west|central)+-[0-9]+"
# docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html
_ONE, _NAME, _AWS = r"\.[\w-]+(\[[^\[\]]*\])?", r"[A-Za-z0-9._-]+\.", r"amazonaws\.(com(\.cn)?|eu)"
_PARTS = (
    (rf"{_OF}data\.aws_caller_identity\.[\w-]+\.(account_id|id)|AWS::AccountId", r"[0-9]*"),
    (rf"{_OF}data\.aws_region\.[\w-]+\.(id|name|region)|AWS::Region", _REGION),
    (rf"{_OF}(data\.)?aws_s3_bucket{_ONE}\.bucket(_regional)?_domain_name", rf"{_NAME}s3\.([a-z0-9-]+\.)?{_AWS}"),
    (
        rf"{_OF}(data\.)?aws_s3_bucket(_website_configuration)?{_ONE}\.website_endpoint",
        rf"{_NAME}s3-website[.-][a-z0-9-]+\.{_AWS}",
    ),
)
_TEXTS_OF_JSON = ("{", "[")  # of these no more than the meaning is kept


def matches_in_part(pattern: str, text: str) -> bool | None:
    """Return whether a marked text matches a pattern as a whole, whatever is in it; None if that is not known, and of
    one that may be no text at all.
    """
    if unpacked(text) != text or text.lstrip().startswith(_TEXTS_OF_JSON):
        return None
    parts = list(_parts(text))
    if any(is_marked(part) for part in parts):
        return None
    return matches_whole(pattern, parts) if any(map(_has_letters, parts)) else None


def _has_letters(part: str | Part) -> bool:
    """Return whether a part surely is not empty."""
    return re.fullmatch(part.pattern, "") is None if isinstance(part, Part) else part != ""


def _parts(text: str) -> Iterator[str | Part]:
    at = 0
    for match in _PART.finditer(text):
        yield text[at : match.start()]
        yield Part(next((part for cause, part in _PARTS if re.fullmatch(cause, match[1])), ANYTHING))
        at = match.end()
    yield text[at:]
