"""The bundled texts, in all languages. A word in them is not taken for somebody's user name, nor a phrase for a name.
Also all shipped texts that go into bundles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

import preuve
from preuve.library.yaml.place import FOLDERS, content_root
from preuve.model import snapshot

_TEXTS = ("controls/*/*.yaml", "controls/*.yaml", "reports/locales/*.yaml", "reports/errors/*.yaml")
_COLLECTORS = ("scanners/aws/*.yaml", "scanners/github/*.yaml")
_CONDITIONS = "policies/*/*.yaml"
_COMPARED = ("policies/params.yaml", "scanners/reference/*.yaml")  # beside their literals, what conditions compare with
_SHARED = "policies/shared.yaml"
_READER = "documents"  # the package that reads AWS's policy documents
# Shipped files that are never written into a bundle: the texts of the command line and of new workspaces, and the
# lists and examples that name people.
_UNWRITTEN = frozenset({"words", "examples", "help", "workspace", "README.md"})
_WRITERS = ("model", "collect", "snapshot", "assess", "publish", "evidence")  # packages whose own words stand in files
_PROGRAM = Path(preuve.__file__).parent
_WORD = re.compile(r"[^\W\d_]{3,}")
_COMMENT = re.compile(r"(?m)^\s*#.*$")
_SECTION = re.compile(r"(?m)^(?:aws|github|shared):\n((?:(?:[ #-].*)?\n)+)")  # of a policy: with its conditions
_LITERAL = re.compile(r'"([^"\n]*)"')
_MEMBER = re.compile(r"\.\??([A-Z]\w+)")


@cache
def own_texts() -> str:
    """Return the texts of bundled controls, policies and reports, each on one line."""
    found = (path.read_text(encoding="utf-8", errors="ignore") for path in _files((*_TEXTS, "policies/*/*.yaml")))
    return "\n".join(" ".join(text.split()) for text in found)


@cache
def vocabulary() -> frozenset[str]:
    """Return the words of three letters and more, in lower case."""
    texts = (path.read_text(encoding="utf-8", errors="ignore").lower() for path in _files(_TEXTS))
    return frozenset(word for text in texts for word in _WORD.findall(text))


@cache
def technical_words() -> frozenset[str]:
    """Return the words in the names of services, types, operations and members with which a snapshot is written and
    read, and in the literals of conditions and documents; split at everything but letters, in lower case. If one of
    them were replaced in a snapshot, the snapshot would mean something else and be judged differently.
    """
    collectors = (path.stem + _COMMENT.sub("", _read(path)) for path in _files(_COLLECTORS))
    policies = [*map(_read, _files((_CONDITIONS,)))]
    members = (" ".join(_MEMBER.findall(policy)) for policy in policies)
    conditions = [said for policy in policies for said in _SECTION.findall(policy)]
    others = (*(_PROGRAM / _READER).rglob("*.py"), *_files((_SHARED,)))
    literals = (" ".join(_LITERAL.findall(text)) for text in (*conditions, *map(_read, others)))
    compared = (_COMMENT.sub("", _read(path)) for path in _files(_COMPARED))
    kept = " ".join(item.name for kind in vars(snapshot).values() if is_dataclass(kind) for item in fields(kind))
    texts = (*collectors, *members, *literals, *compared, kept)
    return frozenset(word for text in texts for word in _WORD.findall(text.lower()))


def shipped_texts() -> Iterator[str]:
    """Yield the text of every shipped file of which some part is written into bundles."""
    written = ((content_root(), FOLDERS, "*.*"), (_PROGRAM, _WRITERS, "*.py"))
    for root, folders, names in written:
        for path in sorted(path for folder in folders for path in (root / folder).rglob(names) if path.is_file()):
            if _UNWRITTEN.isdisjoint(path.relative_to(root).parts):
                yield path.read_text(encoding="utf-8", errors="ignore")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _files(patterns: Iterable[str]) -> Sequence[Path]:
    return sorted(path for pattern in patterns for path in content_root().glob(pattern) if path.is_file())
