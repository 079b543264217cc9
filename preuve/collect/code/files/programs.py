"""Recognises programs, which may use a tool for infrastructure (`other_tools.py`), and pipelines of forges other than
GitHub.
"""

from __future__ import annotations

import re
from pathlib import PurePath

_ENDINGS = frozenset({"py", "ts", "mts", "cts", "tsx", "js", "mjs", "cjs", "java", "kt", "go", "cs", "fs", "rb"})

# Pipelines by the path of their file. Those in GitHub's language count as workflows that are not examined.
_PIPELINES = (
    (re.compile(r"(.*/)?\.(gitea|forgejo)/workflows/[^/]+\.ya?ml"), "gitea_workflow"),
    (re.compile(r"(.*/)?(.+\.)?gitlab-ci\.ya?ml"), "gitlab_ci"),
    (re.compile(r"(.*/)?azure-pipelines([.-][\w.-]+)?\.ya?ml"), "azure_pipelines"),
    (re.compile(r"(.*/)?bitbucket-pipelines\.ya?ml"), "bitbucket_pipelines"),
    (re.compile(r"(.*/)?\.circleci/[^/]+\.ya?ml"), "circleci"),
    (re.compile(r"(.*/)?jenkinsfile([.-][\w.-]+)?|(.*/)?.+\.jenkinsfile"), "jenkins"),
    (re.compile(r"(.*/)?\.(drone|travis|woodpecker)\.ya?ml|(.*/)?\.(woodpecker|buildkite)/[^/]+\.ya?ml"), "other_ci"),
)
_ACTION = re.compile(r"(.*/)?action\.ya?ml")
_RUNS = re.compile(rb"(?m)^[\"']?runs[\"']?[ \t]*:")


def is_program(name: str) -> bool:
    """Return whether a file of this name is a program in a language for which tools have libraries."""
    return PurePath(name.casefold()).suffix.removeprefix(".") in _ENDINGS


def pipeline_by_path(path: PurePath) -> str:
    """Return the kind of pipeline that the path of a file shows, or ""."""
    last = path.name.casefold()
    if not last.endswith((".yml", ".yaml")) and "jenkinsfile" not in last:
        return ""
    name = "/".join(path.parts[-3:]).casefold()
    return next((kind for form, kind in _PIPELINES if form.fullmatch(name)), "")


def is_action(path: PurePath, content: bytes) -> bool:
    """Return whether a file is an action that workflows call."""
    return _ACTION.fullmatch(path.as_posix().casefold()) is not None and _RUNS.search(content) is not None
