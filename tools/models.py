"""The facts in AWS's models about the operations that collectors call, so that no addition goes unnoticed.

A release of botocore may add a parameter without which a listing leaves something out, a member that changes the
meaning of others, or a value that a condition does not know. `tests/content/models.lock` has the hashes of all members
and values of the structures that these operations send and answer, a line for each operation: enough to name the new
ones. In `tests/content/models.yaml`, `new` states what became of each addition of a release to an operation. `left_out`
states why the collectors do not request what a listing leaves out by default, as far as a pattern finds it in AWS's
texts. `python -m tools.models` prints what `new` does not name, and otherwise writes the lock anew from the installed
models. An operation that the lock does not have needs no review: the person who added its call has read it.
"""

from __future__ import annotations

import re
import sys
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from preuve.library.iam.permissions import calls
from preuve.library.load import load_library
from preuve.library.validation.rules import Needs
from preuve.library.validation.shapes import service_model
from preuve.library.yaml.documents import parse
from preuve.library.yaml.place import content_root
from preuve.model.content import Call, Library

LOCK, REVIEWED = "tests/content/models.lock", "tests/content/models.yaml"
_SIZE = (
    3  # bytes of a hash: with a few hundred per operation, at most one new one in ten thousand is taken for a known one
)
_TAG = re.compile(r"<[^>]*>")
_INCLUDES = re.compile(r"(?i)include|show")
_OMITS = re.compile(
    r"(?i)\b(by default|default filtering|defaults? (is|to)|if (it is|you) (omit|not (set|specified)|do not|don't))"
    r"[^.]{0,160}\b(only|not|n't|no|omit|exclud)|even if [^.]{0,60}\bhidden|default: no\b|blank to return only"
    r"|\bonly [^.]{0,80}by default|specif[^.]{0,60}\b(uses|defaults to) [a-z]+\b"
)
Operation = tuple[str, str]  # its service and its name
Said = Mapping[Operation, frozenset[str]]  # its members and values
Locked = Mapping[Operation, frozenset[bytes]]  # their hashes


def called(library: Library) -> tuple[Call, ...]:
    """Return every call that a collector can make."""
    everything = {
        name: frozenset({*declared.details, *declared.fallback, *declared.relations})
        for name, declared in library.types.items()
    }
    return tuple(calls(library, Needs(everything)))


def said(operations: Iterable[Operation]) -> Said:
    """Return the members and values of all structures that operations send or answer."""
    return {operation: frozenset(_members(*operation)) for operation in set(operations)}


def _members(service: str, name: str) -> Iterator[str]:
    model = service_model(service).operation_model(name)
    for shape in filter(None, (model.input_shape, model.output_shape)):
        yield from _below(shape)


def left_out(found: Iterable[Call]) -> Iterator[str]:
    """Yield `service Operation.Parameter`, or `service Operation` if no parameter is named, for what these calls leave
    out by default, according to AWS's texts. A parameter that every call of an operation sends is not among them.
    """
    by_operation: dict[Operation, list[Call]] = defaultdict(list)
    for call in found:
        by_operation[call.service, call.operation].append(call)
    for (service, name), some in sorted(by_operation.items()):
        model = service_model(service).operation_model(name)
        sent = frozenset[str].intersection(*(frozenset({**call.const, **call.newer_const}) for call in some))
        given = model.input_shape.members if model.input_shape is not None else {}
        for parameter, shape in given.items():
            if parameter not in sent and (_INCLUDES.match(parameter) or _OMITS.search(_plain(shape.documentation))):
                yield f"{service} {name}.{parameter}"
        if any(_OMITS.search(sentence) for sentence in _plain(model.documentation).split(". ")):
            yield f"{service} {name}"


def _plain(html: str) -> str:
    return _TAG.sub("", html).replace("\n", " ")


def _below(root: Any) -> Iterator[str]:
    """Yield `Structure.Member` and `Type=VALUE` of a shape and of everything in it."""
    waiting, seen = [root], set()
    while waiting:
        shape = waiting.pop()
        if shape.name in seen:
            continue
        seen.add(shape.name)
        members = getattr(shape, "members", {})
        yield from (f"{shape.name}.{member}" for member in members)
        yield from (f"{shape.name}={value}" for value in getattr(shape, "enum", None) or ())
        waiting += [*members.values(), *(getattr(shape, part) for part in ("member", "value") if hasattr(shape, part))]


def unseen(now: Said, locked: Locked, reviewed: Collection[str]) -> list[str]:
    """Return the additions to a locked operation that are not reviewed, as `service Structure.Member`."""
    new = {
        f"{operation[0]} {name}"
        for operation, names in now.items()
        for name in names
        if operation in locked and hashed(name) not in locked[operation]
    }
    return sorted(new.difference(reviewed))


def read_lock() -> Locked:
    """Return the hashes of the known members and values, by operation."""
    lines = (content_root() / LOCK).read_text(encoding="utf-8").splitlines()
    return {(service, name): frozenset(_split(b64decode(text))) for service, name, text in map(str.split, lines)}


def read_reviewed() -> Mapping[str, Mapping[str, str]]:
    """Return `new` and `left_out`: the reviewed additions, and what became of them."""
    return dict(parse((content_root() / REVIEWED).read_text(encoding="utf-8"), REVIEWED).data)


def written(now: Said) -> str:
    """Return the lock."""
    hashes = {operation: b"".join(sorted(map(hashed, names))) for operation, names in sorted(now.items())}
    return "".join(f"{service} {name} {b64encode(text).decode()}\n" for (service, name), text in hashes.items())


def hashed(name: str) -> bytes:
    """Return the form of a member or value in the lock."""
    return sha256(name.encode()).digest()[:_SIZE]


def _split(joined: bytes) -> Iterator[bytes]:
    return (joined[start : start + _SIZE] for start in range(0, len(joined), _SIZE))


def main() -> int:
    """Write the lock; or return 1, and print what a release added and nobody has looked at."""
    now = said((call.service, call.operation) for call in called(load_library(None)))
    if new := unseen(now, read_lock(), read_reviewed()["new"]):
        print(*new, f"say in {REVIEWED} what becomes of each", sep="\n")
        return 1
    (content_root() / LOCK).write_text(written(now), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
