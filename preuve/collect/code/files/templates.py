"""Finds the CloudFormation templates below a folder. Knows nothing of Checkov."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from preuve.collect.code.files.sources import Sources, is_folder
from preuve.collect.code.job import Gap

NO_TEMPLATE = "no CloudFormation template in this folder"

_ENDINGS = (".yaml", ".yml", ".json", ".template")
# Words that a template contains; reading shows whether a file with one is a template.
_WORDS = re.compile(rb"AWSTemplateFormatVersion|\w::\w|\bTransform\b|\\u00|\\x")
_TEMPLATE = (b"AWSTemplateFormatVersion", b"AWS::Serverless-")
# Each pattern begins with a literal word, so that the search is fast.
_TYPE = re.compile(rb"Type(?<!\wType)['\"]?\s*:\s*['\"]?(AWS|Custom)::")
# Types that customers define; a macro may create types of any form.
_RESOURCES = re.compile(rb"Resources(?<!\wResources)['\"]?\s*:")
_OTHERS = (
    re.compile(rb"Type(?<!\wType)['\"]?\s*:\s*['\"]?\w+::\w"),
    re.compile(rb"Transform(?<!\wTransform)['\"]?\s*:"),
)


def candidates(sources: Sources, folders: Iterable[Path], gaps: list[Gap]) -> Iterator[Path]:
    """Yield the files in some folders that may be templates; those that are not read and may be one become gaps."""
    for folder in folders:
        for file in sources.entries(folder, gaps):
            if not file.name.endswith(_ENDINGS) or is_folder(file, if_hidden=False):
                continue
            content = sources.content(file)
            if isinstance(content, bytes):
                if _WORDS.search(plain(content)):
                    yield file
            elif not sources.readable(file) or looks_like_one(file.read_bytes()):
                gaps.append(content)


def looks_like_one(content: bytes) -> bool:
    """Return whether what cannot be read as a template looks like one all the same, in any encoding of Unicode.

    What a text in JSON says of a type, such as a report's advice, is no template; a whole template in a text is one.
    """
    text = plain(content)
    if not _has_marks(text) or not _is_json(text):
        return _has_marks(text)
    return _has_marks(_STRING.sub(_without_prose, text)) or any(map(_holds_whole, _STRING.findall(text)))


def _has_marks(text: bytes) -> bool:
    return _TYPE.search(text) is not None or _is_whole(text)


def _is_whole(text: bytes) -> bool:
    if any(word in text for word in _TEMPLATE):
        return True
    return _RESOURCES.search(text) is not None and any(form.search(text) for form in (_TYPE, *_OTHERS))


_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')  # a text in valid JSON
_SPACE = re.compile(rb"\s|\\[nrt]")


def _is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _without_prose(string: re.Match[bytes]) -> bytes:
    return b'""' if _SPACE.search(string[0]) else string[0]


def _holds_whole(string: bytes) -> bool:
    return _is_whole(str(json.loads(string)).encode("utf-8", "backslashreplace"))


def plain(content: bytes) -> bytes:
    """Return the content without the zeros of UTF-16 and UTF-32."""
    return content.replace(b"\0", b"") if b"\0" in content else content
