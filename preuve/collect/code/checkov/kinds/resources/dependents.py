"""What stands behind a failing block: the holders of a policy, the groups of a launch template, the services of a task
definition. One more of them is a further cause of the failure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from preuve.collect.code.language.dependencies.names import is_among, steps_of
from preuve.collect.code.language.values.value import Value, items_of, sources_of
from preuve.collect.code.verdict.deciding_parts import opened, statements_in
from preuve.collect.code.verdict.grounds import rights_of, text_of
from preuve.collect.code.verdict.marks import given

_TAGS = frozenset({"tags", "tags_all", "Tags", "tag_specifications", "TagSpecifications"})
_KEY = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True)
class Way:
    """How something is put behind a cause: by blocks of a type ("" for the cause itself, `*` for any) that name it at
    one of some paths. What is put there is said at `gets`; nothing means the block itself.
    """

    type: str
    by: tuple[str, ...] = ()
    gets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cause:
    """A type of block on which others rest: the argument with its name, the arguments whose failures go on to what
    rests on it (any if none is named), and the argument that names the true cause, where it only adds to it.
    """

    ways: tuple[Way, ...]
    name: str = "name"
    fails: frozenset[str] = frozenset()
    through: str = ""
    only: tuple[str, str] = ("", "")  # the argument by which it is known that it lets in, and its value


@dataclass(frozen=True)
class Thing:
    """A block that may be a cause or rest on one: the values at a path in it, the texts behind the name that an
    argument gives, and those behind the number of its instances.
    """

    address: str
    type: str
    at: Callable[[str], Iterable[Value]] = field(compare=False)
    behind: Callable[[str], Iterable[str]] = field(compare=False, default=lambda _: ())
    number: Callable[[], Iterable[str]] = field(compare=False, default=lambda: ())


class Dependents:
    """The blocks of a root or of a template that rest on each other."""

    def __init__(self, things: Iterable[Thing]) -> None:
        self._things = {one.address: one for one in things}
        self._by: dict[Way, _Named] = {}

    def of(self, address: str, keys: Iterable[str]) -> tuple[str, ...]:
        """Return a text for each thing behind a block that fails by what a check looked at."""
        thing = self._things.get(address)
        cause = CAUSES.get(thing.type) if thing else None
        judged = {re.split(r"[/.\[]", key.removeprefix("Properties/"))[0] for key in keys}
        if not thing or not cause or (judged and judged <= _TAGS) or not (judged & cause.fails or not cause.fails):
            return ()
        if cause.only[0] and cause.only[1] not in thing.at(cause.only[0]):
            return ()
        return tuple(self._behind(thing, cause))

    def _behind(self, thing: Thing, cause: Cause) -> Iterator[str]:
        named = [*thing.at(cause.through)] if cause.through else []
        addresses = sources_of(named) if cause.through else {thing.address}
        names = {words for value in named or thing.at(cause.name) if (words := steps_of(value))}
        for way in cause.ways:
            if not way.type:
                yield from _said(thing, way.gets)
            for one in self._named(way).of(addresses, names) if way.by else ():
                yield from [*_said(one, way.gets)] or (itself(one.address, one.number()),)

    def _named(self, way: Way) -> _Named:
        if way not in self._by:
            found = _Named()
            for one in self._things.values():
                if one.type == way.type or (way.type == _ANY and not one.type.startswith(_NOT_IN_GROUPS)):
                    found.add(one, [value for path in way.by for value in one.at(path)])
            self._by[way] = found
        return self._by[way]


@dataclass
class _Named:
    """Blocks by the addresses of what they name, and by its names where no block of the code is named."""

    addresses: dict[str, list[Thing]] = field(default_factory=lambda: defaultdict(list))
    names: list[tuple[str, Thing]] = field(default_factory=list)

    def add(self, thing: Thing, values: Iterable[Value]) -> None:
        """Add a block with the values by which it names others."""
        for value in (each for one in values for each in items_of(one) or (one,)):
            for address in (found := sources_of([value])):
                self.addresses[address].append(thing)
            if not found and (words := steps_of(value)):
                self.names.append((words, thing))

    def of(self, addresses: Iterable[str], names: Iterable[str]) -> Iterable[Thing]:
        """Return the blocks that name one of some addresses or names, each once."""
        found = [one for address in addresses for one in self.addresses.get(address, ())]
        found += [one for words, one in self.names for own in names if is_among(words, own)]
        return {one.address: one for one in found}.values()


def itself(address: str, number: Iterable[str]) -> str:
    """Return the text of a block, the same for each instance: as many of them count, whatever their keys are."""
    return "\n".join((f"behind it ${{{_KEY.sub('', address)}}}", *number))


def _said(thing: Thing, paths: Iterable[str]) -> Iterator[str]:
    """Yield a text for each thing that a block puts behind a cause: a holder, an account, a right."""
    for path in paths:
        for value in thing.at(path):
            for one in items_of(value) or (value,):
                written = given(one)
                at, statements = statements_in(path, opened(written))
                yield from (right for each in statements for right in rights_of(at, each))
                yield from () if statements else (text_of(path, written, plainly=True),)
        yield from thing.behind(path.partition(".")[0])


_ANY = "*"
_GROUPS = (
    *("vpc_security_group_ids", "security_groups", "security_group_ids", "security_group_id"),
    *("network_interfaces.security_groups", "network_configuration.security_groups"),
    *("vpc_config.security_group_ids", "vpc_options.security_group_ids", "broker_node_group_info.security_groups"),
    *("VpcSecurityGroupIds", "SecurityGroups", "SecurityGroupIds", "VPCSecurityGroups", "GroupSet"),
    *("NetworkInterfaces.GroupSet", "LaunchTemplateData.SecurityGroupIds", "VPCOptions.SecurityGroupIds"),
    *("NetworkConfiguration.AwsvpcConfiguration.SecurityGroups", "BrokerNodeGroupInfo.SecurityGroups"),
)
# Rules of groups, and programs to which nobody connects.
_NOT_IN_GROUPS = (
    *("aws_security_group", "aws_vpc_security_group_", "aws_default_security_group", "aws_lambda_function"),
    *("AWS::EC2::SecurityGroup", "AWS::Lambda::Function", "AWS::Serverless::Function"),
)
_GROUP = (Way(_ANY, _GROUPS),)
_TEMPLATED = ("launch_template.id", "launch_template.name")
_MIXED = "mixed_instances_policy.launch_template.launch_template_specification.launch_template_"
_FLEET = "launch_template_config.launch_template_specification."
_TEMPLATE = "LaunchTemplate.LaunchTemplate"
_MIXED_POLICY = "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplate"
_INSTANCES = ("account_id", "accounts", "region", "regions", "stack_set_instance_region", "deployment_targets")

CAUSES: Mapping[str, Cause] = {
    "aws_iam_policy": Cause(
        (
            *(Way(f"aws_iam_{kind}_policy_attachment", ("policy_arn",), (kind,)) for kind in ("role", "user", "group")),
            Way("aws_iam_policy_attachment", ("policy_arn",), ("roles", "users", "groups")),
            Way("aws_iam_role", ("managed_policy_arns",)),
            *(
                Way(f"aws_iam_{kind}_policy_attachments_exclusive", ("policy_arns",), (f"{kind}_name",))
                for kind in ("role", "user", "group")
            ),
            Way(
                "aws_ssoadmin_customer_managed_policy_attachment",
                ("customer_managed_policy_reference.name",),
                ("permission_set_arn",),
            ),
        )
    ),
    "aws_iam_role": Cause(
        (
            Way("", gets=("managed_policy_arns", "inline_policy.policy")),
            Way("aws_iam_role_policy", ("role",), ("policy",)),
            Way("aws_iam_role_policy_attachment", ("role",), ("policy_arn",)),
            Way("aws_iam_policy_attachment", ("roles",), ("policy_arn",)),
        ),
        fails=frozenset({"assume_role_policy"}),
    ),
    "aws_launch_template": Cause(
        (
            Way("aws_autoscaling_group", (*_TEMPLATED, f"{_MIXED}id", f"{_MIXED}name")),
            *(Way(kind, _TEMPLATED) for kind in ("aws_eks_node_group", "aws_instance", "aws_spot_instance_request")),
            Way("aws_ec2_fleet", (f"{_FLEET}launch_template_id", f"{_FLEET}launch_template_name")),
            Way("aws_spot_fleet_request", (f"{_FLEET}id", f"{_FLEET}name")),
            Way(
                "aws_batch_compute_environment",
                tuple(f"compute_resources.launch_template.launch_template_{one}" for one in ("id", "name")),
            ),
        )
    ),
    "aws_launch_configuration": Cause((Way("aws_autoscaling_group", ("launch_configuration",)),)),
    "aws_ecs_task_definition": Cause(
        (
            *(Way(kind, ("task_definition",)) for kind in ("aws_ecs_service", "aws_ecs_task_set")),
            Way("aws_cloudwatch_event_target", ("ecs_target.task_definition_arn",)),
            Way("aws_scheduler_schedule", ("target.ecs_parameters.task_definition_arn",)),
            Way("aws_pipes_pipe", ("target_parameters.ecs_task_parameters.task_definition_arn",)),
        ),
        name="family",
    ),
    "aws_cloudformation_stack_set": Cause(
        tuple(
            Way(f"aws_cloudformation_{kind}", ("stack_set_name",), _INSTANCES)
            for kind in ("stack_set_instance", "stack_instances")
        )
    ),
    "aws_security_group": Cause(_GROUP, "", frozenset({"ingress"})),
    "aws_vpc_security_group_ingress_rule": Cause(_GROUP, "", through="security_group_id"),
    "aws_security_group_rule": Cause(_GROUP, "", through="security_group_id", only=("type", "ingress")),
    "AWS::IAM::ManagedPolicy": Cause(
        (
            Way("", gets=("Roles", "Users", "Groups")),
            *(Way(f"AWS::IAM::{kind}", ("ManagedPolicyArns",)) for kind in ("Role", "User", "Group")),
        ),
        name="ManagedPolicyName",
    ),
    "AWS::IAM::Policy": Cause((Way("", gets=("Roles", "Users", "Groups")),), ""),
    "AWS::IAM::Role": Cause(
        (
            Way("", gets=("ManagedPolicyArns", "Policies.PolicyDocument")),
            Way("AWS::IAM::RolePolicy", ("RoleName",), ("PolicyDocument",)),
            Way("AWS::IAM::Policy", ("Roles",), ("PolicyDocument",)),
        ),
        name="RoleName",
        fails=frozenset({"AssumeRolePolicyDocument"}),
    ),
    "AWS::EC2::LaunchTemplate": Cause(
        (
            Way(
                "AWS::AutoScaling::AutoScalingGroup",
                tuple(f"{path}{one}" for path in (_TEMPLATE, _MIXED_POLICY) for one in ("Id", "Name")),
            ),
            Way("AWS::EKS::Nodegroup", ("LaunchTemplate.Id", "LaunchTemplate.Name")),
            Way("AWS::EC2::Instance", (f"{_TEMPLATE}Id", f"{_TEMPLATE}Name")),
        ),
        name="LaunchTemplateName",
    ),
    "AWS::ECS::TaskDefinition": Cause(
        (
            Way("AWS::ECS::Service", ("TaskDefinition",)),
            Way("AWS::Events::Rule", ("Targets.EcsParameters.TaskDefinitionArn",)),
            Way("AWS::Scheduler::Schedule", ("Target.EcsParameters.TaskDefinitionArn",)),
        ),
        name="Family",
    ),
    "AWS::CloudFormation::StackSet": Cause((Way("", gets=("StackInstancesGroup",)),), ""),
    "AWS::EC2::SecurityGroup": Cause(_GROUP, "", frozenset({"SecurityGroupIngress"})),
    "AWS::EC2::SecurityGroupIngress": Cause(_GROUP, "", through="GroupId"),
}
