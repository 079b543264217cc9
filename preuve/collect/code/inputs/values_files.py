"""Files that are no code and say what code is given: values of variables, parameters, settings of a tool, a state. What
stands in them is looked through for secrets. Knows nothing of Checkov.

A file of an ending that no such file has (`kinds.HARMLESS`) is passed over; of any other it is looked what it holds.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePath
from typing import Any

from preuve.collect.code.files.kinds import HARMLESS, gives_values, kind_of
from preuve.collect.code.files.sources import Sources, is_folder
from preuve.collect.code.language.templates.source import TemplateError, parse

_MARKUP = (".json", ".yaml", ".yml")
_SAM = re.compile(r"samconfig(\.[\w-]+)?\.(toml|ya?ml)")
# Nobody applies these as they are: they show what may be written.
_SHOWN = re.compile(r"(?i).*(?:[._-](?:example|sample|template|dist|tmpl|tpl|j2|erb|defaults?))(?:\.\w+)?")
_OVERRIDE = re.compile(
    r"(?:ParameterKey=(?P<key>[\w-]+),ParameterValue=|(?P<name>[\w-]+)=)(?P<value>\"[^\"]*\"|[^\s\"]+)"
)
_LARGEST = 1_000_000  # bytes


def is_shown(name: str) -> bool:
    """Whether a file of this name only shows what may be written."""
    return _SHOWN.fullmatch(name) is not None


def values_files(sources: Sources, folders: Iterable[Path]) -> Iterator[Path]:
    """The files in some folders that say what code is given."""
    for folder in folders:
        for file in sources.entries(folder, []):
            if not is_folder(file, if_hidden=False) and is_values_file(sources, file):
                yield file


def is_values_file(sources: Sources, file: Path) -> bool:
    """Whether a file says what code is given, by its name or by what it holds."""
    name = file.name.casefold()
    if gives_values(name):
        return True
    ending = PurePath(name).suffix.removeprefix(".")
    if ending in HARMLESS or (ending and name.endswith(_MARKUP) and not parameters_in(sources, file)):
        return False
    if name.endswith(_MARKUP):
        return True
    return ending != "" and not kind_of(file) and isinstance(sources.content(file), bytes)


def parameters_in(sources: Sources, file: Path) -> Mapping[str, str]:
    """The values of parameters of templates in a file: in the forms of AWS's tools, and none in any other file."""
    content = sources.content(file)
    if not isinstance(content, bytes) or len(content) > _LARGEST or b"arameter" not in content:
        return {}
    text = content.decode()
    if _SAM.fullmatch(file.name):
        return dict(_overrides(text))
    if not file.name.endswith(_MARKUP):
        return {}
    return dict(_parameters(_read(file.name, text)))


def _read(name: str, text: str) -> Any:
    try:
        return json.loads(text) if name.endswith(".json") else parse(text)
    except (ValueError, RecursionError, TemplateError):
        return None


def _parameters(value: Any) -> Iterator[tuple[str, str]]:
    """The pairs in `[{ParameterKey, ParameterValue}]`, `{"Parameters": …}` and `["Key=value"]`."""
    if isinstance(value, Mapping) and "Resources" not in value:
        found = value.get("Parameters")
        if isinstance(found, Mapping):
            yield from ((str(key), str(item)) for key, item in found.items() if not isinstance(item, dict | list))
        elif isinstance(found, list):
            yield from _parameters(found)
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, Mapping) and "ParameterKey" in item:
                yield str(item["ParameterKey"]), str(item.get("ParameterValue", ""))


def _overrides(text: str) -> Iterator[tuple[str, str]]:
    """What `parameter_overrides` of SAM say, in whichever environment."""
    try:
        settings: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        settings = _read("samconfig.yaml", text)
    for written in _under("parameter_overrides", settings):
        for match in _OVERRIDE.finditer(written):
            yield match["key"] or match["name"], match["value"].strip('"')


def _under(name: str, value: Any) -> Iterator[str]:
    if not isinstance(value, Mapping):
        return
    for key, item in value.items():
        if key == name:
            yield from (str(part) for part in (item if isinstance(item, list) else [item]))
        else:
            yield from _under(name, item)
