"""All functions by name, and the call of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from preuve.collect.iac.language.functions import collections, encodings, files, mappings, sequences, texts
from preuve.collect.iac.language.functions.signature import MOST_CHARACTERS, MOST_ITEMS, Function, Host, too_much
from preuve.collect.iac.language.value import RefusedError, Set, Unknown, Value, is_small, unknown

_MODULES = (collections, encodings, files, mappings, sequences, texts)
TABLE: Mapping[str, Function] = MappingProxyType(
    {name: function for module in _MODULES for name, function in module.FUNCTIONS.items()}
)


def call(name: str, arguments: Sequence[Value], host: Host) -> Value:
    """What a function makes of its arguments.

    RefusedError where Terraform refuses them. Unknown where it turns on what is not known, and for a function that is
    not in the table.
    """
    if not all(is_small(value, MOST_CHARACTERS) for value in arguments):
        return too_much(f"{name}()")
    function = TABLE.get(name.removeprefix("core::"))
    if function is None:
        return unknown(*arguments, why=f"{name}()")
    converted = function.arguments(tuple(arguments))
    if any(isinstance(value, Unknown) and not wanted.unknown for value, wanted in converted):
        return unknown(*(value for value, _ in converted))
    if any(value is None and not wanted.null for value, wanted in converted):
        raise RefusedError(f"{name}: an argument must not be null")
    values = [value for value, _ in converted]
    made = function.run(host, *values) if function.asks else function.run(*values)
    return too_much(f"{name}()") if _is_too_much(made) else made


def _is_too_much(value: Value) -> bool:
    if isinstance(value, str):
        return len(value) > MOST_CHARACTERS
    if isinstance(value, Set):
        return len(value.members) > MOST_ITEMS
    return isinstance(value, list | tuple | dict) and len(value) > MOST_ITEMS
