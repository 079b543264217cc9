"""`preuve init`: a workspace that loads, whatever the names are, and nothing that was there is changed."""

from __future__ import annotations

import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from botocore.session import Session
from click.testing import CliRunner, Result

from emulator import ACCOUNT, REGION, Emulator
from preuve.cli.main import main
from preuve.collect.aws.caller_identity import CallerIdentity, caller_identity
from preuve.library.company.workspace import load_workspace
from preuve.library.load import load_library
from preuve.library.yaml.place import content_root, languages
from preuve.model.company.code import IacRoot
from preuve.model.company.workspace import Workspace
from preuve.model.content import Library
from preuve.model.errors import ContentError, PreuveError, UsageError
from preuve.pipeline.push.code import check_names_code
from preuve.pipeline.run.preparation import prepare
from preuve.pipeline.workspace.init import found_branch, pipelines, region_name
from preuve.pipeline.workspace.init_code import found_code

HOSTILE = [
    'Acme "quoted": #no comment',
    "it's {flow}, [list]: &anchor *alias !tag %x @y `z`",
    "yes",
    "2026-01-01",
    "back\\slash",
    "Société Générale d'Études 😀",
    "- item",
    "$(id) ${HOME}",
    "x" * 500,
]


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(validate=False)


def run(folder: Path, *arguments: str, text: str = "") -> Result:
    return CliRunner().invoke(main, ["init", str(folder), *arguments], input=text)


def made(library: Library, folder: Path, *arguments: str, text: str = "") -> Workspace:
    result = run(folder, *arguments, text=text)
    assert result.exit_code == 0, (result.output, result.exception)
    workspace = load_workspace(folder, library)
    assert workspace.problems == ()
    return workspace


def test_nobody_who_answers_is_told_how_to_answer(tmp_path: Path) -> None:
    error = run(tmp_path / "ws", "--account", ACCOUNT, "--region", REGION).exception
    assert isinstance(error, UsageError) and "--yes" in error.hint
    assert not (tmp_path / "ws").exists()


def test_accounts_without_a_region_stay_in_the_file(tmp_path: Path) -> None:
    accounts = ("123456789012", "210987654321")
    run(tmp_path, *(f"--account={account}" for account in accounts), "--yes")
    text = (tmp_path / "preuve.yaml").read_text(encoding="utf-8")
    assert all(account in text for account in accounts)


def place(*arguments: str) -> tuple[str, ...]:
    return ("--account", ACCOUNT, "--region", REGION, "--yes", *arguments)


COMMENT = re.compile(r"(?:(?:^| )#|^ +(?:- )?name:) +(\S.*)$", re.MULTILINE)
# Commands and names.
NO_WORDS = re.compile(r"v[0-9.]+|(preuve permissions|--environment|preuve-read ).*|Audit|preuve(-account)?|unsealed")


@pytest.mark.parametrize("language", [name for name in languages() if name != "en"])
def test_comments_and_steps_of_pipelines_are_in_the_language_of_the_workspace(
    library: Library, tmp_path: Path, language: str
) -> None:
    given = place("--organisation", "Acme", "--ci", "github", "--ci", "gitlab", "--language")
    made(library, tmp_path / "en", *given, "en")
    made(library, tmp_path / "own", *given, language)
    files = [path for path in (tmp_path / "en").rglob("*.yml") if ".preuve" not in path.parts]
    assert len(files) == 4
    for path in files:
        english, own = (
            file.read_text("utf-8") for file in (path, tmp_path / "own" / path.relative_to(tmp_path / "en"))
        )
        comments = {text for text in COMMENT.findall(english) if not NO_WORDS.fullmatch(text)}
        assert comments.isdisjoint(COMMENT.findall(own)), comments & set(COMMENT.findall(own))
        assert COMMENT.sub("", english) == COMMENT.sub("", own), "only comments and names differ"


@pytest.mark.parametrize("system", pipelines())
def test_pipelines_are_written_where_their_ci_looks(library: Library, tmp_path: Path, system: str) -> None:
    made(library, tmp_path, *place("--ci", system))
    source = content_root() / "ci" / "templates" / system
    names = {path.relative_to(source) for path in source.rglob("*") if path.is_file()}
    assert names and all((tmp_path / name).read_bytes() == (source / name).read_bytes() for name in names)


@pytest.mark.parametrize("system", pipelines())
def test_pipelines_run_on_the_default_branch_and_keep_their_runs(library: Library, tmp_path: Path, system: str) -> None:
    subprocess.run(["git", "init", "-q", "-b", "feature", str(tmp_path)], check=True)
    subprocess.run(
        ["git", "-C", str(tmp_path), "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/release/1.x"],
        check=True,
    )
    workspace = made(library, tmp_path, *place("--ci", system))
    assert workspace.chain is not None and workspace.chain.remote == "origin"
    source = content_root() / "ci" / "templates" / system
    for name in (path.relative_to(source) for path in source.rglob("*") if path.is_file()):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert not re.search(r"\bmain\b", text)
        assert ("release/1.x" in text) == bool(re.search(r"\bmain\b", (source / name).read_text(encoding="utf-8")))


@pytest.mark.parametrize("branch", ["1.0", "007", "true", "null", "x,y", "mäin", "2026-11-28", "a@b", "1_0"])
def test_any_name_of_a_branch_stays_that_name(library: Library, tmp_path: Path, branch: str) -> None:
    subprocess.run(["git", "init", "-q", "-b", branch, str(tmp_path)], check=True)
    assert found_branch(tmp_path) == branch
    made(library, tmp_path, *place("--ci", "github"))
    text = (tmp_path / ".github/workflows/preuve.yml").read_text(encoding="utf-8")
    assert yaml.safe_load(text)[True]["push"]["branches"] == [branch]


def test_a_company_with_two_ci_systems_gets_the_pipelines_of_both(tmp_path: Path) -> None:
    asked = [word for system in pipelines() for word in ("--ci", system)]
    assert run(tmp_path, *place(*asked)).exit_code == 0
    assert (tmp_path / ".gitlab-ci.yml").is_file() and (tmp_path / ".github/workflows/preuve.yml").is_file()


def test_a_missing_remote_of_the_chain_is_told_before_the_first_audit(tmp_path: Path) -> None:
    told = run(tmp_path / "bare", *place("--ci", "github"))
    assert "git remote add origin URL" in told.output and "preuve audit" not in told.output
    assert "git remote add" not in run(tmp_path / "none", *place()).output
    for arguments in (("init", "-q"), ("remote", "add", "origin", "https://127.0.0.1/x.git")):
        (tmp_path / "with").mkdir(exist_ok=True)
        subprocess.run(["git", *arguments], cwd=tmp_path / "with", check=True)
    told = run(tmp_path / "with", *place("--ci", "github"))
    assert "git remote add" not in told.output and "preuve audit" in told.output


@pytest.mark.parametrize("region", Session().get_available_regions("ec2"))
def test_every_region_of_aws_is_taken(region: str) -> None:
    assert region_name(region) == region


@pytest.mark.parametrize("region", ["eu-paris-1", "paris", "eu-west", "eu-west-3a", "west-1"])
def test_a_name_that_no_region_can_have_is_refused(library: Library, tmp_path: Path, region: str) -> None:
    with pytest.raises(UsageError):
        region_name(region)
    text = f"schema: 1\norganisation: {{name: Test, country: FR, language: en}}\nscope: {{regions: [{region}]}}\n"
    (tmp_path / "preuve.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match="an AWS region such as eu-west-3"):
        load_workspace(tmp_path, library)


def test_an_unsupported_ci_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    result = run(tmp_path / "new", *place("--ci", "../../.."))
    assert isinstance(result.exception, UsageError)
    assert not (tmp_path / "new").exists()


def test_init_asks_four_questions(library: Library, tmp_path: Path) -> None:
    answers = f"Acme, Inc.\n{ACCOUNT}\n{REGION}, eu-west-1\ngdpr\n"
    workspace = made(library, tmp_path / "ws", text=answers)
    assert workspace.organisation == "Acme, Inc."
    assert [account.id for account in workspace.accounts] == [ACCOUNT]
    assert workspace.regions == (REGION, "eu-west-1")
    assert workspace.frameworks == ("gdpr",)


def test_what_is_written_says_how_another_region_is_allowed(tmp_path: Path) -> None:
    run(tmp_path / "ws", text=f"Acme\n{ACCOUNT}\neu-west-2, us-east-1\ngdpr\n")
    written = (tmp_path / "ws" / "preuve.yaml").read_text()
    (line,) = (line for line in written.splitlines() if "allowed_regions: [" in line)
    assert yaml.safe_load(line.strip("# "))["params"] == {"allowed_regions": ["eu-west-2", "us-east-1"]}


def test_a_wrong_answer_repeats_the_question(library: Library, tmp_path: Path) -> None:
    answers = f"Acme\n42\n{ACCOUNT}\nmars\n{REGION}\npci\ngdpr\n"
    result = run(tmp_path / "ws", text=answers)
    assert result.exit_code == 0
    assert all(wrong in result.output for wrong in ("twelve digits", "'mars'", "no framework pci"))
    assert load_workspace(tmp_path / "ws", library).regions == (REGION,)


def test_empty_answers_are_completed_later_and_no_error(library: Library, tmp_path: Path) -> None:
    workspace = made(library, tmp_path / "ws", text="\n\n\n\n")
    assert workspace.organisation == "ws"
    assert set(workspace.frameworks) == set(library.frameworks)
    assert {"scope.accounts", "scope.regions", "scope.iac"} <= set(workspace.to_complete)


@pytest.mark.parametrize("language", [name for name in languages() if name != "en"])
def test_the_files_to_fill_in_are_in_the_language_of_the_workspace(
    library: Library, tmp_path: Path, language: str
) -> None:
    said = place("--organisation", "TechStart", "--language")
    made(library, tmp_path / "en", *said, "en")
    assert made(library, tmp_path / language, *said, language).language == language
    for name in ("preuve.yaml", "waivers.yaml", "CODEOWNERS", ".gitignore", "attestations/README.md"):
        assert (tmp_path / "en" / name).read_bytes() != (tmp_path / language / name).read_bytes()


@pytest.mark.parametrize("language", languages())
def test_a_company_on_github_is_shown_how_to_put_it_in_scope(library: Library, tmp_path: Path, language: str) -> None:
    given = place("--organisation", "Acme", "--language", language)
    assert made(library, tmp_path / "a", *given, "--ci", "github").github is None
    text = (tmp_path / "a" / "preuve.yaml").read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if line.startswith("  #   github: {organization")]
    filled = line.replace("  #   ", "  ").replace("TO COMPLETE", "acme").replace("À COMPLÉTER", "acme")
    (tmp_path / "a" / "preuve.yaml").write_text(text.replace(line, filled), encoding="utf-8")
    found = load_workspace(tmp_path / "a", library).github
    assert found is not None and found.organization == "acme"
    made(library, tmp_path / "b", *given, "--ci", "gitlab")
    assert "github: {" not in (tmp_path / "b" / "preuve.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("given", [("--account", "210987654321"), ("--region", REGION), ()])
def test_any_part_of_the_scope_may_be_missing(library: Library, tmp_path: Path, given: tuple[str, ...]) -> None:
    workspace = made(library, tmp_path / "ws", *given, "--yes")
    assert not (workspace.accounts and not workspace.regions)
    assert ("--account" in given) == ("210987654321" in (tmp_path / "ws" / "preuve.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_reads_back_equal(library: Library, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "ws" / "a: #b" / "x"
    folder.mkdir(parents=True)
    (folder / "main.tf").touch()
    workspace = made(library, tmp_path / "ws", "--organisation", name, *place())
    assert workspace.organisation == name
    assert workspace.iac == (IacRoot("a: #b/x", "terraform"),)


def test_an_unwritable_name_leaves_no_file_behind(tmp_path: Path) -> None:
    result = run(tmp_path / "ws", "--organisation", "a\ud800b", *place())
    assert isinstance(result.exception, PreuveError)
    assert not (tmp_path / "ws").exists()


def test_a_new_workspace_can_be_prepared_and_names_its_schema(tmp_path: Path) -> None:
    assert run(tmp_path, *place()).exit_code == 0
    assert prepare(tmp_path).policies
    first = (tmp_path / "preuve.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (tmp_path / first.split("$schema=")[1]).is_file()


def test_nothing_that_exists_is_changed(tmp_path: Path) -> None:
    for name in (".gitignore", "waivers.yaml", "CODEOWNERS"):
        (tmp_path / name).write_text("waivers: []\n", encoding="utf-8")
    result = run(tmp_path, *place("--owner", "@acme/security"))
    assert result.exit_code == 0
    for name in (".gitignore", "waivers.yaml", "CODEOWNERS"):
        assert (tmp_path / name).read_text(encoding="utf-8") == "waivers: []\n"
    assert "add to .gitignore: /evidence/" in result.output
    assert "/preuve.yaml @acme/security" in result.output


def test_the_lines_of_owners_belong_into_the_file_that_the_forge_reads(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "CODEOWNERS").write_text("* @acme/dev\n", encoding="utf-8")
    told = run(tmp_path, *place("--owner", "@acme/security")).output
    assert not (tmp_path / "CODEOWNERS").exists()
    assert "add to .github/CODEOWNERS: /preuve.yaml @acme/security" in told
    assert "/.github/CODEOWNERS @acme/security" in told


@pytest.mark.parametrize("language", ["en", "fr"])
def test_make_lists_and_runs_the_commands_of_the_workspace(tmp_path: Path, language: str) -> None:
    assert run(tmp_path, *place("--language", language)).exit_code == 0
    listed = make(tmp_path).splitlines()
    assert [line.split()[1] for line in listed] == ["help", "doctor", "missing", "ci", "audit"]
    commands = [make(tmp_path, line.split()[1], "PREUVE=echo ran").strip() for line in listed[1:]]
    assert commands == ["ran doctor", "ran attest --list", "ran ci", "ran audit"]


def make(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["make", "--silent", *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize(("text", "told"), [("test:\n\ttrue\n", True), ("audit: test\n\ttrue\n", False)])
def test_an_existing_makefile_is_not_changed(tmp_path: Path, text: str, told: bool) -> None:
    (tmp_path / "Makefile").write_text(text, encoding="utf-8")
    result = run(tmp_path, *place())
    assert (tmp_path / "Makefile").read_text(encoding="utf-8") == text
    assert ("add to Makefile: audit:; preuve audit" in result.output) is told


def test_a_workspace_is_never_written_twice(tmp_path: Path) -> None:
    assert run(tmp_path, *place("--organisation", "First")).exit_code == 0
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    result = run(tmp_path, *place("--organisation", "Second"))
    assert isinstance(result.exception, UsageError)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_private_files_are_ignored_by_git_and_files_that_judge_have_owners(tmp_path: Path) -> None:
    assert run(tmp_path, *place("--owner", "@acme/security")).exit_code == 0
    ignored = (tmp_path / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"/evidence/", "/parts/", "*.key", "*.names.json"} <= set(ignored)
    owned = [line.split() for line in (tmp_path / "CODEOWNERS").read_text(encoding="utf-8").splitlines()]
    assert ["/preuve.yaml", "@acme/security"] in owned
    assert ["/waivers.yaml", "@acme/security"] in owned


@pytest.mark.parametrize(
    "arguments", [("--account", "42"), ("--region", "Paris"), ("--owner", "nobody\n* @evil"), ("--language", "xx")]
)
def test_wrong_options_are_refused(tmp_path: Path, arguments: tuple[str, str]) -> None:
    result = run(tmp_path / "ws", *arguments, "--yes")
    assert isinstance(result.exception, UsageError)
    assert not (tmp_path / "ws").exists()


def test_init_ends_with_the_next_command(tmp_path: Path) -> None:
    folder = tmp_path / "a b"
    assert run(folder, *place()).output.rstrip().endswith(f"Next: preuve audit --workspace '{folder}'")


# ---- what is found ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "found"),
    [
        (["main.tf", "modules/a/x.tf"], (".",)),
        (["infra/main.tf", "infra/modules/a/x.tf"], ("infra",)),
        (["a/main.tofu", "b/main.tf.json", "c/main.tofu.json"], ("a", "b", "c")),
        (["infra/prod/x.tf", "infra/staging/x.tf", "app/deploy/tf/x.tf"], ("app/deploy/tf", "infra")),
        ([".terraform/modules/x.tf", "node_modules/x/x.tf", ".git/x.tf", "docs/x.md"], ()),
    ],
)
def test_folders_with_terraform_are_found(tmp_path: Path, files: list[str], found: tuple[str, ...]) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert tuple(root.path for root in found_code(tmp_path) if root.kind == "terraform") == found


def test_every_kind_of_code_is_found(tmp_path: Path) -> None:
    files = {
        "infra/main.tf": "",
        "sam/template.yaml": "Transform: AWS::Serverless-2016-10-31",
        "stacks/a/net.json": '{"AWSTemplateFormatVersion": "2010-09-09"}',
        "stacks/b/db.yml": "AWSTemplateFormatVersion: '2010-09-09'",
        "app/Dockerfile": "FROM scratch",
        "docs/dockerfile.md": "",
        "chart/values.yaml": "a: 1",
        ".github/workflows/ci.yml": "on: push",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert found_code(tmp_path) == (
        IacRoot("infra", "terraform"),
        IacRoot("sam", "cloudformation"),
        IacRoot("stacks", "cloudformation"),
        IacRoot(".", "dockerfile"),
        IacRoot(".", "github_actions"),
    )
    (tmp_path / "app" / "Dockerfile").unlink()
    assert IacRoot(".", "dockerfile") not in found_code(tmp_path)


TEMPLATE = '{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}}'


@pytest.mark.parametrize(
    ("files", "kept"),
    [
        ({"cdk.json": "{}", "cdk.out/shop.template.json": TEMPLATE}, (IacRoot("cdk.out", "cloudformation"),)),
        ({"cdk.out/shop.template.json": TEMPLATE}, ()),
    ],
)
def test_what_a_tool_writes_is_proposed_where_its_code_lies(
    files: dict[str, str], kept: tuple[IacRoot, ...], tmp_path: Path
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert found_code(tmp_path) == kept


def test_code_that_is_not_read_is_told_where_no_other_is(library: Library, tmp_path: Path) -> None:
    (tmp_path / "terragrunt.hcl").write_text('include "root" {\n  path = find_in_parent_folders()\n}\n')
    told = run(tmp_path, "--organisation", "T", "--account", "123456789012", "--region", "eu-west-3", "--yes").output
    assert "code of Terragrunt is not read" in told
    workspace = load_workspace(tmp_path, library)
    with pytest.raises(UsageError) as raised:
        check_names_code(workspace)
    assert "code of Terragrunt is not read" in str(raised.value.hint)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail if a connection was attempted, even if its error was suppressed."""
    tried: list[object] = []

    def refuse(_socket: socket.socket, address: object) -> None:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    yield
    assert tried == []


@pytest.mark.usefixtures("no_network")
def test_without_credentials_aws_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED", raising=False)  # the metadata service of EC2 would wait
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    assert caller_identity() == CallerIdentity(region="eu-west-1")
    monkeypatch.setenv("AWS_PROFILE", "not-there")
    assert caller_identity() == CallerIdentity()


@pytest.mark.usefixtures("no_network")
def test_a_profile_that_needs_an_mfa_code_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text(
        "[default]\nregion = eu-west-3\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = s\n"
        "mfa_serial = arn:aws:iam::123456789012:mfa/x\n[profile s]\naws_access_key_id = a\naws_secret_access_key = b\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    assert caller_identity() == CallerIdentity(region="eu-west-3")


def test_with_credentials_the_account_is_found(monkeypatch: pytest.MonkeyPatch, emulator: Emulator) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEMULATEDACCOUNT0")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    monkeypatch.setenv("AWS_REGION", REGION)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    assert caller_identity(emulator.endpoint) == CallerIdentity(ACCOUNT, REGION)
    emulator.faults({"kind": "expired", "service": "sts"})
    assert caller_identity(emulator.endpoint) == CallerIdentity(region=REGION)
