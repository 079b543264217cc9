"""Finds the part of a value that decides: the statements of a document that grant most, and an extract of a long value.

Checks do not report which part decided. So wide, open or disabled parts come first and are cut last.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from preuve.collect.code.language.hcl.blocks import BlockInstance, Span, stand_of
from preuve.collect.code.language.hcl.data import PERHAPS
from preuve.collect.code.language.hcl.syntax.nodes import Literal, TupleOf
from preuve.library.json_data import leaves

_MOST_STATEMENTS = 3
_CUT = "…"
_LARGEST = 200_000  # characters of JSON that is opened
_WIDE = frozenset({"*", "0.0.0.0/0", "::/0", "-1", "all", "none", "http", "allow-all"})
_RANGE = re.compile(r"(?!10\.).*/[0-8]")  # of addresses: a good part of the internet
_BESIDE = frozenset({"Version", "Sid", "Id", "sid", "version", "description", "name", "tags"})
_EXCEPT = frozenset({"NotAction", "NotPrincipal", "NotResource", "not_actions", "not_principals", "not_resources"})
_WHO = frozenset({"Principal", "NotPrincipal", "principals", "not_principals"})
_ACCESS = ("iam:", "sts:", "kms:", "secretsmanager:")  # actions that grant rights or reveal secrets


def opened(value: Any) -> Any:
    """Return a value, or the value in its JSON text, such as a policy."""
    while isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        value = value[0]
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "[") and len(value) <= _LARGEST:
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def deciding(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield a value by its name; for a document with statements, those that grant most, each by its number."""
    at, statements = statements_in(name, value)
    most = max(map(granted, statements), default=0)
    if len(statements) == 1:
        yield at, statements[0]
    elif most:
        near = [number for number, one in enumerate(statements) if granted(one) * 2 >= most]
        kept = sorted(near, key=lambda number: -granted(statements[number]))[:_MOST_STATEMENTS]
        yield from ((f"{at}[{number}]", statements[number]) for number in sorted(kept))
    else:
        yield name, value


def statements_in(name: str, value: Any) -> tuple[str, list[Any]]:
    """Return the statements of a document, or of a list of them, with their names."""
    at, statements = written_in(name, value)
    return at, [one.get(PERHAPS, one) if isinstance(one, Mapping) else one for one in statements]


def written_in(name: str, value: Any) -> tuple[str, list[Any]]:
    """Return the statements as they are written: one that a loop may make is marked as perhaps missing."""
    held = opened(value)
    while isinstance(held, list) and len(held) == 1:
        held = held[0]
    if isinstance(held, Mapping) and "Statement" in held:
        name, held = f"{name}.Statement", held["Statement"]
    if name.rpartition(".")[2] not in ("Statement", "statement"):
        return name, []
    return name, held if isinstance(held, list) else [held]


def granted(statement: Any) -> int:
    """Rate how much a statement grants: 0 for a denial, or if it names all its actions, resources and principals."""
    if not isinstance(statement, Mapping) or is_denial(statement):
        return 0
    members = ((str(key), value) for key, value in statement.items())
    return sum(_granted(key, value) for key, value in members if key not in _BESIDE)


def is_denial(statement: Any) -> bool:
    """Return whether a statement is a Deny."""
    return isinstance(statement, Mapping) and "Deny" in str(statement.get("Effect", statement.get("effect")))


def _granted(key: str, value: Any) -> int:
    if key in ("Condition", "condition"):
        return 0
    if key in _EXCEPT:
        return 4
    return (heaviest("", value) - 1) * (3 if key in _WHO else 1)


def pruned(value: Any, room: int) -> Any:
    """Return an extract of a value of about so many characters: the least significant parts are left out first."""
    if _size(value) <= room:
        return value
    if isinstance(value, Mapping):
        items: list[tuple[Any, Any]] = [(str(key), item) for key, item in value.items()]
        kept = _kept(items, room)
        left = {_CUT: _CUT} if len(kept) < len(items) else {}
        return {items[number][0]: item for number, item in sorted(kept.items())} | left
    if isinstance(value, list):
        kept = _kept([("", item) for item in value], room)
        return [item for _, item in sorted(kept.items())] + ([_CUT] if len(kept) < len(value) else [])
    return str(value)[: max(1, room - 3)] + _CUT


def _kept(items: list[tuple[str, Any]], room: int) -> dict[int, Any]:
    """Return the items that fit, by index; the heaviest are chosen first."""
    kept: dict[int, Any] = {}
    left = room - 8  # brackets, and the sign that something was left out
    for number in sorted(range(len(items)), key=lambda number: (-heaviest(*items[number]), number)):
        key, value = items[number]
        around = len(key) + 6
        if kept and left < around + 12:
            break
        kept[number] = pruned(value, max(12, left - around))
        left -= around + _size(kept[number])
    return kept


def heaviest(key: str, value: Any) -> int:
    """Return the weight of a value's heaviest part. An unset value weighs as much as a switch that is off."""
    return 0 if key in _BESIDE else max([1, *(_weight(leaf) for leaf in leaves(value))])


def line_of_heaviest(items: Sequence[Any], lines: Sequence[int]) -> int:
    """Return the line of the first of a list's items that weighs more than a plain text; 0 if none does."""
    weights = [0 if isinstance(item, Mapping | list) else _weight(item) for item in items]
    most = max(weights, default=0)
    return lines[weights.index(most)] if most > 1 and len(lines) == len(weights) else 0


def _weight(leaf: Any) -> int:
    text = str(leaf).casefold()
    if text in _WIDE or _RANGE.fullmatch(text):
        return 4
    if leaf is False or leaf is None or "*" in text:
        return 3
    return 2 if text.startswith(_ACCESS) else 1


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, default=str))


def deciding_span(made: BlockInstance, keys: Iterable[str]) -> Span | None:
    """Return where what made a check fail stands: of what it looked at, the first part that is in the code, or a part
    of that. What is written there comes before a block that lacks it; None where nothing is, and one of the parts would
    stand in the block itself.
    """
    found: Span | None = None
    lacks = False
    for key in keys:
        steps = tuple(step for step in key.replace("/", ".").replace("[", ".").replace("]", "").split(".") if step)
        stand = stand_of(made, steps) if steps else None
        if stand and (found is None or found.holds(stand) or stand.whole > found.whole):
            found = stand
        lacks = lacks or (bool(steps) and stand is None)
    return found and _item(found) if found is None or found.whole or not lacks else None


def _item(stand: Span) -> Span:
    """Return where the item stands that weighs most, of a list of texts."""
    node = stand.value
    if not isinstance(node, TupleOf):
        return stand
    texts = [item.value if isinstance(item, Literal) else "" for item in node.items]
    line = line_of_heaviest(texts, node.lines)
    return replace(stand, lines=(line, line)) if line else stand
