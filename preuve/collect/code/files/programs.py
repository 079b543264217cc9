"""Recognise programs that create infrastructure, by their imports, and pipelines of forges other than GitHub.

Such a program may exist without the file of its tool (`cdk.json`).
"""

from __future__ import annotations

import re
from itertools import islice
from pathlib import PurePath

READ = 16_000  # bytes at the start of a program, where its imports stand
_ENDINGS = frozenset({"py", "ts", "mts", "cts", "tsx", "js", "mjs", "cjs", "java", "kt", "go", "cs", "fs"})
_LIBRARIES = tuple(
    (tool, re.compile(rb"(?<![\w-])" + of))
    for tool, of in (
        ("cdk", rb"(aws_cdk|aws-cdk-lib|@aws-cdk/(core|aws-)|software\.amazon\.awscdk|Amazon\.CDK)\b"),
        ("cdktf", rb"(cdktf|com\.hashicorp\.cdktf|HashiCorp\.Cdktf)\b"),
        ("pulumi", rb"(pulumi_aws\w*|@pulumi/aws|com\.pulumi\.aws|Pulumi\.Aws)\b"),
        ("troposphere", rb"troposphere\b"),
    )
)
_LOADS = re.compile(rb"\s*(?!#|//)(.*\W)?(import|from|using|open|require)\b.*", re.DOTALL)
_MOST = 20  # places in a program where a library is named
_OF_GO = re.compile(rb"(?m)^[^\n/]*\"github\.com/(aws/aws-cdk-go|pulumi/pulumi-aws|hashicorp/terraform-cdk-go)/")
_GO_TOOLS = {b"aws/aws-cdk-go": "cdk", b"pulumi/pulumi-aws": "pulumi", b"hashicorp/terraform-cdk-go": "cdktf"}
_HINTS = (b"cdk", b"CDK", b"ulumi", b"Cdktf", b"troposphere")

# Pipelines by the path of their file. Those that speak GitHub's language count as such code that is not examined.
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
    """Whether a file of this name is a program of a language that tools have libraries for."""
    return PurePath(name.casefold()).suffix.removeprefix(".") in _ENDINGS


def pipeline_by_path(path: PurePath) -> str:
    """Return the kind of pipeline that the path of a file shows, or ""."""
    last = path.name.casefold()
    if not last.endswith((".yml", ".yaml")) and "jenkinsfile" not in last:
        return ""
    name = "/".join(path.parts[-3:]).casefold()
    return next((kind for form, kind in _PIPELINES if form.fullmatch(name)), "")


def is_action(path: PurePath, content: bytes) -> bool:
    """Whether a file is an action that workflows call."""
    return _ACTION.fullmatch(path.as_posix().casefold()) is not None and _RUNS.search(content) is not None


def tool_by_imports(content: bytes) -> str:
    """Return the infrastructure tool that a program imports; "" for none."""
    if not any(hint in content for hint in _HINTS):
        return ""
    if found := _OF_GO.search(content):
        return _GO_TOOLS[found[1]]
    return next((tool for tool, form in _LIBRARIES if _loads(content, form)), "")


def _loads(content: bytes, library: re.Pattern[bytes]) -> bool:
    """Whether a line that names a library loads it."""
    for found in islice(library.finditer(content), _MOST):
        line = content[content.rfind(b"\n", 0, found.start()) + 1 : found.start()]
        if _LOADS.fullmatch(line):
            return True
    return False
