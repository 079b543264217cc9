"""A failure gives the found and the required values, in the words of its condition and in every language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import groupby
from typing import Any

import pytest

from content_copy import bundled, linted
from preuve.assess.examples import ExampleResources, ExampleRunner
from preuve.assess.judge import Judge
from preuve.library.cel import compile_program
from preuve.library.cel.unknown import Unknown
from preuve.library.validation.checked_rule import CheckedRule
from preuve.library.yaml.place import languages
from preuve.model.content.example import Example
from preuve.model.results import Reason
from preuve.publish.words.locale import load_locale

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
RAW = re.compile(r"\{\"|NOT_FOUND|INVALID_ARGUMENT|no matching overload|Index error|Key not found|\{[01]\}")
TWICE = re.compile(r"(?:^|[ (])(\S+) (?:is|is other than|vaut|ne vaut pas) \1(?![\w.\[])")
PATTERN = re.compile(r"(match(?:es)? the pattern|correspond au motif) \S*[][\\^$|(]")
OF_CLOUDWATCH = re.compile(r"filterPattern (?:is|vaut) \{ .*?[…}]")  # a value of the account contains && and ||
CEL = re.compile(r"\b(all|exists|exists_one|filter|map|bind|size|orValue|hasValue|matches|split)\(|&&|\|\||\.\?|\?$")


def said(condition: str, language: str = "en", **resource: Any) -> tuple[str, str]:
    """Return the found and the required values, in words."""
    variables = {"resource": resource, "params": {"days": 90, "allowed": ["a", "b"]}, "now": NOW}
    program = compile_program(condition)
    assert program.evaluate(variables).value is False
    found, asked = program.why_not(variables)
    words = load_locale(language).reason(Reason("failed", {"found": found, "asked": asked}))
    match = re.search(r"(?:Found|Constaté\u00a0): (.*)\. (?:Expected|Attendu\u00a0): (.*)\.$", words)
    assert match, words
    return match[1], match[2]


@pytest.mark.parametrize(
    ("condition", "resource", "found", "asked"),
    [
        ("resource.Encrypted", {"Encrypted": False}, "Encrypted is false", "Encrypted is true"),
        ("!resource.Public", {"Public": True}, "Public is true", "Public is false"),
        ("resource.Size >= 8", {"Size": 4}, "Size is 4", "Size is at least 8"),
        ("!(8 > resource.Size)", {"Size": 4}, "Size is 4", "Size is at least 8"),
        ('resource.?Key.orValue("") != ""', {}, "Key is not set", "Key is set"),
        ('resource.?Key.?Id.orValue("x") == "y"', {"Key": {}}, "Key.Id is not set", "Key.Id is y"),
        ("resource.Id in params.allowed", {"Id": "c"}, "Id is c", "Id is one of a, b"),
        ('"a" in resource.Ids', {"Ids": ["c"]}, "Ids is c", "Ids includes a"),
        ('resource.Id.matches("^a")', {"Id": "c"}, "Id is c", "Id matches the pattern ^a"),
        (
            "now - timestamp(resource.Since) <= days(params.days)",
            {"Since": "2026-01-01T00:00:00Z"},
            "Since is 2026-01-01T00:00:00Z",
            "Since is 90 days ago at most",
        ),
        (
            "timestamp(resource.Until) > now + days(30)",
            {"Until": "2026-12-01T00:00:00Z"},
            "Until is 2026-12-01T00:00:00Z",
            "Until is after 2026-12-24T12:00:00Z",
        ),
        ("resource.L.size() > 0", {"L": []}, "L is empty", "L has more than 0 entries"),
        ("resource.L.exists(x, x.On)", {"L": []}, "L is empty", "in an entry of L, On is true"),
        ("resource.L.all(x, x.On)", {"L": [{"On": True}, {"On": False}]}, "L[1].On is false", "L[1].On is true"),
        ("!resource.L.exists(x, x.On)", {"L": [{"On": True}]}, "L[0].On is true", "L[0].On is false"),
        # If some entry of a list must be right: the errors of the closest entries.
        (
            "resource.L.exists(x, x.On && x.Size > 3)",
            {"L": [{"On": True, "Size": 2}]},
            "L[0].Size is 2",
            "in an entry of L, On is true and Size is above 3",
        ),
        (
            "resource.L.exists(x, x.On && x.Size > 3)",
            {"L": [{"On": False, "Size": 2}, {"On": True, "Size": 3}]},
            "number of entries in L: 2; L[1].Size is 3",
            "in an entry of L, On is true and Size is above 3",
        ),
        (
            "!resource.L.all(x, x.On)",
            {"L": [{"On": True}]},
            "L[0].On is true",
            "in an entry of L, On is false",
        ),
        (
            "resource.L.filter(x, x.On).exists(x, x.Size > 3)",
            {"L": [{"On": False, "Size": 4}, {"On": True, "Size": 2}]},
            "L[1].Size is 2",
            "L as this policy requires",
        ),
        (
            "resource.L.filter(x, x.On).size() <= 1",
            {"L": [{"On": True}, {"On": True}, {"On": False}]},
            "counted in L: 2",
            "L as this policy requires",
        ),
        # An entry of the condition's list is named if the found value belongs to it.
        (
            '["a", "b"].all(name, resource.On && name in resource.Names)',
            {"On": False, "Names": ["a"]},
            "On is false; for b: Names is a",
            "On is true and Names includes b",
        ),
        # A true part is no reason, and neither is an unread part beside a known error.
        (
            "resource.A || (resource.B && resource.C)",
            {"A": False, "B": False, "C": Unknown(frozenset())},
            "A is false; B is false",
            "A is true or B is true",
        ),
        # A member that is compared with another of the same name means nothing by its name.
        (
            "resource.L.exists(x, x.Id != resource.Id)",
            {"L": [], "Id": "a"},
            "L is empty",
            "in an entry of L, Id as this policy requires",
        ),
        ('resource.Doc == {"a": "b"}', {"Doc": {"a": "c"}}, "Doc is set", 'Doc is {"a": "b"}'),
        # Of parts that must all hold only those that do not, of alternatives all.
        ("resource.A && resource.B", {"A": True, "B": False}, "B is false", "B is true"),
        ("resource.A || resource.B", {"A": False, "B": False}, "A is false; B is false", "A is true or B is true"),
        ("!(resource.A && resource.B)", {"A": True, "B": True}, "A is true; B is true", "A is false or B is false"),
        (
            "resource.L.all(x, x.A || x.B)",
            {"L": [{"A": False, "B": False}]},
            "L[0].A is false; L[0].B is false",
            "L[0].A is true or L[0].B is true",
        ),
        (
            "resource.A ? resource.B : resource.C",
            {"A": False, "B": True, "C": False},
            "C is false; A is false",
            "C is true",
        ),
        ("['none', 'pl-1'].all(x, resource.N > x.size())", {"N": 1}, "N is 1", "N is above 4"),
        ("has(resource.A) && resource.B", {"B": True}, "A is not set", "A is set"),
        ('cel.bind(p, resource.T.split("T"), p[0] == "P")', {"T": "D1"}, "T is D1", "T as this policy requires"),
        (
            "(resource.K + resource.M).all(r, r.split(':')[0] in ['a'])",
            {"K": ["a:1"], "M": ["b:2"]},
            "K, M is b:2",
            "what this policy requires",
        ),
        (
            "cel.bind(s, resource.L.map(i, i.E), s.exists(e, e == 'c'))",
            {"L": [{"E": "b"}, {"E": "a"}]},
            "L is b, a",
            "L as this policy requires",
        ),
        (
            "resource.Name.trim() != 'a' && resource.Name == 'a'",
            {"Name": " "},
            "Name contains only spaces",
            "Name is a",
        ),
        ("resource.Id in resource.Ids", {"Id": "c", "Ids": []}, "Id is c; Ids is empty", "Id is one of nothing"),
        ("resource.Id in ['', 'a', 'a', 'b']", {"Id": "c"}, "Id is c", "Id is one of a, b"),
        ("resource.M.all(key, key == 'a')", {"M": {"b": 1}}, "M includes b", "M[b] is a"),
        (
            "resource.L.filter(l, l.N == 1)[0].Region == 'eu'",
            {"L": [{"N": 2, "Region": "eu"}, {"N": 1, "Region": "us"}]},
            "L[1].Region is us",
            "L[1].Region is eu",
        ),
        (
            "[resource.A, resource.B].filter(on, on).size() >= 2",
            {"A": True, "B": False},
            "A is true; B is false",
            "A, B as this policy requires",
        ),
        (
            "cel.bind(rules, resource.R.filter(r, r.On), !cidrs_wide(rules.map(r, [r.Ranges])))",
            {"R": [{"On": False, "Ranges": ["::/0"]}, {"On": True, "Ranges": ["10.0.0.0/8", "0.0.0.0/0"]}]},
            "the ranges of R[1], taken together, are as wide as the internet: 0.0.0.0/0, 10.0.0.0/8",
            "the ranges of R, taken together, are smaller than the internet",
        ),
        ("cel.bind(k, resource.?K, k.?On.orValue(false))", {"K": {"On": False}}, "K.On is false", "K.On is true"),
    ],
)
def test_a_reason_has_the_found_and_the_required_values(
    condition: str, resource: dict[str, Any], found: str, asked: str
) -> None:
    assert said(condition, **resource) == (found, asked)


def test_a_reason_in_french_has_the_same_facts() -> None:
    found, asked = said("resource.Size >= 8 || resource.Open", "fr", Size=4, Open=False)
    assert found == "Size vaut 4\u00a0; Open vaut false"
    assert asked == "Size vaut au moins 8 ou Open vaut true"


def test_long_values_and_long_conditions_are_cut() -> None:
    many = {f"M{number}": False for number in range(20)}
    found, asked = said(" || ".join(f"resource.{name}" for name in many), **many)
    assert found.endswith("; …") and asked.endswith("or …") and len(found) < 200
    found, _ = said('resource.Text == "a"', Text="x" * 5000)
    assert len(found) < 120


@cache
def judged() -> tuple[tuple[CheckedRule, Example, Reason], ...]:
    """Each example that does not pass, with the reason of its verdict."""
    runner = ExampleRunner(bundled(), linted().checker.shapes)
    found = []
    for rule in linted().rules:
        for example in rule.policy.examples:
            if example.type == rule.rule.resource and example.expected in ("fail", "not_evaluated"):
                inline = ExampleResources(runner, example)
                judge = Judge(rule, inline, runner.shapes, runner.context(example))
                found.append((rule, example, judge.judge(inline.subject).reason))
    return tuple(found)


def phrases(reason: Reason) -> Iterator[list[Any]]:
    """The phrases of a failure, and those within them."""
    left = [phrase for of in ("found", "asked") for phrase in json.loads(reason.values.get(of) or "[]")]
    while left:
        phrase = left.pop()
        if isinstance(phrase, list):
            yield phrase
            left.extend(phrase[1:])


def test_every_failing_example_gives_the_found_and_the_required_values() -> None:
    silent = []
    for rule, example, reason in judged():
        found, asked = (json.loads(reason.values.get(of) or "[]") for of in ("found", "asked"))
        if reason.code == "failed" and not (found and asked and any(phrase[0] != "unread" for phrase in found)):
            silent.append((rule.policy.id, example.name))
    assert not silent


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_a_function_says_needs_no_more_than_its_subject_and_a_detail(language: str) -> None:
    words = load_locale(language).strings["words"]
    said = {key: word for key, word in words.items() if key.startswith(("asks_", "found_"))}
    assert said
    for key, word in said.items():
        assert word.format("subject", "detail"), key


def test_no_failure_has_a_vague_requirement_or_an_empty_value() -> None:
    vague, words = {"fits", "fits_policy"}, load_locale("en").strings["words"]
    for rule, example, reason in judged():
        said = list(phrases(reason))
        of = (rule.policy.id, example.name, said)
        assert not vague & {key for key, *_ in said}, of
        shown = [part for key, *parts in said for at, part in enumerate(parts) if f"{{{at}}}" in words[key]]
        assert all(part.strip() for part in shown if isinstance(part, str)), of
        assert not [phrase for phrase in said if phrase[0] == "for" and phrase[1] in ("none", "all")], of


def test_no_failing_example_names_a_variable_of_a_condition() -> None:
    for rule, example, reason in judged():
        if reason.code == "evaluation_error" and reason.values["error"] != "untold":
            condition = f"{rule.rule.assert_} {rule.rule.when}"
            names = set(re.findall(r"(?:exists|all|filter|map|bind|exists_one)\((\w+),", condition))
            roots = {re.split(r"\W", place)[0] for place in reason.values["member"].split(", ")}
            assert not names & roots, (rule.policy.id, example.name, reason)


def test_no_french_reason_has_an_english_clause() -> None:
    french = load_locale("fr")
    for rule, example, reason in judged():
        said = french.reason(reason)
        assert not re.search(r"\b(the|without|whose|which|cannot|names|is not)\b", said), (
            rule.policy.id,
            example.name,
            said,
        )


def test_every_failure_of_a_bundled_example_has_a_text() -> None:
    locales = [load_locale(name) for name in languages()]
    for (_, code), group in groupby(judged(), key=lambda one: (id(one[0]), one[1].expected)):
        mine = list(group) if code == "fail" else []
        for rule, example, reason in {one[1].position: one for one in (*mine[:2], *mine[-1:])}.values():
            for locale in locales:
                words = locale.reason(reason)
                said = (rule.policy.id, example.name, words)
                ours = OF_CLOUDWATCH.sub("", words)
                assert not RAW.search(words) and not CEL.search(ours) and not PATTERN.search(words), said
                assert not TWICE.search(words), said


ANYBODY = {
    "Statement": [
        {
            "Effect": "Allow",
            "Action": ["iam:PutUserPolicy"],
            "Resource": ["*"],
            "Principal": [{"Kind": "AWS", "Value": "*"}],
        }
    ]
}
SELECTORS = {"EventSelectors": [{"IncludeManagementEvents": True, "ReadWriteType": "ReadOnly"}]}
RULE = [["1", "65535"], ["0.0.0.0/0"]]


@pytest.mark.parametrize(
    ("condition", "found", "asked"),
    [
        (
            "public_access(resource.Policy).size() == 0",
            "Policy allows anybody: Statement[0].Principal.AWS: *",
            "Policy allows only those it names",
        ),
        (
            "external_access(resource.Policy, [resource.Name]).size() == 0"
            " || external_access(resource.Policy, []).size() == 0",
            "Policy allows unknown callers: Statement[0].Principal.AWS: *",
            "Policy allows only known accounts and organisations",
        ),
        (
            "privileged_access(resource.Policies.map(p, p.Document)).size() == 0",
            "Policies allows changing permissions on all resources: iam:putuserpolicy",
            "Policies does not allow changing permissions on all resources",
        ),
        (
            'denied(resource.Policy, ["s3:*"], "*", {"aws:SecureTransport": ["false"]})',
            "Policy does not deny s3:* to everyone",
            "Policy denies s3:* to everyone",
        ),
        (
            "wide_ports([resource.Rule]) <= 100",
            "ports open to the internet by Rule: 65535 (0.0.0.0/0)",
            "Rule opens at most 100 ports to the internet",
        ),
        (
            "!cidrs_wide([[resource.Ranges]])",
            "the ranges of Ranges, taken together, are as wide as the internet: 0.0.0.0/0",
            "the ranges of Ranges, taken together, are smaller than the internet",
        ),
        (
            '!cidrs_cover(resource.Ranges, "10.0.0.0/8")',
            "Ranges, taken together, reach all of 10.0.0.0/8",
            "Ranges, taken together, do not reach all of 10.0.0.0/8",
        ),
        (
            "[22, 3389].all(port, port == 22 || !cidrs_wide([[resource.Ranges]]))",
            "for 3389: the ranges of Ranges, taken together, are as wide as the internet: 0.0.0.0/0",
            "the ranges of Ranges, taken together, are smaller than the internet",
        ),
        (
            'trail_records(resource.Selectors, event_of("kms:DisableKey", {}))',
            "Selectors does not capture kms.amazonaws.com DisableKey",
            "Selectors captures kms.amazonaws.com DisableKey",
        ),
        (
            'cel.bind(on, resource.Trails.filter(t, t.On), on.exists(t, rule_takes(t.Rule, event_of("a:B", {}), t.A)))',
            "number of entries in Trails: 2; Trails[0].On is false; Trails[1].On is false",
            "Trails: each a.amazonaws.com B arrives as this policy requires",
        ),
        (
            'resource.Name.split("-")[0] == resource.Ranges[0] + "x"',
            "Name is a-b; Ranges[0] is 0.0.0.0/0",
            "Name, Ranges[0] as this policy requires",
        ),
        # Of alternatives those that have words.
        ('resource.Name == "x" || resource.Name.split("-")[0] == "x"', "Name is a-b", "Name is x"),
    ],
)
def test_functions_describe_what_they_found(condition: str, found: str, asked: str) -> None:
    trails = [{"On": False, "Rule": {"source": ["x"]}, "A": "arn:aws:events:eu-west-3:1:rule/r"}] * 2
    resource = {"Policy": ANYBODY, "Policies": [{"Document": ANYBODY}], "Rule": RULE, "Ranges": ["0.0.0.0/0"]}
    assert said(condition, **resource, Selectors=SELECTORS, Trails=trails, Name="a-b") == (found, asked)
