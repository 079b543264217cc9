"""Files that are not code but configure it: values of variables, parameters, settings of a tool, a state. They are
searched for secrets. Does not know Checkov.

Every text is, whatever it is called, but for what is known to be none of these (`kinds.is_searched`) or is examined as
code.
"""

from __future__ import annotations

import codecs
import json
import plistlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from preuve.collect.code.files.kinds import EXAMINED, gives_values, holds_settings, is_script, is_searched, kind_of
from preuve.collect.code.files.sources import MAX_BYTES, Sources, is_folder
from preuve.collect.code.job import Gap
from preuve.collect.code.language.templates.source import TemplateError, parse
from preuve.collect.code.language.values.value import GAP
from preuve.model.snapshot import PARSE_ERROR

_MARKS_OF_ORDER = (b"\xff\xfe", b"\xfe\xff")
_MARKS_OF_LONG = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_NO_TEXT = re.compile(rb"[\0-\x06\x0e-\x1a]")
_BINARY_LIST = b"bplist00"  # a property list, as Xcode and plutil write it
_MOST_PARTS = 100_000  # of one: a part may be written once and stand in many places
_MARKUP = (".json", ".yaml", ".yml")
_SAM = re.compile(r"samconfig(\.[\w-]+)?\.(toml|ya?ml)")
# Examples and templates, which nobody applies as they are.
_SHOWN = re.compile(
    r"(?i).*(?:[._-](?:example|sample|template|dist|tmpl|tpl|j2|erb|defaults?))(?:\.\w+)?"
    r"|(?:.*[._-])?(?:examples?|samples?)(?:[._-].*)?"
)
_EXAMPLE = re.compile(
    r"(?i).*[._-](?:example|sample|dist)(?:\.\w+)?|.*\.(?:env|tfvars)(?:\.json)?\.(?:template|tmpl|tpl)|template\.env|(?:example|sample)[._-].*"
    r"|(?:.*[._-])?(?:examples?|samples?)(?:[._-].*)?(?<!\.env)"
)
# What comes before a value; another pair may begin in the value.
_OVERRIDE = re.compile(
    r"(?<![\w-])(?:ParameterKey=(?P<key>[\w-]+),ParameterValue=|(?P<name>[\w-]+)[\"']?(?:=|\s*:\s+))(?=\S)"
)
_QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_NEXT = re.compile(r",(?=[\w-]+=)")
_END = re.compile(rf"[\s\"']|{_NEXT.pattern}")
_LONGEST = 4096  # characters of a value that CloudFormation takes
_NO_VALUE = "\0"  # stands for a longer one, which is no default
_PAIR = re.compile(r"[A-Za-z][A-Za-z0-9]*=[^=].*", re.DOTALL)
_MAY_GIVE = re.compile(rb"arameter|\A\s*\[\s*\"[A-Za-z][A-Za-z0-9]*=")
_LARGEST = 1_000_000  # bytes


def is_shown(name: str) -> bool:
    """Return whether a file of this name only shows what may be written."""
    return _SHOWN.fullmatch(name) is not None


def is_an_example(name: str) -> bool:
    """Return whether a file of this name is copied by hand before it serves; what is rendered, or included as a
    template of pipelines, serves.
    """
    return _EXAMPLE.fullmatch(name) is not None


def values_files(sources: Sources, folders: Iterable[Path]) -> Iterator[Path]:
    """Yield the files in some folders that say what code is given."""
    for folder in folders:
        for file in sources.entries(folder, []):
            if not is_folder(file, if_hidden=False) and is_values_file(sources, file):
                yield file


def is_values_file(sources: Sources, file: Path) -> bool:
    """Return whether a file configures code or may set other values: one of any name, if it is text that nothing else
    examines.
    """
    if gives_values(file.name) or is_script(file.name):
        return True
    if not is_searched(file.name) or kind_of(file) in EXAMINED:
        return False
    content = sources.content(file)
    return isinstance(content, bytes) or _otherwise(sources, file, content) is not None


def text_of(sources: Sources, file: Path) -> str | Gap | None:
    """Return the text of a file, in UTF-8 or another encoding, or the gap that says why it is not read; None if it is
    no text and has no name that says that it should be.
    """
    content = sources.content(file)
    return content.decode() if isinstance(content, bytes) else _otherwise(sources, file, content)


def _otherwise(sources: Sources, file: Path, gap: Gap) -> str | Gap | None:
    """Return the text of a file that is not read as UTF-8, or the gap; None as `text_of`."""
    found = None
    if sources.readable(file):
        with file.open("rb") as opened:
            found = _decoded(opened.read(MAX_BYTES))
    if found is None:
        return gap if gives_values(file.name) or is_script(file.name) else None
    return found if gap.cause == PARSE_ERROR else gap


def _decoded(content: bytes) -> str | None:
    """Return a text in UTF-32, UTF-16 or Latin-1, and a binary property list as JSON; None for what is no text."""
    if content.startswith(_MARKS_OF_LONG):
        return content.decode("utf-32", "replace")
    if content.startswith(_MARKS_OF_ORDER):
        return content.decode("utf-16", "replace")
    if content.startswith(_BINARY_LIST):
        return _as_json(content)
    return None if _NO_TEXT.search(content) else content.decode("latin-1")


def _as_json(content: bytes) -> str | None:
    """Return a binary property list as JSON; None if it cannot be read, or has too many parts."""
    try:
        value = plistlib.loads(content)
        waiting, parts = [value], 0
        while waiting:
            parts += 1
            here = waiting.pop()
            if parts > _MOST_PARTS:
                return None
            waiting += here.values() if isinstance(here, dict) else here if isinstance(here, list) else ()
        return json.dumps(value, default=lambda one: one.decode("latin-1") if isinstance(one, bytes) else str(one))
    except (ValueError, TypeError, RecursionError):
        return None


def is_known_to_set(name: str, text: str) -> bool:
    """Return whether a file of this name and with this text surely sets something: else its values alone tell."""
    return gives_values(name) or holds_settings(name) or any(parameters_of(read_markup(name, text)))


def parameters_in(sources: Sources, file: Path) -> Mapping[str, str]:
    """Return the template parameters in a file: in the forms of AWS's tools, and none in any other file."""
    content = sources.content(file)
    if not isinstance(content, bytes) or len(content) > _LARGEST or not _MAY_GIVE.search(content):
        return {}
    text = content.decode()
    if _SAM.fullmatch(file.name):
        return dict(_overrides(text))
    if not file.name.endswith(_MARKUP):
        return {}
    return dict(parameters_of(read_markup(file.name, text)))


def read_markup(name: str, text: str) -> Any:
    """Parse JSON or YAML; None if it is neither."""
    try:
        return json.loads(text) if name.endswith(".json") else parse(text)
    except (ValueError, RecursionError, TemplateError):
        return None


def parameters_of(value: Any, *, whole: bool = False) -> Iterator[tuple[str, str]]:
    """Yield the pairs in `[{ParameterKey, ParameterValue}]`, `{"Parameters": …}`, `["Key=value"]` and a deployment file
    of Git sync; with `whole` also values that are no text.
    """
    if isinstance(value, Mapping) and "Resources" not in value:
        found = value.get("Parameters", value.get("parameters") if "template-file-path" in value else None)
        if isinstance(found, Mapping):
            pairs = ((str(key), item) for key, item in found.items())
            yield from ((key, str(item)) for key, item in pairs if whole or not isinstance(item, dict | list))
        elif isinstance(found, list):
            yield from parameters_of(found, whole=whole)
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, Mapping) and "ParameterKey" in item:
                yield str(item["ParameterKey"]), str(item.get("ParameterValue", ""))
            elif isinstance(item, str) and _PAIR.fullmatch(item):
                name, _, given = item.partition("=")
                yield name, given


def overrides_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield the (name, value) pairs in a text, as parameters are written when a template is deployed."""
    return ((name, value) for name, value, _, _ in placed_overrides_in(text))


def placed_overrides_in(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Yield the pairs in a text as `overrides_in` does, each with its start and its end."""
    end = 0  # of a value that is not in quotes: looked for once, as it may be that of others which begin in it
    for match in _OVERRIDE.finditer(text):
        name, start = match["key"] or match["name"], match.end()
        if quoted := _QUOTED.match(text, start):
            yield name, _NEXT.split(quoted[0])[0].strip("\"'"), match.start(), quoted.end()
            continue
        if end <= start:
            found = _END.search(text, start)
            end = found.start() if found else len(text)
        if end > start or text[start] == ",":
            yield name, text[start:end] if end - start <= _LONGEST else _NO_VALUE, match.start(), end


def tags_in(name: str, text: str) -> frozenset[str]:
    """Return the names of the tags that settings of SAM, or a deployment file of Git sync, give a stack."""
    if _SAM.fullmatch(name):
        return tags_given([*_under("tags", _settings(text))])
    told = read_markup(name, text) if "template-file-path" in text else None
    return tags_given(told.get("tags")) if isinstance(told, Mapping) else frozenset()


def tags_given(written: Any) -> frozenset[str]:
    """Return the names of tags in a map, in `[{Key, Value}]`, and in texts as tools take them (`a=b`)."""
    if isinstance(written, Mapping):
        return frozenset(map(str, written))
    listed = written if isinstance(written, list) else []
    pairs = [pair for item in listed if isinstance(item, str) for pair in overrides_in(item)]
    keys = (str(item["Key"]) for item in listed if isinstance(item, Mapping) and "Key" in item)
    return frozenset((*keys, *(value if name == "Key" else name for name, value in pairs if name != "Value")))


def tags_of_nested_stack(written: Any) -> frozenset[str]:
    """Return the names of the tags that a template gives a nested stack; `…` for those that a function gives."""
    if isinstance(written, Mapping):
        names = [GAP if str(name) == "Ref" or str(name).startswith("Fn::") else name for name in written]
    else:
        listed = written if isinstance(written, list) else [] if written is None else [written]
        names = [item.get("Key", GAP) if isinstance(item, Mapping) else GAP for item in listed]
    return frozenset(name if isinstance(name, str) else GAP for name in names)


def is_read_as_settings(text: str) -> bool:
    """Return whether a SAM configuration can be read; an empty one says nothing."""
    return not text.strip() or isinstance(_settings(text), Mapping)


def _settings(text: str) -> Any:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return read_markup("samconfig.yaml", text)


def _overrides(text: str) -> Iterator[tuple[str, str]]:
    """Yield the `parameter_overrides` of every environment of a SAM configuration."""
    for written in _under("parameter_overrides", _settings(text)):
        yield from overrides_in(written)


def _under(name: str, value: Any) -> Iterator[str]:
    if not isinstance(value, Mapping):
        return
    for key, item in value.items():
        if key == name:
            yield from (str(part) for part in (item if isinstance(item, list) else [item]))
        else:
            yield from _under(name, item)
