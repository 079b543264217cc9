"""Generated pushes on known failures: what weakens one is always new, what strengthens it or says the same never is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from cli.test_ci_causes import Case, told_as_new

Make = Callable[[Sequence[str], Sequence[str], str], str]  # of restraints, causes and a place


@dataclass(frozen=True)
class Failing:
    """Something that fails: how it is written, and what it may have; the first cause and place are always there."""

    file: str
    make: Make
    restraints: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    places: tuple[str, ...] = ("",)


def _group(_: Sequence[str], causes: Sequence[str], place: str) -> str:
    behind = "".join(one for one in causes if one.startswith("resource"))
    rules = "".join(one for one in causes if not one.startswith("resource"))
    return f'resource "aws_security_group" "g" {{\n  name = "g"\n{place}{rules}}}\n{behind}'


def _policy(restraints: Sequence[str], causes: Sequence[str], _: str) -> str:
    allowed = '{Effect = "Allow", Action = "s3:*", Resource = "*"}'
    document = ", ".join((allowed, *restraints))
    held = f'resource "aws_iam_policy" "p" {{\n  name = "p"\n  policy = jsonencode({{Statement = [{document}]}})\n}}\n'
    return held + "".join(causes)


def _role(restraints: Sequence[str], causes: Sequence[str], _: str) -> str:
    allowed = '{Effect = "Allow", Action = "sts:AssumeRole", Principal = {AWS = "*"}}'
    document = ", ".join((allowed, *(one for one in restraints if one.startswith("{"))))
    own = "".join(one for one in restraints if not one.startswith("{"))
    trust = f"  assume_role_policy = jsonencode({{Statement = [{document}]}})\n"
    return f'resource "aws_iam_role" "r" {{\n  name = "r"\n{trust}{own}}}\n' + "".join(causes)


def _acl(restraints: Sequence[str], causes: Sequence[str], place: str) -> str:
    subnets = "".join(one for one in causes if one.startswith('"'))
    rules = "".join(one for one in causes if not one.startswith('"'))
    return f'resource "aws_network_acl" "n" {{\n{place}  subnet_ids = [{subnets}]\n{"".join(restraints)}{rules}}}\n'


def _bucket(restraints: Sequence[str], _: Sequence[str], place: str) -> str:
    allowed = '{Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "*"}'
    document = ", ".join((allowed, *restraints))
    return f'resource "aws_s3_bucket_policy" "b" {{\n{place}  policy = jsonencode({{Statement = [{document}]}})\n}}\n'


def _template(restraints: Sequence[str], causes: Sequence[str], place: str) -> str:
    rules = "".join(one for one in causes if one.startswith(" " * 8))
    behind = "".join(one for one in causes if not one.startswith(" " * 8))
    return (
        'Parameters:\n  On: {Type: String, Default: "false"}\nConditions:\n  C: !Equals [!Ref On, "true"]\nResources:\n'
        f"  G:\n    Type: AWS::EC2::SecurityGroup\n{''.join(restraints)}    Properties:\n      GroupDescription: x\n"
        f"{place}      SecurityGroupIngress:\n{rules}{behind}"
    )


def _rule(port: int) -> str:
    return (
        f'  ingress {{\n    from_port = {port}\n    to_port = {port}\n    protocol = "tcp"\n'
        '    cidr_blocks = ["0.0.0.0/0"]\n  }\n'
    )


def _entry(number: int, action: str, port: int) -> str:
    return (
        f'  ingress {{\n    rule_no = {number}\n    action = "{action}"\n    protocol = "tcp"\n'
        f'    from_port = {port}\n    to_port = {port}\n    cidr_block = "0.0.0.0/0"\n  }}\n'
    )


def _card(name: str) -> str:
    return (
        f'resource "aws_network_interface" "{name}" {{\n  subnet_id = "s"\n'
        "  security_groups = [aws_security_group.g.id]\n}\n"
    )


def _attached(name: str) -> str:
    return (
        f'resource "aws_iam_role_policy_attachment" "{name}" {{\n  role = "{name}"\n'
        "  policy_arn = aws_iam_policy.p.arn\n}\n"
    )


def _right(name: str) -> str:
    return (
        f'resource "aws_iam_role_policy_attachment" "{name}" {{\n  role = aws_iam_role.r.name\n'
        f'  policy_arn = "arn:aws:iam::111111111111:policy/{name}"\n}}\n'
    )


def _denied(what: str) -> str:
    return f'{{Effect = "Deny", Action = "s3:*", Resource = "arn:aws:s3:::{what}/*"}}'


def _refused(account: int) -> str:
    return f'{{Effect = "Deny", Action = "sts:AssumeRole", Principal = {{AWS = "{account}"}}}}'


def _kept_out(action: str) -> str:
    return f'{{Effect = "Deny", Principal = "*", Action = "s3:{action}", Resource = "*"}}'


def _open(port: int) -> str:
    return f"        - {{IpProtocol: tcp, FromPort: {port}, ToPort: {port}, CidrIp: 0.0.0.0/0}}\n"


def _in_group(name: str) -> str:
    groups = "{SubnetId: s, GroupSet: [!Ref G]}"
    return f"  {name}:\n    Type: AWS::EC2::NetworkInterface\n    Properties: {groups}\n"


REGIONS = ("", '  region = "eu-west-1"\n', '  region = "eu-west-2"\n')
NETWORKS = ("", '  vpc_id = "v"\n', '  vpc_id = "w"\n')
FAILING = (
    Failing("r.tf", _group, causes=(_rule(22), _rule(3389), _card("a"), _card("b")), places=(*REGIONS, *NETWORKS[1:])),
    Failing("r.tf", _policy, (_denied("crm"), _denied("hr")), ("", _attached("a"), _attached("b"))),
    Failing(
        "r.tf",
        _role,
        (_refused(999999999999), '  permissions_boundary = "arn:aws:iam::111111111111:policy/tiny"\n'),
        ("", _right("a"), _right("b")),
    ),
    Failing(
        "r.tf",
        _acl,
        (_entry(1, "deny", 25), _entry(2, "deny", 80)),
        (_entry(10, "allow", 22), _entry(11, "allow", 3389), '"s-1", ', '"s-2", '),
        NETWORKS[1:],
    ),
    Failing(
        "r.tf",
        _bucket,
        (_kept_out("DeleteObject"), _kept_out("PutObject")),
        places=('  bucket = "a"\n', '  bucket = "b"\n'),
    ),
    Failing(
        "t.yaml",
        _template,
        ("    Condition: C\n",),
        (_open(22), _open(3389), _in_group("A"), _in_group("B")),
        ("", "      VpcId: v\n", "      VpcId: w\n"),
    ),
)


@dataclass(frozen=True)
class State:
    """One state of a failing thing."""

    of: Failing
    restraints: tuple[str, ...]
    causes: tuple[str, ...]
    place: str
    comment: str = ""

    @property
    def text(self) -> str:
        """The code of it."""
        return self.comment + self.of.make(self.restraints, self.causes, self.place)


def _some(random: Random, of: Failing) -> State:
    restraints = tuple(one for one in of.restraints if random.random() < 0.5)
    causes = (*of.causes[:1], *(one for one in of.causes[1:] if random.random() < 0.5))
    return State(of, restraints, causes, random.choice(of.places))


def _with(texts: Sequence[str], one: str) -> tuple[str, ...]:
    return (*texts, one)


def _without(texts: Sequence[str], one: str) -> tuple[str, ...]:
    return tuple(text for text in texts if text != one)


def weaker(state: State) -> list[State]:
    """Return what is worse than a state, by one thing."""
    of = state.of
    less = [State(of, _without(state.restraints, one), state.causes, state.place) for one in state.restraints]
    left = [one for one in of.causes if one not in state.causes]
    more = [State(of, state.restraints, _with(state.causes, one), state.place) for one in left]
    moved = [State(of, state.restraints, state.causes, one) for one in of.places if one != state.place]
    return less + more + moved


def as_good(state: State) -> list[State]:
    """Return what is better than a state by one thing, or says the same in other words."""
    of = state.of
    left = [one for one in of.restraints if one not in state.restraints]
    held = [State(of, _with(state.restraints, one), state.causes, state.place) for one in left]
    fixed = [State(of, state.restraints, _without(state.causes, one), state.place) for one in state.causes[1:]]
    other_order = State(of, state.restraints[::-1], state.causes[::-1], state.place)
    return [*held, *fixed, other_order, State(of, state.restraints, state.causes, state.place, "# said again\n")]


def _cases(random: Random, changes: Callable[[State], list[State]], times: int) -> list[Case]:
    found: dict[Case, None] = {}
    for of in FAILING:
        for number in range(times):
            before = _some(random, of)
            others = changes(before)
            if others:
                text = f"# {changes.__name__} {number}\n{before.text}"
                found[of.file, text, text, random.choice(others).text] = None
    return list(found)


@pytest.mark.parametrize("seed", [1])
def test_what_weakens_a_known_failure_is_new_and_nothing_else(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    worse, others = _cases(random, weaker, 4), _cases(random, as_good, 4)
    new = told_as_new(tmp_path, worse + others)
    assert [one for one in worse if one not in new] == []
    assert [one for one in others if one in new] == []
