"""A known failure stays known unless something that it rests on changes: the member that fails, the object, its target,
a safeguard. Each case has pushes that leave it known, and pushes that must be new.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from collect.code.conftest import Scan, write
from content_copy import bundled
from preuve.collect.code.job import IacJob
from preuve.collect.code.run.scan import scan
from preuve.library.validation.code.code_rules import rendered
from preuve.model.company.code import IacRoot
from preuve.model.company.grounds import is_known

PARAMS = {name: item.value for name, item in bundled().parameters.items()}
PROVIDER = 'provider "aws" {\n  region = "eu-west-1"\n}\n'
Push = tuple[tuple[str, str], ...]  # what is replaced, and by what


def _push(*pairs: str) -> Push:
    return tuple(zip(pairs[::2], pairs[1::2], strict=True))


@dataclass(frozen=True)
class Case:
    """Code in which checks fail, and pushes that replace a part of it."""

    checks: str  # the ends of the ids of rules
    code: str
    quiet: tuple[Push, ...] = ()
    heard: tuple[Push, ...] = ()
    file: str = "main.tf"


TAGGED = '%s\n  tags = { Name = "b", Environment = "prod", Owner = "" }\n}\n'
MODULE = """
module "vpc" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "~> 5.0"
  name    = "shop"
  cidr    = "10.0.0.0/16"
  subnets = ["10.0.1.0/24"]
}
"""
CONNECTION = """
locals { callbacks = ["https://a/callback"] }
resource "auth0_client" "c" {
  name      = "c"
  callbacks = local.callbacks
}
resource "auth0_connection" "s" {
  name            = "S"
  strategy        = "auth0"
  enabled_clients = %s
  options { configuration = { CLIENT_SECRET = "Sup3rS3cret2024!x" } }
}
"""
SOME_CLIENTS = 'concat([auth0_client.c.id], terraform.workspace == "stage" ? ["x"] : [])'
IDENTITIES = """
resource "aws_cognito_identity_provider" "p" {
  user_pool_id     = "eu-west-1_a"
  provider_name    = "google"
  provider_type    = "Google"
  idp_identifiers  = ["a.example"]
  provider_details = { client_id = "x", client_secret = "Sup3rS3cret2024!x" }
}
"""
# Arguments that say where a secret is valid, or to what it is given, whatever their names are.
PLACES_OF_SECRETS = (
    *(
        f'{name} = "n%d-dev"'
        for name in ("environment_scope", "mount", "secret", "deployment", "config", "app", "stage")
    ),
    *(f'{name} = "n%d-dev"' for name in ("application", "prefix", "datacenter", "branch", "visibility", "slot")),
    *(f'{name} = ["n%d-dev"]' for name in ("target", "scopes", "environments", "selected_repository_ids", "team_ids")),
)
GIVEN_TO = """
resource "example_variable" "v%d" {
  %s
  password = "Sup3rS3cret2024!x"
  more = []
}
"""
ROUTE = """
resource "aws_apigatewayv2_api" "a" {
  name          = "a"
  protocol_type = "HTTP"
}
resource "aws_apigatewayv2_route" "r" {
  api_id             = aws_apigatewayv2_api.a.id
  route_key          = "GET /x"
  authorization_type = "NONE"
}
"""
ROUTE_TEMPLATE = """
Resources:
  A:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: a, ProtocolType: HTTP, Version: a}
  R:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref A, RouteKey: GET /x, AuthorizationType: NONE}
"""
TASK = """
variable "tag" { default = "1.0" }
resource "aws_ecs_task_definition" "t" {
  family                = "t"
  container_definitions = jsonencode([{
    name  = "a", image = "public.ecr.aws/x/a:${var.tag}", user = "1000", essential = true
    readonlyRootFilesystem = false, logConfiguration = { logDriver = "awslogs" }
  }])
}
"""
SECOND_CONTAINER = """}, {
    name                   = "b", image = "b", logConfiguration = { logDriver = "awslogs" }
    readonlyRootFilesystem = false
  }])"""
LISTENER = """  listener {
    instance_port     = 81
    instance_protocol = "http"
    lb_port           = 81
    lb_protocol       = "http"
  }
  listener"""
ROLE_ARN = "arn:aws:iam::123456789012:role/${var.role}"
OTHER_ROLE = """
variable "role" { default = "ci" }
variable "unset" {}
provider "aws" {
  region = "eu-west-1"
  assume_role {
    role_arn     = "arn:aws:iam::123456789012:role/%s"
    session_name = "s"
  }
}
resource "aws_sns_topic" "t" { name = "t" }
"""
IN_WORKSPACE = (OTHER_ROLE % "${var.role}").replace("123456789012", "${local.account}")
IN_WORKSPACE += 'locals { account = { a = "111111111111", b = "333333333333" }[terraform.workspace] }'
GRANT = """
resource "aws_s3_bucket_acl" "a" {
  bucket = "b"
  access_control_policy {
    owner { id = "o" }
    grant {
      permission = "READ"
      grantee {
        type = "Group"
        uri  = "http://acs.amazonaws.com/groups/global/AllUsers"
      }
    }
  }
}
"""
OLD_GRANT = """
resource "aws_s3_bucket" "a" {
  bucket = "b"
  grant {
    permissions = ["READ", "WRITE"]
    type        = "Group"
    uri         = "http://acs.amazonaws.com/groups/global/AllUsers"
  }
}
"""
LOGGED = """
resource "aws_api_gateway_method_settings" "s" {
  rest_api_id = "a"
  stage_name  = "s"
  method_path = "x/GET"
  settings {
    data_trace_enabled     = true
    logging_level          = "OFF"
    throttling_burst_limit = 1
  }
}
"""
TABLE = """
resource "aws_dynamodb_table" "t" {
  name = "t"
  replica {
    region_name      = "eu-west-3"
    consistency_mode = "EVENTUAL"
  }
}
"""
LAUNCH = """
resource "aws_launch_configuration" "l" {
  name                        = "l"
  image_id                    = "ami-1"
  instance_type               = "t3.micro"
  security_groups             = ["sg-1"]
  associate_public_ip_address = true
}
"""
BALANCER = """
resource "aws_elb" "l" {
  name    = "l"
  subnets = ["subnet-1"]
  listener {
    instance_port     = 80
    instance_protocol = "http"
    lb_port           = 80
    lb_protocol       = "http"
  }
}
"""
METHOD = """
resource "aws_api_gateway_method" "m" {
  rest_api_id   = "a"
  resource_id   = "r"
  http_method   = "GET"
  authorization = "NONE"
}
"""
ATTACHED = """
resource "aws_iam_policy_attachment" "a" {
  name       = "a"
  users      = ["ada"]
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
"""
TEMPLATE = """
Resources:
  B:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: b
      Tags: [{Key: Name, Value: b}, {Key: Environment, Value: prod}, {Key: Owner, Value: ""}]
"""
TASK_TEMPLATE = """
Resources:
  T:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: t
      ContainerDefinitions:
        - {Name: a, Image: "a:1.0", User: "1000", LogConfiguration: {LogDriver: awslogs}, ReadonlyRootFilesystem: false}
"""
SECRET_TEMPLATE = """
Resources:
  P:
    Type: AWS::Cognito::UserPoolIdentityProvider
    Properties:
      UserPoolId: eu-west-1_a
      ProviderName: google
      ProviderType: Google
      IdpIdentifiers: [a.example]
      ProviderDetails: {client_id: x, client_secret: "Sup3rS3cret2024!x"}
"""
TAGS = "TAG_"
NEW_TAGS = (
    _push('"b", E', '"c", E'),
    _push('Name = "b", ', ""),
    _push('Name = "b"', 'Name = "b", Extra = "x"'),
)
ROWS = """
Resources:
  T:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: t
      Tags: [{Key: PersonalData, Value: "yes"}]
"""
ADDRESS = """
resource "aws_instance" "i" {
  ami           = "ami-1"
  instance_type = "t3.micro"
  subnet_id     = "subnet-1"
}
resource "aws_eip" "e" { instance = aws_instance.i.id }
"""
SESSIONS = """
resource "aws_ecs_cluster" "c" { name = "c" }
resource "aws_ecs_task_definition" "t" {
  family                = "t"
  container_definitions = jsonencode([{ name = "w", image = "w:1", logConfiguration = { logDriver = "splunk" } }])
}
resource "aws_ecs_service" "s" {
  name                   = "s"
  cluster                = aws_ecs_cluster.c.id
  task_definition        = aws_ecs_task_definition.t.arn
  enable_execute_command = true
}
"""
CASES: dict[str, Case] = {
    "what a service runs": Case(
        "ADMIN_SESSIONS",
        SESSIONS,
        (),
        (
            _push("w:1", "w:2"),
            _push('"t"\n', '"t"\n  task_role_arn = "arn:aws:iam::1:role/admin"\n'),
            _push('"splunk"', '"syslog"'),
            _push('"w"', '"v"'),
            _push('"s"\n', '"z"\n'),
        ),
    ),
    "a tag that is missing in a template": Case(
        "TEMPLATE_TABLE_TTL",
        ROWS,
        (_push("Tags: [", "Tags: [{Key: X, Value: x}, "),),
        (_push("TableName: t", "TableName: u"), _push("Tags: [", "Tags: [{Key: Retention, Value: 30d}, ")),
        "t.yaml",
    ),
    "the address of a machine": Case(
        "PUBLIC_IP",
        ADDRESS,
        (_push("ami-1", "ami-2"), _push("t3.micro", "t3.large")),
        (_push("subnet-1", "subnet-2"), _push("aws_instance.i.id", '"i-1"')),
    ),
    "a tag of a bucket": Case(
        TAGS,
        TAGGED % 'resource "aws_s3_bucket" "b" {\n  bucket = "x"',
        NEW_TAGS,
        (_push('"x"', '"y"'), _push(', Environment = "prod"', "")),
    ),
    "a tag of a table": Case(
        TAGS, TAGGED % 'resource "aws_dynamodb_table" "b" {\n  name = "x"', NEW_TAGS, (_push('"x"', '"y"'),)
    ),
    "a tag in a template": Case(
        "TEMPLATE_TAGS",
        TEMPLATE,
        (
            _push("Value: b", "Value: c"),
            _push("{Key: Name, Value: b}, ", ""),
            _push("Tags: [", "Tags: [{Key: X, Value: x}, "),
        ),
        (_push("BucketName: b", "BucketName: c"), _push("Value: prod", 'Value: ""')),
        "t.yaml",
    ),
    "a module of the registry": Case(
        "MODULES_PINNED",
        MODULE,
        (
            _push("10.0.1.0", "10.0.2.0"),
            _push("10.0.0.0/16", "10.1.0.0/16"),
            _push('"shop"', '"web"'),
            _push("  name ", '  nat = true\n  azs = ["a"]\n  name '),
        ),
        (_push("~> 5.0", "~> 4.0"), _push("modules/vpc", "modules/vpn"), _push('module "vpc"', 'module "other"')),
    ),
    "a module of a repository": Case(
        "MODULES_PINNED",
        MODULE.replace("terraform-aws-modules/vpc/aws", "git::https://example.org/vpc?ref=main").replace(
            "version", "v"
        ),
        (_push('"shop"', '"web"'), _push("10.0.1.0", "10.0.2.0")),
        (_push("org/vpc", "org/vpn"), _push("ref=main", "ref=next")),
    ),
    "a secret that a module is given": Case(
        "CODE_SECRETS",
        MODULE.replace("cidr ", 'master_password = "Sup3rS3cret2024!x"\n  cidr '),
        (_push("10.0.1.0", "10.0.2.0"),),
        (_push("modules/vpc", "modules/vpn"), _push("2024!x", "2025!y"), _push('"shop"', '"web"')),
    ),
    "the clients of a connection, known": Case(
        "CODE_SECRETS",
        CONNECTION % "[auth0_client.c.id]",
        (_push("c.id]", 'c.id, "more"]'), _push("https://a", "https://b")),
        (
            _push('"S"', '"T"'),
            _push('"auth0"', '"saml"'),
            _push("2024!x", "2025!y"),
            _push("CLIENT_SECRET =", 'API_PASSWORD = "0therS3cret9!", CLIENT_SECRET ='),
        ),
    ),
    "the clients of a connection, not known": Case(
        "CODE_SECRETS",
        CONNECTION % SOME_CLIENTS,
        (_push("https://a", "https://b"), _push('"x"]', '"x", "y"]')),
        (_push('"S"', '"T"'), _push("2024!x", "2025!y")),
    ),
    "a list of an identity provider": Case(
        "CODE_SECRETS",
        IDENTITIES,
        (_push('"a.example"', '"a.example", "b.example"'),),
        (_push("eu-west-1_a", "eu-west-1_b"), _push('"google"', '"other"'), _push("2024!x", "2025!y")),
    ),
    "the same in a template": Case(
        "CODE_SECRETS",
        SECRET_TEMPLATE,
        (_push("[a.example]", "[a.example, b.example]"),),
        (
            _push("eu-west-1_a", "eu-west-1_b"),
            _push("ProviderName: google", "ProviderName: other"),
            _push("2024!x", "2025!y"),
        ),
        "t.yaml",
    ),
    "the events of a web hook": Case(
        "CODE_SECRETS",
        'resource "github_repository_webhook" "w" {\n  repository = "r"\n  events = ["push"]\n'
        '  configuration {\n    url = "https://example.org"\n    secret = "Sup3rS3cret2024!x"\n  }\n}\n',
        (_push('["push"]', '["push", "release"]'),),
        (_push('"r"', '"q"'), _push("2024!x", "2025!y")),
    ),
    "the place of a secret of another provider": Case(
        "CODE_SECRETS",
        "".join(GIVEN_TO % (number, argument % number) for number, argument in enumerate(PLACES_OF_SECRETS)),
        (_push("more = [", 'more = ["x", '),),
        tuple(_push(f"n{number}-dev", f"n{number}-prod") for number in range(len(PLACES_OF_SECRETS))),
    ),
    "an open route": Case(
        "APIGW_AUTHORISED",
        ROUTE,
        (
            _push('"HTTP"', '"HTTP"\n  cors_configuration { allow_origins = ["*"] }'),
            _push('"HTTP"', '"HTTP"\n  version = 2'),
        ),
        (_push("GET /x", "GET /y"), _push('"NONE"', '""')),
    ),
    "an open route in a template": Case(
        "APIGW_AUTHORISED",
        ROUTE_TEMPLATE,
        (_push("Version: a", "Version: b"),),
        (_push("GET /x", "GET /y"),),
        "t.yaml",
    ),
    "the image of a container": Case(
        "ECS_TASK_HARDENING",
        TASK,
        (
            _push('"1.0"', '"1.1"'),
            _push("/x/a:", "/x/c:"),
            _push('"1000"', '"1001"'),
            _push("essential = true", "essential = false"),
        ),
        (
            _push('name  = "a"', 'name  = "b"'),
            _push('"t"\n', '"u"\n'),
            _push("false, log", "false, privileged = true, log"),
            _push("}])", SECOND_CONTAINER),
        ),
    ),
    "the image of a container in a template": Case(
        "ECS_TASK_HARDENING",
        TASK_TEMPLATE,
        (_push("a:1.0", "a:1.1"), _push('"1000"', '"1001"')),
        (_push("Name: a", "Name: b"), _push("Family: t", "Family: u"), _push("{Name: a", "{Privileged: true, Name: a")),
        "t.yaml",
    ),
    "the role of a provider": Case(
        "MESSAGING_ENCRYPTED",
        OTHER_ROLE % "${var.role}",
        (
            _push('"ci"', '"ci-boundaried"'),
            _push("${var.role}", "${var.unset}"),
            _push('"s"', '"t"'),
            _push('name = "s"', 'name = "s"\n    external_id = "e"'),
        ),
        (
            _push("123456789012", "210987654321"),
            _push("arn:aws:", "arn:aws-cn:"),
            _push("eu-west-1", "eu-west-3"),
            _push(f'    role_arn     = "{ROLE_ARN}"\n', ""),
            _push("123456789012", "${var.unset}"),
            _push(f'"{ROLE_ARN}"', "var.unset"),
            _push("  region ", '  profile = "p"\n  region '),
            _push('name = "t"', 'name = "u"'),
        ),
    ),
    "the role of a provider in an account that is not known": Case(
        "MESSAGING_ENCRYPTED",
        IN_WORKSPACE,
        (_push('"ci"', '"ci-boundaried"'), _push("${var.role}", "other")),
        (
            _push("111111111111", "222222222222"),
            _push("[terraform.workspace]", '["b"]'),
            _push("${local.account}", "${var.unset}"),
            _push("${local.account}:role/${var.role}", "${local.account}:${var.role}"),
        ),
    ),
    "what a grant gives": Case(
        "S3_ACL_PRIVATE",
        GRANT,
        (),
        (_push('"READ"', '"FULL_CONTROL"'), _push('"b"', '"c"'), _push("AllUsers", "AuthenticatedUsers")),
    ),
    "what an old grant gives": Case(
        "S3_ACL_PRIVATE",
        OLD_GRANT,
        (),
        (
            _push('"READ"', '"FULL_CONTROL"', '"WRITE"', '"READ"'),
            _push('"WRITE"]', '"WRITE", "READ_ACP"]'),
            _push('"b"', '"c"'),
        ),
    ),
    "what a method logs": Case(
        "APIGW_LOGGING",
        LOGGED,
        (_push("burst_limit = 1", "burst_limit = 2"),),
        (_push('"OFF"', '"INFO"'), _push('"a"', '"b"'), _push("x/GET", "x/POST")),
    ),
    "a file with a secret": Case(
        "CODE_SECRETS",
        'resource "local_file" "f" {\n  filename = "f"\n  file_permission = "0600"\n'
        '  content = "password = Sup3rS3cret2024!x"\n}\n',
        (),
        (_push("0600", "0640"), _push('"f"\n', '"g"\n'), _push("2024!x", "2025!y")),
    ),
    "a copy of a table": Case(
        "DYNAMODB_CMK",
        TABLE,
        (_push("EVENTUAL", "STRONG"),),
        (_push("eu-west-3", "eu-west-1"), _push('"t"\n', '"u"\n')),
    ),
    "the image of a machine": Case(
        "PUBLIC_IP",
        LAUNCH,
        (_push("ami-1", "ami-2"), _push("t3.micro", "t3.large"), _push('"sg-1"', '"sg-1", "sg-2"')),
        (_push('"l"\n', '"m"\n'),),
    ),
    "the subnets of a balancer": Case(
        "ELB_HTTPS",
        BALANCER,
        (_push('"subnet-1"', '"subnet-1", "subnet-2"'),),
        (_push('"l"\n', '"m"\n'), _push("  listener", LISTENER)),
    ),
    "a method": Case(
        "APIGW_AUTHORISED",
        METHOD,
        (),
        (_push("GET", "DELETE"), _push('"r"', '"s"'), _push('= "a"', '= "b"')),
    ),
    "who holds a policy": Case("ADMIN_ATTACHED", ATTACHED, (), (_push('"ada"', '"ada", "bo"'), _push('"ada"', '"bo"'))),
}


def _failures(found: Scan, root: str) -> dict[tuple[str, str], list[str]]:
    failed = (line for line in found.of("record", root) if line["result"] == "FAILED")
    return {(line["address"].rpartition("/")[2], line["check"]): line["grounds"] for line in failed}


def _roots() -> Iterator[tuple[str, str, str, Push]]:
    """Yield a root for each case as it was, and for each push."""
    for number, (name, case) in enumerate(CASES.items()):
        pushes = {"was": [()], "quiet": case.quiet, "heard": case.heard}
        for kind, each in pushes.items():
            yield from ((f"r{number}-{kind}{which}", kind, name, push) for which, push in enumerate(each))


def _code(case: Case, push: Push) -> str:
    code = case.code
    for old, new in push:
        assert old in code, (old, code)
        code = code.replace(old, new, 1)
    return code if case.file.endswith(".yaml") or 'provider "aws"' in code else PROVIDER + code


@pytest.fixture(scope="module")
def pushed(tmp_path_factory: pytest.TempPathFactory) -> Scan:
    folder = tmp_path_factory.mktemp("pushed")
    roots = list(_roots())
    write(folder, [(f"{root}/{CASES[name].file}", _code(CASES[name], push)) for root, _, name, push in roots])
    kinds = {name: "cloudformation" if case.file.endswith(".yaml") else "terraform" for name, case in CASES.items()}
    ends = {case.checks for case in CASES.values()}
    rules = {id_: rule for id_, rule in bundled().code_rules.items() if any(end in id_ for end in ends)}
    job = IacJob(
        folder,
        tuple(IacRoot(root, kinds[name]) for root, _, name, _ in roots),
        frozenset(rules),
        tuple(rendered(rule, PARAMS, bundled().reference) for rule in rules.values()),
        documents=bundled().documents,
        standing=bundled().namings.standing,
    )
    return Scan(folder / "snapshot", scan(job, folder / "snapshot"))


@pytest.mark.parametrize("name", CASES)
def test_a_failure_is_new_if_what_it_rests_on_changes_and_only_then(pushed: Scan, name: str) -> None:
    roots = [(root, kind, push) for root, kind, case, push in _roots() if case == name]
    then = {key: at for key, at in _failures(pushed, roots[0][0]).items() if CASES[name].checks in key[1]}
    assert then
    wrong = []
    for root, kind, push in roots[1:]:
        now = {key: at for key, at in _failures(pushed, root).items() if CASES[name].checks in key[1]}
        new = [key for key, at in now.items() if key not in then or not is_known(at, then[key])]
        if not now or bool(new) != (kind == "heard"):
            wrong.append((kind, push, new or sorted(now)))
    assert wrong == []
