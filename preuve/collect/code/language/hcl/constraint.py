"""The type constraint of a variable: `list(object({name = string, size = optional(number, 1)}))`."""

from __future__ import annotations

from preuve.collect.code.language.hcl.expressions import Environment, settled
from preuve.collect.code.language.hcl.syntax import nodes as syntax
from preuve.collect.code.language.values.type import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    UNSURE,
    Attribute,
    Type,
    list_of,
    map_of,
    object_of,
    set_of,
    tuple_of,
)

_WORDS = {
    "any": ANY,
    "bool": BOOL,
    "number": NUMBER,
    "string": STRING,
    "list": list_of(ANY),
    "map": map_of(ANY),
    "set": set_of(ANY),
}
_COLLECTIONS = {"list": list_of, "set": set_of, "map": map_of}


def constraint(node: syntax.Node, environment: Environment) -> Type:  # noqa: PLR0911 - one case for each kind
    """Return the type that an expression describes; UNSURE if it is none. The environment evaluates defaults."""
    node = syntax.unwrapped(node)
    if isinstance(node, syntax.Name):
        return _WORDS.get(node.name, UNSURE)
    if isinstance(node, syntax.Literal):  # before Terraform 0.12: type = "list"
        return _WORDS.get(str(node.value), UNSURE)
    if not isinstance(node, syntax.Call) or not node.arguments:
        return UNSURE
    argument = node.arguments[0]
    if node.name in _COLLECTIONS:
        return _COLLECTIONS[node.name](constraint(argument, environment))
    if node.name == "tuple" and isinstance(argument, syntax.TupleOf):
        return tuple_of(*(constraint(item, environment) for item in argument.items))
    if node.name == "object" and isinstance(argument, syntax.ObjectOf):
        return object_of(_attribute(key, value, environment) for key, value in argument.items)
    return UNSURE


def _attribute(key: syntax.Node, value: syntax.Node, environment: Environment) -> Attribute:
    name = str(key.value) if isinstance(key, syntax.Literal) else ""
    if not isinstance(value, syntax.Call) or value.name != "optional" or not value.arguments:
        return Attribute(name, constraint(value, environment))
    kind = constraint(value.arguments[0], environment)
    default = settled(value.arguments[1], environment) if len(value.arguments) > 1 else None
    return Attribute(name, kind, optional=True, default=default)
