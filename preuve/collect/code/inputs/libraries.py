"""Finds the names of variables that programs set through Terraform libraries: `tfexec.Var("name=value")`, and maps such
as `Vars` of Terratest, `tf_vars` of tftest, `var` of python_terraform. Also the names that Terraform code sets in the
environment of something that it creates, such as a CodeBuild project.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from preuve.collect.code.inputs.input_names import ANY

USED = re.compile(rb"\btfexec\.|\bpython_terraform\b|\btftest\b|\bterratest/modules/terraform\b")
_OPTION = re.compile(r"\btfexec\.Var\s*\(\s*(?:fmt\.Sprintf\s*\(\s*)?(?:[\"`](?P<name>[A-Za-z_][\w-]*)=)?")
_MAP = re.compile(
    r"(?:\btf_vars\s*=(?!=)|[(,]\s*var(?:iables)?\s*=(?!=)|\bVars\s*:(?!=))\s*"
    r"(?P<written>(?:map\[string\]\w+(?:\.\w+)?(?:\{\})?)?\s*\{)?(?P<none>None\b|nil\b)?"
)
_MEMBER = re.compile(
    r"\"(?P<one>[^\"\\\n]*)\"\s*:|'(?P<other>[^'\\\n]*)'\s*:|(?P<bracket>[{}])|(?P<any>\*\*|[\w)\]]\s*:(?!=))"
)
_MOST = 20_000  # characters of a map
_IN_CODE = re.compile(r"\"TF_VAR_(?P<name>[\w-]*+)(?P<rest>[^\"\n]{0,200})\"|\bTF_VAR_(?P<key>[\w-]++)[ \t]*+[=:]")
_COMMENT = ("#", "//")
_LONG = 2_000  # characters of a line


def names_in_program(text: str) -> Iterator[str]:
    """Yield the names in a program, and `ANY` if it may set others."""
    for option in _OPTION.finditer(text):
        yield option["name"] or ANY
    for given in _MAP.finditer(text):
        if given["written"]:
            yield from _members(text[given.end() : given.end() + _MOST])
        elif given["none"] is None:
            yield ANY


def _members(text: str) -> Iterator[str]:
    """Yield the names of the members of a map and of nested maps."""
    depth = 1
    for found in _MEMBER.finditer(text):
        depth += {"{": 1, "}": -1}.get(found["bracket"], 0)
        if not depth:
            return
        if found["bracket"] is None:
            yield ANY if found["any"] else found["one"] or found["other"] or ANY
    yield ANY


def names_in_code(text: str) -> Iterator[str]:
    """Yield the names that Terraform code sets in an environment, except in comments and inside of texts."""
    for found in _IN_CODE.finditer(text):
        before = text[max(0, found.start() - _LONG) : found.start()].rpartition("\n")[2]
        if not before.lstrip().startswith(_COMMENT):
            yield found["key"] or (ANY if found["rest"] else found["name"] or ANY)
