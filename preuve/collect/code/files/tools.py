"""Selects the files of a folder that Terraform reads, and those that OpenTofu reads. The code does not show which of
the two will run.

OpenTofu reads `*.tofu` as well as `*.tf`, and `x.tofu` instead of `x.tf`; Terraform ignores `*.tofu`. The same holds
for `*.tofu.json` and `*.tf.json`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

TERRAFORM, OPENTOFU = "Terraform", "OpenTofu"
_OF_TERRAFORM, _OF_OPENTOFU = (".tf", ".tf.json"), (".tofu", ".tofu.json")
LOCK = ".terraform.lock.hcl"  # which both write into a root module alone
ENDINGS = (*_OF_TERRAFORM, *_OF_OPENTOFU)


def read_by(tool: str, files: Iterable[Path]) -> list[Path]:
    """Return the files of one folder that a tool reads."""
    if tool == TERRAFORM:
        return [file for file in files if file.name.endswith(_OF_TERRAFORM)]
    there = dict.fromkeys(files)
    return [file for file in there if file.name.endswith(_OF_OPENTOFU) or _instead(file) not in there]


def _instead(file: Path) -> Path:
    """Return the file that OpenTofu reads in place of one of Terraform."""
    stem = file.name.removesuffix(".json").removesuffix(".tf")
    return file.with_name(f"{stem}.tofu{'.json' if file.name.endswith('.json') else ''}")


def tools_for(root: Iterable[Path], all_files: Iterable[Path]) -> tuple[str, ...]:
    """Return the tools that see different code in a root module: `root` are the files of its own folder, `all_files`
    also those of the modules that it reaches. One tool if both see the same.
    """
    if all(file.name.endswith(_OF_TERRAFORM) for file in all_files):
        return (TERRAFORM,)
    return (OPENTOFU, TERRAFORM) if read_by(TERRAFORM, root) else (OPENTOFU,)
