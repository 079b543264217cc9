"""Functions of regular expressions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from preuve.collect.code.language.hcl.functions.signature import (
    MOST_CHARACTERS,
    MOST_ITEMS,
    TEXT,
    Function,
    Parameter,
    too_much,
)
from preuve.collect.code.language.hcl.functions.texts import replaced_text
from preuve.collect.code.language.values.regular_expressions import Budget, Pattern, UnsupportedError, compiled
from preuve.collect.code.language.values.type import STRING
from preuve.collect.code.language.values.value import (
    PartText,
    RefusedError,
    Unknown,
    Value,
    composed,
    is_assigned,
    unknown,
)

_REVISED = re.compile(r"(?:module\.[^.]+\.)*aws_ecs_task_definition\.[\w-]+(?:\[[^\[\]]*\])?\.arn")
_REVISION = re.compile(r"/:(?:\\d|\[0-9\])[+*]\$/")
_REFERENCE = re.compile(r"\$(?:(\$)|\{([A-Za-z0-9_]+)\}|([A-Za-z0-9_]+))", re.ASCII)


def _sure(function: Callable[..., Value]) -> Callable[..., Value]:
    """Return a function whose result is unknown for a pattern that it cannot read or that would take too long."""

    def run(*arguments: Value) -> Value:
        try:
            return function(*arguments)
        except UnsupportedError as error:
            return unknown(why=str(error))

    return run


def _first(pattern: str, text: str) -> Value:
    read = compiled(pattern)
    _require_alike(read)
    found = read.search(text, 0, Budget())
    if found is None:
        raise RefusedError("regex matches nothing of the text")
    return _result(read, text, found)


def _all(pattern: str, text: str) -> Value:
    read = compiled(pattern)
    _require_alike(read)
    found = []
    for match in _matches(read, text):
        found.append(_result(read, text, match))
        if len(found) > MOST_ITEMS:
            return too_much("regexall()")
    return found


def _require_alike(pattern: Pattern) -> None:
    if len({bool(name) for name in pattern.names}) > 1:
        raise RefusedError("regex of groups with names and groups without")


def _matches(pattern: Pattern, text: str) -> Iterator[list[int]]:
    """Yield all matches as Go finds them: without an empty match directly after another."""
    budget = Budget()
    place, end = 0, -1
    while place <= len(text):
        found = pattern.search(text, place, budget)
        if found is None:
            return
        if found[1] > place or found[0] != end:
            yield found
        end = found[1]
        place = place + 1 if found[1] == place else found[1]


def _result(pattern: Pattern, text: str, found: list[int]) -> Value:
    groups = [_group(text, found, number) for number in range(len(pattern.names) + 1)]
    if not pattern.names:
        return groups[0]
    return dict(zip(pattern.names, groups[1:], strict=True)) if pattern.names[0] else tuple(groups[1:])


def _group(text: str, found: list[int], number: int) -> str | None:
    first, last = found[2 * number : 2 * number + 2]
    return None if first < 0 or last < 0 else composed(text[first:last])


def _replace_in(text: Value, old: str, new: str) -> Value:
    if isinstance(text, Unknown):
        return _without_revision(text, old, new) or unknown(text, old, new)
    return _sure(_replace)(text, old, new)


def _without_revision(arn: Unknown, old: str, new: str) -> Value:
    """Return the ARN of a task definition from which a pattern removes the revision; its provider returns the same ARN.
    The replacement follows it. None for any other text or pattern.
    """
    cause = arn.causes[0] if arn.causes else ""
    if not is_assigned(arn) or arn.computed or not _REVISED.fullmatch(cause) or not _REVISION.fullmatch(old):
        return None
    if new and (new[0] != ":" or "$" in new):
        return None
    whole = Unknown((f"{cause}_without_revision",), made=True, sources=arn.sources)
    return PartText(whole.causes, sources=arn.sources, parts=(whole, new)) if new else whole


def _replace(text: str, old: str, new: str) -> Value:
    if len(old) > 1 and old[0] == old[-1] == "/":
        return _replaced(text, compiled(old[1:-1]), new)
    return replaced_text(text, old, new)


def _replaced(text: str, pattern: Pattern, template: str) -> Value:
    if "$" in template and not template.isascii():
        raise UnsupportedError("a replacement with a group and letters of other scripts")
    budget = Budget()
    made: list[str] = []
    length = place = end = 0
    while place <= len(text):
        found = pattern.search(text, place, budget)
        if found is None:
            break
        made.append(text[end : found[0]])
        if found[1] > end or found[0] == 0:
            made.append(_expanded(template, pattern, text, found))
        length += len(made[-1]) + 1
        if length > MOST_CHARACTERS:
            return too_much("replace()")
        end = found[1]
        place = max(place + 1, end)
    return composed("".join(made) + text[end:])


def _expanded(template: str, pattern: Pattern, text: str, found: list[int]) -> str:
    """Return the replacement of one match, with the groups that it names."""

    def referenced(reference: re.Match[str]) -> str:
        if reference[1]:
            return "$"
        name = reference[2] or reference[3]
        if name.isdigit() and (name == "0" or name[0] != "0"):
            number = int(name[:9])
        else:
            number = pattern.names.index(name) + 1 if name in pattern.names else -1
        return (_group(text, found, number) or "") if 0 <= number <= len(pattern.names) else ""

    return _REFERENCE.sub(referenced, template)


FUNCTIONS = {
    "regex": Function(_sure(_first), (TEXT, TEXT)),
    "regexall": Function(_sure(_all), (TEXT, TEXT)),
    "replace": Function(_replace_in, (Parameter(STRING, unknown=True), TEXT, TEXT)),
}
