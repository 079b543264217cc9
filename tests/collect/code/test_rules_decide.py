"""What rules of our own decide where the code leaves a value open: a condition that no case hides, and no more."""

from __future__ import annotations

from itertools import product

import pytest

from collect.code.conftest import Scanner
from content_copy import bundled
from preuve.library.validation.code.code_rules import rendered

_ZONES, _ROUTES = "CKV2_PREUVE_COMPUTE_ZONES", "CKV2_PREUVE_APIGW_AUTHORISED"
_COPIES = "CKV2_PREUVE_BACKUP_COPY_ARN"


def _copies(*vaults: str) -> str:
    actions = "".join(f"    copy_action {{\n      destination_vault_arn = {vault}\n    }}\n" for vault in vaults)
    return f'name = "p"\n  rule {{\n    rule_name = "r"\n    target_vault_name = "v"\n{actions}  }}'


_HERE, _THERE = '"arn:aws:backup:eu-west-3:1:backup-vault:v"', '"arn:aws:backup:us-east-1:1:backup-vault:v"'
# By the name of the block: its type, its arguments, and what the rule says of it.
_BLOCKS: dict[str, dict[str, tuple[str, str, str]]] = {
    _COPIES: {},
    _ZONES: {
        "list": ("aws_lb", "subnets = var.x", "UNKNOWN"),  # on an Outpost and in a Local Zone, AWS takes one
        "two": ("aws_lb", "subnets = [var.x, var.y]", "UNKNOWN"),
        "alias": ("aws_alb", 'load_balancer_type = "application"\n  subnets = var.x', "UNKNOWN"),
        "one_of_any": ("aws_lb", "subnets = [var.x]", "UNKNOWN"),
        "first_of_any": ("aws_lb", "subnets = slice(var.x, 0, 1)", "UNKNOWN"),
        "either_of_one": ("aws_lb", 'subnets = var.y == "a" ? ["s-1"] : ["s-2"]', "UNKNOWN"),
        "one": ("aws_lb", 'subnets = ["subnet-1"]', "FAILED"),
        "network": ("aws_lb", 'load_balancer_type = "network"\n  subnets = var.x', "UNKNOWN"),
        "gateway": ("aws_lb", 'load_balancer_type = "gateway"\n  subnets = var.x', "UNKNOWN"),
        "any": ("aws_lb", "load_balancer_type = var.y\n  subnets = var.x", "UNKNOWN"),
        "outpost": ("aws_lb", 'customer_owned_ipv4_pool = "p"\n  subnets = var.x', "UNKNOWN"),
        "classic": ("aws_elb", "subnets = var.x", "UNKNOWN"),
        "group": ("aws_autoscaling_group", "vpc_zone_identifier = var.x", "UNKNOWN"),
    },
    _ROUTES: {
        "message": ("aws_apigatewayv2_route", 'api_id = var.x\n  route_key = "list"', ""),
        "message_of_a_text": ("aws_apigatewayv2_route", 'api_id = "a1b2"\n  route_key = "sendMessage"', ""),
        "default": ("aws_apigatewayv2_route", 'api_id = var.x\n  route_key = "$default"', "UNKNOWN"),
        "default_none": (
            "aws_apigatewayv2_route",
            'api_id = "a1b2"\n  route_key = "$default"\n  authorization_type = "NONE"',
            "UNKNOWN",
        ),
        "default_asks": (
            "aws_apigatewayv2_route",
            'api_id = var.x\n  route_key = "$default"\n  authorization_type = "JWT"',
            "PASSED",
        ),
        "of_http": ("aws_apigatewayv2_route", 'api_id = aws_apigatewayv2_api.h.id\n  route_key = "$default"', "FAILED"),
        "of_socket": ("aws_apigatewayv2_route", 'api_id = aws_apigatewayv2_api.s.id\n  route_key = "$default"', ""),
        "connects": ("aws_apigatewayv2_route", 'api_id = var.x\n  route_key = "$connect"', "FAILED"),
        "method": ("aws_apigatewayv2_route", 'api_id = var.x\n  route_key = "GET /a"', "FAILED"),
    },
}
_BLOCKS[_COPIES].update(
    {
        name: ("aws_backup_plan", _copies(*vaults), result)
        for name, vaults, result in (
            ("none", (), ""),
            ("allowed", (_HERE,), "PASSED"),
            ("abroad", (_THERE,), "FAILED"),
            ("one_abroad", (_HERE, _THERE), "FAILED"),
            ("one_of_any", (_HERE, "var.x"), "UNKNOWN"),
            ("of_any_account", ('"arn:aws:backup:us-east-1:${var.x}:backup-vault:v"',), "FAILED"),
            ("of_any_region", ('"arn:aws:backup:${var.x}:1:backup-vault:v"',), "UNKNOWN"),
            ("made", ("aws_backup_vault.here.arn",), ""),  # another rule is about it
            ("made_and_abroad", ("aws_backup_vault.here.arn", _THERE), "FAILED"),
            ("made_and_allowed", ("aws_backup_vault.here.arn", _HERE), "UNKNOWN"),
            ("looked_up", ("data.aws_backup_vault.d.arn",), "UNKNOWN"),
        )
    }
)
_BESIDE = """
resource "aws_backup_vault" "here" { name = "here" }
data "aws_backup_vault" "d" { name = "d" }
variable "x" {}
variable "y" {}
resource "aws_apigatewayv2_api" "h" {
  name          = "h"
  protocol_type = "HTTP"
}
resource "aws_apigatewayv2_api" "s" {
  name          = "s"
  protocol_type = "WEBSOCKET"
}
"""


@pytest.mark.parametrize("rule", _BLOCKS)
def test_a_rule_decides_what_the_code_settles(scan_files: Scanner, rule: str) -> None:
    blocks = [f'resource "{kind}" "{name}" {{\n  {text}\n}}\n' for name, (kind, text, _) in _BLOCKS[rule].items()]
    found = scan_files(
        {"infra/main.tf": _BESIDE + "".join(blocks)},
        checks=frozenset({rule}),
        rules=(rendered(bundled().code_rules[rule], {"allowed_regions": ["eu-west-3"]}, bundled().reference),),
    )
    results = {line["address"].rpartition(".")[2]: line["result"] for line in found.of("record", "infra")}
    assert {name: results.get(name, "") for name in _BLOCKS[rule]} == {
        name: result for name, (_, _, result) in _BLOCKS[rule].items()
    }
    if rule == _ROUTES:  # what its API is besides is no cause of its failure
        method = found.record("infra", "aws_apigatewayv2_route.method", rule)
        assert not {"api_id", "route_key"} & method["values"].keys()


_ROUTE = "{Type: AWS::ApiGatewayV2::Route, Properties: {%s}}"
_OF_A_TEMPLATE = {
    "OfSocket": ("ApiId: !Ref S, RouteKey: $default, AuthorizationType: NONE", ""),
    "OfSocketUnset": ("ApiId: !Ref S, RouteKey: $default", ""),
    "Connects": ("ApiId: !Ref S, RouteKey: $connect", "FAILED"),
    "OfHttp": ("ApiId: !Ref H, RouteKey: $default, AuthorizationType: NONE", "FAILED"),
    "OfAny": ("ApiId: a1b2, RouteKey: $default, AuthorizationType: NONE", "UNKNOWN"),
    "Message": ("ApiId: a1b2, RouteKey: list", ""),
    "Method": ("ApiId: a1b2, RouteKey: GET /a", "FAILED"),
}


def test_a_route_of_a_template_is_judged_as_one_of_terraform(scan_files: Scanner) -> None:
    resources = {name: _ROUTE % text for name, (text, _) in _OF_A_TEMPLATE.items()}
    apis = {"S": "WEBSOCKET", "H": "HTTP"}
    resources |= {
        name: f"{{Type: AWS::ApiGatewayV2::Api, Properties: {{Name: a, ProtocolType: {of}}}}}"
        for name, of in apis.items()
    }
    found = scan_files(
        {"infra/t.yaml": "Resources:\n" + "".join(f"  {name}: {text}\n" for name, text in resources.items())},
        kind="cloudformation",
        checks=frozenset({_ROUTES}),
        rules=(rendered(bundled().code_rules[_ROUTES], {}, bundled().reference),),
    )
    results = {line["address"].rpartition(".")[2]: line["result"] for line in found.of("record", "infra")}
    assert {name: results.get(name, "") for name in _OF_A_TEMPLATE} == {
        name: result for name, (_, result) in _OF_A_TEMPLATE.items()
    }


def _babelfish(status: str, tls: str, family: str) -> str:
    """What the rule says of a cluster that takes TLS alone on the port of PostgreSQL."""
    if status.lower() in ('"off"', '"datatypesonly"', "") or tls.lower() in ('"1"', '"on"', '"true"'):
        return "PASSED"
    return "UNKNOWN" if "var.x" in (status, tls) or family.endswith("17") else "FAILED"


def test_babelfish_is_asked_for_tls_on_the_port_that_it_opens(scan_files: Scanner) -> None:
    """As the account asks it: the setting of PostgreSQL's port says nothing of the other one."""
    rule, blocks, wanted = "CKV2_PREUVE_RDS_TLS", ['variable "x" {}\n'], {}
    statuses = ("", '"off"', '"OFF"', '"datatypesonly"', '"on"', '"On"', "var.x")
    families = ("aurora-postgresql13", "aurora-postgresql16", "aurora-postgresql17")
    for number, (status, tls, family) in enumerate(product(statuses, ("", '"0"', '"1"', '"ON"', "var.x"), families)):
        values = {"rds.force_ssl": '"1"', "rds.babelfish_status": status, "babelfishpg_tds.tds_ssl_encrypt": tls}
        parameters = "".join(
            f'  parameter {{\n    name = "{k}"\n    value = {v}\n  }}\n' for k, v in values.items() if v
        )
        blocks.append(
            f'resource "aws_rds_cluster_parameter_group" "c{number}" {{\n  family = "{family}"\n{parameters}}}\n'
            f'resource "aws_rds_cluster" "c{number}" {{\n  engine = "aurora-postgresql"\n'
            f"  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.c{number}.name\n}}\n"
        )
        wanted[f"c{number}"] = _babelfish(status, tls, family)
    found = scan_files(
        {"infra/main.tf": "".join(blocks)},
        checks=frozenset({rule}),
        rules=(rendered(bundled().code_rules[rule], {}, bundled().reference),),
    )
    assert {line["address"].rpartition(".")[2]: line["result"] for line in found.of("record", "infra")} == wanted
