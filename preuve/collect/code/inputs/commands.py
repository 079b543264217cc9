"""What programs, pipelines and environments give variables of Terraform: `-var name=value`, `TF_VAR_name=value`.

Nothing tells which of them will run, so what one of them would change is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath

from preuve.collect.code.inputs.variables import NothingAround
from preuve.collect.code.language.hcl.expressions import Environment, settled
from preuve.collect.code.language.hcl.syntax import NotHclError, parse_expression
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
_ANYTHING = Unknown(())
_FILLED_IN = re.compile(r"[$`%@\\]|\{\{|<")


def may_run_terraform(name: str) -> bool:
    """Whether a file of this name may be a program, a pipeline or an environment."""
    path = PurePath(name.casefold())
    ending = path.suffix.removeprefix(".")
    return ending in _RUNNING if ending else True


def given_in(content: bytes) -> Mapping[str, tuple[Value, ...]]:
    """The variables that a text gives values, each with all of them."""
    tool = b"terraform" in content or b"tofu" in content or b"TF_" in content
    if len(content) > LARGEST or not (b"TF_VAR_" in content or (tool and b"-var" in content)):
        return {}
    found: dict[str, tuple[Value, ...]] = {}
    for name, value in _pairs(content.decode("utf-8", "replace")):
        found[name] = (*found.get(name, ()), value)
    return found


def _pairs(text: str) -> Iterator[tuple[str, Value]]:
    for match in _OPTION.finditer(text):
        yield match["name"], _value(match["quote"], match["rest"])
    for match in _SET.finditer(text):
        given = _GIVEN.match(match["rest"])
        yield match["name"], _value(given["quote"], given["rest"]) if given else _ANYTHING


def _value(quote: str, rest: str) -> Value:
    """What is written, as far as it is no more than a value."""
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
