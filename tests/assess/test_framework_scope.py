"""What says by its tag that it holds no personal data is what no item of the GDPR is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from content_copy import bundled
from preuve.assess.code.framework_scope import FrameworkScope, _is_closed
from preuve.assess.code.join import Matcher, cloud_place
from preuve.assess.index import Index
from preuve.library.validation.lint import _scope_limits
from preuve.library.validation.rules import Checker
from preuve.model.content import ScopeLimit, Severity
from preuve.model.results import Finding, FindingStatus, Place, Reason
from preuve.model.snapshot import INHERITED, IacBlock, IacRecord, IacScan, Snapshot, Unread

from .factory import resource, snapshot

F = FindingStatus
GDPR = ("gdpr",)
LIBRARY = bundled()
TAG = LIBRARY.parameters["personal_data_tag"].value
BEYOND = LIBRARY.frameworks["gdpr"].beyond or ScopeLimit((), ())
TYPES = BEYOND.types
IN_ACCOUNT = [kind for kind in TYPES if kind in LIBRARY.types]
ARN = "arn:aws:test:eu-west-3:123456789012:s"
WORDS = [
    ({TAG: "no"}, True), ({TAG: " NON "}, True), ({TAG: "False"}, True), ({TAG: "yes"}, False), ({TAG: ""}, False),
    ({TAG: "nobody"}, False), ({}, False), ({"Other": "no"}, False), ({TAG.lower(): "no"}, False),
    ({TAG: "no", TAG.lower(): "yes"}, False), ({TAG: "no", TAG.upper(): "no"}, False),
    ({TAG: "no", "ropaid": "R"}, False),
]  # fmt: skip


def finding(place: Place, status: FindingStatus = F.FAIL, lines: tuple[str, ...] = ()) -> Finding:
    return Finding("test", 1, "aws", status, Severity.HIGH, place, Reason("r"), lines=lines)


def outside(found: Snapshot, *findings: Finding) -> list[tuple[str, ...]]:
    joining = Matcher(Index(found, LIBRARY.types), LIBRARY.namings)
    params = {name: item.value for name, item in LIBRARY.parameters.items()}
    return [
        item.outside for item in FrameworkScope(tuple(LIBRARY.frameworks.values()), joining, params).marked(findings)
    ]


@pytest.mark.parametrize("kind", IN_ACCOUNT)
@pytest.mark.parametrize(("tags", "is_outside"), WORDS)
def test_a_resource_says_it_by_the_plain_word_of_its_tag(kind: str, tags: Mapping[str, str], is_outside: bool) -> None:
    for name in ("Tags", "TagList"):
        item = resource(kind, "x", {name: dict(tags)})
        assert outside(snapshot(item), finding(cloud_place(item))) == [GDPR if is_outside else ()]


@pytest.mark.parametrize("kind", ["AWS::EC2::SecurityGroup", "AWS::IAM::Role", "AWS::KMS::Key", "AWS::EC2::Instance"])
def test_what_holds_no_data_bears_no_such_word(kind: str) -> None:
    item = resource(kind, "x", {"Tags": {TAG: "no"}})
    assert outside(snapshot(item), finding(cloud_place(item))) == [()]


def test_tags_that_another_service_tells_count() -> None:
    bucket = resource("AWS::S3::Bucket", "q", arn="arn:aws:s3:::q")
    told = resource("AWS::ResourceGroupsTaggingAPI::Resource", bucket.arn, {"Tags": {TAG: "no"}})
    assert outside(snapshot(bucket, told), finding(cloud_place(bucket))) == [GDPR]


BUCKET, MACIE = "AWS::S3::Bucket", "AWS::Macie::Finding"
NO, YES = {TAG: "no"}, {TAG: "yes"}
SEEN = resource(MACIE, "f", {"resourcesAffected": {"s3Bucket": {"name": "b"}}})


@pytest.mark.parametrize("status", F)
def test_what_macie_found_in_it_takes_the_word_away_whatever_became_of_it(status: FindingStatus) -> None:
    bucket = resource(BUCKET, "b", {"Name": "b", "Tags": NO})
    other = resource(BUCKET, "other", {"Name": "other", "Tags": NO})
    code = block("aws_s3_bucket.b", name="b")
    found = replace(snapshot(bucket, other), blocks=(code,), records=(record(code.address, NO),))
    places = (cloud_place(bucket), cloud_place(other), Place(code.type, code.address, root=code.root))
    assert outside(found, *map(finding, places)) == [GDPR] * 3
    seen = replace(found, resources=(*found.resources, SEEN))
    told = finding(cloud_place(SEEN), status, lines=(bucket.at,))
    assert outside(seen, *map(finding, places), told) == [(), GDPR, (), ()]
    assert outside(seen, *map(finding, places)) == [(), GDPR, ()]  # and where no policy asked about it


@pytest.mark.parametrize("kind", IN_ACCOUNT)
@pytest.mark.parametrize(
    ("name", "value", "is_outside"), [("RopaId", "RT-01", False), ("RopaId", "", True), ("Owner", "x", True)]
)
def test_what_is_in_the_record_of_processing_holds_personal_data(
    kind: str, name: str, value: str, is_outside: bool
) -> None:
    item = resource(kind, "x", {"Tags": {**NO, name: value}})
    assert outside(snapshot(item), finding(cloud_place(item))) == [GDPR if is_outside else ()]


# What something may say that is one with what says "no", and whether it leaves the word: only the same, or nothing,
# and not even that if it may bear the word itself: what is not known to hold nothing may hold something.
OTHERS = [
    (NO, True), ({}, True), ({"Other": "x"}, True), (YES, False), ({TAG: "unknown"}, False), ({TAG: ""}, False),
    ({TAG.lower(): "yes"}, False), ({"RopaId": "RT-01"}, False), ({**NO, "RopaId": "RT-01"}, False),
]  # fmt: skip
RELATIONS = [(kind, path, of) for kind, paths in BEYOND.part_of.items() for path, of in paths.items()]


def named(path: str, text: str) -> Mapping[str, object]:
    """Data with a text at the end of a path."""
    step, _, rest = path.partition(".")
    inner = named(rest, text) if rest else text
    return {step.removesuffix("[]"): [inner] if step.endswith("[]") else inner}


@pytest.mark.parametrize(("tags", "leaves"), OTHERS)
@pytest.mark.parametrize(("kind", "path", "of"), RELATIONS)
def test_a_part_or_a_copy_follows_what_it_is_from(
    kind: str, path: str, of: str, tags: Mapping[str, str], leaves: bool
) -> None:
    for text in ("s", ARN):
        source = resource(of, "s", {"Tags": tags}, arn=ARN)
        item = replace(resource(kind, "x", {"Tags": NO, **named(path, text)}, arn=f"{ARN}2"), region="eu-west-1")
        said = leaves and (of not in TYPES or tags.get(TAG) == "no")
        assert outside(snapshot(source, item), finding(cloud_place(item))) == [GDPR if said else ()]
        assert outside(snapshot(item), finding(cloud_place(item))) == [()]


@pytest.mark.parametrize(("tags", "leaves"), OTHERS)
def test_it_follows_step_by_step(tags: Mapping[str, str], leaves: bool) -> None:
    volume = resource("AWS::EC2::Volume", "v", {"Tags": tags})
    copied = resource("AWS::EC2::Snapshot", "s", {"VolumeId": "v", "Tags": NO})
    image = resource("AWS::EC2::Image", "i", {"Tags": NO, "BlockDeviceMappings": [{"Ebs": {"SnapshotId": "s"}}]})
    said = leaves and tags.get(TAG) == "no"
    assert outside(snapshot(volume, copied, image), finding(cloud_place(image))) == [GDPR if said else ()]


@pytest.mark.parametrize(("tags", "leaves"), OTHERS)
def test_a_bucket_that_another_one_is_copied_to_follows_it(tags: Mapping[str, str], leaves: bool) -> None:
    rules = {"Replication": {"Rules": [{"Destination": {"Bucket": ARN}}]}}
    first = resource(BUCKET, "a", {"Tags": tags, **rules})
    second = resource(BUCKET, "b", {"Tags": NO}, arn=ARN)
    said = leaves and tags.get(TAG) == "no"
    assert outside(snapshot(first, second), finding(cloud_place(second))) == [GDPR if said else ()]


# Where its name may stand: no list of addresses is complete, so it may be anywhere in a text.
WAYS = [
    "{}", "x{}x", "{}/x", "s3a://{}/x", "bucket={}", "{}:prefix", "a,{},b", "arn:aws:s3:::{}*", "https://h/%2F{}%2F",
    "{}.s3-website.eu-west-3.amazonaws.com", "u@{}.abc.eu-west-3.rds.amazonaws.com:5432", '{{"a": "\\n{}"}}',
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("kind", "id", "arn", "name"),
    [
        *((kind, "Acme-B", "", "acme-b") for kind in IN_ACCOUNT),
        ("AWS::EC2::Image", "ignored", "arn:aws:ec2:eu-west-3::image/acme-b", "acme-b"),
        ("AWS::Backup::RecoveryPoint", "arn:aws:backup:eu-west-3:1:recovery-point:acme-b", "", "ACME-B"),
    ],
)
def test_whatever_contains_its_name_takes_the_word_away(kind: str, id: str, arn: str, name: str, way: str) -> None:
    item = resource(kind, id, {"Tags": NO}, arn=arn)
    text = way.format(name)
    for data in ({"Environment": {"Variables": {"X": text}}}, {"Code": [{text: 1}]}):
        other = resource("AWS::Lambda::Function", "f", data)
        assert outside(snapshot(item, other), finding(cloud_place(item))) == [()]
    other = resource("AWS::Lambda::Function", "f", {"Environment": {"Variables": {"X": way.format("acme")}}})
    assert outside(snapshot(item, other), finding(cloud_place(item))) == [GDPR]


@pytest.mark.parametrize("kind", [kind for kind in BEYOND.unseen_writers if kind in LIBRARY.types])
def test_what_programs_alone_fill_bears_no_word_nor_does_a_copy(kind: str) -> None:
    store = resource(kind, "s", {"Tags": NO}, arn=ARN)
    protected = resource("AWS::Backup::ProtectedResource", "p", arn=ARN)
    point = resource("AWS::Backup::RecoveryPoint", "x", {"Tags": NO, "ResourceArn": ARN})
    places = (cloud_place(store), cloud_place(point))
    assert outside(snapshot(store, protected, point), *map(finding, places)) == [(), ()]


WAYS_OF_A_BUCKET = ["b", "arn:aws:s3:::b", "arn:aws:s3:::b/logs/AWSLogs", "s3://b/x", "b.s3.eu-west-3.amazonaws.com"]


@pytest.mark.parametrize("text", WAYS_OF_A_BUCKET)
@pytest.mark.parametrize("kind", sorted(LIBRARY.types))
def test_whatever_names_it_takes_the_word_away_but_what_puts_nothing_into_it(kind: str, text: str) -> None:
    bucket = resource(BUCKET, "b", {"Tags": NO}, arn="arn:aws:s3:::b")
    harmless = BEYOND.named_by.get(kind, ())
    for member in ("Anything", *harmless):
        other = resource(kind, "x", {member: {"Some": [{"Where": text}]}})
        is_outside = member in harmless or "." in harmless
        assert outside(snapshot(bucket, other), finding(cloud_place(bucket))) == [GDPR if is_outside else ()]
    assert outside(snapshot(bucket), finding(cloud_place(bucket))) == [GDPR]


# What records who did what, from which address: article 4(1), recital 30.
RECORDS = [
    ("AWS::CloudTrail::Trail", {"S3BucketName": "b"}),
    ("AWS::EC2::FlowLog", {"LogDestination": "arn:aws:s3:::b/flow"}),
    ("AWS::S3::Bucket", {"Logging": {"TargetBucket": "b"}}),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", {"Attributes": {"access_logs.s3.bucket": "b"}}),
    ("AWS::CloudFront::Distribution", {"Logging": {"Bucket": "b.s3.amazonaws.com"}}),
    ("AWS::Redshift::Cluster", {"LoggingStatus": {"BucketName": "b"}}),
    ("AWS::Region", {"SessionPreferences": {"inputs": {"s3BucketName": "b"}}}),
    ("AWS::SNS::Subscription", {"Endpoint": "arn:aws:s3:::b"}),
]


@pytest.mark.parametrize(("kind", "data"), RECORDS)
def test_what_records_people_holds_personal_data(kind: str, data: Mapping[str, object]) -> None:
    bucket = resource(BUCKET, "b", {"Tags": NO}, arn="arn:aws:s3:::b")
    other = resource(kind, "x", {**data, "Tags": NO})
    assert outside(snapshot(bucket, other), finding(cloud_place(bucket))) == [()]


@pytest.mark.parametrize(("tags", "leaves"), OTHERS)
def test_of_code_and_account_both_must_say_it_or_nothing(tags: Mapping[str, str], leaves: bool) -> None:
    code = block("aws_s3_bucket.b", name="b")
    place = Place(code.type, code.address, root=code.root)
    for ours, theirs, at in ((NO, tags, 0), (tags, NO, 1)):
        bucket = resource(BUCKET, "b", {"Name": "b", "Tags": theirs})
        found = replace(snapshot(bucket), blocks=(code,), records=(record(code.address, ours),))
        assert outside(found, finding((place, cloud_place(bucket))[at])) == [GDPR if leaves else ()]
        other = finding((cloud_place(bucket), place)[at])  # each bears its own word alone
        assert outside(found, other) == [GDPR if tags.get(TAG) == "no" and leaves else ()]


BLOCKS = [one.block for one in LIBRARY.namings.entries]


@pytest.mark.parametrize("kind", BLOCKS)
def test_code_alone_does_not_show_what_is_put_into_a_store_so_it_bears_no_word(kind: str) -> None:
    code = record(f"{kind}.x", NO)
    scan = IacScan("infra", "terraform", 1, 1, {kind: 1})
    found = replace(snapshot(), blocks=(block(code.address),), records=(code,), scans=(scan,))
    assert outside(found, finding(Place(code.type, code.address, root=code.root))) == [()]


def together(*codes: IacRecord, **own: object) -> list[tuple[str, ...]]:
    """Say whether the block of a bucket is believed together with the bucket that it makes."""
    bucket = resource(BUCKET, "b", {"Name": "b", "Owner": "us", "Tags": NO, **own})
    made = {code.address: block(code.address, name="b") for code in codes}
    found = replace(snapshot(bucket), blocks=tuple(made.values()), records=codes)
    return outside(found, finding(Place(codes[0].type, codes[0].address, root="infra")), finding(cloud_place(bucket)))


def test_what_an_input_of_the_code_gives_is_no_word() -> None:
    code = record("aws_s3_bucket.b", NO)
    for origin in (f"tags.{TAG}", f"Tags[0].{TAG}", f"default_tags[0].tags.{TAG}"):
        given = replace(code, origins={origin: "var.personal"})
        assert together(given) == together(code, given) == [(), GDPR]  # one record tells it, another not


@pytest.mark.parametrize(
    ("inherited", "is_outside"),
    [(None, False), (TAG, False), (f"Owner, {TAG}", False), ("Owner", True), (f"{TAG}2", True)],
)
def test_what_a_provider_or_a_stack_gives_to_everything_is_no_word(inherited: str | None, is_outside: bool) -> None:
    code = record("aws_s3_bucket.b", {**NO, INHERITED: inherited})
    assert together(code)[0] == (GDPR if is_outside else ())


@pytest.mark.parametrize("known", [tags for tags, is_outside in WORDS if is_outside])
def test_tags_of_which_some_are_not_known_say_nothing(known: Mapping[str, str]) -> None:
    for more in ({"…": None}, {"…": "x"}, {"Owner": "a", "…": None}):
        assert together(record("aws_s3_bucket.b", {**known, **more})) == [(), ()]


# Who a bucket's own settings let in. What only reads, or is refused, puts nothing into it.
READS = ["s3:getobject", "s3:get*", "s3:listbucket", "s3:getobjectversion"]
WRITES = [
    "s3:putobject", "s3:*", "*", "s3:put*", "s3:replicateobject", "s3:restoreobject", "s3:?utobject", "s3:g*",
    "s3:*get", "s3:putbucketpolicy", "s3:objectowneroverridetobucketowner", "s3express:createsession", "S3:Put", "",
    "…",
]  # fmt: skip
WHO = [
    {"Kind": "Service", "Value": "cloudtrail.amazonaws.com"}, {"Kind": "AWS", "Value": "*"},
    {"Kind": "AWS", "Value": "arn:aws:iam::127311923021:root"}, {"Kind": "CanonicalUser", "Value": "c4c1ede6"},
]  # fmt: skip


def statement(effect: str, *actions: str, **more: object) -> Mapping[str, object]:
    return {"Effect": effect, "Action": [*actions], "NotAction": [], "Principal": WHO, "Resource": ["*"], **more}


@pytest.mark.parametrize("action", [*READS, *WRITES])
def test_a_bucket_that_its_policy_lets_somebody_write_to_bears_no_word(action: str) -> None:
    reads = action in READS
    for statements in ([statement("Allow", action)], [statement("Allow", *READS, action)]):
        assert together(record("aws_s3_bucket.b", NO), Policy={"Statement": statements}) == [GDPR if reads else ()] * 2
    denied = {"Statement": [statement("Deny", action), statement("Allow", *READS)]}
    assert together(record("aws_s3_bucket.b", NO), Policy=denied) == [GDPR] * 2
    allowed = {"Statement": [*denied["Statement"], statement("Allow", action)]}
    assert together(record("aws_s3_bucket.b", NO), Policy=allowed) == [GDPR if reads else ()] * 2


GROUP = "http://acs.amazonaws.com/groups/"
SETTINGS = [
    ({"Policy": {"Statement": [statement("Allow", NotAction=["s3:deleteobject"])]}}, False),
    ({"Policy": {"Statement": [statement("Allow", "s3:getobject", NotAction=["s3:deleteobject"])]}}, False),
    ({"Policy": {"Statement": [{"Action": ["s3:getobject"], "NotAction": []}]}}, True),
    ({"Policy": {"Statement": [{"Effect": "Allow"}]}}, False),
    ({"Policy": {"Version": "2012-10-17"}}, False), ({"Policy": "{"}, False), ({"Policy": None}, True),
    ({"Policy": {"Statement": []}}, False), ({}, True),
    ({"Grants": []}, True),
    ({"Grants": [{"Grantee": {"ID": "us"}, "Permission": "FULL_CONTROL"}]}, True),
    ({"Grants": [{"Grantee": {"ID": "c4c1"}, "Permission": "FULL_CONTROL"}]}, False),
    ({"Grants": [{"Grantee": {"ID": "us"}, "Permission": "WRITE"}, {"Grantee": {}, "Permission": "WRITE_ACP"}]}, False),
    ({"Grants": [{"Grantee": {"ID": ""}, "Permission": "WRITE"}], "Owner": ""}, True),
    ({"Grants": [{"Grantee": {"URI": f"{GROUP}s3/LogDelivery"}, "Permission": "WRITE"}]}, False),
    ({"Grants": [{"Grantee": {"URI": f"{GROUP}s3/LogDelivery"}, "Permission": "READ_ACP"}]}, True),
    ({"Grants": [{"Grantee": {"URI": f"{GROUP}global/AllUsers"}, "Permission": "READ"}]}, True),
    ({"Grants": [{"Grantee": {"URI": f"{GROUP}global/AllUsers"}}]}, False),
    ({"Logging": {"TargetBucket": "b", "TargetPrefix": "x"}}, False), ({"Logging": {"TargetBucket": "B"}}, False),
    ({"Logging": {"TargetBucket": "logs", "TargetPrefix": "b/"}}, True), ({"Logging": {}}, False),
]  # fmt: skip


@pytest.mark.parametrize(("own", "is_outside"), SETTINGS)
def test_a_bucket_that_lets_nobody_write_by_its_own_settings_is_believed(
    own: Mapping[str, object], is_outside: bool
) -> None:
    assert together(record("aws_s3_bucket.b", NO), **own) == [GDPR if is_outside else ()] * 2


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("Polcy.Statement[]", {"Effect": ("Deny",)}), ("Policy.Statemnt[]", {"Effect": ("Deny",)}),
        ("Policy.Statement[]", {"Effect": ("{",)}), ("Policy.Statement[]", {"Effect": ("{Effct}",)}),
        ("Policy.Statement[]", {"Effect": ("!{Effct}",)}), ("Policy.Statement[]", {"Effect": ("{Name}",)}),
    ],
)  # fmt: skip
def test_a_setting_that_is_misspelt_or_no_text_closes_nothing(path: str, form: Mapping[str, tuple[str, ...]]) -> None:
    own = {"Name": "*", "Policy": {"Statement": [{"Effect": "Allow", "Action": "s3:*"}]}}
    item, declared = resource(BUCKET, "b", own), LIBRARY.types[BUCKET]
    assert not _is_closed(item, declared, path, [form])
    assert _is_closed(item, declared, "Policy.Statement[]", [{"Effect": ("al*",)}])


@pytest.mark.parametrize("key", ["part_of", "copied_to", "named_by", "closed_by"])
def test_lint_names_a_misspelt_member_of_the_scope(key: str) -> None:
    checker = Checker.of(LIBRARY, ())
    assert [*_scope_limits(LIBRARY, checker)] == []
    beyond = replace(BEYOND, **{key: {BUCKET: {"Polcy.Statement[]": ()}, "AWS::S3::Bukket": {"Policy": ()}}})
    wrong = replace(LIBRARY, frameworks={"gdpr": replace(LIBRARY.frameworks["gdpr"], beyond=beyond)})
    assert [one.message for one in _scope_limits(wrong, checker)] == [
        f"beyond.{key}: {BUCKET} has no member Polcy", f"beyond.{key}: AWS::S3::Bukket has no member Policy",
    ]  # fmt: skip


@pytest.mark.parametrize("path", BEYOND.closed_by[BUCKET])
def test_a_setting_that_was_not_read_may_let_somebody_in(path: str) -> None:
    member = path.partition(".")[0].removesuffix("[]")
    item = replace(resource(BUCKET, "b", {"Name": "b", "Tags": NO}), unread={member: Unread("x", "denied")})
    assert outside(snapshot(item), finding(cloud_place(item))) == [()]


# What policies that decide an item of the GDPR judge, and what holds no data of its own, or none that a tag speaks of.
LOCKS = {
    "AWS::Account",
    "AWS::Region",
    "AWS::EnabledRegion",
    "AWS::ApiGateway::DomainName",
    "AWS::ApiGateway::Resource",
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Route",
    "AWS::Backup::BackupPlan",
    "AWS::Backup::ProtectedResource",
    "AWS::CloudFront::Distribution",
    "AWS::Cognito::IdentityPool",
    "AWS::Cognito::UserPool",
    "AWS::EC2::Instance",
    "AWS::EC2::LaunchTemplate",
    "AWS::EC2::SecurityGroup",
    "AWS::ECS::Cluster",
    "AWS::ECS::DaemonTaskDefinition",
    "AWS::ECS::TaskDefinition",
    "AWS::ElasticLoadBalancingV2::Listener",
    "AWS::IAM::CredentialReportEntry",
    "AWS::IAM::Group",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Role",
    "AWS::IAM::User",
    "AWS::InspectorV2::Finding",
    "AWS::KMS::Key",
    "AWS::Lambda::Function",
    "AWS::SSM::ManagedInstance",
    "AWS::SecretsManager::Secret",
}


def test_each_type_that_decides_an_item_may_bear_the_word_or_is_a_lock() -> None:
    links = (link for control in LIBRARY.frameworks["gdpr"].controls for link in control.policies if link.decides)
    judged = {rule.resource for link in links for rule in LIBRARY.policies[link.policy].aws}
    # What programs write into a log group and the stores that they alone fill, nobody has read.
    assert judged - {*TYPES, *BEYOND.unseen_writers} == LOCKS | {"AWS::Logs::LogGroup"}
    assert not {*TYPES} & {*BEYOND.unseen_writers}


def block(address: str, **more: str) -> IacBlock:
    return IacBlock("infra", address, address.split(".", maxsplit=1)[0], "infra/main.tf", 1, 9, **more)  # type: ignore[arg-type]


def record(address: str, tags: Mapping[str, str | None] | None) -> IacRecord:
    kind = address.split(".", maxsplit=1)[0]
    return IacRecord("infra", address, kind, "infra/main.tf", 1, 9, "CKV_TEST", "FAILED", tags=tags)


@pytest.mark.parametrize(
    ("tags", "is_outside"), [*WORDS, (None, False), ({TAG: None}, False), ({TAG: "n…"}, False), ({"…": None}, False)]
)
def test_a_block_says_it_for_itself_and_for_its_parts(tags: Mapping[str, str | None] | None, is_outside: bool) -> None:
    bucket, part = block("aws_s3_bucket.b", name="b"), block("aws_s3_bucket_policy.p", of="aws_s3_bucket.b")
    made = resource(BUCKET, "b", {"Name": "b", "Tags": NO})
    records = (record(bucket.address, tags), record(part.address, {}))
    found = replace(snapshot(made), blocks=(bucket, part), records=records)
    places = [Place(item.type, item.address, root=item.root, file=item.file, line=4) for item in (bucket, part)]
    assert outside(found, *map(finding, places)) == [GDPR if is_outside else ()] * 2
