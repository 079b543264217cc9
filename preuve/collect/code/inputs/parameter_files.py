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
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Any

from preuve.collect.code.files.kinds import CLOUDFORMATION, given_to, is_prose, is_source, lists_files, may_give
from preuve.collect.code.files.sources import Sources, is_folder
from preuve.collect.code.files.templates import looks_like_one, reads_as_one, unescaped
from preuve.collect.code.inputs.named_parameters import ANY, DeclaredNames, is_terraform, told_of, used_in
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
from preuve.collect.code.language.templates.unseen_resources import SECTIONS, sections_of_a_build
from preuve.collect.code.language.values.value import Unknown
from preuve.library.json_data import maps
from preuve.system.manifests import TAG_MANIFEST

_MARKUP = (".json", ".yaml", ".yml", ".template", ".toml")
_TOOLS = re.compile(rb"(?i)cloudformation|\bsam\b|\brain\b|parameter[-_]?(?:overrides|key)")
# Where a workspace says how it is judged, and what was found in it.
_OURS = re.compile(
    r"(?:preuve|waivers|baseline)\.yaml|\.preuve/[\w-]+\.schema\.json|disputes/[\w-]+-[0-9a-f]{12}\.yaml"
)
# How a report begins: of tests, SARIF, or one of our own.
_REPORT = re.compile(
    rb"\s*+(?:(?:<\?xml[^>]*+>\s*+)?<testsuites?\b|\{\s*+\"(?:\$schema\"\s*+:\s*+\"[^\"\n]{0,200}sarif"
    rb"|schema\"\s*+:\s*+\"(?:push|results|evidence-record|preuve-[a-z]++)/\d))"
)
_MADE = re.compile(rb"AWS::CloudFormation::Stack|AWS::Serverless::Application")
_MAKING = ("AWS::CloudFormation::Stack", "AWS::CloudFormation::StackSet", "AWS::Serverless::Application")
_PUBLISHED = "AWS::ServerlessRepo::Application"  # in the metadata of a template
_OVERRIDES = "ParameterOverrides"  # of an action of CodePipeline: JSON in a text; of stack sets: a list
_KEY = re.compile(r"\"(\w+)\\?\"\s*:")
_TAGGED = re.compile(r"--tags[ \t=]+((?:[^\n]|(?<=\\)\n)+)")
_OPTION = "--param"  # begins those of the tools of AWS
_NAMES = ("TemplateURL", "Location", "template-file-path")
_BODY = "TemplateBody"
_LARGEST = 1_000_000  # bytes


def giving_files(sources: Sources) -> Iterator[tuple[Path, tuple[ParameterFile, ...]]]:
    """Yield everything in a workspace that gives parameters of templates values, and which."""
    used = used_in(sources)
    for file in sources.everything():
        if found := given_by(sources, file, used):
            yield file, found


def given_by(sources: Sources, file: Path, used: DeclaredNames) -> tuple[ParameterFile, ...]:
    """Return the template parameters that one file sets, among the names that templates use."""
    if not may_be_given(file):
        return ()
    return tuple(given for given in _given_in(sources, file, used) if _says_something(given))


def may_be_given(file: Path) -> bool:
    """Return whether a file of this name may say what is deployed: none that only shows it, and no folder."""
    name = file.name
    said = may_give(name) and not lists_files(name) and not is_an_example(name)
    return said and not is_folder(file, if_hidden=False)


def is_ours(path: str) -> bool:
    """Return whether the file at a path of a workspace says how it is judged, or what was found in it."""
    return _OURS.fullmatch(path) is not None


def _says_something(given: ParameterFile) -> bool:
    return bool(given.values or given.any or given.tags or given.published or (given.of and given.stack))


def parameter_files(sources: Sources) -> tuple[ParameterFile, ...]:
    """Return every source of template parameters in a workspace. What one passes on, and something gives it another
    value than its default, may be any.
    """
    files = tuple(by_file(given for _, found in giving_files(sources) for given in found))
    unsure = defaultdict[int, dict[str, str]](dict)
    for number, name in varied(files):
        unsure[number][name] = ANY
    return tuple(replace(given, values={**given.values, **unsure[number]}) for number, given in enumerate(files))


def doubtful(template: Block, files: Iterable[ParameterFile], file: str = "") -> dict[str, Unknown]:
    """Return the parameters of the template in a file that something gives another value than their default."""
    declared = _declared(template)
    found: dict[str, Unknown] = {}
    for given in _for(file, files):
        values = dict.fromkeys(declared) if given.any else given.values
        for name, value in values.items():
            if name in declared and value != _default(declared[name]):
                found[name] = Unknown(
                    (_cause(name, declared[name], given.by, surely=not (value or ANY).startswith(ANY)),)
                )
    return found


def given_texts(template: Block, files: Iterable[ParameterFile], file: str = "") -> dict[str, tuple[str, ...]]:
    """Return all that gives each parameter of the template in a file a value; where that value is not read, a hash of
    the source.
    """
    found: dict[str, set[str]] = {name: set() for name in _declared(template)}
    for given in _for(file, files):
        for name in found if given.any else found.keys() & given.values.keys():
            value = given.values.get(name, ANY)
            found[name].add(given.text if value in ("", ANY) else value)
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


def _cause(name: str, body: object, file: str, *, surely: bool) -> str:
    """Return why a parameter is not known: unlike one that nothing here sets, it may be a text that is written out."""
    hidden = f" {NO_ECHO}" if isinstance(body, Mapping) and is_hidden(body) else ""
    return f"Ref {name}{hidden} ({file} {'sets' if surely else 'may set'} it)"


def _given_in(sources: Sources, file: Path, used: DeclaredNames) -> Iterator[ParameterFile]:
    name, by = file.name.casefold(), sources.relative(file)
    if is_ours(by):
        return
    if given_to(name) == CLOUDFORMATION and _is_unread(sources, file):
        yield ParameterFile({}, by=by, any=True, text=sources.hash_of(file))
        return
    content = sources.raw(file)
    text = content.decode("utf-8", "replace")
    markup = name.endswith(_MARKUP) and len(content) <= _LARGEST and not is_terraform(name)
    if markup and not is_shown(file.name):
        yield from (replace(given, text=sources.hash_of(file)) for given in _by_template(file.name, content, text, by))
    said = unescaped(content) if b"\\" in content and len(content) <= _LARGEST else content
    names, tagged = used.named_in(file.name, said), _TAGGED.findall(text) if _gives_tags(content) else []
    if (names or tagged) and _names_its_own(file.name, content, text, markup=markup):
        said = _commands_in(text).encode()
        names, tagged = used.named_in(file.name, said), []
    if (names or tagged) and _is_closed(sources, file):
        names, tagged = frozenset(), []
    if (b"--param" in said or b"parameter-overrides" in said) and not is_prose(file.name) and not is_source(file.name):
        yield from _given_elsewhere(used, text, by)
    if names or tagged:
        others = [*_flat(name, text).items(), *parameters_in(sources, file).items()]
        if _REPORT.match(content):  # what it says gives nothing
            names, tagged = names.intersection(name for name, _ in others), []
        values = dict(told_of(names, said.decode("utf-8", "replace"), others))
        yield ParameterFile(values, _template_of(text), by, tags=tags_given(tagged))
    if markup and (tags := tags_in(file.name, text)):
        yield ParameterFile({}, _template_of(text), by, tags=tags)


def _given_elsewhere(used: DeclaredNames, text: str, by: str) -> Iterator[ParameterFile]:
    """Yield what the commands of a text give stacks without naming it."""
    for of, command in used.given_elsewhere(text):
        yield ParameterFile({}, of, by, any=True, text=sha256(command.encode("utf-8", "replace")).hexdigest())


def _is_closed(sources: Sources, file: Path) -> bool:
    """Return whether a file is part of a bundle: what was found, and nothing that deploys."""
    above = file.relative_to(sources.base).parents[:-1]
    return any(sources.is_file(sources.base / folder / TAG_MANIFEST) for folder in above)


def _by_template(name: str, content: bytes, text: str, by: str) -> Iterator[ParameterFile]:
    """Yield what a template gives others: those of its nested stacks, and those that a pipeline deploys."""
    if _OVERRIDES in text or _PUBLISHED in text:
        yield from _by_pipeline(read_markup(name, text), by)
    if _MADE.search(content):
        yield from _by_parent(read_markup(name, text), by)


def _names_its_own(name: str, content: bytes, text: str, *, markup: bool) -> bool:
    """Return whether a content is a template, or markup that holds sections of one and nothing else: the parameters
    that it names are its own. A template with other sections is for a build step, which may give them to others.
    """
    value = read_markup(name, text) if any(section in text for section in SECTIONS) else None
    if (markup and looks_like_one(content)) or reads_as_one(content):
        return not isinstance(value, Mapping) or not sections_of_a_build(value)
    own = value.get("Parameters", {}) if markup and isinstance(value, Mapping) and value.keys() <= SECTIONS else None
    return isinstance(own, Mapping) and all(isinstance(body, Mapping) for body in own.values())


def _commands_in(template: str) -> str:
    """Return the lines of a template with an option for parameters, such as those of a build that deploys others."""
    lines, going = list[str](), False
    for line in template.splitlines():
        if _OPTION in line or going:
            lines.append(line)
            going = line.rstrip().endswith("\\")
    return "\n".join(lines)


def _gives_tags(content: bytes) -> bool:
    return b"--tags" in content and _TOOLS.search(content) is not None


def _is_unread(sources: Sources, file: Path) -> bool:
    """Return whether the settings of SAM, which it reads by itself, cannot be read here."""
    content = sources.content(file)
    return isinstance(content, Gap) or not is_read_as_settings(content.decode())


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
