"""Members that may be absent: each condition that reads one declares what its absence means, or tests for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from preuve.library.validation.checked_rule import CheckedRule
from preuve.library.validation.members import Shapes
from preuve.library.validation.shapes import Struct, message_name
from preuve.library.yaml.documents import load
from preuve.model.content import ResourceType
from preuve.model.errors import Position, Problem

FILE = "scanners/read_plainly.yaml"
Plain = frozenset[tuple[str, str]]


def problems(checked: CheckedRule, shapes: Shapes) -> Iterator[Problem]:
    """Yield members that may be absent and that a rule neither tests nor declares, and declarations of members that
    are never absent.
    """
    rule, known = checked.rule, shapes.members(checked.rule.resource)
    for name in rule.absent:
        if name not in known:
            said = f"absent names {name}, no member of {rule.resource}"
            yield Problem(rule.position, f"{checked.policy.id}: {said}")
    for type_, name, at, asks in sorted(_read(checked, shapes), key=lambda item: item[2]):
        if type_.name != rule.resource and not asks:
            said = f"{name} may be absent from one of {type_.name} and the condition does not ask whether it is"
            yield Problem(at, f"{checked.policy.id}: {said}", f"write .?{name}, or has(….{name}) before it")
        elif type_.name == rule.resource and name not in rule.absent and not asks:
            said = f"{name} may be absent and the policy does not say what that means"
            yield Problem(
                at, f"{checked.policy.id}: {said}", f"add absent: {{{name}: fail}}, not_applicable or {{is: …}}"
            )
    yield from _sole_pass(checked)


def _read(checked: CheckedRule, shapes: Shapes) -> Iterator[tuple[ResourceType, str, Position, bool]]:
    """Yield type, name and place of each such member that is read without a test, and whether the condition also tests
    for it.

    A test in an assert on its own resource does not count: the policy's `absent` has a word for it that reports show.
    """
    types = {message_name(name): item for name, item in shapes.library.types.items()}
    for part, of_when in ((checked.when, True), (checked.assert_, False)):
        guarded = {(ref.message, ref.member) for ref in part.references if ref.guarded} if part else set()
        for (message, name), offset in part.bare.items() if part else ():
            type_ = types.get(message)
            if type_ and name in type_.details and type_.details[name].absent:
                asks = (message, name) in guarded and (of_when or type_.name != checked.rule.resource)
                yield type_, name, _place(checked, offset, of_when=of_when), asks


def optionals(
    rules: Iterable[CheckedRule], structs: Mapping[str, Struct], shapes: Shapes, plain: Plain
) -> Iterator[Problem]:
    """Yield members of listed resources, and of structures in them, that AWS may leave out and that a condition neither
    tests for presence nor declares under `absent`.
    """
    types = {message_name(name): name for name in shapes.library.types}
    for checked in rules:
        guarded: set[tuple[str, str]] = set()
        for part, of_when in ((checked.when, True), (checked.assert_, False)):
            guarded |= {(ref.message, ref.member) for ref in part.references if ref.guarded} if part else set()
            for (message, name), offset in part.bare.items() if part else ():
                type_ = types.get(message, "")
                own = type_ == checked.rule.resource
                optional = shapes.optional(type_) if type_ else _optional_in(structs, message)
                asked = (message, name) in guarded or (type_ or of_shape(message), name) in plain
                if name in optional and not asked and not (own and name in checked.rule.absent):
                    said = f"AWS may leave out {name} and the condition does not ask whether it is there"
                    hint = f"write .?{name}.orValue(…), or has(….{name}) before it"
                    hint = f"add absent: {{{name}: fail}}, not_applicable or {{is: …}}" if own else hint
                    yield Problem(_place(checked, offset, of_when=of_when), f"{checked.policy.id}: {said}", hint)


def _optional_in(structs: Mapping[str, Struct], message: str) -> frozenset[str]:
    return structs[message].optional if message in structs else frozenset()


def read_plainly(root: Path) -> Plain:
    """Return the members that conditions may read without a test, by the name of their resource type or structure."""
    data = load(root / FILE, FILE) if (root / FILE).is_file() else {}
    return frozenset((structure, name) for structure, names in data.items() for name in names)


def of_shape(message: str) -> str:
    """Return the name of AWS's structure; collectors may read some of its members under other names."""
    return message.partition("_AWS__")[0]


def _place(checked: CheckedRule, offset: int, *, of_when: bool) -> Position:
    before = (checked.rule.when if of_when else checked.rule.assert_)[:offset]
    return checked.rule.place(before.count("\n") + 1, len(before) - before.rfind("\n"), of_when=of_when)


def _sole_pass(checked: CheckedRule) -> Iterator[Problem]:
    message = message_name(checked.rule.resource)
    own = {ref.member for ref in checked.assert_.references if ref.message == message}
    for name, absence in checked.rule.absent.items():
        if absence.kind == "pass" and own != {name}:
            said = f"absent {name} cannot be a pass: the condition reads more than that"
            yield Problem(checked.rule.position, f"{checked.policy.id}: {said}")
