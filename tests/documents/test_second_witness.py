"""Who is let in and what is denied, against a second evaluator that runs requests one by one, as AWS's logic has it:

docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html

It knows a few requests by name: it shows that a document is open, or that something is not denied, never the reverse.
"""

from __future__ import annotations

import fnmatch
import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from preuve.documents import audience, denials
from preuve.documents.document import read

OWN, OTHER, NOBODY = "123456789012", "999999999999", "777777777777"
ORG, OTHER_ORG, NO_ORG = "o-abcdefghij", "o-stranger001", "o-nobody000000"
Context = Mapping[str, str]
# Of the bucket that is asked for, whose account is in an organisation or in none, and of every request.
NOW = {"aws:resourceaccount": OWN, "aws:currenttime": "2027-01-01T00:00:00Z"}
RESOURCES = [NOW | {"aws:resourceorgid": ORG}, NOW]


@dataclass(frozen=True)
class Request:
    """A request: its caller and its context. `account` is "" for a caller without credentials."""

    account: str
    service: bool
    context: Context


def by_principals(account: str, org: str) -> Iterator[Request]:
    names = [f"arn:aws:iam::{account}:role/{name}" for name in ("app", "x/y")]
    for arn, address, tls, vpce, in_org, resource in product(
        *(names, ("8.8.8.8", "150.1.1.1"), ("true", "false"), ("", "vpce-0123456789abcdef0"), (True, False), RESOURCES)
    ):
        sent = {
            **resource,
            "aws:principalaccount": account,
            "aws:principalarn": arn,
            "aws:userid": f"AROA{account}EXAMPLE:session",
            "aws:principalorgid": org if in_org else "",
            "aws:sourceip": "" if vpce else address,
            "aws:sourcevpce": vpce,
            "aws:securetransport": tls,
            "aws:principalisawsservice": "false",
        }
        yield Request(account, False, {name: value for name, value in sent.items() if value})


def by_service(account: str, org: str) -> Iterator[Request]:
    arns = (f"arn:aws:sns:eu-west-3:{account}:t", "arn:aws:s3:::nobodys-bucket", "")
    for arn, address, tells, resource in product(arns, ("8.8.8.8", ""), (True, False), RESOURCES):
        sent = {
            **resource,
            "aws:principalaccount": "000000000000",
            "aws:userid": "AIDAOFASERVICEEXAMPLE",
            "aws:sourcearn": arn,
            "aws:sourceaccount": account if tells else "",
            "aws:sourceorgid": org if tells else "",
            "aws:sourceip": address,
            "aws:securetransport": "true",
            "aws:principalisawsservice": "true",
        }
        yield Request(account, True, {name: value for name, value in sent.items() if value})


NOBODYS = {"aws:principalaccount": "anonymous", "aws:userid": "anonymous"}
UNSIGNED = [
    Request("", False, {**NOBODYS, **resource, "aws:sourceip": address, "aws:securetransport": tls})
    for address, tls, resource in product(("8.8.8.8", "150.1.1.1"), ("true", "false"), RESOURCES)
]
UNNAMED = [*by_principals(NOBODY, NO_ORG), *UNSIGNED]
STRANGERS = [*UNNAMED, *by_principals(OTHER, OTHER_ORG)]
BEHIND_SERVICE = list(by_service(NOBODY, NO_ORG))
ALL = [*STRANGERS, *by_principals(OWN, ORG), *BEHIND_SERVICE, *by_service(OWN, ORG)]

# ---- the evaluator --------------------------------------------------------------------------------


def meets_all(conditions: Mapping[str, Mapping[str, list[str]]], context: Context, *, variables: bool) -> bool:
    return all(
        meets(operator, [filled(value, context) if variables else value for value in values], context.get(key.lower()))
        for operator, keys in conditions.items()
        for key, values in keys.items()
    )


def meets(operator: str, values: list[str | None], sent: str | None) -> bool:
    """Whether a condition matches. Keys have one value, so a set of one value represents it."""
    base = operator.removeprefix("ForAllValues:").removeprefix("ForAnyValue:").removesuffix("IfExists")
    if base == "Null":
        return str(sent is None).lower() in [str(value).lower() for value in values]
    if sent is None:
        negated = "Not" in base and not operator.startswith("ForAnyValue:")
        return negated or operator.endswith("IfExists") or operator.startswith("ForAllValues:")
    hit = any(value is not None and same(base.replace("Not", ""), value, sent) for value in values)
    return hit is not ("Not" in base)


VARIABLE = re.compile(r"\$\{([^},]*)(?:, *'([^']*)')?\}")


def filled(value: str, context: Context) -> str | None:
    """Return a value with its variables replaced, by their default where none is sent; None if there is none either."""
    found = [context.get(match[1].lower(), match[2]) for match in VARIABLE.finditer(value)]
    if None in found:
        return None
    parts = iter(found)
    return VARIABLE.sub(lambda _: str(next(parts)), value)


def same(base: str, value: str, sent: str) -> bool:
    match base:
        case "DateLessThan":
            return sent < value
        case "DateGreaterThan":
            return sent > value
        case "IpAddress":
            return ipaddress.ip_address(sent) in ipaddress.ip_network(value, strict=False)
        case "StringEquals":
            return value == sent
        case "StringEqualsIgnoreCase" | "Bool":
            return value.lower() == sent.lower()
    return fnmatch.fnmatchcase(sent, value.replace("[", "[[]"))


def speaks_of(principal: Any, request: Request) -> bool:
    named = {"AWS": principal} if isinstance(principal, str) else principal
    if request.service:
        return "Service" in named or named.get("AWS") == "*"
    return named.get("AWS") == "*" or (bool(request.account) and request.account in str(named.get("AWS", "")))


def applies(statement: Mapping[str, Any], request: Request, *, variables: bool) -> bool:
    if "*" in statement.get("NotAction", ()):
        return False
    spoken = (
        not speaks_of(statement["NotPrincipal"], request)
        if "NotPrincipal" in statement
        else speaks_of(statement["Principal"], request)
    )
    return spoken and meets_all(statement.get("Condition", {}), request.context, variables=variables)


def said(document: Mapping[str, Any], effect: str, request: Request) -> bool:
    variables = document.get("Version") == "2012-10-17"
    return any(one["Effect"] == effect and applies(one, request, variables=variables) for one in document["Statement"])


# ---- documents --------------------------------------------------------------------------------

VALUES = {
    "aws:PrincipalAccount": [OWN, OTHER, "*", "anonymous", "${aws:PrincipalAccount}", "${aws:ResourceAccount}"],
    "aws:userid": ["AROAEXAMPLEEXAMPLE123:*", "anonymous", "*"],
    "aws:ResourceAccount": [OWN, OTHER, "${aws:PrincipalAccount}", "${aws:SourceAccount}"],
    "aws:ResourceOrgID": [ORG, "${aws:PrincipalOrgID}", "${aws:PrincipalOrgID, 'o-abcdefghij'}"],
    "aws:CurrentTime": ["2020-01-01T00:00:00Z", "2126-01-01T00:00:00Z"],
    "aws:PrincipalArn": [f"arn:aws:iam::{OWN}:role/*", "arn:aws:iam::*:role/app", "arn:aws:iam::*:role/*", "*"],
    "aws:PrincipalOrgID": [ORG, OTHER_ORG, "o-*", "${aws:PrincipalOrgID}", "${aws:ResourceOrgID, 'o-stranger001'}"],
    "aws:SourceIp": ["51.15.10.20/32", "10.0.0.0/8", "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1"],
    "aws:SourceVpce": ["vpce-1a2b3c4d", "vpce-*", "*"],
    "aws:SecureTransport": ["true", "false"],
    "aws:PrincipalIsAWSService": ["true", "false"],
    "aws:SourceArn": [f"arn:aws:sns:*:{OWN}:*", "arn:aws:s3:::data", "arn:aws:s3:::*", "*"],
    "aws:SourceAccount": [OWN, OTHER, "*"],
    "aws:SourceOrgID": [ORG, "o-*"],
}
TEXTS = [
    *("StringEquals", "StringEqualsIgnoreCase", "StringLike", "StringNotEquals", "StringNotLike"),
    *("StringEqualsIfExists", "StringLikeIfExists", "StringNotEqualsIfExists"),
    *("ForAllValues:StringLike", "ForAnyValue:StringLike", "ForAllValues:StringEquals", "ForAnyValue:StringEquals"),
]
OPERATORS = {
    "aws:CurrentTime": ["DateLessThan", "DateGreaterThan"],
    "aws:SourceIp": ["IpAddress", "NotIpAddress", "IpAddressIfExists"],
    "aws:PrincipalArn": ["ArnLike", "ArnNotLike", "ArnEquals", *TEXTS],
    "aws:SourceArn": ["ArnLike", "ArnNotLike", "ArnLikeIfExists", *TEXTS],
    "aws:SecureTransport": ["Bool", "BoolIfExists"],
    "aws:PrincipalIsAWSService": ["Bool", "BoolIfExists"],
}


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for key in draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=3)):
        operator = draw(st.sampled_from([*OPERATORS.get(key, TEXTS), "Null"]))
        values = ["true", "false"] if operator == "Null" else VALUES[key]
        found.setdefault(operator, {})[key] = draw(st.lists(st.sampled_from(values), min_size=1, max_size=2))
    return found


PRINCIPALS = st.sampled_from(
    [
        {"Principal": "*"},
        {"Principal": {"AWS": "*"}},
        {"Principal": {"Service": "sns.amazonaws.com"}},
        {"Principal": {"AWS": f"arn:aws:iam::{OWN}:root"}},
        {"Principal": {"AWS": f"arn:aws:iam::{OTHER}:role/app"}},
        {"NotPrincipal": {"AWS": f"arn:aws:iam::{OWN}:root"}},
    ]
)
STATEMENTS = st.builds(
    lambda effect, who, what, asked: {"Effect": effect, **who, **what, "Resource": "*", "Condition": asked},
    st.sampled_from(["Allow", "Deny"]),
    PRINCIPALS,
    st.sampled_from([{"Action": "s3:*"}, {"Action": "s3:*"}, {"NotAction": ["s3:PutObject"]}, {"NotAction": ["*"]}]),
    conditions(),
)
DOCUMENTS = st.builds(
    lambda version, each: {"Version": version, "Statement": each},
    st.sampled_from(["2012-10-17", "2012-10-17", "2008-10-17"]),
    st.lists(STATEMENTS, min_size=1, max_size=2),
)


@settings(max_examples=300, deadline=None)
@given(DOCUMENTS)
def test_every_principal_that_gets_access_is_found(document: dict[str, Any]) -> None:
    allowed = {**document, "Statement": [one for one in document["Statement"] if one["Effect"] == "Allow"]}
    parsed = read(document)
    wide = {**allowed, "Statement": [one for one in allowed["Statement"] if OTHER not in str(one.get("Principal"))]}
    if any(said(wide, "Allow", one) for one in UNNAMED):
        assert audience.opens_to_everyone(parsed).value is not False
    if any(said(allowed, "Allow", one) for one in BEHIND_SERVICE):
        assert audience.opens_wide(parsed).value is not False
    if any(said(allowed, "Allow", one) for one in STRANGERS):
        assert audience.opens_to_strange_accounts(parsed, [OWN, ORG]).value is not False


@settings(max_examples=200, deadline=None)
@given(DOCUMENTS, st.sampled_from(["true", "false"]))
def test_a_denial_for_everyone_denies_each_principal(document: dict[str, Any], tls: str) -> None:
    sent = {"aws:SecureTransport": [tls]}
    answer = denials.denies(read(document), ["s3:*"], "arn:aws:s3:::data/any", sent).value
    if answer is True:
        asked = [one for one in ALL if one.context.get("aws:securetransport") == tls]
        assert all(said(document, "Deny", one) for one in asked)
