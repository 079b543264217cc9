"""`preuve ci` as a push meets it: through the command line, on small trees of Terraform."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import click
import pytest
from junitparser import JUnitXml

from cli.pushes import CLOSED, ci, volumes, workspace
from preuve.cli import confirm
from preuve.library.company.baseline import load_baseline
from preuve.publish.words.locale import load_locale


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A workspace with one volume that is not encrypted."""
    return workspace(tmp_path / "shop", volumes("old"))


def _link_to_nothing(path: Path) -> None:
    path.symlink_to("../absent.yaml")


@pytest.mark.parametrize("made", [_link_to_nothing, Path.mkdir, os.mkfifo])
@pytest.mark.parametrize("name", ["preuve.yaml", "baseline.yaml", "waivers.yaml"])
def test_a_file_that_judges_and_cannot_be_read_is_not_taken_for_none(
    shop: Path, name: str, made: Callable[[Path], object]
) -> None:
    (shop / name).unlink(missing_ok=True)
    made(shop / name)
    refused = ci(shop)
    assert (refused.exit_code, f"{name}: is not a file" in refused.output) == (2, True)


@pytest.mark.parametrize("option", ["--junit", "--xunit", "--sarif", "--summary", "--json", "--code-quality"])
@pytest.mark.parametrize("name", ["preuve.yaml", "waivers.yaml", "baseline.yaml", "approvers", "infra/main.tf"])
def test_what_a_run_reads_is_never_written_over(shop: Path, option: str, name: str) -> None:
    before = (shop / name).read_bytes() if (shop / name).exists() else None
    refused = ci(shop, option, str(shop / name))
    assert (refused.exit_code, name in refused.output) == (2, True)
    assert ((shop / name).read_bytes() if (shop / name).exists() else None) == before


def test_an_output_takes_the_place_of_an_earlier_one_of_its_kind_only(shop: Path) -> None:
    outputs = {"--junit": "j.xml", "--sarif": "s.json", "--json": "o.json", "--code-quality": "q.json"}
    asked = [part for option, name in outputs.items() for part in (option, str(shop / name))]
    (shop / "j.xml").touch()  # as mktemp makes one
    summary = ["--summary", str(shop / "s.md")]
    assert [ci(shop, *asked, *summary).exit_code, ci(shop, *asked, *summary).exit_code] == [10, 10]
    assert (shop / "s.md").read_text().count("## preuve") == 2
    other = ci(shop, "--json", str(shop / "s.json"))
    assert (other.exit_code, "was not written with --json" in other.output) == (2, True)
    assert ci(shop, "--baseline", str(shop / "b.yaml"), "--json", str(shop / "b.yaml")).exit_code == 2


def test_two_outputs_are_not_one_file(shop: Path) -> None:
    refused = ci(shop, "--junit", str(shop / "out"), "--json", str(shop / "infra" / ".." / "out"))
    assert (refused.exit_code, "--junit and --json name one file" in refused.output) == (2, True)
    assert not (shop / "out").exists()
    (shop / "approvers").mkdir()
    assert ci(shop, "--json", str(shop / "approvers" / "out.json")).exit_code == 2


def test_a_written_baseline_is_told_and_a_waiver_that_ended_asked_for(shop: Path) -> None:
    (shop / "waivers.yaml").write_text(
        "waivers:\n  - {id: W-009, policy: s3-tls-only, resource: x, reason: A long enough one, "
        'owner: Ada Lund, approver: Bo Rask, created: "2025-01-01", expires: "2025-03-01"}\n'
    )
    told = " ".join(ci(shop, "--update-baseline").output.split())
    assert "wrote baseline.yaml: 1 problem is known. Commit it." in told
    assert (
        "Waiver expired, without effect: W-009 (s3-tls-only on x, owner Ada Lund, 2025-03-01). Renew it or remove it."
        in told
    )
    again = " ".join(ci(shop).output.split())
    assert "1 known problem remains, as in baseline.yaml." in again and "wrote" not in again


def test_a_folder_of_content_that_is_a_link_to_nothing_is_not_taken_for_none(shop: Path) -> None:
    (shop / "policies").symlink_to("../absent")
    refused = ci(shop)
    assert (refused.exit_code, "policies: cannot be read: No such file or directory" in refused.output) == (2, True)


def test_code_without_a_workspace_is_told_in_the_language_of_the_terminal_and_not_disputed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "main.tf").write_text(volumes("old"))
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    told = ci(tmp_path, "--gate", "low")
    assert (told.exit_code, "preuve dispute" in told.output, "CORRECTION" in told.output.upper()) == (10, False, True)


def test_a_baseline_lets_only_recorded_problems_pass(shop: Path) -> None:
    first = ci(shop)
    assert (first.exit_code, "aws_ebs_volume.old" in first.output) == (10, True)
    assert "preuve ci --update-baseline records it as known" in " ".join(first.output.split())

    assert ci(shop, "--update-baseline").exit_code == 0
    lines = (shop / "baseline.yaml").read_text().splitlines()
    known = '    - {at: "infra:aws_ebs_volume.old", checks: [CKV2_PREUVE_EBS_ENCRYPTED], grounds: ['
    assert sum(line.startswith(known) for line in lines) == 1

    moved = "# a comment\n\n" + volumes("fine", text=CLOSED) + volumes("old")
    (shop / "infra" / "main.tf").unlink()
    (shop / "infra" / "storage.tf").write_text(moved + volumes("new"))
    second = ci(shop, "--junit", str(shop / "j.xml"), "--summary", str(shop / "s.md"))
    assert second.exit_code == 10
    assert "aws_ebs_volume.new" in second.output
    assert "aws_ebs_volume.old" not in second.output

    cases = {
        case.name: case.result[0]
        for suite in JUnitXml.fromfile(str(shop / "j.xml"))
        for case in suite
        if case.result and case.classname.endswith(".ebs-volume-encrypted")
    }
    assert type(cases["infra:aws_ebs_volume.old"]).__name__ == "Skipped"
    assert "Already known" in cases["infra:aws_ebs_volume.old"].message
    assert type(cases["infra:aws_ebs_volume.new"]).__name__ == "Failure"
    assert "known problem" in (shop / "s.md").read_text()


def test_fixed_problems_can_leave_the_baseline(shop: Path) -> None:
    ci(shop, "--update-baseline")
    before = len(load_baseline(shop / "baseline.yaml").marks)
    (shop / "infra" / "main.tf").write_text(volumes("old", text=CLOSED))
    fixed = ci(shop)
    assert (fixed.exit_code, "takes it off the list" in " ".join(fixed.output.split())) == (0, True)
    ci(shop, "--update-baseline")
    assert len(load_baseline(shop / "baseline.yaml").marks) < before


def test_unchanged_code_comes_from_the_cache_and_changed_code_is_examined_again(shop: Path) -> None:
    cache = shop.parent / "cache"
    first = ci(shop, "--cache", str(cache))
    again = ci(shop, "--cache", str(cache))
    assert again.stdout == first.stdout
    assert "examined" in first.stderr
    assert "examined" not in again.stderr
    assert "examined" in ci(shop, "--cache", str(cache), "--no-cache").stderr

    (shop / "infra" / "main.tf").write_text(volumes("old", text=CLOSED))
    fixed = ci(shop, "--cache", str(cache))
    assert (fixed.exit_code, "examined" in fixed.stderr) == (0, True)


def test_the_cache_is_never_inside_the_examined_code(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ci(shop, "--cache", str(shop / ".preuve" / "cache")).exit_code == 2
    monkeypatch.setenv("XDG_CACHE_HOME", str(shop / "home"))
    assert ci(shop).exit_code == 10
    assert not (shop / "home").exists()


def test_a_step_of_github_actions_gets_annotations_summary_and_outputs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder's name is a workflow command, and the key of a resource is Markdown."""
    folder = tmp_path / "shop" / "::error::x"
    name = 'module "m" {\n  source = "./inner"\n  for_each = toset(["<b>|"])\n}\n'
    workspace(folder.parent, name)
    folder.mkdir()
    (folder / "main.tf").write_text(volumes("evil") + 'provider "aws" {}\n')
    (folder.parent / "infra" / "inner").mkdir()
    (folder.parent / "infra" / "inner" / "main.tf").write_text(volumes("inside"))
    text = (folder.parent / "preuve.yaml").read_text()
    (folder.parent / "preuve.yaml").write_text(text.replace("path: infra", 'path: "."'))
    refused = ci(folder.parent, "--github")
    assert (refused.exit_code, "GITHUB_STEP_SUMMARY" in refused.output) == (2, True)

    for variable in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"):
        monkeypatch.setenv(variable, str(tmp_path / variable))
    answer = ci(folder.parent, "--github")
    assert answer.exit_code == 10
    commands = [line for line in answer.output.splitlines() if line.lstrip().startswith("::")]
    assert all(line.startswith(("::error file=", "::warning file=", "::notice title=")) for line in commands)
    assert any("file=%3A%3Aerror%3A%3Ax/main.tf,line=1," in line for line in commands)
    outputs = dict(line.split("=") for line in (tmp_path / "GITHUB_OUTPUT").read_text().splitlines())
    assert (outputs["exit-code"], int(outputs["stopping"]) > 0, outputs["known"]) == ("10", True, "0")
    assert "<b>" not in (tmp_path / "GITHUB_STEP_SUMMARY").read_text()


def test_unreadable_code_stops_a_push_until_it_is_in_the_baseline(shop: Path) -> None:
    ci(shop, "--update-baseline")
    (shop / "infra" / "broken.tf").write_text('resource "x" {\n')
    broken = ci(shop)
    assert (broken.exit_code, "Not evaluated: infra/broken.tf" in broken.output) == (11, True)
    assert "not all of the code could be read" in broken.output
    assert ci(shop, "--update-baseline").exit_code == 0
    known = ci(shop)
    assert (known.exit_code, "Not evaluated, as before: infra/broken.tf" in known.output) == (0, True)


def test_terraform_in_json_is_judged_as_any_other(shop: Path) -> None:
    ci(shop, "--update-baseline")
    volume = {"availability_zone": "eu-west-3a", "size": 8, "encrypted": False}
    (shop / "infra" / "more.tf.json").write_text(
        json.dumps({"resource": {"aws_ebs_volume": {"json": volume}}}, indent=2)
    )
    beside = ci(shop, "--json", str(shop / "o.json"))
    found = json.loads((shop / "o.json").read_text())["findings"]
    new = {(item["status"], item["file"]) for item in found if item["file"] == "infra/more.tf.json"}
    assert beside.exit_code == 10
    assert ("FAIL", "infra/more.tf.json") in new

    (shop / "infra" / "more.tf.json").write_text("{")
    broken = ci(shop)
    assert (broken.exit_code, "Not evaluated: infra/more.tf.json" in broken.output) == (11, True)


def test_a_folder_of_opentofu_is_examined_without_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "main.tofu").write_text(volumes("old") + 'provider "aws" {}\n')
    answer = ci(tmp_path)
    assert (answer.exit_code, "main.tofu:1" in answer.output) == (10, True)


@pytest.mark.parametrize("folder", ["policies/mine", "controls/mine", "scanners/aws", "attestations", "registers"])
def test_an_unreadable_folder_of_the_workspace_is_an_error(shop: Path, folder: str) -> None:
    (shop / folder).parent.mkdir(exist_ok=True)
    (shop / folder).symlink_to(Path(folder).name)  # a circle: nobody can open it, not even root
    answer = ci(shop)
    assert (answer.exit_code, f"{folder}: cannot be read" in answer.output) == (2, True)


@pytest.mark.parametrize("text", ["no;column;of;it\n", '"open'])
def test_a_register_stops_no_push_because_the_gate_reads_none(shop: Path, text: str) -> None:
    (shop / "registers").mkdir()
    (shop / "registers" / "capa-register.csv").write_text(text)
    assert ci(shop).exit_code == 10
    assert ci(shop, "--update-baseline").exit_code == ci(shop).exit_code == 0
    (shop / "waivers.yaml").write_text("waivers: [{id: W-1}]\n")  # which silences findings
    assert ci(shop).exit_code == 2


def test_a_cache_that_cannot_be_opened_is_ignored(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(shop.parent / ("x" * 300)))  # a name that no file system takes
    assert ci(shop).exit_code == 10


def test_a_user_without_a_home_folder_can_run_the_gate(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> None:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", nobody)
    assert ci(shop).exit_code == 10


def test_an_error_of_the_operating_system_is_one_line_and_what_to_do() -> None:
    name = "x" * 300
    done = subprocess.run(
        [sys.executable, "-m", "preuve.cli.main", "init", name, "--yes"],
        capture_output=True,
        text=True,
        check=False,
    )
    advice = "  check the path, the disk and its rights, and try again"
    assert (done.returncode, done.stderr.splitlines()[-2:]) == (
        1,
        [f"error: {name}/preuve.yaml: File name too long", advice],
    )


def test_invalid_content_is_refused_with_its_place(shop: Path) -> None:
    (shop / "waivers.yaml").write_text("waivers:\n  - {id: W-1}\n")
    answer = ci(shop)
    assert answer.exit_code == 2
    assert "waivers.yaml:2:5" in answer.output


def test_a_folder_without_a_workspace_is_judged_by_the_catalogue(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(volumes("old") + 'provider "aws" {}\n')
    answer = ci(tmp_path)
    assert (answer.exit_code, "main.tf:1" in answer.output) == (10, True)


def test_a_folder_inside_a_workspace_is_refused(shop: Path) -> None:
    subprocess.run(["git", "-C", str(shop), "init", "-q"], check=True)
    answer = ci(shop / "infra")
    assert answer.exit_code == 2
    assert f"preuve ci {shop}" in answer.output


def test_code_that_is_left_out_as_evidence_is_told(tmp_path: Path) -> None:
    kept = tmp_path / "evidence/x/main.tf"
    kept.parent.mkdir(parents=True)
    kept.write_text(volumes("old"))
    digest = hashlib.sha256(kept.read_bytes()).hexdigest()
    (kept.parent / "manifest-sha256.txt").write_text(f"{digest}  main.tf\n")
    answer = ci(tmp_path)
    assert (answer.exit_code, "outside the evidence that preuve wrote: evidence/x" in answer.output) == (2, True)


def test_an_empty_folder_is_no_success(tmp_path: Path) -> None:
    assert ci(tmp_path).exit_code in (2, 3)


@pytest.mark.parametrize(("files", "asked"), [(4, True), (3, False)])
def test_a_huge_folder_without_a_workspace_needs_confirmation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: int, asked: bool
) -> None:
    for number in range(files):
        (tmp_path / f"{number}.txt").touch()
    monkeypatch.setattr(confirm, "MOST_FILES", 3)
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    with pytest.raises(click.Abort) if asked else nullcontext():
        confirm.confirm_huge(tmp_path)


@pytest.mark.parametrize(
    ("typed", "told"),
    [("", "\npas de réponse : rien n'a été écrit. Répondez oui dans un terminal"), ("non\n", "rien n'a été écrit")],
)
def test_a_question_without_yes_ends_in_the_language_of_the_workspace(
    monkeypatch: pytest.MonkeyPatch, typed: str, told: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    with pytest.raises(click.Abort) as caught:
        confirm.confirm("Signer ?", load_locale("fr"))
    assert str(caught.value).replace("\u00a0", " ") == told


def test_a_workspace_needs_no_confirmation(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confirm, "MOST_FILES", 0)
    confirm.confirm_huge(shop)
