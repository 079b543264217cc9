"""Joins of resources and blocks: a join is true whatever else shares the name, and the others have a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_copy import bundled
from preuve.assess.code.disagreements import disagreements
from preuve.assess.code.join import Matcher
from preuve.assess.index import Index
from preuve.model.content import Severity
from preuve.model.results import Disagreement, Finding, FindingStatus, Join, JoinState, Place, Reason
from preuve.model.snapshot import IacBlock, IacState, Listing, Meta, Resource, Snapshot, StateEntry

from .factory import ACCOUNT, DENIED, IRELAND, OTHER, PARIS, listing, resource

F = FindingStatus
DATABASE, BUCKET, QUEUE, GROUP = "AWS::RDS::DBInstance", "AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::EC2::SecurityGroup"
BLOCKS = {DATABASE: "aws_db_instance", QUEUE: "aws_sqs_queue"}
PLACES = [(account, region) for account in (ACCOUNT, OTHER) for region in (PARIS, IRELAND)]


def made(kind: str, name: str, account: str = ACCOUNT, region: str = PARIS) -> Resource:
    if kind == QUEUE:
        return resource(kind, f"https://sqs.{region}.amazonaws.com/{account}/{name}", account=account, region=region)
    if kind == BUCKET:
        return resource(kind, name, account=account, region=region, arn=f"arn:aws:s3:::{name}")
    return resource(kind, name, account=account, region=region, arn=f"arn:aws:rds:{region}:{account}:db:{name}")


def arn_of(item: Resource) -> str:
    """Return the ARN in a state, also for a resource that the account knows only by its id."""
    name = item.id.rsplit("/", maxsplit=1)[-1]
    return item.arn or f"arn:aws:sqs:{item.region}:{item.account}:{name}"


def block(address: str, name: str = "", **more: Any) -> IacBlock:
    """A block. A template's block has its type as an argument, Terraform's in the address."""
    kind = more.pop("type", "") or address.split("[", maxsplit=1)[0].split(".")[-2]
    place = (more.pop("root", "infra"), address, kind, more.pop("file", "infra/main.tf"))
    return IacBlock(*place, 1, 9, name=name, **more)


def snapshot(resources: list[Resource], blocks: list[IacBlock], **more: Any) -> Snapshot:
    """Everything was listed in both accounts and both regions, unless listings are given."""
    meta = Meta(accounts=(ACCOUNT, OTHER), regions=(PARIS, IRELAND))
    types = {item.type for item in resources} | {bundled().namings.of[item.type].resource for item in blocks}
    everywhere = [
        listing(kind, "" if kind == BUCKET else region, account=account) for kind in types for account, region in PLACES
    ]
    return Snapshot(meta, tuple(resources), more.pop("listings", tuple(everywhere)), blocks=tuple(blocks), **more)


def joining(found: Snapshot) -> Matcher:
    return Matcher(Index(found, bundled().types), bundled().namings)


def joins(found: Snapshot) -> list[Join]:
    return list(joining(found).all())


def pairs(found: Snapshot) -> set[tuple[str, str, str]]:
    """Return resource, block and source of each join."""
    return {
        (join.cloud.own_name, join.code.id, join.why)
        for join in joins(found)
        if join.state is JoinState.JOINED and join.cloud and join.code
    }


# ---- nothing by guess ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class World:
    """The true resources with the block that created each ("" for none), and the visible part of them."""

    truth: Sequence[tuple[Resource, str]]
    found: Snapshot


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Few names in several places, created by hand or by blocks with a possibly unknown name or region."""
    keys = draw(
        st.lists(
            st.tuples(st.sampled_from([DATABASE, QUEUE]), st.sampled_from("ab"), st.sampled_from(PLACES)),
            min_size=1,
            max_size=6,
            unique=True,
        )
    )
    truth: list[tuple[Resource, str]] = []
    blocks: list[IacBlock] = []
    entries: dict[str, list[StateEntry]] = {}
    for number, (kind, name, (account, region)) in enumerate(keys):
        item = made(kind, name, account, region)
        root, address = draw(st.sampled_from(["infra", "other"])), f"{BLOCKS[kind]}.n{number}"
        by_code = draw(st.booleans())
        truth.append((item, address if by_code else ""))
        if by_code:
            told = {"name": draw(st.sampled_from(["", name])), "region": draw(st.sampled_from(["", region]))}
            blocks.append(block(address, root=root, **told))
            entries.setdefault(root, []).append(StateEntry(address, BLOCKS[kind], item.id, arn_of(item)))
    hidden = draw(st.sets(st.sampled_from(PLACES), max_size=2))
    missing = draw(st.booleans())
    listings = [
        listing(kind, region, account=account, unread=DENIED if (account, region) in hidden else None)
        for kind in (DATABASE, QUEUE)
        for account, region in PLACES
        if not (missing and (account, region) in hidden)
    ]
    states = [IacState(root, "x.tfstate", tuple(held)) for root, held in entries.items() if draw(st.booleans())]
    seen = [item for item, _ in truth if (item.account, item.region) not in hidden]
    return World(truth, snapshot(seen, blocks, listings=tuple(listings), states=tuple(states)))


@given(worlds())
def test_a_join_is_true_whatever_other_resources_share_the_name(world: World) -> None:
    makers = {(item.type, item.account, item.region, item.id): maker for item, maker in world.truth}
    for join in joins(world.found):
        if join.state is JoinState.JOINED:
            assert join.cloud and join.code
            assert makers[join.cloud.type, join.cloud.account, join.cloud.region, join.cloud.id] == join.code.id


@given(worlds())
def test_every_resource_and_every_block_is_counted_once(world: World) -> None:
    found = joins(world.found)
    clouds = [join.cloud for join in found if join.cloud]
    codes = [join.code for join in found if join.code]
    if world.found.blocks:
        assert len(clouds) == len(set(clouds)) == len(world.found.resources)
        assert len(codes) == len(set(codes)) == len(world.found.blocks)


@given(worlds())
def test_a_resource_that_a_block_may_have_made_is_not_only_in_the_account(world: World) -> None:
    alone = {join.cloud for join in joins(world.found) if join.state is JoinState.ONLY_ACCOUNT}
    for item, maker in world.truth:
        if maker:
            assert Place(item.type, item.id, item.account, item.region, item.arn) not in alone


@given(worlds())
def test_a_state_joins_every_resource_that_was_read(world: World) -> None:
    known = {state.root for state in world.found.states}
    roots = {item.address: item.root for item in world.found.blocks}
    joined = pairs(world.found)
    for item, maker in world.truth:
        if maker and roots[maker] in known and item in world.found.resources:
            assert (item.arn or item.id, maker, "state") in joined


# ---- by what, and why not -----------------------------------------------------------------------------------------


def why(found: Snapshot) -> dict[str, str]:
    """Return the reason for each block without a join."""
    return {join.code.id: join.why or join.state.value for join in joins(found) if join.code and not join.cloud}


def test_a_name_joins_where_it_is_unique_and_a_region_distinguishes_two() -> None:
    paris, ireland = made(DATABASE, "shop"), made(DATABASE, "shop", region=IRELAND)
    named = block("aws_db_instance.shop", "shop")
    assert pairs(snapshot([paris], [named])) == {(paris.arn, "aws_db_instance.shop", "name")}
    assert why(snapshot([paris, ireland], [named])) == {"aws_db_instance.shop": "several_resources"}
    regional = block("aws_db_instance.shop", "shop", region=IRELAND)
    assert pairs(snapshot([paris, ireland], [regional])) == {(ireland.arn, "aws_db_instance.shop", "name")}


def test_only_a_state_distinguishes_two_blocks_of_one_name() -> None:
    database = made(DATABASE, "shop")
    blocks = [block("aws_db_instance.shop", "shop"), block("aws_db_instance.shop", "shop", root="other")]
    assert pairs(snapshot([database], blocks)) == set()
    assert set(why(snapshot([database], blocks)).values()) == {"several_blocks"}
    entry = StateEntry("aws_db_instance.shop", "aws_db_instance", "db-XYZ", database.arn)
    found = snapshot([database], blocks, states=(IacState("other", "t.tfstate", (entry,)),))
    (joined,) = [join for join in joins(found) if join.state is JoinState.JOINED]
    assert joined.code and (joined.code.root, joined.why) == ("other", "state")


@pytest.mark.parametrize(
    ("arn", "said"),
    [
        (None, "only_code"),
        ("", "no_arn"),
        ("arn:aws:rds:eu-west-3:999999999999:db:shop", "out_of_scope"),
        (f"arn:aws:rds:us-east-1:{ACCOUNT}:db:shop", "out_of_scope"),
        (f"arn:aws:rds:eu-west-3:{ACCOUNT}:db:gone", "only_code"),
    ],
)
def test_a_block_missing_from_its_state_is_not_joined_by_name(arn: str | None, said: str) -> None:
    held = () if arn is None else (StateEntry("aws_db_instance.shop", "aws_db_instance", "shop", arn),)
    states = (IacState("infra", "t.tfstate", held),)
    assert why(snapshot([made(DATABASE, "shop")], [block("aws_db_instance.shop", "shop")], states=states)) == {
        "aws_db_instance.shop": said
    }


def test_each_instance_of_a_block_that_is_not_expanded_is_its_own() -> None:
    databases = [made(DATABASE, name) for name in ("shop-1", "shop-2")]
    held = tuple(
        StateEntry(f'module.m["x"].aws_db_instance.shop[{number}]', "aws_db_instance", "", item.arn)
        for number, item in enumerate(databases)
    )
    found = snapshot(databases, [block("module.m.aws_db_instance.shop")], states=(IacState("infra", "t", held),))
    assert pairs(found) == {(item.arn, "module.m.aws_db_instance.shop", "state") for item in databases}


def test_an_instance_with_another_key_in_the_state_is_unknown_and_not_missing() -> None:
    held = (StateEntry("aws_db_instance.shop[0]", "aws_db_instance", "", made(DATABASE, "shop").arn),)
    keyed = block('aws_db_instance.shop["eu"]', type="aws_db_instance")
    found = snapshot([made(DATABASE, "shop")], [keyed], states=(IacState("infra", "t", held),))
    assert why(found) == {keyed.address: "instance_unknown"}


def test_an_unlisted_place_prevents_a_join_by_name() -> None:
    listings = tuple(listing(DATABASE, region, account=account) for account, region in PLACES[:3])
    found = snapshot([made(DATABASE, "shop")], [block("aws_db_instance.shop", "shop")], listings=listings)
    assert why(found) == {"aws_db_instance.shop": "unread"}
    elsewhere = block("aws_db_instance.shop", "shop", region="us-east-1")
    assert why(snapshot([made(DATABASE, "shop")], [elsewhere])) == {"aws_db_instance.shop": "out_of_scope"}


def test_a_log_group_joins_by_its_arn_and_a_trail_by_the_last_part_of_its_arn() -> None:
    group = resource("AWS::Logs::LogGroup", "/app", arn=f"arn:aws:logs:{PARIS}:{ACCOUNT}:log-group:/app:*")
    entry = StateEntry("aws_cloudwatch_log_group.app", "aws_cloudwatch_log_group", "/app", group.arn.removesuffix(":*"))
    found = snapshot([group], [block("aws_cloudwatch_log_group.app")], states=(IacState("infra", "t", (entry,)),))
    assert pairs(found) == {(group.arn, "aws_cloudwatch_log_group.app", "state")}
    trail = resource("AWS::CloudTrail::Trail", f"arn:aws:cloudtrail:{PARIS}:{ACCOUNT}:trail/main")
    assert pairs(snapshot([trail], [block("aws_cloudtrail.main", "main")])) == {
        (trail.id, "aws_cloudtrail.main", "name")
    }


def test_without_code_or_without_an_account_nothing_is_joined() -> None:
    assert joins(snapshot([made(DATABASE, "shop")], [])) == []
    assert joins(snapshot([], [block("aws_db_instance.shop", "shop")], listings=())) == []


# ---- stacks -------------------------------------------------------------------------------------------------------


def stack(name: str, *made_by: tuple[str, str, str], **more: Any) -> Resource:
    """A stack with logical id, type and physical id of each of its resources."""
    listed = [
        {"LogicalResourceId": logical, "ResourceType": kind, "PhysicalResourceId": physical, "ResourceStatus": status}
        for status in ["CREATE_COMPLETE"]
        for logical, kind, physical in made_by
    ]
    return resource("AWS::CloudFormation::Stack", name, {"Resources": listed}, **more)


def template(file: str, *written: tuple[str, str], optional: tuple[str, ...] = ()) -> list[IacBlock]:
    return [
        block(f"{kind}.{logical}", type=kind, file=file, root="sam", optional=logical in optional)
        for logical, kind in written
    ]


GROUPS = [
    resource(GROUP, name, arn=f"arn:aws:ec2:{PARIS}:{ACCOUNT}:security-group/{name}") for name in ("sg-1", "sg-2")
]


def test_a_physical_id_joins_where_exactly_one_template_matches_the_stack() -> None:
    mine = stack("app", ("Web", GROUP, "sg-1"), ("Data", BUCKET, "data-x"))
    blocks = template("sam/app.yaml", ("Web", GROUP), ("Data", BUCKET))
    found = snapshot([*GROUPS, made(BUCKET, "data-x"), mine], blocks)
    assert pairs(found) == {
        (GROUPS[0].arn, f"{GROUP}.Web", "stack"), ("arn:aws:s3:::data-x", f"{BUCKET}.Data", "stack")
    }  # fmt: skip
    twin = template("sam/copy.yaml", ("Web", GROUP), ("Data", BUCKET))
    assert pairs(snapshot([*GROUPS, mine], [*blocks, *twin])) == set(), "which of the two it was is not known"
    more = template("sam/app.yaml", ("Web", GROUP), ("Data", BUCKET), ("Extra", QUEUE))
    assert pairs(snapshot([*GROUPS, mine], more)) == set(), "the stack has not all that the template has"
    conditional = template("sam/app.yaml", ("Web", GROUP), ("Data", BUCKET), ("Extra", QUEUE), optional=("Extra",))
    found = snapshot([*GROUPS, mine], conditional)
    assert (GROUPS[0].arn, f"{GROUP}.Web", "stack") in pairs(found)
    assert why(found)[f"{QUEUE}.Extra"] == "only_code"


def test_one_template_may_have_made_a_stack_in_each_of_several_accounts() -> None:
    same = [made(DATABASE, "shop"), made(DATABASE, "shop", account=OTHER)]
    stacks = [stack(f"shop-{item.account}", ("Db", DATABASE, "shop"), account=item.account) for item in same]
    assert pairs(snapshot([*same, *stacks], template("sam/db.yaml", ("Db", DATABASE)))) == {
        (item.arn, f"{DATABASE}.Db", "stack") for item in same
    }
    assert pairs(snapshot([same[0], stacks[1]], template("sam/db.yaml", ("Db", DATABASE)))) == set()


# ---- disagreements ------------------------------------------------------------------------------------------------


def cloud_finding(item: Resource, status: F, policy: str = "p") -> Finding:
    place = Place(item.type, item.id, item.account, item.region, item.arn)
    return Finding(policy, 1, "aws", status, Severity.HIGH, place, Reason("x"))


def code_finding(of: IacBlock, status: F, policy: str = "p", line: int = 4) -> Finding:
    place = Place(of.type, of.address, root=of.root, file=of.file, line=line)
    return Finding(policy, 1, "iac", status, Severity.HIGH, place, Reason("x"))


def apart(found: Snapshot, *findings: Finding) -> list[Disagreement]:
    return list(disagreements(joining(found), findings))


BUCKETS = [made(BUCKET, "logs"), made(BUCKET, "pages")]
LOGS, PAGES = block("aws_s3_bucket.logs", "logs"), block("aws_s3_bucket.pages", "pages")
BOTH = snapshot(BUCKETS, [LOGS, PAGES])


@given(*(st.sampled_from(F) for _ in range(4)))
def test_each_resource_is_compared_with_its_own_block(a: F, b: F, c: F, d: F) -> None:
    told = apart(
        BOTH, cloud_finding(BUCKETS[0], a), cloud_finding(BUCKETS[1], b), code_finding(LOGS, c), code_finding(PAGES, d)
    )
    breach = {F.FAIL, F.WAIVED}
    expected = [
        (item.id, of.address, cloud in breach, 4)
        for item, of, cloud, code in ((BUCKETS[0], LOGS, a, c), (BUCKETS[1], PAGES, b, d))
        if (cloud in breach and code is F.PASS) or (cloud is F.PASS and code in breach)
    ]
    assert [(item.cloud.id, item.code.id, item.cloud_fails, item.code.line) for item in told] == expected


@pytest.mark.parametrize(("cloud", "code"), [(F.WAIVED, F.PASS), (F.FAIL, F.PASS), (F.PASS, F.WAIVED)])
def test_a_disagreement_tells_a_waived_failure_from_another(cloud: F, code: F) -> None:
    (told,) = apart(
        BOTH,
        cloud_finding(BUCKETS[0], cloud),
        cloud_finding(BUCKETS[1], F.PASS),
        *(code_finding(item, code if item is LOGS else F.PASS) for item in (LOGS, PAGES)),
    )
    assert told.waived is (F.WAIVED in (cloud, code))


def part(name: str, **more: Any) -> IacBlock:
    return block(f"aws_s3_bucket_acl.{name}", **more)


def test_a_failure_of_a_part_is_a_failure_of_its_resource() -> None:
    acl = part("logs", of="aws_s3_bucket.logs")
    found = snapshot(BUCKETS, [LOGS, PAGES, acl])
    findings = [cloud_finding(item, F.PASS) for item in BUCKETS] + [
        code_finding(item, F.PASS) for item in (LOGS, PAGES)
    ]
    (told,) = apart(found, *findings, code_finding(acl, F.FAIL))
    assert (told.cloud.id, told.code.id, told.cloud_fails) == ("logs", "aws_s3_bucket_acl.logs", False)


@pytest.mark.parametrize(
    "loose", [part("any"), part("other", of="aws_s3_bucket.unseen"), block("aws_new_thing.any", type="aws_new_thing")]
)
@pytest.mark.parametrize("status", [F.FAIL, F.NOT_EVALUATED, F.WAIVED])
def test_code_passes_only_if_no_open_block_may_configure_the_resource(loose: IacBlock, status: F) -> None:
    found = snapshot(BUCKETS, [LOGS, *([loose] if loose.type in bundled().namings.of else [])])
    sides = [cloud_finding(BUCKETS[0], F.FAIL), code_finding(LOGS, F.PASS)]
    assert len(apart(found, *sides, code_finding(loose, F.PASS))) == 1
    assert apart(found, *sides, code_finding(loose, status)) == []
    assert len(apart(found, *sides, code_finding(loose, status, "another"))) == 1
    elsewhere = block(loose.address, type=loose.type, root="other")
    assert len(apart(found, *sides, code_finding(elsewhere, status))) == 1


def test_an_open_block_of_another_type_does_not_matter() -> None:
    rule = block("aws_security_group_rule.any")
    found = snapshot(BUCKETS, [LOGS, rule])
    sides = [cloud_finding(BUCKETS[0], F.FAIL), code_finding(LOGS, F.PASS), code_finding(rule, F.FAIL)]
    assert len(apart(found, *sides)) == 1


def test_a_part_joins_by_its_known_name_if_its_reference_is_of_another_type() -> None:
    """The name of a topic may be that of a bucket too: then the value is an attribute of the topic."""
    acl = block("aws_s3_bucket_acl.logs", "logs", of="aws_sns_topic.logs")
    findings = [cloud_finding(BUCKETS[0], F.PASS), code_finding(LOGS, F.PASS), code_finding(acl, F.FAIL)]
    (told,) = apart(snapshot(BUCKETS, [LOGS, PAGES, acl]), *findings)
    assert (told.cloud.id, told.code.id) == ("logs", "aws_s3_bucket_acl.logs")


def test_a_join_by_the_name_of_a_part_needs_complete_listings_too() -> None:
    acl = block("aws_s3_bucket_acl.pages", "pages")
    listings = tuple(
        Listing(BUCKET, account, "global", 1, unread=DENIED if account == OTHER else None)
        for account in (ACCOUNT, OTHER)
    )
    sides = [cloud_finding(BUCKETS[1], F.PASS), code_finding(acl, F.FAIL)]
    entry = StateEntry("aws_s3_bucket.pages", "aws_s3_bucket", "pages", BUCKETS[1].arn)
    states = (IacState("other", "t", (entry,)),)
    maker = block("aws_s3_bucket.pages", root="other")
    assert apart(snapshot(BUCKETS, [maker, acl], listings=listings, states=states), *sides) == []
    assert len(apart(snapshot(BUCKETS, [maker, acl], states=states), *sides)) == 1
