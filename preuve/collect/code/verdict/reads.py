"""A block that records what a check reads of it.

The verdict of a check follows only from what it read: an unknown value that it never read cannot have changed the
verdict. Every way to read a map or a list is recorded here; a way that returns everything counts as reading
everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, KeysView, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, SupportsIndex

from preuve.collect.code.verdict.marks import OPEN, is_marked

_MAKERS = "dynamic"  # the key of blocks whose number is not known


@dataclass
class Reads:
    """The unknown values that a check read: leaves by their path, and kinds of blocks that may exist."""

    leaves: set[tuple[tuple[str, ...], str]] = field(default_factory=set)
    open: set[str] = field(default_factory=set)


def tracked(body: Mapping[str, Any]) -> tuple[dict[str, Any], Reads]:
    """Return a block to be given to a check, and what the check will have read of it."""
    reads = Reads()
    return TrackedMap(body, reads, ()), reads


def read_of(value: Any, path: tuple[str, ...] = ()) -> Reads:
    """Return the reads of a check that read all of a value."""
    reads = Reads()
    _note(value, reads, path)
    return reads


def without_makers(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a body without the placeholders for blocks that may exist."""
    return {key: value for key, value in body.items() if key not in (_MAKERS, OPEN)}


def labels(body: Any) -> frozenset[str]:
    """Return the kinds of blocks that a body may hold, it is not known how often."""
    makers = body.get(_MAKERS) if isinstance(body, Mapping) else None
    found = makers if isinstance(makers, list) else [makers]
    return frozenset(str(label) for maker in found if isinstance(maker, Mapping) for label in maker)


def _note(value: Any, reads: Reads, path: tuple[str, ...]) -> None:
    if isinstance(value, str):
        if is_marked(value):
            reads.leaves.add((path, value))
    elif isinstance(value, Mapping):
        reads.open |= labels(value)
        for key, item in dict.items(value) if isinstance(value, dict) else value.items():
            if key != _MAKERS:
                _note(item, reads, (*path, str(key)))
    elif isinstance(value, list | tuple | set):
        for item in list.__iter__(value) if isinstance(value, list) else value:
            _note(item, reads, path)


class _Tracked:
    """What a map and a list of a block have in common: to look at one as a whole reads all of it."""

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment] # as that of a dict and a list

    def _all(self) -> None:
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        self._all()
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __repr__(self) -> str:
        self._all()
        return super().__repr__()

    __str__ = __repr__

    def __reduce_ex__(self, _: SupportsIndex) -> Any:
        return self.__reduce__()

    def __deepcopy__(self, _: Any) -> Any:
        return _deep(self)


class TrackedMap(_Tracked, dict[str, Any]):
    """A map of a block."""

    __slots__ = ("_labels", "_path", "_reads", "_rest")

    def __init__(
        self,
        body: Mapping[str, Any] = MappingProxyType({}),
        reads: Reads | None = None,
        path: tuple[str, ...] = (),
        open_: frozenset[str] | None = None,
    ) -> None:
        super().__init__(without_makers(body))
        self._rest = body.get(OPEN)  # what else it may hold
        self._reads, self._path = reads or Reads(), path  # a library that makes another one like this gives neither
        self._labels = labels(body) if open_ is None else open_

    def _seen(self, key: Any, value: Any) -> Any:
        if key in self._labels:
            self._reads.open.add(key)
        return _wrapped(value, self._reads, (*self._path, str(key)))

    def _all(self) -> None:
        self._structure()
        _note(self, self._reads, self._path)

    def _structure(self) -> None:
        self._reads.open |= self._labels
        self._missed()

    def _missed(self) -> None:
        """Note that something was looked for that may be there."""
        if self._rest is not None:
            self._reads.leaves.add(((*self._path, OPEN), self._rest))

    def __bool__(self) -> bool:
        if not super().__len__():  # as far as it is known: a check then looks no further
            self._structure()
        return super().__len__() > 0

    def __len__(self) -> int:
        self._missed()
        return super().__len__()

    def __getitem__(self, key: str) -> Any:
        if key in self._labels:
            self._reads.open.add(key)
        if not super().__contains__(key):
            self._missed()
        return self._seen(key, super().__getitem__(key))

    def get(self, key: str, default: Any = None) -> Any:
        """Do as a dict, and note what is read."""
        if key in self._labels:
            self._reads.open.add(key)
        if super().__contains__(key):
            return self._seen(key, super().__getitem__(key))
        self._missed()
        return default

    def __contains__(self, key: object) -> bool:
        if key in self._labels:
            self._reads.open.add(str(key))
        found = super().__contains__(key)
        if not found:
            self._missed()
        if found and is_marked(super().__getitem__(str(key))):  # it is not known whether it exists
            self._seen(key, super().__getitem__(str(key)))
        return found

    def __iter__(self) -> Iterator[str]:
        self._structure()
        return super().__iter__()

    def keys(self) -> Any:
        """Do as a dict, and note what is read: one name, or all of them."""
        return _Names(self)

    def values(self) -> Any:
        """Do as a dict, and note what is read."""
        return [value for _, value in self.items()]

    def items(self) -> Any:
        """Do as a dict, and note what is read."""
        self._structure()
        return [(key, self._seen(key, value)) for key, value in super().items()]

    def pop(self, key: str, *default: Any) -> Any:
        """Do as a dict, and note what is read."""
        found = self._seen(key, super().__getitem__(key)) if super().__contains__(key) else None
        super().pop(key, *default)
        return found if found is not None else (default[0] if default else None)

    def copy(self) -> dict[str, Any]:
        """Do as a dict, and note what is read."""
        return dict(self.items())

    def setdefault(self, key: str, default: Any = None) -> Any:
        """Do as a dict, and note what is read."""
        return self._seen(key, super().setdefault(key, default))

    def __or__(self, other: Any) -> Any:
        return self.copy() | other

    def __ror__(self, other: Any) -> Any:
        return other | self.copy()

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (self.items(),)

    def __copy__(self) -> dict[str, Any]:
        return self.copy()


class _Names(KeysView[str]):
    """The names in a map: to ask for one of them reads no other."""

    def __len__(self) -> int:
        return sum(1 for _ in self)  # a list would ask for the length first


class TrackedList(_Tracked, list[Any]):
    """A list of a block."""

    __slots__ = ("_path", "_reads")

    def __init__(self, items: Iterable[Any] = (), reads: Reads | None = None, path: tuple[str, ...] = ()) -> None:
        super().__init__(items)
        self._reads, self._path = reads or Reads(), path

    def _seen(self, value: Any) -> Any:
        return _wrapped(value, self._reads, self._path)

    def _all(self) -> None:
        _note(self, self._reads, self._path)

    def __getitem__(self, place: Any) -> Any:
        found = super().__getitem__(place)
        return [self._seen(item) for item in found] if isinstance(place, slice) else self._seen(found)

    def __iter__(self) -> Iterator[Any]:
        return (self._seen(item) for item in super().__iter__())

    def __bool__(self) -> bool:
        """Return whether an argument is set: the list around a value that may be null does not tell."""
        if len(self) == 1:
            self._seen(super().__getitem__(0))
        return len(self) > 0

    def __reversed__(self) -> Iterator[Any]:
        return iter(list(self)[::-1])

    def __contains__(self, value: object) -> bool:
        self._all()
        return super().__contains__(value)

    def index(self, value: Any, *places: Any) -> int:
        """Do as a list, and note what is read."""
        self._all()
        return super().index(value, *places)

    def count(self, value: Any) -> int:
        """Do as a list, and note what is read."""
        self._all()
        return super().count(value)

    def pop(self, place: SupportsIndex = -1) -> Any:
        """Do as a list, and note what is read."""
        return self._seen(super().pop(place))

    def copy(self) -> list[Any]:
        """Do as a list, and note what is read."""
        return list(self)

    def sort(self, **how: Any) -> None:
        """Do as a list, and note what is read."""
        self._all()
        super().sort(**how)

    def __add__(self, other: Any) -> Any:
        return list(self) + other

    def __radd__(self, other: Any) -> Any:
        return other + list(self)

    def __mul__(self, times: SupportsIndex) -> Any:
        return list(self) * times

    def __lt__(self, other: Any) -> bool:
        self._all()
        return super().__lt__(other)

    def __gt__(self, other: Any) -> bool:
        self._all()
        return super().__gt__(other)

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (list(self),)

    def __copy__(self) -> list[Any]:
        return list(self)


def _deep(value: Any) -> Any:
    """Return a copy that is changed at will and goes on to note what is read."""
    if isinstance(value, TrackedMap):
        plain = {key: _plain(item) for key, item in dict.items(value)}
        rest = {} if value._rest is None else {OPEN: value._rest}
        return TrackedMap(plain | rest, value._reads, value._path, value._labels)
    return TrackedList([_plain(item) for item in list.__iter__(value)], value._reads, value._path)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in dict.items(value)}
    return [_plain(item) for item in list.__iter__(value)] if isinstance(value, list) else value


def _wrapped(value: Any, reads: Reads, path: tuple[str, ...]) -> Any:
    if isinstance(value, TrackedMap | TrackedList):
        return value
    if isinstance(value, dict):
        return TrackedMap(value, reads, path)
    if isinstance(value, list):
        return TrackedList(value, reads, path)
    if is_marked(value):
        reads.leaves.add((path, value))
    return value
