"""The actions that give their holder all other rights: one of them on every resource is enough.

They are the actions that manage permissions and either extend what an identity may do or let somebody else act as
it: docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html, and
…/list_awsiamidentitycenter.html. `scanners/reference/iam_escalations.yaml` has the combinations of several actions.
"""

from __future__ import annotations

from dataclasses import dataclass

CHANGES_RIGHTS = tuple(
    f"iam:{action}"
    for action in (
        *("createpolicyversion", "setdefaultpolicyversion", "attachuserpolicy", "attachgrouppolicy"),
        *("attachrolepolicy", "putuserpolicy", "putgrouppolicy", "putrolepolicy", "addusertogroup"),
        *("updateassumerolepolicy", "createaccesskey", "createloginprofile", "updateloginprofile"),
        *("updatesamlprovider", "addclientidtoopenidconnectprovider", "updateopenidconnectproviderthumbprint"),
        *("putuserpermissionsboundary", "deleteuserpermissionsboundary"),
        *("putrolepermissionsboundary", "deleterolepermissionsboundary"),
    )
)
# Ways to act as the root user of an account: docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html
ASSUMES = ("sts:assumerole", "sts:assumeroot")


@dataclass(frozen=True)
class Takeover:
    """The actions that give rights to an identity of a kind, and those that let somebody else act as it.

    `makes` is the action that creates it; `frees` are actions that remove or replace its permissions boundary.
    """

    kind: str
    gives: tuple[str, ...]
    takes: tuple[str, ...]
    makes: str = ""
    frees: tuple[str, ...] = ()


TAKEOVERS = (
    Takeover(
        kind="role",
        gives=("iam:PutRolePolicy", "iam:AttachRolePolicy"),
        takes=("iam:CreateRole", "iam:UpdateAssumeRolePolicy", "sts:AssumeRole"),
        makes="iam:CreateRole",
        frees=("iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary"),
    ),
    Takeover(
        kind="user",
        gives=("iam:PutUserPolicy", "iam:AttachUserPolicy"),
        takes=("iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile"),
        makes="iam:CreateUser",
        frees=("iam:DeleteUserPermissionsBoundary", "iam:PutUserPermissionsBoundary"),
    ),
    Takeover(kind="group", gives=("iam:PutGroupPolicy", "iam:AttachGroupPolicy"), takes=("iam:AddUserToGroup",)),
)
# The same by IAM Identity Center, its groups and its own directory, in the accounts that an instance gives access to;
# also by the actions of its console, which are of no public API:
# docs.aws.amazon.com/service-authorization/latest/reference/list_awsiamidentitycenterdirectory.html
# Another authority of a trust anchor signs for its roles:
# docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html
CHANGES_ASSIGNMENTS = (
    *("rolesanywhere:updatetrustanchor", "sso:createaccountassignment", "sso:associateprofile"),
    *("sso:putinlinepolicytopermissionset", "sso:putpermissionspolicy", "sso:attachmanagedpolicytopermissionset"),
    *("sso:attachcustomermanagedpolicyreferencetopermissionset", "sso:deletepermissionsboundaryfrompermissionset"),
    *("sso:putpermissionsboundarytopermissionset", "identitystore:creategroupmembership"),
    *("sso-directory:addmembertogroup", "sso-directory:updatepassword"),
    *("sso-directory:importexternalidpcertificate", "sso-directory:createbearertoken"),
)
# Full power over a service is to hold something of each part. Who may not use the keys only administers them, and who
# may not destroy them only uses them: docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
PARTS_OF_POWER = {
    "kms": (
        ("kms:decrypt", "kms:reencryptfrom", "kms:creategrant"),
        ("kms:putkeypolicy", "kms:schedulekeydeletion", "kms:disablekey", "kms:deleteimportedkeymaterial"),
    ),
    "cloudtrail": (
        ("cloudtrail:stoplogging", "cloudtrail:deletetrail", "cloudtrail:updatetrail", "cloudtrail:puteventselectors"),
    ),
}
