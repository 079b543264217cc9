"""Finds the CloudFormation templates below a folder. Knows nothing of Checkov."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from preuve.collect.code.files.sources import Sources, is_folder
from preuve.collect.code.job import Gap

NO_TEMPLATE = "no CloudFormation template in this folder"

_ENDINGS = (".yaml", ".yml", ".json", ".template")
# What a template says somewhere; whether a file that does is one is told by reading it.
_WORDS = re.compile(rb"AWSTemplateFormatVersion|\w::\w|\bTransform\b|\\u00|\\x")
_TEMPLATE = re.compile(rb"AWSTemplateFormatVersion|AWS::Serverless-|\bType['\"]?\s*:\s*['\"]?(AWS|Custom)::")
# Types that customers define; a macro may create types of any form.
_RESOURCES = re.compile(rb"\bResources['\"]?\s*:")
_OTHERS = re.compile(rb"\bType['\"]?\s*:\s*['\"]?\w+::\w|\bTransform['\"]?\s*:")


def candidates(sources: Sources, folders: Iterable[Path], gaps: list[Gap]) -> Iterator[Path]:
    """The files in some folders that may be templates; those that are not read and may be one become gaps."""
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
    """Whether what cannot be read as a template looks like one all the same, in whichever Unicode it is written."""
    text = plain(content)
    return _TEMPLATE.search(text) is not None or bool(_RESOURCES.search(text) and _OTHERS.search(text))


def plain(content: bytes) -> bytes:
    """The same without the zeros of UTF-16 and UTF-32."""
    return content.replace(b"\0", b"") if b"\0" in content else content
