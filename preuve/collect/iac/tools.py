"""Which files of a folder Terraform reads and which OpenTofu does. Nothing in the code tells which of them will run.

OpenTofu reads `*.tofu` beside `*.tf`, and `x.tofu` in place of `x.tf`; Terraform knows no `*.tofu`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

TERRAFORM, OPENTOFU = "Terraform", "OpenTofu"
ENDINGS = (".tf", ".tofu")


def read_by(tool: str, files: Iterable[Path]) -> list[Path]:
    """Those of the files of one folder that a tool reads."""
    if tool == TERRAFORM:
        return [file for file in files if file.suffix == ".tf"]
    there = dict.fromkeys(files)
    return [file for file in there if file.suffix == ".tofu" or file.with_suffix(".tofu") not in there]


def tools_for(root: Iterable[Path], all_files: Iterable[Path]) -> tuple[str, ...]:
    """The tools that see different code in a root module: `root` are the files of its own folder, `all_files` also
    those of the modules that it reaches. One tool where both see the same.
    """
    if all(file.suffix == ".tf" for file in all_files):
        return (TERRAFORM,)
    return (OPENTOFU, TERRAFORM) if read_by(TERRAFORM, root) else (OPENTOFU,)
