"""A template whose parts are in several files, which a build merges before CloudFormation gets it.

All parts are one below the other in one text, so that each line of the text belongs to one part.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from preuve.collect.code.job import Line
from preuve.collect.code.language.templates.resources import is_template
from preuve.collect.code.language.templates.source import FUNCTION, Block, Items, TemplateError, parse

_ABOUT = frozenset({"AWSTemplateFormatVersion", "Description", "Metadata"})  # of which the first one counts
_TRANSFORM = "Transform"
_PARAMETERS = "Parameters"
_SECTIONS = (_PARAMETERS, "Mappings", "Conditions", "Globals", "Outputs", "Rules")  # that a part may have alone


@dataclass(frozen=True)
class MergedTemplate:
    """The result of merging the parts of a template: their text, the template, and the line before each part."""

    name: str
    text: str
    template: Block
    files: tuple[str, ...]
    before: tuple[int, ...]

    def place(self, line: int) -> tuple[str, int]:
        """Return the file of a line of the text, and the line there; without a line, the name of the whole."""
        at = bisect_right(self.before, line - 1) - 1
        return (self.files[at], line - self.before[at]) if line > 0 else (self.name, line)

    def in_parts(self, lines: Iterable[Line]) -> Iterator[Line]:
        """Yield lines of the snapshot with the files and lines of the parts."""
        origin = re.compile(rf"\({re.escape(self.name)}:(\d+)\)")
        for line in lines:
            yield self._in_part(line, origin) if line["kind"] != "root" else self._counted(line)

    def _in_part(self, line: Line, origin: re.Pattern[str]) -> Line:
        file, first = self.place(line["line"])
        found = {**line, "file": file, "line": first}
        if "end_line" in line:
            found["end_line"] = line["end_line"] - line["line"] + first
        if "decided_at" in line:
            beside, at = self.place(line["decided_at"][0])
            found["decided_at"] = [at, line["decided_at"][1] - line["decided_at"][0] + at]
            found |= {"decided_in": beside} if beside != file else {}
        if "origins" in line:
            found["origins"] = {name: origin.sub(self._told, text) for name, text in line["origins"].items()}
        return found

    def _told(self, found: re.Match[str]) -> str:
        return "({}:{})".format(*self.place(int(found[1])))

    def _counted(self, line: Line) -> Line:
        unjudged = line.get("unjudged", {})
        placed = {kind: [count, *self.place(at), rests] for kind, (count, _, at, rests) in unjudged.items()}
        return {**line, "files": len(self.files), **({"unjudged": placed} if unjudged else {})}


def merged(name: str, parts: Mapping[str, str]) -> MergedTemplate:
    """Merge the parts of a template, by their files; a file that is no part is left out. Raises TemplateError if one
    cannot be read, or if two have something of the same name.
    """
    template, texts, files, before, lines = Block(), list[str](), list[str](), list[int](), 0
    for file, text in parts.items():
        part = parse("\n" * lines + text.lstrip("\ufeff"))
        if not isinstance(part, Block) or not _is_part(part):
            continue
        for section, content in part.items():
            _add(template, section, content, part.lines[section])
        files.append(file)
        before.append(lines)
        texts.append(text.lstrip("\ufeff").removesuffix("\n") + "\n")
        lines += len(texts[-1].splitlines())
    return MergedTemplate(name, "".join(texts), template, tuple(files), tuple(before))


def _is_part(value: Block) -> bool:
    """Return whether a mapping is a template, or has a section of one. Values of parameters are no section."""
    return is_template(value) or any(_is_section(name, value.get(name)) for name in _SECTIONS)


def _is_section(section: str, content: Any) -> bool:
    items = content.items() if isinstance(content, Block) else ()
    return any(
        name.startswith(FUNCTION) or (isinstance(item, Block) and (section != _PARAMETERS or "Type" in item))
        for name, item in items
    )


def _add(template: Block, section: str, content: Any, line: int) -> None:
    """Add a section of a part. Raises TemplateError if the template has something of the same name already."""
    known = template.get(section)
    if known is None:
        template.put(section, _copy(content), line)
    elif isinstance(known, Block) and isinstance(content, Block) and section not in _ABOUT:
        for name, item in content.items():
            if name in known and known[name] != item:
                raise TemplateError(f"two parts of one template define this name: {section}.{name}", line)
            known.put(name, item, content.lines.get(name, line))
    elif section == _TRANSFORM:
        of_both = [*_listed(known), *(one for one in _listed(content) if one not in _listed(known))]
        template.put(section, Items(of_both), template.lines[section])
    elif section not in _ABOUT:
        raise TemplateError(f"two parts of one template cannot be merged: {section}", line)


def _copy(content: Any) -> Any:
    if not isinstance(content, Block):
        return content
    copied = Block(content.line, content.end)
    for name, item in content.items():
        copied.put(name, item, content.lines.get(name, content.line))
    return copied


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]
