"""Which files are code, and of what kind: by their names, and where those do not tell, by what they hold.

Knows nothing of Checkov. A kind that can be examined is a word of `scope.iac`; any other is the name of a tool.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from preuve.collect.iac.tools import ENDINGS

TERRAFORM, CLOUDFORMATION, DOCKERFILE, WORKFLOW = "terraform", "cloudformation", "dockerfile", "github_actions"
EXAMINED = frozenset({TERRAFORM, CLOUDFORMATION, DOCKERFILE, WORKFLOW})
TEMPLATE_ENDINGS = (".yaml", ".yml", ".json", ".template")

_TERRAFORM = (*ENDINGS, *(f"{ending}.json" for ending in ENDINGS))
_TEMPLATES = (*TEMPLATE_ENDINGS, ".cfn", ".cform", ".cft")
_TEMPLATE = re.compile(rb"AWSTemplateFormatVersion|AWS::Serverless-|\bType['\"]?\s*:\s*['\"]?(AWS|Custom)::")
_LARGEST_TEMPLATE = 1_000_000  # bytes that AWS takes
_DOCKERFILE = re.compile(r"(?i)(.+\.)?dockerfile|dockerfile\.(?!(md|txt|dockerignore)$).+|containerfile")
_MAY_BE_DOCKERFILE = re.compile(r"(?i).*(docker|container)file.*(?<!\.md)(?<!\.txt)(?<!ignore)")
_FROM = re.compile(rb"(?im)^[ \t]*FROM[ \t]+[^\s=({\"';,]+[ \t]*(as[ \t]+\S+[ \t]*)?\r?$")
_BEGINNING = 100_000  # bytes of what may be a Dockerfile
_OF_OTHER_TOOLS = {
    "terragrunt.hcl": "terragrunt",
    "terragrunt.hcl.json": "terragrunt",
    "pulumi.yaml": "pulumi",
    "pulumi.yml": "pulumi",
    "cdk.json": "cdk",
    "chart.yaml": "helm",
}
_SERVERLESS = re.compile(r"serverless\.(yml|yaml|json|js|ts)")


def is_dockerfile(path: Path) -> bool:
    """Whether a file is a Dockerfile: by its name, or by a name like it and an instruction that begins an image."""
    if _DOCKERFILE.fullmatch(path.name):
        return True
    return _MAY_BE_DOCKERFILE.fullmatch(path.name) is not None and _holds(path, _FROM, _BEGINNING)


def kind_of(path: Path) -> str:
    """The kind of code that a file is, whatever the case of its name; "" for one that is none."""
    name = path.name.casefold()
    if name in _OF_OTHER_TOOLS or _SERVERLESS.fullmatch(name) or name.endswith(".bicep"):
        return _OF_OTHER_TOOLS.get(name) or ("bicep" if name.endswith(".bicep") else "serverless")
    if name.endswith(_TERRAFORM) and not name.startswith("."):  # which no tool reads
        return TERRAFORM
    if name.endswith((".yml", ".yaml")) and [part.casefold() for part in path.parts[-3:-1]] == [".github", "workflows"]:
        return WORKFLOW
    if is_dockerfile(path):
        return DOCKERFILE
    return CLOUDFORMATION if name.endswith(_TEMPLATES) and _is_template(path) else ""


def is_read(kind: str, name: str) -> bool:
    """Whether what examines a kind of code reads a file of this name: the others have names in other letters."""
    endings = {TERRAFORM: _TERRAFORM, CLOUDFORMATION: TEMPLATE_ENDINGS, WORKFLOW: (".yml", ".yaml")}
    return kind == DOCKERFILE or name.endswith(endings.get(kind, ()))


def _is_template(path: Path) -> bool:
    return _holds(path, _TEMPLATE, _LARGEST_TEMPLATE + 1, up_to=_LARGEST_TEMPLATE)


def _holds(path: Path, what: re.Pattern[bytes], read: int, *, up_to: int = 0) -> bool:
    """Whether the beginning of a file holds something, and is all of it where `up_to` says how long that may be. One
    that cannot be read may: why it cannot be is told by whoever reads it.
    """
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)  # a pipe that somebody put there
        with os.fdopen(opened, "rb") as file:
            content = file.read(read) if stat.S_ISREG(os.fstat(opened).st_mode) else b""
    except OSError:
        return True
    return not 0 < up_to < len(content) and what.search(content) is not None
