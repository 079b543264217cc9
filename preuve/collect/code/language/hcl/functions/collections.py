"""Functions of maps and sets, and those that take collections of any kind: their length, and conversions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from math import prod

from preuve.collect.code.language.hcl.functions.sequences import members_of
from preuve.collect.code.language.hcl.functions.signature import (
    ANYTHING,
    MOST_ITEMS,
    SET,
    TEXTS,
    VALUE,
    Function,
    Parameter,
    too_much,
)
from preuve.collect.code.language.hcl.functions.texts import clusters
from preuve.collect.code.language.values.conversion import UNTOLD, convert, to_common
from preuve.collect.code.language.values.sets import identity, set_of_members
from preuve.collect.code.language.values.type import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    Type,
    list_of,
    map_of,
    set_of,
    type_of,
    unified,
)
from preuve.collect.code.language.values.value import (
    MOST_FORMS,
    Map,
    OneOf,
    PartialMap,
    RefusedError,
    Set,
    Unknown,
    Value,
    is_assigned,
    is_known,
    merged,
    one_of_few,
    unknown,
)


def _length(value: Value) -> Value:
    if isinstance(value, str):
        found = clusters(value)
        return found if isinstance(found, Unknown) else len(found)
    if isinstance(value, Unknown):
        return unknown(value)
    if isinstance(value, Set):
        uncounted = len(value.members) > 1 and not is_known(value)
        return unknown(value) if uncounted else len(value.members)
    if isinstance(value, list | tuple | dict):
        return len(value)
    raise RefusedError("length wants a text or a collection")


def _coalesce(*values: Value) -> Value:
    found = unified(type_of(value) for value in values) if values else None
    if found is None:
        raise RefusedError("coalesce wants arguments of one type")
    for value in values:
        if isinstance(value, Unknown):
            return value if is_assigned(value) else unknown(*values)
        if found.kind == "unsure":
            return unknown(*values, why="the type of a null")
        made = convert(value, found)
        if made is not None and made != "":
            return made
    raise RefusedError("coalesce of nothing that is neither null nor empty")


def _sets(operation: Callable[[Sequence[Value], Sequence[Value]], list[Value]], partly: bool) -> Callable[..., Value]:
    """Return an operation on sets. `partly`: unknown members do not change the result for the others."""

    def run(*sets: Set) -> Value:
        if not partly and not is_known(sets):
            return unknown(*sets)
        types = [type_of(value).of_element() for value in sets if value.members]
        found = unified(types) if types else ANY
        if found is None:
            raise RefusedError("sets of types that have nothing in common")
        converted = [convert(value, set_of(found)) for value in sets]
        if found.holds("unsure") or any(isinstance(value, Unknown) for value in converted):
            return unknown(*sets, why=UNTOLD)
        made = list(converted[0].members)
        for other in converted[1:]:
            made = operation(made, other.members)
        return set_of_members(made)

    return run


def _union(ours: Sequence[Value], theirs: Sequence[Value]) -> list[Value]:
    return [*ours, *theirs]


def _intersection(ours: Sequence[Value], theirs: Sequence[Value]) -> list[Value]:
    kept = set(map(identity, theirs))
    return [member for member in ours if identity(member) in kept]


def _difference(ours: Sequence[Value], theirs: Sequence[Value]) -> list[Value]:
    taken = set(map(identity, theirs))
    return [member for member in ours if identity(member) not in taken]


def _setproduct(*sets: Value) -> Value:
    if len(sets) < 2:
        raise RefusedError("setproduct wants two arguments")
    of_sets = any(isinstance(value, Set) for value in sets)
    if any(isinstance(value, Set) and len(value.members) > 1 and not is_known(value) for value in sets):
        return unknown(*sets)
    if prod(len(members_of(value)) for value in sets) * len(sets) > MOST_ITEMS:
        return too_much("setproduct()")
    members: list[Sequence[Value]] = []
    for value in sets:
        alike = to_common(value) if isinstance(value, tuple) else members_of(value)
        if isinstance(alike, Unknown):
            return unknown(*sets, why=UNTOLD)
        members.append(alike)
    made = list(product(*members))
    return set_of_members(made) if of_sets else made


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


def _lookup(mapping: Value, key: str | Unknown, *defaults: Value) -> Value:
    if not isinstance(mapping, dict):
        raise RefusedError("lookup wants a map")
    if len(defaults) > 1:
        raise RefusedError("lookup wants two or three arguments")
    if isinstance(mapping, Map):
        defaults = tuple(convert(default, type_of(mapping).of_element()) for default in defaults)
    if isinstance(key, Unknown):
        return one_of_few(unknown(mapping, key, *defaults), [*mapping.values(), *defaults])
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
    if (few := _merged_few(given)) is not None:
        return few
    if any(not isinstance(mapping, dict) for mapping in given) or (mappings and not given):
        why = "the type of a null" if None in mappings else ""
        return merged(unknown(*mappings, why=why), _known_last(given), given)
    made = {name: value for mapping in given for name, value in mapping.items()}
    maps = [mapping for mapping in given if isinstance(mapping, Map)]
    if not maps or len(maps) < len(given):
        return made
    types = dict.fromkeys(type_of(mapping).of_element() for mapping in maps if mapping)
    if len(types) > 1 and any(type_.holds("any", "unsure") for type_ in types):
        return unknown(*mappings, why="the type of a null or an unknown")
    return made if len(types) > 1 else Map(made)


def _merged_few(given: Sequence[Value]) -> Value:
    """Return the merge of maps of which some are one of a few values; null if others are unknown, or if there are too
    many.
    """
    options = [value.values if isinstance(value, OneOf) else (value,) for value in given]
    known = all(isinstance(one, dict) for each in options for one in each)
    if not known or not any(isinstance(value, OneOf) for value in given) or prod(map(len, options)) > MOST_FORMS:
        return None
    found = one_of_few(unknown(*given), [_merge(*chosen) for chosen in product(*options)])
    return found if isinstance(found, OneOf) else None


def _known_last(mappings: list[Value]) -> dict[str, Value]:
    """Return the members of merged maps after the last unknown map: the last map that sets a member wins."""
    found: dict[str, Value] = {}
    for mapping in mappings:
        if isinstance(mapping, dict):
            found |= mapping
        else:
            found = dict(mapping.members) if isinstance(mapping, PartialMap) else {}
    return found


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


def _to(wanted: Type) -> Function:
    return Function(lambda value: convert(value, wanted), (ANYTHING,))


def _itself(value: Value) -> Value:
    return value


def _never(*arguments: Value) -> Value:
    raise RefusedError(f"a function of {len(arguments)} arguments that Terraform no longer has")


FUNCTIONS = {
    "coalesce": Function(_coalesce, rest=ANYTHING),
    "length": Function(_length, (Parameter(unknown=True),)),
    "list": Function(_never, rest=Parameter(null=True)),
    "map": Function(_never, rest=Parameter(null=True)),
    "nonsensitive": Function(_itself, (ANYTHING,)),
    "sensitive": Function(_itself, (ANYTHING,)),
    "setintersection": Function(_sets(_intersection, partly=False), (SET,), rest=SET),
    "setproduct": Function(_setproduct, rest=VALUE),
    "setsubtract": Function(_sets(_difference, partly=False), (SET, SET)),
    "setunion": Function(_sets(_union, partly=True), (SET,), rest=SET),
    "tobool": _to(BOOL),
    "tolist": _to(list_of(ANY)),
    "tomap": _to(map_of(ANY)),
    "tonumber": _to(NUMBER),
    "toset": _to(set_of(ANY)),
    "tostring": _to(STRING),
    "keys": Function(_keys, (VALUE,)),
    "lookup": Function(_lookup, (VALUE, Parameter(STRING, unknown=True)), rest=ANYTHING),
    "merge": Function(_merge, rest=ANYTHING),
    "transpose": Function(_transpose, (Parameter(map_of(list_of(STRING))),)),
    "values": Function(_values, (VALUE,)),
    "zipmap": Function(_zipmap, (TEXTS, VALUE)),
}
