"""preuve's own rules for code: Checkov custom policies in `scanners/iac/`, with placeholders for parameters.

Checkov's format has no parameters. Here `value: ${params.<id>}` is replaced by the value of a parameter. An attribute
such as `tags.${params.<id>}` takes a name, or in a JSONPath a whole number (for a list, the condition must hold for
each item). Placeholders are filled in when a job is written: values as data, never as text; names and numbers only if
they are nothing else. So a parameter cannot change the rule around it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from preuve.library.build import check_text
from preuve.library.validation.code import lists
from preuve.library.yaml.documents import Document
from preuve.library.yaml.place import content_root
from preuve.model.content import CodeRule, Library, Parameter, Policy
from preuve.model.errors import Problem, UsageError

FOLDER = "scanners/iac"
SCHEMA = "scanners/iac.schema.json"
PREFIX = "CKV2_PREUVE_"
REGIONAL = "regional"  # stands for all types of resources with a region
TERRAFORM = "aws"  # the provider of rules for Terraform
ENDINGS = {TERRAFORM: "tf", "cloudformation": "yaml", "dockerfile": "Dockerfile", "github_actions": "yml"}

_FRAMEWORKS = {
    "DOCKER": frozenset({"dockerfile"}),
    "GHA": frozenset({"github_actions"}),
    "TF": frozenset({"terraform"}),
}
_TRUSTED = "trusted"  # an option that holds texts, not numbers
_REGIONS = "${params.allowed_regions}"
_RESOURCES, _AS = "resources", "as"  # in `settings`: conditions by type, and a type whose condition is reused
_CHECKOV = re.compile(r"CKV2?_[A-Z]+_[0-9]+")  # prefix of Checkov's own ids
_FILLED = "${params."  # in each text before its placeholders are filled in
_PLACEHOLDER = re.compile(r"\$\{params\.([a-z][a-z0-9_]*)\}")
_REFERENCE = re.compile(r"\$\{reference\.([a-z][a-z0-9_]*)\}")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_:/=+@-]{0,127}")  # an attribute or tag; no path, no pattern
_LISTS = frozenset({"within", "not_within", "subset", "not_subset", "intersects", "not_intersects"})
_PATTERNS = frozenset({"regex_match", "not_regex_match"})


def id_of(stem: str) -> str:
    """Return the id of the rule in the file `<stem>.yaml`."""
    return PREFIX + stem.upper().replace("-", "_")


def stem_of(rule: str) -> str:
    """Return the name without ending of a rule's file, and of the folder of its examples."""
    return rule.removeprefix(PREFIX).lower().replace("_", "-")


def examples_of(provider: str) -> tuple[str, str]:
    """Return the names of the files that show what a rule accepts and what it refuses."""
    return f"pass.{ENDINGS[provider]}", f"fail.{ENDINGS[provider]}"


def build(document: Document, root: Path) -> CodeRule:
    """Return the rule in a file; `root` is the folder that holds `scanners/`."""
    data, about = lists.written_out(document.data), document.data["metadata"]
    meaning = {name: data.get(name) for name in ("scope", "definition", "when", "unseen")}
    ours = {name: data[name] for name in ("judgement", "instead_of", "also") if name in data}
    folder = root / FOLDER / "examples" / Path(document.file).stem
    return CodeRule(
        id=about["id"],
        name=about["name"],
        category=about["category"],
        definition=data.get("definition", {}),
        judgement=data.get("judgement"),
        instead_of=tuple(data.get("instead_of", ())),
        also=tuple(data.get("also", ())),
        position=document.position(),
        when=data.get("when"),
        unseen=data.get("unseen"),
        provider=data["scope"]["provider"],
        message=check_text(data, document.position("why")) if "why" in data else None,
        examples=frozenset(name for name in examples_of(data["scope"]["provider"]) if (folder / name).is_file()),
        digest=hashlib.sha256(json.dumps(meaning | ours, sort_keys=True).encode()).hexdigest(),
    )


def bound(policies: Mapping[str, Policy], rules: Mapping[str, CodeRule]) -> dict[str, Policy]:
    """Return the policies with digests that also cover the rules that they name, because a rule has no revision of
    its own.
    """
    return {name: _bound(policy, rules) for name, policy in policies.items()}


def _bound(policy: Policy, rules: Mapping[str, CodeRule]) -> Policy:
    rule = policy.iac
    if rule is None:
        return policy
    frameworks = frozenset[str]().union(*(_frameworks(check, rules) for check in rule.checkov))
    policy = replace(policy, iac=replace(rule, frameworks=frameworks))
    named = [rules[check].digest for check in rule.checkov if check in rules]
    if not named:
        return policy
    return replace(policy, digest=hashlib.sha256("".join([policy.digest, *named]).encode()).hexdigest())


def _frameworks(check: str, rules: Mapping[str, CodeRule]) -> frozenset[str]:
    """Return the kinds of code that a check can judge."""
    if check in rules:
        provider = rules[check].provider
        return frozenset({"terraform" if provider == TERRAFORM else provider, *rules[check].also})
    family = check.split("_")[1]
    return _FRAMEWORKS.get(family, frozenset({"terraform", "cloudformation"}))


# ---- filling in ---------------------------------------------------------------------------------------------------


def rendered(
    rule: CodeRule, params: Mapping[str, Any], reference: Mapping[str, Any] = MappingProxyType({})
) -> dict[str, Any]:
    """Return the rule as plain data for the worker, in Checkov's format, with the values of parameters and reference
    data.

    Raises UsageError if the value of a parameter is not allowed in its place.
    """
    judgement = dict(rule.judgement or {})
    if _RESOURCES in judgement and f'"{_AS}": ' in rule.text:
        judgement[_RESOURCES] = _written_out(rule, judgement[_RESOURCES])
    return {
        "metadata": {"id": rule.id, "name": rule.name, "category": rule.category},
        "scope": {"provider": rule.provider},
        "definition": _condition(rule, rule.definition, params) if rule.definition else None,
        "when": _condition(rule, rule.when, params) if rule.when else None,
        "unseen": _condition(rule, rule.unseen, params) if rule.unseen else None,
        "judgement": {
            name: list(params[_named(value)]) if name == _TRUSTED else _option(rule, value, params, reference)
            for name, value in judgement.items()
        },
        "instead_of": list(rule.instead_of),
        "also": list(rule.also),
        "of_regions": list(_of_regions(judgement)) if _REGIONS in rule.text else [],
    }


def _of_regions(judgement: Mapping[str, Any]) -> Iterator[str]:
    """Yield the types of resources whose regions a judgement reads: that does not count as examining them (ADR
    0013).
    """
    for kind, condition in judgement.get(_RESOURCES, {}).items():
        if _REGIONS in json.dumps(condition):
            yield kind


def _written_out(rule: CodeRule, value: Any, above: tuple[str, ...] = ()) -> Any:
    """Return the conditions on settings, with the condition of the other type in place of each `as: type`."""
    if isinstance(value, list):
        return [_written_out(rule, item, above) for item in value]
    if not isinstance(value, dict):
        return value
    if _AS not in value:
        return {name: _written_out(rule, item, above) for name, item in value.items()}
    other = value[_AS]
    conditions = (rule.judgement or {})[_RESOURCES]
    if other not in conditions or other in above:
        raise UsageError(f"{rule.id}: as: {other}", "it must be another type of resource of the rule")
    return _written_out(rule, conditions[other], (*above, other))


def _option(rule: CodeRule, value: Any, params: Mapping[str, Any], reference: Mapping[str, Any]) -> Any:
    """Return an option of a judgement; one that is a single parameter is a list of numbers, such as ports."""
    table = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
    if table:
        return reference[table[1]]["data"]
    if name := _named(value):
        return list(map(int, _words(rule, name, params[name], numbers=True)))
    return _filled(rule, "", value, params) if _FILLED in rule.text else value


def _filled(rule: CodeRule, key: str, value: Any, params: Mapping[str, Any]) -> Any:
    """Return a condition on settings, with the values of parameters."""
    if isinstance(value, dict):
        return {name: _filled(rule, name, item, params) for name, item in value.items()}
    if isinstance(value, list):
        return [_filled(rule, key, item, params) for item in value]
    if key == _MATCHES:
        return _pattern(value, params)
    if not (name := _named(value)):
        return value
    found = params[name]
    if key in _BOUNDS and (isinstance(found, bool) or not isinstance(found, int | float)):
        raise UsageError(f"parameter {name}: {found!r} does not fit into {rule.id}", "it must be a number")
    return found


_BOUNDS = frozenset({"at_least", "at_most", "hours_at_most", "runs_within_days"})
_MATCHES = "matches"


def _pattern(pattern: str, params: Mapping[str, Any]) -> str:
    """Return a pattern in which a parameter matches one of its values, whatever characters these contain."""
    return _PLACEHOLDER.sub(lambda found: _one_of(params[found[1]]), pattern)


def _one_of(value: Any) -> str:
    items = value if isinstance(value, list) else [value]
    return f"(?:{'|'.join(re.escape(str(item)) for item in items)})" if items else "(?!)"  # of none, nothing is one


def _condition(rule: CodeRule, condition: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    for operator in ("and", "or", "not"):
        if operator in condition:
            inner = condition[operator]
            parts = inner if isinstance(inner, list) else [inner]
            return {operator: [_condition(rule, part, params) for part in parts]}
    filled = {**condition, "resource_types": _types(condition)} if "resource_types" in condition else dict(condition)
    if condition.get("operator") in _PATTERNS:
        filled["value"] = _pattern(str(condition["value"]), params)
    elif name := _named(condition.get("value")):
        filled["value"] = params[name]
    attribute = str(condition.get("attribute", ""))
    if match := _PLACEHOLDER.search(attribute):
        words = _words(rule, match[1], params[match[1]], numbers=_is_jsonpath(condition))
        return {"and": [{**filled, "attribute": attribute.replace(match[0], word)} for word in words]}
    return filled


def _types(condition: Mapping[str, Any]) -> Any:
    """Return the types of resources that a condition is about; one word means all types that belong to a region."""
    types = condition["resource_types"]
    return sorted(_regional()) if types == [REGIONAL] else types


@cache
def _regional() -> frozenset[str]:
    """Return the resources of the AWS provider that belong to a region; the others exist once for an account."""
    table = json.loads((content_root() / FOLDER / "attributes.json").read_text("utf-8"))["resources"]
    return frozenset(kind for kind, names in table.items() if "region" in names.get("string", "").split())


def _is_jsonpath(condition: Mapping[str, Any]) -> bool:
    return str(condition.get("operator", "")).startswith("jsonpath_")


def _named(value: Any) -> str:
    """Return the name of the parameter that replaces a value, or ""."""
    match = _PLACEHOLDER.fullmatch(value) if isinstance(value, str) else None
    return match[1] if match else ""


def _words(rule: CodeRule, parameter: str, value: Any, *, numbers: bool) -> list[str]:
    items = value if isinstance(value, list) else [value]
    for item in items:
        if not _fits(item, numbers=numbers):
            kind = "a whole number" if numbers else "the name of a tag: letters, digits and _ : / = + @ -"
            raise UsageError(f"parameter {parameter}: {item!r} does not fit into {rule.id}", f"it must be {kind}")
    if not items:
        raise UsageError(f"parameter {parameter} is empty and {rule.id} would pass everything", "name at least one")
    return [str(item) for item in items]


def _fits(item: Any, *, numbers: bool) -> bool:
    if numbers:
        return isinstance(item, int) and not isinstance(item, bool)
    return isinstance(item, str) and bool(_NAME.fullmatch(item))


# ---- checking -----------------------------------------------------------------------------------------------------


def problems(library: Library) -> Iterator[Problem]:
    """Yield the problems of rules, and of the ids by which policies name our rules and Checkov's."""
    used = {check for policy in library.policies.values() if policy.iac for check in policy.iac.checkov}
    for policy in library.policies.values():
        for check, at in policy.iac.placed(policy.position) if policy.iac else ():
            if check not in library.code_rules and not _CHECKOV.fullmatch(check):
                hint = f"fix the id, or add {FOLDER}/{stem_of(check)}.yaml"
                yield Problem(at, f"{policy.id}: {check} is no check of Checkov's and no rule here", hint)
    for rule in library.code_rules.values():
        if rule.id not in used:
            yield Problem(rule.position, f"{rule.id}: no policy names it", "list it under iac.checkov of a policy")
        for name in sorted(set(examples_of(rule.provider)) - rule.examples):
            path = f"{FOLDER}/examples/{stem_of(rule.id)}/{name}"
            yield Problem(rule.position, f"{rule.id}: {path} is missing", "add code that shows it")
        for condition in _leaves(rule):
            yield from _leaf_problems(rule, condition, library.parameters)
        yield from _judgement_problems(rule, library)


def _judgement_problems(rule: CodeRule, library: Library) -> Iterator[Problem]:
    """Yield parameters of a judgement that are missing or do not fit, and checks that it replaces without effect."""
    for option in rule.judgement or ():
        yield from _parameter_problems(rule, "value", {"value": (rule.judgement or {})[option]}, library.parameters)
    owners = [policy for policy in library.policies.values() if policy.iac and rule.id in policy.iac.checkov]
    for check in rule.instead_of:
        if any(policy.iac and check not in policy.iac.checkov for policy in owners):
            hint = "you need not list a check that is run on no template"
            yield Problem(rule.position, f"{rule.id} replaces {check}, but its policy does not list that check", hint)


def _leaves(rule: CodeRule) -> Iterator[Mapping[str, Any]]:
    waiting = [part for part in (rule.definition, rule.when, rule.unseen) if part]
    while waiting:
        condition = waiting.pop()
        inner = next((condition[operator] for operator in ("and", "or", "not") if operator in condition), None)
        if inner is None:
            yield condition
        else:
            waiting.extend(inner if isinstance(inner, list) else [inner])


def _leaf_problems(
    rule: CodeRule, condition: Mapping[str, Any], parameters: Mapping[str, Parameter]
) -> Iterator[Problem]:
    value, attribute = condition.get("value"), str(condition.get("attribute", ""))
    operator = str(condition.get("operator", "")).removeprefix("jsonpath_")
    yield from _text_problems(rule, condition, parameters)
    name = _named(value)
    known = parameters[name].value if name in parameters else None if "${" in str(value) else value
    if operator in _LISTS and condition.get("cond_type") == "attribute" and not isinstance(known, list | None):
        yield Problem(rule.position, f"{rule.id}: {operator} needs a list", "in a text it would look for a part of it")
    if operator not in _LISTS and isinstance(known, list | dict):
        yield Problem(rule.position, f"{rule.id}: {operator} needs one value", "use within or subset for a list")
    if attribute.startswith("$[") and attribute.endswith("]"):
        yield Problem(rule.position, f"{rule.id}: {attribute} finds the block itself", "end it with an attribute")
    if "*" in attribute and not _is_jsonpath(condition):
        hint = "use a jsonpath_ operator, which asks for all"
        yield Problem(rule.position, f"{rule.id}: {attribute} passes if any element passes", hint)


def _text_problems(
    rule: CodeRule, condition: Mapping[str, Any], parameters: Mapping[str, Parameter]
) -> Iterator[Problem]:
    """Yield problems of placeholders: misspelt, in a wrong place, or with a parameter that does not exist or does
    not fit.
    """
    for place, text in condition.items():
        for item in text if isinstance(text, list) else [text]:
            if isinstance(item, str) and "${" in item:
                if not _is_read(place, text, condition):
                    hint = "a placeholder is a whole value, one name in an attribute or one number in a JSONPath"
                    yield Problem(rule.position, f"{rule.id}: {item!r} is not read", hint)
                yield from _parameter_problems(rule, place, condition, parameters)


def _is_read(place: str, text: Any, condition: Mapping[str, Any]) -> bool:
    if place == "value":
        in_pattern = condition.get("operator") in _PATTERNS and "${" not in _PLACEHOLDER.sub("", text)
        return bool(_named(text)) or in_pattern
    if place != "attribute" or len(set(_PLACEHOLDER.findall(text))) != 1 or "${" in _PLACEHOLDER.sub("", text):
        return False
    return _is_jsonpath(condition) or bool(re.fullmatch(rf"([\w]+\.)*{_PLACEHOLDER.pattern}", text))


def _parameter_problems(
    rule: CodeRule, place: str, condition: Mapping[str, Any], parameters: Mapping[str, Parameter]
) -> Iterator[Problem]:
    for name in sorted(set(_PLACEHOLDER.findall(str(condition[place])))):
        if name not in parameters:
            hint = "declare it in policies/params.yaml"
            yield Problem(rule.position, f"{rule.id}: there is no parameter {name}", hint)
        elif place == "attribute":
            value = parameters[name].value
            items = value if isinstance(value, list) else [value]
            bad = [item for item in items if not _fits(item, numbers=_is_jsonpath(condition))]
            if bad:
                hint = "see scanners/iac/README.md"
                yield Problem(rule.position, f"{rule.id}: {name} does not fit: {bad[0]!r}", hint)
