"""Help is instant: no command loads, for its help alone, what only its run needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from preuve.cli.main import main

COMMANDS = [*main.list_commands(None), "scan aws", "scan iac", "waiver approve"]  # type: ignore[arg-type]
HEAVY = ("boto3", "checkov")
GROUPS = {"scan", "waiver"}
MINE = {"attest", "init", "doctor", "notify", "permissions", "explain", "reveal", "waiver approve"}
PROGRAM = """
import json, sys
from preuve.cli.main import main
main(sys.argv[1:], standalone_mode=False)
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def run(*arguments: str) -> tuple[str, set[str]]:
    done = subprocess.run([sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=True)
    return done.stdout, set(json.loads(done.stderr))


def test_the_list_of_commands_loads_no_command() -> None:
    shown, loaded = run("--help")
    assert all(command in shown for command in main.list_commands(None))  # type: ignore[arg-type]
    assert not {name for name in loaded if name.split(".")[0] in {*HEAVY, "botocore", "yaml", "jsonschema", "jinja2"}}


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example_and_loads_no_scanner(command: str) -> None:
    shown, loaded = run(*command.split(), "--help")
    assert not {name for name in HEAVY if name in loaded}
    if command not in GROUPS:
        examples = shown.partition("Example")[2].partition(":")[2].replace("\\\n", "").splitlines()
        assert {line.split(command)[0].strip() for line in examples if line} == {"preuve"}, "a cut one does not run"
    if command in MINE:
        assert "botocore" not in loaded


def test_a_push_loads_nothing_for_accounts_and_conditions() -> None:
    program = "import json, sys\nfrom preuve.pipeline.push import gate, outputs, warm_start\n"
    program += "print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert not {*HEAVY, "botocore", "cel_expr_python", "importlib.metadata", "preuve.redact.redactor"} & loaded
    assert not {name for name in loaded if name.startswith("preuve.documents")}


def completed(words: str) -> tuple[list[str], set[str]]:
    environment = {**os.environ, "_PREUVE_COMPLETE": "bash_complete", "COMP_WORDS": words}
    environment["COMP_CWORD"] = str(len(words.split(" ")) - 1)
    program = "import json, sys, atexit\nsys.argv[0] = 'preuve'\nfrom preuve.cli.main import entry\n"
    program += "atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))\nentry()"
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    return [line.split(",")[1] for line in done.stdout.splitlines()], set(json.loads(done.stderr))


def test_the_shell_completes_commands_and_ids_quickly() -> None:
    commands, loaded = completed("preuve ex")
    assert commands == ["export", "explain"]
    assert not {name for name in loaded if name.split(".")[0] in {*HEAVY, "botocore", "yaml", "jinja2"}}
    ids, loaded = completed("preuve explain a.8.2")
    assert "A.8.24" in ids
    assert "yaml" not in loaded


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("attest GOV-0", "GOV-03"),
        ("attest -w examples/techstart --sign ATT-00", "ATT-001"),
        ("waiver approve -w examples/techstart W", "W-001"),
        ("fill okta", "okta-users"),
        ("fill --show okta", "okta-users"),
    ],
)
def test_the_shell_completes_the_ids_of_a_workspace(words: str, expected: str) -> None:
    ids, loaded = completed(f"preuve {words}")
    assert expected in ids and not {*HEAVY, "botocore"} & loaded
