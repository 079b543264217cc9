"""Extracts the literals of Terraform code, whatever the code does with them, in the form in which `search` reads
values.

A tuple holds possible values. A literal that an expression only compares, counts or uses as a key is an
`UnreturnedValue`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from preuve.collect.code.language.hcl.lone_expressions import lone_value
from preuve.collect.code.language.hcl.origins import names_in
from preuve.collect.code.language.hcl.syntax import nodes as syntax
from preuve.collect.code.language.values.value import Set, Value, items_of
from preuve.collect.code.secrets.search import UnreturnedValue
from preuve.collect.code.verdict.marks import OPAQUE, known
from preuve.library.yaml.word_lists import words_in
from preuve.redact.notations.names import announces
from preuve.redact.notations.values import looks_secret

_UNKNOWN = f"{OPAQUE}${{an expression}}"
_GIVING = words_in("functions", "giving")
_FIRST = frozenset({"element", "textencodebase64", "trim", "trimprefix", "trimsuffix"})
# Functions that return a part of their first argument, or that hash it: if not all of it is literal,
# nobody knows which part they return.
_PART_OF_FIRST = words_in("functions", "part_of_first")
_NOT_FIRST = frozenset({"indent", "join", "regex", "regexall", "split", "templatefile", "templatestring"})
_NOT_SECOND = frozenset({"lookup", "replace"})
_OF_FILES = frozenset({"file", "templatefile", "templatestring", "filebase64"})
_SEARCHED = _GIVING | _FIRST | _NOT_SECOND | frozenset({"split", "templatefile", "templatestring"})
_BUILT_IN = "core::"
_FORMATS = frozenset({"format", "formatlist"})
_VERB = re.compile(r"%[-+# 0-9.\[\]*]*[a-zA-Z]")
_REFERENCES = frozenset({"ignore_changes", "replace_triggered_by"})


def of_body(body: syntax.Body) -> dict[str, Any]:
    """Return a body as maps and lists: each argument in a list of one, blocks in lists under their types and labels."""
    found: dict[str, Any] = {}
    for name, argument in body.arguments.items():
        names = name in _REFERENCES
        found[name] = [_references(argument.value)] if names else [of_node(argument.value)]
    for block in body.blocks:
        label = block.labels[-1] if block.kind == "dynamic" and block.labels else block.kind
        found.setdefault(label, []).append(of_body(block.body))
    return found


def of_node(node: Any) -> Any:  # noqa: C901, PLR0911 - one case for each kind of node
    """Return the literals in an expression."""
    match node:
        case syntax.Literal():
            return known(node.value) if isinstance(node.value, str) else node.value
        case syntax.Template():
            return _text(node)
        case syntax.Interpolation():
            return of_node(node.of)
        case syntax.Conditional() | syntax.TemplateIf():
            return of_node(node.yes), of_node(node.no), UnreturnedValue(of_node(node.condition))
        case syntax.TemplateFor():
            return of_node(node.body), of_node(node.of)
        case syntax.ForExpression():
            keys = UnreturnedValue(of_node(node.key_result)) if node.key_result is not None else None
            # The collection of a loop is not in its result, unless the loop returns its elements.
            over = of_node(node.of)
            return of_node(node.result), over if _gives_elements(node) else UnreturnedValue(over), keys
        case syntax.TupleOf():
            return [of_node(item) for item in node.items]
        case syntax.ObjectOf():
            return {_key(key, number): of_node(value) for number, (key, value) in enumerate(node.items)}
        case syntax.Call():
            return _call(node)
        case syntax.Index():
            return of_node(node.of), UnreturnedValue(of_node(node.key))
        case syntax.Attribute() | syntax.Splat():
            return of_node(node.of)
        case syntax.Binary():
            return UnreturnedValue([of_node(node.left), of_node(node.right)])
    return None  # names, and numbers with a sign


def _gives_elements(loop: syntax.ForExpression) -> bool:
    """Return whether the result of a loop contains its key or value, other than as the index of a look-up."""
    waiting: list[Any] = [loop.result]
    while waiting:
        node = waiting.pop()
        if isinstance(node, syntax.Name) and node.name in (loop.key, loop.value):
            return True
        waiting += [node.of] if isinstance(node, syntax.Index) else syntax.parts_in(node)
    return False


def _text(node: syntax.Template) -> tuple[Any, ...]:
    """Return the possible values of a template: the text with a mark for each expression, the texts with the literals
    that these expressions may give, and the other literals in them.
    """
    parts = [of_node(part) for part in node.parts]
    options = [_texts(part) for part in parts]
    most = max([1, *(len(option) for option in options)])
    texts = [
        "".join(option[number] if number < len(option) else (option or [_UNKNOWN])[-1] for option in options)
        for number in range(most)
    ]
    inside = (part for part, of in zip(parts, node.parts, strict=True) if not isinstance(of, syntax.Literal))
    return *texts, *(UnreturnedValue(part) for part in inside if part is not None)


def _texts(part: Any) -> list[str]:
    """Return the texts that a part of a text may be; none if it is not literal."""
    if isinstance(part, str):
        return [part]
    return [text for item in part for text in _texts(item)] if isinstance(part, tuple) else []


def _key(key: syntax.Node, number: int) -> str:
    """Return the name in a key, as far as it is literal."""
    if isinstance(key, syntax.Literal):
        return str(key.value)
    parts = key.parts if isinstance(key, syntax.Template) else ()
    text = "".join(str(part.value) if isinstance(part, syntax.Literal) else "_" for part in parts)
    return text.strip("_") or f"[{number}]"


def _call(node: syntax.Call) -> Any:
    arguments = [of_node(argument) for argument in node.arguments]
    name = node.name.removeprefix(_BUILT_IN)
    makes = name not in _SEARCHED or name in _FORMATS
    if makes and (given := _plain(lone_value(node))) is not None:  # all its arguments are literals
        return given, UnreturnedValue(arguments)
    return _of_function(name, arguments)


def _of_function(name: str, arguments: list[Any]) -> Any:
    """Return what a function may return, given its arguments."""
    if name in _FORMATS and arguments:
        return _formatted(*arguments)
    if name == "replace" and arguments[2:] == [""]:  # it removes a part of a text
        arguments = arguments[:2]
    if name in _FIRST | _PART_OF_FIRST:
        return *arguments[:1], *map(UnreturnedValue, arguments[1:])
    if name in _NOT_FIRST:
        return *map(UnreturnedValue, arguments[:1]), *arguments[1:]
    if name in _NOT_SECOND:
        return *arguments[:1], *map(UnreturnedValue, arguments[1:2]), *arguments[2:]
    return tuple(arguments) if name in _GIVING else UnreturnedValue(arguments)


def _formatted(form: Any, *arguments: Any) -> tuple[Any, ...]:
    """Return the texts that `format` may produce. In a path, the arguments only count by their form; without a literal
    format, nobody knows the purpose of an argument that is a word.
    """
    if isinstance(form, str):
        text = _VERB.sub(lambda _: _UNKNOWN, form)
        return (text, *map(UnreturnedValue, arguments)) if text.startswith("/") else (text, *arguments)
    words = [one for one in arguments if isinstance(one, str) and not looks_secret(one)]
    others = [one for one in arguments if not (isinstance(one, str) and one in words)]
    return (form, *others, *map(UnreturnedValue, words), *([_UNKNOWN] if words else ()))


def _plain(value: Value) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | Set):
        return [_plain(item) for item in items_of(value)]
    return known(value) if isinstance(value, str) else None


def _references(node: Any) -> list[str]:
    nodes: Iterable[Any] = node.items if isinstance(node, syntax.TupleOf) else (node,)
    return [_reference(item) for item in nodes]


def _reference(node: Any) -> str:
    """Return the first name of an expression: `options` of `options[0].password`."""
    node = syntax.first_node(syntax.unwrapped(node))
    return node.name if isinstance(node, syntax.Name) else str(node.value) if isinstance(node, syntax.Literal) else ""


def named_beside(node: object) -> tuple[str, str] | None:
    """Return the variable or local that gives an expression its secret: the one whose name announces a secret, or the
    only one, unless a text or a file beside it may hold the secret.
    """
    names = list(dict.fromkeys(names_in(node)))
    telling = [name for name in names if announces(name[1])]
    if len(telling) == 1:
        return telling[0]
    return names[0] if len(names) == 1 and not any(map(_may_hold, syntax.all_in(node))) else None


def _may_hold(node: object) -> bool:
    """Return whether a part of an expression is a composed text or a file."""
    return isinstance(node, syntax.Template) or (isinstance(node, syntax.Call) and node.name in _OF_FILES)
