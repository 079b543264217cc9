"""Texts of policies and checks about code, with the values of parameters: the fix, why a check fails, what it
requires.

`${params.<id>}` is the value of a parameter, `${params.<id>[0]}` and `[-1]` are the first and last item of a list; a
line with `[*]` is repeated for each item. Values are written as JSON, which HCL and YAML can read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Set
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from preuve.library.json_data import maps
from preuve.library.validation.code.checkov_ids import checkov_ids
from preuve.model.content import CodeRule, Library, Policy, Text
from preuve.model.errors import Position, Problem

CLOUDFORMATION, TERRAFORM = "cloudformation", "terraform"
TEXTS, PARAMETERS = "scanners/checks.yaml", "policies/params.yaml"

_PLACEHOLDER = re.compile(r"\$\{params\.([a-z][a-z0-9_]*)(?:\[(0|-1|\*)\])?\}")
_BLOCKS = re.compile(r"\n\n+(?=\S)")
_SERVICE = re.compile(r"aws_[a-z0-9]+_|AWS::\w+::")
_HEAD = re.compile(r'resource "(\w+)"|\w+:\n +Type: ([\w:]+)')
_ARGUMENT = re.compile(r"^(?:  (?=\w+ *=|\w+ \{)|    (?=\w+:))(\w+)", re.MULTILINE)  # of the resource itself
_LOGICAL_ID = re.compile(r"^\w+(?=:)")
_WORD = re.compile(r"\w+")
_BY_TYPE = {"settings": "resources", "forbids": "values"}  # the requirements of a judgement, by type
# Their tags have another name, or are a mapping.
_TAGGED_OTHERWISE = re.compile(r"AWS::(EFS::FileSystem|Serverless::\w+)")
_SIGNS = re.compile(r"([$%])(?=\{)")


# Types of parts of templates, Dockerfiles and workflows. All others are Terraform's.
_SECTIONS = frozenset({"Parameters", "Mappings", "Metadata", "Outputs", "Globals", "Template"})
_PARTS = frozenset({"jobs", "steps", "permissions", "on", "workflow", "repository", "commands", "checkouts"})


def kind_of(policy: Policy, type_: str) -> str:
    """Return the kind of code that a type belongs to."""
    kinds = _kinds(policy)
    kind = _of_type(type_)
    return kind if kind in kinds or not kinds else min(kinds)


def _of_type(type_: str) -> str:
    if "::" in type_ or type_ in _SECTIONS:
        return CLOUDFORMATION
    if type_ in _PARTS:
        return "github_actions"
    return "dockerfile" if type_.isupper() or type_ == "Dockerfile" else TERRAFORM


def fix_of(
    policy: Policy, type_: str, params: Mapping[str, Any], rules: Mapping[str, CodeRule] = MappingProxyType({})
) -> str:
    """Return the code that corrects a failure of this type. Of several blocks, it takes those of the type; else one of
    a type with the same requirements in the `rules`, rewritten to this type; else those of its service; else all.
    """
    kind = kind_of(policy, type_)
    blocks = _BLOCKS.split(policy.fix.get(kind, "").rstrip("\n"))
    named = re.compile(rf"(?<![\w:]){re.escape(type_)}(?![\w:])")
    shown = [block for block in blocks if type_ and named.search(block)] or _retyped(policy, type_, blocks, rules)
    shown = shown or _of_service(blocks, type_) or blocks
    return filled("\n\n".join(shown), params, hcl=kind == TERRAFORM)


def _retyped(policy: Policy, type_: str, blocks: list[str], rules: Mapping[str, CodeRule]) -> list[str]:
    """Return the first block of a type with the same requirements in a check, rewritten to this type, if it sets only
    arguments that the check reads.
    """
    for rule in (rules[check] for check in _checks(policy) if check in rules):
        alike, read = _asked_alike(rule, type_)
        for block in blocks:
            head = _HEAD.match(block)
            shown = (head[1] or head[2]) if head else ""
            if shown in alike and set(_ARGUMENT.findall(block)) <= read:
                return [_LOGICAL_ID.sub(type_.rpartition(":")[2], block.replace(shown, type_, 1))]
    return []


def _asked_alike(rule: CodeRule, type_: str) -> tuple[Set[str], Set[str]]:
    """Return the types for which a rule has the same requirements as for this one, and the words for what it reads of
    them.
    """
    judgement = rule.judgement or {}
    by_type = judgement.get(_BY_TYPE.get(judgement.get("ask", ""), ""), {})
    if type_ in by_type:
        asked = by_type[type_]
        read = list(asked) if judgement["ask"] == "forbids" else asked  # a forbidden setting names no arguments
        return {name for name, other in by_type.items() if other == asked}, _words(read) | _tags(asked, type_)
    lists = list(_under("resource_types", rule.definition))
    if lists and all(type_ in names for names in lists):
        return set(lists[0]).intersection(*lists), _words(list(_under("attribute", rule.definition)))
    return set(), set()


def _tags(asked: Any, type_: str) -> Set[str]:
    """Return the property that holds the tags of a type, if tags are required."""
    return {"Tags"} if any(_under("tag", asked)) and not _TAGGED_OTHERWISE.fullmatch(type_) else set()


def _under(key: str, definition: Any) -> Iterator[Any]:
    """Yield the values below a key in the conditions of a definition."""
    return (part[key] for part in maps(definition) if key in part)


def _words(asked: Any) -> Set[str]:
    return set(_WORD.findall(json.dumps(asked)))


def _of_service(blocks: list[str], type_: str) -> list[str]:
    service = _SERVICE.match(type_)
    return [block for block in blocks if service and service[0] in block.partition("{")[0].partition("Properties")[0]]


def filled(text: str, params: Mapping[str, Any], *, hcl: bool) -> str:
    """Fill a text with the values of `params`, which are never read as templates.

    In `hcl` they are written as its literals.
    """
    if "${params." not in text:
        return text
    return "\n".join(written for line in text.split("\n") for written in _lines(line, params, hcl=hcl))


def told(sentence: str, params: Mapping[str, Any]) -> str:
    """Return a sentence with the values of parameters in plain notation, a list with commas."""
    return _PLACEHOLDER.sub(lambda match: _in_words(params[match[1]]), sentence)


def _in_words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_in_words, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _lines(line: str, params: Mapping[str, Any], *, hcl: bool) -> Iterator[str]:
    each = next((match for match in _PLACEHOLDER.finditer(line) if match[2] == "*"), None)
    for item in params[each[1]] if each else [None]:
        yield _PLACEHOLDER.sub(lambda match, item=item: _written(match, params, item, hcl=hcl), line)  # type: ignore[misc]


def _written(match: re.Match[str], params: Mapping[str, Any], item: Any, *, hcl: bool) -> str:
    value = params[match[1]]
    if match[2] == "*":
        value = item
    elif match[2]:
        value = value[int(match[2])] if value else None
    text = json.dumps(value, ensure_ascii=False)
    return _SIGNS.sub(r"\1\1", text) if hcl else text


# ---- checking -----------------------------------------------------------------------------------------------------


def problems(library: Library) -> Iterator[Problem]:
    """Yield unused texts, and placeholders without a parameter."""
    used = {check for policy in library.policies.values() for check in _checks(policy)}
    for policy in library.policies.values():
        for kind in sorted(set(policy.fix) - _kinds(policy)):
            said = f"{policy.id}: a fix for {kind}, of which its checks do not speak"
            yield Problem(policy.position, said, "remove it")
        own = [text for rule in policy.aws if rule.asks for text in _in_all_languages(rule.asks)]
        for text in (*policy.fix.values(), *own):
            yield from _placeholder_problems(library, policy.position, policy.id, text)
    for name, check_text in library.checks.items():
        if name not in used and name not in library.code_rules:  # of a rule, `code_rules` reports it
            yield Problem(check_text.position, f"{name}: no policy names it", "remove it")
        told = [*check_text.asks.values(), *(asks for cause in check_text.causes for asks in cause.asks.values())]
        for asks in told:
            for text in _in_all_languages(asks):
                yield from _placeholder_problems(library, check_text.position, name, text)


def _in_all_languages(text: Text) -> tuple[str, ...]:
    return (text.en, text.fr, *text.others.values())


def missing(library: Library, in_doubt: Collection[str] = ()) -> Iterator[Problem]:
    """Yield what the bundled catalogue lacks: a fix for each kind of code, a sentence for each check.

    A workspace's own policies need neither. The contents of `in_doubt`, files that cannot be used, are unknown.
    """
    sentences, known = TEXTS not in in_doubt, {*library.code_rules, *checkov_ids()}
    for policy in library.policies.values():
        for kind in sorted(_kinds(policy) - {CLOUDFORMATION} - set(policy.fix)):
            hint = f"add fix: {{{kind}: …}}, with the attributes and values that it asks for"
            yield Problem(policy.position, f"{policy.id}: no fix for {kind}", hint)
        for check, at in policy.iac.placed(policy.position) if policy.iac else ():
            if sentences and check in known and check not in library.checks and check not in library.excluded_checks:
                yield Problem(
                    at, f"{policy.id}: {check} has no sentence", f"say why it fails in {_home(library, check)}"
                )


def _home(library: Library, check: str) -> str:
    """Return the file for the texts of a check: that of preuve's own rule, or the one for Checkov's checks."""
    return library.code_rules[check].position.file if check in library.code_rules else TEXTS


def order(library: Library) -> Iterator[Problem]:
    """Yield texts of rules that are not in the file of the rule, and entries of shared files that are not sorted by id:
    two branches that each append an entry would conflict.
    """
    for name, entry in library.checks.items():
        if name in library.code_rules and entry.position.file == TEXTS:
            hint = f"move the texts to {_home(library, name)}"
            yield Problem(entry.position, f"{name} is a rule of preuve", hint)
    places = [(text.position, name) for name, text in library.checks.items()]
    places += [(parameter.position, name) for name, parameter in library.parameters.items()]
    for file in (TEXTS, PARAMETERS):
        listed = sorted((position, name) for position, name in places if position.file == file)
        names = [name for _, name in listed]
        for (_, before), (position, name) in pairwise(listed):
            if name < before:
                hint = f"move it before {min(other for other in names if other > name)}"
                yield Problem(position, f"{name} is not in the order of the ids", hint)


def _checks(policy: Policy) -> tuple[str, ...]:
    return policy.iac.checkov if policy.iac else ()


def _kinds(policy: Policy) -> frozenset[str]:
    return policy.iac.frameworks if policy.iac else frozenset()


def _placeholder_problems(library: Library, position: Position, name: str, text: str) -> Iterator[Problem]:
    if "${params" in _PLACEHOLDER.sub("", text):
        yield Problem(position, f"{name}: a placeholder is not read", "write ${params.<id>}, with [0], [-1] or [*]")
    for parameter, item in sorted(set(_PLACEHOLDER.findall(text))):
        if parameter not in library.parameters:
            yield Problem(position, f"{name}: there is no parameter {parameter}", "declare it in policies/params.yaml")
        elif item and not isinstance(library.parameters[parameter].value, list):
            yield Problem(position, f"{name}: {parameter} is no list", "leave out what is in brackets")
