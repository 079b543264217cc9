"""Values that a workspace gives to template parameters: parameter files, workflows and scripts that deploy, pipelines
of CodePipeline, and templates that create nested stacks. A parameter that one of them would change is unknown, because
the workspace does not say which of them a stack uses. Does not know Checkov.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

from preuve.collect.code.files.kinds import CLOUDFORMATION, given_to, may_be_variables, may_give
from preuve.collect.code.files.sources import Sources, is_folder
from preuve.collect.code.files.templates import looks_like_one
from preuve.collect.code.files.tools import ENDINGS as CODE
from preuve.collect.code.inputs.nested_stacks import (
    ParameterFile,
    application_of,
    by_file,
    passed_in_text,
    passed_on,
    reaches,
    varied,
)
from preuve.collect.code.inputs.values_files import (
    is_an_example,
    is_read_as_settings,
    is_shown,
    overrides_in,
    parameters_in,
    parameters_of,
    read_markup,
    tags_given,
    tags_in,
    tags_of_nested_stack,
)
from preuve.collect.code.job import Gap
from preuve.collect.code.language.templates.intrinsics import NO_ECHO
from preuve.collect.code.language.templates.parameters import is_hidden
from preuve.collect.code.language.templates.source import Block
from preuve.collect.code.language.values.value import Unknown
from preuve.library.nested import maps

_MARKUP = (".json", ".yaml", ".yml", ".template", ".toml")
_SETTINGS = (".txt", ".env", ".properties", ".ini", ".params", ".parameters", ".conf", ".cfg")
# A parameter that a program gives to the API.
_BY_API = re.compile(r"(?i)parameter_?key[\"']?\s*(?:=>|[:=(])\s*[\w.&]*\(?[\"'`](\w+)")
_DEPLOYS = re.compile(r"parameter[-_]overrides|Parameter_?Key|cloudformation\s+(?:deploy|create|update)", re.IGNORECASE)
_MADE = re.compile(rb"AWS::CloudFormation::Stack|AWS::Serverless::Application")
_MAKING = ("AWS::CloudFormation::Stack", "AWS::CloudFormation::StackSet", "AWS::Serverless::Application")
_PUBLISHED = "AWS::ServerlessRepo::Application"  # in the metadata of a template
_OVERRIDES = "ParameterOverrides"  # of an action of CodePipeline: JSON in a text; of stack sets: a list
_KEY = re.compile(r"\"(\w+)\\?\"\s*:")
_OF_PARAMETERS = re.compile(r"\b(?:ParameterKey|Parameters|ParameterOverrides)\b")
_TAGGED = re.compile(r"--tags[ \t=]+((?:[^\n]|(?<=\\)\n)+)")
_ANY_NAME = re.compile(r"ParameterKey[\"']?\s*:\s*[\"']?(\w+)|(?<!\w)(\w+)[\"']?(?:\s*:|=)")
_NAMES = ("TemplateURL", "Location", "template-file-path")
_BODY = "TemplateBody"
# Read in one way only, so that a file of many quotes takes no time: it may come with a pull request.
_PAIR = r"(?>\"[\w-]++=[^\"]*+\"|'[\w-]++=[^']*+'|[\w-]++=(?>\"[^\"]*+\"|'[^']*+'|[^\s\"']*+))"
_PAIRS = re.compile(rf"{_PAIR}(?>[ \t]++{_PAIR})*+")
_LARGEST = 1_000_000  # bytes
_ANY = "\0"  # a value that no default is


def giving_files(sources: Sources) -> Iterator[tuple[Path, tuple[ParameterFile, ...]]]:
    """Yield everything in a workspace that gives parameters of templates values, and which."""
    for folder in sources.folders(sources.base, []):
        for file in sources.entries(folder, []):
            if found := given_by(sources, file):
                yield file, found


def given_by(sources: Sources, file: Path) -> tuple[ParameterFile, ...]:
    """Return the template parameters that one file sets."""
    if not may_give(file.name) or is_an_example(file.name) or is_folder(file, if_hidden=False):
        return ()
    found = [given for given in _given_in(sources, file) if _says_something(given)]
    text = sources.hash_of(file) if found else ""
    return tuple(replace(given, text=text) for given in found)


def _says_something(given: ParameterFile) -> bool:
    return bool(given.values or given.any or given.tags or given.published or (given.of and given.stack))


def parameter_files(sources: Sources) -> tuple[ParameterFile, ...]:
    """Return every source of template parameters in a workspace. What one passes on, and something gives it another
    value than its default, may be any.
    """
    files = tuple(by_file(given for _, found in giving_files(sources) for given in found))
    unsure = defaultdict[int, dict[str, str]](dict)
    for number, name in varied(files):
        unsure[number][name] = _ANY
    return tuple(replace(given, values={**given.values, **unsure[number]}) for number, given in enumerate(files))


def doubtful(template: Block, files: Iterable[ParameterFile], file: str = "") -> dict[str, Unknown]:
    """Return the parameters of the template in a file that something gives another value than their default."""
    declared = _declared(template)
    found: dict[str, Unknown] = {}
    for given in _for(file, files):
        values = dict.fromkeys(declared) if given.any else given.values
        changed = (name for name, value in values.items() if name in declared and value != _default(declared[name]))
        found.update({name: Unknown((_cause(name, declared[name], given.by),)) for name in changed})
    return found


def given_texts(template: Block, files: Iterable[ParameterFile], file: str = "") -> dict[str, tuple[str, ...]]:
    """Return all that gives each parameter of the template in a file a value; where that value is not read, a hash of
    the source.
    """
    found: dict[str, set[str]] = {name: set() for name in _declared(template)}
    for given in _for(file, files):
        for name in found if given.any else found.keys() & given.values.keys():
            value = given.values.get(name, _ANY)
            found[name].add(given.text if value in ("", _ANY) else value)
    return {name: tuple(sorted(texts)) for name, texts in found.items() if texts}


def stack_tags(files: Iterable[ParameterFile], file: str) -> frozenset[str]:
    """Return the names of the tags that something gives a stack of the template in a file."""
    return frozenset().union(*(given.tags for given in _for(file, files)))


def stacks_of(files: Iterable[ParameterFile], file: str) -> Iterator[str]:
    """Yield the name of each nested stack of a template here that is made of the template in a file, by its name."""
    of = PurePath(file).name
    return (given.stack for given in files if given.stack and given.of == of)


def _declared(template: Block) -> Mapping[str, Any]:
    parameters = template.get("Parameters")
    return parameters if isinstance(parameters, Block) else {}


def _for(file: str, files: Iterable[ParameterFile]) -> Iterator[ParameterFile]:
    """Yield the sources that count for the template in a file."""
    return (given for given in files if reaches(given, file))


def _cause(name: str, body: object, file: str) -> str:
    """Return why a parameter is not known: unlike one that nothing here sets, it may be a text that is written out."""
    hidden = f" {NO_ECHO}" if isinstance(body, Mapping) and is_hidden(body) else ""
    return f"Ref {name}{hidden} ({file} sets it)"


def _given_in(sources: Sources, file: Path) -> Iterator[ParameterFile]:
    name = file.name.casefold()
    if name.endswith((*CODE, *(f"{ending}.json" for ending in CODE))):
        return
    markup, settings = name.endswith(_MARKUP), name.endswith(_SETTINGS)
    untold = "." not in name.strip(".") or may_be_variables(name)  # by its ending it may be anything
    content, by = sources.raw(file), sources.relative(file)
    if not (markup or settings or untold or _may_deploy(content)):
        return
    if given_to(name) == CLOUDFORMATION and _is_unread(sources, file):
        yield ParameterFile({}, by=by, any=True)
        return
    text = content.decode("utf-8", "replace")
    if is_shown(file.name) or (markup and len(content) > _LARGEST):
        yield from _by_program(text, content, by, markup=markup)
        yield from () if is_shown(file.name) else _in_long(name, text, by)
        return
    if markup and (_OVERRIDES in text or _PUBLISHED in text):
        yield from _by_pipeline(read_markup(file.name, text), by)
    if markup and _MADE.search(content):
        yield from _by_parent(read_markup(file.name, text), by)
        return
    if markup:
        told = {**_flat(name, text), **parameters_in(sources, file)}
        yield ParameterFile(told, _template_of(text), by, tags=tags_in(file.name, text))
    if settings:
        yield ParameterFile(dict(overrides_in(text)), by=by)
    elif untold and (values := _values_alone(text)) is not None:
        yield ParameterFile(values, by=by)
    else:
        yield from _by_program(text, content, by, markup=markup)


def _by_program(text: str, content: bytes, by: str, *, markup: bool) -> Iterator[ParameterFile]:
    """Yield the parameters that a program or a pipeline gives when it deploys a template."""
    if _may_deploy(content) and _DEPLOYS.search(text) and not looks_like_one(content):
        told = () if markup else _BY_API.findall(text)
        tags = tags_given(_TAGGED.findall(text))
        yield ParameterFile({**dict(overrides_in(text)), **dict.fromkeys(told, _ANY)}, by=by, tags=tags)


def _in_long(name: str, text: str, by: str) -> Iterator[ParameterFile]:
    """Yield what markup may give that is too long to be parsed: where it has a word for parameters, each of its names
    may be one. No template is so long.
    """
    told = _ANY_NAME.finditer(text) if _OF_PARAMETERS.search(text) else ()
    names = (found for match in told for found in match.groups() if found)
    yield ParameterFile({**_flat(name, text), **dict.fromkeys(names, _ANY)}, by=by)


def _may_deploy(content: bytes) -> bool:
    """Return whether a word that deploys may be in a content: asked first, as most hold none."""
    words = content.lower()
    return b"parameter" in words or b"cloudformation" in words


def _is_unread(sources: Sources, file: Path) -> bool:
    """Return whether the settings of SAM, which it reads by itself, cannot be read here."""
    content = sources.content(file)
    return isinstance(content, Gap) or not is_read_as_settings(content.decode())


def _values_alone(text: str) -> Mapping[str, str] | None:
    """Return the parameters in a text that holds values and nothing else: JSON, or pairs; None if it is none."""
    if text.lstrip()[:1] in ("[", "{"):
        return {**_flat(".json", text), **dict(parameters_of(read_markup(".json", text)))}
    lines = [line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#")]
    return dict(overrides_in("\n".join(lines))) if all(map(_PAIRS.fullmatch, lines)) else None


def _flat(name: str, text: str) -> Mapping[str, str]:
    """Return the members of JSON that holds names and values and nothing else."""
    try:
        value = json.loads(text) if name.endswith(".json") and text.lstrip()[:1] == "{" else None
    except (ValueError, RecursionError):
        return {}
    if not isinstance(value, dict) or any(isinstance(item, dict | list) for item in value.values()):
        return {}
    return {key: _text(item) for key, item in value.items()}


def _template_of(text: str) -> str:
    """Return the template that a deployment file of Git sync names."""
    if "template-file-path" not in text:
        return ""
    match = re.search(r"(?m)^[ \t\"']*template-file-path[\"']?\s*:\s*[\"']?([^\s\"',]+)", text)
    return PurePath(match[1]).name if match else ""


def _by_pipeline(value: Any, file: str) -> Iterator[ParameterFile]:
    """Yield the parameters that the actions of a pipeline give the templates that they deploy, and the name under which
    a template is published.
    """
    if published := _published(value):
        yield ParameterFile({}, by=file, published=published)
    inside = {id(part) for one in maps(value) if _holds_template(one) for part in maps(one)}
    for one in maps(value):
        if _OVERRIDES in one and id(one) not in inside:
            path = one.get("TemplatePath")
            of = PurePath(path.rpartition("::")[2]).name if isinstance(path, str) else ""
            passed = [*passed_in_text(value, one[_OVERRIDES])]
            values = {**dict(_overridden(one[_OVERRIDES])), **{name: _text(default) for name, _, default in passed}}
            yield ParameterFile(values, of, file, passed={name: here for name, here, _ in passed})


def _overridden(value: Any) -> Iterator[tuple[str, str]]:
    """Yield the parameters that are given in JSON; where a function makes it, their names with no known value."""
    if isinstance(value, list):
        yield from parameters_of(value)
        return
    try:
        told = json.loads(value) if isinstance(value, str) else None
    except (ValueError, RecursionError):
        told = None
    if isinstance(told, Mapping):
        yield from ((name, _text(item)) for name, item in told.items())
    else:
        yield from ((name, "") for name in _KEY.findall(json.dumps(value, default=str).replace("\\", "")))


def _published(template: Any) -> str:
    """Return the name under which a template is published as a serverless application; "" if it has none."""
    metadata = template.get("Metadata") if isinstance(template, Mapping) else None
    about = metadata.get(_PUBLISHED) if isinstance(metadata, Mapping) else None
    return str(about.get("Name", "")) if isinstance(about, Mapping) else ""


def _by_parent(template: Any, file: str) -> Iterator[ParameterFile]:
    """Yield the parameters that a template passes to its nested stacks."""
    resources = template.get("Resources") if isinstance(template, Mapping) else None
    for name, body in resources.items() if isinstance(resources, Mapping) else ():
        properties = body.get("Properties") if isinstance(body, Mapping) else None
        if isinstance(properties, Mapping) and body.get("Type") in _MAKING and not _holds_template(properties):
            values = dict(parameters_of({"Parameters": properties.get("Parameters")}, whole=True))
            passed = [*passed_on(template, properties.get("Parameters"))]
            values |= {name: _text(default) for name, _, default in passed}
            tags = tags_of_nested_stack(properties.get("Tags"))
            names = {there: here for there, here, _ in passed}
            of = application_of(properties.get("Location")) or _name_of(properties)
            yield ParameterFile(values, of, file, passed=names, tags=tags, stack=str(name))


def _holds_template(properties: Mapping[str, Any]) -> bool:
    """Return whether a stack or a stack set is made of a template that stands in it: what it gives is for no other."""
    return _BODY in properties and not any(name in properties for name in _NAMES)


def _name_of(properties: Mapping[str, Any]) -> str:
    """Return the file name of a template, as far as a place says it: "" if it may be any."""
    place = next((properties[name] for name in _NAMES if name in properties), "")
    if isinstance(place, Mapping) and len(place) == 1:
        place = next(iter(place.values()))
        place = place[0] if isinstance(place, list) and place else place
    last = place.rsplit("/", 1)[-1] if isinstance(place, str) else ""
    return "" if "$" in last or "." not in last else last.split("?")[0]


def _default(body: object) -> str | None:
    default = body.get("Default") if isinstance(body, Mapping) else None
    return None if default is None else _text(default)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
