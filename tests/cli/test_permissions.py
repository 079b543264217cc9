"""`preuve permissions`: what it prints is what a collection needs, and the role lets in whom it names alone."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import hcl2
import pytest
from click.testing import CliRunner, Result

from library.test_permissions import NEWER
from pipeline.runs import Run
from preuve.cli.main import main
from preuve.library.iam.role import github, gitlab
from preuve.model.errors import UsageError
from preuve.pipeline.run.preparation import Preparation

TECHSTART = Path(__file__).parents[2] / "examples" / "techstart"
BOTH = ("scan", "publish")
ISSUER = "token.actions.githubusercontent.com"


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start in a folder that is no workspace."""
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["permissions", *arguments])


def printed(*arguments: str) -> list[dict[str, Any]]:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    data = json.loads(result.stdout)
    return data if isinstance(data, list) else [data]


def granted(policies: list[dict[str, Any]]) -> set[str]:
    return {action for policy in policies for statement in policy["Statement"] for action in statement["Action"]}


def test_a_full_collection_makes_only_calls_that_were_printed(whole: Run, prepared: Preparation) -> None:
    made = {call["action"] for call in whole.calls} - {"sts:GetCallerIdentity"}
    assert made
    assert made - granted(printed("--workspace", str(prepared.workspace.root))) == set()


def test_one_framework_needs_a_subset_of_the_permissions_of_both() -> None:
    assert granted(printed("--workspace", str(TECHSTART), "-f", "gdpr")) <= granted(printed("-w", str(TECHSTART)))


def test_only_templates_in_scope_need_permission_to_list_stack_resources(tmp_path: Path) -> None:
    settings = (TECHSTART / "preuve.yaml").read_text(encoding="utf-8")
    settings = settings.replace("{path: infra, kind: terraform}", "{path: infra, kind: cloudformation}")
    (tmp_path / "preuve.yaml").write_text(settings, encoding="utf-8")
    more = granted(printed("-w", str(tmp_path))) - granted(printed("-w", str(TECHSTART)))
    assert more == {"cloudformation:ListStackResources"}


def test_an_unknown_framework_is_refused() -> None:
    result = run("--framework", "pci")
    assert isinstance(result.exception, UsageError)


# ---- who stores bundles -------------------------------------------------------------------------------------------


def test_the_publishing_role_may_write_only_to_the_named_bucket() -> None:
    (policy,) = printed("--for", "publish", "--bucket", "acme-evidence")
    allowed = [statement for statement in policy["Statement"] if statement["Effect"] == "Allow"]
    writing = [statement for statement in allowed if any(":Put" in action for action in statement["Action"])]
    assert [statement["Resource"] for statement in writing] == ["arn:aws:s3:::acme-evidence/*"]
    assert "EVIDENCE-BUCKET" not in json.dumps(policy)
    assert {"s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"} <= {
        action for statement in policy["Statement"] if statement["Effect"] == "Deny" for action in statement["Action"]
    }


@pytest.mark.parametrize("form", ["terraform", "cloudformation"])
def test_the_publishing_role_is_not_the_reading_role(form: str) -> None:
    text = run("--for", "publish", "--format", form, "--github", "acme/platform", "--bucket", "acme-evidence").stdout
    assert "preuve-publish" in text and "preuve-scan" not in text
    assert "arn:aws:s3:::acme-evidence/*" in text
    assert text.count("s3:PutObjectRetention") == 1


@pytest.mark.parametrize("bucket", ["*", "acme/*", 'a"b', "A-B"])
def test_an_invalid_bucket_name_is_refused(bucket: str) -> None:
    assert isinstance(run("--for", "publish", "--bucket", bucket).exception, UsageError)


# ---- the role -----------------------------------------------------------------------------------------------------


def trust_of(template: dict[str, Any]) -> dict[str, Any]:
    (statement,) = template["Resources"]["Role"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    return dict(statement)


def test_cloudformation_trusts_one_subject_and_one_audience() -> None:
    result = run("--format", "cloudformation", "--github", "acme/platform")
    statement = trust_of(json.loads(result.stdout))
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert statement["Condition"] == {
        "StringEquals": {
            f"{ISSUER}:aud": "sts.amazonaws.com",
            f"{ISSUER}:sub": "repo:acme/platform:ref:refs/heads/main",
        }
    }


def test_without_github_the_user_must_name_the_trusted_account() -> None:
    template = json.loads(run("--format", "cloudformation").stdout)
    assert trust_of(template)["Principal"] == {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${TrustedAccount}:root"}}
    assert "Default" not in template["Parameters"]["TrustedAccount"]


@pytest.mark.parametrize("trust", [(), ("--github", "acme/platform", "--environment", "audit")])
def test_terraform_and_cloudformation_grant_the_same_as_json(trust: tuple[str, ...]) -> None:
    wanted = granted(printed())
    template = json.loads(run("--format", "cloudformation", *trust).stdout)
    policies = [item for item in template["Resources"].values() if item["Type"] == "AWS::IAM::ManagedPolicy"]
    assert granted([item["Properties"]["PolicyDocument"] for item in policies]) == wanted
    assert len(template["Resources"]["Role"]["Properties"]["ManagedPolicyArns"]) == len(policies)

    text = run("--format", "terraform", *trust).stdout
    parsed = hcl2.loads(text)
    resources = [(kind, name) for block in parsed["resource"] for kind, names in block.items() for name in names]
    assert sum(1 for kind, _ in resources if kind == "aws_iam_policy") == len(policies)
    assert sum(1 for kind, _ in resources if kind == "aws_iam_role_policy_attachment") == len(policies)
    assert all(f'"{action}"' in text for action in wanted)
    assert '"*"' not in text.split('resource "aws_iam_policy"')[0], "the trust has a wildcard"


def test_old_and_new_repositories_have_different_subjects() -> None:
    assert github("acme/platform", environments=["audit"]).subjects == ("repo:acme/platform:environment:audit",)
    new = github("acme/platform", ids="12/34", branch="release/1.x")
    assert new.subjects == ("repo:acme@12/platform@34:ref:refs/heads/release/1.x",)


def test_a_role_for_two_jobs_trusts_both_environments_and_no_third() -> None:
    named = ("--environment", "preuve-read", "--environment", "preuve-audit")
    result = run("--format", "cloudformation", "--github", "acme/platform", *named)
    assert trust_of(json.loads(result.stdout))["Condition"]["StringEquals"][f"{ISSUER}:sub"] == [
        "repo:acme/platform:environment:preuve-read",
        "repo:acme/platform:environment:preuve-audit",
    ]


def test_gitlab_is_trusted_for_one_project_and_branch() -> None:
    arguments = ("--gitlab", "acme/infra/platform", "--branch", "trunk", "--gitlab-host", "git.acme.fr")
    statement = trust_of(json.loads(run("--format", "cloudformation", *arguments).stdout))
    assert statement["Principal"]["Federated"]["Fn::Sub"].endswith(":oidc-provider/git.acme.fr")
    assert statement["Condition"] == {
        "StringEquals": {
            "git.acme.fr:aud": "https://git.acme.fr",
            "git.acme.fr:sub": "project_path:acme/infra/platform:ref_type:branch:ref:trunk",
        }
    }


@pytest.mark.parametrize("trust", [(), ("--github", "acme/platform"), ("--gitlab", "acme/platform")])
def test_the_terraform_of_both_roles_fits_in_one_folder(trust: tuple[str, ...]) -> None:
    texts = [run("--for", kind, "--format", "terraform", *trust).stdout for kind in BOTH]
    named = [
        (kind, *names)
        for text in texts
        for kind, blocks in hcl2.loads(text).items()
        for block in blocks
        for names in _labels(block)
    ]
    assert named
    assert len(named) == len(set(named))


def _labels(block: dict[str, Any]) -> list[tuple[str, ...]]:
    """Return the labels of a block: a variable has one, a resource has two, such as (aws_iam_role, it)."""
    (outer, inner), *_ = block.items()
    return [(outer, name) for name in inner if isinstance(inner[name], dict)] or [(outer,)]


@pytest.mark.parametrize(
    "given",
    [
        {"repository": "acme/*"},
        {"repository": "acme"},
        {"repository": "acme/platform:pull_request"},
        {"repository": "acme/platform", "ids": "*/1"},
        {"repository": "acme/platform", "branch": "*"},
        {"repository": "acme/platform", "environments": ['a"${var.x}']},
        {"repository": "acme/platform", "environments": ["audit", "*"]},
        {"repository": "acme/platform\n"},
    ],
)
def test_an_ambiguous_github_subject_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        github(**given)


@pytest.mark.parametrize(
    "given",
    [
        {"project": "acme"},
        {"project": "acme/*"},
        {"project": "acme/a:ref_type:branch"},
        {"project": "acme/a", "branch": "*"},
        {"project": "acme/a", "host": "*.acme.fr"},
        {"project": "acme/a", "host": "gitlab.com/x"},
    ],
)
def test_an_ambiguous_gitlab_project_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        gitlab(**given)


def test_options_that_would_have_no_effect_are_refused() -> None:
    refused = [("--github-ids", "1/2"), ("--github", "acme/platform"), ("--bucket", "acme-evidence")]
    refused += [("--environment", "audit"), ("--gitlab-host", "git.acme.fr")]
    refused += [("--format", "terraform", "--github", "a/b", "--gitlab", "a/b")]
    for arguments in (*refused, ("--for", "publish", "--framework", "gdpr")):
        assert isinstance(run(*arguments).exception, UsageError)


# ---- every account of an organization -----------------------------------------------------------------------------

LIST_ACCOUNTS = {
    "organizations:ListAccounts",
    "organizations:ListParents",
    "organizations:ListOrganizationalUnitsForParent",
    "organizations:ListTagsForResource",
}


def rolled_out(*arguments: str) -> dict[str, Any]:
    result = run("--as", "stackset", *arguments)
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def lint(template: dict[str, Any]) -> list[str]:
    """Return the errors that AWS's linter finds in a template, but for actions that are newer than its table."""
    import cfnlint.api
    import cfnlint.core

    found = cfnlint.api.lint(json.dumps(template), config=cfnlint.core.ManualArgs(regions=["eu-west-3"]))
    newer = {action.partition(":")[2].lower() for action in NEWER}
    told = [(match, re.search(r"\('(\w+)' is not one of", str(match))) for match in found]
    return [str(match) for match, action in told if not (action and action[1] in newer)]


def test_a_stackset_creates_the_role_in_each_account_with_an_external_id() -> None:
    outer = rolled_out()
    (made,) = [item["Properties"] for item in outer["Resources"].values()]
    assert len(made["TemplateBody"]) <= 51_200  # that CloudFormation takes
    inner = json.loads(made["TemplateBody"])
    assert lint(outer) == lint(inner) == []
    statement = trust_of(inner)
    assert statement["Action"] == "sts:AssumeRole"
    assert statement["Condition"] == {"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}}
    assert {item["ParameterKey"] for item in made["Parameters"]} == set(inner["Parameters"])
    assert "Default" not in inner["Parameters"]["ExternalId"]
    policies = [item for item in inner["Resources"].values() if item["Type"] == "AWS::IAM::ManagedPolicy"]
    documents = [item["Properties"]["PolicyDocument"] for item in policies]
    assert granted(documents) == granted(printed())
    assert (made["PermissionModel"], made["AutoDeployment"]["Enabled"]) == ("SERVICE_MANAGED", True)
    assert len(made["StackInstancesGroup"][0]["Regions"]) == 1  # a role is made once in an account


def test_the_management_account_has_a_stack_of_its_own() -> None:
    stack = rolled_out("--for", "organization")
    assert lint(stack) == []
    assert stack["Parameters"]["RoleName"]["Default"] == "preuve-scan"  # the one that {account} is in reach by
    policies = [item for item in stack["Resources"].values() if item["Type"] == "AWS::IAM::ManagedPolicy"]
    allowed = granted([item["Properties"]["PolicyDocument"] for item in policies])
    assert allowed == granted(printed()) | LIST_ACCOUNTS


@pytest.mark.parametrize(
    ("account", "each", "name", "path"),
    [
        ("", "audit/reads/preuve-scan", "preuve-scan", "/audit/reads/"),
        ("", "Audit_1", "Audit_1", None),
        (", role_arn: 'arn:aws:iam::111111111111:role/other'", "audit/x", "preuve-scan", None),
    ],
)
def test_a_role_is_made_as_the_workspace_names_it(
    tmp_path: Path, account: str, each: str, name: str, path: str | None
) -> None:
    """Where it names it differently from account to account, as usual."""
    scope = f"""accounts: [{{id: "111111111111"{account}}}], regions: [eu-west-3],
  organization: {{accounts: {{role_arn: 'arn:aws:iam::{{account}}:role/{each}'}}}}"""
    (tmp_path / "preuve.yaml").write_text(
        f"schema: 1\norganisation: {{name: Acme}}\nscope: {{{scope}}}\n", encoding="utf-8"
    )
    outer = rolled_out("-w", str(tmp_path))
    inner = json.loads(outer["Resources"]["StackSet"]["Properties"]["TemplateBody"])
    assert inner["Parameters"]["RoleName"]["Default"] == name
    assert (inner["Resources"]["Role"]["Properties"].get("Path"), lint(outer), lint(inner)) == (path, [], [])
    assert rolled_out("-w", str(tmp_path), "--for", "organization")["Parameters"] == inner["Parameters"]
    text = run("-w", str(tmp_path), "--as", "terraform").stdout
    assert f'default = "{name}"' in text and (f'= "{path}"' in text) == bool(path)


TAGS = ", session_tags: {Team: audit}"
BY_TAGS = {
    "account": (TAGS, "", "", True, True),
    "each account": ("", "", TAGS, True, True),
    "organization": ("", TAGS, "", False, True),
    "none": ("", "", "", False, False),
}


@pytest.mark.parametrize("where", BY_TAGS)
def test_a_role_lets_its_caller_pass_the_tags_of_the_workspace(tmp_path: Path, where: str) -> None:
    """STS refuses AssumeRole with tags unless the trust policy allows sts:TagSession."""
    of_account, of_organization, of_each, scan, organization = BY_TAGS[where]
    role = "role_arn: 'arn:aws:iam::111111111111:role/preuve-scan'"
    scope = f"""accounts: [{{id: "111111111111", {role}{of_account}}}], regions: [eu-west-3],
  organization: {{{role}{of_organization},
                  accounts: {{role_arn: 'arn:aws:iam::{{account}}:role/preuve-scan'{of_each}}}}}"""
    (tmp_path / "preuve.yaml").write_text(f"schema: 1\norganisation: {{name: A}}\nscope: {{{scope}}}\n", "utf-8")
    for purpose, tagged in (("scan", scan), ("organization", organization)):
        chosen = ("-w", str(tmp_path), "--for", purpose)
        outer = rolled_out(*chosen)
        inner = json.loads(outer["Resources"]["StackSet"]["Properties"]["TemplateBody"]) if purpose == "scan" else outer
        asked = ["sts:AssumeRole", "sts:TagSession"] if tagged else "sts:AssumeRole"
        assert (trust_of(inner)["Action"], lint(outer), lint(inner)) == (asked, [], [])
        for form in (("--as", "terraform"), ("--format", "terraform"), ("--format", "cloudformation")):
            assert ("sts:TagSession" in run(*chosen, *form).stdout) is tagged
        of_jobs = run(*chosen, "--format", "terraform", "--github", "acme/platform").stdout
        assert "AssumeRoleWithWebIdentity" in of_jobs and "TagSession" not in of_jobs  # GitHub's action passes none


@pytest.mark.parametrize("purpose", ["scan", "organization"])
def test_terraform_requires_an_external_id_too(purpose: str) -> None:
    text = run("--as", "terraform", "--for", purpose).stdout
    parsed = hcl2.loads(text)
    assert 'variable "preuve_scan_external_id"' in text
    assert '"sts:ExternalId" = var.preuve_scan_external_id' in text
    assert all("default" not in settings for block in parsed["variable"] for name, settings in block.items()
               if "external_id" in name)  # fmt: skip


def test_the_organization_role_may_list_accounts() -> None:
    assert granted(printed("-w", str(TECHSTART), "--for", "organization")) >= LIST_ACCOUNTS


@pytest.mark.parametrize("more", [("--format", "terraform"), ("--github", "acme/platform"), ("--for", "publish")])
def test_options_that_do_not_fit_a_stackset_are_refused(more: tuple[str, ...]) -> None:
    assert isinstance(run("--as", "stackset", *more).exception, UsageError)


def test_a_comment_in_printed_terraform_is_in_the_language_of_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "preuve.yaml").write_text("schema: 1\norganisation: {name: T, language: fr}\n", encoding="utf-8")
    comments = {
        line
        for purpose in ("scan", "publish")
        for line in run("-w", str(tmp_path), "--for", purpose, "--format", "terraform").stdout.splitlines()
        if line.lstrip().startswith("#")
    }
    assert len(comments) == 2
    assert all("rien d'autre. Produit par" in line for line in comments)
