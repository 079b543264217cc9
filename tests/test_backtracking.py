"""No pattern of the product tries a text in exponentially many ways, nor divides one anywhere in two.

Where a pattern that is searched for begins to match is not asked: it goes through a text from each place at most once.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import preuve
from backtracking import verdict
from content_copy import bundled
from preuve.collect.code.files import other_tools

_ROOT = Path(preuve.__file__).parent
_FLAGS_AT = {"compile": 1, "match": 2, "fullmatch": 2, "search": 2, "findall": 2, "finditer": 2, "split": 3, "sub": 4}
_SEARCHING = frozenset({"match", "search", "findall", "finditer", "split", "sub"})
_IN_RULES = frozenset({"matches", "called"})
_OPERATORS = frozenset({"regex_match", "not_regex_match"})  # of Checkov's: their `value` is a pattern
# Names of files, of 255 signs at most: what is divided in two takes as many tries as a line has.
NAMES = frozenset(
    {"_MAY_BE_DOCKERFILE", "_OF_PROGRAMS", "_SETTINGS", "_PROGRAM_OF_SETTINGS", "_PIPELINES", "_SHOWN", "_EXAMPLE"}
)
# Patterns that are put together from what is read: texts with their signs escaped, numbers, wildcards, and what other
# patterns here are made of.
BUILT = frozenset(
    {
        "preuve.assess.changes.known_findings",
        "preuve.assess.code.tags",
        "preuve.assess.view",
        "preuve.collect.code.files.merged_templates",
        "preuve.collect.code.files.other_tools",
        "preuve.collect.code.inputs.named_parameters",
        "preuve.collect.code.judgements.comparisons",
        "preuve.collect.code.judgements.documents.actions",
        "preuve.collect.code.judgements.programs.scan_commands",
        "preuve.collect.code.judgements.programs.shell_commands",
        "preuve.collect.code.judgements.programs.workflow_steps",
        "preuve.collect.code.judgements.settings",
        "preuve.collect.code.language.hcl.functions.numbers",
        "preuve.collect.code.language.hcl.syntax.parser",
        "preuve.collect.code.secrets.named_secrets",
        "preuve.collect.inlets.tables",
        "preuve.documents.captures.metric_filters",
        "preuve.evidence.verifier.chain",
        "preuve.evidence.verifier.info",
        "preuve.library.cel.conditions",
        "preuve.library.validation.code.fixes",
        "preuve.library.validation.rules",
        "preuve.library.glob",
        "preuve.model.company.run_secrets",
        "preuve.pipeline.bundle.kept_history",
        "preuve.pipeline.push.code_owners",
        "preuve.publish.history.periods",
        "preuve.publish.words.errors",
        "preuve.redact.announcements.announcers",
        "preuve.redact.code",
        "preuve.redact.forms",
        "preuve.redact.identifiers.numbers",
        "preuve.redact.known_names",
        "preuve.redact.workspace_file",
    }
)


@dataclass(frozen=True)
class _Written:
    """A pattern as the code writes it."""

    module: str
    name: str  # what it is assigned to
    pattern: re.Pattern[Any] | None  # None if it is not known before it is used
    whole: bool  # it may be asked of a text as a whole


@cache
def _all() -> tuple[_Written, ...]:
    return tuple(one for path in sorted(_ROOT.rglob("*.py")) for one in _of(path))


def _of(path: Path) -> Iterator[_Written]:
    text = path.read_text(encoding="utf-8")
    if not re.search(r"\bre\.\w+\(", text):
        return
    tree = ast.parse(text)
    module = ".".join(path.relative_to(_ROOT.parent).with_suffix("").parts).removesuffix(".__init__")
    names = vars(importlib.import_module(module))
    for statement in tree.body:
        for call in ast.walk(statement):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and _is_of_re(call.func):
                name = _name(statement)
                yield _Written(module, name, _pattern(call, call.func.attr, names), _whole(name, call.func.attr, text))


def _is_of_re(function: ast.Attribute) -> bool:
    return isinstance(function.value, ast.Name) and function.value.id == "re" and function.attr in _FLAGS_AT


def _name(statement: ast.stmt) -> str:
    target = statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", None)
    return target.id if isinstance(target, ast.Name) else ""


def _pattern(call: ast.Call, function: str, names: dict[str, Any]) -> re.Pattern[Any] | None:
    at = _FLAGS_AT[function]
    flags = [word.value for word in call.keywords if word.arg == "flags"] or call.args[at : at + 1]
    try:
        values = [eval(compile(ast.Expression(node), "", "eval"), names) for node in (call.args[0], *flags)]
    except (NameError, AttributeError):
        return None
    return re.compile(*values)


def _whole(name: str, function: str, text: str) -> bool:
    if function != "compile":
        return function == "fullmatch"
    uses = re.findall(rf"\b{name}\b(?!\s*=)(?:\.(\w+))?", text) if name.startswith("_") else []
    return not uses or not set(uses) <= _SEARCHING


def _in(value: object) -> Iterator[str]:
    """Yield the patterns in what a rule says."""
    if isinstance(value, Mapping):
        of_operator = {"value"} if value.get("operator") in _OPERATORS else frozenset[str]()
        for key, item in value.items():
            if key in _IN_RULES | of_operator and isinstance(item, str):
                yield item
            else:
                yield from _in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _in(item)


def test_no_pattern_of_the_code_backtracks_far() -> None:
    written = [one for one in _all() if one.pattern is not None and one.name not in NAMES]
    told = {f"{one.module} {one.name}": verdict(one.pattern, whole=one.whole) for one in written if one.pattern}
    assert not {place: found for place, found in told.items() if found}
    assert len(written) > 700


def test_what_is_divided_in_names_of_files_is_divided_once() -> None:
    named = [one for one in _all() if one.name in NAMES and one.pattern is not None]
    assert {one.name for one in named} == NAMES
    assert not any(verdict(one.pattern).startswith("exponential") for one in named if one.pattern)


def test_patterns_that_are_not_known_before_they_are_used_are_named() -> None:
    assert {one.module for one in _all() if one.pattern is None} == BUILT


def test_no_pattern_of_the_content_backtracks_far() -> None:
    of_tools = [form for _, _, forms, _ in other_tools._contents() for form in forms]
    of_tools += [form for _, form in (*other_tools._libraries(), *other_tools._lines())]
    rules = bundled().code_rules.values()
    said = [part for rule in rules for part in (rule.definition, rule.judgement, rule.when, rule.unseen)]
    of_rules = [re.compile(text) for part in said for text in _in(part)]
    of_rules += map(re.compile, bundled().reference["expected_values"]["data"]["forms"].values())
    told = {form.pattern: verdict(form, whole=form in of_rules) for form in (*of_tools, *of_rules)}
    assert not {form: found for form, found in told.items() if found}
    assert len(set(of_tools)) > 20
    assert len(set(of_rules)) > 60


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (r"(a+)+b", "exponential"),
        (r"(?:a|a)*b", "exponential"),
        (r"(?:\w+\s*)*x", "exponential"),
        (r"(?:[a-z]{1,63}\.?){1,8}x", "exponential"),
        (r"(?>(?:a|a)*b)", "exponential"),
        (r"config(?:[._-][\w-]+)*\.json", "exponential"),
        (r"(?:[ \t]*(?:#.*)?\r?\n)*kind", "exponential"),
        (r"a*a*b", "quadratic"),
        (r"ARG[ \t]+\S+.*\n", "quadratic"),
        (r"[a-z\s]{24,}={0,2}\s*", "quadratic"),
        (r"(?i)[a-c]*[A-C]+x", "quadratic"),
        (r"(?:a(?=[^b]*b))*c", "quadratic"),
        (r"(?:a|b)*c", ""),
        (r"a*b*c", ""),
        (r"a*+a*b", ""),
        (r"(?:\w++\s*)*x", ""),
        (r"(?:\w+\b\s*+)*x", ""),
        (r"\w+\b\w*x", ""),
        (r"config(?:[._-][\w-]++)*\.json", ""),
        (r"(?:(?!-->).)*-->", ""),
        (r"a?a?a?a?b", ""),
    ],
)
def test_the_ways_through_a_pattern_are_counted(pattern: str, found: str) -> None:
    assert verdict(re.compile(pattern)).partition(":")[0] == found
