"""AWS's documentation of policies, case by case, with the page of each."""

from __future__ import annotations

from typing import Any

import pytest

from content_copy import bundled
from documents.strangers import opens_to_strangers
from preuve.documents import audience, denials, grants
from preuve.documents.document import Unknown, read

IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"
BLOCK = f"{S3}access-control-block-public-access.html"
KEYS = f"{IAM}reference_policies_condition-keys.html"
OPERATORS = f"{IAM}reference_policies_elements_condition_operators.html"
MANY = f"{IAM}reference_policies_condition-single-vs-multi-valued-context-keys.html"
PRINCIPAL = f"{IAM}reference_policies_elements_principal.html"
DEPUTY = f"{IAM}confused-deputy.html"
SHARED = f"{IAM}id_roles_providers_oidc_secure-by-default.html"
VERSION = f"{IAM}reference_policies_elements_version.html"
VARIABLES = f"{IAM}reference_policies_variables.html"
ME = "111122223333"
ORG = "o-a1b2c3d4e5"
GITHUB = f"arn:aws:iam::{ME}:oidc-provider/token.actions.githubusercontent.com"
EKS = f"arn:aws:iam::{ME}:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/A"


def policy(principal: Any = "*", condition: Any = None, **parts: Any) -> Any:
    who = {"Principal": principal} if "NotPrincipal" not in parts else {}
    statement = {"Effect": "Allow", "Action": "s3:GetObject", **who, "Condition": condition or {}, **parts}
    return {"Version": "2012-10-17", "Statement": [statement]}


def older(condition: Any) -> Any:
    """A document of the version before there were variables."""
    return policy(condition=condition) | {"Version": "2008-10-17"}


OWN = f"{IAM}id_roles_providers_create_oidc.html"


def own_idp(issuer: str, audience: str) -> Any:
    provider = f"arn:aws:iam::{ME}:oidc-provider/{issuer}"
    return policy({"Federated": provider}, {"StringEquals": {f"{issuer}:aud": audience}})


PODS = "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/"
CLAIMS = f"{IAM}reference_policies_iam-condition-keys.html"


def google(claim: str, value: str) -> Any:
    return policy({"Federated": "accounts.google.com"}, {"StringEquals": {f"accounts.google.com:{claim}": value}})


WIDE = [
    (BLOCK, "a fixed principal", policy({"AWS": f"arn:aws:iam::{ME}:role/JohnDoe"}), False),
    (BLOCK, "a fixed VPC", policy(condition={"StringEquals": {"aws:SourceVpc": "vpc-91237329"}}), False),
    (BLOCK, "a pattern of VPCs", policy(condition={"StringLike": {"aws:SourceVpc": "vpc-*"}}), True),
    (BLOCK, "a set of addresses", policy(condition={"IpAddress": {"aws:SourceIp": "1.2.3.4/32"}}), False),
    (BLOCK, "an account", policy(condition={"StringEquals": {"aws:SourceAccount": ME}}), False),
    (BLOCK, "a session of a role", policy(condition={"StringLike": {"aws:userid": "AROAEXAMPLEID12345678:*"}}), False),
    (
        BLOCK,
        "access points of an account, whatever their name",
        policy(condition={"ArnLike": {"s3:DataAccessPointArn": f"arn:aws:s3:us-west-2:{ME}:accesspoint/*"}}),
        False,
    ),
    (PRINCIPAL, "everyone in two spellings", policy({"AWS": "*"}), True),
    (PRINCIPAL, "everyone but one", policy(NotPrincipal={"AWS": ME}), True),
    (PRINCIPAL, "the unique id of who was deleted", policy({"AWS": "AIDACKCEVSQ6C2EXAMPLE"}), False),
    (PRINCIPAL, "a denied principal", policy(Effect="Deny"), False),
    (KEYS, "the organisation", policy(condition={"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}), False),
    (KEYS, "any organisation", policy(condition={"StringLike": {"aws:PrincipalOrgID": "o-*"}}), True),
    (
        OPERATORS,
        "an id with a star, which none has",
        policy(condition={"StringEquals": {"aws:PrincipalOrgID": "*"}}),
        False,
    ),
    (
        OPERATORS,
        "an account with a star, whatever its case",
        policy(condition={"StringEqualsIgnoreCase": {"aws:PrincipalAccount": "????????????"}}),
        False,
    ),
    (
        OPERATORS,
        "a star that a variable stands for is none either",
        policy(condition={"StringLike": {"aws:PrincipalOrgID": "${*}"}}),
        False,
    ),
    (
        OPERATORS,
        "every role, taken by its letters",
        policy(condition={"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}}),
        False,
    ),
    (
        OPERATORS,
        "every role, as a pattern of ARNs",
        policy(condition={"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}}),
        True,
    ),
    *(
        (OPERATORS, f"{operator} on {pattern}", policy(condition={operator: {"aws:PrincipalArn": pattern}}), wide)
        for operator, pattern, wide in (
            ("StringLike", f"arn:*:iam::{ME}:role/x", True),
            ("StringLike", f"arn:aws:*::{ME}:role/*", True),
            ("StringLike", f"arn:*:*:*:{ME}:*", True),
            ("StringLike", f"arn:aws:iam:*:{ME}:user/x", True),
            ("StringLike", f"arn:aws-*:iam::{ME}:role/x", True),
            ("StringLike", f"arn:{'?' * 40}:iam::{ME}:role/x", True),
            ("StringLike", f"*:{ME}:role/x", True),
            ("StringLike", "arn:aws:iam::*:role/x", True),
            ("StringLike", "*role/x", True),
            # Neither root nor the name behind a path holds a colon.
            ("StringLike", f"arn:*:iam::{ME}:root", False),
            ("StringLike", f"arn:???:iam::{ME}:role/x", False),
            ("StringLike", f"arn:aws:iam::{ME}:*", False),
            ("StringLike", f"arn:aws:iam::{ME}*", False),
            ("StringEquals", f"arn:*:iam::{ME}:role/x", False),
            ("ArnLike", f"arn:*:*:*:{ME}:*", False),
            ("ArnEquals", f"arn:*:iam::{ME}:role/*", False),
            ("ArnLike", "arn:*:iam::*:role/x", True),
        )
    ),
    (
        VARIABLES,
        "one's own account",
        policy(condition={"StringEquals": {"aws:PrincipalAccount": "${aws:PrincipalAccount}"}}),
        True,
    ),
    (
        KEYS,
        "a path of the organisation",
        policy(
            condition={"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": ["o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*"]}}
        ),
        False,
    ),
    (
        MANY,
        "a path, or none at all",
        policy(condition={"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": ["o-a1b2c3d4e5/*"]}}),
        True,
    ),
    (KEYS, "addresses within any VPC", policy(condition={"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}}), True),
    (KEYS, "a tag that anybody may set", policy(condition={"StringEquals": {"aws:PrincipalTag/a": "b"}}), True),
    (
        KEYS,
        "a header that anybody may send",
        policy(condition={"StringLike": {"aws:Referer": "https://a.example/*"}}),
        True,
    ),
    (KEYS, "services, for whom it may be", policy(condition={"Bool": {"aws:PrincipalIsAWSService": "true"}}), True),
    (OPERATORS, "only if it is sent", policy(condition={"StringEqualsIfExists": {"aws:PrincipalOrgID": ORG}}), True),
    (KEYS, "always sent", policy(condition={"StringEqualsIfExists": {"aws:PrincipalAccount": ME}}), False),
    (
        KEYS,
        "always sent, as a set",
        policy(condition={"ForAllValues:StringEquals": {"aws:PrincipalAccount": ME}}),
        False,
    ),
    (KEYS, "nobody without an account", policy(condition={"Null": {"aws:PrincipalAccount": "true"}}), False),
    (
        KEYS,
        "always sent, by an id",
        policy(condition={"StringLikeIfExists": {"aws:userid": "AROAEXAMPLEID12345678:*"}}),
        False,
    ),
    (KEYS, "whoever signs nothing", policy(condition={"StringEquals": {"aws:PrincipalAccount": "anonymous"}}), True),
    (
        KEYS,
        "one account, and whoever signs nothing",
        policy(condition={"StringEquals": {"aws:PrincipalAccount": [ME, "anonymous"]}}),
        True,
    ),
    (KEYS, "an id of whoever signs nothing", policy(condition={"StringLike": {"aws:userid": "anonymous"}}), True),
    (DEPUTY, "an account of that name", policy(condition={"StringEquals": {"aws:SourceAccount": "anonymous"}}), False),
    (
        VERSION,
        "one's own organisation, in letters",
        older({"StringEquals": {"aws:PrincipalOrgID": "${aws:PrincipalOrgID}"}}),
        False,
    ),
    (VERSION, "any organisation, in the older version", older({"StringLike": {"aws:PrincipalOrgID": "o-*"}}), True),
    (
        VERSION,
        "an owner in letters",
        older({"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}),
        False,
    ),
    (PRINCIPAL, "no action", policy(Action=[]), False),
    (PRINCIPAL, "all actions but all", policy(Action=None, NotAction=["s3:*", "*"]), False),
    (PRINCIPAL, "all actions but some", policy(Action=None, NotAction="s3:*"), True),
    (PRINCIPAL, "all resources but all", policy(NotResource="**"), False),
    (PRINCIPAL, "all resources but one", policy(NotResource="arn:aws:s3:::data/*"), True),
    (OPERATORS, "all but all", policy(condition={"StringNotLike": {"aws:PrincipalAccount": ["x", "*"]}}), False),
    (OPERATORS, "who has no ARN", policy(condition={"ArnNotLike": {"aws:PrincipalArn": "*"}}), True),
    (OPERATORS, "all but one", policy(condition={"StringNotEquals": {"aws:PrincipalAccount": ME}}), True),
    (OPERATORS, "who sends no organisation", policy(condition={"Null": {"aws:PrincipalOrgID": "true"}}), True),
    (OPERATORS, "who sends one", policy(condition={"Null": {"aws:PrincipalOrgID": "false"}}), True),
    (OPERATORS, "a key that is always sent", policy(condition={"Null": {"aws:SecureTransport": "true"}}), False),
    (
        OPERATORS,
        "all conditions must hold",
        policy(condition={"Bool": {"aws:SecureTransport": "true"}, "StringEquals": {"aws:PrincipalAccount": ME}}),
        False,
    ),
    (
        OPERATORS,
        "one of the values suffices",
        policy(condition={"StringLike": {"aws:PrincipalAccount": [ME, "*"]}}),
        True,
    ),
    (
        OPERATORS,
        "no wildcard goes beyond a colon of an ARN",
        policy(condition={"ArnLike": {"aws:SourceArn": f"arn:aws:*:*:{ME}:*"}}),
        False,
    ),
    (
        VARIABLES,
        "compared with itself",
        policy(condition={"StringEquals": {"aws:PrincipalOrgID": "${aws:PrincipalOrgID}"}}),
        True,
    ),
    (
        KEYS,
        "the organisation of the resource",
        policy(condition={"StringEquals": {"aws:PrincipalOrgID": "${aws:ResourceOrgID}"}}),
        False,
    ),
    (DEPUTY, "a service", policy({"Service": "cloudtrail.amazonaws.com"}), True),
    (
        DEPUTY,
        "a service for one trail",
        policy(
            {"Service": "cloudtrail.amazonaws.com"},
            {"StringEquals": {"aws:SourceArn": f"arn:aws:cloudtrail:eu-west-1:{ME}:trail/main"}},
        ),
        False,
    ),
    (
        DEPUTY,
        "a service for one organisation",
        policy({"Service": "events.amazonaws.com"}, {"StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"}}),
        False,
    ),
    (
        DEPUTY,
        "a service for trails of any account",
        policy(
            {"Service": "cloudtrail.amazonaws.com"}, {"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:*:trail/*"}}
        ),
        True,
    ),
    (
        DEPUTY,
        "what only looks like an ARN, of which a wildcard goes over the colons",
        policy({"Service": "sns.amazonaws.com"}, {"StringLike": {"aws:SourceArn": f"arn:aws:*:{ME}:function:x"}}),
        True,
    ),
    (
        KEYS,
        "the organisation that the resource is of, written from its side",
        policy(condition={"StringEquals": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}}),
        False,
    ),
    (
        KEYS,
        "the account that the resource is of, written from its side",
        policy(condition={"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}),
        False,
    ),
    (
        KEYS,
        "the account that the resource is of, or any where nothing is told",
        policy(condition={"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount, '111122223333'}"}}),
        True,
    ),
    (KEYS, "the owner by its number", policy(condition={"StringEquals": {"aws:ResourceAccount": ME}}), True),
    (
        DEPUTY,
        "a service for the owner, written from its side",
        policy({"Service": "sns.amazonaws.com"}, {"StringEquals": {"aws:ResourceAccount": "${aws:SourceAccount}"}}),
        False,
    ),
    (
        KEYS,
        "a VPC of an account",
        policy(condition={"ArnEquals": {"aws:SourceVpcArn": f"arn:aws:ec2:eu-west-3:{ME}:vpc/vpc-91237329"}}),
        False,
    ),
    (
        DEPUTY,
        "topics of an account, whose digits a colon follows",
        policy({"Service": "sns.amazonaws.com"}, {"StringLike": {"aws:SourceArn": f"arn:aws:sns:eu-west-3:{ME}*"}}),
        False,
    ),
    (
        DEPUTY,
        "topics whose name begins with the digits of an account",
        policy({"Service": "sns.amazonaws.com"}, {"StringLike": {"aws:SourceArn": f"arn:aws:sns:*:{ME}*"}}),
        True,
    ),
    (
        DEPUTY,
        "topics of ten accounts",
        policy(
            {"Service": "sns.amazonaws.com"}, {"StringLike": {"aws:SourceArn": "arn:aws:sns:eu-west-3:11112222333*"}}
        ),
        True,
    ),
    (
        DEPUTY,
        "buckets that begin alike",
        policy({"Service": "sns.amazonaws.com"}, {"ArnLike": {"aws:SourceArn": "arn:aws:s3:*:*:orders-*"}}),
        True,
    ),
    (
        DEPUTY,
        "topics of one name in any account",
        policy({"Service": "sns.amazonaws.com"}, {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:orders"}}),
        True,
    ),
    (
        KEYS,
        "a date that is past",
        policy(condition={"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}),
        False,
    ),
    (KEYS, "a second that is past", policy(condition={"NumericLessThan": {"aws:EpochTime": "1577836800"}}), False),
    (KEYS, "a date to come", policy(condition={"DateLessThan": {"aws:CurrentTime": "2126-01-01T00:00:00Z"}}), True),
    (KEYS, "from a date on", policy(condition={"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}), True),
    (
        KEYS,
        "after a date and before an earlier one",
        policy(
            condition={
                "DateGreaterThan": {"aws:CurrentTime": "2126-01-01T00:00:00Z"},
                "DateLessThan": {"aws:CurrentTime": "2125-01-01T00:00:00Z"},
            }
        ),
        False,
    ),
    (
        KEYS,
        "between two dates to come, of which one is in seconds",
        policy(
            condition={
                "DateGreaterThan": {"aws:CurrentTime": "2125-01-01T00:00:00Z"},
                "NumericLessThan": {"aws:EpochTime": "4922899200"},
            }
        ),
        True,
    ),
    (
        KEYS,
        "at two dates at once",
        policy(condition={"DateEquals": {"aws:CurrentTime": "2125-01-01", "aws:EpochTime": "4922899200"}}),
        False,
    ),
    (KEYS, "what is no date", policy(condition={"DateLessThan": {"aws:CurrentTime": "yesterday"}}), True),
    (
        KEYS,
        "one of two dates is to come",
        policy(condition={"DateLessThan": {"aws:CurrentTime": ["2020-01-01", "2126-01-01"]}}),
        True,
    ),
    (KEYS, "tokens of before", policy(condition={"DateLessThan": {"aws:TokenIssueTime": "2020-01-01"}}), True),
    (OWN, "a client of one's own IdP", own_idp("example.okta.com", "0oa1b2c3d4"), False),
    (OWN, "a client that is called *, which none is", own_idp("example.okta.com", "*"), False),
    (
        OWN,
        "an app client of a user pool",
        own_idp("cognito-idp.eu-west-3.amazonaws.com/eu-west-3_a", "1example"),
        False,
    ),
    (OWN, "an application of a tenant", own_idp("sts.windows.net/11111111-2222/", "api://aws"), False),
    (
        OWN,
        "an application by the domain of a tenant",
        own_idp("sts.windows.net/11111111-2222/", "https://example.onmicrosoft.com/aws"),
        False,
    ),
    (OWN, "Azure itself", own_idp("sts.windows.net/11111111-2222/", "https://management.azure.com/"), True),
    (
        OWN,
        "whoever of a tenant has an identity",
        own_idp("login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0", "api://AzureADTokenExchange"),
        True,
    ),
    (
        OWN,
        "any client of one's own IdP",
        policy(
            {"Federated": f"arn:aws:iam::{ME}:oidc-provider/login.example.com"},
            {"StringLike": {"login.example.com:aud": "*"}},
        ),
        True,
    ),
    (OWN, "the audience that workloads choose", own_idp("login.example.com", "sts.amazonaws.com"), True),
    (OWN, "a GitLab of one's own", own_idp("gitlab.example.com", "https://gitlab.example.com"), True),
    (OWN, "a cluster", own_idp("oidc.eks.eu-west-3.amazonaws.com/id/A", "shop"), True),
    (PODS, "AKS", own_idp("westeurope.oic.prod-aks.azure.com/tenant/uuid", "api://AzureADTokenExchange"), True),
    (PODS, "GKE", own_idp("container.googleapis.com/v1/projects/p/locations/l/clusters/c", "aws"), True),
    (PODS, "OpenShift", own_idp("oidc.op1.openshiftapps.com/abc", "openshift"), True),
    (PODS, "OpenShift, of one's own bucket", own_idp("abc-oidc.s3.eu-west-3.amazonaws.com", "openshift"), True),
    (PODS, "kops", own_idp("my-kops-oidc.s3.amazonaws.com", "amazonaws.com"), True),
    (CLAIMS, "a client of Google", google("aud", "1234.apps.googleusercontent.com"), False),
    (CLAIMS, "an audience that any service account of Google asks for", google("oaud", "my-aws-role"), True),
    (SHARED, "GitHub", policy({"Federated": GITHUB}), True),
    (
        SHARED,
        "a repository of GitHub",
        policy(
            {"Federated": GITHUB},
            {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:octo-org/octo-repo:*"}},
        ),
        False,
    ),
    (
        SHARED,
        "an audience that any repository may ask for",
        policy(
            {"Federated": GITHUB}, {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}
        ),
        True,
    ),
    (
        "https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html",
        "a service account",
        policy(
            {"Federated": EKS},
            {"StringEquals": {"oidc.eks.us-east-1.amazonaws.com/id/A:sub": "system:serviceaccount:default:my-account"}},
        ),
        False,
    ),
    (
        "https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html",
        "who has signed in to a pool",
        policy(
            {"Federated": "cognito-identity.amazonaws.com"},
            {
                "StringEquals": {"cognito-identity.amazonaws.com:aud": "us-east-1:12345678-abcd-abcd-abcd-123456790ab"},
                "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"},
            },
        ),
        False,
    ),
]


@pytest.mark.parametrize("bucket", ["arn:aws:s3:::orders", "arn:aws:s3:*:*:orders"])
def test_a_bucket_name_alone_does_not_identify_the_account_behind_a_service(bucket: str) -> None:
    asked = {"ArnLike": {"aws:SourceArn": bucket}}
    service = {"Service": "s3.amazonaws.com"}
    assert audience.opens_to_any_behind_service(read(policy(service, asked))).value is None
    for account in (ME, "${aws:ResourceAccount}"):
        both = {**asked, "StringEquals": {"aws:SourceAccount": account}}
        assert audience.opens_to_any_behind_service(read(policy(service, both))).value is False
    thing = {"ArnLike": {"aws:SourceArn": Unknown("aws_s3_bucket.orders.arn", plain=True)}}
    assert audience.opens_to_any_behind_service(read(policy(service, thing))).value is False


@pytest.mark.parametrize(("source", "case", "document", "wide"), WIDE, ids=[f"{case}" for _, case, *_ in WIDE])
def test_documents_open_to_anybody_are_recognized(source: str, case: str, document: Any, wide: bool) -> None:
    found = audience.opens_wide(read(document))
    assert found.value is wide, source
    assert bool(found.places) is wide


def test_a_fixed_bucket_is_not_everybody_and_may_be_whoever_takes_its_name() -> None:
    """A bucket of a policy is not public to S3 then (BLOCK); a service of AWS acts for whoever has that bucket."""
    document = read(policy(condition={"ArnEquals": {"aws:SourceArn": "arn:aws:s3:::source"}}))
    assert audience.opens_wide(document, services=False).value is False
    assert audience.opens_wide(document).value is None


def test_an_audience_of_a_provider_that_is_not_known_decides_nothing() -> None:
    answer = audience.opens_wide(read(own_idp("login.example.com", "0oa1b2c3d4")))
    assert answer.value is None
    assert answer.causes == ("the provider login.example.com is not known",)


@pytest.mark.parametrize(
    ("document", "stranger"),
    [
        (policy({"AWS": ME}), False),
        (policy({"AWS": "999999999999"}), True),
        (policy({"AWS": "999999999999"}, {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}), False),
        (policy({"AWS": "999999999999"}, {"IpAddress": {"aws:SourceIp": "1.2.3.4"}}), True),
        # Through whose network or access point somebody asks does not tell who it is.
        (policy({"AWS": "999999999999"}, {"StringEquals": {"aws:VpceAccount": ME}}), True),
        (policy({"AWS": "999999999999"}, {"StringEquals": {"aws:VpceOrgID": "o-a1b2c3d4e5"}}), True),
        (policy({"AWS": "999999999999"}, {"StringLike": {"aws:VpceOrgPaths": "o-a1b2c3d4e5/*"}}), True),
        (policy({"AWS": "999999999999"}, {"ArnLike": {"aws:SourceVpcArn": f"arn:aws:ec2:eu-west-3:{ME}:vpc/*"}}), True),
        (policy({"AWS": "999999999999"}, {"StringEquals": {"s3:DataAccessPointAccount": ME}}), True),
        (policy({"AWS": "999999999999"}, {"StringEquals": {"aws:VpceAccount": ME, "aws:PrincipalAccount": ME}}), False),
        # In requests to KMS alone; a document does not say whose it is.
        (policy({"AWS": "999999999999"}, {"StringEqualsIfExists": {"kms:CallerAccount": ME}}), True),
        (policy({"AWS": "999999999999"}, {"Null": {"kms:CallerAccount": "true"}}), True),
        (policy({"AWS": "999999999999"}, {"StringEquals": {"kms:CallerAccount": ME}}), False),
        # Capitals make no difference.
        (policy("*", {"StringEqualsIgnoreCase": {"aws:ResourceOrgID": "O-A1B2C3D4E5"}}), True),
        (policy("*", {"StringEqualsIgnoreCase": {"aws:PrincipalOrgID": "O-ZZZZZZZZZZ"}}), True),
        (policy("*", {"StringEqualsIgnoreCase": {"aws:PrincipalOrgID": "O-A1B2C3D4E5"}}), False),
        (policy("*", {"StringEquals": {"aws:VpceAccount": ME}}), False),
        (policy("*", {"StringEquals": {"aws:VpceAccount": "999999999999"}}), True),
        (policy("*", {"StringEquals": {"aws:PrincipalAccount": [ME, "999999999999"]}}), True),
        (policy("*", {"StringEquals": {"aws:PrincipalOrgID": "o-zzzzzzzzzz"}}), True),
        (policy("*", {"StringEquals": {"aws:PrincipalOrgID": "*"}}), False),
        # Log groups send ARNs that end in a star.
        (
            policy(
                {"Service": "logs.amazonaws.com"},
                {"StringEquals": {"aws:SourceArn": "arn:aws:logs:eu-west-3:999999999999:log-group:a:*"}},
            ),
            True,
        ),
        (policy("*", {"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}), None),
        (policy("*", {"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d", "aws:PrincipalAccount": ME}}), False),
        (policy({"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}), True),
    ],
)
def test_documents_open_to_strangers_are_recognized(document: Any, stranger: bool | None) -> None:
    assert opens_to_strangers(read(document), [ME, "o-a1b2c3d4e5"]).value is stranger


def rights(action: Any, resource: Any = "*", **parts: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **parts}


@pytest.mark.parametrize(
    ("statements", "administers"),
    [
        ([rights("*")], True),
        ([rights("IAM:*"), {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], True),
        ([rights([f"{letter}*" for letter in "abcdefghijklmnopqrstuvwxyz"])], True),
        ([rights([f"{letter}*" for letter in "abcdefghijklmnopqrstuvwxy"])], None),
        ([rights("???*:*")], True),
        ([rights("*"), rights("*", Effect="Deny")], False),
        ([rights("*"), rights("iam:*", Effect="Deny")], False),
        ([rights("*"), rights("iam:*", f"arn:aws:iam::{ME}:role/app", Effect="Deny")], True),
        ([rights("*"), rights("*", Effect="Deny", Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}})], True),
        ([{"Effect": "Allow", "Action": "*", "NotResource": f"arn:aws:iam::{ME}:role/app"}], True),
        ([{"Effect": "Allow", "NotAction": ["iam:*", "organizations:*"], "Resource": "*"}], False),
        ([rights("*", f"arn:aws:iam::{ME}:role/app-*")], False),
        ([rights("s3:*")], False),
        ([rights("*", Condition={"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}})], False),
        ([rights("*", Condition={"DateLessThan": {"aws:CurrentTime": "2126-01-01T00:00:00Z"}})], True),
    ],
)
def test_administrators_are_recognized(statements: list[Any], administers: bool) -> None:
    assert grants.administers([read({"Statement": statements})]).value is administers
    apart = [read({"Statement": statement}) for statement in statements]
    assert grants.administers(apart).value is administers


@pytest.mark.parametrize(
    ("resource", "wide"),
    [
        ("*", True),
        ("arn:aws:iam::*:role/*", True),
        (f"arn:aws:iam::{ME}:*", True),
        ("arn:*", True),
        (f"arn:aws:iam::{ME}:role/app", False),
        (f"arn:aws:iam::{ME}:role/app-*", False),
        ("arn:aws:iam::*:role/${aws:username}", False),
        ("arn:aws:s3:::*", False),
        (Unknown("var.role"), None),
        (Unknown("var.account", known=("arn:aws:iam::", ":role/app-*")), False),
        (Unknown("var.role", known=("arn:aws:iam::", "/app-*")), None),
        (Unknown("var.path", known=(f"arn:aws:iam::{ME}:role/", "/*")), None),
        (Unknown("var.name", known=(f"arn:aws:iam::{ME}:role/app-", "*")), False),
        (Unknown("aws_iam_role.app.arn", plain=True), False),
    ],
)
def test_wide_permissions_to_assume_roles_are_recognized(resource: Any, wide: bool | None) -> None:
    document = read({"Statement": [rights("sts:AssumeRole", [resource])]})
    assert grants.escalates([document], {"any role": "sts:AssumeRole"}).value is wide


@pytest.mark.parametrize(
    ("action", "known", "wide"),
    [
        # with a wildcard, the widest, for what is not known
        ("logs:PutLogEvents", ("arn:aws:logs:", ":", ":log-group:/aws/lambda/foo:*"), False),
        ("ssm:GetParameter", ("arn:aws:ssm:eu-west-3:111122223333:parameter/", "/frontend/*"), False),
        ("dynamodb:PutItem", ("arn:aws:dynamodb:", ":", ":table/", "-foo"), False),
        ("lambda:InvokeFunction", ("arn:aws:lambda:", ":", ":function:foo-*"), False),
        ("s3:GetObject", ("arn:aws:s3:::", "-logs/*"), False),
        ("s3:GetObject", ("arn:aws:s3:::", "/*"), None),
        ("ssm:GetParameter", ("arn:aws:ssm:eu-west-3:111122223333:parameter/", "/*"), None),
        ("dynamodb:PutItem", ("arn:aws:dynamodb:", ":", ":table/", ""), None),
        # where the name begins is not shown, or of which type it is
        ("dynamodb:PutItem", ("arn:aws:dynamodb:", ":table/foo"), None),
        ("rds:DeleteDBInstance", ("arn:aws:rds:eu-west-3:111122223333:", ":*"), None),
        # what is not known may end the type
        ("ssm:GetParameter", ("arn:aws:ssm:*:*:parameter", ""), None),
        ("ssm:GetParameter", ("arn:aws:ssm:eu-west-3:111122223333:par", "*"), None),
        ("ssm:GetParameter", ("arn:aws:ssm:*:*:parameter", "/shop"), False),
        ("dynamodb:PutItem", ("arn:aws:dynamodb:*:*:t", ""), None),
        ("lambda:InvokeFunction", ("arn:aws:lambda:*:*:function", ""), None),
        ("dynamodb:PutItem", ("arn:aws:dynamodb:*:*:table/foo", ""), False),
        ("sqs:SendMessage", ("arn:aws:sqs:eu-west-3:111122223333:foo", ""), False),
        ("sqs:SendMessage", ("arn:aws:sqs:*:*:", ""), None),
        # parts of a resource: what is in every log group, every version of a function
        ("logs:PutLogEvents", ("arn:aws:logs:", ":", ":log-group:", ":*"), None),
        ("logs:PutLogEvents", ("arn:aws:logs:*:*:log-group:*:*",), True),
        ("logs:PutLogEvents", ("arn:aws:logs:eu-west-3:111122223333:log-group:*:*",), False),
        ("logs:PutLogEvents", ("arn:aws:logs:*:*:log-group:/aws/lambda/foo:*",), False),
        ("ecs:RunTask", ("arn:aws:ecs:*:*:task-definition/*:*",), True),
        ("ecs:RunTask", ("arn:aws:ecs:*:*:task-definition/foo:*",), False),
        ("lambda:InvokeFunction", ("arn:aws:lambda:*:*:function:*:*",), True),
    ],
)
def test_the_widest_that_can_stand_in_an_arn_decides(action: str, known: tuple[str, ...], wide: bool | None) -> None:
    resource = Unknown("var.x", known) if known[1:] else known[0]
    assert grants.unbounded([read({"Statement": rights(action, [resource])})], [action]).value is wide


@pytest.mark.parametrize(
    ("actions", "owns"),
    [
        (["kms:*"], True),
        ([f"kms:{letter}*" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"], True),
        ([f"kms:{letter}*" for letter in "CDEGILPRSTUV"], None),
        (["kms:?*"], True),
        (["kms:????*"], True),
        (["kms:Decrypt", "kms:Create*", "kms:Describe*"], False),
    ],
)
def test_patterns_that_together_cover_a_service_own_it(actions: list[str], owns: bool | None) -> None:
    assert grants.owns_service([read({"Statement": [rights(actions)]})], ["kms"]).value is owns


LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("resources", "unbounded"),
    [
        ([f"arn:aws:s3:::{letter}*" for letter in LETTERS], True),
        ([f"arn:aws:s3:::{letter}*/*" for letter in LETTERS], True),
        ([f"arn:aws:s3:::*{letter}" for letter in LETTERS], True),
        ([f"arn:aws:s3:::{letter}*" for letter in LETTERS[:13]], None),
        ([f"arn:aws:s3:::{letter}{other}*" for letter in LETTERS for other in LETTERS], True),
        ([f"arn:aws:s3:::*{letter}*" for letter in "aeiou"], True),
        (["arn:aws:s3:::*a*"], None),
        ([f"arn:aws:s3:::prod-{letter}*" for letter in LETTERS], False),
        ([f"arn:aws:s3:::{letter}pp-*" for letter in LETTERS], False),
        (["arn:aws:s3:::????????????*"], True),
        (["arn:aws:s3:::????????????????????*"], None),
        (["arn:aws:s3:::logs-????????????/*"], False),
    ],
)
def test_names_spelt_out_letter_by_letter_cover_all_names(resources: list[str], unbounded: bool | None) -> None:
    allow = [rights("s3:GetObject", one) for one in resources]
    assert grants.unbounded([read({"Statement": allow})], ["s3:GetObject"]).value is unbounded
    assert (
        grants.unbounded([read({"Statement": rights("s3:GetObject", resources)})], ["s3:GetObject"]).value is unbounded
    )
    taken = [*allow, rights("s3:GetObject", "*", Effect="Deny")]
    assert grants.unbounded([read({"Statement": taken})], ["s3:GetObject"]).value is False


@pytest.mark.parametrize(
    ("actions", "resource", "raises"),
    [
        ("lambda:UpdateFunctionCode", "*", True),
        ("lambda:UpdateFunctionCode", f"arn:aws:lambda:*:{ME}:function:*", True),
        ("lambda:UpdateFunctionCode lambda:InvokeFunction", f"arn:aws:lambda:*:{ME}:function:app-*", False),
        ("lambda:UpdateFunctionConfiguration lambda:InvokeFunction", "*", True),
        ("lambda:UpdateFunctionConfiguration", "*", True),
        ("codebuild:StartBuild", "*", True),
        ("codebuild:StartBuild", f"arn:aws:codebuild:eu-west-3:{ME}:project/app", False),
        ("ssm:SendCommand", "*", True),
        ("cloudformation:UpdateStack", f"arn:aws:cloudformation:*:{ME}:stack/*", True),
        ("lambda:UpdateFunctionConfiguration lambda:InvokeFunction", f"arn:aws:lambda:*:{ME}:function:app-*", False),
        ("glue:UpdateDevEndpoint", "*", True),
        ("glue:UpdateDevEndpoint", f"arn:aws:glue:eu-west-3:{ME}:devEndpoint/app", False),
        ("sso:CreateAccountAssignment", "arn:aws:sso:::permissionSet/*/*", True),
        ("identitystore:CreateGroupMembership", "*", True),
        ("eks:CreateAccessEntry eks:AssociateAccessPolicy", f"arn:aws:eks:eu-west-3:{ME}:cluster/*", True),
        ("eks:CreateAccessEntry eks:AssociateAccessPolicy", f"arn:aws:eks:eu-west-3:{ME}:cluster/app", False),
        ("iam:PassRole ecs:RunTask", f"arn:aws:iam::{ME}:role/app", False),
    ],
)
def test_an_escalation_without_a_passed_role_needs_every_resource(actions: str, resource: str, raises: bool) -> None:
    ways = bundled().reference["iam_escalations"]["data"]
    document = read({"Statement": [rights(actions.split(), resource)]})
    assert grants.escalates([document], ways).value is raises


@pytest.mark.parametrize("operator", ["ArnLike", "arnequals", "ForAnyValue:ArnLike"])
def test_an_arn_of_fewer_than_six_parts_decides_nothing(operator: str) -> None:
    """The reference says that AWS compares six parts, and not what a pattern of fewer matches."""
    for pattern in ("arn:aws:sns:*", "arn:aws:sns:*:*", "arn:aws:*"):
        document = read(policy({"Service": "sns.amazonaws.com"}, {operator: {"aws:SourceArn": pattern}}))
        assert audience.opens_wide(document).value is None
        deny = {
            "Effect": "Deny",
            "Action": "*",
            "Resource": "*",
            "Condition": {operator: {"aws:PrincipalArn": pattern}},
        }
        assert denials.denies(read({"Statement": [deny]}), ["config:Stop*"], "*", {}, but_named=True).value is None


@pytest.mark.parametrize("operator", ["ArnEquals", "ArnLike"])
def test_an_arn_without_a_resource_decides_nothing(operator: str) -> None:
    """What a text such as `arn:aws:s3:*:*:${bucket}` comes to where no bucket is given: nothing has that ARN."""
    for pattern in ("arn:aws:s3:*:*:", "arn:aws:s3:::"):
        document = read(policy({"AWS": "*"}, {operator: {"aws:SourceArn": pattern}}))
        assert audience.opens_wide(document).value is None


def test_a_resource_of_the_code_is_a_particular_principal_and_no_stranger() -> None:
    for key, value in (
        ("aws:SourceArn", Unknown("aws_sns_topic.orders.arn", plain=True)),
        ("aws:SourceArn", Unknown("aws_s3_bucket.a.arn", known=("", "/*"), plain=True)),
        ("aws:SourceAccount", Unknown("data.aws_caller_identity.current.account_id", plain=True)),
        ("aws:PrincipalArn", Unknown("account", known=("arn:aws:iam::", ":role/*"), plain=True)),
    ):
        document = read(policy(condition={"ArnLike": {key: value}}))
        assert audience.opens_wide(document).value is False
        assert opens_to_strangers(document, [ME]).value is False
    assert audience.opens_wide(read(policy({"AWS": Unknown("x", known=("arn:aws:iam::", ":root"))}))).value is False
    bucket = Unknown("aws_s3_bucket.a.id", known=("arn:aws:s3:::", "*"), plain=True)
    assert audience.opens_wide(read(policy(condition={"ArnLike": {"aws:SourceArn": bucket}}))).value is True


TLS = {"aws:SecureTransport": ["false"], "aws:PrincipalIsAWSService": ["false"]}
PLAIN_HTTP = {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize(
    ("parts", "denied"),
    [
        ({"Condition": PLAIN_HTTP}, True),
        ({"Condition": {"Bool": {"aws:SecureTransport": "false", "aws:PrincipalIsAWSService": "true"}}}, False),
        ({"Condition": {**PLAIN_HTTP, "Null": {"aws:SecureTransport": "true"}}}, False),
        ({"Condition": {**PLAIN_HTTP, "StringLike": {"aws:PrincipalArn": "*"}}}, False),
        ({"Condition": {"StringEquals": {"aws:SecureTransport": "*"}}}, False),
        ({"Condition": {**PLAIN_HTTP, "DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}}, True),
        ({"Condition": {**PLAIN_HTTP, "DateGreaterThan": {"aws:TokenIssueTime": "2020-01-01T00:00:00Z"}}}, False),
        ({"Condition": {**PLAIN_HTTP, "DateGreaterThan": {"aws:CurrentTime": "2999-01-01T00:00:00Z"}}}, False),
        ({"Condition": {**PLAIN_HTTP, "DateLessThan": {"aws:CurrentTime": "2999-01-01T00:00:00Z"}}}, False),
        ({"Condition": PLAIN_HTTP, "Principal": {"AWS": ME}}, False),
        ({"Condition": PLAIN_HTTP, "Effect": "Allow"}, False),
        ({"Condition": PLAIN_HTTP, "Action": "s3:Get*"}, False),
        ({"Condition": Unknown("var.condition")}, None),
    ],
)
def test_denials_for_everyone_are_recognized(parts: dict[str, Any], denied: bool | None) -> None:
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::data/*", **parts}
    document = read({"Statement": [statement]})
    assert denials.denies(document, ["s3:*"], "arn:aws:s3:::data/any", TLS).value is denied


@pytest.mark.parametrize(
    ("exempt", "denied"),
    [
        (f"arn:aws:iam::{ME}:role/break-glass", True),
        (f"arn:aws:iam::{ME}:root", True),
        ("arn:aws:iam::*:role/break-glass", True),
        ("arn:aws:iam::*:root", False),
        ("*:root", None),  # AWS compares ARNs part by part, and this has two
        ("*", False),
        ("arn:aws:iam::*:role/*", False),
    ],
)
def test_a_denial_may_exempt_named_principals(exempt: str, denied: bool | None) -> None:
    condition = {"ArnNotLike": {"aws:PrincipalArn": exempt}}
    document = read({"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition}]})
    assert denials.denies(document, ["config:Stop*"], "*", {}, but_named=True).value is denied


def test_an_escalation_by_one_action_makes_an_administrator() -> None:
    ways = [text for text in bundled().reference["iam_escalations"]["data"].values() if " " not in text]
    # What runs with some role already gives that of its holder, whatever it is; a key or a password for one service
    # gives what its user may do there.
    for_services = {
        "iam:CreateServiceSpecificCredential",
        "iam:ResetServiceSpecificCredential",
        "iam:UploadSSHPublicKey",
    }
    of_identities = ("iam:", "sts:", "sso:", "sso-directory:", "identitystore:")
    alone = [text for text in ways if text.startswith(of_identities) and text not in for_services]
    assert len(alone) > 20
    for action in alone:
        document = read({"Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})
        assert grants.privileged([document]).value is True, action


def test_the_answer_does_not_depend_on_the_order_of_the_escalations() -> None:
    document = read({"Statement": [rights("*", ["*"])]})
    ways = dict.fromkeys(("c", "a", "b"), "sts:AssumeRole")
    told = [grants.escalates([document], dict(order)).places for order in (ways.items(), reversed(ways.items()))]
    assert told[0] == told[1] == ("a", "b", "c")


EACH_REQUEST_HAS = (
    *(
        "aws:CurrentTime",
        "aws:EpochTime",
        "aws:RequestedRegion",
        "aws:ResourceAccount",
        "aws:ResourceOrgID",
        "aws:userid",
    ),
    *("dynamodb:LeadingKeys", "iam:PassedToService", "iam:PolicyARN", "kms:CallerAccount", "s3:ResourceAccount"),
    *("secretsmanager:SecretId", "aws:PrincipalAccount", "aws:PrincipalType", "aws:UserAgent"),
)


@pytest.mark.parametrize(
    ("condition", "unbounded"),
    [
        ({"StringLike": {"aws:PrincipalArn": "*"}}, True),
        ({"ArnLike": {"aws:PrincipalArn": ["arn:aws:iam::*:user/*", "arn:aws:iam::*:role/*"]}}, True),
        ({"StringLikeIfExists": {"s3:prefix": "*"}}, True),
        ({"ForAllValues:StringLike": {"aws:TagKeys": "*"}}, True),
        ({"Bool": {"aws:SecureTransport": "true", "aws:ViaAWSService": False}}, True),
        ({"Null": {"aws:PrincipalAccount": "false"}}, True),
        ({"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, True),
        ({"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}}, True),
        # What each request has: any value of it excludes nobody, nor does a value that is not one's own.
        *(({"StringLike": {key: "*"}}, True) for key in EACH_REQUEST_HAS),
        ({"StringNotEquals": {"aws:PrincipalAccount": "999999999999"}}, True),
        ({"StringNotLike": {"aws:PrincipalAccount": "*"}}, False),
        ({"StringNotEquals": {"aws:PrincipalType": "User"}}, False),
        ({"StringNotEquals": {"aws:ResourceTag/secret": "yes"}}, False),
        ({"StringNotEqualsIfExists": {"aws:ResourceTag/secret": "yes"}}, False),
        ({"NotIpAddress": {"aws:SourceIp": "203.0.113.1/32"}}, True),
        ({"NotIpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}}, False),
        # All that the account has is as much as a pattern of ARNs that names the account.
        ({"StringEquals": {"aws:ResourceAccount": ME}}, True),
        ({"StringEquals": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}}, True),
        ({"StringEquals": {"s3:ResourceAccount": Unknown("var.account")}}, True),
        ({"StringLike": {"aws:PrincipalTag/team": "*"}}, False),
        ({"StringLike": {"aws:ResourceTag/team": "*"}}, False),
        ({"StringLike": {"service:AKeyOfItsOwn": "*"}}, None),
        ({"StringLike": {"service:AKeyOfItsOwn": "a*"}}, False),
        ({"StringLike": {"aws:PrincipalArn": f"arn:aws:iam::{ME}:role/*"}}, False),
        ({"StringLike": {"aws:SourceVpce": "*"}}, False),
        ({"StringLike": {"s3:ExistingObjectTag/team": "*"}}, False),
        ({"StringEquals": {"aws:PrincipalArn": "*"}}, False),
        ({"Bool": {"aws:SecureTransport": "true", "aws:MultiFactorAuthPresent": "true"}}, False),
        ({"Bool": {"aws:ViaAWSService": "true"}}, False),
        ({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, False),
        ({"StringLike": {"aws:PrincipalArn": Unknown("var.who")}}, None),
    ],
)
def test_a_condition_that_is_always_true_does_not_bound_a_grant(condition: Any, unbounded: bool | None) -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": condition}
    assert grants.unbounded([read({"Statement": [statement]})], ["s3:GetObject"]).value is unbounded


def test_a_denial_under_a_condition_that_may_be_false_removes_nothing() -> None:
    allow = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    deny = {**allow, "Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}
    assert grants.unbounded([read({"Statement": [allow, deny]})], ["s3:GetObject"]).value is True
