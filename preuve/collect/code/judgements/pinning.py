"""Whether the source of a module call can change without a change of the code that calls it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from preuve.collect.code.judgements.bodies import cause, not_known

_LOCAL = re.compile(r"\.{1,2}(?:/|\\|$)")
_REGISTRY = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9.-]*\.[A-Za-z]{2,}(?::[0-9]+)?/)?[\w-]+/[\w-]+/[a-z0-9]+(?://.*)?")
_HOSTED = re.compile(r"(?:github\.com|bitbucket\.org|gitlab\.com)/")
_LONGEST = 250  # characters of a part of a name: git stores each as a file name
_VERSION = rf"v?[0-9]+\.[0-9]+\.[0-9]+(?:[-+][0-9A-Za-z.+-]{{1,{_LONGEST}}})?"
_EXACT = re.compile(r"=?\s*v?[0-9]+(?:\.[0-9]+){0,2}(?:[-+][0-9A-Za-z.+-]+)?")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SHORT_COMMIT = re.compile(r"(?=[a-f]*[0-9])[0-9a-f]{7,39}")
_BRANCHES = r"(?!(?:refs/heads|heads|origin|release|releases|hotfix|feature|bugfix|support)/)"
_TAG = re.compile(rf"(?:refs/tags/)?{_BRANCHES}(?:[\w./-]{{0,{_LONGEST}}}[/_-])?{_VERSION}")
_PERHAPS_TAG = re.compile(
    rf"(?!refs/heads/)(?:[\w./-]{{0,{_LONGEST}}}[/_-])?v?[0-9]+(?:\.[0-9]+){{1,3}}(?:[-+.][0-9A-Za-z.+-]{{1,{_LONGEST}}})?"
)
_CHECKSUM = re.compile(r"(?:sha256|sha512|sha384):[0-9A-Fa-f]{64,128}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{96}|[0-9A-Fa-f]{128}")
_DIGEST = re.compile(r"sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})")

PINNED, LOOSE, LOCAL, NOT_KNOWN = "pinned", "loose", "local", "not known"


@dataclass(frozen=True)
class Pin:
    """The pinning of a module call: pinned, loose, local, or unknown with a cause. `decided_by` are its arguments."""

    how: str
    cause: str = ""
    decided_by: tuple[str, ...] = ("source",)


def pin_of(source: Any, version: Any) -> Pin:
    """Return how a call with this source and version is pinned."""
    if not isinstance(source, str) or not source:
        return Pin(NOT_KNOWN, f"source: {cause(source) if source is not None else 'not set'}")
    if _LOCAL.match(source):
        return Pin(LOCAL)
    if not_known(source):
        return Pin(NOT_KNOWN, cause(source))
    if _REGISTRY.fullmatch(source) and not _HOSTED.match(source):
        return _version(version)
    return _address(source)


def _version(version: Any) -> Pin:
    """Judge a registry's version constraint: it must leave exactly one version."""
    by = ("source", "version")
    if version is None:
        return Pin(LOOSE, decided_by=by)
    if not isinstance(version, str) or not_known(version):
        return Pin(NOT_KNOWN, cause(version), by)
    exact = any(_EXACT.fullmatch(part.strip()) for part in version.split(","))
    return Pin(PINNED if exact else LOOSE, decided_by=by)


def _address(source: str) -> Pin:
    """Judge any other source by its address: a commit, a version tag, or a hash of the download."""
    asked = parse_qs(source.partition("?")[2], keep_blank_values=True)
    first = {name: values[0] for name, values in asked.items()}
    if _CHECKSUM.fullmatch(first.get("checksum", "")) or _DIGEST.fullmatch(first.get("digest", "")):
        return Pin(PINNED)
    return next(_references(source, first), Pin(LOOSE))


def _references(source: str, asked: dict[str, str]) -> Iterator[Pin]:
    if source.startswith("s3::"):
        names: tuple[str, ...] = ("version",)
    else:
        names = ("ref", "rev", "tag")  # of Git, Mercurial and OCI
    for value in (asked[name] for name in names if asked.get(name)):
        if source.startswith("s3::") or _COMMIT.fullmatch(value) or _TAG.fullmatch(value):
            yield Pin(PINNED)
        elif _SHORT_COMMIT.fullmatch(value) or _PERHAPS_TAG.fullmatch(value):
            yield Pin(NOT_KNOWN, f"{value} may be a branch or be made to mean something else")
        else:
            yield Pin(LOOSE)
