"""The named values in XML: the text of an element, attributes, and a name with its value, whatever stands between."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple
from xml.parsers import expat

from preuve.library.words import words_of

_NAMES, _VALUES = (["name"], ["key"]), (["value"],)
_LIST, _FEWEST = "array", 2  # of a property list; items of one name that are a list by themselves
_PREDEFINED = re.compile(r"&(?:amp|lt|gt|quot|apos|#\w{1,8});")
_GROWTH = 4  # times that a document may grow by its own entities


class XmlValue(NamedTuple):
    """A value, the name that it has, and the line where its element begins; `text` is a list for items of one name."""

    line: int
    name: str
    text: str | list[str]


@dataclass
class _Element:
    tag: str
    line: int
    attributes: dict[str, str]
    text: str = ""
    inside: list[XmlValue] = field(default_factory=list)  # the elements that have only a text, or a list of texts


class _NotReadError(ValueError):
    pass


class _Reader:
    def __init__(self) -> None:
        self.found: list[XmlValue] = []
        self._open: list[_Element] = []
        self._left = 0  # signs that may still come
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.EntityDeclHandler = self._entity

    def read(self, text: str) -> None:
        self._left = _GROWTH * len(text)
        self._parser.Parse(text, True)

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        self._open.append(_Element(_local(tag), self._parser.CurrentLineNumber, attributes))

    def _text(self, text: str) -> None:
        self._left -= len(text)
        if self._left < 0:
            raise _NotReadError
        self._open[-1].text += text

    def _end(self, _tag: str) -> None:
        element = self._open.pop()
        line, text = element.line, element.text.strip()
        pairs = [(_local(name), value) for name, value in element.attributes.items()]
        own = [XmlValue(line, name, value) for name, value in pairs]
        if text and not element.inside:
            own.append(XmlValue(line, element.tag, text))
            pairs.append(("value", text))
            self._put_inside(own[-1])
        if listed := _texts_of_a_list(element):
            own.append(XmlValue(line, element.tag, listed))
            self._put_inside(own[-1])
        named = [XmlValue(line, name, value) for name, value in pairs]
        inside = element.inside
        if not any(map(_is_name, inside)):  # the name is an attribute, or the tag
            inside = [*filter(_is_name, named), *inside]
            inside = inside if any(map(_is_name, inside)) else [XmlValue(line, "name", element.tag), *inside]
        self.found += own + _paired(named) + _paired(inside) + _listed(element.inside)

    def _put_inside(self, value: XmlValue) -> None:
        if self._open:
            self._open[-1].inside.append(value)

    def _entity(self, _name: str, _is_parameter: bool, value: str | None, *_of_a_file: object) -> None:
        if value is None or "&" in _PREDEFINED.sub("", value):
            raise _NotReadError


def values_of(text: str) -> list[XmlValue] | None:
    """Return the named values of a document; None for what is no XML, and for entities of files or of each other."""
    reader = _Reader()
    try:
        reader.read(text)
    except (expat.ExpatError, _NotReadError, ValueError):
        return None
    return reader.found


def _texts_of_a_list(element: _Element) -> list[str]:
    """Return the texts of items that all have one name; none for other elements."""
    texts = [member.text for member in element.inside if isinstance(member.text, str)]
    is_one = len({member.name for member in element.inside}) == 1 and len(texts) == len(element.inside)
    return texts if is_one and (len(texts) >= _FEWEST or element.tag == _LIST) else []


def _paired(members: list[XmlValue]) -> list[XmlValue]:
    """Return the values of an element, under the name that another member gives them, in any order."""
    names = [member.text for member in members if _is_name(member) and isinstance(member.text, str)]
    values = [member for member in members if words_of(member.name)[-1:] in _VALUES]
    return [XmlValue(member.line, names[0], member.text) for member in values if len(names) == 1]


def _is_name(member: XmlValue) -> bool:
    return words_of(member.name)[-1:] in _NAMES


def _listed(members: list[XmlValue]) -> list[XmlValue]:
    """Return the values that each follow their name, as in a property list."""
    return [
        XmlValue(value.line, key.text, value.text)
        for key, value in pairwise(members)
        if key.name == "key" != value.name and isinstance(key.text, str)
    ]


def _local(name: str) -> str:
    return name.rpartition(":")[2]
