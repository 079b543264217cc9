"""A document has the same meaning in code and in the account.

The examples of each policy, which adversaries wrote for the condition on the account, are judged as code, in each form
that code may use for a document. Generated documents are judged both ways. A hidden part never changes an answer that
is given.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content_copy import bundled
from preuve.collect.code.checkov.shapes.templates import shaped
from preuve.collect.code.judgements.documents.block_documents import Table
from preuve.collect.code.judgements.documents.questions import ASKED
from preuve.collect.code.verdict.marks import OPAQUE
from preuve.library.cel import policy_functions as account
from preuve.library.iam.policy_documents import iam_document
from preuve.library.validation.code.code_rules import rendered
from preuve.model.content import Example

TABLE = Table.of(bundled().documents)
PARAMS = {name: item.value for name, item in bundled().parameters.items()}
Document = Mapping[str, Any]
Where = tuple[str, str, str, str]

# Of a policy: its rule, the resource that an example describes, and where Terraform and a template hold the document.
POLICIES: dict[str, list[Where]] = {
    "iam-ci-oidc-trust-narrow": [
        ("CI_TRUST_NARROW", "AWS::IAM::Role", "aws_iam_role.assume_role_policy", "AssumeRolePolicyDocument")
    ],
    "iam-duty-separation-guards": [
        ("SERVICE_OWNERSHIP", "AWS::IAM::ManagedPolicy", "aws_iam_policy.policy", "PolicyDocument"),
        ("SERVICE_OWNERSHIP", "AWS::IAM::Role", "aws_iam_role.inline_policy", "Policies"),
    ],
    "iam-no-privilege-escalation": [
        ("ESCALATION_POLICY", "AWS::IAM::ManagedPolicy", "aws_iam_policy.policy", "PolicyDocument"),
        ("ESCALATION_POLICY", "AWS::IAM::Role", "aws_iam_role.inline_policy", "Policies"),
    ],
    "iam-no-star-admin-policy": [
        ("ADMIN_POLICY", "AWS::IAM::ManagedPolicy", "aws_iam_policy.policy", "PolicyDocument"),
        ("ADMIN_POLICY", "AWS::IAM::Role", "aws_iam_role.inline_policy", "Policies"),
    ],
    "iam-trust-not-wide": [
        ("ROLE_TRUST_NARROW", "AWS::IAM::Role", "aws_iam_role.assume_role_policy", "AssumeRolePolicyDocument")
    ],
    "kms-policy-not-public": [("KEY_POLICY_NOT_PUBLIC", "AWS::KMS::Key", "aws_kms_key_policy.policy", "KeyPolicy")],
    "lambda-not-public": [("FUNCTION_POLICY_NOT_PUBLIC", "AWS::Lambda::ResourcePolicy", "", "PolicyDocument")],
    "messaging-not-public": [
        ("MESSAGING_POLICY_NOT_PUBLIC", "AWS::SQS::QueuePolicy", "aws_sqs_queue_policy.policy", "PolicyDocument"),
        ("MESSAGING_POLICY_NOT_PUBLIC", "AWS::SNS::TopicPolicy", "aws_sns_topic.policy", "PolicyDocument"),
    ],
    "ecr-immutable-private": [
        ("IMAGE_POLICY_NOT_PUBLIC", "AWS::ECR::Repository", "aws_ecr_repository_policy.policy", "RepositoryPolicyText")
    ],
    "s3-no-public-grant": [
        ("S3_POLICY_NOT_PUBLIC", "AWS::S3::BucketPolicy", "aws_s3_bucket_policy.policy", "PolicyDocument")
    ],
    "s3-tls-only": [("S3_POLICY_TLS_ONLY", "AWS::S3::BucketPolicy", "aws_s3_bucket.policy", "PolicyDocument")],
    "secrets-policy-not-public": [
        (
            "SECRET_POLICY_NOT_PUBLIC",
            "AWS::SecretsManager::ResourcePolicy",
            "aws_secretsmanager_secret.policy",
            "ResourcePolicy",
        )
    ],
}
_NAMED = re.compile(r"\b(?:[0-9]{12}|o-[a-z0-9]{10,32})\b")
MEMBERS = ("Policy", "AssumeRolePolicyDocument")
LISTS = {
    "PolicyVersionList": "Document",
    "UserPolicyList": "PolicyDocument",
    "GroupPolicyList": "PolicyDocument",
    "RolePolicyList": "PolicyDocument",
}

# What lets others in as well as the document of a resource does, which the code of that document does not hold.
APART = {"kms-policy-not-public": ("Grants", "RamPolicy"), "secrets-policy-not-public": ("Policies",)}


def documents(example: Example) -> list[Document]:
    """The documents of the resource in an example, as far as they hold."""
    for member in MEMBERS:
        if isinstance(example.resource.get(member), Mapping):
            return [example.resource[member]]
    for member, inner in LISTS.items():
        listed = example.resource.get(member, ())
        if listed:
            return [item[inner] for item in listed if item.get("IsDefaultVersion", True)]
    return []


def fails_beside(policy: str, example: Example) -> bool:
    """Whether an example may fail by what stands beside its document: code has that in blocks of their own, or not."""
    return example.expected == "fail" and any(example.resource.get(member) for member in APART.get(policy, ()))


def judge(rule: str, type_: str, body: Mapping[str, Any], known: Sequence[str] = ()) -> str:
    """Return the result of a rule for a block; "" if the rule does not concern it. `known`:
    accounts and organisations.
    """
    params = {**PARAMS, "trusted_account_ids": list(known)}
    options = dict(rendered(bundled().code_rules[f"CKV2_PREUVE_{rule}"], params, bundled().reference)["judgement"])
    found = ASKED[options["ask"]](type_, body, {**options, "documents": TABLE})
    return found.result if found else ""


def forms(where: Where, held: list[Document]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The blocks that hold documents: in Terraform as they are evaluated and as texts, in a template both ways."""
    _, template, terraform, member = where
    if member == "Policies":
        yield "aws_iam_role", {"inline_policy": [{"name": ["own"], "policy": [one]} for one in held]}
        yield "aws_iam_role", {"inline_policy": [[{"name": "own", "policy": json.dumps(one)} for one in held]]}
        yield template, shaped({"Policies": [{"PolicyName": "own", "PolicyDocument": one} for one in held]})
        return
    (document,) = held
    for form in (document, json.dumps(document)):
        if terraform:
            type_, argument = terraform.split(".")
            yield type_, {argument: [form]}
        yield template, shaped({member: form})


def known_in(example: Example) -> list[str]:
    """Return the accounts and organisations that an example declares as known."""
    said = json.dumps([example.account, example.org, example.params], default=str)
    return ["123456789012", *_NAMED.findall(said)]


# What fails in the account for another reason than the document, or for somebody who is named: whether he is known is
# not evaluated in code.
_SERVICES = frozenset(
    {
        *("a service for an unknown account", "a service for a thing of an unknown account"),
        *("a service for the own account and an unknown one", "a service for an unknown organisation"),
        "the trail of an unknown account",
    }
)
_WAYS = frozenset(
    {
        *("stranger through an endpoint of one's own", "stranger through an endpoint of the organisation"),
        "stranger through a VPC of one's own",
    }
)
BESIDE = {
    "ecr-immutable-private": {"mutable", "mutable with exclusions"},
    "iam-no-privilege-escalation": {  # over a holder whom these blocks do not name; the traps do
        *("own rights of a role", "own rights of a user", "own rights of a group", "own versions of a policy"),
        *("own boundary of a user taken away", "own boundary of a role taken away", "own older version of a policy"),
        *("own boundary of a user replaced", "a role has no user name"),
    },
    "kms-policy-not-public": {
        *("stranger", "stranger's account as the condition", "everybody of another organisation"),
        *("everybody of an organisation that the account is not in", "known beside unknown"),
        *("EventBridge for a bus of an unknown account", "DynamoDB for an unknown account"),
        "user that was deleted",  # AWS says so by giving back an id; who writes one may mean anybody
        *_SERVICES,
        *_WAYS,
    },
    "lambda-not-public": {"open URL of an alias"},
    "s3-no-public-grant": {"public grant without a policy", "grant to every AWS account", "public policy"},
    "s3-tls-only": {"all but another bucket"},  # these blocks do not name the bucket
    "secrets-policy-not-public": {
        *("stranger", "everybody of an organisation", "stranger in a condition"),
        "stranger in the own policy, others unread",
        "organisation of the owner or another in its place",  # whether the owner has one is not in the code
        *_SERVICES,
        *_WAYS,
    },
}
EXAMPLES = [
    pytest.param(where, example, id=f"{policy}/{where[1]}/{example.name}")
    for policy, places in POLICIES.items()
    for example in bundled().policies[policy].examples
    for where in places
    if example.expected in ("pass", "fail")
    and (len(documents(example)) == 1 or (documents(example) and where[3] == "Policies"))
    and not fails_beside(policy, example)
    and example.name not in BESIDE.get(policy, ())
]


@pytest.mark.parametrize(("where", "example"), EXAMPLES)
def test_an_example_of_the_account_has_the_same_result_in_code(where: Where, example: Example) -> None:
    results = {judge(where[0], *block, known_in(example)) for block in forms(where, documents(example))}
    assert results <= ({"PASSED", ""} if example.expected == "pass" else {"FAILED"})
    assert len(results) == 1


STRANGERS = [
    pytest.param(where, example, id=f"{policy}/{example.name}")
    for policy in ("kms-policy-not-public", "secrets-policy-not-public")
    for where in POLICIES[policy]
    for example in bundled().policies[policy].examples
    if example.expected == "fail"
    and example.name in BESIDE[policy]
    and len(documents(example)) == 1
    and not fails_beside(policy, example)
]


@pytest.mark.parametrize(("where", "example"), STRANGERS)
def test_a_named_but_unknown_account_never_passes(where: Where, example: Example) -> None:
    known = known_in(example)[:1]
    assert {judge(where[0], *block, known) for block in forms(where, documents(example))} == {"UNKNOWN"}


@pytest.mark.parametrize(("where", "example"), STRANGERS)
def test_an_account_that_nobody_knows_never_passes(where: Where, example: Example) -> None:
    """With a part of what is named hidden: no more is known than of one that is named in full."""
    known = known_in(example)[:1]
    for named in {*_NAMED.findall(json.dumps(documents(example)))} - {*known}:
        for kept in (0, 5):
            hidden = json.dumps(documents(example)).replace(named, f"{named[:kept]}{OPAQUE}${{var.x}}")
            assert {judge(where[0], *block, known) for block in forms(where, json.loads(hidden))} == {"UNKNOWN"}


def test_at_least_ten_examples_of_each_policy_were_judged() -> None:
    counts = {policy: sum(policy in str(param.id) for param in EXAMPLES) for policy in POLICIES}
    assert {policy: count for policy, count in counts.items() if count < 10} == {}


# ---- generated documents --------------------------------------------------------------------------------------------

_PRINCIPALS = st.sampled_from(
    [
        *("*", {"AWS": "*"}, {"AWS": ["123456789012", "arn:aws:iam::123456789012:role/a"]}, {"AWS": ["*", "A1"]}),
        *({"Service": "s3.amazonaws.com"}, {"Service": ["ec2.amazonaws.com"]}, {"CanonicalUser": "0" * 64}),
        {"Federated": "cognito-identity.amazonaws.com"},
        {"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"},
        {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},
    ]
)
_KEYS = st.sampled_from(
    [
        *("aws:SourceAccount", "aws:SourceArn", "aws:PrincipalOrgID", "AWS:SourceIp", "aws:SecureTransport"),
        *("kms:CallerAccount", "kms:ViaService", "aws:PrincipalArn", "sts:ExternalId", "aws:SourceVpce"),
        *("gitlab.com:sub", "gitlab.com:aud", "token.actions.githubusercontent.com:sub"),
        *("token.actions.githubusercontent.com:aud", "cognito-identity.amazonaws.com:aud", "aws:PrincipalIsAWSService"),
    ]
)
_OPERATORS = st.sampled_from(
    [
        *("StringEquals", "StringLike", "ArnLike", "StringNotEquals", "IpAddress", "Bool", "Null"),
        *("StringEqualsIfExists", "ForAnyValue:StringLike", "ForAllValues:StringEquals", "NotIpAddress"),
    ]
)
_VALUES = st.sampled_from(
    [
        *("*", "123456789012", "o-abcdefghij", "arn:aws:s3:::logs", "arn:aws:sns:eu-west-3:123456789012:a", "true"),
        *("false", "0.0.0.0/0", "198.18.7.0/24", "10.0.0.0/8", "vpce-1a2b3c4d", "arn:aws:s3:::*", "repo:a/b:*"),
        *("repo:*", "project_path:a/b:ref", "sts.amazonaws.com", "https://gitlab.com", "${aws:PrincipalAccount}"),
    ]
)
_ACTIONS = st.sampled_from(
    [
        *("*", "s3:*", "S3:getobject", "iam:*", "iam:PassRole", "ec2:RunInstances", "iam:CreatePolicyVersion", "**"),
        *("*:*", "sts:AssumeRole", "kms:Decrypt", "kms:*", "sqs:SendMessage", "iam:PutUserPolic?", "support:*"),
    ]
)
_RESOURCES = st.sampled_from(
    ["*", "arn:aws:s3:::data", "arn:aws:s3:::data/*", "arn:aws:iam::123456789012:role/*", "arn:*", "arn:aws:sqs:*:*:*"]
)


def _one_or_more(items: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.one_of(items, st.lists(items, min_size=1, max_size=2))


@st.composite
def statements(draw: Callable[[st.SearchStrategy[Any]], Any], *, of_identity: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
    found[draw(st.sampled_from(["Action", "Action", "NotAction"]))] = draw(_one_or_more(_ACTIONS))
    found[draw(st.sampled_from(["Resource", "Resource", "NotResource"]))] = draw(_one_or_more(_RESOURCES))
    if not of_identity:
        found[draw(st.sampled_from(["Principal", "Principal", "Principal", "NotPrincipal"]))] = draw(_PRINCIPALS)
    if draw(st.booleans()):
        inner = st.dictionaries(_KEYS, _one_or_more(_VALUES), min_size=1, max_size=2)
        found["Condition"] = draw(st.dictionaries(_OPERATORS, inner, min_size=1, max_size=2))
    return found


def policies(*, of_identity: bool) -> st.SearchStrategy[dict[str, Any]]:
    one = statements(of_identity=of_identity)
    several = st.one_of(one, st.lists(one, max_size=3))
    return st.builds(lambda found: {"Version": "2012-10-17", "Statement": found}, several)


WAYS = bundled().reference["iam_escalations"]["data"]
_EXAMPLES = 20
ASKS: dict[str, tuple[bool, Callable[[Any], list[str]]]] = {
    "messaging-not-public": (False, lambda policy: account.public_access(policy) + account.service_access(policy)),
    "s3-no-public-grant": (False, account.public_access),
    "iam-trust-not-wide": (False, account.public_access),
    "iam-ci-oidc-trust-narrow": (
        False,
        lambda policy: account.ci_trust_beyond_repository(policy) if account.ci_trust(policy) else [],
    ),
    "iam-no-star-admin-policy": (True, lambda policy: account.admin_access([policy])),
    "iam-duty-separation-guards": (True, lambda policy: account.full_access([policy], ["kms", "cloudtrail"])),
    "iam-no-privilege-escalation": (True, lambda policy: account.privilege_escalation([policy], WAYS, "")),
}


def of_the_account(policy: str, document: Document) -> str:
    try:
        return "FAILED" if ASKS[policy][1](iam_document(document)) else "PASSED"
    except ValueError:
        return "UNKNOWN"


@settings(max_examples=_EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
@pytest.mark.parametrize("policy", ASKS)
def test_a_document_has_the_same_result_on_both_sides(policy: str, data: st.DataObject) -> None:
    document = data.draw(policies(of_identity=ASKS[policy][0]))
    where = POLICIES[policy][0]
    wanted = of_the_account(policy, document)
    for type_, body in forms(where, [document]):
        found = judge(where[0], type_, body)
        assert found == wanted or (found == "" and wanted == "PASSED"), type_


@settings(max_examples=_EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
@pytest.mark.parametrize("policy", ASKS)
def test_an_answer_is_valid_for_every_value_of_a_hidden_part(policy: str, data: st.DataObject) -> None:
    document = data.draw(policies(of_identity=ASKS[policy][0]))
    hidden = copy.deepcopy(document)
    places = list(_places(hidden))
    holder, key, value = data.draw(st.sampled_from(places)) if places else ({}, "", "")
    part = isinstance(value, str) and data.draw(st.booleans())
    holder[key] = f"{value[:3]}{OPAQUE}${{var.x}}" if part else f"{OPAQUE}${{var.x}}"
    where = POLICIES[policy][0]
    for type_, body in forms(where, [hidden]):
        found = judge(where[0], type_, body)
        assert found in ("UNKNOWN", of_the_account(policy, document)) or (found == "" and policy.startswith("iam-ci"))


def _places(value: Any) -> Iterator[tuple[Any, Any, Any]]:
    """Yield every place in a document that an expression can replace."""
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        if key != "Version":
            yield value, key, item
            if isinstance(item, dict | list):
                yield from _places(item)
