"""Whether a body fits the output shape of its operation as AWS writes it: one walk for JSON and CBOR, one for XML.

botocore's parsers take what they can and leave out the rest: they turn a list that is a text into an empty list, and a
flag that is a word into `False`. This module refuses a body that does not fit before they see it. Members that the
shape does not have are ignored, because AWS adds members all the time.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

from botocore.utils import parse_timestamp

_NAMESPACE = re.compile(r"\{.*\}")
_BOOLEANS = frozenset({"true", "false"})
# Required by the model, but left out by AWS, as its reference of the operation says: the first page has no marker, and
# who is no member of GuardDuty's administrator has none.
_LEFT_OUT = frozenset({("ListHostedZonesResponse", "Marker"), ("GetAdministratorAccountResponse", "Administrator")})
_NOT_NUMBERS = frozenset({"NaN", "Infinity", "-Infinity"})  # texts for values that are no JSON number


class MisfitError(Exception):
    """A part of a body that its shape does not allow; `where` is the path to it."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where or 'the body'} {why}")


def in_body(shape: Any) -> dict[str, Any]:
    """Return the members of a structure that are written in the body, not in headers or the status."""
    return {name: member for name, member in shape.members.items() if "location" not in member.serialization}


def may_all_lack(shape: Any) -> bool:
    """Return whether AWS may leave out every member in the body, and with them the body."""
    return all((shape.name, name) in _LEFT_OUT for name in in_body(shape))


def _may_lack(shape: Any, name: str) -> bool:
    return name not in shape.required_members or (shape.name, name) in _LEFT_OUT


# ---- JSON ----------------------------------------------------------------------------------------------------------


def check_json(shape: Any, value: Any) -> None:
    """Refuse a JSON value that does not fit the shape; a null is a member that is not set."""
    _Values(_JSON_SCALARS).check(shape, value, "")


def check_cbor(shape: Any, value: Any) -> None:
    """Refuse a value of CBOR that does not fit the shape."""
    _Values(_CBOR_SCALARS).check(shape, value, "")


def nulls(shape: Any, value: Mapping[str, Any], where: str = "") -> Iterator[str]:
    """Yield the paths of the lists (with [] at their end) and structures that are null in an object.

    AWS writes null for a member that is not set, but never for an empty listing.
    """
    for name, member in in_body(shape).items():
        key = member.serialization.get("name", name)
        if member.type_name not in ("list", "structure") or key not in value:
            continue
        if value[key] is None:
            yield _below(where, name) + ("[]" if member.type_name == "list" else "")
        elif member.type_name == "structure" and not getattr(member, "is_document_type", False):
            yield from nulls(member, value[key], _below(where, name))


@dataclass(frozen=True)
class _Values:
    """The walk through a value; `scalars` are the forms of scalars in the protocol."""

    scalars: Mapping[str, tuple[Callable[[Any], bool], str]]

    def check(self, shape: Any, value: Any, where: str) -> None:
        if value is None or getattr(shape, "is_document_type", False):
            return
        if shape.type_name == "structure":
            self._structure(shape, value, where)
        elif shape.type_name == "list":
            _must(isinstance(value, list), where, "is no list")
            for item in value:
                # A few lists may hold null, which botocore does not read; none is of a service that collectors call.
                _must(item is not None, f"{where}[]", "is null")
                self.check(shape.member, item, f"{where}[]")
        elif shape.type_name == "map":
            _must(isinstance(value, dict), where, "is no map")
            for item in value.values():
                self.check(shape.value, item, f"{where}{{}}")
        else:
            fits, kind = self.scalars[shape.type_name]
            _must(fits(value), where, f"is no {kind}")

    def _structure(self, shape: Any, value: Any, where: str) -> None:
        _must(isinstance(value, dict), where, "is no object")
        for name, member in in_body(shape).items():
            key = member.serialization.get("name", name)
            if value.get(key) is None:
                _must(_may_lack(shape, name), where, f"lacks {key}")
            else:
                self.check(member, value[key], _below(where, key))
        if shape.is_tagged_union:
            given = sum(1 for key, item in value.items() if key != "__type" and item is not None)
            _must(given == 1, where, "is no union")


def _is_whole(value: Any) -> bool:
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return whole and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        return value in _NOT_NUMBERS
    return isinstance(value, int | float) and not isinstance(value, bool)


@lru_cache(maxsize=1 << 12, typed=True)
def time_of(value: Any) -> datetime:
    """Return a time as botocore reads it. Cached, because parsing is slow and happens twice: here and when the answer
    is read.
    """
    read: datetime = parse_timestamp(value)
    return read


def _is_time(value: Any) -> bool:
    if not isinstance(value, int | float | str) or isinstance(value, bool):
        return False
    try:
        time_of(value)
    except (ValueError, TypeError, OverflowError, OSError, RuntimeError):
        return False
    return True


def _is_base64(value: Any) -> bool:
    try:
        return isinstance(value, str) and base64.b64decode(value) is not None
    except ValueError:
        return False


# ---- XML -----------------------------------------------------------------------------------------------------------


def tag(node: Element) -> str:
    """Return the name of an element without its namespace."""
    return _NAMESPACE.sub("", node.tag)


def check_xml(shape: Any, node: Element, where: str = "") -> None:
    """Refuse an element that does not fit the shape."""
    if shape.type_name in _XML:
        _XML[shape.type_name](shape, node, where)
        return
    fits, kind = _XML_SCALARS[shape.type_name]
    _must(len(node) == 0 and fits(node.text or ""), where, f"is no {kind}")


def known_children(shape: Any, node: Element) -> int:
    """Count the children of an element that are members of the structure."""
    names = {_element_name(name, member) for name, member in in_body(shape).items()}
    return sum(1 for child in node if tag(child) in names)


def _xml_structure(shape: Any, node: Element, where: str) -> None:
    _must_hold_no_text(node, where)
    children: dict[str, list[Element]] = {}
    for child in node:
        children.setdefault(tag(child), []).append(child)
    for name, member in in_body(shape).items():
        if member.serialization.get("xmlAttribute"):
            continue
        key = _element_name(name, member)
        found = children.get(key, [])
        flattened = bool(member.serialization.get("flattened"))
        if not found:
            _must(flattened or _may_lack(shape, name), where, f"lacks {key}")
        elif flattened:
            _xml_flattened(member, found, _below(where, key))
        else:
            _must(len(found) == 1, _below(where, key), "is there more than once")
            check_xml(member, found[0], _below(where, key))


def _xml_flattened(shape: Any, nodes: list[Element], where: str) -> None:
    """Check a list or map whose items are written directly in the structure."""
    for node in nodes:
        if shape.type_name == "list":
            check_xml(shape.member, node, f"{where}[]")
        else:
            _xml_entry(shape, node, where)


def _xml_list(shape: Any, node: Element, where: str) -> None:
    _must_hold_no_text(node, where)
    name = shape.member.serialization.get("name") or "member"
    for child in node:
        _must(tag(child) == name, where, "is no list")
        check_xml(shape.member, child, f"{where}[]")


def _xml_map(shape: Any, node: Element, where: str) -> None:
    _must_hold_no_text(node, where)
    for entry in node:
        _must(tag(entry) == "entry", where, "is no map")
        _xml_entry(shape, entry, where)


def _xml_entry(shape: Any, entry: Element, where: str) -> None:
    """Check one pair of a map. botocore stops at other elements, and reuses the last value if one is missing."""
    names = [item.serialization.get("name") or plain for item, plain in ((shape.key, "key"), (shape.value, "value"))]
    _must(sorted(tag(child) for child in entry) == sorted(names), where, "is no map")
    for child in entry:
        check_xml(shape.key if tag(child) == names[0] else shape.value, child, f"{where}{{}}")


def _element_name(name: str, member: Any) -> str:
    """Return the element name that botocore's parser expects for a member; a flattened list has the name of its
    items.
    """
    if member.type_name == "list" and member.serialization.get("flattened"):
        inner = member.member.serialization.get("name")
        if inner is not None:
            return str(inner)
    return str(member.serialization.get("name") or name)


def _converts(kind: type[int] | type[float]) -> Callable[[str], bool]:
    def fits(text: str) -> bool:
        try:
            kind(text)
        except ValueError:
            return False
        return True

    return fits


def _must_hold_no_text(node: Element, where: str) -> None:
    texts = [node.text, *(child.tail for child in node)]
    _must(not any(text and text.strip() for text in texts), where, "holds a text")


# ---- both ----------------------------------------------------------------------------------------------------------


def _must(holds: bool, where: str, why: str) -> None:
    if not holds:
        raise MisfitError(where, why)


def _below(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


_XML: Mapping[str, Callable[[Any, Element, str], None]] = {
    "structure": _xml_structure,
    "list": _xml_list,
    "map": _xml_map,
}
_TEXT = (lambda value: isinstance(value, str), "text")
_FLAG = (lambda value: isinstance(value, bool), "flag")
_WHOLE, _NUMBER = (_is_whole, "whole number"), (_is_number, "number")
_JSON_SCALARS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    **dict.fromkeys(("string", "character"), _TEXT),
    **dict.fromkeys(("integer", "long", "biginteger"), _WHOLE),
    **dict.fromkeys(("float", "double", "bigdecimal"), _NUMBER),
    "boolean": _FLAG,
    "timestamp": (_is_time, "time"),
    "blob": (_is_base64, "base64"),
}
_CBOR_SCALARS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    **_JSON_SCALARS,
    **dict.fromkeys(
        ("float", "double", "bigdecimal"),
        (lambda value: isinstance(value, int | float) and not isinstance(value, bool), "number"),
    ),
    "timestamp": (lambda value: isinstance(value, datetime), "time"),
    "blob": (lambda value: isinstance(value, bytes), "bytes"),
}
_XML_SCALARS: Mapping[str, tuple[Callable[[str], bool], str]] = {
    **_JSON_SCALARS,
    **dict.fromkeys(("integer", "long", "biginteger"), (_converts(int), "whole number")),
    **dict.fromkeys(("float", "double", "bigdecimal"), (_converts(float), "number")),
    "boolean": (_BOOLEANS.__contains__, "flag"),
}
