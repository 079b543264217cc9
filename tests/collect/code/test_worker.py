"""The worker process: its input, its failures, and the stability of its results."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from dataclasses import asdict
from pathlib import Path

import hcl2
import pytest

import warm_worker
from collect.code.conftest import CHECKS, FIXTURES, ROOTS, Scan, volume, write
from preuve.collect import code as collect_code
from preuve.collect.code import EarlyWorker, IacJob, IacSummary, look, scan
from preuve.collect.code.checkov.speed_patches import LINES
from preuve.collect.code.job import OF_RIGHTS, Preamble
from preuve.collect.code.run import process
from preuve.collect.code.run.scan import file_name
from preuve.collect.code.run.worker import memory
from preuve.model.company.code import IacRoot
from preuve.model.errors import UsageError


@pytest.fixture(autouse=True)
def _cold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start workers as they are started for users."""
    monkeypatch.setattr(process, "started", warm_worker.COLD)


def stand_in(tmp_path: Path, body: str) -> str:
    """An interpreter that runs `body` instead of the worker."""
    script = tmp_path / "python"
    script.write_text(f"#!{sys.executable}\n{textwrap.dedent(body)}")
    script.chmod(0o755)
    return str(script)


def scan_with(tmp_path: Path, python: str, timeout: float = 60) -> IacSummary:
    base = tmp_path / "workspace"
    write(base, [("infra/main.tf", volume())])
    job = IacJob(base, (IacRoot("infra", "terraform"),), CHECKS)
    return scan(job, tmp_path / "snapshot", python=python, timeout=timeout)


def gap(tmp_path: Path) -> dict[str, object]:
    lines = (tmp_path / "snapshot" / "iac" / "infra.jsonl").read_text().splitlines()
    root, found = map(json.loads, lines)
    assert (root["kind"], root["files"]) == ("root", 0)
    assert found["cause"] == "scanner_failed"
    return dict(found)


def test_the_worker_is_of_the_same_version_whatever_else_the_interpreter_has(tmp_path: Path) -> None:
    write(tmp_path / "other", [("preuve/__init__.py", "raise SystemExit('another version')\n")])
    body = f"""
    import os, sys
    os.environ["PYTHONPATH"] = {str(tmp_path / "other")!r}
    os.execv({sys.executable!r}, [{sys.executable!r}, *sys.argv[1:]])
    """
    assert scan_with(tmp_path, stand_in(tmp_path, body)).gaps == 0


def test_the_number_of_processes_does_not_change_the_bytes(fixtures: Scan, tmp_path: Path) -> None:
    again = Scan(tmp_path, scan(IacJob(FIXTURES, ROOTS[::-1], CHECKS), tmp_path, workers=1))
    assert again.files() == fixtures.files()


def test_several_processes_parse_folders_to_the_same_result(tmp_path: Path) -> None:
    base = tmp_path / "workspace"
    module = 'module "disk" {\n  source = "../disk"\n}\n'
    write(base, [(f"root{number}/main.tf", module + volume(f"of_{number}")) for number in range(20)])
    write(base, [("disk/main.tf", volume()), ("root3/broken.tf", "resource {"), ("root4/odd.tf.json", "{}")])
    write(base, [("root5/x_override.tf", volume("of_5").replace("false", "true"))])
    job = IacJob(base, (IacRoot(".", "terraform"),), CHECKS)
    one = Scan(tmp_path / "one", scan(job, tmp_path / "one", workers=1))
    two = Scan(tmp_path / "two", scan(job, tmp_path / "two", workers=2))
    assert (two.files(), two.summary.roots) == (one.files(), 20)
    assert two.gaps("root3")


def test_the_speed_patches_change_no_result(fixtures: Scan, tmp_path: Path) -> None:
    plain = Scan(tmp_path, scan(IacJob(FIXTURES, ROOTS, CHECKS, accelerate=False), tmp_path))
    assert plain.files() == fixtures.files()


def test_the_replacement_parser_of_hcl_keeps_the_same_line_methods() -> None:
    assert {name: getattr(hcl2, name) for name in LINES} == LINES


def test_loops_over_values_from_other_modules_are_expanded(fixtures: Scan) -> None:
    found = {line["address"] for line in fixtures.of("record", "loops")}
    assert {
        'aws_ebs_volume.by_map["right"]',
        "aws_ebs_volume.by_condition[1]",
        "module.counted[1].aws_ebs_volume.this[1]",
        'module.shelf["left"].module.disk[1].aws_ebs_volume.this[0]',
    } <= found


def test_the_worker_gets_the_job_and_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_SECRET_ACCESS_KEY", "TF_VAR_password", "GITHUB_TOKEN", "PYTHONPATH", "BC_API_KEY"):
        monkeypatch.setenv(name, "secret")
    seen = tmp_path / "seen.json"
    body = f"""
        import json, os, sys
        sys.stdin.readline()
        about = {{"environ": dict(os.environ), "cwd": os.getcwd(), "job": json.loads(sys.stdin.readline())}}
        json.dump(about, open({str(seen)!r}, "w"))
        """
    scan_with(tmp_path, stand_in(tmp_path, body))
    about = json.loads(seen.read_text())
    assert "secret" not in about["environ"].values()
    wanted = {"PYTHONHASHSEED": "0", "BC_SKIP_MAPPING": "TRUE", "CKV_SKIP_PACKAGE_UPDATE_CHECK": "TRUE"}
    assert about["environ"].items() >= wanted.items()
    assert about["environ"]["HOME"] == about["cwd"] != os.environ.get("HOME")
    assert about["job"]["checks"] == sorted(CHECKS)


def test_a_crashed_worker_leaves_a_gap_with_its_last_output(tmp_path: Path) -> None:
    scan_with(tmp_path, stand_in(tmp_path, "raise SystemExit('out of luck')"))
    assert gap(tmp_path)["detail"] == "the worker ended with code 1: out of luck"


def test_a_worker_past_its_time_is_stopped_and_leaves_a_gap(tmp_path: Path) -> None:
    body = "import sys, time\nsys.stdin.read()\ntime.sleep(600)\n"
    scan_with(tmp_path, stand_in(tmp_path, body), timeout=0.5)
    assert gap(tmp_path)["detail"] == "stopped after 0.5 seconds"


def test_an_interpreter_without_checkov_gives_a_hint(tmp_path: Path) -> None:
    scan_with(tmp_path, stand_in(tmp_path, "import sys\nsys.modules['checkov'] = None\nimport checkov.version\n"))
    assert "checkov" in str(gap(tmp_path)["detail"])


def test_finished_roots_of_a_worker_are_kept_and_the_others_are_gaps(tmp_path: Path) -> None:
    root = {"kind": "root", "root": "a", "framework": "terraform", "files": 1, "resources": 0, "types": {}}
    body = f"""
        import json, os, sys

        def say(message, end="\\n"):
            sys.stdout.write(json.dumps(message) + end)
            sys.stdout.flush()

        sys.stdin.readline()
        sys.stdin.readline()
        say({{"checkov": "3", "unknown_checks": []}})
        say({{"end": True}})
        for name in json.loads(sys.stdin.readline())["read"]:
            files = ["main.tf"] if name in ("infra/a", "infra/b") else []
            found = {{"files": files, "variables": [], "gaps": [], "calls": [], "size": 1}}
            found |= {{"applied": False, "kept": False, "asks": False}}
            say({{"folder": name, "found": found}})
        say({{"end": True}})
        units = json.loads(sys.stdin.readline())["evaluate"]
        number = units.index(["terraform", "infra/a", ""])
        say({{"unit": number, "lines": [{json.dumps(root)}], "opened": []}})
        say({{"unit": 1 - number, "lines": [{{"kind": "ro"}}]}}, end="")
        os.abort()
        """
    base = tmp_path / "workspace"
    write(base, [("infra/a/main.tf", volume()), ("infra/b/main.tf", volume())])
    job = IacJob(base, (IacRoot("infra", "terraform"),), CHECKS)
    summary = scan(job, tmp_path / "snapshot", python=stand_in(tmp_path, body), timeout=60)
    finished, rest = (path.read_text().splitlines() for path in summary.written)
    assert [json.loads(line)["root"] for line in finished] == ["a"]
    assert [json.loads(line).get("cause") for line in rest] == [None, "scanner_failed"]


def test_a_missing_interpreter_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot start"):
        scan_with(tmp_path, str(tmp_path / "no-python"))


def test_a_crashing_or_endless_root_costs_only_itself(tmp_path: Path) -> None:
    code = """
        import os, signal
        from preuve.collect.code.run.pool import ProcessPool

        def evaluate(number):
            if number == 0:
                os._exit(9)
            if number == 1:
                signal.pause()
            return b"done"

        for answer in sorted(ProcessPool(evaluate, workers=2, limit=0.5).run(range(5))):
            print(*answer)
        """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines() == [
        "0 the process that examined this root module died",
        "1 stopped after 0.5 seconds",
        "2 b'done'",
        "3 b'done'",
        "4 b'done'",
    ]


def test_a_process_that_uses_too_much_memory_is_replaced() -> None:
    code = """
        import os
        from preuve.collect.code.run.pool import ProcessPool

        held = []

        def evaluate(number):
            held.append(bytearray(os.urandom(1024) * (64 * 1024 if number == 2 else 1)))
            return str(os.getpid()).encode()

        done = dict(ProcessPool(evaluate, workers=1, limit=60).run(range(5)))
        print(*(done[number] == done[0] for number in range(5)))
        """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == ["True", "True", "True", "False", "False"]


def endless(base: Path) -> None:
    """A root that takes far longer than any test waits."""
    write(base, [("endless/main.tf", "".join(volume(f"one_of_{number}") for number in range(6000)))])


def test_a_root_that_takes_too_long_is_a_gap(tmp_path: Path) -> None:
    endless(tmp_path / "workspace")
    job = IacJob(tmp_path / "workspace", (IacRoot("endless", "terraform"),), CHECKS, limit=1)
    found = Scan(tmp_path, scan(job, tmp_path / "snapshot"))
    assert found.gaps("endless") == [("", 0, "scanner_failed", "stopped after 1 seconds")]


def test_a_worker_and_its_children_end_with_the_parent(tmp_path: Path) -> None:
    base = tmp_path / "workspace"
    endless(base)
    write(base, [("short/main.tf", volume())])
    job = IacJob(base, (IacRoot(".", "terraform"),), CHECKS)
    units = {"evaluate": [["terraform", "short", ""], ["terraform", "endless", ""]]}
    reading, writing = os.pipe()
    with (
        os.fdopen(reading, "rb") as alive,
        os.fdopen(writing, "wb") as errors,
        warm_worker.COLD(sys.executable, tmp_path, errors) as worker,
    ):
        errors.close()  # from here on only the worker and its children hold it
        assert worker.stdin and worker.stdout
        beginning = json.dumps(asdict(Preamble.of(job)))
        worker.stdin.write(f"{beginning}\n{job.to_json(1)}\n{json.dumps(units)}\n".encode())
        worker.stdin.flush()
        assert any(b'"unit": 0' in line for line in iter(worker.stdout.readline, b""))
        worker.stdin.close()  # as the system does for a parent that was killed
        alive.read()
        assert worker.wait() == -signal.SIGKILL


@pytest.mark.parametrize("check", ["CKV_AWS_3", "CKV_AZURE_2"])
def test_a_worker_started_before_its_job_gives_the_same_lines(tmp_path: Path, check: str) -> None:
    disk = 'resource "azurerm_managed_disk" "disk" {\n  encryption_settings {\n    enabled = false\n  }\n}\n'
    write(tmp_path, [("main.tf", volume() + disk)])
    job = IacJob(tmp_path, (IacRoot(".", "terraform"),), frozenset({check}))
    with EarlyWorker() as ahead:
        ahead.start(tmp_path)
        lines = look(job, ahead=ahead)
    assert [line["check"] for line in lines if line["kind"] == "record"] == [check]
    assert lines == look(job)


@pytest.mark.parametrize(  # without acceleration, all of Checkov is loaded whatever the check
    ("check", "accelerate"), [("CKV_AWS_3", True), ("CKV_AZURE_2", True), ("CKV_AWS_3", False)]
)
def test_a_copy_of_a_loaded_worker_gives_the_same_lines(
    tmp_path: Path, check: str, accelerate: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the other tests use them, whatever a job wants loaded."""
    write(tmp_path, [("main.tf", volume())])
    job = IacJob(tmp_path, (IacRoot(".", "terraform"),), frozenset({check, "CKV_AWS_3"}), accelerate=accelerate)
    cold = look(job)
    warm_worker.install()
    assert look(job) == cold
    assert [line["check"] for line in cold if line["kind"] == "record"] == ["CKV_AWS_3"]


def test_a_worker_without_a_job_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    with EarlyWorker() as ahead:
        ahead.start(tmp_path)
        assert (home := next(tmp_path.glob("preuve-iac-*"))).is_dir()
    assert not home.exists()


def test_the_checks_that_read_policies_with_cloudsplaining_are_known() -> None:
    code = """
        import inspect
        from preuve.collect.code.checkov.engine import TERRAFORM_REGISTRIES, cfn_registry

        def uses(check):
            modules = {inspect.getmodule(one) for one in type(check).__mro__}
            own = (one for one in modules if one is not None and one.__name__.startswith("checkov."))
            return any("cloudsplaining." in inspect.getsource(one) for one in own)

        every = [check for one in (*TERRAFORM_REGISTRIES, cfn_registry) for _, check in one.all_checks()]
        print(*{check.id for check in every if uses(check)})
        """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == OF_RIGHTS


@pytest.mark.parametrize("accelerate", [True, False])
def test_a_check_that_reads_policies_with_cloudsplaining_gets_all_of_it(tmp_path: Path, accelerate: bool) -> None:
    policy = """resource "aws_iam_policy" "wide" {
      policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
    }
    """
    write(tmp_path, [("main.tf", policy)])
    job = IacJob(tmp_path, (IacRoot(".", "terraform"),), frozenset({"CKV_AWS_290"}), accelerate=accelerate)
    assert [line["result"] for line in look(job) if line["kind"] == "record"] == ["FAILED"]


def test_the_graph_of_a_root_is_released_before_the_next_evaluation() -> None:
    code = f"""
        import gc
        from pathlib import Path
        from preuve.collect.code.checkov.evaluator import Evaluator
        from preuve.collect.code.job import IacJob

        evaluator = Evaluator(IacJob(Path({str(FIXTURES)!r}), (), frozenset({sorted(CHECKS)!r})))
        for root in ("blind", "loops", "shop/prod"):
            assert len(evaluator.evaluate("terraform", root, "")) > 1
        gc.collect()
        print(sum(type(thing).__name__ == "PyDiGraph" for thing in gc.get_objects()))
        """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True, timeout=120
    )
    assert int(done.stdout) <= 1


def test_an_earlier_scan_has_no_effect(tmp_path: Path) -> None:
    stale = tmp_path / "snapshot" / "iac" / "stale.jsonl"
    stale.parent.mkdir(parents=True)
    stale.write_text("{}\n")
    job = IacJob(tmp_path, (), CHECKS)
    assert scan(job, tmp_path / "snapshot").written == ()
    assert list(stale.parent.iterdir()) == []


def _loaded_by(code: str) -> set[str]:
    code = f"import sys; {code}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_caller_loads_nothing_of_checkov() -> None:
    loaded = _loaded_by("from preuve.collect.code import *")
    assert "preuve.collect.code.run.scan" in loaded
    assert not {name for name in loaded if name.partition(".")[0] == "checkov"}


def test_the_worker_loads_nothing_of_the_caller() -> None:
    loaded = _loaded_by("import preuve.collect.code.run.worker")
    ours = {f"preuve.collect.code.run.{name}" for name in ("process", "reuse", "scan", "store", "units")}
    assert loaded.isdisjoint({*ours, "preuve.snapshot.writer"})


def test_a_name_that_the_package_does_not_have() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        _ = collect_code.nothing


def test_different_roots_have_different_files() -> None:
    roots = ["infra", "infra/prod", "infra-prod", "Infra", ".", "..", "infra/", "é"]
    names = [file_name(kind, root) for kind in ("terraform", "cloudformation") for root in roots]
    assert len({name.lower() for name in names}) == len(names)
    assert all("/" not in name and not name.startswith(".") for name in names)
    assert file_name("terraform", "infra") == "infra.jsonl"


@pytest.mark.parametrize(("machine", "processors", "limit"), [(8, 2, 3), (64, 2, 8), (32, 64, 2)])
def test_the_memory_limits_of_processes_fit_the_machine(machine: int, processors: int, limit: int) -> None:
    """In gigabytes: what a hostile file takes must not stop the others, nor be too little for Checkov itself."""
    assert memory(machine * 1024**3, processors) == limit * 1024**3
