"""The values that made a check fail, and the variables that they come from: short, and without names and secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from preuve.collect.code.language.hcl.data import MORE, PERHAPS
from preuve.collect.code.verdict.deciding_parts import deciding, heaviest, opened, pruned
from preuve.collect.code.verdict.marks import shown
from preuve.redact.redactor import nameless, without_named_secret
from preuve.redact.secrets import in_map

NOT_SET = ""  # the value of a missing attribute
_MOST, _LONGEST = 8, 300
_STEPS = re.compile(r"[/.]")
_INDEX = re.compile(r"\[?(\d+)\]?")
_SEARCH = re.compile(r"[*?$@]")
_ONE_UNKNOWN = re.compile(r"\$\{([^{}]{1,200})\}")
# Checkov's own words for the type of a block, and what is not known of a provider.
_NO_ATTRIBUTES = frozenset({"resource_type", "block_type_", "may_make_global_only"})
_LOOKED_UP = re.compile(
    r"\$\{\{\s*[A-Za-z_][\w-]*(?:\.[\w-]+)+\s*\}\}"
)  # expressions that a workflow fills in: `${{ secrets.TOKEN }}`
_NO_SECRETS = frozenset({"http_tokens", "HttpTokens"})  # names that suggest a secret and have none
_STATEMENTS = frozenset({"Statement", "statement"})
_SIGNS = frozenset(map(str, (MORE, PERHAPS)))  # keys that mark a value as perhaps incomplete
_HIDDEN = object()  # blocks of a `dynamic` block: neither set nor unset

Named = tuple[str, Any]


def decided(attributes: Any, keys: Iterable[str]) -> dict[str, str]:
    """Return the values at these keys, as JSON; NOT_SET if there is none.

    For a policy document, the statements that grant most; for a search (`a.*.b`, JSONPath), the values that it goes
    through.
    """
    told = [key for key in keys if key not in _NO_ATTRIBUTES]
    found = dict(value for key in told or _documents(attributes) for value in looked_at(attributes, key))
    parts = dict(part for name in sorted(found) for part in deciding(name, found[name]))
    most = sorted(parts, key=lambda name: -heaviest(name, parts[name]))[:_MOST]
    return {name: _text(name, value) for name, value in parts.items() if name in most}


# ---- finding the values -------------------------------------------------------------------------------------------


def _documents(attributes: Any) -> list[str]:
    """Return what a check read without naming it: the statements of a policy document."""
    return [name for name in _STATEMENTS if isinstance(attributes, Mapping) and name in attributes]


def looked_at(attributes: Any, key: str) -> Iterator[Named]:
    """Yield the values that a check examined under a key, with their names; None if nothing is set."""
    search = _SEARCH.search(key)
    name, value = _at(attributes, list(_steps(key[: search.start()].rstrip("[./") if search else key)))
    if name and value is not _HIDDEN and not (search and value is None):
        yield name, value


def _steps(key: str) -> Iterator[str]:
    return (step for step in _STEPS.split(key.removeprefix("Properties/")) if step)


def _at(value: Any, steps: list[str]) -> Named:
    """Return the value at a path, with its name in Terraform's notation: `ingress[1].cidr_blocks`.

    If a step cannot be followed (an expression), the value so far is returned. Statements stay together: Checkov names
    the action, and several statements may have it.
    """
    name = ""
    for number, step in enumerate(steps):
        index = _INDEX.fullmatch(step)
        value = opened(value)
        if index:
            name, value = _item(name, value, int(index[1]))
        else:
            value = value[0] if isinstance(value, list) and len(value) == 1 else value  # Checkov wraps a block
            if isinstance(value, str):
                break
            name = f"{name}.{step}" if name else step
            value = _member(value, step)
        if value is None or value is _HIDDEN:
            return _with(name, steps[number + 1 :]), value
        if step in _STATEMENTS:
            break
    return name, value


def _item(name: str, value: Any, index: int) -> Named:
    if not isinstance(value, list):
        return name, value  # Checkov counts the entry once
    while len(value) == 1 and isinstance(value[0], list):  # values that Checkov wraps
        value = value[0]
    several = f"{name}[{index}]" if len(value) > 1 else name
    return several, value[index] if index < len(value) else None


def _member(value: Any, step: str) -> Any:
    if isinstance(value, list):  # of several blocks, those that have the value
        found = [item[step] for item in value if isinstance(item, Mapping) and step in item]
        return found or None
    if not isinstance(value, Mapping):
        return None
    if step in value:
        return value[step]
    made = value.get("dynamic")
    blocks = made if isinstance(made, list) else [made]
    return _HIDDEN if any(isinstance(block, Mapping) and step in block for block in blocks) else None


def _with(name: str, steps: list[str]) -> str:
    return ".".join(filter(None, (name, *(step for step in steps if not _INDEX.fullmatch(step)))))


# ---- writing them -------------------------------------------------------------------------------------------------


def _text(name: str, value: Any) -> str:
    value = opened(plain(value))
    if value is None:
        return NOT_SET
    last = _STEPS.split(name)[-1]
    if isinstance(value, str):
        if found := _told(name, last, value):
            return f"[removed: {found[0]['Detector']}]"
        if one := _ONE_UNKNOWN.fullmatch(shown(value)):
            return nameless(one[1])
    text = nameless(json.dumps(pruned(safe(last, plain(value)), _LONGEST), ensure_ascii=False, default=str))
    return text.replace('"…": "…"', "…").replace('"…"', "…")


def _told(name: str, last: str, value: str) -> list[dict[str, str]]:
    """Return the secrets in a value under a name: none in the name of one that is looked up."""
    return [] if last in _NO_SECRETS or _LOOKED_UP.fullmatch(value) else in_map({name: value})


def plain(value: Any) -> Any:
    """Remove the positions that Checkov adds to parsed values, and the lists that it puts around them."""
    if isinstance(value, Mapping):
        return {
            str(key): plain(item) for key, item in value.items() if not (str(key).startswith("__") or key in _SIGNS)
        }
    if isinstance(value, list | tuple | set):
        items = [plain(item) for item in value]
        return items[0] if len(items) == 1 else items
    return value


def safe(name: str, value: Any) -> Any:
    """Remove secrets and names from its texts, before they are cut: a part of a secret may no longer look like one."""
    if isinstance(value, Mapping):
        pairs = without_named_secret(value)
        return {shown(nameless(key)): safe(key, item) for key, item in pairs.items()}
    if isinstance(value, list):
        return [safe(name, item) for item in value]
    if not isinstance(value, str):
        return value
    told = [] if ":" in name else _told(name, name, value)  # a colon: the key of a condition
    if told and told[0]["Detector"] == "telling_name":
        return "[removed: telling_name]"
    return shown(nameless(value))
