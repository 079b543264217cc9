"""Code is recognised by its name and its content, for every tool and with any suffix."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.collect.code.files.kinds import EXAMINED, UNREAD, kind_of, writes_code
from preuve.collect.code.files.other_tools import said_of, tools
from preuve.model.snapshot import PIPELINES
from preuve.publish.words.locale import load_locale

TEMPLATE = "Resources:\n  B:\n    Type: AWS::S3::Bucket\n"
AZURE = """{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
"resources": [{"type": "%s"}]}"""
RESOURCE = '# a bucket\nresource "aws_s3_bucket" "b" {\n}\n'
APPSPEC = """version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties: {TaskDefinition: a, LoadBalancerInfo: {ContainerName: b, ContainerPort: 80}}
"""
SELECTED = {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}
LINE = "\n"
POD = "apiVersion: v1\nkind: Pod\n"

NAMES = ("stack.yaml", "stack.conf", "stack.md", "stack.js", "stack.toml", "stack")
TYPES = (
    "AWS::S3::Bucket",
    "&b AWS::S3::Bucket",
    "!!str AWS::S3::Bucket",
    ">-\n      AWS::S3::Bucket",
    "# a bucket\n      AWS::S3::Bucket",
    '"AWS:\\\n      :S3:\\\n      :Bucket"',
    '"AWS:\\U0000003aS3:\\U0000003aBucket"',
)

FILES = (
    ("a.tfcomponent.hcl", "", "terraform_stacks"),
    ("a.tfstack.hcl", "", "terraform_stacks"),
    ("a.tfdeploy.hcl", "", "terraform_stacks"),
    ("terragrunt.hcl", "", "terragrunt"),
    ("root.hcl", "remote_state {\n}\n", "terragrunt"),
    ("unit.hcl", 'include "root" {\n}\n', "terragrunt"),
    ("buckets.hcl", RESOURCE, "terraform"),
    ("anything.hcl", 'path "secret/*" {\n}\n', "hcl"),
    (".terraform.lock.hcl", 'provider "x" {\n}\n', ""),
    ("docker-bake.hcl", 'target "x" {\n  dockerfile-inline = "FROM a"\n}\n', "docker_bake"),
    ("images.hcl", 'target "x" {\n  dockerfile-inline = "FROM a"\n}\n', "docker_bake"),
    ("docker-bake.json", '{"target": {"x": {"dockerfile-inline": "FROM a"}}}', "docker_bake"),
    ("docker-bake.hcl", 'target "x" {\n  dockerfile = "a/Dockerfile"\n}\n', ""),
    ("backend.hcl", '# of production\nbucket = "b"\nkey="k" // of it\nencrypt = true\n', ""),
    ("backend.hcl", 'bucket = "b"\npath "x" {}\n', "hcl"),
    ("values.hcl", 'bucket = "b"\nother = "c"\n', "hcl"),
    ("backend.hcl", 'bucket = "${b}"\n', "hcl"),
    (
        "azuredeploy.json",
        AZURE % "Microsoft.Sql/servers",
        "azure_resource_manager",
    ),
    ("radius.json", AZURE % "AWS.S3/Bucket@default", "radius"),
    ("radius.json", AZURE % "\\u0041WS.S3/Bucket@default", "radius"),
    ("a.tftest.hcl", 'run "x" {\n}\n', ""),
    ("image.pkr.hcl", "", "packer"),
    ("serverless.yml", "", "serverless"),
    ("serverless.prod.yml", "", "serverless"),
    ("api.yml", "provider:\n  name: aws\nfunctions:\n  a: {}\n", "serverless"),
    ("serverless.integration.test.ts", "", ""),
    ("cdk.json", "", "cdk"),
    ("Pulumi.yaml", "", "pulumi"),
    ("Chart.yaml", "", "helm"),
    ("kustomization.yaml", "", "kustomize"),
    ("pod.yaml", POD, "kubernetes"),
    ("pod.json", '{"apiVersion": "v1", "kind": "Pod"}', "kubernetes"),
    ("pod.yaml.j2", POD, "kubernetes"),
    ("bucket.yaml", "apiVersion: s3.services.k8s.aws/v1alpha1\nkind: Bucket\n", "ack"),
    ("bucket.yaml", "apiVersion: s3.aws.upbound.io/v1beta1\nkind: Bucket\n", "crossplane"),
    ("cluster.yaml", "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\n", "eksctl"),
    ("catalog-info.yaml", "apiVersion: backstage.io/v1alpha1\nkind: Component\n", ""),
    ("docker-compose.yml", "", "docker_compose"),
    ("compose.prod.yaml", "", "docker_compose"),
    ("stack.yaml", "services:\n  web:\n    image: nginx\n", "docker_compose"),
    (
        "play.yml",
        "- hosts: all\n  tasks:\n    - name: b\n      amazon.aws.s3_bucket:\n        name: b\n",
        "ansible",
    ),
    ("play.yml", "- name: b\n  s3_bucket:\n    name: b\n", "ansible"),
    ("taskdef.json", '{\n  "family": "x",\n  "containerDefinitions": []\n}\n', "ecs_task_definition"),
    ("web/manifest.yml", "name: web\ntype: Load Balanced Web Service\n", "copilot"),
    ("vm.bicep", "", "bicep"),
    # programs of a tool without its file, and pipelines
    ("app.py", "from aws_cdk import App\n", "cdk"),
    ("app.py", "import os, aws_cdk as cdk\n", "cdk"),
    # what only reads templates in tests makes none
    ("t.test.ts", 'import { Template, Match } from "aws-cdk-lib/assertions";\n', ""),
    ("t.js", "const { Template } = require('aws-cdk-lib/assertions')\n", ""),
    ("t.py", "from aws_cdk.assertions import Template\n", ""),
    ("t.py", "import aws_cdk.assertions as assertions\n", ""),
    ("t.py", "from aws_cdk import assertions\n", ""),
    ("T.java", "package x;\nimport software.amazon.awscdk.assertions.Template;\n", ""),
    ("T.cs", "using Amazon.CDK.Assertions;\n", ""),
    ("t.go", 'import (\n\t"github.com/aws/aws-cdk-go/awscdk/v2/assertions"\n)\n', ""),
    ("t.ts", 'import { Template } from "aws-cdk-lib/assertions";\nimport { App } from "aws-cdk-lib";\n', "cdk"),
    ("t.py", "from aws_cdk import assertions, Stack\n", "cdk"),
    ("t.py", "from aws_cdk.assertions_of_ours import Stack\n", "cdk"),
    ("bin/app.ts", "import * as ec2 from 'aws-cdk-lib/aws-ec2';\n", "cdk"),
    ("app.js", "const cdk = require('aws-cdk-lib')\n", "cdk"),
    ("App.java", "package x;\nimport software.amazon.awscdk.App;\n", "cdk"),
    ("main.go", 'import (\n\t"github.com/aws/aws-cdk-go/awscdk/v2"\n)\n', "cdk"),
    ("Program.cs", "using Amazon.CDK;\n", "cdk"),
    ("__main__.py", "import pulumi_aws as aws\n", "pulumi"),
    ("index.ts", 'import * as aws from "@pulumi/aws";\n', "pulumi"),
    ("main.py", "from cdktf import App\n", "cdktf"),
    ("stack.py", "from troposphere import Template\n", "troposphere"),
    ("app.py", "# import aws_cdk\nimport os\n", ""),
    ("app.py", 'cdk = importlib.import_module("aws_cdk")\n', "cdk"),
    ("index.ts", 'import * as eks from "@pulumi/eks";\n', "pulumi"),
    ("index.ts", 'import { X } from "@pulumi/awsx/ec2";\n', "pulumi"),
    (".chalice/config.json", "{}", "chalice"),
    ("api.py", "from chalice import Chalice\n", "chalice"),
    ("amplify/backend.ts", "import { defineBackend } from '@aws-amplify/backend';\n", "amplify"),
    ("amplify/backend/backend-config.json", "{}", "amplify"),
    ("config/dev/x.yaml", "template: {path: x.py, type: file}\nparameters: {A: b}\n", "sceptre"),
    ("config/dev/x.yaml", "template:\n  path: x.j2\n", "sceptre"),
    ("config/dev/x.yaml", "template_path: x.yaml\n", "sceptre"),
    ("config/config.yaml", "project_code: x\nregion: eu-west-3\n", "sceptre"),
    ("app.yaml", "template:\n  metadata: {}\n", ""),
    ("nitric.yaml", "name: x\n", "nitric"),
    ("main.w", "bring cloud;\nnew cloud.Bucket(public: true);\n", "wing"),
    ("x.rb", "CloudFormation do\n S3_Bucket(:x) {}\nend\n", "cfndsl"),
    ("x.rb", "SparkleFormation.new(:x) do\nend\n", "sparkleformation"),
    ("x.rb", "puts 'CloudFormation'\n", ""),
    ("Earthfile", "VERSION 0.8\nFROM a:latest\n", "earthly"),
    ("stack.tm.hcl", "stack {\n}\n", "terramate"),
    ("atmos.yaml", "", "atmos"),
    ("stacks/dev.yaml", "components:\n  terraform:\n    vpc: {}\n", "atmos"),
    ("apprunner.yaml", "", "app_runner"),
    ("ecs-params.yml", "", "ecs_cli"),
    (".ebextensions/a.config", "option_settings: []\n", "elastic_beanstalk"),
    ("copilot/web/manifest.yml", "name: web\n", "copilot"),
    ("app.arc", "", "architect"),
    ("claudia.json", "", "claudia"),
    ("cluster.yaml", "apiVersion: kops.k8s.io/v1alpha2\nkind: Cluster\n", "kops"),
    ("stack.yaml", "apiVersion: pulumi.com/v1\nkind: Stack\n", "pulumi"),
    ("ws.yaml", "apiVersion: app.terraform.io/v1alpha2\nkind: Workspace\n", "terraform_operator"),
    ("policies.yml", "policies:\n  - name: x\n    resource: aws.s3\n    actions: [delete]\n", "cloud_custodian"),
    ("rules.yml", "policies:\n  - name: x\n    resource: document\n    actions: [read]\n", ""),
    ("org.yml", "Organization:\n  Root: {Type: 'OC::ORG::MasterAccount'}\n", "organization_formation"),
    ("image.json", '{"builders": [{"type": "amazon-ebs"}]}', "packer"),
    ("Kustomization", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n", "kustomize"),
    ("manifest", f"# a pod\n---\n{POD}", "kubernetes"),
    ("METADATA", f"Name: x\n\n{POD}", ""),
    ("play.yml", "- hosts: all\n  tasks:\n  - local_action:\n      module: amazon.aws.ec2_instance\n", "ansible"),
    ("play.yml", "- hosts: all\n  tasks:\n  - local_action: {module: amazon.aws.ec2_instance}\n", "ansible"),
    ("main.yml", "- ec2_security_group:\n    description: x\n", "ansible"),
    ("main.yml", "- name: x\n  ec2_security_group:\n    description: x\n", "ansible"),
    ("main.yml", "- ec2_security_group: {description: x}\n", "ansible"),
    ("main.yml", "- action: ec2_instance name=x\n", "ansible"),
    ("values.yaml", "ingress:\n  route53:\n    zone: x\n", ""),
    # an image by its instructions, whatever the file is called
    ("build.docker", "FROM a:latest\nRUN make\n", "dockerfile"),
    ("image", "# syntax=docker/dockerfile:1\nARG V=1\n\nFROM a:$V AS b\nCOPY . .\n", "dockerfile"),
    ("letter", "FROM a\n\nto whom it may concern\n", ""),
    ("notes.txt", "FROM a:latest\nRUN make\n", ""),
    ("notes.md", "import aws_cdk\n", ""),
    ("setup.py", "import cdk_helpers\n", ""),
    ("action.yml", "name: x\nruns: {using: composite, steps: []}\n", "composite_action"),
    ("action.yml", "name: x\n", ""),
    ("workflows/a.yml", "jobs: {}\n", ""),
    (".gitlab-ci.yml", "", "gitlab_ci"),
    ("azure-pipelines.yml", "", "azure_pipelines"),
    ("bitbucket-pipelines.yml", "", "bitbucket_pipelines"),
    (".circleci/config.yml", "", "circleci"),
    ("Jenkinsfile", "", "jenkins"),
    (".travis.yml", "", "other_ci"),
    ("values.yaml", "image: nginx\n", ""),
    ("tsconfig.json", "{}", ""),
    # CloudFormation and Terraform of any name
    ("stack.template", TEMPLATE, "cloudformation"),
    ("stack.yml.j2", TEMPLATE, "cloudformation"),
    ("stack", TEMPLATE, "cloudformation"),
    ("stack.txt", TEMPLATE, "cloudformation"),
    ("stack.yaml", TEMPLATE.replace("AWS::S3::Bucket", "Shop::Net::Open::MODULE"), "cloudformation"),
    ("stack.yaml", "Transform: Shop\nResources:\n  B:\n    Type: Bucket\n", "cloudformation"),
    ("stack.yaml", "\0".join(TEMPLATE), "cloudformation"),
    ("types.yaml", "Type: std::string\n", ""),
    # what a report in JSON advises is no template; a template in JSON or within a text of it is one
    ("found.sarif", json.dumps({"runs": [{"text": "Set it.\n\nDb:\n  Type: AWS::RDS::DBInstance\n"}]}), ""),
    ("found.json", json.dumps([{"text": "a 'Type': 'AWS::S3::Bucket' has none"}]), ""),
    ("found.json", json.dumps({"a": [{"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}]}), "cloudformation"),
    ("found.sarif", json.dumps({"B": {"Type": "AWS::S3::Bucket"}}), "cloudformation"),
    ("found.sarif", json.dumps({"runs": [{"text": TEMPLATE}]}), "cloudformation"),
    ("found.json", '{"Resources": {"B": {"Type": "AWS::S3::Bucket"}}, "Resources": {}}', "cloudformation"),
    ("found.json", '{"Resources": {"B": {"Type": "AWS::S3::Bucket"}}', "cloudformation"),
    ("main.tf.j2", RESOURCE, "terraform"),
    ("main.tf.disabled", RESOURCE, "terraform"),
    ("main.tpl", RESOURCE, "terraform"),
    ("infra", RESOURCE, "terraform"),
    ("main.json", '{"resource": {"aws_s3_bucket": {"b": {}}}}', "terraform"),
    ("METADATA", f"Name: x\n\n{RESOURCE}", ""),
    ("guide.html.md.erb", RESOURCE, ""),
    ("README.md", TEMPLATE + RESOURCE, ""),
    # a template is what its parser reads, however it is written and whatever its name ends like
    *((name, TEMPLATE.replace("AWS::S3::Bucket", type_), "cloudformation") for name in NAMES for type_ in TYPES),
    ("found.json", '{"R\\u0065sources": {"B": {"Type": "\\u0041WS::S3::Bucket"}}}', "cloudformation"),
    ("found.json", '{"Resources": {"B": {"Type": "AWS\\u003a:S3::Bucket"}}}', "cloudformation"),
    ("stack.yaml", '"R\\x65sources":\n  B: {"T\\u0079pe": "AWS\\u003a:S3::Bucket"}\n', "cloudformation"),
    ("stack.yaml", "Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://a/b}}\n", "cloudformation"),
    ("stack.yaml.txt", f"{{% if a %}}\n{TEMPLATE.replace('AWS', '!!str AWS')}", "cloudformation"),
    # what names a type has not the sections of a template for that
    ("appspec.yaml", APPSPEC, ""),
    ("appspec.json", json.dumps({"version": 0.0, "Resources": [{"Service": {"Type": "AWS::ECS::Service"}}]}), ""),
    ("trail.json", json.dumps({"EventSelectors": [{"DataResources": [SELECTED]}]}), ""),
    ("trail.yaml", f"EventSelectors:\n- DataResources:\n  - {json.dumps(SELECTED)}\n", ""),
    ("one.json", json.dumps({"selector": SELECTED}), ""),
    ("found.json", json.dumps([{"Type": "AWS::S3::Bucket", "Count": 3}]), ""),
    ("notes.yaml", "text: |\n  Db:\n    Type: AWS::RDS::DBInstance\n", ""),
    ("values.yaml", f"text: |\n  {TEMPLATE.replace(LINE, LINE + '  ')}", "cloudformation"),
    ("resources.yaml", "B:\n  Type: AWS::S3::Bucket\n  Properties: {}\n", "cloudformation"),
    ("values.yaml", "more:\n  - {B: {Type: AWS::S3::Bucket, DeletionPolicy: Retain}}\n", "cloudformation"),
    ("two.yaml", f"a: 1\n---\n{TEMPLATE}", "cloudformation"),
    ("twice.yaml", f"Resources: []\n{TEMPLATE}", "cloudformation"),
    ("nested.json", '{"a": [{"Resources": {"B": {"Type": "AWS::S3::Bucket", "Type": "b"}}}]}', "cloudformation"),
    ("loop.yaml", "Resources:\n  Fn::ForEach::B: [N, [a], {'B${N}': {Type: AWS::S3::Bucket}}]\n", "cloudformation"),
    ("included.yaml", "Resources:\n  Fn::Transform: {Name: AWS::Include}\n", "cloudformation"),
    ("list.yaml", "AWSTemplateFormatVersion: 2010-09-09\nResources: []\n", "cloudformation"),
    ("pipeline.yaml", "Transform: {Steps: [a]}\n", ""),
    ("limits.yaml", "Resources: {cpu: 1}\n", ""),
    ("guide.md", "*Resources* of AWS::S3::Bucket\n", ""),
    ("guide.md", f"*Note*: a stack\n{TEMPLATE}", ""),
    ("guide.md", f"# A stack\n\n```yaml\n{TEMPLATE}```\n", ""),
    ("stack.png", TEMPLATE, ""),
)


@pytest.mark.parametrize(("name", "text", "kind"), FILES)
def test_the_kind_of_a_file_is_recognized(tmp_path: Path, name: str, text: str, kind: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(text)
    assert kind_of(path) == kind


def _many(remark: str) -> str:
    return f"{remark}\n" * (1_200_000 // len(remark))


@pytest.mark.parametrize(
    ("name", "before", "text", "kind"),
    [
        ("pod.yaml", _many("# a remark"), POD, "kubernetes"),
        ("bucket.yaml", _many("#"), "apiVersion: s3.aws.upbound.io/v1beta1\nkind: Bucket\n", "crossplane"),
        ("pod.yaml", f"x: {'a' * 200_000}\n", POD, "kubernetes"),
        ("index.ts", _many("// a remark"), 'import * as aws from "@pulumi/aws";\n', "pulumi"),
        ("index.ts", f"/*\n{_many('a remark')}*/\n", 'import * as aws from "@pulumi/aws";\n', "pulumi"),
        ("app.py", f'"""\n{_many("a remark")}"""\n', "import aws_cdk\n", "cdk"),
        ("app.py", "x = 1\n" * 20_000, "import aws_cdk\n", "cdk"),
        ("play.yml", _many("# a remark"), "- amazon.aws.s3_bucket:\n    name: b\n", "ansible"),
        ("image", _many("# a remark"), "FROM a\nRUN make\n", "dockerfile"),
    ],
)
def test_what_stands_before_code_does_not_hide_it(tmp_path: Path, name: str, before: str, text: str, kind: str) -> None:
    (tmp_path / name).write_text(before + text)
    assert kind_of(tmp_path / name) == kind


@pytest.mark.parametrize(("more", "kind"), [("", ""), (TEMPLATE, "cloudformation")])
def test_what_nobody_reads_to_its_end_is_a_template_if_it_has_its_sections(
    tmp_path: Path, more: str, kind: str
) -> None:
    path = tmp_path / "stack.conf"
    path.write_text(f"{more}About: [Resources{', a' * 200_000}]\n")
    assert kind_of(path) == kind


def test_patterns_of_tools_have_no_groups_of_their_own() -> None:
    for tool in tools().values():
        patterns = [
            *tool.files,
            *tool.paths,
            *tool.loads,
            *tool.lines,
            *(text for one in tool.content for text in one.all),
        ]
        assert [text for text in patterns if re.compile(text).groups] == []


def test_a_workflow_of_another_forge_is_recognized_by_its_folder(tmp_path: Path) -> None:
    for forge in (".gitea", ".forgejo"):
        path = tmp_path / forge / "workflows" / "a.yml"
        path.parent.mkdir(parents=True)
        path.write_text("jobs: {}\n")
        assert kind_of(path) == "gitea_workflow"


@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789_", max_size=6))
def test_a_template_is_recognized_with_any_suffix(tmp_path_factory: pytest.TempPathFactory, ending: str) -> None:
    path = tmp_path_factory.getbasetemp() / (f"stack.{ending}" if ending else "stack")
    path.write_text(TEMPLATE)
    assert kind_of(path) == ("" if ending in UNREAD else "cloudformation")


def test_notes_about_each_tool_have_french_texts() -> None:
    tools = {kind for _, _, kind in FILES} - EXAMINED - {""}
    assert {"terragrunt", "kubernetes", "cdk"} | (PIPELINES - {"gitea_workflow"}) <= tools
    for tool in tools:
        said = load_locale("fr").in_words(said_of(tool))
        assert said.startswith("code de ")
        assert "qui n'est pas lu" in said


COMMANDS = ("deploy.sh", "Makefile", "a.ps1", "Taskfile.yml", "buildspec.yml", "action.yml", ".gitlab-ci.yml", "deploy")
WRITTEN = (
    f"cat > x.tf <<X\n{RESOURCE}X\n",
    'cat <<X | tee x.tf\n    module "m" {\n    }\nX\n',
    'echo "resource \\"aws_s3_bucket\\" \\"b\\" {}" >> x.tf\n',
    'echo \'{"resource": {"aws_s3_bucket": {"b": {}}}}\' > x.tf.json\n',
    f"cat > t.yaml <<X\n{TEMPLATE}X\n",
    "cat > x.tf <<X\nresource aws_s3_bucket b {\n}\nX\n",
    'echo "{\\"Resources\\": {\\"B\\": {\\"Type\\": \\"AWS::S3::Bucket\\"}}}" > t.json\n',
    f"{'# a remark' * 200_000}\ncat > x.tf <<X\n{RESOURCE}X\n",
)
HARMLESS = (
    "terraform init\nterraform apply -target aws_s3_bucket.b\n",
    'cat > backend.tf <<X\nterraform {\n  backend "s3" {}\n}\nX\n',
    "aws cloudformation describe-stack-resources --query 'StackResources[].ResourceType'\n",
    "echo the resource group of {\nresource_of web {\n",
)


@pytest.mark.parametrize("name", (*COMMANDS, ".github/workflows/a.yml"))
def test_what_commands_write_is_recognised_and_nothing_else_of_them(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    for texts, writes in ((WRITTEN, True), (HARMLESS, False)):
        for text in texts:
            file.write_text(f"#!/bin/sh\n{text}")
            assert writes_code(file) is writes, text
    (tmp_path / "main.tf").write_text(RESOURCE)
    assert not writes_code(tmp_path / "main.tf")
