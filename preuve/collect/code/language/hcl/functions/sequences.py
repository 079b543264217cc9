"""Functions of lists, sets and tuples: elements, order, parts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from preuve.collect.code.language.hcl.functions.signature import (
    ANYTHING,
    LIST,
    MOST_ITEMS,
    NUMERAL,
    TEXTS,
    VALUE,
    Function,
    Parameter,
    may_be_list,
    too_much,
    whole,
)
from preuve.collect.code.language.values.conversion import convert
from preuve.collect.code.language.values.sets import distinct, equal, identity
from preuve.collect.code.language.values.type import list_of, type_of, unified
from preuve.collect.code.language.values.value import (
    JsonText,
    RefusedError,
    Set,
    Unknown,
    Value,
    is_assigned,
    is_known,
    unknown,
)


def _chunklist(members: list[Value], size: Value) -> Value:
    length = whole(size, "the size of a chunk")
    if length < 0:
        raise RefusedError("the size of a chunk must not be negative")
    if not members:
        return []
    return [members[start : start + length] for start in range(0, len(members), length)] if length else [members]


def _coalescelist(*lists: Value) -> Value:
    if not lists:
        raise RefusedError("coalescelist wants an argument")
    known = list(takewhile(lambda value: not isinstance(value, Unknown), lists))
    if None in known:  # a literal null is refused, a null list ignored
        return unknown(*lists, why="the type of a null")
    if not all(isinstance(value, list | tuple) for value in known):
        raise RefusedError("coalescelist wants lists")
    found = next((value for value in known if value), None)
    if found is None and len(known) == len(lists):
        raise RefusedError("no list that holds anything")
    return unknown(*lists) if found is None else found


def _compact(texts: list[Value]) -> Value:
    """Remove empty texts. JSON is never empty, nor is a value that a provider assigns."""
    there = [text if isinstance(text, Unknown) else bool(text) for text in texts]
    if any(isinstance(one, Unknown) and not (is_assigned(one) or isinstance(one, JsonText)) for one in there):
        return unknown(texts)
    return [text for text, one in zip(texts, there, strict=True) if one]


def _concat(*lists: Value) -> Value:
    if not lists:
        raise RefusedError("concat wants an argument")
    if not all(isinstance(value, list | tuple) for value in lists):
        raise RefusedError("concat wants lists")
    joined = [member for value in lists for member in value]
    if len(joined) > MOST_ITEMS:
        return too_much("concat()")
    if all(isinstance(value, list) for value in lists):
        found = unified(type_of(value) for value in lists)
        if found is not None:
            return convert(joined, found)
    return tuple(joined)


def _contains(members: Value, wanted: Value) -> Value:
    unsettled: list[Unknown] = []
    for member in members_of(members):
        same = equal(member, wanted)
        if isinstance(same, Unknown):
            unsettled.append(same)
        elif same:
            return True
    return unknown(*unsettled) if unsettled else False


def _distinct(members: list[Value]) -> Value:
    return distinct(members) if is_known(members) else unknown(members)


def _element(members: Value, place: Value) -> Value:
    if not isinstance(members, list | tuple):
        raise RefusedError("element wants a list")
    index = whole(place, "an index")
    if index < 0:  # refused by some versions; others count from the end
        return unknown(members, why="element() of an index below zero")
    if not members:
        raise RefusedError("element of an empty list")
    return members[index % len(members)]


def _flatten(members: Value) -> Value:
    return _flattened(members) if isinstance(members, list | tuple | Set) else refuse("flatten wants a list")


def _flattened(members: Value) -> Value:
    if isinstance(members, Set) and not is_known(members) and len(members.members) > 1:
        return unknown(members)
    made: list[Value] = []
    for member in members_of(members):
        if isinstance(member, list | tuple | Set):
            inner = _flattened(member)
            if isinstance(inner, Unknown):
                return unknown(members)
            made += inner
        elif may_be_list(member):
            return unknown(members)
        else:
            made.append(member)
    return tuple(made)


def _index(members: Value, wanted: Value) -> Value:
    if not isinstance(members, list | tuple):
        raise RefusedError("index wants a list")
    for place, member in enumerate(members):
        same = equal(member, wanted)
        if isinstance(same, Unknown):
            return unknown(members, wanted, same)
        if same:
            return place
    raise RefusedError("index of what is not in the list")


def _matchkeys(values: list[Value], keys: list[Value], wanted: list[Value]) -> Value:
    found = unified((type_of(keys), type_of(wanted)))
    if found is None:
        raise RefusedError("matchkeys wants keys of the type of what is searched")
    if len(values) != len(keys):
        raise RefusedError("matchkeys wants as many values as keys")
    if not is_known([values, keys, wanted]):
        return unknown(values, keys, wanted)
    ours, theirs = convert(keys, found), convert(wanted, found)
    if not is_known([ours, theirs]):
        return unknown(ours, theirs)
    same = set(map(identity, theirs))
    return [value for value, key in zip(values, ours, strict=True) if identity(key) in same]


def _one(members: Value) -> Value:
    if not isinstance(members, list | tuple | Set):
        raise RefusedError("one wants a list")
    found = members_of(members)
    if len(found) > 1 and isinstance(members, Set) and not is_known(members):
        return unknown(members)
    if len(found) > 1:
        raise RefusedError("one of more than one")
    return found[0] if found else None


def _reverse(members: Value) -> Value:
    if isinstance(members, Set):
        members = convert(members, list_of(VALUE.type))
    if isinstance(members, Unknown):
        return members
    return members[::-1] if isinstance(members, list | tuple) else refuse("reverse wants a list")


def _slice(members: Value, start: Value, end: Value) -> Value:
    if not isinstance(members, list | tuple):
        raise RefusedError("slice wants a list")
    first, last = whole(start, "the start of a slice"), whole(end, "the end of a slice")
    if not 0 <= first <= last <= len(members):
        raise RefusedError("slice of what is not in the list")
    return members[first:last]


def _sort(texts: list[Value]) -> Value:
    if not is_known(texts):
        return unknown(texts)
    return sorted(texts) if None not in texts else refuse("sort of a null")


def _all_true(truths: list[Value]) -> Value:
    for truth in truths:
        if isinstance(truth, Unknown):
            return unknown(truth)
        if not truth:
            return False
    return True


def _any_true(truths: list[Value]) -> Value:
    if any(truth is True for truth in truths):
        return True
    return False if is_known(truths) else unknown(truths)


def members_of(value: Value) -> Sequence[Value]:
    """Return the members of a list, a tuple or a set. Raises RefusedError for anything else."""
    if isinstance(value, Set):
        return value.members
    if isinstance(value, list | tuple):
        return value
    raise RefusedError("a list is wanted")


def refuse(why: str) -> Value:
    """Raise RefusedError in place of a value."""
    raise RefusedError(why)


_TRUTHS = Parameter(list_of(type_of(True)))

FUNCTIONS = {
    "alltrue": Function(_all_true, (_TRUTHS,)),
    "anytrue": Function(_any_true, (_TRUTHS,)),
    "chunklist": Function(_chunklist, (LIST, NUMERAL)),
    "coalescelist": Function(_coalescelist, rest=ANYTHING),
    "compact": Function(_compact, (TEXTS,)),
    "concat": Function(_concat, rest=VALUE),
    "contains": Function(_contains, (VALUE, VALUE)),
    "distinct": Function(_distinct, (LIST,)),
    "element": Function(_element, (VALUE, NUMERAL)),
    "flatten": Function(_flatten, (VALUE,)),
    "index": Function(_index, (VALUE, VALUE)),
    "matchkeys": Function(_matchkeys, (LIST, LIST, LIST)),
    "one": Function(_one, (VALUE,)),
    "reverse": Function(_reverse, (VALUE,)),
    "slice": Function(_slice, (VALUE, NUMERAL, NUMERAL)),
    "sort": Function(_sort, (TEXTS,)),
}
