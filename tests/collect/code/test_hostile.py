"""A scanned tree is written by others: links, odd files and names, configuration that wants to be obeyed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from collect.code.conftest import CHECKS, Scan, Scanner, volume, write
from preuve.collect.code import IacJob, scan
from preuve.model.company.code import IacRoot
from preuve.model.errors import UsageError

NAMES = ("a b[0]#1", "-rf", "é\n<script>", "$(id)", "module.x", "...")


@pytest.fixture(scope="module")
def hostile(scan_files: Scanner) -> Scan:
    """One scan of a workspace that is full of traps, started from inside it."""
    files: dict[str, str | bytes] = {f"{name}/main-{name}.tf": volume() for name in NAMES}
    files |= {
        "shared.txt": volume("shared"),
        "linked/main.tf": volume(),
        "odd/latin1.tf": b"# fine\n# caf\xe9\n",
        "odd/large.tf": "# " + "x" * 5_000_000,
        "odd/deep.tf": "locals {\n  x = " + "[" * 3000 + "]" * 3000 + "\n}\n",
        "odd/main.tf": volume(),
        "many/main.tf": volume("counted").replace("{\n", "{\n  count = 1000000000\n", 1)
        + volume("looped").replace("{\n", "{\n  for_each = toset([for n in range(1000000000) : n])\n", 1)
        + volume("listed").replace("{\n", f"{{\n  for_each = toset({json.dumps([str(n) for n in range(2000)])})\n", 1),
        "product/main.tf": 'module "large" {\n  source = "./large"\n  count  = 900\n}\n',
        "product/large/main.tf": "".join(volume(f"of_{number}") for number in range(20)),
        "named/main.tf": volume("::error file=x::gone%0A"),
        "bytes/.hidden.tf": volume("hidden"),
        ".checkov.yaml": "skip-check: [CKV_AWS_3]\nexternal-checks-dir: [checks]\n",
        "odd/.checkov.yaml": "skip-check: [CKV_AWS_3]\n",
    }
    twice = "".join(f'module "{name}" {{\n  source = "../{{}}"\n}}\n' for name in "ab")
    files |= {f"bomb/{n}/main.tf": twice.replace("{}", str(n + 1)) for n in range(20)} | {"bomb/20/main.tf": volume()}
    doubled = [
        f'  l{n} = "${{local.l{n - 1}}}${{local.l{n - 1}}}"\n  n{n} = local.n{n - 1} * local.n{n - 1}\n'
        for n in range(1, 60)
    ]
    files["doubled/main.tf"] = (
        "locals {\n" + '  l0 = "ha"\n  n0 = 9\n' + "".join(doubled) + "}\n"
        + volume("text").replace("{\n", "{\n  snapshot_id = local.l59\n", 1)
        + volume("number").replace("{\n", "{\n  size = local.n59\n", 1)
    )  # fmt: skip
    trap = "import pathlib\npathlib.Path(__file__).with_name('ran').touch()\n"
    files |= dict.fromkeys(("checks/__init__.py", "checkov.py", "yaml.py", "sitecustomize.py"), trap)
    with pytest.MonkeyPatch.context() as patch:
        return scan_files(files, root=".", prepare=lambda base: _set_traps(base, patch))


def _set_traps(base: Path, patch: pytest.MonkeyPatch) -> None:
    outside = base.parent / "outside"
    outside.mkdir()
    (outside / "secret.tf").write_text(volume("secret"))
    (base / "linked" / "link.tf").symlink_to(outside / "secret.tf")
    (base / "linked" / "terraform.tfvars").symlink_to(outside / "secret.tf")
    (base / "linked" / "folder").symlink_to(outside)
    (base / "linked" / "inside.tf").symlink_to(Path("..") / "shared.txt")
    (base / "linked" / "circle.tf").symlink_to("circle.tf")
    os.mkfifo(base / "odd" / "pipe.tf")
    for name in ("odd/huge.tf", "odd/huge.tfvars"):
        with (base / name).open("wb") as file:
            file.truncate(100_000_000)
    (base / "a/" / Path(*("d" * 10,) * 150)).mkdir(parents=True)
    Path(os.fsdecode(os.fsencode(base) + b"/bytes/caf\xe9.tf")).write_text(volume())
    patch.chdir(base)


def test_links_out_of_the_workspace_are_not_followed(hostile: Scan) -> None:
    assert "secret" not in json.dumps(hostile.lines)
    assert hostile.gaps("linked") == [
        ("linked/circle.tf", 0, "not_read", "broken symbolic link, not followed"),
        ("linked/link.tf", 0, "not_read", "symbolic link out of the workspace, not followed"),
        ("linked/terraform.tfvars", 0, "not_read", "symbolic link out of the workspace, not followed"),
    ]
    assert ("linked/folder", 0, "not_read", "symbolic link out of the workspace, not followed") in hostile.gaps(".")


def test_a_link_inside_the_workspace_is_read(hostile: Scan) -> None:
    assert hostile.record("linked", "aws_ebs_volume.shared", "CKV_AWS_3")["file"] == "linked/inside.tf"


def test_unreadable_files_are_gaps(hostile: Scan) -> None:
    gaps = {file: (line, cause) for file, line, cause, _ in hostile.gaps("odd")}
    assert gaps["odd/latin1.tf"] == (2, "parse_error")
    assert gaps["odd/large.tf"] == (0, "not_read")
    assert gaps["odd/huge.tf"] == gaps["odd/huge.tfvars"] == (0, "not_read")
    assert gaps["odd/pipe.tf"] == (0, "not_read")
    assert gaps["odd/deep.tf"][1] == "parse_error"
    assert hostile.record("odd", "aws_ebs_volume.plain", "CKV_AWS_3")["result"] == "FAILED"


@pytest.mark.parametrize("name", NAMES)
def test_odd_names_of_folders_and_files_are_kept(hostile: Scan, name: str) -> None:
    record = hostile.record(name, "aws_ebs_volume.plain", "CKV_AWS_3")
    assert record["file"] == f"{name}/main-{name}.tf"
    assert all(path.parent == hostile.folder / "iac" for path in hostile.summary.written)


@pytest.mark.parametrize("name", ["counted", "looped", "listed"])
def test_an_endless_loop_is_judged_once(hostile: Scan, name: str) -> None:
    assert hostile.record("many", f"aws_ebs_volume.{name}", "CKV_AWS_3")["result"] == "FAILED"
    assert hostile.of("root", "many")[0]["types"] == {"aws_ebs_volume": 3}


def test_a_module_with_too_many_copies_is_judged_once(hostile: Scan) -> None:
    assert hostile.record("product", "module.large.aws_ebs_volume.of_7", "CKV_AWS_3")["result"] == "FAILED"
    assert hostile.of("root", "product")[0]["types"] == {"aws_ebs_volume": 20}


@pytest.mark.parametrize("name", ["text", "number"])
def test_a_value_that_doubles_with_each_name_is_not_expanded(hostile: Scan, name: str) -> None:
    assert hostile.record("doubled", f"aws_ebs_volume.{name}", "CKV_AWS_3")["result"] == "FAILED"


def test_multiplying_calls_are_counted_and_not_expanded(hostile: Scan) -> None:
    assert hostile.gaps("bomb/0") == [("", 0, "not_read", "its calls make 2097151 modules, more than 10000")]


def test_a_name_that_looks_like_a_command_stays_a_name(hostile: Scan) -> None:
    assert hostile.record("named", "aws_ebs_volume.::error file=x::gone%0A", "CKV_AWS_3")["result"] == "FAILED"


def test_a_name_that_is_not_utf8_is_shown_escaped(hostile: Scan) -> None:
    assert {line["file"] for line in hostile.of("record", "bytes")} == {"bytes/caf\\xe9.tf"}


def test_hidden_files_are_ignored_as_in_terraform(hostile: Scan) -> None:
    assert "hidden" not in json.dumps(hostile.of("record", "bytes"))


def test_configuration_and_code_in_the_scanned_tree_have_no_effect(hostile: Scan) -> None:
    assert hostile.record("odd", "aws_ebs_volume.plain", "CKV_AWS_3")["result"] == "FAILED"
    assert list(hostile.folder.parent.rglob("ran")) == []


EXPENSIVE = (
    'regex("^(a+)+$", "AAA!")',
    'regexall("^(a|a)*$", "AAA!")',
    "pow(9, 999999999)",
    'format("%999999999d", 1)',
    'format("%*d", 999999999, 1)',
    'formatlist("%999999999s", ["a"])',
    'replace("AAA", "", "BBB")',
    'join("AAA", split("", "BBB"))',
    "range(1000000000)",
    "[for n in range(100000) : [for m in range(100000) : n]]",
    "setproduct(range(9000), range(9000), range(9000))",
    'cidrsubnets("10.0.0.0/8", range(1000000)...)',
    "{ for n in range(100000) : n => jsonencode(range(100000)) }",
    "jsonencode([for n in range(9999) : local.long])",
    "(" * 5000 + "1" + ")" * 5000,
    "-" * 5000 + "1",
    "[" * 150 + "]" * 150,
    "1" + "0" * 5000 + " * 1" + "0" * 5000,
    "1e999999999",
    "local.a",
    '"%{ for a in range(9999) }%{ for b in range(9999) }x%{ endfor }%{ endfor }"',
)


@pytest.fixture(scope="module")
def expensive(scan_files: Scanner) -> Scan:
    """One scan of a root for each expression. A root has two gigabytes or more, and five minutes."""
    files: dict[str, str | bytes] = {}
    for number, expression in enumerate(EXPENSIVE):
        long = expression.replace("AAA", "a" * 60).replace("BBB", "b" * 5000)
        code = f'locals {{\n  long = "{"x" * 900_000}"\n  a = local.b\n  b = local.a\n  found = {long}\n}}\n'
        files[f"infra/{number}/bounded.tf"] = code + volume("beside", "local.found == null")
    return scan_files(files, checks=frozenset({"CKV_AWS_3"}))


@pytest.mark.parametrize("number", range(len(EXPENSIVE)), ids=lambda number: EXPENSIVE[number][:60])
def test_an_expensive_expression_is_bounded(expensive: Scan, number: int) -> None:
    """Without a bound, each takes hours or gigabytes. The block beside it is judged anyway."""
    said = [line for line in expensive.lines if line.get("file") == f"infra/{number}/bounded.tf"]
    assert [line.get("result") or line["cause"] for line in said] in (["UNKNOWN"], ["FAILED"], ["parse_error"])


def test_a_root_outside_the_workspace_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="outside the workspace"):
        scan(IacJob(tmp_path / "w", (IacRoot("../other", "terraform"),), CHECKS), tmp_path / "snapshot")


def test_folders_without_code_are_gaps(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    job = IacJob(tmp_path, (IacRoot("empty", "terraform"), IacRoot("absent", "terraform")), CHECKS)
    found = Scan(tmp_path, scan(job, tmp_path / "snapshot"))
    assert found.gaps("empty") == [("", 0, "not_covered", "no Terraform file (*.tf, *.tofu) in this folder")]
    assert found.gaps("absent") == [("", 0, "not_covered", "the folder does not exist")]


def test_an_unparsable_terraform_file_is_a_gap(tmp_path: Path) -> None:
    write(tmp_path / "w", [("infra/main.tf", "resource {{{")])
    found = Scan(tmp_path / "w", scan(IacJob(tmp_path / "w", (IacRoot("infra", "terraform"),), CHECKS), tmp_path / "s"))
    assert [cause for _, _, cause, _ in found.gaps("infra")] == ["parse_error"]


def test_folders_that_cannot_be_opened_are_gaps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = tmp_path / "workspace"
    write(base, [("main.tf", volume())])
    monkeypatch.chdir(base)
    for _ in range(25):  # nobody can open a path of more than 4,096 bytes, not even root
        Path("d" * 200).mkdir()
        os.chdir("d" * 200)
    found = Scan(tmp_path, scan(IacJob(base, (IacRoot(".", "terraform"),), CHECKS), tmp_path / "snapshot"))
    assert [gap[2:] for gap in found.gaps(".")] == [("not_read", "cannot be read: File name too long")]


@pytest.mark.parametrize(
    ("kind", "name"), [("terraform", "main.tf"), ("cloudformation", "t.yaml"), ("dockerfile", "Dockerfile")]
)
def test_a_file_that_cannot_be_examined_costs_only_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, name: str
) -> None:
    """Like a folder without the right to enter it: here the path is longer than 4,096 bytes, also for root."""
    base = tmp_path / "workspace"
    code = {
        "main.tf": volume(),
        "t.yaml": "AWSTemplateFormatVersion: 2010-09-09\nResources: {}\n",
        "Dockerfile": "FROM a\n",
    }
    write(base, [(name, code[name])])
    monkeypatch.chdir(base)
    while (left := 4090 - len(str(Path.cwd()))) > 1:
        Path("d" * min(200, left - 1)).mkdir()
        os.chdir("d" * min(200, left - 1))
    Path(name).write_text(code[name])
    job = IacJob(base, (IacRoot(".", kind),), CHECKS)
    for cache in (None, tmp_path / "cache", tmp_path / "cache"):
        found = Scan(tmp_path, scan(job, tmp_path / "snapshot", cache=cache))
        assert [gap[2:] for gap in found.gaps(".")] == [("not_read", "cannot be read: File name too long")]
        assert sum(line["files"] for line in found.lines if line["kind"] == "root") >= 1


@pytest.mark.parametrize(
    "act",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('example.org', 443)",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
    ],
)
def test_the_worker_can_neither_connect_nor_start_a_program(act: str) -> None:
    code = f"from preuve.collect.code.run.worker import confine; confine('/nowhere'); {act}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "the IaC worker is offline" in done.stderr


def test_the_worker_records_the_files_of_the_workspace_that_it_opens(tmp_path: Path) -> None:
    (tmp_path / "ws").mkdir()
    for name in ("ws/plain", "ws/path", "ws/bytes", "ws2"):
        (tmp_path / name).write_text("x")
    code = f"""
        import os, pathlib
        from preuve.collect.code.run.worker import confine
        base = {str(tmp_path)!r}
        opened = confine(base + "/ws")
        open(base + "/ws/plain")
        os.open(pathlib.Path(base, "ws", "path"), os.O_RDONLY)
        open(os.fsencode(base + "/ws/bytes"))
        open(base + "/ws2")
        print(*sorted(os.path.relpath(name, base) for name in opened))
        """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["ws/bytes", "ws/path", "ws/plain"]


_LONG = "x" * 300  # longer than any name of a file
IMPOSSIBLE = {
    "a text handed to a module": f'module "m" {{\n  source = "example/x/aws"\n  text = "{_LONG}"\n}}\n',
    "a list of texts handed to a module": f'module "m" {{\n  source = "./m"\n  texts = ["{_LONG}"]\n}}\n',
    "the folder of a module": f'module "m" {{\n  source = "./{_LONG}"\n}}\n',
    "file": f'locals {{\n  a = file("{_LONG}")\n}}\n',
    "templatefile": f'locals {{\n  a = templatefile("{_LONG}", {{}})\n}}\n',
    "fileexists": f'locals {{\n  a = fileexists("{_LONG}")\n}}\n',
    "fileset": f'locals {{\n  a = fileset("{_LONG}", "*")\n}}\n',
    "bytes count": f'locals {{\n  a = file("{"é" * 130}")\n}}\n',
    "a whole path": f'locals {{\n  a = file("{"x/" * 3000}")\n}}\n',
    "a NUL": 'locals {\n  a = file("a\\u0000b")\n}\n',
    "a file to read": f'data "local_file" "f" {{\n  filename = "{_LONG}"\n}}\n',
    "a program": f'resource "aws_lambda_function" "f" {{\n  function_name = "f"\n  filename = "{_LONG}"\n}}\n'
    'resource "aws_lambda_invocation" "i" {\n  function_name = aws_lambda_function.f.id\n  input = "{}"\n}\n',
}


def test_a_text_that_can_name_no_file_costs_nothing(tmp_path: Path) -> None:
    """A key, a policy or a list of addresses is longer than any name of a file: the root is judged all the same."""
    read = 'resource "aws_s3_object" "o" {\n  bucket = "b"\n  key = "k"\n  content = jsonencode(local.a)\n}\n'
    for folder, code in enumerate(IMPOSSIBLE.values()):
        write(tmp_path / "w", [(f"{folder}/main.tf", volume() + code + (read if "locals" in code else ""))])
        write(tmp_path / "w", [(f"{folder}/m/main.tf", 'variable "texts" {}\n')])
    roots = tuple(IacRoot(str(folder), "terraform") for folder in range(len(IMPOSSIBLE)))
    found = Scan(tmp_path / "w", scan(IacJob(tmp_path / "w", roots, CHECKS), tmp_path / "s"))
    for folder, name in enumerate(IMPOSSIBLE):
        assert "worker_failed" not in [cause for _, _, cause, _ in found.gaps(str(folder))], name
        assert found.of("record", str(folder)), name
