"""`preuve ci --base`: a push is compared with a commit, and the files of that commit judge it."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from cli.pushes import CLOSED, OPEN, ci, volumes, workspace
from preuve.model.errors import Exit
from preuve.pipeline.push.gate import Request, examine
from preuve.pipeline.push.git import Repository
from preuve.pipeline.push.surroundings import folder_surroundings


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")
    command = ["git", "-C", str(folder), *who, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path, message: str = "change") -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A workspace below the top of a repository, on a branch that has just left main."""
    top = tmp_path / "repository"
    folder = workspace(top / "shop", volumes("old"))
    git(top, "init", "-q", "-b", "main")
    commit(top)
    git(top, "checkout", "-q", "-b", "feature")
    return folder


def test_only_problems_that_the_push_adds_fail(shop: Path) -> None:
    untouched = ci(shop, "--base", "main")
    assert untouched.exit_code == 0
    assert "1 known problem remains, as in main" in untouched.output

    (shop / "infra" / "main.tf").write_text("\n\n" + volumes("old", "new"))
    pushed = ci(shop, "--base", "main", "--junit", str(shop.parent / "j.xml"))
    assert pushed.exit_code == 10
    assert "shop/infra/main.tf:9" in pushed.output
    assert "aws_ebs_volume.old" not in pushed.output
    assert 'file="shop/infra/main.tf"' in (shop.parent / "j.xml").read_text()


def test_a_moved_root_module_has_no_new_problems(shop: Path) -> None:
    git(shop, "mv", "infra/main.tf", "infra/storage.tf")
    assert ci(shop, "--base", "main").exit_code == 0
    (shop / "infra" / "prod").mkdir()
    git(shop, "mv", "infra/storage.tf", "infra/prod/main.tf")
    moved = ci(shop, "--base", "main")
    assert (moved.exit_code, "1 known problem remains" in moved.output) == (0, True)
    (shop / "infra" / "prod" / "main.tf").write_text(volumes("old", "new"))
    assert ci(shop, "--base", "main").exit_code == 10


def test_a_fix_on_the_base_since_the_branch_does_not_fail_the_push(shop: Path) -> None:
    git(shop, "checkout", "-q", "main")
    (shop / "infra" / "main.tf").write_text(volumes("old", text=CLOSED))
    commit(shop, "fixed on main")
    git(shop, "checkout", "-q", "feature")
    assert ci(shop, "--base", "main").exit_code == 0


def test_a_push_cannot_waive_its_own_problem(shop: Path) -> None:
    (shop / "infra" / "main.tf").write_text(volumes("old", "new"))
    (shop / "waivers.yaml").write_text(
        "waivers:\n  - {id: W-1, policy: ebs-volume-encrypted, resource: '*', reason: quick, owner: Ada Lund, "
        'approver: Bo Rask, created: "2026-01-01", expires: "2026-12-31"}\n'
    )
    commit(shop)
    judged = ci(shop, "--base", "main")
    assert judged.exit_code == 10
    assert "THIS PUSH CHANGES WHAT JUDGES IT: shop/waivers.yaml. Judged by main" in " ".join(judged.output.split())

    trusted = ci(shop, "--base", "main", "--judge", "head")
    assert trusted.exit_code == 0
    assert "Judged with these changes" in trusted.output


def test_a_push_cannot_lower_the_gate_or_leave_the_scope(shop: Path) -> None:
    text = (shop / "preuve.yaml").read_text().replace("high", "critical").replace("path: infra", "path: nowhere")
    (shop / "preuve.yaml").write_text(text)
    (shop / "infra" / "main.tf").write_text(volumes("old", "new"))
    assert ci(shop, "--base", "main").exit_code == 10


def test_the_baseline_of_the_base_counts(shop: Path) -> None:
    baseline = str(shop / "baseline.yaml")
    missing = ci(shop, "--base", "main", "--baseline", baseline)
    assert missing.exit_code == 2
    assert "has no baseline.yaml" in missing.output

    ci(shop, "--update-baseline")
    commit(shop)
    git(shop, "branch", "-f", "main")
    (shop / "infra" / "main.tf").write_text(volumes("old", "new"))
    ci(shop, "--update-baseline")
    pushed = ci(shop, "--base", "main", "--baseline", baseline)
    assert pushed.exit_code == 10
    assert "aws_ebs_volume.new" in pushed.output


def test_a_missing_base_is_refused_with_a_hint(shop: Path) -> None:
    for name in ("origin/main", "--output=/tmp/x"):
        answer = ci(shop, "--base", name)
        assert answer.exit_code == 2
        assert "fetch-depth" in answer.output


def test_a_push_that_ends_all_code_is_told_what_there_was(tmp_path: Path) -> None:
    template = tmp_path / "cfn" / "t.yaml"
    template.parent.mkdir()
    template.write_text("Resources:\n  B:\n    Type: AWS::S3::Bucket\n", encoding="utf-8")
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path)
    template.unlink()
    answer = ci(tmp_path, "--base", "main")
    assert (answer.exit_code, "removes all the code" in answer.output) == (2, True), answer.output
    assert "cfn (cloudformation)" in answer.output


def test_the_tree_of_a_commit_is_written_without_conversion(shop: Path, tmp_path: Path) -> None:
    """No checkout: no hook, no filter and no export rule of the repository has a say, and links are not followed."""
    (shop / ".gitattributes").write_text("*.tf export-ignore filter=evil\n")
    (shop / "infra" / "link.tf").symlink_to("/etc/passwd")
    git(shop, "config", "filter.evil.smudge", f"touch {tmp_path / 'smudged'}")
    git(shop, "config", "filter.evil.clean", "cat")
    commit(shop)
    repository = Repository.around(shop)
    assert repository is not None
    repository.extract(repository.commit("HEAD"), "shop", tmp_path / "copy", lambda path: path.endswith(".tf"))
    assert (tmp_path / "copy" / "infra" / "main.tf").read_text() == volumes("old", text=OPEN)
    assert (tmp_path / "copy" / "infra" / "link.tf").is_symlink()
    assert not (tmp_path / "smudged").exists()


def test_changed_only_examines_only_the_roots_that_a_push_changes(shop: Path) -> None:
    """A root is changed by its own files and by those of the modules that it calls."""
    modules = {"prod": "../disk", "staging": "../other"}
    for name, source in modules.items():
        (shop / "infra" / name).mkdir()
        (shop / "infra" / name / "main.tf").write_text(f'module "m" {{\n  source = "{source}"\n}}\n')
    for name in ("disk", "other"):
        (shop / "infra" / name).mkdir()
        (shop / "infra" / name / "main.tf").write_text(volumes("kept"))
    commit(shop)
    git(shop, "branch", "-f", "main")

    (shop / "README.md").write_text("Nothing to see")
    untouched = ci(shop, "--base", "main", "--changed-only")
    assert (untouched.exit_code, "changes no code in scope" in untouched.output) == (0, True)

    (shop / "infra" / "disk" / "more.tofu").write_text(volumes("new"))
    changed = ci(shop, "--base", "main", "--changed-only", "--json", str(shop.parent / "o.json"))
    found = json.loads((shop.parent / "o.json").read_text())["findings"]
    assert changed.exit_code == 10
    assert {item["resource"].split(":")[0] for item in found} == {"infra/prod"}
    assert {item["resource"] for item in found if not item["known"] and item["policy"] == "ebs-volume-encrypted"} == {
        "infra/prod:module.m.aws_ebs_volume.new"
    }


def test_changed_only_follows_a_module_behind_a_link(shop: Path) -> None:
    (shop / "real").mkdir()
    (shop / "real" / "main.tf").write_text(volumes("inside", text=CLOSED))
    (shop / "infra" / "m").symlink_to("../real")
    (shop / "infra" / "main.tf").write_text(volumes("old") + 'module "m" {\n  source = "./m"\n}\n')
    commit(shop)
    git(shop, "branch", "-f", "main")
    (shop / "real" / "main.tf").write_text(volumes("inside"))
    pushed = ci(shop, "--base", "main", "--changed-only")
    assert (pushed.exit_code, "module.m.aws_ebs_volume.inside" in pushed.output) == (10, True)
    assert "aws_ebs_volume.old" not in pushed.output  # earlier problems are known


def test_a_locally_installed_module_is_not_new(shop: Path) -> None:
    (shop / "infra" / "main.tf").write_text('module "m" {\n  source = "acme/disk/aws"\n}\n')
    (shop.parent / ".gitignore").write_text(".terraform/\n")
    commit(shop)
    git(shop, "branch", "-f", "main")
    installed = shop / "infra" / ".terraform" / "modules"
    (installed / "m").mkdir(parents=True)
    (installed / "m" / "main.tf").write_text(volumes("inside"))
    entry = {
        "Key": "m",
        "Source": "registry.terraform.io/acme/disk/aws",
        "Version": "1.0.0",
        "Dir": ".terraform/modules/m",
    }
    (installed / "modules.json").write_text(json.dumps({"Modules": [entry]}))
    os.mkfifo(installed / "m" / "pipe")  # a file that cannot be copied affects nothing else
    (shop / "infra" / "outputs.tf").write_text('output "x" {\n  value = 1\n}\n')
    answer = ci(shop, "--base", "main")
    assert (answer.exit_code, "known problems remain" in answer.output) == (0, True)

    git(shop, "add", "-f", "infra/.terraform")  # added by the push, so the author of the push wrote it
    brought = ci(shop, "--base", "main")
    assert brought.exit_code == 11
    assert ".terraform/modules is part of the repository" in " ".join(brought.output.split())


def test_installed_modules_tracked_by_git_are_found_however_they_were_added(shop: Path) -> None:
    for name in ("infra/a/.terraform/modules/m/main.tf", "infra/b/.Terraform/Modules/modules.json", "elsewhere/x.tf"):
        (shop / name).parent.mkdir(parents=True)
        (shop / name).write_text("{}")
    (shop / "infra" / "c").mkdir()
    (shop / "infra" / "c" / ".terraform").symlink_to("../../elsewhere")
    (shop / "infra" / "d" / ".terraform").mkdir(parents=True)
    (shop / "infra" / "d" / ".terraform" / "environment").write_text("prod")  # no module
    (shop.parent / ".terraform" / "modules").mkdir(parents=True)
    (shop.parent / ".terraform" / "modules" / "modules.json").write_text("{}")  # of no folder of the workspace
    git(shop.parent, "add", "-f", ".")
    (shop / "infra" / "e" / ".terraform" / "modules").mkdir(parents=True)  # as terraform init does
    (shop / "infra" / "e" / ".terraform" / "modules" / "modules.json").write_text("{}")
    assert folder_surroundings(shop).brought == {"infra/a", "infra/b", "infra/c"}


def test_content_of_the_base_judges_and_a_broken_change_to_it_is_refused(shop: Path) -> None:
    (shop / "policies").mkdir()
    (shop / "policies" / "params.yaml").write_text("rpo_hours: {value: 12, unit: hours, source: ours}\n")
    commit(shop)
    git(shop, "branch", "-f", "main")
    assert ci(shop, "--base", "main").exit_code == 0

    (shop / "policies" / "params.yaml").write_text("rpo_hours: {value: 12}\n")
    answer = ci(shop, "--base", "main")
    assert (answer.exit_code, "policies/params.yaml:1" in answer.output) == (2, True)


def test_git_does_not_run_in_a_copied_repository_inside_the_tree(shop: Path) -> None:
    """Git would read the configuration in it, and start the filters that this names."""
    ran = shop.parent.parent / "ran"
    base = git(shop, "rev-parse", "main")
    shutil.copytree(shop.parent / ".git", shop, dirs_exist_ok=True)  # as much as git wants to see of a repository
    (shop / "config").write_text(
        "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n"
        f'[filter "trap"]\n\tclean = "touch {ran}; cat"\n'
    )
    (shop / ".gitattributes").write_text("*.tf filter=trap\n")
    (shop / "shop" / "infra").mkdir(parents=True)
    (shop / "shop" / "infra" / "main.tf").write_text(volumes("new"))  # as long as that of the base: it is looked into
    git(shop, "diff", "--name-only", base)
    assert ran.exists()  # the trap works

    ran.unlink()
    answer = ci(shop, "--base", base)
    assert (answer.exit_code, ran.exists()) == (11, False)  # the copy of the code is in no scope
    assert "shop/shop/infra/main.tf" in answer.output


def test_in_a_hook_the_named_workspace_is_examined(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(shop.parent, "init", "-q", str(shop.parent.parent / "other"))
    monkeypatch.setenv("GIT_DIR", str(shop.parent.parent / "other" / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(shop.parent.parent / "other" / "index"))
    assert "1 known problem remains, as in main" in ci(shop, "--base", "main").output


def test_a_partial_clone_without_the_blobs_is_reported(shop: Path) -> None:
    (shop / "infra" / "main.tf").write_text(volumes("new"))
    commit(shop)
    blob = git(shop, "rev-parse", "main:shop/infra/main.tf")
    (shop.parent / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    answer = ci(shop, "--base", "main")
    assert (answer.exit_code, answer.output) == (
        1,
        "this clone does not have the content of infra/main.tf\nclone without --filter",
    )


def test_a_tag_does_not_replace_the_branch_of_the_base(shop: Path) -> None:
    """Everybody who may push can make tags, and git prefers a tag to a branch."""
    git(shop, "tag", "main")
    answer = ci(shop, "--base", "main")
    assert (answer.exit_code, "refs/heads/main" in answer.output) == (2, True)
    assert "known problem remains, as in main" in ci(shop, "--base", "refs/heads/main").output


def test_a_history_too_short_to_reach_the_base_is_reported(shop: Path) -> None:
    (shop / "README.md").write_text("Feature")
    commit(shop)
    clone = shop.parent.parent / "clone"
    git(shop, "clone", "-q", "--depth", "1", "--no-single-branch", f"file://{shop.parent}", str(clone))
    answer = ci(clone / "shop", "--base", "origin/main")
    assert answer.exit_code == 0
    assert "does not show where the branch left origin/main" in " ".join(answer.output.split())


def test_the_code_of_a_submodule_comes_from_the_commit_that_the_base_names(shop: Path) -> None:
    library = shop.parent.parent / "library"
    library.mkdir()
    (library / "main.tf").write_text(volumes("inside"))
    git(library, "init", "-q")
    commit(library)
    git(shop, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(library), "infra/library")
    commit(shop)
    added = ci(shop, "--base", "main", "--changed-only")
    assert (added.exit_code, "aws_ebs_volume.inside" in added.output) == (10, True)

    git(shop, "branch", "-f", "main")
    (shop / "infra" / "outputs.tf").write_text('output "x" {\n  value = 1\n}\n')
    assert ci(shop, "--base", "main").exit_code == 0

    (shop / "infra" / "library" / "main.tf").write_text(volumes("inside", "new"))
    commit(shop / "infra" / "library")
    for options in ((), ("--changed-only",)):
        pushed = ci(shop, "--base", "main", *options)
        assert (pushed.exit_code, "aws_ebs_volume.new" in pushed.output) == (10, True)
        assert "aws_ebs_volume.inside" not in pushed.output


def test_a_verdict_that_becomes_unknown_is_reported(shop: Path) -> None:
    variable = 'variable "encrypted" {}\n'
    (shop / "infra" / "main.tf").write_text(volumes("old").replace("= false", "= var.encrypted") + variable)
    hidden = ci(shop, "--base", "main")
    assert hidden.exit_code == 0  # as wherever a value is not known (docs/ci.md)
    assert "NO LONGER EVALUATED: shop/infra/main.tf:" in hidden.output
    commit(shop)
    git(shop, "checkout", "-q", "-B", "main")
    assert "NO LONGER EVALUATED" not in ci(shop, "--base", "main").output


ALARM = """
resource "aws_cloudwatch_metric_alarm" "%s" {
  alarm_name          = "a"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  alarm_actions       = ["arn:aws:sns:eu-west-3:123456789012:alerts"]
%s}
"""


def test_an_alarm_that_says_for_the_first_time_whether_it_acts_and_hides_it_stops_a_push(shop: Path) -> None:
    kept = (shop / "infra" / "main.tf").read_text()
    (shop / "infra" / "main.tf").write_text(kept + ALARM % ("old", ""))
    commit(shop)
    git(shop, "branch", "-f", "main")
    open_ = ALARM % ("old", "  actions_enabled     = var.on\n") + 'variable "on" {}\n'
    (shop / "infra" / "main.tf").write_text(kept + open_)
    hidden = ci(shop, "--base", "main")
    assert (hidden.exit_code, "can no longer be decided" in hidden.output) == (11, True)
    (shop / "infra" / "main.tf").write_text(kept + open_.replace('"old"', '"new"'))
    assert ci(shop, "--base", "main").exit_code == 0  # another one, which never said anything
    (shop / "infra" / "main.tf").write_text(kept + ALARM % ("old", "  actions_enabled     = true\n"))
    assert ci(shop, "--base", "main").exit_code == 0


def test_a_pass_that_becomes_unknown_stops_a_push_once(shop: Path) -> None:
    (shop / "infra" / "main.tf").write_text(volumes("old", text=CLOSED))
    commit(shop)
    git(shop, "branch", "-f", "main")
    (shop / "infra" / "main.tf").write_text(
        volumes("old", text=CLOSED).replace("= true", "= var.encrypted") + 'variable "encrypted" {}\n'
    )
    report = shop / "push.json"
    hidden = ci(shop, "--base", "main", "--json", str(report))
    assert (hidden.exit_code, "can no longer be decided" in hidden.output) == (11, True)
    assert len(json.loads(report.read_text())["no_longer_decided"]) == 1
    assert ci(shop, "--base", "main", "--gate", "critical").exit_code == 0
    commit(shop)
    git(shop, "branch", "-f", "main")
    assert ci(shop, "--base", "main").exit_code == 0


DISKS = """
resource "aws_ebs_volume" "old" {
  for_each          = toset(var.disks)
  availability_zone = "eu-west-3a"
  encrypted         = each.value
}
"""
LOOP = """Transform: AWS::LanguageExtensions
Parameters: {Disks: {Type: CommaDelimitedList}}
Resources:
  Fn::ForEach::Disks:
    - Disk
    - %s
    - Disk&{Disk}: {Type: AWS::EC2::Volume, Properties: {AvailabilityZone: a, Encrypted: !Ref Disk}}
"""


@pytest.mark.parametrize(
    ("name", "before", "pushed"),
    [
        ("v.tf", 'variable "disks" {\n  default = ["true"]\n}\n', 'variable "disks" {}\n'),
        ("t.yaml", "['true', true]", "!Ref Disks"),
    ],
)
def test_instances_that_passed_and_of_which_the_number_becomes_unknown_stop_a_push(
    shop: Path, name: str, before: str, pushed: str
) -> None:
    kinds = "[{path: infra, kind: terraform}, {path: infra, kind: cloudformation}]"
    settings = (shop / "preuve.yaml").read_text().replace("[{path: infra, kind: terraform}]", kinds)
    (shop / "preuve.yaml").write_text(settings)
    (shop / "infra" / "main.tf").write_text(DISKS + 'variable "disks" {}\n' if name == "t.yaml" else DISKS)
    file = shop / "infra" / name
    file.write_text(LOOP % before if name == "t.yaml" else before)
    commit(shop)
    git(shop, "branch", "-f", "main")
    assert ci(shop, "--base", "main").exit_code == 0
    file.write_text(LOOP % pushed if name == "t.yaml" else pushed)
    hidden = ci(shop, "--base", "main")
    assert (hidden.exit_code, "can no longer be decided" in hidden.output) == (11, True)


DETECTOR = 'resource "aws_guardduty_detector" "%s" {\n  enable = true\n}\n'
IN_TEMPLATE = "Resources:\n  D: {Type: AWS::GuardDuty::Detector, Properties: {Enable: true}}\n"
REMOVED = "NO LONGER IN THE CODE"


def protected(shop: Path) -> None:
    """Give main two detectors and a bucket, and begin a push."""
    kinds = "[{path: infra, kind: terraform}, {path: infra, kind: cloudformation}]"
    settings = (shop / "preuve.yaml").read_text().replace("[{path: infra, kind: terraform}]", kinds)
    (shop / "preuve.yaml").write_text(settings)
    (shop / "infra" / "watch.tf").write_text(DETECTOR % "a")
    (shop / "infra" / "watch.yaml").write_text(IN_TEMPLATE)
    (shop / "infra" / "data.tf").write_text('resource "aws_s3_bucket" "a" {\n  bucket = "a"\n}\n')
    commit(shop)
    git(shop, "branch", "-f", "main")


@pytest.mark.parametrize("name", ["watch.tf", "watch.yaml"])
def test_what_protects_an_account_is_not_deleted_in_silence(shop: Path, name: str) -> None:
    protected(shop)
    (shop / "infra" / name).unlink()
    report = shop / "push.json"
    pushed = ci(shop, "--base", "main", "--json", str(report))
    assert (pushed.exit_code, f"{REMOVED}: shop/infra/{name}:" in pushed.output) == (11, True)
    told = json.loads(report.read_text())["no_longer_in_code"]
    assert [one["policy"] for one in told] == ["guardduty-on"]
    assert ci(shop, "--base", "main", "--changed-only").exit_code == 11
    assert ci(shop, "--base", "main", "--gate", "critical").exit_code == 0
    commit(shop)
    git(shop, "branch", "-f", "main")
    assert REMOVED not in ci(shop, "--base", "main").output


LABELLED = """resource "aws_dynamodb_table" "t" {
  name = "people"
  %s {
    enabled        = true
    attribute_name = "until"
  }
  tags = { Owner = "a", Environment = "p", DataClassification = "internal", RopaId = "T1", PersonalData = "%s" }
}
"""
WRITING = f"#!/bin/sh\ncat > x.tf <<X\n{volumes('hidden')}X\nterraform apply\n"


def test_what_leaves_by_its_own_tags_and_what_a_script_writes_are_told_once(shop: Path) -> None:
    (shop / "infra" / "providers.tf").write_text('provider "aws" {\n  region = "eu-west-3"\n}\n')  # without other tags
    (shop / "infra" / "people.tf").write_text(LABELLED % ("ttl", "yes"))
    commit(shop)
    git(shop, "branch", "-f", "main")
    report = shop / "push.json"

    def told() -> tuple[int, list[str], list[str]]:
        answer = ci(shop, "--base", "main", "--gate", "medium", "--json", str(report))
        found = json.loads(report.read_text())
        written = [one["file"] for one in found["not_seen"] if one["cause"] == "writes_code"]
        assert ("NO LONGER APPLIES: shop/infra/people.tf:" in answer.output) is bool(found["no_longer_asked"])
        return answer.exit_code, [one["policy"] for one in found["no_longer_asked"]], written

    (shop / "infra" / "people.tf").write_text(LABELLED % ("timeouts", "no"))
    assert told() == (11, ["dynamodb-ttl-personal"], [])
    commit(shop)
    git(shop, "branch", "-f", "main")
    (shop / "deploy.sh").write_text(WRITING)
    assert told() == (11, [], ["shop/deploy.sh"])
    commit(shop)
    git(shop, "branch", "-f", "main")
    (shop / "README.md").write_text("How to deploy")
    assert told() == (0, [], ["shop/deploy.sh"])


def test_a_renamed_protection_and_a_deleted_bucket_are_silent(shop: Path) -> None:
    protected(shop)
    (shop / "infra" / "data.tf").unlink()
    (shop / "infra" / "watch.tf").unlink()
    (shop / "infra" / "guard").mkdir()
    (shop / "infra" / "guard" / "main.tf").write_text("# moved\n" + DETECTOR % "b")
    git(shop, "mv", "infra/watch.yaml", "infra/security.yaml")
    pushed = ci(shop, "--base", "main")
    assert (pushed.exit_code, REMOVED in pushed.output) == (0, False)
    (shop / "infra" / "guard" / "main.tf").write_text((DETECTOR % "b").replace("true", "var.on") + 'variable "on" {}\n')
    assert ci(shop, "--base", "main").exit_code == 11  # what takes its place is not known


@pytest.mark.parametrize(
    "unread",
    [
        'resource "datadog_monitor" "s" {\n  name = "x"\n}\n',
        'resource "aws_cloudformation_stack" "s" {\n  name         = "x"\n  template_url = "https://x/t.yaml"\n}\n',
    ],
    ids=["of another provider", "a stack in a template of its own"],
)
def test_what_is_unexamined_as_in_the_base_hides_no_deletion(shop: Path, unread: str) -> None:
    (shop / "infra" / "other.tf").write_text(unread)
    (shop / "infra" / "nested.yaml").write_text(NESTED % "10.0.0.0/8")
    protected(shop)
    assert ci(shop, "--base", "main").exit_code == 0
    for name in ("watch.tf", "watch.yaml"):
        kept = (shop / "infra" / name).read_text()
        (shop / "infra" / name).unlink()
        pushed = ci(shop, "--base", "main")
        assert (pushed.exit_code, f"{REMOVED}: shop/infra/{name}:" in pushed.output) == (11, True), pushed.output
        (shop / "infra" / name).write_text(kept)
    (shop / "infra" / "watch.tf").unlink()
    (shop / "infra" / "other.tf").write_text(unread.replace('"x"', '"y"'))  # what is unread now may hold it
    pushed = ci(shop, "--base", "main")
    assert (pushed.exit_code, REMOVED in pushed.output) == (11, False), pushed.output


QUEUE = 'resource "aws_sqs_queue" "q" {\n  sqs_managed_sse_enabled = true\n}\n'
SOLE = [
    'resource "aws_inspector2_enabler" "x" {\n  account_ids    = ["123456789012"]\n'
    '  resource_types = ["EC2", "ECR", "LAMBDA"]\n}\n',
    'resource "aws_ec2_instance_metadata_defaults" "x" {\n  http_tokens = "required"\n}\n',
    'resource "aws_ssm_document" "x" {\n  name          = "SSM-SessionManagerRunShell"\n  document_type = "Session"\n'
    "  content       = jsonencode({\n"
    '    inputs = { cloudWatchLogGroupName = "a", cloudWatchEncryptionEnabled = true }\n  })\n}\n',
    'resource "aws_macie2_account" "x" {\n  status = "ENABLED"\n}\n',
    'resource "aws_organizations_policy" "x" {\n  name    = "regions"\n  content = jsonencode({\n    Statement = [{\n'
    '      Effect = "Deny", Action = "*", Resource = "*"\n'
    '      Condition = { StringNotEquals = { "aws:RequestedRegion" = ["eu-west-3"] } }\n    }]\n  })\n}\n',
]


def at_main(shop: Path, **files: str) -> None:
    """Commit files of the code to main, in which both kinds of code are in scope; `a__b_tf` is `a/b.tf`."""
    kinds = "[{path: infra, kind: terraform}, {path: infra, kind: cloudformation}]"
    settings = (shop / "preuve.yaml").read_text().replace("[{path: infra, kind: terraform}]", kinds)
    (shop / "preuve.yaml").write_text(settings)
    put(shop, **files)
    commit(shop)
    git(shop, "branch", "-f", "main")


def put(shop: Path, **files: str) -> None:
    """Write files of the code; one without a text is deleted."""
    for name, text in files.items():
        path = shop / "infra" / _file(name)
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text) if text else path.unlink()


def _file(name: str) -> str:
    return ".".join(name.replace("__", "/").rsplit("_", 1)).rstrip(".")


def shown(name: str) -> str:
    """Return how a push tells of a file of the code."""
    return os.path.normpath(f"shop/infra/{_file(name)}")


def test_a_setting_of_the_account_is_told_whatever_else_its_policy_is_about(shop: Path) -> None:
    files = {f"{number}__guard_tf": code for number, code in enumerate(SOLE)}
    at_main(shop, **files, **{f"{number}__q_tf": QUEUE for number in range(len(SOLE))})
    put(shop, **{name: code.replace('"x"', '"y"', 1) for name, code in files.items()})
    assert ci(shop, "--base", "main", "--gate", "low").exit_code == 0
    put(shop, **dict.fromkeys(files, ""))
    pushed = ci(shop, "--base", "main", "--gate", "low")
    assert pushed.exit_code == 11
    assert [name for name in files if f"{REMOVED}: {shown(name)}:" not in pushed.output] == [], pushed.output


# Code that passes, for each type that sets something for a whole account or region.
FOR_ALL = {
    "aws_cloudtrail": 'name = "t"\ns3_bucket_name = "b"\nis_multi_region_trail = true',
    "aws_config_configuration_aggregator": 'name = "a"\naccount_aggregation_source {\n'
    'account_ids = ["123456789012"]\nall_regions = true\n}',
    "aws_config_configuration_recorder": 'role_arn = "arn:aws:iam::123456789012:role/config"\n'
    "recording_group {\nall_supported = true\ninclude_global_resource_types = true\n}",
    "aws_ebs_encryption_by_default": "enabled = true",
    "aws_ebs_snapshot_block_public_access": 'state = "block-all-sharing"',
    "aws_ec2_image_block_public_access": 'state = "block-new-sharing"',
    "aws_ec2_instance_metadata_defaults": 'http_tokens = "required"',
    "aws_ec2_serial_console_access": "enabled = false",
    "aws_guardduty_detector": "enable = true",
    "aws_iam_account_password_policy": "minimum_password_length = 14\npassword_reuse_prevention = 24",
    "aws_iam_organizations_features": 'enabled_features = ["RootCredentialsManagement", "RootSessions"]',
    "aws_inspector2_enabler": 'account_ids = ["123456789012"]\nresource_types = ["EC2", "ECR", "LAMBDA"]',
    "aws_macie2_account": 'status = "ENABLED"',
    "aws_organizations_policy": 'name = "r"\ncontent = jsonencode({ Statement = [{ Effect = "Deny", Action = "*", '
    'Resource = "*", Condition = { StringNotEquals = { "aws:RequestedRegion" = ["eu-west-3"] } } }] })',
    "aws_s3_account_public_access_block": "block_public_acls = true\nblock_public_policy = true\n"
    "ignore_public_acls = true\nrestrict_public_buckets = true",
    "aws_ssm_document": SOLE[2].partition("{")[2].rpartition("}")[0],
    "AWS::CloudTrail::Trail": "{S3BucketName: b, IsLogging: true, IsMultiRegionTrail: true}",
    "AWS::Config::ConfigurationRecorder": "{RoleARN: arn:aws:iam::123456789012:role/config, "
    "RecordingGroup: {AllSupported: true, IncludeGlobalResourceTypes: true}}",
    "AWS::GuardDuty::Detector": "{Enable: true}",
    "AWS::Macie::Session": "{Status: ENABLED}",
    "AWS::SSM::Document": "{Name: SSM-SessionManagerRunShell, DocumentType: Session, "
    "Content: {inputs: {cloudWatchLogGroupName: a, cloudWatchEncryptionEnabled: true}}}",
}
STATUS = 'resource "aws_config_configuration_recorder_status" "x" {\n  is_enabled = true\n  name = %s\n}\n'
REPLICATION = (
    'resource "aws_ecr_replication_configuration" "x" {\n  replication_configuration {\n    rule {\n'
    '      destination {\n        region      = "eu-west-3"\n        registry_id = "1"\n      }\n    }\n  }\n}\n'
)


def test_each_type_that_sets_something_for_the_whole_is_told_when_it_goes(shop: Path) -> None:
    settings = {name: text for name, text in FOR_ALL.items() if "::" not in name}
    files = {f"{name}__main_tf": f'resource "{name}" "x" {{\n{text}\n}}\n' for name, text in settings.items()}
    files["aws_config_configuration_recorder__main_tf"] += STATUS % "aws_config_configuration_recorder.x.name"
    parts = {name: text for name, text in FOR_ALL.items() if "::" in name}
    files |= {
        f"{name.replace('::', '_')}_yaml": f"Resources:\n  X: {{Type: '{name}', Properties: {text}}}\n"
        for name, text in parts.items()
    }
    at_main(shop, **files, q_tf=QUEUE, copies__main_tf=REPLICATION)
    put(shop, **{name: f"# a comment\n{text}" for name, text in files.items()})
    assert ci(shop, "--base", "main", "--gate", "low").exit_code == 0
    put(shop, **dict.fromkeys(files, ""), copies__main_tf="")
    report = shop / "push.json"
    assert ci(shop, "--base", "main", "--gate", "low", "--json", str(report)).exit_code == 11
    told = json.loads(report.read_text())["no_longer_in_code"]
    subjects = {one["resource"] for one in told}
    assert {name for name in FOR_ALL if not any(name in subject for subject in subjects)} == set(), told
    assert not any("ecr_replication" in subject for subject in subjects)


def test_an_instance_or_another_document_that_goes_is_silent(shop: Path) -> None:
    machine = 'resource "aws_instance" "x" {\n  metadata_options {\n    http_tokens = "required"\n  }\n}\n'
    command = SOLE[2].replace('"Session"', '"Command"')
    at_main(shop, guard_tf=machine + command, q_tf=QUEUE)
    put(shop, guard_tf="")
    assert ci(shop, "--base", "main", "--gate", "low").exit_code == 0


@pytest.mark.parametrize(
    ("before", "pushed", "code"),
    [
        ({"a__main_tf": DETECTOR % "x"}, {"a__main_tofu": QUEUE}, 11),
        ({"a__main_tf": QUEUE, "a__watch_tf": DETECTOR % "x"}, {"a__watch_tofu": "locals {}\n"}, 11),
        ({"a__main_tf": DETECTOR % "x"}, {"a__main_tofu": DETECTOR % "x"}, 0),
        ({"a__main_tf": DETECTOR % "x"}, {"a__main_tofu": DETECTOR % "y"}, 0),
        ({"a__main_tf": DETECTOR % "x"}, {"a__more_tofu": QUEUE}, 0),
        ({"a__main_tf": DETECTOR % "x"}, {"a__main_tofu": DETECTOR % "x", "a__main_tf": ""}, 0),
        ({"a__main_tofu": DETECTOR % "x"}, {"a__more_tf": QUEUE}, 0),
        ({"a__main_tf": DETECTOR % "x", "a__main_tofu": DETECTOR % "x"}, {"a__main_tf": QUEUE}, 11),
        ({"a__main_tf": DETECTOR % "x", "a__main_tofu": DETECTOR % "x"}, {"a__main_tofu": QUEUE}, 11),
        ({"a__main_tf": DETECTOR % "x", "a__main_tofu": QUEUE}, {"a__main_tofu": "# same\n" + QUEUE}, 0),
    ],
)
def test_a_protection_that_one_of_two_tools_no_longer_sees_is_told(
    shop: Path, before: dict[str, str], pushed: dict[str, str], code: int
) -> None:
    at_main(shop, **before)
    assert ci(shop, "--base", "main").exit_code == 0
    put(shop, **pushed)
    answer = ci(shop, "--base", "main")
    assert (answer.exit_code, REMOVED in answer.output) == (code, code == 11), answer.output


IN_ACCOUNT = 'provider "aws" {\n  region = "eu-west-3"\n  allowed_account_ids = ["%s"]\n}\n'
BY_ROLE = (
    'provider "aws" {\n  region = "eu-west-3"\n  assume_role {\n    role_arn = "arn:aws:iam::%s:role/deploy"\n  }\n}\n'
)
ONE, OTHER = "111111111111", "222222222222"
TRAIL = 'resource "aws_cloudtrail" "t" {\n  name = "t"\n  s3_bucket_name = "b"\n  is_multi_region_trail = true\n}\n'


@pytest.mark.parametrize(
    ("code", "was", "now", "exit_code"),
    [
        (DETECTOR % "x", IN_ACCOUNT % ONE, IN_ACCOUNT % OTHER, 11),
        (DETECTOR % "x", IN_ACCOUNT % ONE, BY_ROLE % OTHER, 11),
        (DETECTOR % "x", IN_ACCOUNT % ONE, BY_ROLE % ONE, 0),
        (DETECTOR % "x", IN_ACCOUNT % ONE, IN_ACCOUNT % ONE, 0),
        (DETECTOR % "x", IN_ACCOUNT % ONE, (IN_ACCOUNT % ONE).replace("west-3", "west-1"), 11),
        (DETECTOR % "x", IN_ACCOUNT % ONE, "", 0),
        (DETECTOR % "x", "", IN_ACCOUNT % ONE, 0),
        (TRAIL, IN_ACCOUNT % ONE, IN_ACCOUNT % OTHER, 11),
        (TRAIL, IN_ACCOUNT % ONE, (IN_ACCOUNT % ONE).replace("west-3", "west-1"), 0),
    ],
)
def test_a_protection_of_one_account_is_not_replaced_by_one_in_another(
    shop: Path, code: str, was: str, now: str, exit_code: int
) -> None:
    at_main(shop, prod__main_tf=was + QUEUE + code)
    put(shop, prod__main_tf=was + QUEUE, sandbox__main_tf=now + code.replace('"x"', '"y"'))
    moved = ci(shop, "--base", "main")
    assert (moved.exit_code, REMOVED in moved.output) == (exit_code, exit_code == 11), moved.output


def test_a_provider_that_turns_to_another_account_takes_the_protection_along(shop: Path) -> None:
    at_main(shop, prod__main_tf=IN_ACCOUNT % ONE + DETECTOR % "x")
    put(shop, prod__main_tf="# a comment\n" + IN_ACCOUNT % ONE + DETECTOR % "x")
    assert ci(shop, "--base", "main").exit_code == 0
    put(shop, prod__main_tf=IN_ACCOUNT % OTHER + DETECTOR % "x")
    assert ci(shop, "--base", "main").exit_code == 11


MADE_IF = 'resource "aws_guardduty_detector" "x" {\n  enable = true\n%s}\n'
ON = 'variable "on" {\n%s}\n'
TEMPLATE_IF = """Parameters:
  E: {Type: String%s}
Conditions:
  K: !Equals [!Ref E, prod]
Resources:
  D: {Type: AWS::GuardDuty::Detector, %sProperties: {Enable: true}}
"""


def test_a_protection_of_which_nobody_knows_whether_it_will_be_there_is_told(shop: Path) -> None:
    """Each root by itself; what was open before, and what a default decides, is silent."""
    called = MADE_IF % ""
    call, signed_in = 'module "m" {\n  source = "./m"\n%s}\n', 'provider "aws" {\n  region = "eu-west-3"\n%s}\n'
    role = '  assume_role {\n    role_arn = "arn:aws:iam::222222222222:role/x"\n  }\n'
    count, known = "  count = var.on ? 1 : 0\n", ON % "  default = true\n"
    told = {
        "count__main_tf": (MADE_IF % "" + ON % "", MADE_IF % count + ON % ""),
        "each__main_tf": (MADE_IF % "" + ON % "", MADE_IF % "  for_each = var.on\n" + ON % ""),
        "called__main_tf": (call % "" + ON % "", call % count + ON % ""),
        "if_yaml": (TEMPLATE_IF % ("", ""), TEMPLATE_IF % ("", "Condition: K, ")),
        "role__main_tf": (signed_in % "" + MADE_IF % "", signed_in % role + MADE_IF % ""),
        "profile__main_tf": (signed_in % '  profile = "a"\n' + called, signed_in % '  profile = "b"\n' + called),
    }
    silent = {
        "open__main_tf": (MADE_IF % count + ON % "", MADE_IF % count + ON % ""),
        "known__main_tf": (MADE_IF % count + known, MADE_IF % count + known + ON.replace("on", "more") % ""),
        "default_yaml": (TEMPLATE_IF % (", Default: prod", ""), TEMPLATE_IF % (", Default: prod", "Condition: K, ")),
    }
    files = told | silent
    at_main(shop, called__m__main_tf=called, **{name: before for name, (before, _) in files.items()})
    put(shop, **{name: f"# pushed\n{after}" for name, (_, after) in files.items()})
    report = shop / "push.json"
    assert ci(shop, "--base", "main", "--json", str(report)).exit_code == 11
    found = " ".join(line for line in json.dumps(json.loads(report.read_text())["no_longer_in_code"]).split(", "))
    places = {name for name in files if name.removesuffix("__main_tf").replace("_yaml", ".yaml") in found}
    assert places == told.keys(), found


BLOCKED = """resource "aws_s3_account_public_access_block" "x" {
  account_id              = %s
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
data "aws_caller_identity" "here" {}
variable "given" {}
"""
BY_IDENTITY = BY_ROLE.replace("assume_role", "assume_role_with_web_identity")
BY_BOTH = BY_ROLE.replace(
    "  assume_role", '  assume_role_with_web_identity {\n    role_arn = "arn:aws:iam::3:role/x"\n  }\n  assume_role'
)
HERE = BLOCKED % "data.aws_caller_identity.here.account_id"


@pytest.mark.parametrize(
    ("was", "now", "code"),
    [
        (BLOCKED % f'"{ONE}"', BLOCKED % f'"{OTHER}"', 11),
        (BLOCKED % f'"{ONE}"', BLOCKED % "var.given", 0),
        (BLOCKED % "var.given", IN_ACCOUNT % ONE + BLOCKED % f'"{OTHER}"', 0),
        (IN_ACCOUNT % ONE + HERE, IN_ACCOUNT % OTHER + HERE, 11),
        (IN_ACCOUNT % ONE + HERE, IN_ACCOUNT % ONE + BLOCKED % f'"{ONE}"', 0),
        (SOLE[0], SOLE[0].replace("123456789012", ONE), 11),
        (SOLE[0].replace("123456789012", f'{ONE}", "{OTHER}'), SOLE[0].replace("123456789012", ONE), 11),
        (SOLE[0].replace("123456789012", ONE), SOLE[0].replace("123456789012", f'{OTHER}", "{ONE}'), 0),
        (BY_IDENTITY % ONE + DETECTOR % "x", BY_IDENTITY % OTHER + DETECTOR % "x", 11),
        (BY_IDENTITY % ONE + DETECTOR % "x", BY_BOTH % ONE + DETECTOR % "x", 0),
    ],
)
def test_the_account_that_code_says_is_heard(shop: Path, was: str, now: str, code: int) -> None:
    at_main(shop, prod__main_tf=was)
    put(shop, prod__main_tf=now)
    answer = ci(shop, "--base", "main", "--gate", "low")
    assert (answer.exit_code, REMOVED in answer.output) == (code, code == 11), answer.output


def test_each_run_of_a_root_keeps_what_protects_its_account(shop: Path) -> None:
    code = (IN_ACCOUNT % "").replace('[""]', "[var.account]") + 'variable "account" {}\n'
    settings = shop / "preuve.yaml"
    runs = "[{path: infra, kind: terraform, runs: [{variables: [infra/a.tfvars]}, {variables: [infra/b.tfvars]}]}]"
    settings.write_text(settings.read_text().replace("[{path: infra, kind: terraform}]", runs))
    ours, theirs = f'account = "{ONE}"\n', f'account = "{OTHER}"\n'
    put(shop, main_tf=code + DETECTOR % "x", a_tfvars=ours, b_tfvars=theirs)
    commit(shop)
    git(shop, "branch", "-f", "main")
    put(shop, a_tfvars=theirs, b_tfvars=ours)
    assert ci(shop, "--base", "main").exit_code == 0
    put(shop, a_tfvars=ours)
    left = ci(shop, "--base", "main")
    assert (left.exit_code, REMOVED in left.output) == (11, True), left.output
    put(shop, other__main_tf=IN_ACCOUNT % OTHER + DETECTOR % "y")
    assert REMOVED not in ci(shop, "--base", "main").output


CONDITIONAL = """Parameters: {P: {Type: String, Default: "%s"}}
Conditions: {C: !Equals [!Ref P, "yes"]}
Resources:
  T: {Type: AWS::SNS::Topic, Properties: {KmsMasterKeyId: alias/aws/sns}}
  G: {Type: AWS::GuardDuty::Detector, %sProperties: {Enable: true}}
"""
ALWAYS, WHERE = CONDITIONAL % ("no", ""), "Condition: C, "


def test_a_condition_that_turns_a_protection_off_is_told(shop: Path) -> None:
    told = [
        (ALWAYS, CONDITIONAL % ("no", WHERE)),
        (ALWAYS, (CONDITIONAL % ("no", WHERE)).replace("!Ref P", "no")),
        (CONDITIONAL % ("yes", WHERE), CONDITIONAL % ("no", WHERE)),
        (ALWAYS, (CONDITIONAL % ("no", WHERE)).replace(', Default: "no"', "")),
    ]
    silent = [
        (ALWAYS, CONDITIONAL % ("yes", WHERE)),
        (CONDITIONAL % ("no", WHERE), CONDITIONAL % ("never", WHERE)),
    ]
    files = {f"{number}_yaml": texts for number, texts in enumerate([*told, *silent])}
    at_main(shop, **{name: before for name, (before, _) in files.items()})
    assert ci(shop, "--base", "main").exit_code == 0
    put(shop, **{name: pushed for name, (_, pushed) in files.items()})
    answer = ci(shop, "--base", "main")
    assert answer.exit_code == 11
    found = [files[name] for name in files if f"{REMOVED}: {shown(name)}:" in answer.output]
    assert found == told, answer.output


def test_a_condition_that_turns_a_protection_on_is_silent(shop: Path) -> None:
    """By itself: it would take the place of one that goes."""
    at_main(shop, t_yaml=CONDITIONAL % ("no", WHERE))
    put(shop, t_yaml=CONDITIONAL % ("yes", WHERE))
    answer = ci(shop, "--base", "main")
    assert (answer.exit_code, REMOVED in answer.output) == (0, False), answer.output


ACTION = 'action "local_command" "x" {\n  config {\n    command = "bash"\n  }\n}\n'
BEHIND = """Resources:
  P: {Type: Custom::X, Properties: {ServiceToken: !GetAtt F.Arn}}
  F: {Type: AWS::Lambda::Function, Properties: {Role: x, Code: {S3Bucket: b, S3Key: a.zip}, Timeout: 3}}
"""
CIDR = """Parameters: {Range: {Type: String, Default: 10.0.0.0/8}}
Resources:
  G:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: g
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Ref Range}]
"""


def test_what_runs_beside_the_code_stops_a_push(shop: Path) -> None:
    """An action, another action, the code of a function: each file before, harmless, pushed."""
    files = {
        "a__x_tf": (QUEUE, QUEUE + 'data "aws_caller_identity" "x" {}\n', QUEUE + ACTION.replace("bash", "zsh")),
        "b__x_tf": (ACTION, "# a comment\n" + ACTION, ACTION.replace("bash", "sh")),
        "x_yaml": (BEHIND, BEHIND.replace("Timeout: 3", "Timeout: 9"), BEHIND.replace("a.zip", "evil.zip")),
    }
    at_main(shop, **{name: before for name, (before, _, _) in files.items()})
    put(shop, **{name: harmless for name, (_, harmless, _) in files.items()})
    answer = ci(shop, "--base", "main")
    assert answer.exit_code == 0, answer.output
    put(shop, **{name: pushed for name, (_, _, pushed) in files.items()})
    assert beyond(shop) == {shown(name): 11 for name in files}


def test_a_file_of_parameters_beside_the_code_stops_a_push(shop: Path) -> None:
    at_main(shop, x_yaml=CIDR)
    for value, code in (("10.0.0.0/8", 0), ("0.0.0.0/0", 11)):
        put(shop, **{"../ops/values_": f'["Range={value}"]'})
        answer = ci(shop, "--base", "main")
        assert answer.exit_code == code, answer.output


def test_a_second_failure_in_a_failing_block_is_new(shop: Path) -> None:
    ports = "    from_port = %d\n    to_port = %d\n"
    rule = '  ingress {\n    protocol = "tcp"\n' + ports + '    cidr_blocks = ["0.0.0.0/0"]\n  }\n'
    group = 'resource "aws_security_group" "g" {\n%s}\n'
    main = shop / "infra" / "main.tf"
    main.write_text(group % (rule % (3389, 3389)))
    assert ci(shop, "--update-baseline").exit_code == 0
    commit(shop)
    git(shop, "branch", "-f", "main")
    main.write_text("\n\n" + group % (rule % (443, 443) + rule % (3389, 3389)))  # moved, and beside another one
    assert (ci(shop).exit_code, ci(shop, "--base", "main").exit_code) == (0, 0)
    main.write_text(group % (rule % (3389, 3389) + rule % (22, 22)))
    assert (ci(shop).exit_code, ci(shop, "--base", "main").exit_code) == (10, 10)


def test_a_push_that_removes_all_code_is_told_what_went(shop: Path) -> None:
    (shop / "preuve.yaml").unlink()
    commit(shop)
    git(shop, "branch", "-f", "main")
    (shop / "infra" / "main.tf").unlink()
    gone = ci(shop, "--base", "main")
    assert (gone.exit_code, "infra (terraform)" in gone.output, "neither" in gone.output) == (2, True, False)


def test_missing_git_is_reported_as_missing_git(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(shop / "nothing"))
    told = ci(shop, "--base", "main")
    assert (told.exit_code, "git is not installed" in told.output) == (2, True)


BUCKET = 'resource "awscc_s3_bucket" "%s" {\n  bucket_name = "%s"\n}\n'
NESTED = """\
Resources:
  N: {Type: "AWS::CloudFormation::Stack", Properties: {TemplateURL: "https://x/t", Parameters: {C: %s}}}
"""


def test_an_unexamined_file_is_known_only_while_it_does_not_change(shop: Path) -> None:
    """A file that does not parse, a value of a type, one more of a type, a nested stack."""
    files = {
        "a__x_tf": ('resource "aws_vpc" "v" {\n  = 1\n}\n', 'resource "aws_vpc" "v" {\n  = 2\n}\n'),
        "b__x_tf": (BUCKET % ("a", "a"), BUCKET % ("a", "b")),
        "c__x_tf": (BUCKET % ("c", "c"), BUCKET % ("c", "c") + BUCKET % ("b", "b")),
        "x_yaml": (NESTED % "10.0.0.0/8", NESTED % "0.0.0.0/0"),
    }
    roots = ("a", "b", "c")
    at_main(
        shop, **{f"{root}__main_tf": volumes("old") for root in roots}, **{name: it[0] for name, it in files.items()}
    )
    put(shop, **{f"{root}__main_tf": "# moved\n" + volumes("old") for root in roots})
    assert ci(shop, "--base", "main").exit_code == 0
    put(shop, **{name: after for name, (_, after) in files.items()})
    report = shop.parent / "push.json"
    assert ci(shop, "--base", "main", "--json", str(report)).exit_code == 11
    new = [one for one in json.loads(report.read_text())["findings"] if not one["known"]]
    told = {one["file"] for one in new if "could not be examined" in one["reason"]}
    assert told == {shown(name) for name in files}
    assert ci(shop, "--update-baseline").exit_code == 0
    assert ci(shop).exit_code == 0


def beyond(shop: Path) -> dict[str, Exit]:
    """Return the files with what no code shows and a push adds, or changes: each with the code of the push."""
    push = examine(Request(shop, base="main"), lambda *_: None)
    return {f"shop/{gap.file}": push.exit_code for gap in push.beyond}


def test_a_module_that_is_not_installed_stops_the_push_that_calls_it(shop: Path) -> None:
    code = (shop / "infra" / "main.tf").read_text()
    call = 'module "%s" {\n  source = "git::https://example.org/rds.git?ref=v1"\n}\n'
    (shop / "infra" / "main.tf").write_text(code + call % "a")
    pushed = ci(shop, "--base", "main")
    assert (pushed.exit_code, "run terraform init" in " ".join(pushed.output.split())) == (11, True)
    commit(shop)
    git(shop, "branch", "-f", "main")
    (shop / "infra" / "main.tf").write_text("\n" + code + call % "a")
    assert ci(shop, "--base", "main").exit_code == 0


REMOTE = """module "vpc" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.1.0"
  cidr    = "10.0.0.0/16"
}
"""
COMMAND = """resource "terraform_data" "x" {
  for_each = toset(["a", "b"])
  provisioner "local-exec" {
    command = "echo ${each.key}"
  }
}
"""
PROGRAM = 'data "external" "y" {\n  program = ["./read.sh"]\n}\n'
ITSELF = """locals {
  c = "true"
}
resource "terraform_data" "x" {
  input = local.c
  provisioner "local-exec" {
    command = "exec ${self.input}"
  }
}
"""


OTHERWISE = COMMAND.replace("echo", "printf"), PROGRAM.replace("read", "list")  # known in no other folder


def test_what_no_code_shows_is_known_only_while_it_stays_the_same(shop: Path) -> None:
    cases = [
        (REMOTE, REMOTE.replace("10.0.0.0/16", "0.0.0.0/0")),
        (REMOTE, REMOTE.replace("5.1.0", "5.2.0")),
        (COMMAND, COMMAND.replace("echo", "aws s3api delete-public-access-block --bucket")),
        (COMMAND, COMMAND.replace('"b"]', '"b", "c"]')),
        (PROGRAM, PROGRAM.replace("read.sh", "write.sh")),
        (PROGRAM, PROGRAM.replace('"./read.sh"', '"./READ.sh"')),
        (ITSELF, ITSELF.replace('"true"', '"aws x"')),
        *(("# none\n", new) for new in OTHERWISE),
    ]
    files = {f"{number}__main_tf": case for number, case in enumerate(cases)}
    at_main(shop, **{name: before + volumes("old") for name, (before, _) in files.items()})
    put(shop, **{name: "# a comment\n" + volumes("old") + before for name, (before, _) in files.items()})
    moved = ci(shop, "--base", "main")
    assert moved.exit_code == 0, moved.output
    put(shop, **{name: changed + volumes("old") for name, (_, changed) in files.items()})
    assert beyond(shop) == {shown(name): 11 for name in files}
    told = ci(shop, "--base", "main").output
    assert [name for name in files if f"Not examined: {shown(name)}:" not in told] == [], told


INNER = 'variable "wide" {\n  default = true\n}\n' + REMOTE.replace('"10.0.0.0/16"', "var.wide ? 1 : 2")
CALLS = 'module "a" {\n  source = "./a"\n}\nmodule "b" {\n  source = "./b"\n}\n'
CUSTOM = "Resources: {C: {Type: Custom::X, Properties: {ServiceToken: 'arn:aws:lambda:eu-west-3:1:function:z', On: 1}}}"
ASSOCIATION = (
    "Resources: {A: {Type: AWS::SSM::Association, Properties: {Name: AWS-RunShellScript, Parameters: {c: [x]}}}}"
)


def test_what_runs_is_not_known_by_another_of_its_name(shop: Path) -> None:
    """A call in another module, a custom resource in another template, a document."""
    at_main(
        shop,
        a__x_tf=INNER,
        b__x_tf=INNER.replace("default = true", "default = false"),
        main_tf=CALLS,
        dev_yaml=CUSTOM,
        prod_yaml=CUSTOM.replace("On: 1", "On: 0"),
        x_yaml=ASSOCIATION,
    )
    for before, after in (("b/x.tf", "b/y.tf"), ("prod.yaml", "live.yaml"), ("x.yaml", "y.yaml")):
        git(shop, "mv", f"infra/{before}", f"infra/{after}")
    commit(shop)
    assert ci(shop, "--base", "main").exit_code == 0
    pushed = {"b__y_tf": INNER, "live_yaml": CUSTOM, "y_yaml": ASSOCIATION.replace("[x]", "[y]")}
    put(shop, **pushed)
    assert beyond(shop) == {shown(name): 11 for name in pushed}


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)


def test_a_renamed_root_keeps_its_modules_and_commands(shop: Path) -> None:
    (shop / "infra" / "main.tf").write_text(REMOTE + COMMAND)
    commit(shop)
    git(shop, "branch", "-f", "main")
    (shop / "infra" / "prod").mkdir()
    git(shop, "mv", "infra/main.tf", "infra/prod/main.tf")
    assert ci(shop, "--base", "main").exit_code == 0
    shutil.copytree(shop / "infra" / "prod", shop / "infra" / "staging")
    assert ci(shop, "--base", "main").exit_code == 11


MOVED = "moved {\n  from = %s\n  to   = %s\n}\n"
HIDDEN = CLOSED.replace("true", "var.unknown")
CALL = 'module "disks" {\n  source = "./disks"\n}\n'
IN_JSON = '{"moved": [{"from": "aws_ebs_volume.old", "to": "aws_ebs_volume.new"}]}'


@pytest.mark.parametrize(
    "files",
    [
        {"main.tf": volumes("new") + MOVED % ("aws_ebs_volume.old", "aws_ebs_volume.new")},
        {"main.tf": volumes("new"), "moved.tf.json": IN_JSON},
        {
            "main.tf": CALL + MOVED % ("aws_ebs_volume.old", "module.disks.aws_ebs_volume.inner"),
            "disks/main.tf": volumes("new") + MOVED % ("aws_ebs_volume.inner", "aws_ebs_volume.new"),
        },
    ],
    ids=["renamed", "in JSON", "into a module, and renamed there"],
)
@pytest.mark.parametrize("baseline", [False, True])
def test_a_moved_block_keeps_its_known_problems(shop: Path, files: dict[str, str], *, baseline: bool) -> None:
    compared = () if baseline else ("--base", "main")
    if baseline:
        ci(shop, "--update-baseline")
    for name, text in files.items():
        path = shop / "infra" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    assert ci(shop, *compared).exit_code == 0
    (shop / "infra" / "main.tf").write_text(files["main.tf"] + volumes("old"))
    again = ci(shop, *compared)
    assert (again.exit_code, "aws_ebs_volume.new" in again.output) == (10, True)


def test_moves_in_a_circle_and_two_of_one_block_keep_nothing(shop: Path) -> None:
    circle = MOVED % ("aws_ebs_volume.b", "aws_ebs_volume.a") + MOVED % ("aws_ebs_volume.a", "aws_ebs_volume.b")
    (shop / "infra" / "main.tf").write_text(volumes("a") + circle)
    assert ci(shop, "--base", "main").exit_code == 10
    twice = "".join(MOVED % ("aws_ebs_volume.old", f"aws_ebs_volume.{name}") for name in "ab")
    (shop / "infra" / "main.tf").write_text(volumes("a", "b") + twice)
    assert ci(shop, "--base", "main").exit_code == 10


def test_a_moved_block_counts_only_if_something_moves(shop: Path) -> None:
    new = {
        "onto_another": (volumes("old") + volumes("t", text=CLOSED), volumes("t") + MOVED % ("@.old", "@.t")),
        "another_type": (volumes("old"), volumes("new") + MOVED % ("aws_ebs_snapshot.old", "@.new")),
        "a_chain": (
            volumes("a"),
            volumes("b", "c") + MOVED % ("@.a", "@.b") + MOVED % ("@.b", "@.c"),
        ),
        "two_to_one": (
            volumes("a") + volumes("b", text=CLOSED),
            volumes("c") + MOVED % ("@.b", "@.c") + MOVED % ("@.a", "@.c"),
        ),
    }
    unknown = {
        "from_nothing": (volumes("t", text=CLOSED), volumes("t", text=HIDDEN) + MOVED % ("@.never", "@.t")),
        "left_open": (volumes("t", text=CLOSED), volumes("new", text=HIDDEN) + MOVED % ("@.t", "@.new")),
    }
    known = {
        "in_two_steps": (volumes("old"), volumes("new") + MOVED % ("@.old", "@.m") + MOVED % ("@.m", "@.new")),
        "once_more": (
            volumes("b") + MOVED % ("@.a", "@.b"),
            volumes("c") + MOVED % ("@.a", "@.b") + MOVED % ("@.b", "@.c"),
        ),
        "a_key": (volumes("t"), volumes("t") + MOVED % ("@.t", "@.t[0]")),
    }
    cases = new | unknown | known
    at_main(shop, **{f"{name}__main_tf": before.replace("@", "aws_ebs_volume") for name, (before, _) in cases.items()})
    put(shop, **{f"{name}__main_tf": pushed.replace("@", "aws_ebs_volume") for name, (_, pushed) in cases.items()})
    answer = ci(shop, "--base", "main", "--json", str(shop.parent / "push.json"))
    told = json.loads((shop.parent / "push.json").read_text())
    fails = {one["file"] for one in told["findings"] if one["status"] == "FAIL" and not one["known"]}
    assert answer.exit_code == 10
    assert fails == {shown(f"{name}__main_tf") for name in new}, answer.output
    lost = {one["file"] for one in told["findings"] if one["id"] in told["no_longer_decided"]}
    assert lost == {shown(f"{name}__main_tf") for name in unknown}, answer.output


def test_one_known_problem_makes_one_block_known(shop: Path) -> None:
    """Whatever `moved` blocks say of which were one: names, keys of a loop and modules, in random chains."""
    chance = random.Random(4)
    written = {"name": "aws_ebs_volume.{}", "key": 'aws_ebs_volume.v["{}"]', "call": "module.{}"}
    before: dict[str, str] = {}
    after: dict[str, tuple[str, int]] = {}
    for kind in (kind for kind in written for _ in range(12)):
        root = f"{kind}{len(before)}"
        names = sorted(chance.sample("abcde", chance.randrange(2, 6)))
        pairs = [*(chance.sample("abcde", 2) for _ in range(chance.randrange(1, 5))), ("a", names[-1])]
        moved = "".join(MOVED % tuple(written[kind].format(name) for name in pair) for pair in pairs)
        before |= {f"{root}__main_tf": _several(kind, "a")}
        before |= {f"{root}__m__main_tf": volumes("v")} if kind == "call" else {}
        after[root] = (_several(kind, *names) + moved, len(names))
    at_main(shop, **before)
    put(shop, **{f"{root}__main_tf": text for root, (text, _) in after.items()})
    ci(shop, "--base", "main", "--json", str(shop.parent / "push.json"))
    told = json.loads((shop.parent / "push.json").read_text())["findings"]
    for root, (text, number) in after.items():
        fails = [one for one in told if f"/{root}/" in one["file"] and one["status"] == "FAIL"]
        blocks = [(name, one["known"]) for one in fails for name in one["instances"]]
        assert (len(blocks), sum(known for _, known in blocks) <= 1) == (number, True), text


def _several(kind: str, *names: str) -> str:
    """Return blocks by their names, by keys of a loop, or calls of a module that makes one."""
    if kind == "name":
        return volumes(*names)
    if kind == "key":
        return volumes("v").replace("{", f"{{\n  for_each = toset({json.dumps(names)})", 1)
    return "".join(f'module "{name}" {{\n  source = "./m"\n}}\n' for name in names)


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_a_file_that_git_takes_for_unchanged_is_compared(shop: Path, flag: str) -> None:
    git(shop, "update-index", flag, "infra/main.tf")
    assert ci(shop, "--base", "main").exit_code == 0
    (shop / "infra" / "main.tf").write_text(volumes("old", "new"))
    assert ci(shop, "--base", "main").exit_code == 10


def test_a_file_left_out_of_a_sparse_checkout_is_no_change(shop: Path) -> None:
    (shop / "infra" / "notes.md").write_text("what is made here\n")
    commit(shop)
    git(shop, "update-index", "--skip-worktree", "infra/notes.md")
    (shop / "infra" / "notes.md").unlink()
    (shop / "infra" / "other.tf").write_text(volumes("x", text=CLOSED))
    assert ci(shop, "--base", "main").exit_code == 0


def test_folders_nested_very_deep_are_examined(shop: Path) -> None:
    deepest = shop / "infra"
    for _ in range(1_100):
        deepest /= "d"
        deepest.mkdir()
    (deepest / "main.tf").write_text(volumes("new"))
    try:
        pushed = ci(shop, "--base", "main")
    finally:  # pytest cannot remove what is so deep
        subprocess.run(["rm", "-rf", str(shop / "infra" / "d")], check=True)
    assert (pushed.exit_code, "aws_ebs_volume.new" in pushed.output) == (10, True)


def test_an_undecided_value_of_a_known_variable_stops_no_push_that_leaves_it(shop: Path) -> None:
    key = "x_public_encryption_key"
    value = "vT9pQ2xLr8WkZ4mNcB7dYh3JfG6sA1eUo5iRtX0qVnKyHzPbM2wEgDlCjS8uF4a"
    at_main(shop, main_tf=f'variable "{key}" {{}}\noutput "o" {{\n  value = var.{key}\n}}\n')
    put(shop, a_tfvars=f'{key} = "{value}"\n')
    assert ci(shop, "--base", "main").exit_code == Exit.INCOMPLETE, "it passed, and the push leaves it open"
    commit(shop)
    git(shop, "branch", "-f", "main")
    put(shop, README_md="Nothing of it.\n")
    after = ci(shop, "--base", "main")
    assert (after.exit_code, "NO LONGER EVALUATED" in after.output) == (Exit.OK, False)
