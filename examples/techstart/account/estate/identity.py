"""People, service users, groups, roles and their policies; the organization around the account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .tools import ACCOUNT, IRELAND, PARIS, Aws, allow, policy, tags, trust

FREELANCE_ACCOUNT = "999988887777"
_AWS = "arn:aws:iam::aws:policy/"


@dataclass(frozen=True)
class Person:
    """A user: groups, whether there is a console password and MFA, how many days ago it was made and last used."""

    name: str
    groups: tuple[str, ...]
    team: str
    mfa: bool = True
    age: int = 200
    used: int = 3


PEOPLE = (
    Person("camille.durand", ("administrateurs",), "direction technique", mfa=False, age=900, used=1),
    Person("noor.benali", ("administrateurs",), "plateforme", age=700, used=2),
    Person("theo.martin", ("developpeurs",), "produit", age=420),
    Person("ines.lopez", ("developpeurs", "support"), "produit", age=300, used=12),
    Person("hugo.petit", ("developpeurs",), "produit", mfa=False, age=650, used=190),
    Person("lea.moreau", ("support",), "relation client", age=120, used=6),
    Person("sacha.girard", ("support",), "<script>alert(1)</script>", mfa=False, age=80, used=50),
)


def fill(aws: Aws) -> dict[str, str]:
    """Makes everything; returns the ARNs of the roles by short name."""
    iam = aws("iam")
    policies = _policies(iam)
    _groups(iam, policies)
    for person in PEOPLE:
        _person(aws, person)
    _service_users(aws)
    aws.backdate({"kind": "root", "mfa": True, "keys": 0, "days": 200})
    roles = _roles(iam, policies)
    iam.update_account_password_policy(
        MinimumPasswordLength=8, RequireNumbers=True, RequireLowercaseCharacters=True, AllowUsersToChangePassword=True
    )
    iam.create_account_alias(AccountAlias="techstart-production")
    _organization(aws)
    return roles


def _policies(iam: Any) -> dict[str, str]:
    bucket = "arn:aws:s3:::techstart-"
    documents = {
        "techstart-tout-autorise": policy(allow("*")),
        "techstart-deploiement": policy(
            allow(["ecr:*", "ecs:*", "lambda:UpdateFunctionCode"]),
            allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/*"),
        ),
        "techstart-lecture-clients": policy(allow(["s3:GetObject"], f"{bucket}clients-documents/*")),
        "techstart-exploitation": policy(allow(["ec2:Describe*", "rds:Describe*", "logs:Get*", "cloudwatch:Get*"])),
        "techstart-ancien-kms": policy(allow(["kms:Decrypt", "kms:ReEncryptFrom"])),
    }
    return {
        name: iam.create_policy(PolicyName=name, PolicyDocument=document)["Policy"]["Arn"]
        for name, document in documents.items()
    }


def _groups(iam: Any, policies: dict[str, str]) -> None:
    attached = {
        "administrateurs": f"{_AWS}AdministratorAccess",
        "developpeurs": policies["techstart-deploiement"],
        "support": policies["techstart-lecture-clients"],
        "stagiaires": f"{_AWS}ReadOnlyAccess",  # nobody is in it any more
    }
    for group, arn in attached.items():
        iam.create_group(GroupName=group)
        iam.attach_group_policy(GroupName=group, PolicyArn=arn)


def _person(aws: Aws, person: Person) -> None:
    iam = aws("iam")
    iam.create_user(UserName=person.name, Tags=tags(Team=person.team))
    for group in person.groups:
        iam.add_user_to_group(GroupName=group, UserName=person.name)
    iam.create_login_profile(UserName=person.name, Password="Only-in-the-emulator-1")
    if person.mfa:
        device = iam.create_virtual_mfa_device(VirtualMFADeviceName=person.name)["VirtualMFADevice"]["SerialNumber"]
        codes = {"AuthenticationCode1": "123456", "AuthenticationCode2": "654321"}
        iam.enable_mfa_device(UserName=person.name, SerialNumber=device, **codes)
    aws.backdate(
        {"kind": "user", "id": person.name, "days": person.age},
        {"kind": "password_used", "id": person.name, "days": person.used},
    )


def _service_users(aws: Aws) -> None:
    iam = aws("iam")
    _service_user(aws, "svc-ci-deploiement", key_ages=(410,), used=1)
    iam.attach_user_policy(
        UserName="svc-ci-deploiement", PolicyArn=f"arn:aws:iam::{ACCOUNT}:policy/techstart-tout-autorise"
    )
    _service_user(aws, "svc-sauvegarde", key_ages=(40,), used=1)
    iam.put_user_policy(
        UserName="svc-sauvegarde",
        PolicyName="sauvegarde",
        PolicyDocument=policy(allow(["s3:PutObject"], "arn:aws:s3:::techstart-sauvegardes/*")),
    )
    _service_user(aws, "svc-ancien-export", key_ages=(500, 380), used=200)
    iam.put_user_policy(UserName="svc-ancien-export", PolicyName="tout", PolicyDocument=policy(allow("s3:*")))


def _service_user(aws: Aws, name: str, key_ages: tuple[int, ...], used: int) -> None:
    iam = aws("iam")
    iam.create_user(UserName=name, Tags=tags(Owner="plateforme"))
    changes = [{"kind": "user", "id": name, "days": max(key_ages)}]
    for age in key_ages:
        key = iam.create_access_key(UserName=name)["AccessKey"]["AccessKeyId"]
        changes += [
            {"kind": "access_key", "id": key, "days": age},
            {"kind": "access_key_used", "id": key, "days": used},
        ]
    aws.backdate(*changes)


def _roles(iam: Any, policies: dict[str, str]) -> dict[str, str]:
    provider = iam.create_open_id_connect_provider(
        Url="https://token.actions.githubusercontent.com", ClientIDList=["sts.amazonaws.com"], ThumbprintList=["a" * 40]
    )["OpenIDConnectProviderArn"]
    condition = {
        "StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"},
        "StringLike": {"token.actions.githubusercontent.com:sub": "repo:techstart-exemple/*"},
    }
    trusts = {
        "freelance": trust({"AWS": f"arn:aws:iam::{FREELANCE_ACCOUNT}:root"}),
        "github-deploiement": trust({"Federated": provider}, "sts:AssumeRoleWithWebIdentity", Condition=condition),
        "preuve-audit": trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, Condition=_with_mfa()),
        **{name: trust({"Service": f"{service}.amazonaws.com"}) for name, service in _SERVICES.items()},
    }
    made = {}
    for name, document in trusts.items():
        role = iam.create_role(
            RoleName=f"techstart-{name}", AssumeRolePolicyDocument=document, Tags=tags(Owner="plateforme")
        )["Role"]
        made[name] = role["Arn"]
    _attach_to_roles(iam, policies)
    return made


_SERVICES = {
    "application": "ec2",
    "fonctions": "lambda",
    "taches": "ecs-tasks",
    "sauvegarde": "backup",
    "configuration": "config",
    "flux-vpc": "vpc-flow-logs",
    "piste": "cloudtrail",
    "construction": "codebuild",
    "surveillance-base": "monitoring.rds",
}


def _with_mfa() -> dict[str, Any]:
    return {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


def _attach_to_roles(iam: Any, policies: dict[str, str]) -> None:
    attached = {
        "freelance": f"{_AWS}PowerUserAccess",
        "github-deploiement": policies["techstart-deploiement"],
        "preuve-audit": f"{_AWS}SecurityAudit",
        "application": policies["techstart-lecture-clients"],
        "fonctions": policies["techstart-exploitation"],
        "construction": f"{_AWS}AdministratorAccess",
    }
    for role, arn in attached.items():
        iam.attach_role_policy(RoleName=f"techstart-{role}", PolicyArn=arn)
    iam.create_instance_profile(InstanceProfileName="techstart-application")
    iam.add_role_to_instance_profile(InstanceProfileName="techstart-application", RoleName="techstart-application")
    iam.put_role_policy(
        RoleName="techstart-taches", PolicyName="files", PolicyDocument=policy(allow(["sqs:ReceiveMessage"]))
    )


def _organization(aws: Aws) -> None:
    organizations = aws("organizations", "us-east-1")
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    document = policy(
        {"Effect": "Deny", "Action": ["cloudtrail:StopLogging", "cloudtrail:DeleteTrail"], "Resource": "*"}
    )
    elsewhere = {"StringNotEquals": {"aws:RequestedRegion": [PARIS, IRELAND]}}
    spared = ["iam:*", "organizations:*", "route53:*", "cloudfront:*", "sts:*", "support:*"]
    regions = policy({"Effect": "Deny", "NotAction": spared, "Resource": "*", "Condition": elsewhere})
    for name, content in (("piste-intouchable", document), ("regions-europeennes", regions)):
        made = organizations.create_policy(Name=name, Description=name, Type="SERVICE_CONTROL_POLICY", Content=content)
        organizations.attach_policy(PolicyId=made["Policy"]["PolicySummary"]["Id"], TargetId=root)
    aws("account", "us-east-1").put_alternate_contact(
        AlternateContactType="SECURITY",
        EmailAddress="securite@techstart.example",
        Name="Noor Benali",
        PhoneNumber="+33100000000",
        Title="RSSI",
    )
