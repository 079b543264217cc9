"""Values that programs, pipelines and environments give Terraform variables: `-var name=value`, `TF_VAR_name=value`,
`inputs = { name = value }` of Terragrunt and Stacks, and `variables` of Ansible's module for Terraform.

The code does not say which of them will run, so a variable that one of them would change is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath

from preuve.collect.code.inputs.variables import NothingAround
from preuve.collect.code.language.hcl.expressions import Environment, settled
from preuve.collect.code.language.hcl.syntax.nodes import NotHclError
from preuve.collect.code.language.hcl.syntax.parser import parse_expression
from preuve.collect.code.language.values.value import Unknown, Value

LARGEST = 200_000  # bytes of a file that is searched
# Endings of programs, settings and pipelines that run Terraform; a name without one may be a Makefile.
_ENDINGS = """
bash bat cfg cmd conf env envrc fish gradle groovy hcl ini js json just ksh make mjs mk pl properties ps1 py rb sh toml
ts yaml yml zsh
"""
_RUNNING = frozenset(_ENDINGS.split())
_OPTION = re.compile(
    r"(?<![\w-])--?var(?![\w-])[\"']?[\s,=\\-]*(?P<quote>[\"']?)(?P<name>[A-Za-z_][\w-]*)=(?=(?P<rest>[^\n]{0,2000}))"
)
_SET = re.compile(r"TF_VAR_(?P<name>[A-Za-z_][\w-]*)(?=(?P<rest>[^\n]{0,2000}))")
_GIVEN = re.compile(r"[\"']?\]?\s*(?::=|[:=](?!=))\s*(?P<quote>[\"']?)(?P<rest>.*)")
_END = re.compile(r"[\s\"';|&)]")
_TOOLS = (b"terraform", b"tofu", b"TF_", b"plan:", b"apply:")
_INPUTS = re.compile(r"(?m)^[ \t]*inputs[ \t]*=")
_ANSIBLE = (b"project_path", b"variables")  # the option that its module for Terraform requires, and the other one
_VARIABLES = re.compile(r"(?<![\w-])variables[\"']?:")
_NAMED = re.compile(r"(?m)(?:^|[{,])[ \t]*\"?(?P<name>[A-Za-z_][\w-]*)\"?[ \t]*(?:=(?!=)|:(?!:))")
_ANYTHING = Unknown(())
_FILLED_IN = re.compile(r"[$`%@\\]|\{\{|<")


def may_run_terraform(name: str) -> bool:
    """Return whether a file of this name may be a program, a pipeline or an environment."""
    path = PurePath(name.casefold())
    ending = path.suffix.removeprefix(".")
    return ending in _RUNNING if ending else True


def given_in(content: bytes, *, hcl: bool = False) -> Mapping[str, tuple[Value, ...]]:
    """Return the variables that a text gives values, each with all of them."""
    inputs = _INPUTS if hcl and b"inputs" in content else None
    inputs = inputs or (_VARIABLES if all(word in content for word in _ANSIBLE) and b"terraform" in content else None)
    tool = any(word in content for word in _TOOLS)
    if len(content) > LARGEST or not (b"TF_VAR_" in content or (tool and b"-var" in content) or inputs):
        return {}
    text = content.decode("utf-8", "replace")
    found: dict[str, tuple[Value, ...]] = {}
    for name, value in _pairs(text):
        found[name] = (*found.get(name, ()), value)
    return found | (dict.fromkeys(_named(inputs, text), (_ANYTHING,)) if inputs else {})


def _named(inputs: re.Pattern[str], text: str) -> Iterator[str]:
    """Yield the names after `inputs` or `variables`: another tool computes their values."""
    start = inputs.search(text)
    for match in _NAMED.finditer(text, start.end()) if start else ():
        yield match["name"]


def _pairs(text: str) -> Iterator[tuple[str, Value]]:
    for match in _OPTION.finditer(text):
        yield match["name"], _value(match["quote"], match["rest"])
    for match in _SET.finditer(text):
        given = _GIVEN.match(match["rest"])
        yield match["name"], _value(given["quote"], given["rest"]) if given else _ANYTHING


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
        return settled(parse_expression(written), Environment(NothingAround()))
    except (NotHclError, RecursionError):
        return _ANYTHING
