"""Help is instant: no command loads, for its help alone, what only its run needs."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from preuve.cli.main import main

COMMANDS = [*main.list_commands(None), "scan aws", "scan iac"]  # type: ignore[arg-type]
HEAVY = ("boto3", "checkov")
MINE = {"init", "doctor", "permissions", "explain", "reveal"}
PROGRAM = """
import json, sys
from preuve.cli.main import main
main(sys.argv[1:], standalone_mode=False)
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def run(*arguments: str) -> tuple[str, set[str]]:
    done = subprocess.run([sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=True)
    return done.stdout, set(json.loads(done.stderr))


def test_the_list_of_commands_loads_none_of_them() -> None:
    shown, loaded = run("--help")
    assert all(command in shown for command in main.list_commands(None))  # type: ignore[arg-type]
    assert not {name for name in loaded if name.split(".")[0] in {*HEAVY, "botocore", "yaml", "jsonschema", "jinja2"}}


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example_and_loads_no_scanner(command: str) -> None:
    shown, loaded = run(*command.split(), "--help")
    assert not {name for name in HEAVY if name in loaded}
    if command != "scan":
        assert "preuve " + command in " ".join(shown.split())
    if command in MINE:
        assert "botocore" not in loaded
