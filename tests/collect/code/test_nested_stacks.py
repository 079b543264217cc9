"""What a template passes on to its nested stacks as it is, is worth its default there, unless something gives the
template another value.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.collect.code.files.sources import Sources
from preuve.collect.code.inputs.nested_stacks import ParameterFile, reaches, varied
from preuve.collect.code.inputs.parameter_files import doubtful, parameter_files
from preuve.collect.code.language.templates.source import parse

from .conftest import write

FILES, NAMES, VALUES = ("a/x.yaml", "b/x.yaml", "y.yaml", "z.json"), ("P", "Q"), ("1", "2")
OF = st.sampled_from(("", "x.yaml", "y.yaml", "z.json", "other.yaml"))


@st.composite
def sources(draw: st.DrawFn) -> tuple[ParameterFile, ...]:
    """What gives parameters, where each of a file has one default in it."""
    defaults = {(file, name): draw(st.sampled_from(VALUES)) for file in FILES for name in NAMES}
    made = []
    for _ in range(draw(st.integers(1, 6))):
        by = draw(st.sampled_from(FILES))
        passed = draw(st.dictionaries(st.sampled_from(NAMES), st.sampled_from(NAMES)))
        written = draw(st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES), max_size=1))
        values = {**written, **{name: defaults[by, of] for name, of in passed.items()}}
        made.append(ParameterFile(values, draw(OF), by, any=draw(st.integers(0, 9)) == 0, passed=passed))
    return tuple(made)


def _worth(given: tuple[ParameterFile, ...]) -> dict[tuple[str, str], set[str]]:
    """All that each parameter of each file may be worth beside its default: followed until nothing is new."""
    worth = {(file, name): set[str]() for file in FILES for name in NAMES}
    for _ in range(len(worth) * len(VALUES) * 2):
        for (file, name), may_be in worth.items():
            for one in (one for one in given if reaches(one, file)):
                may_be.update({"anything"} if one.any else ())
                if name in one.passed:
                    may_be.update(worth[one.by, one.passed[name]])
                if name in one.values:
                    may_be.add(one.values[name])
    return worth


@given(sources())
def test_what_is_passed_on_is_its_default_only_if_it_can_be_nothing_else(given: tuple[ParameterFile, ...]) -> None:
    worth, found = _worth(given), varied(given)
    for number, one in enumerate(given):
        for name, of in one.passed.items():
            assert ((number, name) in found) == bool(worth[one.by, of] - {one.values[name]})


CHILD = "Parameters: {P: {Type: String, Default: a}}\nResources: {T: {Type: AWS::SNS::Topic}}\n"
PARENT = """
Parameters: {P: {Type: String, Default: a%s}}
%sResources:
  S:
    Type: AWS::Serverless::Application
    Properties:
      Parameters: {P: %s}
      Location: %s
"""
ELSEWHERE = '{ApplicationId: "arn:aws:serverlessrepo:us-east-1:1:applications/x", SemanticVersion: 1.0.0}'
UNSURE: dict[str, dict[str, str]] = {
    "another_value": {"parent.yaml": PARENT % ("", "", "b", "child.yaml")},
    "another_default": {"parent.yaml": (PARENT % ("", "", "!Ref P", "child.yaml")).replace("Default: a", "Default: b")},
    "other_values_allowed": {"parent.yaml": PARENT % (", AllowedValues: [a, b]", "", "!Ref P", "child.yaml")},
    "hidden": {"parent.yaml": PARENT % (", NoEcho: true", "", "!Ref P", "child.yaml")},
    "rules": {"parent.yaml": PARENT % ("", "Rules: {}\n", "!Ref P", "child.yaml")},
    "no_parameter": {"parent.yaml": PARENT % ("", "", "!Ref AWS::Region", "child.yaml")},
    "worked_out": {"parent.yaml": PARENT % ("", "", "!Sub '${P}b'", "child.yaml")},
    "stored": {
        "parent.yaml": (PARENT % ("", "", "!Ref P", "child.yaml")).replace(
            "Type: String", 'Type: "AWS::SSM::Parameter::Value<String>"'
        )
    },
    "given_to_the_parent": {
        "parent.yaml": PARENT % ("", "", "!Ref P", "child.yaml"),
        "deploy.sh": "aws cloudformation deploy --template-file parent.yaml --parameter-overrides P=b\n",
    },
    "given_above_the_parent": {
        "parent.yaml": PARENT % ("", "", "!Ref P", "child.yaml"),
        "top.yaml": PARENT % ("", "", "b", "parent.yaml"),
    },
}
SURE: dict[str, dict[str, str]] = {
    "default": {"parent.yaml": PARENT % ("", "", "!Ref P", "child.yaml")},
    "one_allowed": {"parent.yaml": PARENT % (", AllowedValues: [a]", "", "!Ref P", "child.yaml")},
    "of_an_application": {"parent.yaml": PARENT % ("", "", "!Ref P", ELSEWHERE)},
    "in_a_circle": {
        "parent.yaml": PARENT % ("", "", "!Ref P", "other.yaml"),
        "other.yaml": PARENT % ("", "", "!Ref P", ELSEWHERE),
    },
}


PUBLISHED = f"Metadata: {{AWS::ServerlessRepo::Application: {{Name: x}}}}\n{CHILD}"
PIPELINE = """
Parameters: {P: {Type: String, Default: a}}
Resources:
  Pipeline:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Configuration: {TemplatePath: "S::child.yaml", ParameterOverrides: %s}
"""
UNSURE |= {
    "of_an_application_that_is_here": {
        "child.yaml": PUBLISHED,
        "parent.yaml": PARENT % ("", "", "b", ELSEWHERE),
    },
    "of_an_application_of_any_name": {
        "parent.yaml": PARENT
        % ("", "", "b", ELSEWHERE.replace('"arn:aws:serverlessrepo:us-east-1:1:applications/x"', "!Ref P"))
    },
    "overridden": {"pipeline.yaml": PIPELINE % '!Sub \'{"P": "b"}\''},
    "overridden_by_a_part": {"pipeline.yaml": PIPELINE % '!Sub \'{"P": "${P}b"}\''},
    "overridden_without_sub": {"pipeline.yaml": PIPELINE % '\'{"P": "${P}"}\''},
    "overridden_elsewhere_too": {"pipeline.yaml": PIPELINE % '!If [C, !Sub \'{"P": "${P}"}\', \'{"P": "b"}\']'},
    "overridden_with_variables": {"pipeline.yaml": PIPELINE % '!Sub [\'{"P": "${P}"}\', {P: b}]'},
}
SURE |= {
    "of_an_application_elsewhere": {"parent.yaml": PARENT % ("", "", "b", ELSEWHERE)},
    "overridden_by_its_own": {"pipeline.yaml": PIPELINE % '!Sub \'{"P": "${P}"}\''},
    "overridden_by_its_own_in_two_ways": {
        "pipeline.yaml": PIPELINE % "!If [C, !Sub '{\"P\": \"${P}\"}', !Join ['', [!Sub '{\"P\": \"${P}\", ', '}']]]"
    },
}


# What stands in a stack or a stack set is its template: nothing that it gives is for another one.
HOLDING = """
Resources:
  S:
    Type: AWS::CloudFormation::%s
    Properties:
      %s: %s
      Parameters: %s
      StackInstancesGroup: [{ParameterOverrides: [{ParameterKey: P, ParameterValue: b}]}]
"""
GIVEN = {"Stack": "{P: b}", "StackSet": "[{ParameterKey: P, ParameterValue: b}]"}
SURE |= {
    f"held_by_a_{kind}_{number}": {"parent.yaml": HOLDING % (kind, "TemplateBody", body, given)}
    for kind, given in GIVEN.items()
    for number, body in enumerate(("'{}'", "!Sub '${P}'", "{Resources: {}}"))
}
UNSURE |= {
    f"made_of_{name}_by_a_{kind}": {"parent.yaml": HOLDING % (kind, "TemplateURL", url, given)}
    for kind, given in GIVEN.items()
    for name, url in (("any", "!Ref P"), ("this", "https://x/child.yaml"))
}


@pytest.mark.parametrize("case", [*UNSURE, *SURE])
def test_a_parameter_that_is_passed_on_is_doubtful_where_the_parent_may_be_given_another(
    tmp_path: Path, case: str
) -> None:
    write(tmp_path, [("child.yaml", CHILD), *(UNSURE | SURE)[case].items()])
    found = doubtful(parse(CHILD), parameter_files(Sources(tmp_path)), "child.yaml")
    assert bool(found) == (case in UNSURE)


def test_many_templates_that_pass_on_take_no_time() -> None:
    passed = {f"P{number}": f"P{number}" for number in range(50)}
    given = tuple(ParameterFile(dict.fromkeys(passed, "a"), "", f"{n}.yaml", passed=passed) for n in range(400))
    assert not varied(given)
    assert len(varied((*given, ParameterFile({}, "", "x", any=True)))) == 400 * 50
