"""Finds values that programs, pipelines and environments give Terraform variables: `-var name=value`,
`TF_VAR_name=value`, `inputs = { name = value }` of Terragrunt and Stacks, `variables` of Ansible's Terraform module and
of actions.

The code does not say which of them will run, so a variable whose value one of them would change is unknown.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import chain

from preuve.collect.code.inputs.input_names import ANY, HCL, HCL_IN_JSON, inputs_in
from preuve.collect.code.inputs.libraries import USED, names_in_program
from preuve.collect.code.language.hcl.lone_expressions import lone_value
from preuve.collect.code.language.hcl.syntax.nodes import NotHclError
from preuve.collect.code.language.hcl.syntax.parser import parse_expression
from preuve.collect.code.language.values.value import Unknown, Value

# Between an option and its value: syntax of shells, lists, nested quotes and XML, and comments.
_OPTION = re.compile(
    r"(?P<outer>[\"']?)(?<![\w:-])--?var(?![\w:-])(?:[\s,=\\\"'-]|</?\w[^<>\n]{0,200}>|(?:#|//)[^\n]{0,200}\n)*+"
    r"(?:(?P<name>[A-Za-z_][\w-]*)=)?(?=(?P<rest>[^\n]{0,2000}))"
)
_SET = re.compile(
    r"(?P<outer>[\"']?)TF_VAR_(?P<name>[A-Za-z_][\w-]*+(?![$`{<]|%[\w({]|[\"']?\s*\+))?(?=(?P<rest>[^\n]{0,2000}))"
)
# A search by the prefix of names: the prefix follows a word for a search, or a wildcard follows it.
_ALONE = re.compile(r"(?P<wildcard>\*)?[\"'/]?\s*(?:$|[|)\],;&])", re.MULTILINE)
_LOOKING = re.compile(r"(?i)(?:grep|starts_?with|(?:has|remove|trim|cut)_?prefix|match)[^\n;|&]{0,60}\Z")
_GIVEN = re.compile(r"[\"']?\]?\s*(?::=|[:=](?!=))\s*(?P<quote>[\"']?)(?P<rest>.*)")
_END = re.compile(r"[\s\"';|&)]")
# The end of a value: the end of the line, of a list or a command, or another option. Anything else may belong to it.
_ENDED = re.compile(r"[ \t]*(?:$|[,;|&)\]}]|\\$)|[ \t]+(?:#|--?\w|TF_)")
_TOOLS = re.compile(rb"(?i)terraform|tofu|\btf|\b(?:plan|apply)\b(?![.(])")
_ANSIBLE = (b"project_path", b"variables")  # the required option of Ansible's Terraform module, and the other one
_VARIABLES = re.compile(r"(?<![\w-])variables[\"']?:")
_NAMED = re.compile(r"(?m)(?:^|[{,])[ \t]*\"?(?P<name>[A-Za-z_][\w-]*)\"?[ \t]*(?:=(?!=)|:(?!:))")
# An action for Terraform, its inputs for variables, and what they assign.
_ACTION = re.compile(r"(?im)^[^#\n]*?\buses[\"']?[ \t]*:(?P<rest>[^\n]*)")  # each line is searched once
_FOR_TERRAFORM = re.compile(r"(?i)terraform|tofu")
_INPUT = re.compile(r"(?i)(?P<before>[^#]*?)(?<![\w-])(?:\w+[_-])?var(?:s|iables?)?(?:_json)?[\"']?[ \t]*:(?!\S)")
_ASSIGNED = re.compile(r"(?<![\w.-])(?P<name>[A-Za-z_][\w-]*)[\"']?[ \t]*(?:=(?![=>])|:(?![:/]))")
_ANYTHING = Unknown(())
_FILLED_IN = re.compile(r"[$`%@\\]|\{\{|<")
_MOST = 10_000  # most values that are read; further values are unknown


def given_in(content: bytes, ending: str = "") -> Mapping[str, tuple[Value, ...]]:
    """Return the variables that a text sets, each with all its values; `ending` is the suffix of the file."""
    inputs = b"inputs" in content and ending in (HCL, HCL_IN_JSON)
    ansible = all(word in content for word in _ANSIBLE) and b"terraform" in content
    action = b"uses" in content and b"var" in content
    tool = (action or b"-var" in content) and _TOOLS.search(content)
    library = USED.search(content)
    if not (b"TF_VAR_" in content or inputs or ansible or tool or library):
        return {}
    text = content.decode("utf-8", "replace")
    found: dict[str, list[Value]] = defaultdict(list)
    for number, match in enumerate(chain(_OPTION.finditer(text), _SET.finditer(text))):
        if not match["name"] and number < _MOST and _is_sought(match):
            continue
        values = found[match["name"] or ANY]
        if number < _MOST:
            values.append(_given(match))
        elif _ANYTHING not in values[-1:]:
            values.append(_ANYTHING)
    others = [*inputs_in(text, ending)] if inputs else []
    others += [*(_named(_VARIABLES, text) if ansible else ()), *(_in_action(text) if action else ())]
    others += names_in_program(text) if library else ()
    return {name: tuple(values) for name, values in found.items()} | dict.fromkeys(others, (_ANYTHING,))


def _named(variables: re.Pattern[str], text: str) -> Iterator[str]:
    """Yield the names after `variables`, whose values another tool computes."""
    start = variables.search(text)
    for match in _NAMED.finditer(text, start.end()) if start else ():
        yield match["name"]


def _in_action(text: str) -> Iterator[str]:
    """Yield the names that the inputs of a Terraform action assign: on the line of an input, and on more deeply
    indented lines below it.
    """
    if not any(_FOR_TERRAFORM.search(match["rest"]) for match in _ACTION.finditer(text)):
        return
    indent = -1  # indentation of the current input
    for line in text.splitlines():
        inside = 0
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            indent = -1
        if indent < 0:
            if not (found := _INPUT.match(line)):
                continue
            indent, inside = len(found["before"]), found.end()
        yield from (one["name"] for one in _ASSIGNED.finditer(line, inside))


def _is_sought(match: re.Match[str]) -> bool:
    """Return whether a text searches for all of Terraform's environment variables and sets none."""
    only = _ALONE.match(match.string, match.end()) if match.re is _SET else None
    if only is None:
        return False
    before = match.string[max(0, match.start() - 100) : match.start()]
    return only["wildcard"] is not None or _LOOKING.search(before) is not None


def _given(match: re.Match[str]) -> Value:
    """Return the value of an option or an environment variable."""
    if not match["name"]:
        return _ANYTHING
    if match.re is _SET:
        found = _GIVEN.match(match["rest"])
        return _value(found["quote"], found["rest"], match["outer"]) if found else _ANYTHING
    before = match.string[match.start("name") - 1]
    return _value(before if before in "\"'" else "", match["rest"], match["outer"])


def _value(quote: str, rest: str, outer: str) -> Value:
    """Return a literal value; an unknown for any other expression, or if more text may follow. The option itself may be
    quoted.
    """
    if not quote and rest[:1] in ("'", '"'):
        quote, rest = rest[0], rest[1:]
    written = rest.split(quote)[0] if quote else _END.split(rest)[0]
    after = rest[len(written) :].removeprefix(quote or outer)
    if _FILLED_IN.search(written) or not _ENDED.match(after):
        return _ANYTHING
    if written[:1] not in ("[", "{"):
        return written
    try:
        return lone_value(parse_expression(written))
    except (NotHclError, RecursionError):
        return _ANYTHING
