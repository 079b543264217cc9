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
_WORDS = re.compile(rb"AWSTemplateFormatVersion|(?:AWS|Custom)::|\\u00|\\x")
_TEMPLATE = re.compile(rb"AWSTemplateFormatVersion|AWS::Serverless-|\bType['\"]?\s*:\s*['\"]?(AWS|Custom)::")


def candidates(sources: Sources, folders: Iterable[Path], gaps: list[Gap]) -> Iterator[Path]:
    """The files in some folders that may be templates; those that are not read and may be one become gaps."""
    for folder in folders:
        for file in sources.entries(folder, gaps):
            if not file.name.endswith(_ENDINGS) or is_folder(file, if_hidden=False):
                continue
            content = sources.content(file)
            if isinstance(content, bytes):
                if _WORDS.search(content):
                    yield file
            elif not sources.readable(file) or looks_like_one(file.read_bytes()):
                gaps.append(content)


def looks_like_one(content: bytes) -> bool:
    """Whether what cannot be read as a template looks like one all the same."""
    return _TEMPLATE.search(content) is not None
