"""Values that programs, pipelines and environments give Terraform variables: `-var name=value`, `TF_VAR_name=value`,
`inputs = { name = value }` of Terragrunt and Stacks, `variables` of Ansible's module for Terraform and of actions.

The code does not say which of them will run, so a variable that one of them would change is unknown.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import chain

from preuve.collect.code.language.hcl.alone import alone
from preuve.collect.code.language.hcl.syntax.nodes import NotHclError
from preuve.collect.code.language.hcl.syntax.parser import parse_expression
from preuve.collect.code.language.values.value import Unknown, Value

_OPTION = re.compile(
    r"(?<![\w-])--?var(?![\w-])[\"']?[\s,=\\-]*(?P<quote>[\"']?)(?P<name>[A-Za-z_][\w-]*)=(?=(?P<rest>[^\n]{0,2000}))"
)
_SET = re.compile(r"TF_VAR_(?P<name>[A-Za-z_][\w-]*)(?=(?P<rest>[^\n]{0,2000}))")
_GIVEN = re.compile(r"[\"']?\]?\s*(?::=|[:=](?!=))\s*(?P<quote>[\"']?)(?P<rest>.*)")
_END = re.compile(r"[\s\"';|&)]")
_TOOLS = (b"terraform", b"Terraform", b"tofu", b"TF_", b"plan:", b"apply:")
_INPUTS = re.compile(r"(?m)^[ \t]*inputs[ \t]*=")
_ANSIBLE = (b"project_path", b"variables")  # the option that its module for Terraform requires, and the other one
_VARIABLES = re.compile(r"(?<![\w-])variables[\"']?:")
_NAMED = re.compile(r"(?m)(?:^|[{,])[ \t]*\"?(?P<name>[A-Za-z_][\w-]*)\"?[ \t]*(?:=(?!=)|:(?!:))")
# An action for Terraform, its inputs for variables, and what they assign.
_ACTION = re.compile(r"(?im)^[^#\n]*?\buses[\"']?[ \t]*:(?P<rest>[^\n]*)")  # each line is gone through once
_FOR_TERRAFORM = re.compile(r"(?i)terraform|tofu")
_INPUT = re.compile(r"(?i)(?P<before>[^#]*?)(?<![\w-])(?:\w+[_-])?var(?:s|iables?)?(?:_json)?[\"']?[ \t]*:(?!\S)")
_ASSIGNED = re.compile(r"(?<![\w.-])(?P<name>[A-Za-z_][\w-]*)[\"']?[ \t]*(?:=(?![=>])|:(?![:/]))")
_ANYTHING = Unknown(())
_FILLED_IN = re.compile(r"[$`%@\\]|\{\{|<")
_MOST = 10_000  # values that are read; any more are not known


def given_in(content: bytes, *, hcl: bool = False) -> Mapping[str, tuple[Value, ...]]:
    """Return the variables that a text gives values, each with all of them."""
    inputs = _INPUTS if hcl and b"inputs" in content else None
    inputs = inputs or (_VARIABLES if all(word in content for word in _ANSIBLE) and b"terraform" in content else None)
    action = b"uses" in content and b"var" in content
    tool = (action or b"-var" in content) and any(word in content for word in _TOOLS)
    if not (b"TF_VAR_" in content or inputs or tool):
        return {}
    text = content.decode("utf-8", "replace")
    found: dict[str, list[Value]] = defaultdict(list)
    for number, match in enumerate(chain(_OPTION.finditer(text), _SET.finditer(text))):
        values = found[match["name"]]
        if number < _MOST:
            values.append(_given(match))
        elif _ANYTHING not in values[-1:]:
            values.append(_ANYTHING)
    others = (*(_named(inputs, text) if inputs else ()), *(_in_action(text) if action else ()))
    return {name: tuple(values) for name, values in found.items()} | dict.fromkeys(others, (_ANYTHING,))


def _named(inputs: re.Pattern[str], text: str) -> Iterator[str]:
    """Yield the names after `inputs` or `variables`: another tool computes their values."""
    start = inputs.search(text)
    for match in _NAMED.finditer(text, start.end()) if start else ():
        yield match["name"]


def _in_action(text: str) -> Iterator[str]:
    """Yield the names that the inputs of an action for Terraform assign: on the line of one, and below it on lines
    that stand further in.
    """
    if not any(_FOR_TERRAFORM.search(match["rest"]) for match in _ACTION.finditer(text)):
        return
    indent = -1  # of the input whose lines these are
    for line in text.splitlines():
        inside = 0
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            indent = -1
        if indent < 0:
            if not (found := _INPUT.match(line)):
                continue
            indent, inside = len(found["before"]), found.end()
        yield from (one["name"] for one in _ASSIGNED.finditer(line, inside))


def _given(match: re.Match[str]) -> Value:
    """Return what an option or an environment variable is given."""
    if match.re is _SET:
        found = _GIVEN.match(match["rest"])
        return _value(found["quote"], found["rest"]) if found else _ANYTHING
    return _value(match["quote"], match["rest"])


def _value(quote: str, rest: str) -> Value:
    """Return a literal value; unknown for any other expression."""
    if not quote and rest[:1] in ("'", '"'):
        quote, rest = rest[0], rest[1:]
    written = rest.split(quote)[0] if quote else _END.split(rest)[0]
    if _FILLED_IN.search(written):
        return _ANYTHING
    if written[:1] not in ("[", "{"):
        return written
    try:
        return alone(parse_expression(written))
    except (NotHclError, RecursionError):
        return _ANYTHING
