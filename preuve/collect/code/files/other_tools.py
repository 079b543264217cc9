"""Recognise code of tools that are not examined, by file names or contents. Independent of Checkov.

A file is such code whether or not what the tool makes of it could be examined; `MADE` says where some tools write
that.
"""

from __future__ import annotations

import re

_BY_NAME = {
    "terragrunt.hcl": "terragrunt",
    "terragrunt.hcl.json": "terragrunt",
    "terragrunt.stack.hcl": "terragrunt",
    "pulumi.yaml": "pulumi",
    "pulumi.yml": "pulumi",
    "cdk.json": "cdk",
    "cdktf.json": "cdktf",
    "chart.yaml": "helm",
    "chart.yml": "helm",
    "kustomization.yaml": "kustomize",
    "kustomization.yml": "kustomize",
    "app.arc": "architect",
    "zappa_settings.json": "zappa",
    "zappa_settings.toml": "zappa",
    "zappa_settings.yml": "zappa",
    "zappa_settings.yaml": "zappa",
}
_BY_PATTERN = (
    (re.compile(r"serverless(\.[\w-]+)?\.(yml|yaml|json)|serverless\.(js|ts)"), "serverless"),
    (re.compile(r".+\.(tfcomponent|tfstack|tfdeploy)\.(hcl|json)"), "terraform_stacks"),
    (re.compile(r".+\.pkr\.(hcl|json)"), "packer"),
    (re.compile(r".+\.bicep"), "bicep"),
    (re.compile(r".+\.nomad(\.hcl)?"), "nomad"),
    (re.compile(r"sst\.config\.(ts|js|mjs)"), "sst"),
    (re.compile(r"(docker-)?compose([.-][\w.-]+)?\.ya?ml"), "docker_compose"),
)
# HCL that makes nothing: locks, linters, tests, values of variables.
_HARMLESS_HCL = re.compile(
    r"\.terraform\.lock\.hcl|\.tflint\.hcl|\.copywrite\.hcl|docker-bake.*\.hcl"
    r"|.+\.(tftest|tofutest|tfmock|tfquery|pkrvars)\.hcl"
)
_TERRAGRUNT = re.compile(
    rb"(?m)^[ \t]*((include|dependency|unit|stack|generate)[ \t]+\"[^\"]+\""
    rb"|(include|terraform|remote_state|dependencies|locals|feature|engine|errors|catalog)[ \t]*\{|inputs[ \t]*=)"
)
_BEGINNING = 100_000  # bytes at the start in which markup declares its kind
_MARKUP = (".yaml", ".yml", ".json", ".j2", ".tpl", ".tmpl", ".gotmpl", ".template")
_API = re.compile(rb"(?m)^(?:[ \t{]{0,4}\"apiVersion\"|apiVersion)[ \t]*:[ \t]*[\"']?([\w./-]+)")
_KIND = re.compile(rb"(?m)^([ \t{]{0,4}\"kind\"|kind|\{.*\"kind\")[ \t]*:[ \t]*[\"']?\w+")
# Kinds of Kubernetes by what their API versions hold; those of None make nothing.
_APIS: tuple[tuple[bytes, str], ...] = (
    (b"services.k8s.aws/", "ack"),
    (b"crossplane.io/", "crossplane"),
    (b"upbound.io/", "crossplane"),
    (b"eksctl.io/", "eksctl"),
    (b"cluster.x-k8s.io/", "cluster_api"),
    (b"kustomize.config.k8s.io/", "kustomize"),
    (b"node.eks.aws/", ""),
    (b"backstage.io/", ""),
    (b"skaffold/", ""),
    (b"kind.x-k8s.io/", ""),
)
# What the code of a tool holds: a text that it always has, by which most files are passed over, and the form of it.
_BY_CONTENT = (
    (b".aws.", re.compile(rb"(?m)^[ \t]*(-[ \t]*)?(amazon|community)\.aws\.[a-z]\w*[ \t]*:"), "ansible"),
    (
        b"- name:",
        re.compile(
            rb"(?m)^[ \t]+(ec2|ec2_instance|ec2_group|ec2_security_group|ec2_vol|ec2_vpc_\w+|s3_bucket|aws_s3|iam_role"
            rb"|iam_policy|iam_user|rds|rds_instance|cloudformation|lambda|aws_kms|elb_\w+|route53|sns_topic|sqs_queue)"
            rb"[ \t]*:[ \t]*\n[ \t]+(name|state|region|stack_name|template\w*|group_name)[ \t]*:"
        ),
        "ansible",
    ),
    (
        b"functions:",
        re.compile(rb"(?ms)^provider:.*^[ \t]+name:[ \t]*[\"']?aws\b.*^functions:|^functions:.*^provider:"),
        "serverless",
    ),
    (b"services:", re.compile(rb"(?ms)^services:[ \t]*\r?$.*^[ \t]+(image|build)[ \t]*:"), "docker_compose"),
    (
        b"schema.management.azure.com/schemas/",
        re.compile(rb"schema\.management\.azure\.com/schemas/[^\"]*[dD]eploymentTemplate"),
        "azure_resource_manager",
    ),
    (
        b"type:",
        re.compile(
            rb"(?m)^type:[ \t]*[\"']?(Load Balanced Web Service|Request-Driven Web Service|Backend Service"
            rb"|Worker Service|Scheduled Job|Static Site)\b"
        ),
        "copilot",
    ),
    (
        b"containerDefinitions",
        re.compile(rb"(?m)^[ \t]{0,4}\"containerDefinitions\"\s*:\s*\["),
        "ecs_task_definition",
    ),
)


_NAMES = {
    "ack": "AWS Controllers for Kubernetes",
    "ansible": "Ansible",
    "architect": "Architect",
    "azure_resource_manager": "Azure Resource Manager",
    "azure_pipelines": "Azure Pipelines",
    "bicep": "Bicep",
    "bitbucket_pipelines": "Bitbucket Pipelines",
    "cdk": "AWS CDK",
    "cdktf": "CDK for Terraform",
    "circleci": "CircleCI",
    "cluster_api": "Cluster API",
    "composite_action": "an action that workflows call",
    "copilot": "AWS Copilot",
    "crossplane": "Crossplane",
    "docker_compose": "Docker Compose",
    "ecs_task_definition": "task definitions of ECS",
    "eksctl": "eksctl",
    "gitea_workflow": "a workflow of Gitea or Forgejo",
    "gitlab_ci": "GitLab CI",
    "hcl": "a tool that is not known (HCL)",
    "helm": "Helm",
    "jenkins": "Jenkins",
    "kubernetes": "Kubernetes",
    "kustomize": "Kustomize",
    "nomad": "Nomad",
    "other_ci": "a pipeline that is not GitHub's",
    "packer": "Packer",
    "pulumi": "Pulumi",
    "serverless": "Serverless Framework",
    "sst": "SST",
    "terraform_stacks": "Terraform Stacks",
    "terragrunt": "Terragrunt",
    "troposphere": "troposphere",
    "zappa": "Zappa",
}
# Beside its code: the folder into which a tool writes what is applied, and what kind of code that is.
MADE = {
    "cdk": ("cdk.out", "cloudformation"),
    "cdktf": ("cdktf.out", "terraform"),
    "serverless": (".serverless", "cloudformation"),
}


def name_of(tool: str) -> str:
    """Return the display name of a tool."""
    return _NAMES[tool]


def said_of(tool: str) -> str:
    """Return the text about code of a tool that is not examined; locales translate it (`details`)."""
    text = f"code of {name_of(tool)}, which is not read"
    return f"{text}, while scope.iac can name what it writes: {MADE[tool][0]}" if tool in MADE else text


def tool_by_name(name: str) -> str:
    """Return the tool that uses files of this name (lower case); "" if the name does not show one."""
    found = _BY_NAME.get(name)
    return found or next((tool for pattern, tool in _BY_PATTERN if pattern.fullmatch(name)), "")


def tool_by_content(name: str, content: bytes) -> str:
    """Return the tool that a file's code belongs to; "" for none."""
    if name.endswith(".hcl"):
        if _HARMLESS_HCL.fullmatch(name):
            return ""
        return "terragrunt" if _TERRAGRUNT.search(content) else "hcl"
    if not name.endswith(_MARKUP):
        return ""
    content = content[:_BEGINNING]
    apis = _API.findall(content) if b"apiVersion" in content else []
    if apis and _KIND.search(content):
        tools = [next((tool for part, tool in _APIS if part in api), "kubernetes") for api in apis]
        return next((tool for tool in tools if tool not in ("", "kubernetes")), next(filter(None, tools), ""))
    found = (tool for text, pattern, tool in _BY_CONTENT if text in content and pattern.search(content))
    return next(found, "")
