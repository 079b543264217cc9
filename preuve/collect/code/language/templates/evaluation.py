"""Evaluates the values of a template: conditions, loops and functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from preuve.collect.code.language.templates import intrinsics
from preuve.collect.code.language.templates.intrinsics import ABSENT, REST, MaybeAbsent, combine_possible
from preuve.collect.code.language.templates.parameters import NAMED, compared, given_to, parameter, parameters_of
from preuve.collect.code.language.templates.results import (
    combined,
    divided,
    equal,
    finished,
    imported,
    is_without,
    looked_up,
    perhaps_replaced,
    size_of,
)
from preuve.collect.code.language.templates.source import FUNCTION, Block
from preuve.collect.code.language.templates.texts import SUBSTITUTION, Part, joined, resolved, text_of
from preuve.collect.code.language.templates.unseen_resources import SAM, TRANSFORM, is_include, macros
from preuve.collect.code.language.values.value import NamedText, RefusedError, Unknown, Value, unknown

LOOP = "Fn::ForEach::"
_PARAMETER = re.compile(r"Ref ([\w:]+)(?:\[\])?")
MISSING = (
    "(not in this template: scan the one that your build produces)"  # follows a name that nothing in the template has
)
NESTED = frozenset({"AWS::CloudFormation::Stack", "AWS::Serverless::Application"})
_MOST_STEPS = 400_000  # values that one template may come to
_MOST_OPTIONS = 1_000  # entries of a map among which an unknown key may choose
# Values that AWS gives a stack; none is empty, a wildcard or an address range.
_SURROUNDINGS = frozenset(
    {"AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::StackId", "AWS::StackName", "AWS::URLSuffix"}
)
# Attributes that AWS makes, such as names; all others may be what somebody wrote: in the same template the property of
# that name (`Value`, `CidrBlock`), or elsewhere: what another template puts out (`Outputs.SubnetId`) has any name.
_MADE = re.compile(
    r"(?!Outputs\.)(?:\w+\.)*\w*(?:Arn|Arns|Id|ID|Ids|Name|Url|URL|Uri|URI|Ip|Address|Endpoint)"
    r"|DefaultSecurityGroup|DefaultNetworkAcl"
)
# Resources whose attributes come from somebody else's code.
_ANSWERED = frozenset({"AWS::CloudFormation::CustomResource", "AWS::CloudFormation::WaitCondition", *NESTED})
_LOOP_NAME = re.compile(r"[$&]\{(\w+)\}")


class TooMuchError(Exception):
    """A template that expands beyond the limits."""


class Stack:
    """A template with the facts about it as a whole."""

    def __init__(self, template: Block, given: Mapping[str, Value]) -> None:
        self._template = template
        self._steps = 0
        self.types: Mapping[str, str] = {}  # of the resources, once they are known
        self.written: Mapping[str, tuple[Block, Evaluation]] = {}  # the resources, once they are known
        self._asked: set[tuple[str, str]] = set()  # properties that are being evaluated for an attribute
        brought = any(name.startswith(FUNCTION) for name in (*template, *self.section("Resources")))
        self.is_whole = not brought and not any(macros(template))
        self.ruled = {name for name, _ in compared(self.section("Rules"))}
        self.parameters = {
            name: given_to(body, given[name]) if name in given else parameter(name, body, ruled=name in self.ruled)
            for name, body in self.section("Parameters").items()
        }
        self.mappings = self.section("Mappings")
        self.evaluation = Evaluation(self)
        self.conditions = {name: body for name, body, _ in self.evaluation.entries(self.section("Conditions"))}
        self.evaluation = self.evaluation.without(self.section("Rules"))

    def section(self, name: str) -> Block:
        """Return a section of the template, empty if there is none."""
        found = self._template.get(name)
        return found if isinstance(found, Block) else Block()

    def parameters_of(self, written: Any) -> Iterator[str]:
        """Yield the parameters that a condition depends on; the condition is a name or written out."""
        return parameters_of(written, self.parameters, self.conditions)

    def spend(self, steps: int) -> None:
        """Record the cost of a value. Raises TooMuchError once the template has cost too much."""
        self._steps += steps
        if self._steps > _MOST_STEPS:
            raise TooMuchError

    def common(self, kind: str) -> Any:
        """Return the `Globals` of a SAM type, unevaluated; None if there are none."""
        written = self.section("Globals")
        if any(key.startswith(FUNCTION) for key in written):
            return Unknown(("Globals",))
        return written.get(kind)

    def evaluated(self, common: Any) -> Value:
        """Return the values in `Globals`."""
        return common if isinstance(common, Unknown) else self.evaluation.finished(common)

    def property(self, name: str, path: str) -> Value:
        """Return the value of a property of a resource, as its template writes it; `ABSENT` if it does not."""
        body, evaluation = self.written.get(name, (Block(), self.evaluation))
        first, *rest = path.split(".")
        properties = body.get("Properties")
        if not isinstance(properties, Block) or first not in properties or (name, first) in self._asked:
            return ABSENT
        self._asked.add((name, first))
        value = evaluation.where(body.get("Condition")).finished(properties[first])
        self._asked.discard((name, first))
        for step in rest:
            if not isinstance(value, Unknown):
                value = value.get(step, ABSENT) if isinstance(value, dict) else ABSENT
        return value


class Evaluation:
    """Evaluates values of one template, under given assumptions about its conditions and loops."""

    def __init__(
        self,
        stack: Stack,
        given: Mapping[str, bool] | None = None,
        unset: frozenset[str] = frozenset(),
        loops: Mapping[str, Value] | None = None,
    ) -> None:
        self._stack = stack
        self._given = dict(given or {})
        self._unset = unset  # parameters that do not have their default
        self._loops = dict(loops or {})
        self._decided: dict[str, bool | Unknown] = {}
        self._assumed: dict[str, Evaluation] = {}
        self._functions: Mapping[str, Callable[[Any], Value]] = {
            "Ref": lambda written: self._ref(intrinsics.plain(self.value(written))),
            "Fn::GetAtt": self._attribute,
            "Fn::Sub": self._substituted,
            "Fn::If": self._chosen,
            "Fn::FindInMap": self._found,
            "Fn::ImportValue": lambda written: imported(self.value(written)),
            "Fn::GetAZs": lambda _: Unknown(("Fn::GetAZs",), made=True),
            "Fn::Join": lambda written: intrinsics.join(self.value(written)),
            "Fn::Split": lambda written: intrinsics.split(self.value(written)),
            "Fn::Select": self._selected,
            "Fn::Base64": lambda written: intrinsics.encode(self.value(written)),
            "Fn::Cidr": lambda written: intrinsics.cidr(self.value(written)),
            "Fn::ToJsonString": lambda written: intrinsics.to_json(self.value(written)),
            "Fn::Length": lambda written: intrinsics.length(self.value(written)),
        }

    def where(self, condition: Any) -> Evaluation:
        """Return this evaluation within a resource that exists only under a condition."""
        if condition is None:
            return self
        if not isinstance(condition, str):
            return Evaluation(self._stack, self._given, frozenset(self._stack.parameters), self._loops)
        if condition not in self._assumed:
            by_default = self._holds(condition)
            doubted = frozenset(self._stack.parameters_of(condition)) if by_default is not True else frozenset()
            given = self._given | dict(self._implied({"Condition": condition}, holds=True, seen=set()))
            self._assumed[condition] = Evaluation(self._stack, given, self._unset | doubted, self._loops)
        return self._assumed[condition]

    def never(self, condition: str) -> bool:
        """Return whether a condition is false without the value of any parameter."""
        if not self.is_off(condition):
            return False
        return Evaluation(self._stack, unset=frozenset(self._stack.parameters), loops=self._loops).is_off(condition)

    def is_off(self, condition: Any) -> bool:
        """Return whether a condition is false with the defaults of the parameters."""
        return isinstance(condition, str) and self._holds(condition) is False

    def is_open(self, condition: Any) -> bool:
        """Return whether it is unknown if a condition holds, or which elements a loop around it has."""
        if any(isinstance(one, Unknown) for one in self._loops.values()):
            return True
        return condition is not None and not (isinstance(condition, str) and isinstance(self._holds(condition), bool))

    def without(self, rules: Mapping[str, Any]) -> Evaluation:
        """Return this evaluation without the defaults of parameters that rules do not allow."""
        doubted: set[str] = set()
        for rule in filter(self._may_apply, rules.values()):
            refused = (written for written in _asserted(rule) if self._condition(written) is not True)
            doubted.update(name for written in refused for name in self._stack.parameters_of(written))
        return Evaluation(self._stack, self._given, self._unset | doubted, self._loops) if doubted else self

    def _may_apply(self, rule: Any) -> bool:
        """Return whether a rule may be asked under the defaults."""
        when = rule.get("RuleCondition") if isinstance(rule, Mapping) else None
        return when is None or self._condition(when) is not False

    # ---- values -----------------------------------------------------------------------------------------------------

    def finished(self, written: Any) -> Value:
        """Return the value of the text at a property."""
        return finished(self.value(written))

    def value(self, written: Any) -> Value:
        """Evaluate a part of a template; `ABSENT` if it removes its property."""
        self._stack.spend(1)
        if isinstance(written, dict):
            return self._mapping(written)
        if isinstance(written, list):
            return [value for value in map(self.value, written) if value is not ABSENT]
        if isinstance(written, str):
            return self._looped(written) if self._loops else written
        return Unknown(("null",)) if written is None else written

    def _mapping(self, written: Mapping[str, Any]) -> Value:
        if len(written) == 1:
            ((name, argument),) = written.items()
            if name == "Ref" or (name.startswith(FUNCTION) and not name.startswith(LOOP)):
                return self._called(name, argument)
        if TRANSFORM in written and not is_include(written[TRANSFORM]):
            return Unknown((TRANSFORM,))
        found: dict[str, Value] = {}
        unnamed: list[tuple[Unknown, Value]] = []
        for name, item, inside in self.entries(written):
            value = inside.value(item)
            if value is not ABSENT:
                found[name] = value
                called = inside._looped(name)
                unnamed += [(called, value)] if isinstance(called, Unknown) else []
        self._stack.spend(len(found) * len(unnamed))
        opening = list(self._opening(written))
        return perhaps_replaced(found, unnamed) | ({REST: Unknown((opening[-1],))} if opening else {})

    def _opening(self, written: Mapping[str, Any]) -> Iterator[str]:
        """Yield the entries by which a mapping may contain more than is known, or under other names."""
        for name, item in written.items():
            if name.startswith(LOOP):
                if self._passes(item) is None or any(any(inside._opening(item[2])) for inside in self._in_loop(item)):
                    yield name
            elif name.startswith(FUNCTION) or isinstance(self._looped(name), Unknown):
                yield name

    def entries(self, written: Mapping[str, Any]) -> Iterator[tuple[str, Any, Evaluation]]:
        """Yield the entries of a mapping, including those that its loops make, each with its loop variables.

        If the elements of a loop are unknown, its body counts once.
        """
        for name, item in written.items():
            if name.startswith(LOOP):
                yield from self._made_by_loop(item)
            elif not name.startswith(FUNCTION):
                yield (self._key(name) if self._loops else name), item, self

    def _made_by_loop(self, loop: Any) -> Iterator[tuple[str, Any, Evaluation]]:
        for inside in self._in_loop(loop):
            yield from inside.entries(loop[2])

    def _in_loop(self, loop: Any) -> Iterator[Evaluation]:
        """Yield the evaluation for each pass of a loop; a single one if the passes are unknown."""
        if not _is_loop(loop):
            return
        variable, passes = loop[0], self._passes(loop)
        for value in [self._some_of(loop, variable)] if passes is None else passes:
            self._stack.spend(1)
            yield Evaluation(self._stack, self._given, self._unset, {**self._loops, variable: value})

    def _some_of(self, loop: Any, variable: str) -> Unknown:
        """Return the element of a loop whose passes are unknown; elements of different collections are different."""
        collection, name = self.value(loop[1]), f"Ref {variable}"
        of = _PARAMETER.fullmatch(", ".join(collection.causes)) if isinstance(collection, Unknown) else None
        if of is not None:
            return Unknown((f"{name} (of {of[1]})",))
        return unknown(collection, why=name)

    def _passes(self, loop: Any) -> list[Value] | None:
        """Return the collection of a loop, None if it is unknown."""
        values = self.value(loop[1]) if _is_loop(loop) else None
        if not isinstance(values, list) or any(isinstance(value, MaybeAbsent) for value in values):
            return None
        texts = [resolved(text) for text in map(text_of, values) if text is not None]
        return [*texts] if len(texts) == len(values) else None

    def _key(self, name: str) -> str:
        text = self._looped(name)
        return text if isinstance(text, str) else name

    def _looped(self, text: str) -> Value:
        """Return a text with the variables of loops in it."""
        parts: list[Part] = []
        at = 0
        for found in _LOOP_NAME.finditer(text):
            if found[1] in self._loops:
                value = text_of(self._loops[found[1]])
                short = isinstance(value, str) and found[0].startswith("&")
                parts += [text[at : found.start()], re.sub(r"\W|_", "", str(value)) if short else value or ""]
                at = found.end()
        return joined([*parts, text[at:]])

    # ---- functions --------------------------------------------------------------------------------------------------

    def _called(self, name: str, argument: Any) -> Value:
        function = self._functions.get(name)
        if function is None:
            return Unknown((name,))
        try:
            value = function(argument)
        except RefusedError:
            return unknown(self._inside(argument), why=name)
        self._stack.spend(size_of(value))
        return value

    def _inside(self, argument: Any) -> Value:
        """Evaluate the arguments of an invalid call, for their causes."""
        value = self.value(argument)
        return None if value is ABSENT else value

    def _ref(self, name: str) -> Value:
        if name in self._loops:
            return self._loops[name]
        if name == "AWS::NoValue":
            return ABSENT
        if name in _SURROUNDINGS:
            return Unknown((name,), made=True)
        if name in self._stack.parameters:
            cause = f"Ref {name} {NAMED}" if name in self._stack.ruled else f"Ref {name}"
            return Unknown((cause,)) if name in self._unset else self._stack.parameters[name]
        return self._product(name, name, made=self._kind(name) is not None)

    def _attribute(self, written: Any) -> Value:
        arguments = self.value(written)
        name, attribute = intrinsics.items(arguments, 2) if isinstance(arguments, list) else divided(arguments)
        if isinstance(name, Unknown) or isinstance(attribute, Unknown):
            return unknown(name, attribute)
        return self._attribute_of(intrinsics.plain(name), intrinsics.plain(attribute))

    def _attribute_of(self, name: str, attribute: str) -> Value:
        missing = name not in self._stack.types and self._stack.is_whole  # then AWS refuses the template
        made = (missing or self._kind(name) is not None) and _MADE.fullmatch(attribute) is not None
        product = self._product(name, f"{name}.{attribute}", made=made)
        return product if made or self._kind(name) in (None, SAM) else self._as_written(name, attribute, product)

    def _as_written(self, name: str, attribute: str, product: Unknown) -> Value:
        """Return the value of an attribute that returns the property of the same name in the template."""
        value = self._stack.property(name, attribute)
        if isinstance(value, str):
            return NamedText(value, product.sources, product.owner)
        if isinstance(value, Unknown):
            return replace(value, sources=value.sources | product.sources)
        return product if value is ABSENT or value is None else value

    def _product(self, name: str, called: str, *, made: bool) -> Unknown:
        if self._kind(name) is None and name not in self._stack.types:
            return Unknown((called if made else self._missing(called),), made=made)
        return Unknown((called,), made=made, sources=frozenset({name}), owner=name)

    def _missing(self, called: str) -> str:
        """Return the cause for a name that a template uses and does not have: AWS would refuse such a template."""
        return f"{called} {MISSING}" if self._stack.is_whole else called

    def _kind(self, name: str) -> str | None:
        """Return the type of a resource, including those that SAM adds."""
        kind = self._stack.types.get(name)
        if kind is None:
            added = any(name.startswith(own) and kind.startswith(SAM) for own, kind in self._stack.types.items())
            return SAM if added or (name.startswith("Serverless") and self._has_sam()) else None
        return kind if kind.startswith("AWS::") and kind not in _ANSWERED and not kind.endswith("::MODULE") else None

    def _has_sam(self) -> bool:
        return any(kind.startswith(SAM) for kind in self._stack.types.values())

    def _substituted(self, written: Any) -> Value:
        text, own = (written[0], written[1]) if isinstance(written, list) and len(written) == 2 else (written, {})
        if isinstance(text, str) and "&{" in text:
            text = self._looped(text)
        if not isinstance(text, str) or not isinstance(own, dict):
            raise RefusedError("not the arguments of this function")
        parts: list[Part] = []
        at = 0
        for found in SUBSTITUTION.finditer(text):
            parts += [text[at : found.start()], self._part(found[1], own)]
            at = found.end()
        return joined([*parts, text[at:]])

    def _part(self, name: str, own: Mapping[str, Any]) -> Part:
        if name.startswith("!"):
            return f"${{{name[1:]}}}"
        if name in own:
            value = self.value(own[name])
        elif "." in name:
            value = self._attribute_of(*name.split(".", 1))
        else:
            value = self._ref(name)
        text = None if value is ABSENT else text_of(value)
        return unknown(self._inside(own), why=f"Ref {name}") if text is None else text

    def _chosen(self, written: Any) -> Value:
        condition, one, other = intrinsics.items(written, 3)
        decided = self._condition({"Condition": condition})
        if isinstance(decided, bool):
            return self.value(one if decided else other)
        why = self._called_condition(condition) if isinstance(condition, str) else "Fn::If"
        return combine_possible([self.value(one), self.value(other)], Unknown((why,)))

    def _selected(self, written: Any) -> Value:
        place, values = intrinsics.items(written, 2)
        if isinstance(values, list) and any(self.value(value) is ABSENT for value in values):
            raise RefusedError("which item is meant cannot be told")
        return intrinsics.select([self.value(place), self.value(values)])

    def _found(self, written: Any) -> Value:
        arguments = intrinsics.items(self.value(written))
        if len(arguments) not in (3, 4):
            raise RefusedError("not the arguments of this function")
        rest = arguments[3] if len(arguments) == 4 else {}
        otherwise = rest["DefaultValue"] if isinstance(rest, dict) and "DefaultValue" in rest else None
        name, first, second = arguments[:3]
        if isinstance(name, Unknown):
            return unknown(*arguments, why="Fn::FindInMap of any map")
        table = self._stack.mappings.get(intrinsics.plain(name))
        rows = looked_up(table, first)
        if isinstance(first, Unknown) and otherwise is None:  # AWS refuses a key that leads to nothing
            rows = [row for row in rows if not is_without(row, second)] or rows
        written_there = [value for row in rows for value in looked_up(row, second)]
        options = [self.value(value) for value in written_there if value is not None]
        may_miss = otherwise is not None and (isinstance(first, Unknown) or isinstance(second, Unknown))
        if may_miss or len(options) < len(written_there):  # an entry that is missing, or comes from elsewhere
            cause = f"Fn::FindInMap {name}"
            cause = self._missing(cause) if table is None else cause
            options.append(Unknown((cause,)) if otherwise is None else otherwise)
        if not options or len(options) > _MOST_OPTIONS:
            return unknown(*arguments, why=f"Fn::FindInMap {name}")
        self._stack.spend(len(options))
        return combine_possible(options, unknown(first, second, why="Fn::FindInMap"))

    # ---- conditions -------------------------------------------------------------------------------------------------

    def _holds(self, name: str) -> bool | Unknown:
        if name in self._given:
            return self._given[name]
        if name not in self._decided:
            self._decided[name] = Unknown((f"Condition {name}",))  # for a condition that refers to itself
            decided = self._condition(self._stack.conditions.get(name))
            self._decided[name] = decided if isinstance(decided, bool) else Unknown((self._called_condition(name),))
        return self._decided[name]

    def _called_condition(self, name: str) -> str:
        return f"Condition {name}" if name in self._stack.conditions else self._missing(f"Condition {name}")

    def _condition(self, written: Any) -> bool | Unknown:
        self._stack.spend(1)
        undecided = Unknown(("Condition",))
        if not isinstance(written, Mapping) or len(written) != 1:
            return undecided
        ((name, argument),) = written.items()
        if name == "Condition":
            called = self.value(argument)
            return self._holds(called) if isinstance(called, str) else undecided
        if name == "Fn::Equals" and isinstance(argument, list) and len(argument) == 2:
            return equal(self.finished(argument[0]), self.finished(argument[1]), undecided)
        return combined(name, list(map(self._condition, argument)) if isinstance(argument, list) else [], undecided)

    def _implied(self, written: Any, *, holds: bool, seen: set[str]) -> Iterator[tuple[str, bool]]:
        """Yield the named conditions whose value follows once it is known whether this one holds."""
        ((name, argument),) = written.items() if isinstance(written, Mapping) and len(written) == 1 else (("", None),)
        if name == "Condition" and isinstance(argument, str) and argument not in seen:
            seen.add(argument)
            yield argument, holds
            yield from self._implied(self._stack.conditions.get(argument), holds=holds, seen=seen)
        parts = argument if isinstance(argument, list) else []
        if name == "Fn::Not" or (name == "Fn::And" and holds) or (name == "Fn::Or" and not holds):
            for part in parts:
                yield from self._implied(part, holds=holds is not (name == "Fn::Not"), seen=seen)


def _asserted(rule: Any) -> Iterator[Any]:
    """Yield the conditions that a rule of a template asserts."""
    assertions = rule.get("Assertions") if isinstance(rule, Mapping) else None
    for assertion in assertions if isinstance(assertions, list) else ():
        if isinstance(assertion, Mapping) and "Assert" in assertion:
            yield assertion["Assert"]


def _is_loop(loop: Any) -> bool:
    return isinstance(loop, list) and len(loop) == 3 and isinstance(loop[0], str) and isinstance(loop[2], Mapping)
