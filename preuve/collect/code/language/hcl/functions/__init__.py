"""Terraform's functions: the result of each for its arguments, known or unknown.

Each module holds the functions of one subject, with their parameters in `FUNCTIONS`; `call` runs them. None reads a
file, the clock or the network: files come from a `Host`. Authors of code choose the arguments, so every result has a
maximum size; a larger one is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from preuve.collect.code.language.hcl.functions import (
    collections,
    documents,
    encodings,
    files,
    formats,
    networks,
    numbers,
    patterns,
    sequences,
    texts,
    times,
)
from preuve.collect.code.language.hcl.functions.signature import (
    MOST_CHARACTERS,
    MOST_ITEMS,
    Function,
    Host,
    Parameter,
    too_much,
)
from preuve.collect.code.language.values.value import (
    NamedText,
    PartialList,
    RefusedError,
    Set,
    Unknown,
    Value,
    holding,
    is_small,
    items_of,
    made_of,
    sources_of,
    texts_held,
    unknown,
)

__all__ = ["TABLE", "Host", "call"]

_MODULES = (collections, documents, encodings, files, formats, networks, numbers, patterns, sequences, texts, times)
TABLE: Mapping[str, Function] = MappingProxyType(
    {name: function for module in _MODULES for name, function in module.FUNCTIONS.items()}
)


def call(name: str, arguments: Sequence[Value], host: Host) -> Value:
    """Call a function of Terraform with evaluated arguments.

    Raises RefusedError if Terraform rejects the arguments. Returns an unknown if the result depends on unknown values,
    or if the function is not in the table.
    """
    if not all(is_small(value, MOST_CHARACTERS) for value in arguments):
        return too_much(f"{name}()")
    function = TABLE.get(name.removeprefix("core::"))
    if function is None:
        return unknown(*arguments, why=f"{name}()")
    converted = function.arguments(tuple(arguments))
    if any(isinstance(value, Unknown) and not wanted.unknown for value, wanted in converted):
        return _with_held(name, arguments, _of_given(name, converted, unknown(*(value for value, _ in converted))))
    if any(value is None and not wanted.null for value, wanted in converted):
        raise RefusedError(f"{name}: an argument must not be null")
    values = [value for value, _ in converted]
    try:
        made = function.run(host, *values) if function.asks else function.run(*values)
    except UnicodeEncodeError:
        return unknown(why="a text that is not Unicode")
    return _finished(name, arguments, _of_given(name, converted, made) if type(made) is Unknown else made)


# Arguments that a function only reads, by position: a key, a pattern, a part to remove.
_READ: Mapping[str, tuple[int, ...]] = MappingProxyType(
    dict.fromkeys(("lookup", "replace", "setsubtract", "trim", "trimprefix", "trimsuffix"), (1,))
    | dict.fromkeys(("regex", "regexall", "split"), (0,))
    | {"matchkeys": (1, 2), "textdecodebase64": (1,), "textencodebase64": (1,)}
)


def _of_given(name: str, arguments: Sequence[tuple[Value, Parameter]], made: Unknown) -> Unknown:
    """Return the unknown result of a function, with the texts of those arguments that it contains."""
    read = _READ.get(name.removeprefix("core::"), ())
    if not read:
        return made
    return made_of(made, *(value for place, (value, _) in enumerate(arguments) if place not in read))


def _finished(name: str, arguments: Sequence[Value], made: Value) -> Value:
    """Return the result of a function, with its known origins and the texts that it contains."""
    if _is_too_much(made):
        return too_much(f"{name}()")
    if isinstance(made, Unknown) and not isinstance(made, PartialList):
        return _with_held(name, arguments, made)
    sources = sources_of(arguments) if type(made) is str else None
    return NamedText(made, sources) if sources else made


# Functions whose result contains every text of their arguments unchanged, except empty ones.
_KEEPING = frozenset({"compact", "concat", "distinct", "flatten", "setunion", "sort"})


def _with_held(name: str, arguments: Sequence[Value], made: Unknown) -> Unknown:
    """Return the unknown result of a function, with the texts that it surely contains."""
    if name not in _KEEPING:
        return made
    lists = list(arguments)
    if name == "flatten":
        for value in lists:  # the list grows
            lists += () if isinstance(value, dict | Unknown) else items_of(value)
    return holding(made, (text for value in lists for text in texts_held(value) if text))


def _is_too_much(value: Value) -> bool:
    if isinstance(value, str):
        return len(value) > MOST_CHARACTERS
    if isinstance(value, Set):
        return len(value.members) > MOST_ITEMS
    return isinstance(value, list | tuple | dict) and len(value) > MOST_ITEMS
