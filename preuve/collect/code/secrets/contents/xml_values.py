"""The named values in XML: the text of an element, attributes, and a name with its value, whatever stands between."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple
from xml.parsers import expat

from preuve.library.words import words_of

_NAMES, _VALUES = (["name"], ["key"]), (["value"],)


class XmlValue(NamedTuple):
    """A value, the name that it has, and the line where its element begins."""

    line: int
    name: str
    text: str


@dataclass
class _Element:
    tag: str
    line: int
    attributes: dict[str, str]
    text: str = ""
    inside: list[XmlValue] = field(default_factory=list)  # the elements that have only a text


class _DeclaresEntityError(ValueError):
    pass


class _Reader:
    def __init__(self) -> None:
        self.found: list[XmlValue] = []
        self._open: list[_Element] = []
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.EntityDeclHandler = self._entity

    def read(self, text: str) -> None:
        self._parser.Parse(text, True)

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        self._open.append(_Element(_local(tag), self._parser.CurrentLineNumber, attributes))

    def _text(self, text: str) -> None:
        self._open[-1].text += text

    def _end(self, _tag: str) -> None:
        element = self._open.pop()
        line, text = element.line, element.text.strip()
        pairs = [(_local(name), value) for name, value in element.attributes.items()]
        own = [XmlValue(line, name, value) for name, value in pairs]
        if text and not element.inside:
            own.append(XmlValue(line, element.tag, text))
            pairs.append(("value", text))
            if self._open:
                self._open[-1].inside.append(own[-1])
        named = [XmlValue(line, name, value) for name, value in pairs]
        inside = element.inside
        if not any(map(_is_name, inside)):  # the name is an attribute, or the tag
            inside = [*filter(_is_name, named), *inside]
            inside = inside if any(map(_is_name, inside)) else [XmlValue(line, "name", element.tag), *inside]
        self.found += own + _paired(named) + _paired(inside) + _listed(element.inside)

    def _entity(self, *_of_one: object) -> None:
        raise _DeclaresEntityError


def values_of(text: str) -> list[XmlValue] | None:
    """Return the named values of a document; None for what is no XML, and for what declares entities of its own."""
    reader = _Reader()
    try:
        reader.read(text)
    except (expat.ExpatError, _DeclaresEntityError, ValueError):
        return None
    return reader.found


def _paired(members: list[XmlValue]) -> list[XmlValue]:
    """Return the values of an element, under the name that another member gives them, in any order."""
    names = [member.text for member in members if _is_name(member)]
    values = [member for member in members if words_of(member.name)[-1:] in _VALUES]
    return [XmlValue(member.line, names[0], member.text) for member in values if len(names) == 1]


def _is_name(member: XmlValue) -> bool:
    return words_of(member.name)[-1:] in _NAMES


def _listed(members: list[XmlValue]) -> list[XmlValue]:
    """Return the values that each follow their name, as in a property list."""
    pairs = pairwise(members)
    return [XmlValue(value.line, key.text, value.text) for key, value in pairs if key.name == "key" != value.name]


def _local(name: str) -> str:
    return name.rpartition(":")[2]
