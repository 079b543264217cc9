"""Judges the settings of a resource, for Terraform's arguments and CloudFormation's properties alike.

A rule gives a condition for each type of resource (`scanners/iac/README.md` has the vocabulary). It passes only if
the values that it reads are known. `absent` gives the provider's default. A value of another type than expected is
unknown, and so is a value that a loop may create.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any

from preuve.collect.code.judgements.bodies import Body, blocks, cause, leaves, single_value
from preuve.collect.code.judgements.comparisons import ASKED, arn_in, fits, from_aws, no_echo, plain_text
from preuve.collect.code.judgements.forbidden_values import matches
from preuve.collect.code.judgements.letter_cases import folded
from preuve.collect.code.judgements.networks.openness import ranges_of
from preuve.collect.code.judgements.relations.neighbourhood import ADDRESS, KEY, Naming
from preuve.collect.code.verdict.deciding_values import decided
from preuve.collect.code.verdict.marks import OPEN, is_marked, is_opaque, may_be_absent, may_be_empty
from preuve.collect.code.verdict.tags import OF_THE_STACK, tag_text
from preuve.collect.code.verdict.verdict import FAILED, PASSED, UNKNOWN, UNRESOLVED, unresolved
from preuve.documents.answer import any_of
from preuve.documents.network.ranges import is_wide
from preuve.model.snapshot import OF_STACK

_MOST_AGAINST = 10  # neighbouring blocks that may leave the result open: more are not evaluated
_TAGS = ("Tags", "FileSystemTags")
_VALUE = "Value"  # of a tag
# Resources that the code creates or receives, perhaps several: a list in a template, `….ids` in Terraform.
_OF_SEVERAL = re.compile(r"(?:\[\]|GetAZs|\*\]?(?:\.\w+)?|(?:ids|names|arns|zones|subnets))\}")
# The only member of a list that is written out: an element of another list, or the id of something.
_OF_ONE = re.compile(r"(?:\[\d+\]|[._]id)\}$")
_WRITTEN = "written"
_OTHER_KIND = "a value that is not of the kind that is asked for"

Condition = Any  # as rules write it: a word, or a mapping


@dataclass(frozen=True)
class ConditionResult:
    """The result of a condition; None if the condition does not apply. `keys` are the paths that decided. `told` are
    the settings of neighbouring blocks that decided, `beside` their addresses with paths.
    """

    result: str | None
    causes: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    told: tuple[tuple[str, str], ...] = ()
    beside: tuple[tuple[str, str], ...] = ()


SKIPPED = ConditionResult(None)
_WORDS = {"pass": ConditionResult(PASSED), "fail": ConditionResult(FAILED), "skip": SKIPPED}


@dataclass(frozen=True)
class _Found:
    """A value at a path: `there` is False where nothing is set, `surely` where only a loop may make what holds it;
    `member`: it is written as a list that surely has a member, which may be an empty text.
    """

    value: Any
    place: str
    there: bool = True
    surely: bool = True
    member: bool = False


def said(condition: Condition, body: Body, place: str = "") -> ConditionResult:
    """Evaluate a condition on a body; `place` is the path of the body."""
    if isinstance(condition, str):
        return _WORDS[condition]
    name = next(name for name in _FORMS if name in condition)
    return _FORMS[name](condition, body, place)


# ---- one value ------------------------------------------------------------------------------------------------------


def _of_value(condition: Mapping[str, Any], body: Body, place: str) -> ConditionResult:
    found = list(_values(body, str(condition["at"]).split("."), place))
    return _every(_looped(one, condition, body, place) for one in found)


def _of_several(condition: Mapping[str, Any], body: Body, place: str) -> ConditionResult:
    """Return whether a path has so many different values, in all blocks along it together."""
    found = list(_values(body, str(condition["at"]).split("."), place))
    if not any(one.there for one in found):
        return _absent(condition, body, found[0].place, place)
    items = [item for one in found if one.there for item in leaves(one.value)]
    keys = tuple(dict.fromkeys(one.place for one in found))
    whole = [one for one in found if is_opaque(one.value) and not (one.member and _OF_ONE.search(one.value))]
    if whole and len({one.place for one in found}) == 1:  # a list that is wholly unknown
        return ConditionResult(UNKNOWN, tuple(cause(one.value) for one in whole), keys)
    if not all(one.surely for one in found):
        return ConditionResult(UNKNOWN, tuple(f"dynamic block: {one.place}" for one in found if not one.surely), keys)
    opaque = [item for item in items if is_opaque(item)]  # each may equal another one or not
    known = {str(item) for item in items if not is_opaque(item)}
    if len(known) >= condition["distinct"]:
        return ConditionResult(PASSED, keys=keys)
    several = [item for item in items if is_marked(item) and _OF_SEVERAL.search(item)]
    enough = several or len(known) + len(opaque) >= condition["distinct"]
    return (
        ConditionResult(UNKNOWN, tuple(map(cause, several or opaque)), keys)
        if enough
        else ConditionResult(FAILED, keys=keys)
    )


def _of_ranges(condition: Mapping[str, Any], body: Body, place: str) -> ConditionResult:
    """Return whether the address ranges at a path together contain less than as much as the internet."""
    found = list(_values(body, str(condition["at"]).split("."), place))
    items = [item for one in found if one.there for item in leaves(one.value)]
    if _is_empty(items):
        return _absent(condition, body, found[0].place, place)
    keys = tuple(dict.fromkeys(one.place for one in found))
    ranges, hidden = ranges_of(items)
    loops = tuple(f"dynamic block: {one.place}" for one in found if not one.surely)
    if is_wide(ranges) and not loops:
        return ConditionResult(FAILED, keys=keys)
    causes = (*((hidden,) if hidden else ()), *loops)
    return ConditionResult(UNKNOWN if causes else PASSED, causes, keys)


def _of_one(condition: Mapping[str, Any], found: _Found, body: Body, place: str) -> ConditionResult:
    if not found.there:
        return _absent(condition, body, found.place, place)
    if "set" in condition:
        if condition["set"] == _WRITTEN and found.member:
            return ConditionResult(PASSED, keys=(found.place,))
        return _set(found, condition.get("unless", ()))
    items = list(leaves(found.value))
    if _is_empty(items):
        return _absent(condition, body, found.place, place)
    asked, wanted = next((name, condition[name]) for name in ASKED if name in condition)
    answers = [_answer(ASKED[asked], wanted, item) for item in items]
    if asked == "holds":
        return replace(_one_of(answers), keys=(found.place,))
    outcome = _every(answers)
    wrong = [number for number, one in enumerate(answers) if one.result == FAILED]
    one_by_one = wrong and isinstance(found.value, list) and len(found.value) == len(items)
    keys = (f"{found.place}/[{number}]" for number in wrong) if one_by_one else (found.place,)
    return replace(outcome, keys=tuple(keys))


def _absent(condition: Mapping[str, Any], body: Body, at: str, place: str) -> ConditionResult:
    """Evaluate a condition for a block at `place` where the path `at` is not set."""
    outcome = said(condition.get("absent", "fail"), body, place)
    return replace(outcome, keys=tuple(dict.fromkeys((at, *outcome.keys))))


def _is_empty(items: Iterable[Any]) -> bool:
    """Return whether a value counts as not set: null, no item, or the empty text, which Terraform and AWS treat as not
    set.
    """
    return all(item is None or item == "" for item in items)


def _set(found: _Found, unless: Iterable[str]) -> ConditionResult:
    """Return whether a value is set that no pattern matches; the name of something that the code makes matches none."""
    value, keys = found.value, (found.place,)
    if isinstance(value, Mapping):
        return ConditionResult(PASSED, keys=keys)
    items = list(leaves(value))
    surely = any(not may_be_empty(item) for item in items if item not in (None, ""))
    if not surely and any(may_be_empty(item) for item in items):
        return ConditionResult(UNKNOWN, tuple(why for item in items for why in unresolved(item)), keys)
    if _is_empty(items):
        return ConditionResult(FAILED, keys=keys)
    refused = any_of(matches(pattern, plain_text(item)) for pattern in unless for item in items if item is not None)
    result = UNKNOWN if refused.value is None else FAILED if refused.value else PASSED
    return ConditionResult(result, refused.causes, keys)


def _answer(ask: Callable[[Any, Any], bool | None], wanted: Any, value: Any) -> ConditionResult:
    marked = is_marked(value)
    answer = ask(value, wanted) if not marked or ask in _OF_MARKED else None
    if answer is None:
        return ConditionResult(UNKNOWN, (cause(value) if marked else _OTHER_KIND,))
    return ConditionResult(PASSED if answer else FAILED)


_OF_MARKED = frozenset({fits, arn_in, no_echo, from_aws})  # for these, a partly known value may suffice


def _of_name(condition: Mapping[str, Any], body: Body, _: str) -> ConditionResult:
    """Return whether the logical id of a template's resource matches a pattern."""
    return ConditionResult(PASSED if re.fullmatch(condition["called"], str(body.get(ADDRESS, ""))) else FAILED)


# ---- finding values and blocks --------------------------------------------------------------------------------------


def _values(body: Body, steps: list[str], place: str) -> Iterator[_Found]:
    """Yield the values at a path, one for each block along it; where the path ends early, a missing value."""
    whole = ".".join(steps)
    if len(steps) == 1 or whole in body:  # a key of a map: `rds.force_ssl`
        yield _argument(body, whole, f"{place}{whole}")
        return
    surely, perhaps, hidden = inner(body, steps[0])
    for number, item in enumerate(surely):
        yield from _values(item, steps[1:], f"{place}{steps[0]}/[{number}]/")
    for item in perhaps:
        yield from (replace(one, surely=False) for one in _values(item, steps[1:], f"{place}{steps[0]}/"))
    yield from (_Found(why, f"{place}{steps[0]}") for why in hidden)
    if not surely and not perhaps and not hidden:
        yield _Found(None, place + "/".join(steps), there=False)


def _argument(body: Body, name: str, place: str) -> _Found:
    if name in body:
        value = body[name]
        while isinstance(value, list) and len(value) == 1:
            value = value[0]
        return _Found(value, place, there=value not in (None, []), member=_has_member(body[name], name))
    rest = body.get(OPEN)
    if rest is not None:
        return _Found(rest, place)
    _, perhaps, hidden = blocks(body, name)
    if perhaps or hidden:
        return _Found(perhaps[0] if perhaps else f"{OPEN}${{{name}}}", place, surely=False)
    return _Found(None, place, there=False)


def _has_member(value: Any, name: str) -> bool:
    """Return whether an argument is written as a list with a member that surely exists."""
    listed = value if name[:1].isupper() else single_value(value)  # properties of templates are not wrapped in lists
    return isinstance(listed, list) and any(item not in (None, "") and not may_be_absent(item) for item in listed)


def inner(body: Body, name: str) -> tuple[list[Body], list[Body], list[str]]:
    """Return the blocks of a name: existing ones, those that a loop may make, and texts for unknown ones."""
    surely, perhaps, _ = blocks(body, name)
    hidden = [item for item in leaves(body.get(name)) if item is not None and not isinstance(item, Mapping)]
    if name not in body and OPEN in body:
        hidden.append(body[OPEN])
    if blocks({"dynamic": body.get("dynamic")}, name)[2]:
        hidden.append(f"{OPEN}${{dynamic block {name}}}")
    return surely, perhaps, [item if is_opaque(item) else f"{OPEN}${{{name}}}" for item in hidden]


def _looped(found: _Found, condition: Mapping[str, Any], body: Body, place: str) -> ConditionResult:
    """Evaluate a condition on a value that a loop may make."""
    outcome = _of_one(condition, found, body, place)
    if found.surely:
        return outcome
    without = _absent(condition, body, found.place, place)
    return outcome if outcome.result == without.result else ConditionResult(UNKNOWN, (f"dynamic block: {found.place}",))


# ---- several --------------------------------------------------------------------------------------------------------


def _every(answers: Iterable[ConditionResult]) -> ConditionResult:
    """Require all of several to hold."""
    return _worst(list(answers), (FAILED, UNKNOWN, PASSED))


def _one_of(answers: Iterable[ConditionResult]) -> ConditionResult:
    """Require one of several to hold."""
    return _worst(list(answers), (PASSED, UNKNOWN, FAILED))


def _worst(answers: list[ConditionResult], order: tuple[str, ...]) -> ConditionResult:
    for result in order:
        if found := [one for one in answers if one.result == result]:
            causes = dict.fromkeys(why for one in found for why in one.causes)
            keys = dict.fromkeys(key for one in found for key in one.keys)
            told = dict(pair for one in found for pair in one.told)
            beside = dict.fromkeys(place for one in found for place in one.beside)
            return ConditionResult(result, tuple(causes), tuple(keys), tuple(told.items()), tuple(beside))
    return SKIPPED


def _of_values(condition: Mapping[str, Any], body: Body, place: str) -> ConditionResult:
    """Evaluate a condition on every value of a map with free keys."""
    name = str(condition["values"])
    maps, perhaps, hidden = inner(body, name)
    members = [(key, item) for one in (*maps, *perhaps) for key, item in one.items() if key != OPEN]
    hidden += [one[OPEN] for one in maps if OPEN in one]
    hidden += [item for _, item in members if is_opaque(item)]
    answers = [
        said(condition["must"], item, f"{place}{name}/{key}/") for key, item in members if isinstance(item, Mapping)
    ]
    doubts = [ConditionResult(UNKNOWN, (cause(why),), (f"{place}{name}",)) for why in hidden]
    return _every([*answers, *doubts]) if answers or doubts else _absent(condition, body, f"{place}{name}", place)


def _of_blocks(
    form: str,
    join: Callable[[Iterable[ConditionResult]], ConditionResult],
    condition: Mapping[str, Any],
    body: Body,
    place: str,
) -> ConditionResult:
    """Evaluate a condition on the blocks of a name: on every block, of which there may be none, or on some."""
    name, must = str(condition[form]), condition["must"]
    surely, perhaps, hidden = inner(body, name)
    surely = [folded(item, must) for item in surely] if "folded" in condition else surely
    answers = [said(must, item, f"{place}{name}/[{number}]/") for number, item in enumerate(surely)]
    doubts = [ConditionResult(UNKNOWN, (cause(why),), (f"{place}{name}",)) for why in hidden]
    without = join(answers) if answers else _absent(condition, body, f"{place}{name}", place)
    made = [said(must, item, f"{place}{name}/") for item in perhaps]
    if not made:
        return join([*answers, *doubts]) if answers or doubts else without
    with_all = join([*answers, *made, *doubts])
    return with_all if with_all.result == without.result else ConditionResult(UNKNOWN, (f"dynamic block: {name}",))


def _of_tag(condition: Mapping[str, Any], body: Body, place: str) -> ConditionResult:
    """Evaluate a condition on tags, in the form of keys and values or of a map."""
    names = condition["tag"] if isinstance(condition["tag"], list) else [condition["tag"]]
    return _every(_of_one_tag(condition, str(name), body, place) for name in names)


def _of_one_tag(condition: Mapping[str, Any], name: str, body: Body, place: str) -> ConditionResult:
    member = next((known for known in _TAGS if known in body), _TAGS[0])
    tags, _, hidden = inner(body, member)
    listed = [tag for tag in tags if tag.get("Key") == name]
    found = listed + [{_VALUE: tag[name]} for tag in tags if name in tag]
    keys = (f"{place}{member}",)
    if found:
        values = ({**tag, _VALUE: tag_text(tag[_VALUE])} if _VALUE in tag else tag for tag in found)
        answer = _every(said(condition["must"], tag) for tag in values)
        at = (_place_in(body[member], listed[0]) if listed else f"/{name}") if answer.result == FAILED else ""
        return replace(answer, keys=(f"{keys[0]}{at}",))
    doubts = hidden + [str(tag[OPEN]) for tag in tags if OPEN in tag]
    doubts += [tag["Key"] for tag in tags if is_marked(tag.get("Key"))]  # it may have any key
    if doubts:
        return ConditionResult(UNKNOWN, tuple(map(cause, doubts)), keys)
    stack = body.get(OF_THE_STACK, {})
    if stack.get(name) is not None:
        return replace(said(condition["must"], {_VALUE: tag_text(stack[name])}), keys=keys)
    asks_stack = isinstance(condition.get("absent"), Mapping) and "of_stack" in condition["absent"]
    nothing_else = OF_THE_STACK in body and name not in stack
    by_stack = asks_stack and nothing_else
    answer = ConditionResult(FAILED, keys=keys) if by_stack else _absent(condition, body, keys[0], place)
    return replace(answer, keys=(f"{keys[0]}/{name}", *answer.keys[1:])) if answer.result == FAILED else answer


def _place_in(tags: Any, tag: Mapping[str, Any]) -> str:
    """Return where the value of a tag stands in a list of tags; "" if that is not known."""
    numbers = (number for number, one in enumerate(tags) if one is tag) if isinstance(tags, list) else iter(())
    return next((f"/[{number}]/{_VALUE}" for number in numbers), "")


def _of_case(condition: Mapping[str, Any], body: Body, place: str) -> ConditionResult:
    """Evaluate a condition with two cases; if the case is unknown, return the result that both share."""
    case = said(condition["if"], body, place)
    then, otherwise = condition["then"], condition.get("else", "skip")
    if case.result == UNKNOWN:
        answers = [said(part, body, place) for part in (then, otherwise)]
        results = {answer.result for answer in answers}
        agreed = len(results) == 1 or results == {PASSED, None}  # None means that it does not apply: no contradiction
        return _every(answers) if agreed else ConditionResult(UNKNOWN, case.causes, case.keys)
    answer = said(then if case.result == PASSED else otherwise, body, place)
    return replace(answer, keys=case.keys) if answer.result == FAILED and not answer.keys else answer


def _of_beside(condition: Mapping[str, Any], body: Body, place: str) -> ConditionResult:
    """Evaluate a condition on the blocks that name this one: on all, on at least one, or on all together. Blocks that
    the condition skips do not count.
    """
    beside, key = body.get(KEY), (f"{place}{condition['beside']}",)  # not a path of this block
    without = said(condition.get("absent", "fail"), body, place)
    without = replace(without, keys=(*key, *without.keys))
    if beside is None:  # a resource of a template has no neighbourhood here
        return without if without.result == PASSED else _not_in_code(condition["beside"])
    found = (
        beside.naming(condition["beside"], condition["by"], condition.get("name", ""), seen="seen" in condition)
        if "by" in condition
        else beside.anywhere(condition["beside"], condition["of"])
    )
    if "together" in condition:
        return replace(_as_one(condition, found) if found.items() else without, keys=key)
    asked = [(item, _said_beside(condition["must"], item)) for item in found.surely]
    answers = [answer for _, answer in asked if answer.result is not None]
    suffices = "suffices" in condition
    outcome = (_one_of if suffices else _agreed)(answers) if answers else without
    if answers:
        outcome = replace(_decided_beside(outcome, condition["beside"], asked), keys=key)
    if outcome.result == PASSED and suffices:
        return outcome
    perhaps = [(item, "this block may not be created, or may be for another resource") for item in found.perhaps]
    perhaps += [(item, cause(why)) for item, why in found.doubts]
    differing = (
        why for item, why in perhaps if _said_beside(condition["must"], item).result not in (outcome.result, None)
    )
    against = list(islice(differing, _MOST_AGAINST))
    return ConditionResult(UNKNOWN, tuple(dict.fromkeys(against)), key) if against else outcome


def _as_one(condition: Mapping[str, Any], found: Naming) -> ConditionResult:
    """Evaluate a condition on several blocks together, with the values read from each."""
    outcome = _together(condition["must"], found)
    steps = str(condition["must"]["at"]).split(".")
    surely = found.surely if outcome.result != UNKNOWN else ()
    read = [(body, replace(outcome, keys=tuple(one.place for one in _values(body, steps, "")))) for body in surely]
    outcome = _decided_beside(outcome, condition["beside"], read)
    texts = {name: [text for one, text in outcome.told if one == name and text] for name, _ in outcome.told}
    told = ((name, f"[{', '.join(each)}]" if len(each) > 1 else "".join(each)) for name, each in texts.items())
    return replace(outcome, told=tuple(told))


def _together(condition: Mapping[str, Any], found: Naming) -> ConditionResult:
    """Return whether a path has so many different values in several blocks together. A block without a value may have
    any; a block that may not exist, or may belong elsewhere, has any or none.
    """
    steps = str(condition["at"]).split(".")
    each = [[one for one in _values(item, steps, "") if one.there] for item in found.surely]
    known = {str(one.value) for values in each for one in values if one.surely and not is_marked(one.value)}
    if len(known) >= condition["distinct"]:
        return ConditionResult(PASSED)
    open_ = [values for values in each if not values or any(is_marked(one.value) for one in values)]
    if not (found.perhaps or found.doubts) and len(known) + len(open_) < condition["distinct"]:
        return ConditionResult(FAILED)
    causes = dict.fromkeys(cause(one.value) for values in open_ for one in values)
    return ConditionResult(UNKNOWN, tuple(causes)) if causes else _not_in_code(condition["at"])


def _said_beside(condition: Condition, body: Body) -> ConditionResult:
    """Evaluate a condition on a neighbouring block; if the result is unknown, on each of its forms."""
    answer = said(condition, body)
    if answer.result != UNKNOWN or KEY not in body:
        return answer
    kept = {name: value for name, value in body.items() if name.startswith("__")}
    answers = [said(condition, {**one, **kept}) for one in body[KEY].forms()]
    agreed = len({one.result for one in answers}) == 1
    return _every(answers) if agreed else answer


_Deciding = list[tuple[Body, ConditionResult]]  # neighbouring blocks with their results


def _decided_beside(
    outcome: ConditionResult, kind: str, asked: Iterable[tuple[Body, ConditionResult]]
) -> ConditionResult:
    """Return a result with the values of the neighbouring blocks of a type that decided, and their places."""
    deciding = [(body, answer) for body, answer in asked if answer.result == outcome.result]
    told = tuple(_set_beside(kind, deciding, unset=outcome.result == FAILED))
    places = ((str(body.get(ADDRESS, "")), key) for body, answer in deciding for key in answer.keys)
    return replace(outcome, told=told, beside=tuple(places))


def _set_beside(kind: str, deciding: _Deciding, *, unset: bool) -> Iterator[tuple[str, str]]:
    """Yield the values of the blocks that decided, under the name of their type; with `unset`, also what they lack."""
    read = [pair for body, answer in deciding for pair in decided(body, answer.keys).items() if unset or pair[1]]
    if deciding and not read:  # the existence of the block suffices
        yield kind, "[another block]"
    yield from ((f"{kind}.{name}", text) for name, text in read)


def _agreed(answers: list[ConditionResult]) -> ConditionResult:
    """Combine the results of several blocks with the same setting: which one takes effect is undefined."""
    if len({one.result for one in answers}) == 1:
        return _every(answers)
    return ConditionResult(UNKNOWN, ("several blocks give it different values",))


def _of_named(condition: Mapping[str, Any], body: Body, place: str) -> ConditionResult:
    """Evaluate a condition on the blocks that an argument of this one names, if the code makes them."""
    beside = body.get(KEY)
    found, complete = beside.each_named(condition["named"], condition["type"]) if beside else ([], False)
    if not found:
        return said(condition["else"], body, place)
    answers = [_said_beside(condition["must"], one) for one in found]
    outcome = _every([*answers, *([] if complete else [said(condition["else"], body, place)])])
    if outcome.result == FAILED:
        outcome = _decided_beside(outcome, condition["type"], zip(found, answers, strict=True))
    return replace(outcome, keys=_naming(condition["named"], body, place, outcome, answers))


def _naming(
    path: str, body: Body, place: str, outcome: ConditionResult, answers: Sequence[ConditionResult]
) -> tuple[str, ...]:
    """Return the places of the arguments whose blocks decided; of all, if it is not known which argument names which
    block.
    """
    places = [one.place for one in _values(body, path.split("."), place) if one.there]
    if len(places) < 2:
        return (f"{place}{path}",)
    if len(places) != len(answers):
        return tuple(places)
    return tuple(at for at, answer in zip(places, answers, strict=True) if answer.result == outcome.result)


def _not_in_code(what: str) -> ConditionResult:
    return ConditionResult(UNKNOWN, (f"depends on a value that is not in the code: {what}",))


def _elsewhere(condition: Mapping[str, Any], body: Body, _place: str) -> ConditionResult:
    """Return the place that decides instead; if an argument names it, with the input of the code that it comes from."""
    what = condition["elsewhere"]
    inputs = [why.removeprefix(UNRESOLVED) for why in unresolved(body.get(what))]
    return _not_in_code(f"{what} ({', '.join(inputs)})" if inputs else what)


_FORMS: Mapping[str, Callable[[Mapping[str, Any], Body, str], ConditionResult]] = {
    "distinct": _of_several,
    "ranges": _of_ranges,
    "at": _of_value,
    "each": partial(_of_blocks, "each", _every),
    "some": partial(_of_blocks, "some", _one_of),
    "values": _of_values,
    "tag": _of_tag,
    "all": lambda condition, body, place: _every(said(part, body, place) for part in condition["all"]),
    "any": lambda condition, body, place: _one_of(said(part, body, place) for part in condition["any"]),
    "if": _of_case,
    "beside": _of_beside,
    "named": _of_named,
    "elsewhere": _elsewhere,
    "of_stack": lambda condition, _body, _place: ConditionResult(UNKNOWN, (f"{OF_STACK}{condition['of_stack']}",)),
    "called": _of_name,
}
