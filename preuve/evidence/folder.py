"""Names and creates the evidence folder of a period. An existing folder is never changed."""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

from preuve.library.load import own_files
from preuve.library.parsed_content import NAME as PARSED
from preuve.library.validation.compiled_conditions import NAME as COMPILED
from preuve.library.validation.openapi import FILE as OPENAPI
from preuve.library.yaml.place import content_root
from preuve.model.errors import PreuveError
from preuve.model.moment import quarter, quarter_name
from preuve.system.causes import number_of, of_number
from preuve.system.folders import temporary_folder, unfinished
from preuve.system.manifests import TAG_MANIFEST, is_unsealed

OWN = "workspace"  # below the kept content: additions of the workspace
_CONTENT = ("controls", "policies", "scanners")
# A bundle is judged by its readable YAML, not by files made from it. Files that judge nothing are left out.
_LEFT_OUT = shutil.ignore_patterns(
    Path(PARSED).name,
    Path(COMPILED).name,
    Path(OPENAPI).name,
    "attributes.json",
    "types",
    "examples",
    "README.md",
    "*.schema.json",
)
_FOR_EDITORS = re.compile(r"\A# yaml-language-server: .*")  # the line stays empty, so that line numbers stay right
_SAID = re.compile(r"\[Errno (\d+)\] ([^:]+)")  # of an error of the disk
_FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
_REFUSED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_EXAMPLES = re.compile(r"^examples:.*\n(?:(?:[ #-].*)?\n)*", re.MULTILINE)


@dataclass(frozen=True)
class OpenBundle:
    """A bundle in progress: its temporary path, its later name, and the previous bundle of its period."""

    folder: Path
    name: str
    previous: str  # "" for the first of a period


def period(now: datetime) -> str:
    """Return the quarter of a time, as `2026-Q4`."""
    return quarter_name(quarter(now))


@contextmanager
def evidence_folder(home: Path, covered: str, audits: int = 0) -> Iterator[OpenBundle]:
    """Yield a folder that gets its name when all its files are written, and disappears otherwise.

    Its name is the period `covered`, with a number after the first: the next free one after those of the period's
    `audits`, whose bundles may be elsewhere. The name is reserved meanwhile. Raises PreuveError if the disk refuses.
    """
    try:
        with ExitStack() as stack:
            begun = _begin(home, covered, audits, stack)
            yield begun
    except OSError as error:
        number, told = _first(error)
        hint = "check the disk and try again"
        if number in _FULL:
            hint = _room(home) or hint
        if number in _REFUSED:
            hint = "set evidence.folder to another folder, or change the rights of this one"
        raise PreuveError(f"the evidence folder {home} could not be written: {told}", hint) from error


def _first(error: OSError) -> tuple[int, str]:
    """Return number and meaning of the first error of the disk. Copying a folder collects one error for each file."""
    (told, *_) = error.args
    found = _SAID.search(str(told[0][-1])) if isinstance(told, list) else None
    number = int(found[1]) if found else number_of(error)
    return number, of_number(number)


def _room(home: Path) -> str:
    try:
        free = shutil.disk_usage(home).free // 1_000_000
    except OSError:
        return ""
    return f"there are {free} MB free at {home}: make room and try again"


def _begin(home: Path, covered: str, audits: int, stack: ExitStack) -> OpenBundle:
    previous = ""
    for number in count(1):
        name = covered if number == 1 else f"{covered}.{number}"
        place = home / name
        if number > audits and not place.exists() and not unfinished(place).exists():
            try:
                return OpenBundle(stack.enter_context(temporary_folder(place)), name, previous)
            except FileExistsError:
                if not home.is_dir():
                    raise
                # another audit took the name a moment ago
        if (place / TAG_MANIFEST).is_file() and not is_unsealed(place):
            previous = name
    raise AssertionError("numbers do not end")


def keep_content(folder: Path, workspace: Path) -> None:
    """Copy the content that judged, so that the folder alone is enough to judge again.

    Content of the workspace stays separate, because both may have files of the same name, and only what the library
    reads of it is kept. Policies are kept without their examples, which judge nothing, and files without the line that
    names their schema.
    """
    for name in _CONTENT:
        copy = _without_examples
        shutil.copytree(content_root() / name, folder / name, symlinks=True, ignore=_LEFT_OUT, copy_function=copy)
    for path in own_files(workspace):
        target = folder / OWN / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(workspace / path, target, follow_symlinks=False)


def beyond_content(folder: Path) -> Iterator[Path]:
    """Yield what is below the kept content of a workspace and the library does not read."""
    read = own_files(folder / OWN)
    for path in sorted((folder / OWN).rglob("*")):
        if path.is_symlink() or not (path.is_dir() or path.relative_to(folder / OWN) in read):
            yield path


def judging(text: bytes) -> bytes:
    """Return a bundled YAML file in the form that bundles keep: without examples, and without comments for an
    editor.
    """
    return _FOR_EDITORS.sub("", _EXAMPLES.sub("", text.decode())).encode()


def _without_examples(source: str, target: str) -> None:
    path = Path(source)
    if path.suffix == ".yaml":
        Path(target).write_bytes(judging(path.read_bytes()))
    else:
        shutil.copy2(source, target)
