"""A resource while it is being read: what calls said of it so far, not redacted yet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from preuve.collect.answer import take
from preuve.collect.transforms import TransformError, at_path
from preuve.library.json_data import changed
from preuve.library.validation.shapes import steps
from preuve.model.content import Call, ResourceType
from preuve.model.snapshot import Unread

BRACED = re.compile(r"\{([\w.]+)\}")
_EVERYWHERE = ("arn:", "https://", "http://")
_PARTITIONS = (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("eusc-", "aws-eusc"))


def partition_of(region: str) -> str:
    """Return the partition of AWS that a region is in."""
    return next((partition for start, partition in _PARTITIONS if region.startswith(start)), "aws")


def names_everywhere(value: Any) -> bool:
    """Return whether a value is an ARN or the address of a page; AWS writes words in place of an ARN where there is
    none ("PendingConfirmation").
    """
    return isinstance(value, str) and value.startswith(_EVERYWHERE)


@dataclass
class RawResource:
    """One resource: its members, which of them are absent or unread, and the calls that said so."""

    data: dict[str, Any]
    region: str
    id: str = ""
    arn: str = ""
    parent: RawResource | None = None
    elsewhere: bool = False  # another unit reads it
    absent: set[str] = field(default_factory=set)
    unread: dict[str, Unread] = field(default_factory=dict)
    calls: dict[str, Sequence[str]] = field(default_factory=dict)
    listed: dict[str, Sequence[str]] = field(default_factory=dict)  # the calls of what the listing alone said

    def value(self, path: str) -> Any:
        """Return the value at a path of its members, or of its parents' (`Parent.Name`); None if there is none."""
        if path.startswith("Parent."):
            return self.parent.value(path.removeprefix("Parent.")) if self.parent else None
        value: Any = self.data
        for name in path.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        return value

    def add(self, declared: ResourceType, item: Mapping[str, Any]) -> None:
        """Add members. A member without the type that the collector declares is unread; the others stay."""
        self.absent |= {name for name, value in item.items() if value is None}
        self.data.update({name: value for name, value in item.items() if value is not None})
        for path, transform in declared.transforms.items():
            head = steps(path)[0][0]
            if head not in item:
                continue
            try:
                self.data = at_path(self.data, steps(path), transform)
            except TransformError as error:
                del self.data[head]
                self.unread[head] = Unread("not_understood", "TransformError", str(error))

    def fill(self, declared: ResourceType, item: Mapping[str, Any], calls: Sequence[str]) -> None:
        """Add what a call said of a listed one. Verdicts rest on that call, but for what the listing alone said."""
        self.listed |= {name: self.calls[""] for name in self.data if item.get(name) is None}
        self.add(declared, item)
        self.calls[""] = calls

    def decides(self, declared: ResourceType, member: str, call: Call) -> bool:
        """Return whether members that were read say what the call would answer; note it then, as said by their call."""
        return self._cannot_have(member, call) or self._is_known(declared, member, call)

    def _cannot_have(self, member: str, call: Call) -> bool:
        """Note that a member is not set where what it needs was read and is not there."""
        head = call.needs.partition(".")[0]
        if not head or not self._was_read(head) or self.value(call.needs) is not None:
            return False
        self.calls[member] = self.calls[head]
        self.absent.add(member)
        return True

    def _is_known(self, declared: ResourceType, member: str, call: Call) -> bool:
        """Note the value that a member has wherever others say what they say here."""
        if call.known is None:
            return False
        heads = [steps(path)[0][0] for path in call.known.where]
        if not all(map(self._was_read, heads)):
            return False
        held = {path: take(self.data, steps(path)) for path in call.known.where}
        if any(found not in (call.known.where[path], [call.known.where[path]]) for path, found in held.items()):
            return False
        try:
            value = changed(call.known.value, self._member)
        except KeyError:  # a member that it is made of was not read
            return False
        self.calls[member] = self.calls[heads[0]]
        self.add(declared, {member: value})
        return True

    def _member(self, value: Any) -> Any:
        """Return the member that a text names as `{Member}`; any other value as it is. Raises KeyError without one."""
        return self.data[value[1:-1]] if isinstance(value, str) and value.startswith("{") else value

    def _was_read(self, member: str) -> bool:
        return member in self.calls and member not in self.unread

    def names(self, declared: ResourceType) -> dict[str, str]:
        """Return what the resource is called, by the paths that its type declares; what has no value is left out. An
        ARN of its own is told alone.
        """
        first = self.value(declared.identity)
        alone = declared.arn == declared.identity and names_everywhere(first)
        paths = (declared.identity, *(() if alone else declared.beside or ())) if first else ()
        return {path: str(value) for path in paths if (value := self.value(path)) not in (None, "")}

    def arn_at(self, declared: ResourceType, account: str, region: str) -> str:
        """Return its ARN, as its type declares it; `region` is the one that was called."""
        if "{" not in declared.arn:
            return str(found) if names_everywhere(found := self.data.get(declared.arn)) else ""
        known = {"partition": partition_of(region), "region": region, "account": account}
        return BRACED.sub(lambda match: known.get(match[1]) or str(self.value(match[1]) or ""), declared.arn)
