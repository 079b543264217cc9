"""Names of people and secrets, anywhere in a workspace: an audit completes, and no file has them."""

from __future__ import annotations

import html
import json
import string
import zipfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from cli.test_ci_base import commit, git
from pipeline.runs import with_few
from preuve.cli.main import main
from preuve.library.load import load_library
from preuve.redact.code import all_redacted
from preuve.redact.identifiers.numbers import without_numbers
from preuve.redact.inspection import Inspector
from preuve.redact.known_names import KnownNames
from preuve.redact.pseudonyms import Pseudonyms
from preuve.redact.redactor import Redactor, remaining

_WORD = st.text(string.ascii_lowercase, min_size=4, max_size=9)
_DIGITS = st.text(string.digits, min_size=8, max_size=8)
_ALNUM = string.ascii_letters + string.digits
_ADDRESSES = st.builds("{}.{}{}@{}.fr".format, _WORD, _WORD, st.sampled_from(["", "+aws", "-x"]), _WORD)
_PHONES = st.builds("{}{}".format, st.sampled_from(["+336", "+49 30", "06", "01"]), _DIGITS) | st.builds(
    lambda n: f"06 {n[:2]} {n[2:4]} {n[4:6]} {n[6:]}", _DIGITS
)
_KEYS = st.builds("AKIA{}".format, st.text(string.ascii_uppercase + string.digits, min_size=16, max_size=16))
_TOKENS = st.builds("ghp_{}".format, st.text(_ALNUM, min_size=36, max_size=36))
_URLS = st.builds("postgres://app:{}@db/crm".format, st.text(_ALNUM, min_size=8, max_size=12))


def _iban(country: str, account: str) -> str:
    number = "".join(str(int(letter, 36)) for letter in f"{account}{country}00")
    return f"{country}{98 - int(number) % 97:02}{account}"


_IBANS = st.builds(_iban, st.just("FR"), st.text(string.digits, min_size=23, max_size=23))
VALUES = st.one_of(_ADDRESSES, _PHONES.filter(lambda it: len(it) > 9), _KEYS, _TOKENS, _URLS, _IBANS)

_TERRAFORM = """\
# {0}
variable "contact" {{
  description = "{1}"
  default     = "{2}"
}}
resource "aws_s3_bucket" "logs" {{
  #checkov:skip=CKV_AWS_18:{3} said so
  bucket = "{4}"
  tags   = {{ Owner = "{5}", "{6}" = "x", contact = var.contact }}
}}
resource "aws_iam_user" "users" {{
  for_each = toset(["{7}", "jean.dupont"])
  name     = each.key
}}
resource "aws_iam_user_policy" "own" {{
  for_each = toset(["{7}", "jean.dupont"])
  user     = each.key
  policy   = jsonencode({{ Statement = [{{ Sid = "{8}", Effect = "Allow", Action = "*", Resource = "*" }}] }})
}}
resource "aws_security_group" "open" {{
  description = "{9}"
  ingress {{
    description = "{10}"
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }}
}}
module "missing" {{
  source = "git::https://{11}/x.git"
}}
output "contact" {{
  value = "{12}"
}}
"""
_TEMPLATE = """\
Description: "{0}"
Parameters: {{Contact: {{Type: String, Default: "{1}"}}}}
Resources:
  Disk:
    Type: AWS::EC2::Volume
    Metadata: {{Contact: "{2}"}}
    Properties:
      AvailabilityZone: eu-west-3a
      Tags: [{{Key: Owner, Value: "{3}"}}, {{Key: "{4}", Value: x}}]
"""
_DOCKERFILE = """\
FROM debian:12
LABEL maintainer="{0}"
ENV CONTACT="{1}"
# checkov:skip=CKV_DOCKER_3:{2}
RUN echo "{3}"
USER root
"""
_WORKFLOW = """\
name: "{0}"
on: push
jobs:
  a:
    runs-on: x
    env: {{CONTACT: "{1}"}}
    steps: [{{name: "{2}", run: "echo {3}"}}]
"""
_WORKSPACE = """\
schema: 1
organisation: {{name: Shop, country: FR}}
scope:
  iac:
    - {{path: ., kind: terraform}}
    - {{path: ., kind: cloudformation}}
    - {{path: ., kind: dockerfile}}
    - {{path: ., kind: github_actions}}
  exclude: [{{path: vendor, reason: "of {0}, a supplier"}}]
evidence: {{pseudonym_key: ../pseudonyms.key, purpose: "ask {1}"}}
exclusions: [{{control: A.7.1, reason: "{2} decided"}}]
"""
_WAIVER = """\
waivers:
  - {{id: W-1, policy: s3-versioning, resource: "*{0}*", reason: "{1} accepts", owner: "{2}", approver: "Ann {3}",
      created: "2026-01-01", expires: "2026-12-31"}}
"""
_ATTESTATION = """\
id: ATT-1
evidence: GOV-03
kind: statement
title: "by {0}"
owner: "{1}"
effective: "2026-01-01"
conclusion: in_place
statement: "{2}"
"""
_REGISTER = "Number;Found on;Source;Control;Finding;Owner\nN-1;2026-01-02;{0};A.8.24;{1};{2}\n"


def _files(draw: Iterator[str]) -> dict[str, str]:
    def filled(text: str) -> str:
        return text.format(*(next(draw) for _ in range(13)))

    return {
        "infra/main.tf": filled(_TERRAFORM),
        f"code of {next(draw).replace('/', '_')}/main.tf": filled(_TERRAFORM),
        "stack.yaml": filled(_TEMPLATE),
        "Dockerfile": filled(_DOCKERFILE),
        f"app.{next(draw).replace('/', '_')}.Dockerfile": filled(_DOCKERFILE),
        ".github/workflows/ci.yml": filled(_WORKFLOW),
        f"broken/{next(draw).replace('/', '_')}.tf": filled('resource "a" {{ {0}'),
        "preuve.yaml": filled(_WORKSPACE),
        "waivers.yaml": filled(_WAIVER),
        "attestations/a.yaml": filled(_ATTESTATION),
        "registers/nonconformities.csv": filled(_REGISTER),
        "policies/own.md": filled("By {0}. {1}\n"),
    }


# A person of each kind of block that no policy judges, who stands in the tag of another block, too.
PEOPLE = {
    kind: f"quiri{letter}.zelm{letter}{letter}"
    for letter, kind in zip(string.ascii_lowercase, sorted(load_library().namings.people), strict=False)
}


def _files_of_people() -> dict[str, str]:
    namings = load_library().namings.people
    blocks = "".join(
        f'resource "{kind}" "a" {{\n  {namings[kind]} = "{name}"\n}}\n'
        for kind, name in PEOPLE.items()
        if "::" not in kind
    )
    tags = ", ".join(f'T{number} = "{name}"' for number, name in enumerate(PEOPLE.values()))
    made = "".join(
        f"  R{number}: {{Type: {kind}, Properties: {{{namings[kind]}: {name}}}}}\n"
        for number, (kind, name) in enumerate(PEOPLE.items())
        if "::" in kind
    )
    bucket = (
        f'resource "aws_ebs_volume" "a" {{\n  availability_zone = "eu-west-3a"\n  size = 1\n  tags = {{ {tags} }}\n}}\n'
    )
    return {"people/main.tf": blocks + bucket, "people.yaml": f"Resources:\n{made}"}


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        yield name, name
        if not path.is_file() or path.suffix == ".pdf":
            continue
        if path.suffix in (".xlsx", ".zip"):
            with zipfile.ZipFile(path) as packed:
                yield from (
                    (name, html.unescape(packed.read(part).decode("utf-8", "replace"))) for part in packed.namelist()
                )
        else:
            text = path.read_text(encoding="utf-8", errors="replace")
            yield from ((name, text), (name, html.unescape(text)))


def _values(seed: int) -> list[str]:
    """Values of every kind, too long to occur by chance."""
    chosen = Random(seed)

    def some(letters: str, number: int) -> str:
        return "".join(chosen.choices(letters, k=number))

    kinds = (
        lambda: (
            f"{some(string.ascii_lowercase, 6)}.{some(string.ascii_lowercase, 6)}@{some(string.ascii_lowercase, 7)}.fr"
        ),
        lambda: f"+336{some(string.digits, 8)}",
        lambda: f"AKIA{some(string.ascii_uppercase + string.digits, 16)}",
        lambda: f"ghp_{some(_ALNUM, 36)}",
        lambda: f"postgres://app:{some(_ALNUM, 12)}@db/crm",
        lambda: _iban("FR", some(string.digits, 23)),
    )
    return [kinds[number % len(kinds)]() for number in chosen.sample(range(600), 160)]


@pytest.mark.parametrize(
    ("seed", "policies"),
    [(1, ()), (2, ("dockerfile-hardened", "ebs-volume-encrypted", "s3-versioning"))],
    ids=["all policies", "other values"],
)
def test_an_audit_completes_and_keeps_no_personal_value(
    tmp_path_factory: pytest.TempPathFactory, seed: int, policies: tuple[str, ...]
) -> None:
    values = _values(seed)
    folder = tmp_path_factory.mktemp("people") / "shop"
    for name, text in {**_files(iter(values)), **_files_of_people()}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    if policies:
        with_few(folder, *policies)
    git(folder.parent, "init", "-q", str(folder))
    commit(folder)
    result = CliRunner().invoke(main, ["audit", "-w", str(folder)])
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    (bundle,) = (path for path in (folder / "evidence").iterdir() if path.is_dir())
    assert (bundle / "bagit.txt").is_file()
    secrets = [value.split(":")[2].split("@")[0] if "://" in value else value for value in values]
    for name, text in _texts(bundle):
        assert not [value for value in secrets if value in text], name
        assert not [person for person in (*PEOPLE.values(), "jean.dupont") if person in text], name


# ---- the parts ----------------------------------------------------------------------------------------------------

_TEXT = st.lists(
    VALUES | st.text(max_size=20) | st.sampled_from([" ", "=", ": ", "@", '"', "password=", "://", "/"])
).map("".join)


@given(_TEXT)
def test_no_personal_value_is_left_for_the_final_inspection(text: str) -> None:
    redactor = Redactor(Pseudonyms(b"k" * 32))
    assert remaining(redactor.text(text)) == []


@given(st.lists(st.tuples(_TEXT, _TEXT), max_size=5))
def test_no_line_of_code_stops_an_audit(tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[str, str]]) -> None:
    folder = tmp_path_factory.mktemp("lines")
    line = {"kind": "record", "type": "aws_iam_user", "address": 'a.b["c"]', "values": dict(parts), "tags": dict(parts)}
    line |= {"detail": "".join(map("".join, parts)), "called_from": [list(part) for part in parts]}
    pseudonyms = Pseudonyms(b"k" * 32)
    kept = json.dumps(_redacted(line, pseudonyms), ensure_ascii=False, separators=(",", ":"))
    (folder / "facts").mkdir()
    (folder / "facts" / "a.jsonl").write_text(kept + "\n", encoding="utf-8", errors="surrogatepass")
    assert list(Inspector(folder, "facts", "content", KnownNames({})).leaks()) == []


@pytest.mark.parametrize(
    "text",
    ["0.0.0.0/0", "123456789012", "arn:aws:s3:::b-0612345678", "2026-01-01T00:00:00+00:00", "vpc-0123456789abcdef0",
     "01:23:45:67:89:ab", "0612345678-x", "FR7612345678901234567890123", "rate(1 day)",
     "sha256:0612345678ab", "10.06.12.34.56"],
)  # fmt: skip
def test_numbers_that_belong_to_machines_stay(text: str) -> None:
    assert without_numbers(text, lambda *_: "gone") == text


@pytest.mark.parametrize(
    "text", ["+33 6 12 34 56 78", "06.12.34.56.78", "+1 (555) 010-9999", "FR76 3000 6000 0112 3456 7890 189"]
)
def test_numbers_that_belong_to_people_are_removed(text: str) -> None:
    assert without_numbers(f"call {text}, please", lambda _, kind: kind) in ("call phone, please", "call iban, please")


@given(_WORD, _WORD)
def test_a_user_named_like_a_folder_or_a_result_does_not_change_other_members(name: str, folder: str) -> None:
    for user in (name, folder, "main", "root", "record", "FAILED", "CKV_AWS_40"):
        line = {
            "kind": "record",
            "root": f"{folder}/{name}",
            "file": f"{folder}/{name}/main.tf",
            "type": "aws_iam_user",
        }
        line |= {"address": "aws_iam_user.this", "check": "CKV_AWS_40", "result": "FAILED"}
        said = _redacted({**line, "values": {"name": json.dumps(user)}}, Pseudonyms(b"k" * 32))
        assert {member: said[member] for member in line} == line
        assert json.dumps(user) not in said["values"].values()


def test_a_user_in_code_has_the_same_pseudonym_as_in_the_account() -> None:
    pseudonyms = Pseudonyms(b"k" * 32)
    line = {"type": "aws_iam_user", "address": 'module.m["a"].aws_iam_user.u["jean"]', "values": {"name": '"jean"'}}
    known = pseudonyms.of("jean")
    hashed = {**line, "grounds": ["3f9a0c21d4"]}  # that of a name would be found again by a guess
    assert _redacted(hashed, pseudonyms) == {
        "type": "aws_iam_user",
        "address": f'module.m["a"].aws_iam_user.u["{known}"]',
        "values": {"name": f'"{known}"'},
    }


def _redacted(line: dict[str, Any], pseudonyms: Pseudonyms) -> dict[str, Any]:
    return all_redacted([line], Redactor(pseudonyms), frozenset())[0]
