"""Functions of maps and objects."""

from __future__ import annotations

from preuve.collect.iac.language.conversion import convert
from preuve.collect.iac.language.functions.signature import ANYTHING, TEXT, TEXTS, VALUE, Function, Parameter
from preuve.collect.iac.language.type import STRING, list_of, map_of, type_of
from preuve.collect.iac.language.value import Map, RefusedError, Unknown, Value, is_known, unknown


def _keys(mapping: Value) -> Value:
    if not isinstance(mapping, dict):
        raise RefusedError("keys wants a map")
    names = sorted(mapping)
    return names if isinstance(mapping, Map) else tuple(names)


def _values(mapping: Value) -> Value:
    if not isinstance(mapping, dict):
        raise RefusedError("values wants a map")
    found = [mapping[name] for name in sorted(mapping)]
    return found if isinstance(mapping, Map) else tuple(found)


def _lookup(mapping: Value, key: str, *defaults: Value) -> Value:
    if not isinstance(mapping, dict):
        raise RefusedError("lookup wants a map")
    if len(defaults) > 1:
        raise RefusedError("lookup wants two or three arguments")
    if isinstance(mapping, Map):
        defaults = tuple(convert(default, type_of(mapping).of_element()) for default in defaults)
    if key in mapping:
        return mapping[key]
    if not defaults:
        raise RefusedError(f"lookup of {key[:40]!r}, which is not there")
    return defaults[0]


def _merge(*mappings: Value) -> Value:
    for mapping in mappings:
        if mapping is None or isinstance(mapping, Unknown):
            break
        if not isinstance(mapping, dict):
            raise RefusedError("merge wants maps")
    given = [mapping for mapping in mappings if mapping is not None]
    if any(not isinstance(mapping, dict) for mapping in given) or (mappings and not given):
        return unknown(*mappings, why="the type of a null" if None in mappings else "")
    merged = {name: value for mapping in given for name, value in mapping.items()}
    maps = [mapping for mapping in given if isinstance(mapping, Map)]
    if not maps or len(maps) < len(given):
        return merged
    types = dict.fromkeys(type_of(mapping).of_element() for mapping in maps if mapping)
    if len(types) > 1 and any(type_.holds("any", "unsure") for type_ in types):
        return unknown(*mappings, why="the type of a null or an unknown")
    return merged if len(types) > 1 else Map(merged)


def _transpose(mapping: Map) -> Value:
    if not is_known(mapping):
        return unknown(mapping)
    made: dict[str, list[str]] = {}
    for name in sorted(mapping):
        if mapping[name] is None or None in mapping[name]:
            raise RefusedError("transpose of a null")
        for text in mapping[name]:
            made.setdefault(text, []).append(name)
    return Map({name: made[name] for name in sorted(made)})


def _zipmap(names: list[Value], values: Value) -> Value:
    if not isinstance(values, list | tuple):
        raise RefusedError("zipmap wants a list of values")
    if not is_known(names):
        return unknown(names, values)
    if len(names) != len(values) or None in names:
        raise RefusedError("zipmap wants a name for each value")
    made = dict(zip(names, values, strict=True))
    return Map(made) if isinstance(values, list) else made


FUNCTIONS = {
    "keys": Function(_keys, (VALUE,)),
    "lookup": Function(_lookup, (VALUE, TEXT), rest=ANYTHING),
    "merge": Function(_merge, rest=ANYTHING),
    "transpose": Function(_transpose, (Parameter(map_of(list_of(STRING))),)),
    "values": Function(_values, (VALUE,)),
    "zipmap": Function(_zipmap, (TEXTS, VALUE)),
}
