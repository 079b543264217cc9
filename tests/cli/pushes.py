"""Small workspaces, and `preuve ci` on them."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from preuve.cli.main import main
from preuve.model.errors import PreuveError

_WORKSPACE = """\
schema: 1
organisation: {name: Shop, country: FR}
scope: {iac: [{path: infra, kind: terraform}]}
gate: {severity: high}
"""
OPEN = 'resource "aws_ebs_volume" "%s" {\n  availability_zone = "eu-west-3a"\n  encrypted = false\n}\n'
CLOSED = OPEN.replace("false", "true")


def volumes(*names: str, text: str = OPEN) -> str:
    """Volumes, not encrypted unless another text is given."""
    return "".join(text % name for name in names)


def workspace(folder: Path, code: str) -> Path:
    """A workspace with one file of Terraform."""
    (folder / "infra").mkdir(parents=True)
    (folder / "preuve.yaml").write_text(_WORKSPACE)
    (folder / "infra" / "main.tf").write_text(code)
    return folder


def ci(folder: Path, *arguments: str) -> Result:
    """Run the command. An error of preuve gives its exit code and message, as `entry` does."""
    result = CliRunner().invoke(main, ["ci", str(folder), *arguments])
    error = result.exception
    if isinstance(error, PreuveError):
        said = f"{error}\n{error.hint}".encode()
        return Result(result.runner, result.stdout_bytes, said, said, None, error.exit_code, None)
    assert error is None or isinstance(error, SystemExit), result.exc_info
    return result
