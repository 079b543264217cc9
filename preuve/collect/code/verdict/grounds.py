"""Hashes what a failure is based on, so that a second hole in a failing block differs from the first.

There is one hash for each deciding part (a rule, a statement, a value) with its context (ports, a protocol). Its place,
its order and the names of other blocks do not count.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from preuve.collect.code.language.hcl.data import PERHAPS
from preuve.collect.code.verdict.deciding_parts import granted, heaviest, is_denial, opened, statements_in, written_in
from preuve.collect.code.verdict.deciding_values import looked_at, plain, safe
from preuve.model.company.code import address_before
from preuve.model.company.grounds import Kind, ground
from preuve.model.grouping import grouped
from preuve.model.snapshot import HASH_LENGTH
from preuve.redact.secrets import in_map

_MOST = 200  # that are told apart
_MOST_RIGHTS = 60  # of one statement: of more, none is taken for a part of them
_LISTS = frozenset({"Action", "actions", "Resource", "resources"})
_WHO = frozenset({"Principal", "principals"})
_NUMBER = re.compile(r"/?\[\d+\]")
_REFERENCE = re.compile(r"\$\{[^{}]*\}")
_BESIDE = frozenset({"Sid", "sid", "description", "Description"})
# What says nothing of what a block is about.
_SAID_BESIDE = _BESIDE | {"tags", "tags_all", "Tags", "comment", "Comment", "name_prefix", "statement_id", "depends_on"}

# The last words of names of arguments that say which thing something is: what it is called, and where it is.
_NAMES = frozenset(
    {"name", "id", "identifier", "arn", "key", "path", "source", "bucket", "repository", "username", "account"}
    | {"domain", "host", "hostname", "url", "uri", "endpoint", "address", "server", "region", "location"}
)
# Lists that say where something is given to, or where it is valid.
_PLACES = re.compile(
    r"(?i).*(?:target|scope|stage|env|environment|branch|visibility|repositor|project|organization|team|account|region"
    r"|application|app|service)(?:y|s|es|ies)?(?:_?(?:ids?|names?|arns?))?"
)
# Of a part of a block also those of what it applies to, and of what it gives.
_NAMES_OF_PARTS = _NAMES | frozenset(
    {"pattern", "prefix", "field", "port", "protocol", "permission", "permissions", "value", "level"}
)
# The target to which a part passes traffic, which changes with each release: what fails is how the part receives it.
_PASSED_ON = frozenset({"target_group_arn", "TargetGroupArn", "target_origin_id", "TargetOriginId"})
_OF_MACHINES = frozenset({"ami", "image_id", "instance_type"})  # daily work, which changes nothing for what names them
_TYPES_OF_PARTS = frozenset({"log_type", "LogType"})
_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_LABELS = frozenset({"tags", "tags_all", "Tags"})

_CASELESS = re.compile(r"(?:(?:db_)?(?:cluster_)?(?:snapshot_)?identifier|DB(?:Instance|Cluster)Identifier)")
_HOLDERS = frozenset({"users", "groups", "roles", "Users", "Groups", "Roles"})  # lists of which none is ever missing

_Item = tuple[str, Any]
Ground = tuple[Kind, str]  # a text, and what it is to the failure


def grounds(attributes: Any, keys: Iterable[str]) -> tuple[str, ...]:
    """Return texts for what made a check on these keys fail, none if no key shows it. `hashed` makes hashes of them."""
    named = dict(value for key in keys for value in looked_at(attributes, key))
    beside: dict[str, list[_Item]] = defaultdict(list)
    texts: list[str] = []
    for name, value in {**named, **dict(_alike(attributes, named))}.items():
        at, statements = statements_in(name, value)
        if statements:
            texts += (text for one in _worst(statements, granted) for text in rights_of(at, one))
        else:
            above, _, last = name.rpartition(".")
            beside[above].append((last, plain(value)))
    together = (_together(above, items, _around(attributes, above, items)) for above, items in beside.items())
    return (*texts, *itertools.chain.from_iterable(together))


def keys_alike(attributes: Any, keys: Iterable[str]) -> list[str]:
    """Return the keys of the values elsewhere in a block that fail as those at some keys do."""
    named = dict(value for key in keys for value in looked_at(attributes, key))
    return [name.replace("[", ".").replace("]", "") for name, _ in _alike(attributes, named)]


def _alike(attributes: Any, found: Mapping[str, Any]) -> Iterator[_Item]:
    """Yield the values elsewhere in a block that fail as these do: a check may stop at the first of them. A check that
    looks at several values of a part (a range, its ports) fails for them together.
    """
    times = Counter(name.rpartition(".")[0] for name in found)
    alone = ((*name.rpartition("."), value) for name, value in found.items())
    failing = {(last, _canonical_text(value)) for above, _, last, value in alone if above and times[above] == 1}
    names = {name for name, _ in failing}
    for name, value in _below("", attributes) if failing else ():
        last = name.rpartition(".")[2]
        if name not in found and last in names and (last, _canonical_text(value)) in failing:
            yield name, value


def _canonical_text(value: Any) -> str:
    return json.dumps(_canonical(plain(value)), sort_keys=True, default=str)


def _below(above: str, value: Any) -> Iterator[_Item]:
    """Yield every argument in a block and in the blocks in it, with the names that `looked_at` gives them, and those of
    neighbouring blocks that are not set, as None.
    """
    if isinstance(value, list):
        blocks = [one for one in value if isinstance(one, Mapping)]
        names = {name for one in blocks for name in one}
        for number, one in enumerate(value):
            if isinstance(one, Mapping):
                missing = dict.fromkeys(names - one.keys())
                yield from _below(f"{above}[{number}]" if len(value) > 1 else above, {**missing, **one})
    elif isinstance(value, Mapping):
        for name, item in value.items():
            if not str(name).startswith("__"):
                at = f"{above}.{name}" if above else str(name)
                yield at, item
                yield from _below(at, item)


def _around(attributes: Any, above: str, items: list[_Item]) -> list[_Item]:
    """Return the names that stand beside deciding values in a part of a block, and around it: they say which part it
    is. What else stands there, such as the image of a container, the check did not read.
    """
    found: list[_Item] = []
    steps = above.split(".") if above else []
    for number in range(1, len(steps) + 1):
        at = ".".join(steps[:number])
        there = (plain(value) for _, value in looked_at(attributes, at.replace("[", ".").replace("]", "")))
        members = next((one for one in there if isinstance(one, Mapping)), {})
        judged = {name for name, _ in items} if at == above else set[str]()
        named = ((name, members[name]) for name in _names_in(steps[number - 1], members, judged))
        found += [(name, one) for name, one in named if name not in judged and _is_text(one)]
    return found


def _is_text(value: Any) -> bool:
    return all(isinstance(one, str) for one in _several(value))


def _names_in(part: str, members: Mapping[str, Any], judged: Collection[str]) -> Iterable[str]:
    """Return the names of the members that say which part of a block one is: of a tag that is its key."""
    if path_without_numbers(part) in _LABELS:
        return {"Key"} & members.keys() if "Value" in judged else ()
    named = (name for name in members if _is_name(name, _NAMES_OF_PARTS) or name in _TYPES_OF_PARTS)
    return (name for name in named if name not in _PASSED_ON)


def _is_name(name: str, words: Collection[str]) -> bool:
    return name not in _SAID_BESIDE and (_WORD.findall(name) or [""])[-1].casefold() in words


def grounds_of_names(
    attributes: Mapping[str, Any],
    keys: Iterable[str],
    *,
    whole: bool,
    lists: Collection[str],
    only: Collection[str] | None = None,
    named: bool = False,
    behind: Callable[[str], Iterable[str]] = lambda _: (),
) -> Iterator[Ground]:
    """Yield a ground for each thing that a failing block names beside what failed: the bucket of a policy, the role
    that rights are attached to. So a known failure that is directed at something else is another one. Of those that are
    `lists`, each item is a cause: fewer are no other ones.

    `whole`: all of the block, with documents, numbers and switches too, if no key shows what failed. `only`: by these
    arguments alone. `named`: by no list that names other things, for a failure that rests on no other argument.
    `behind` says what decides which thing an argument names, where its value is not known.
    """
    judged = {re.split(r"[/.\[]", key.removeprefix("Properties/"))[0] for key in keys}
    asked = {name for name in attributes if _names_something(name) and (whole or name not in judged)}
    asked &= asked if only is None else set(only)
    if named and only is None and not whole:
        asked = {name for name in asked if name not in lists or _PLACES.fullmatch(name)}
    members = ((name, plain(value)) for name, value in attributes.items() if name in asked)
    for name, value in members:
        kind = Kind.CAUSE if name in lists and not whole else Kind.PLACE
        for one in _several(value):
            if only is not None:  # neither its own name nor a parent's is a secret
                yield from ((kind, f"{name} {_as_called(name, one)}"),) if isinstance(one, str | float | int) else ()
                yield from ((kind, text_of(name, one, plainly=True)),) if isinstance(one, Mapping) else ()
            elif whole or (isinstance(one, str) and not isinstance(opened(one), Mapping)):
                yield kind, text_of(name, one, plainly=True)
    yield from ((Kind.PLACE, f"{name} rests on\n{one}") for name in sorted(asked) for one in behind(name))


def _as_called(name: str, one: Any) -> Any:
    """Return the value of argument `name` as AWS stores it: identifiers of databases in small letters."""
    caseless = isinstance(one, str) and "${" not in one and _CASELESS.fullmatch(name) is not None
    return one.casefold() if caseless else one


def _names_something(name: str) -> bool:
    return not name.startswith("__") and not name.endswith("_") and name not in _SAID_BESIDE


def contents(type_: str, body: Mapping[str, Any]) -> Iterator[str]:
    """Yield a text for each thing that stands in a block: an argument, or each item of a list and each block."""
    for name, value in body.items():
        if _names_something(name) and name not in _OF_MACHINES:
            yield from (text_of(f"{type_}.{name}", one) for one in _several(plain(value)))


def grounds_of(name: str, contents: Iterable[Any]) -> tuple[str, ...]:
    """Return a hash for each of the contents of things of one name, such as the blocks of a type."""
    return hashed(text_of(name, content) for content in contents)


def hashes_of(contents: Iterable[Any]) -> tuple[str, ...]:
    """Return a hash for each of some contents that nothing examines: all of it counts, also order and case."""
    return _hashes(json.dumps(plain(content), sort_keys=True, default=str) for content in contents)


def hashed(texts: Iterable[str], kind: Kind = Kind.CAUSE) -> tuple[str, ...]:
    """Return grounds of a kind for texts, as hashes."""
    return tuple(ground(kind, digest) for digest in _hashes(texts))


def hashed_by_kind(grounds: Iterable[Ground]) -> tuple[str, ...]:
    """Return grounds of several kinds as hashes."""
    return tuple(one for kind, texts in grouped(grounds).items() for one in hashed(texts, kind))


def _hashes(texts: Iterable[str]) -> tuple[str, ...]:
    """Return sorted short hashes of texts, two for a text that occurs twice, one in total for very many texts."""
    found = sorted(f"{text}\n{number}" for text, times in Counter(texts).items() for number in range(times))
    return tuple(sorted(map(_hash, found if len(found) <= _MOST else ["\0".join(found)])))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:HASH_LENGTH]


def path_without_numbers(path: str) -> str:
    """Return a path without item numbers, which change when an item is added before."""
    return _NUMBER.sub("", path)


def _together(above: str, items: list[_Item], around: list[_Item]) -> Iterator[str]:
    """Yield each deciding value of one part, with the minor values beside it. If all are minor, each decides, and of a
    list all items together: one that is taken away may be the one that is missing.
    """
    parts = [(name, one, heaviest("", one)) for name, value in items for one in _several(opened(value))]
    most = max(weight for _, _, weight in parts)
    if most <= 1:
        deciding = [(name, one) for name, value in items for one in _parts(name, value)]
        beside = []
    else:
        deciding = [(name, one) for name, one, weight in parts if weight * 2 >= most and weight > 1]
        beside = [it for it in items if heaviest("", it[1]) <= 1 and not isinstance(it[1], list)]
    context = sorted(text_of(name, value) for name, value in (*beside, *around))
    for name, one in deciding:
        yield "\n".join((path_without_numbers(above), text_of(name, one), *context))


def texts_of(name: str, value: Any) -> Iterator[str]:
    """Yield the texts of an argument that decides as a whole."""
    return (text_of(name, one) for one in _parts(name, plain(value)))


def _parts(name: str, value: Any) -> list[Any]:
    return _several(value) if name in _HOLDERS else [value]


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) and value else [value]


def _worst(statements: list[Any], weight: Any) -> list[Any]:
    """Return the statements that grant about as much as the widest one."""
    most = max(map(weight, statements))
    return [one for one in statements if weight(one) * 2 >= most]


def restraints(attributes: Any, keys: Iterable[str]) -> Iterator[str]:
    """Yield a text for each right that the documents at these keys deny, and that they perhaps deny: what is surely
    denied is more than what a loop may deny.
    """
    named = dict(value for key in keys for value in looked_at(attributes, key))
    for name, value in named.items():
        at, statements = written_in(name, value)
        for one in statements:
            said = one.get(PERHAPS, one) if isinstance(one, Mapping) else one
            for text in rights_of(at, said) if is_denial(said) else ():
                yield from (f"perhaps {text}",) if said is not one else (text, f"perhaps {text}")


def rights_of(name: str, statement: Any) -> Iterator[str]:
    """Yield a text for each right of a statement: an action on a resource for a principal under its conditions. So
    fewer of them are no other ones.
    """
    whole = plain(statement)
    members = whole.items() if isinstance(whole, Mapping) else ()
    parts = [[(key, one) for one in _each(key, value)] for key, value in members]
    if parts and math.prod(map(len, parts)) <= _MOST_RIGHTS:
        yield from (text_of(name, dict(right)) for right in itertools.product(*parts))
    else:
        yield text_of(name, statement)


def _each(key: str, value: Any) -> list[Any]:
    """Return the values that a member of a statement allows one by one."""
    if key in _LISTS:
        return _several(value)
    return [one for part in _several(value) for one in _principals(part)] if key in _WHO else [value]


def _principals(part: Any) -> list[Any]:
    if not isinstance(part, Mapping) or not part:
        return [part]
    if "identifiers" in part:
        return [{**part, "identifiers": one} for one in _several(part["identifiers"])]
    pairs = ((kind, one) for kind, names in part.items() for one in _several(names))
    return ["*" if (kind, one) == ("AWS", "*") else {kind: one} for kind, one in pairs]


def text_of(name: str, value: Any, *, plainly: bool = False) -> str:
    """Return a text for a named value that does not depend on its place; `plainly`: with the names of people in it."""
    last = re.split(r"[/.]", name)[-1]
    kept = plain(value) if plainly and not in_map({last: str(value)}) else safe(last, plain(value))
    content = json.dumps(_canonical(kept), ensure_ascii=False, sort_keys=True, default=str)
    return f"{path_without_numbers(name)} {content}"


def renamed(text: str, key: str, moves: Mapping[str, str]) -> str:
    """Return a text with the blocks that it refers to under their earlier addresses, and without `key`, that of the
    instance which refers to them: with `for_each` in place of `count` it refers to the same ones.
    """
    earlier = {_unquoted(now): _unquoted(then) for now, then in moves.items()}  # as references are written here
    own = _unquoted(key)

    def told(found: re.Match[str]) -> str:
        address = _unquoted(found[0][2:-1])
        return f"${{{address_before(address.replace(own, '') if own else address, earlier)}}}"

    return _REFERENCE.sub(told, text)


def _unquoted(address: str) -> str:
    return address.replace('"', "").replace("\\", "")


def _canonical(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _canonical(item) for key, item in value.items() if key not in _BESIDE}
    if isinstance(value, list):
        return sorted((_canonical(item) for item in value), key=repr)
    return value if value is None else str(value).casefold()
