"""Finds templates of a workspace that are parts of one: each names things that it lacks, and another one has them.

CloudFormation refuses a template that names something that it does not have, so that a build has to merge such parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from preuve.collect.code.files.merged_templates import merged
from preuve.collect.code.language.templates.resources import is_template
from preuve.collect.code.language.templates.source import FUNCTION, Block, TemplateError, parse
from preuve.collect.code.language.templates.texts import SUBSTITUTION

_HAVING = ("Parameters", "Conditions", "Mappings", "Resources")
_NAMING = ("Conditions", "Globals", "Outputs", "Resources", "Rules")
_FIRST = ("Fn::FindInMap", "Fn::GetAtt", "Fn::If")  # of which the first argument is a name
_MADE_BY_SAM = "Serverless"  # `ServerlessRestApi`, and names that begin as that of the resource that they are made for


@dataclass(frozen=True)
class _Part:
    has: frozenset[str]
    lacks: frozenset[str]


def folders_of_parts(texts: Mapping[Path, str]) -> Iterator[Path]:
    """Yield the folders whose templates are all parts of one: the deepest above each part whose templates have
    everything that they name, nothing twice, and none without a relation to another.
    """
    parts = {path: part for path, text in texts.items() if (part := _part(text)) is not None}
    found: list[Path] = []
    for path, part in sorted(parts.items()):
        if part.lacks and not any(path.is_relative_to(folder) for folder in found):
            folder = next((above for above in path.parents if _is_one(above, parts, texts)), None)
            found += [folder] if folder is not None else []
    yield from (one for one in found if not any(one != other and one.is_relative_to(other) for other in found))


def _is_one(folder: Path, parts: Mapping[Path, _Part], texts: Mapping[Path, str]) -> bool:
    below = {path: part for path, part in parts.items() if path.is_relative_to(folder)}
    has, lacks = (frozenset().union(*(getattr(one, of) for one in below.values())) for of in ("has", "lacks"))
    if any(not _is_had(name, has) for name in lacks) or any(
        not (one.lacks or one.has & lacks) for one in below.values()
    ):
        return False
    try:
        merged("", {str(path): texts[path] for path in below})
    except TemplateError:
        return False
    return True


def _part(text: str) -> _Part | None:
    """Return what a template has and lacks; None if it is no template, or one that a macro completes."""
    try:
        template = parse(text)
    except TemplateError:
        return None
    if not isinstance(template, Block) or not is_template(template):
        return None
    sections = [section for name in _HAVING if isinstance(section := template.get(name), Block)]
    if any(name.startswith(FUNCTION) for section in (template, *sections) for name in section):
        return None
    has = frozenset(name for section in sections for name in section)
    named = {name for section in _NAMING for name in _named_in(template.get(section))}
    return _Part(has, frozenset(name for name in named if not _is_had(name, has)))


def _is_had(name: str, has: frozenset[str]) -> bool:
    return name in has or name.startswith(("AWS::", _MADE_BY_SAM)) or any(map(name.startswith, has))


def _named_in(value: Any) -> Iterator[str]:
    """Yield the names that functions and conditions use."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        yield from (name for item in value for name in _named_in(item))
    for key, item in value.items() if isinstance(value, Mapping) else ():
        if key in ("Ref", "Condition") and isinstance(item, str):
            yield item
        elif key in _FIRST and isinstance(item, Sequence):
            first = item.split(".", 1)[0] if isinstance(item, str) else item[0] if item else None
            yield from (first,) if isinstance(first, str) else ()
        elif key == "Fn::Sub":
            yield from _substituted(item)
        yield from _named_in(item)


def _substituted(written: Any) -> Iterator[str]:
    text, own = (written[0], written[1]) if isinstance(written, list) and len(written) == 2 else (written, {})
    for name in SUBSTITUTION.findall(text) if isinstance(text, str) and isinstance(own, Mapping) else ():
        if name not in own and not name.startswith("!"):
            yield name.split(".", 1)[0]
