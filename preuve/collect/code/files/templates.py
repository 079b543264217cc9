"""Finds the CloudFormation templates below a folder. Does not use Checkov."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

from preuve.collect.code.files.sources import Sources, is_folder
from preuve.collect.code.job import Gap
from preuve.collect.code.language.templates.resources import is_template
from preuve.collect.code.language.templates.source import FUNCTION, TemplateError, parse
from preuve.collect.code.language.templates.yaml_size import too_large

NO_TEMPLATE = "no CloudFormation template in this folder"

TEMPLATE_ENDINGS = (".yaml", ".yml", ".json", ".template")
# A file without any of these words surely is no template; with one, its parser decides.
_WORDS = re.compile(rb"AWSTemplateFormatVersion|Resources|Transform")
# The sections that a part of a template may have alone.
_PARTS = re.compile(rb"(?:Parameters|Mappings|Conditions|Globals|Outputs|Rules)['\"]?\s*:")
_SECTIONS = frozenset({"AWSTemplateFormatVersion", "Resources", "Fn::Transform"})
# Characters in a text between double quotes that are written by their number, and lines that go on in the next one.
_ESCAPED = re.compile(
    rb"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(?:[\r\n]|\xc2\x85|\xe2\x80[\xa8\xa9])\s*|[\s\S])"
)
_TEMPLATE = (b"AWSTemplateFormatVersion", b"AWS::Serverless-")
# Each pattern begins with a literal word, so that the search is fast.
_TYPE = re.compile(rb"Type(?<!\wType)['\"]?\s*:\s*['\"]?(AWS|Custom)::")
# Types that customers define; a macro may create types of any form.
_RESOURCES = re.compile(rb"Resources(?<!\wResources)['\"]?\s*:")
_OTHERS = (
    re.compile(rb"Type(?<!\wType)['\"]?\s*:\s*['\"]?\w+::\w"),
    re.compile(rb"Transform(?<!\wTransform)['\"]?\s*:"),
)
_NAMED = re.compile(rb"\b(?:AWS|Custom)::\w")
_SECTION = re.compile(rb"(?m)^Resources:[ \t]*\r?\n[ \t]+\w+:[ \t]*\r?\n")  # so most templates need no parser
_ATTRIBUTES = frozenset(
    {"Type", "Properties", "DependsOn", "Condition", "Metadata", "DeletionPolicy", "UpdateReplacePolicy"}
    | {"CreationPolicy", "UpdatePolicy", "Connectors", "IgnoreGlobals", "Description", "Version"}
)
_BEFORE = ""  # the member for values of an object that a later one of the same name replaced


def candidates(sources: Sources, folders: Iterable[Path], gaps: list[Gap], *, parts: bool = False) -> Iterator[Path]:
    """Yield the files in some folders that may be templates, or `parts` of one; unread files that may be one become
    gaps.
    """
    for folder in folders:
        for file in sources.entries(folder, gaps):
            if not file.name.endswith(TEMPLATE_ENDINGS) or is_folder(file, if_hidden=False):
                continue
            content = sources.content(file)
            if isinstance(content, bytes):
                if _may_be_one(plain(content)) or (parts and _may_be_part(content)):
                    yield file
            elif not sources.readable(file) or _looks_like_one(file.read_bytes(), parts=parts):
                gaps.append(content)


def _looks_like_one(content: bytes, *, parts: bool) -> bool:
    return looks_like_one(content) or (parts and _may_be_part(content))


def _may_be_part(content: bytes) -> bool:
    text = plain(content)
    return _PARTS.search(text) is not None or (b"\\" in text and _PARTS.search(unescaped(text)) is not None)


def looks_like_one(content: bytes) -> bool:
    """Return whether a content is a template, or cannot be read as one and yet looks like one, in any encoding of
    Unicode.

    A content with a type but nothing of a template around it, such as a report, is none; a whole template inside a text
    is one.
    """
    text = plain(content)
    marked = _TYPE.search(text) is not None or _is_whole(text)
    if not marked and not _may_be_one(text):
        return False
    if marked and _SECTION.search(text):
        return True
    return _holds_one_in(text, otherwise=marked or _is_whole_in(unescaped(text)))


def reads_as_one(content: bytes) -> bool:
    """Return whether all of a content is a template: one that mentions a type in passing, such as a guide, is none."""
    text = plain(content)
    if not _may_be_one(text):
        return False
    value = _from_json(text)
    return _is_read_as_one(text, otherwise=False) if value is None else _is_one(value)


def holds_resources(content: bytes) -> bool:
    """Return whether a text, such as a script, contains the resources of a template."""
    return _RESOURCES.search(content) is not None and _TYPE.search(content) is not None


def _may_be_one(text: bytes) -> bool:
    return _WORDS.search(text) is not None or (b"\\" in text and _WORDS.search(unescaped(text)) is not None)


def unescaped(text: bytes) -> bytes:
    """Return a text with characters in place of their numeric escapes, and with continued lines joined."""
    return _ESCAPED.sub(_character, text)


def _character(escaped: re.Match[bytes]) -> bytes:
    number = escaped[1] or escaped[2] or escaped[3]
    if number is None:
        return b"" if escaped[0][1:].isspace() or len(escaped[0]) > 2 else escaped[0]
    code = int(number, 16)
    return chr(code).encode("utf-8", "replace") if code <= 0x10FFFF else b"?"


def _is_read_as_one(text: bytes, *, otherwise: bool) -> bool:
    """Return whether the parser of templates reads a text as a template; `otherwise` if it cannot read the text."""
    try:
        return _has_section(text) if too_large(text) else _is_one(parse(text.decode("utf-8", "replace")))
    except (TemplateError, yaml.YAMLError, ValueError, RecursionError):
        return otherwise


def _holds_one_in(text: bytes, *, otherwise: bool) -> bool:
    """Return whether a text is a template or contains one; `otherwise` if its parser cannot read it."""
    try:
        value = _from_json(text, object_pairs_hook=_with_all)
        if value is None and too_large(text):
            return otherwise or _has_section(text)
        return _holds_one(parse(text.decode("utf-8", "replace")) if value is None else value)
    except (TemplateError, yaml.YAMLError, ValueError, RecursionError):
        return otherwise


def _with_all(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON; if it has a member twice, including the earlier values, so that all of them are
    searched.
    """
    found: dict[str, Any] = {}
    before: list[Any] = []
    for name, value in pairs:
        if name in found:
            before.append({name: found[name]})
        found[name] = value
    return {**found, _BEFORE: [*before, found.get(_BEFORE)]} if before else found


def _holds_one(value: Any) -> bool:
    """Return whether a template is anywhere in a value: a mapping with its sections, resources under their names as a
    template includes them, or the text of a whole one. A list of resources is no part of a template.
    """
    if isinstance(value, str):
        return _is_whole(value.encode("utf-8", "backslashreplace"))
    if isinstance(value, list):
        return any(map(_holds_one, value))
    if not isinstance(value, Mapping):
        return False
    if _is_one(value) or any(map(_is_resource, value.values())):
        return True
    inside = (item for name, item in value.items() if name != "Resources" or not isinstance(item, list))
    return any(map(_holds_one, chain(value, inside)))


def _is_resource(value: Any) -> bool:
    """Return whether a value is a resource of a template: CloudFormation accepts no other attributes."""
    type_ = value.get("Type") if isinstance(value, Mapping) else None
    named = isinstance(type_, str) and type_.startswith(("AWS::", "Custom::"))
    others = map(str, value.keys() - {_BEFORE}) if named else ()
    return named and all(name in _ATTRIBUTES or name.startswith(FUNCTION) for name in others)


def _has_section(text: bytes) -> bool:
    """Return whether `text`, read as YAML, is a mapping that has a top-level section of a template, perhaps through an
    alias. Raises YAMLError; an alias without an anchor is no error but prose (`*words*`).
    """
    anchors: set[str | None] = set()
    depth, found = 0, False
    for event in yaml.parse(text, yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            if depth == 0 and not isinstance(event, yaml.MappingStartEvent):
                return False
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in anchors:
                return False
            found |= depth == 1
        elif isinstance(event, yaml.ScalarEvent):
            found |= depth == 1 and event.value in _SECTIONS
        anchors.add(getattr(event, "anchor", None))
    return found


def _is_one(value: Any) -> bool:
    """Return whether a value is a template: `Transform` alone may be a setting of anything."""
    return isinstance(value, Mapping) and not _SECTIONS.isdisjoint(value) and is_template(value)


def _is_whole(text: bytes) -> bool:
    if any(word in text for word in _TEMPLATE):
        return True
    return _RESOURCES.search(text) is not None and any(form.search(text) for form in (_TYPE, *_OTHERS))


def _from_json(text: bytes, **how: Any) -> Any:
    """Return the value of JSON, None if it is none."""
    try:
        return json.loads(text, **how)
    except (ValueError, RecursionError):
        return None


def _is_whole_in(text: bytes) -> bool:
    return _RESOURCES.search(text) is not None and _NAMED.search(text) is not None


def plain(content: bytes) -> bytes:
    """Return the content without the zeros of UTF-16 and UTF-32."""
    return content.replace(b"\0", b"") if b"\0" in content else content
