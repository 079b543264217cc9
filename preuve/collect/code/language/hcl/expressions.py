"""Evaluates an expression to a value, or to an unknown with its causes.

The rules are those of HCL and Terraform. A known value here is the value that Terraform computes; in doubt the
result is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, localcontext
from itertools import chain, product
from typing import Any, Protocol

from preuve.collect.code.language.hcl.functions import Host, call
from preuve.collect.code.language.hcl.references import references
from preuve.collect.code.language.hcl.syntax import nodes as syntax
from preuve.collect.code.language.hcl.writing import written
from preuve.collect.code.language.values.conversion import convert
from preuve.collect.code.language.values.json_text import text_parts
from preuve.collect.code.language.values.type import BOOL, NUMBER, STRING, type_of, unified
from preuve.collect.code.language.values.value import (
    MOST_CAUSES,
    Encoded,
    Loop,
    LoopKey,
    Map,
    Named,
    OneOf,
    PartText,
    RefusedError,
    Set,
    Sifted,
    Unknown,
    Value,
    holding,
    is_assigned,
    is_known,
    items_of,
    made_of,
    number,
    one_of_few,
    sources_of,
    texts_held,
    unknown,
    unknowns,
)

_MOST_TEXT = 1_000_000  # characters of a text
_MOST_PARTS = 1_000  # known and unknown parts of a text
_LONGEST_NAME = 200  # of a cause, with its steps
_MOST_ITEMS = 10_000  # items that one `for` makes


class ExhaustedError(Exception):
    """The code of one root takes more work than it is given."""


class Namespace:
    """A name before a dot that is not a value itself: `var`, `data`, `aws_s3_bucket`, a resource."""

    def attribute(self, name: str) -> Value:
        """Return the value of `.name`, or another namespace. Raises RefusedError if there is none."""
        raise NotImplementedError

    def whole(self) -> Value:
        """Return the value where it is used as one. Raises RefusedError if there is none."""
        raise RefusedError("this is no value")


@dataclass(frozen=True)
class Thing(Unknown):
    """A resource, a data source or a module as a value: known only by its attributes.

    For a loop with unknown elements, `element` represents every element, and `loop` is the loop.
    """

    read: Callable[[str], Value] | None = field(default=None, compare=False, repr=False)
    element: Value = field(default=None, compare=False, repr=False)
    loop: Loop | None = field(default=None, compare=False, repr=False)


class Scope(Protocol):
    """The context of an expression: names, functions and limits."""

    host: Host

    def root(self, name: str) -> Value:
        """Return the value of the first name of a traversal."""

    def spend(self, work: int) -> None:
        """Count work. Raises ExhaustedError if it is too much."""


@dataclass(frozen=True)
class Environment:
    """A scope with the names that loops give, and the element of the nearest splat."""

    scope: Scope
    names: Mapping[str, Value] = field(default_factory=dict)
    item: Value = None

    def with_names(self, names: Mapping[str, Value]) -> Environment:
        """Return this environment with more names."""
        return replace(self, names={**self.names, **names})


def evaluate(node: syntax.Node, environment: Environment) -> Value:
    """Return the value of an expression. Raises RefusedError if Terraform refuses it."""
    return plain(_evaluate(node, environment))


def evaluate_named(node: syntax.Node, environment: Environment) -> Value:
    """Return the value of an expression that a name stands for. Raises RefusedError, with the expression that is
    refused: whoever uses the name is not at fault.
    """
    try:
        return evaluate(node, environment)
    except RefusedError as error:
        error.written = error.written or written(node)
        raise


def settled(node: syntax.Node, environment: Environment) -> Value:
    """Return the value of an expression; unknown if Terraform refuses it, or if it is too much to work out."""
    try:
        return evaluate(node, environment)
    except RefusedError as error:
        return Unknown((f"an expression that Terraform refuses: {error.written or written(node)}",))
    except (RecursionError, OverflowError):
        return Unknown((f"an expression that takes too much work: {written(node)}",))


def plain(value: Value) -> Value:
    """Return a value where a namespace may stand."""
    return value.whole() if isinstance(value, Namespace) else value


def _evaluate(node: syntax.Node, environment: Environment) -> Value:
    environment.scope.spend(1)
    return _KINDS[type(node)](node, environment)


def _literal(node: Any, _: Environment) -> Value:
    return node.value


def _name(node: Any, environment: Environment) -> Value:
    if node.name in environment.names:
        return environment.names[node.name]
    return environment.scope.root(node.name)


def _item(_: Any, environment: Environment) -> Value:
    return environment.item


# ---- steps ----------------------------------------------------------------------------------------------------------


def _attribute(node: Any, environment: Environment) -> Value:
    return attribute(_evaluate(node.of, environment), node.name)


def attribute(value: Value, name: str) -> Value:
    """Evaluate `value.name`. Raises RefusedError if Terraform does."""
    if isinstance(value, Namespace):
        return value.attribute(name)
    if isinstance(value, Thing) and value.read is not None:
        return value.read(name)
    if isinstance(value, OneOf):
        return _of_each(value, lambda one: attribute(one, name))
    if isinstance(value, Unknown):
        return _step(value, f".{name}")
    if isinstance(value, dict) and name in value:
        return value[name]
    raise RefusedError(f"no attribute {name}")


def _of_each(value: OneOf, step: Callable[[Value], Value]) -> Value:
    """Return what a step leads to from a value that may be one of a few. It is none that Terraform refuses the step of.
    Raises RefusedError if that is all of them.
    """
    found = []
    for one in value.values:
        try:
            found.append(step(one))
        except RefusedError as error:
            refused = error
    if not found:
        raise refused
    return one_of_few(unknown(value), found)


def _step(value: Unknown, step: str) -> Unknown:
    if isinstance(value, PartText | Encoded):
        raise RefusedError("a text has no attributes")
    named = step and len(value.causes) == 1 and len(value.causes[0]) < _LONGEST_NAME and not value.computed
    causes = (value.causes[0] + step,) if named else value.causes
    return Unknown(causes, sources=value.sources, computed=not named, written=value.written)


def _index(node: Any, environment: Environment) -> Value:
    return index(_evaluate(node.of, environment), evaluate(node.key, environment))


def index(value: Value, key: Value) -> Value:
    """Evaluate `value[key]`. Raises RefusedError if Terraform does."""
    if isinstance(value, Thing) and value.element is not None:
        return _element(value, key)
    if isinstance(value, Namespace | Thing) and isinstance(key, str):
        return attribute(value, key)
    value = plain(value)
    if isinstance(value, Unknown):
        return _inside_unknown(value, key)
    if isinstance(key, Unknown):
        return _some_member(value, key)
    if isinstance(value, dict):
        name = text_of(key)
        if name in value:
            return value[name]
    elif isinstance(value, list | tuple):
        place = number_of(key)
        if isinstance(place, int) and 0 <= place < len(value):
            return value[place]
    raise RefusedError("no such element")


def _some_member(value: Value, key: Unknown) -> Unknown:
    """Return one member of a collection, whichever; of resources, each attribute is that of one of them."""
    members = list(items_of(value))
    whole = made_of(unknown(key, value), value)
    if not members or not all(isinstance(member, Thing) and member.read for member in members):
        return one_of_few(whole, members)

    def read(name: str) -> Value:
        found = [attribute(member, name) for member in members]
        return one_of_few(made_of(unknown(*found, key), *found), found)

    return Thing(whole.causes, sources=whole.sources, computed=True, read=read)


def _inside_unknown(value: Unknown, key: Value) -> Value:
    if isinstance(key, Unknown):
        return made_of(unknown(value, key), value)
    if isinstance(value, OneOf):
        return _of_each(value, lambda one: index(one, key))
    return _step(value, f"[{key}]" if isinstance(key, str | int) else "")


def _element(value: Thing, key: Value) -> Value:
    """Return one element of a loop with unknown elements. With the key of the same loop it is the current element;
    with any other key it is some element, and it is unknown which.
    """
    same = isinstance(key, LoopKey) and key.loop is not None and key.loop == value.loop
    if same or (value.loop is not None and value.loop.single):
        return value.element
    if type(value.element) is Unknown and not isinstance(key, Unknown):  # a module whose code is elsewhere
        return _step(value.element, _shown(key))
    return one_of(value.element, key)


def one_of(value: Value, key: Value) -> Value:
    """Mark a value as belonging to one unknown element of a loop. It keeps its sources and loses its owner."""
    if isinstance(value, dict):
        return type(value)({name: one_of(item, key) for name, item in value.items()})
    if isinstance(value, list | tuple):
        return type(value)(one_of(item, key) for item in value)
    if isinstance(value, Named):
        return Named(str(value), value.sources)
    return _alone(value, key) if isinstance(value, Unknown) else value


def _alone(value: Unknown, key: Value) -> Unknown:
    alone = replace(value, owner="", causes=_of_key(value, key))
    if isinstance(alone, PartText):
        return replace(alone, parts=tuple(one_of(part, key) for part in alone.parts))
    if not isinstance(alone, Thing):
        return alone
    read = alone.read
    inner = None if read is None else lambda name: one_of(read(name), key)
    return replace(alone, read=inner, element=one_of(alone.element, key))


def _of_key(value: Unknown, key: Value) -> tuple[str, ...]:
    """Return the causes of an unknown, with the key of the element."""
    if isinstance(key, Unknown):
        return tuple(dict.fromkeys((*value.causes, *key.causes)))[:MOST_CAUSES]
    places = {source: f"{source}{_shown(key)}" for source in value.sources}
    return tuple(
        next((after + cause[len(before) :] for before, after in places.items() if _is_at(cause, before)), cause)
        for cause in value.causes
    )


def _shown(key: Value) -> str:
    return f'["{key}"]' if isinstance(key, str) else f"[{key}]"


def _is_at(cause: str, address: str) -> bool:
    return cause == address or cause.startswith(f"{address}.")


def _splat(node: Any, environment: Environment) -> Value:
    value = _evaluate(node.of, environment)
    if isinstance(value, Unknown) and (not isinstance(value, Thing) or value.element is not None):
        return unknown(value)
    if value is None:
        return ()
    if isinstance(value, Set) and not is_known(value):
        return unknown(value)
    items = value.members if isinstance(value, Set) else value if isinstance(value, list | tuple) else (value,)
    found = tuple(plain(_evaluate(node.each, replace(environment, item=item))) for item in items)
    return list(found) if isinstance(value, list | Set) else found


# ---- operators ------------------------------------------------------------------------------------------------------


def truth(value: Value) -> Value:
    """Convert a value to true, false or unknown. Raises RefusedError for null, and for what is neither."""
    found = convert(value, BOOL)
    if found is None:
        raise RefusedError("null is no condition")
    return unknown(found) if isinstance(found, Unknown) else found


def number_of(value: Value) -> Value:
    """Convert a value to a number, or return an unknown. Raises RefusedError for null, and for what is none."""
    found = convert(value, NUMBER)
    if found is None:
        raise RefusedError("null is no number")
    return found


def text_of(value: Value) -> str:
    """Convert a known value to a text. Raises RefusedError if it has none."""
    found = convert(value, STRING)
    if not isinstance(found, str):
        raise RefusedError("no text")
    return found


def _conditional(node: Any, environment: Environment) -> Value:
    condition = truth(evaluate(node.condition, environment))
    if isinstance(condition, Unknown):
        branches = list(_both(node, environment))
        either = made_of(unknown(condition, *branches), *branches)
        named = len(branches) == 2 and all(isinstance(branch, Unknown) and is_assigned(branch) for branch in branches)
        if named:
            return replace(either, causes=unknown(*branches).causes, made=True)
        return _few(either, node, branches) if len(branches) == 2 else either
    chosen, other = (node.yes, node.no) if condition else (node.no, node.yes)
    value = evaluate(chosen, environment)
    if value is None or isinstance(value, Unknown):
        return value
    try:
        beside = evaluate(other, environment)
    except RefusedError:
        if _kind(value) in _SCALARS:
            return value
        return unknown(
            value, why=f"a conditional of which Terraform refuses the branch that is not taken: {written(node)}"
        )
    return as_beside(value, beside, node)


def _few(either: Unknown, node: Any, branches: list[Value]) -> Unknown:
    """Return what is not known of a conditional, with what is known of both of its branches."""
    yes, no = (branch.values if isinstance(branch, OneOf) else (branch,) for branch in branches)
    found = one_of_few(
        either, (as_beside(one, beside, node) for one, beside in chain(product(yes, no), product(no, yes)))
    )
    return found if isinstance(found, OneOf) else holding(either, _held_by_both(branches))


def _held_by_both(branches: list[Value]) -> list[str]:
    """Return the texts that two lists or sets hold, one of which is taken."""
    ours, theirs = map(list, map(texts_held, branches))
    return [text for text in ours if text in theirs]


def as_beside(value: Value, other: Value, node: syntax.Node) -> Value:
    """Convert a value to the type that it shares with another one: `true ? 1 : "a"` is a text. Raises RefusedError."""
    if value is None or other is None or isinstance(other, Unknown) or _is_empty_beside(other, value):
        return value
    if _is_empty_beside(value, other):
        return _EMPTY[type(other)]()
    found = unified([type_of(value), type_of(other)])
    if found is None:
        raise RefusedError("two types that have nothing in common")
    if not found.holds("unsure"):
        return convert(value, found)
    return unknown(value, other, why=f"a conditional whose branches have two types: {written(node)}")


_EMPTY: dict[type[Any], Callable[[], Value]] = {list: list, Set: Set, Map: Map}


def _is_empty_beside(value: Value, other: Value) -> bool:
    """Return whether a value is `[]` beside a list or a set, or `{}` beside a map: it becomes one of the same type,
    whatever that is in full. A null or an unknown in the other does not tell it.
    """
    if type(value) is dict:
        return not value and type(other) is Map
    return value == () and type(value) is tuple and type(other) in (list, Set)


def _both(node: Any, environment: Environment) -> Iterator[Value]:
    for branch in (node.yes, node.no):
        try:
            yield evaluate(branch, environment)
        except RefusedError:
            continue


_SCALARS = {"string", "number", "bool"}


def _kind(value: Value) -> str:
    if isinstance(value, str):
        return "string"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | Decimal):
        return "number"
    if isinstance(value, Map):
        return "map"
    return {tuple: "tuple", dict: "object", list: "list", Set: "set"}.get(type(value), "")


def _unary(node: Any, environment: Environment) -> Value:
    value = evaluate(node.operand, environment)
    if node.operator == "!":
        found = truth(value)
        return unknown(found) if isinstance(found, Unknown) else not found
    found = number_of(value)
    if isinstance(found, Unknown):
        return unknown(found)
    return -found if found else Unknown(("minus zero",))  # HCL writes minus zero differently


def _binary(node: Any, environment: Environment) -> Value:
    left, right = evaluate(node.left, environment), evaluate(node.right, environment)
    if node.operator in ("&&", "||"):
        return _logical(node.operator, left, right)
    if node.operator in ("==", "!="):
        same = equal(left, right)
        return same if isinstance(same, Unknown) or node.operator == "==" else not same
    one, other = number_of(left), number_of(right)
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return unknown(one, other)
    return _ARITHMETIC[node.operator](one, other)


def _logical(operator: str, left: Value, right: Value) -> Value:
    """Evaluate `&&` and `||`. Beside an unknown neither decides: Terraform may refuse what it turns out to be."""
    one, other = truth(left), truth(right)
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return unknown(one, other)
    return (one or other) if operator == "||" else (one and other)


def equal(one: Value, other: Value) -> Value:  # noqa: PLR0911 - one case for each kind of value
    """Evaluate `==`: true, false or unknown. Values of different types are never equal."""
    for value, beside in ((one, other), (other, one)):
        if value is None:
            if isinstance(beside, Unknown):
                told = is_assigned(beside) or isinstance(beside, PartText | Encoded | Thing)
                return False if told else unknown(beside)
            return beside is None
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return unknown(one, other)
    if _kind(one) != _kind(other):
        return False
    if _kind(one) in _SCALARS:
        return one == other
    if not (is_known(one) and is_known(other)):
        return unknown(one, other)
    kinds = type_of(one), type_of(other)
    if any(kind.holds("any", "unsure") for kind in kinds):  # null and empty collections do not tell their type
        return Unknown(("a comparison of collections",))
    return kinds[0] == kinds[1] and one == other


def _divide(one: Any, other: Any) -> Value:
    if other == 0:
        raise RefusedError("a division by zero")
    with localcontext() as context:
        context.prec = 100
        found = Decimal(one) / Decimal(other)
        exact = found * Decimal(other) == Decimal(one)
    return number(found) if exact else Unknown(("a number without end",))


def _remainder(one: Any, other: Any) -> Value:
    if other == 0:
        raise RefusedError("a division by zero")
    if not (isinstance(one, int) and isinstance(other, int)):
        return Unknown(("a remainder of numbers that are not whole",))
    found = abs(one) % abs(other)
    return found if one >= 0 else -found


def _bounded(found: Any) -> Value:
    if isinstance(found, int):
        return found if found.bit_length() <= 512 else Unknown(("a number that is too large",))
    return number(found) if len(found.as_tuple().digits) < 100 else Unknown(("a number that is too long",))


def _exactly(operate: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Value]:
    def work(one: Any, other: Any) -> Value:
        with localcontext() as context:
            context.prec = 400
            return _bounded(operate(one, other))

    return work


_ARITHMETIC: dict[str, Callable[[Any, Any], Value]] = {
    "<": lambda one, other: one < other,
    ">": lambda one, other: one > other,
    "<=": lambda one, other: one <= other,
    ">=": lambda one, other: one >= other,
    "+": _exactly(lambda one, other: one + other),
    "-": _exactly(lambda one, other: one - other),
    "*": _exactly(lambda one, other: one * other),
    "/": _divide,
    "%": _remainder,
}


# ---- collections ----------------------------------------------------------------------------------------------------


def _tuple(node: Any, environment: Environment) -> Value:
    return tuple(evaluate(item, environment) for item in node.items)


def _object(node: Any, environment: Environment) -> Value:
    found: dict[str, Value] = {}
    for key, value in node.items:
        name = evaluate(key, environment)
        if isinstance(name, Unknown):
            return unknown(name, why="the name of an attribute")
        found[str(text_of(name))] = evaluate(value, environment)
    return found


def members(value: Value) -> list[tuple[Value, Value]] | None:
    """Return the keys and values of a loop; None if they are not known. Raises RefusedError for what has none."""
    if isinstance(value, Unknown) or (isinstance(value, Set) and not is_known(value)):
        return None
    if isinstance(value, dict):
        return [(key, value[key]) for key in sorted(value)]
    if isinstance(value, Set):
        return [(item, item) for item in value.members]
    if isinstance(value, list | tuple):
        return list(enumerate(value))
    raise RefusedError("nothing that a loop goes through")


def _items(node: Any, environment: Environment) -> list[tuple[Value, Value]] | Unknown:
    """Return the (key, value) pairs that a `for` expression iterates over, or an unknown."""
    of = evaluate(node.of, environment)
    items = members(of)
    if items is None:
        return unknown(of)
    return items if len(items) <= _MOST_ITEMS else Unknown(("a loop that is too long",))


def _for(node: Any, environment: Environment) -> Value:
    items = _items(node, environment)
    if isinstance(items, Unknown):
        return items
    if not items and node.condition is not None:  # HCL refuses a faulty condition that is never asked, too
        _taken(node, environment.with_names(_bound(node, Unknown(("key",)), Unknown(("value",)))))
    rounds = (environment.with_names(_bound(node, key, value)) for key, value in items)
    if node.key_result is None:
        return _for_tuple(node, rounds)
    return _for_object(node, rounds)


def _bound(node: Any, key: Value, value: Value) -> dict[str, Value]:
    return {node.value: value} | ({node.key: key} if node.key else {})


def _taken(node: Any, environment: Environment) -> Value:
    return True if node.condition is None else truth(evaluate(node.condition, environment))


def _for_tuple(node: Any, rounds: Iterable[Environment]) -> Value:
    found, open_ = [], []
    perhaps: list[Value] = []
    for environment in rounds:
        taken = _taken(node, environment)
        if isinstance(taken, Unknown):
            open_.append(taken)
            perhaps.append(_if_taken(node.result, environment))
        elif taken:
            found.append(evaluate(node.result, environment))
    return _sifted(unknown(*open_, *found), (*found, *perhaps)) if open_ else tuple(found)


def _if_taken(node: Any, environment: Environment) -> Value:
    """Return the value of a member that may not be taken; unknown if Terraform refuses it then."""
    try:
        return evaluate(node, environment)
    except RefusedError as error:
        cause = f"an expression that Terraform refuses: {error.written or written(node)}"
        return Unknown((cause,), computed=True)


def _sifted(found: Unknown, every: Value) -> Unknown:
    return Sifted(found.causes, sources=found.sources, computed=True, written=found.written, value=every)


def _for_object(node: Any, rounds: Iterable[Environment]) -> Value:
    found: dict[str, Any] = {}
    perhaps: dict[str, Any] = {}
    open_: list[Value] = []
    unnamed = node.grouped
    for environment in rounds:
        taken = _taken(node, environment)
        if isinstance(taken, Unknown):
            open_.append(taken)
            key, value = (_if_taken(part, environment) for part in (node.key_result, node.result))
            unnamed = unnamed or not isinstance(key, str) or key in perhaps
            perhaps[str(key)] = value
        elif taken:
            key, value = evaluate(node.key_result, environment), evaluate(node.result, environment)
            if isinstance(key, Unknown):
                open_ += [key, value]
                unnamed = True
                continue
            name = str(text_of(key))
            if node.grouped:
                found.setdefault(name, []).append(value)
            elif name in found:
                raise RefusedError("two members of one name")
            else:
                found[name] = value
    if open_:
        whole = unknown(*open_, *found.values())
        return whole if unnamed or found.keys() & perhaps.keys() else _sifted(whole, {**found, **perhaps})
    return {name: tuple(values) for name, values in found.items()} if node.grouped else found


# ---- calls ----------------------------------------------------------------------------------------------------------


def _call(node: Any, environment: Environment) -> Value:
    if node.name in ("try", "can"):
        return _try(node, environment) if node.name == "try" else _can(node, environment)
    if "::" in node.name and not node.name.startswith("core::"):
        return Unknown((f"{node.name}()",))
    arguments = [evaluate(argument, environment) for argument in node.arguments]
    if node.spread:
        last = arguments.pop()
        items = members(last) if not isinstance(last, dict) else None
        if items is None:
            return unknown(*arguments, last)
        arguments += [value for _, value in items]
    environment.scope.spend(len(arguments))
    return call(node.name.removeprefix("core::"), arguments, environment.scope.host)


def _sure(value: Value) -> bool:
    """Return whether what is not known of a value cannot make Terraform refuse it: it is what a block has as it stands,
    or a text of such. What is worked out from it may be refused, as a branch may that is not known to be taken.
    """
    return all(_stands(item) for item in unknowns(value))


def _stands(item: Unknown) -> bool:
    if isinstance(item, PartText):
        return all(map(_sure, item.parts))
    if isinstance(item, Encoded):
        return _sure(item.value)
    return item.made or isinstance(item, Thing) or (bool(item.sources) and not item.computed)


def _doubts(node: Any, value: Value, environment: Environment) -> list[Value]:
    """Return the parts of an expression that Terraform may refuse: its value and every name in it. A name may be
    missing from the value (`length([var.x.y])`).
    """
    named = []
    for reference in references(node):
        try:
            named.append(evaluate(reference, environment))
        except RefusedError:
            continue
    return [item for item in (value, *named) if not _sure(item)]


def _try(node: Any, environment: Environment) -> Value:
    open_: list[Value] = []
    tried: list[Value] = []
    for argument in node.arguments:
        try:
            value = evaluate(argument, environment)
        except RefusedError:
            continue
        tried.append(value)
        doubts = _doubts(argument, value, environment)
        if not doubts:
            return made_of(unknown(value, *open_), *tried) if open_ else value
        open_ += [value, *doubts]
    if open_:
        return made_of(unknown(*open_), *tried)
    raise RefusedError("no argument of try() can be evaluated")


def _can(node: Any, environment: Environment) -> Value:
    if len(node.arguments) != 1:
        raise RefusedError("can() takes one argument")
    try:
        value = evaluate(node.arguments[0], environment)
    except RefusedError:
        return False
    doubts = _doubts(node.arguments[0], value, environment)
    return unknown(*doubts) if doubts else True


# ---- templates ------------------------------------------------------------------------------------------------------


def _wrapped(node: Any, environment: Environment) -> Value:
    return _evaluate(node.of, environment)


def _template(node: Any, environment: Environment) -> Value:
    parts: list[str | Unknown] = []
    for part in node.parts:
        value = evaluate(part, environment)
        parts += text_parts(value if isinstance(value, Unknown | str) else text_of(value))
    return joined(parts)


def joined(parts: Iterable[str | Unknown]) -> Value:
    """Join texts and unknowns into one text."""
    merged: list[str | Unknown] = []
    sources = sources_of(parts := list(parts))
    for part in parts:
        if isinstance(part, Unknown) or not merged or isinstance(merged[-1], Unknown):
            merged.append(part)
        else:
            merged[-1] += part
    if len(merged) > _MOST_PARTS or sum(len(part) for part in merged if isinstance(part, str)) > _MOST_TEXT:
        return Unknown(("a text that is too long",))
    open_ = [part for part in merged if isinstance(part, Unknown)]
    if not open_:
        text = "".join(part for part in merged if isinstance(part, str))
        return Named(text, sources) if sources else text
    causes = unknown(*open_).causes
    return PartText(causes, sources=sources, parts=tuple(part for part in merged if part != ""))


def _template_if(node: Any, environment: Environment) -> Value:
    condition = truth(evaluate(node.condition, environment))
    if isinstance(condition, Unknown):
        branches = list(_both(node, environment))
        return made_of(unknown(condition, *branches), *branches)
    return evaluate(node.yes if condition else node.no, environment)


def _template_for(node: Any, environment: Environment) -> Value:
    items = _items(node, environment)
    if isinstance(items, Unknown):
        return items
    return joined(
        part
        for key, value in items
        for part in text_parts(evaluate(node.body, environment.with_names(_bound(node, key, value))))
    )


_KINDS: dict[type[Any], Callable[[Any, Environment], Value]] = {
    syntax.Literal: _literal,
    syntax.Name: _name,
    syntax.Item: _item,
    syntax.Attribute: _attribute,
    syntax.Index: _index,
    syntax.Splat: _splat,
    syntax.Call: _call,
    syntax.Conditional: _conditional,
    syntax.Unary: _unary,
    syntax.Binary: _binary,
    syntax.TupleOf: _tuple,
    syntax.ObjectOf: _object,
    syntax.For: _for,
    syntax.Wrapped: _wrapped,
    syntax.Template: _template,
    syntax.TemplateIf: _template_if,
    syntax.TemplateFor: _template_for,
}
