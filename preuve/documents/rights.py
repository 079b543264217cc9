"""The actions that give their holder all other rights: one is enough, on everything.

Of the actions that manage permissions those that widen what an identity may do, or let somebody else be it:
docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html, and
…/list_awsiamidentitycenter.html. `scanners/reference/iam_escalations.yaml` has what takes several.
"""

from __future__ import annotations

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
# The same by IAM Identity Center and its groups, in the accounts that an instance gives access to.
CHANGES_ASSIGNMENTS = (
    "sso:createaccountassignment",
    "sso:putinlinepolicytopermissionset",
    "sso:attachmanagedpolicytopermissionset",
    "sso:attachcustomermanagedpolicyreferencetopermissionset",
    "identitystore:creategroupmembership",
)
