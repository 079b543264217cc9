"""Rules that list what AWS supports say what the reference tables say."""

from __future__ import annotations

import re
from typing import Any

import pytest

from content_copy import bundled
from preuve.collect.code.judgements.settings import said

LIBRARY = bundled()
ENGINES = LIBRARY.reference["rds_engines"]
ON_INSTANCES = ("postgres", "mysql", "mariadb")
VERSIONS = [(engine, major, end) for engine, majors in ENGINES["data"].items() for major, end in majors.items()]


def condition(rule: str, type_: str) -> Any:
    judgement = LIBRARY.code_rules[f"CKV2_PREUVE_{rule}"].judgement
    assert judgement
    return judgement["resources"][type_]


def expected(end: str, table: Any) -> str:
    """Return the result for an end date: before the table's date, after its expiry, or between the two."""
    return "FAILED" if end < table["checked"] else "PASSED" if end > table["expires"] else "UNKNOWN"


@pytest.mark.parametrize(("engine", "major", "end"), VERSIONS)
def test_engine_versions_are_judged_by_the_table(engine: str, major: str, end: str) -> None:
    type_ = "aws_db_instance" if engine in ON_INSTANCES else "aws_rds_cluster"
    for version in (major, f"{major}.1"):
        body = {"engine": engine, "engine_version": version}
        assert said(condition("RDS_ENGINE", type_), body).result == expected(end, ENGINES)
        template = {"Engine": engine, "EngineVersion": version}
        in_template = "AWS::RDS::DBInstance" if engine in ON_INSTANCES else "AWS::RDS::DBCluster"
        assert said(condition("RDS_ENGINE", in_template), template).result == expected(end, ENGINES)


@pytest.mark.parametrize(("runtime", "end"), LIBRARY.reference["lambda_runtimes"]["data"].items())
def test_runtimes_are_judged_by_the_table(runtime: str, end: str) -> None:
    wanted = expected(end, LIBRARY.reference["lambda_runtimes"])
    assert said(condition("LAMBDA_RUNTIME", "aws_lambda_function"), {"runtime": runtime}).result == wanted
    assert said(condition("LAMBDA_RUNTIME", "AWS::Lambda::Function"), {"Runtime": runtime}).result == wanted


def told(check: str) -> str:
    """Return what a check asks, in all kinds of code and languages."""
    asks = LIBRARY.checks[f"CKV2_PREUVE_{check}"].asks.values()
    return " ".join(text for one in asks for text in (one.en, one.fr))


def test_the_versions_that_a_check_asks_for_are_those_that_pass() -> None:
    passing = {(engine, major) for engine, major, end in VERSIONS if expected(end, ENGINES) == "PASSED"}
    majors = sorted(int(major) for engine, major in passing if engine == "postgres")
    ranges = {f"PostgreSQL {majors[0]} to {majors[-1]},", f"PostgreSQL {majors[0]} à {majors[-1]},"}
    assert majors == list(range(majors[0], majors[-1] + 1))
    asks = told("RDS_ENGINE")
    assert all(one in asks for one in ranges)
    assert [major for engine, major in passing if "postgres" not in engine and major not in asks] == []
    ended = {major for _, major, end in VERSIONS if expected(end, ENGINES) != "PASSED"} - {
        major for _, major in passing
    }
    assert [
        major for major in ended if "." in major and re.search(rf"(?<![\w.]){re.escape(major)}(?![\w.])", asks)
    ] == []


def test_the_runtimes_that_a_check_names_pass() -> None:
    table = LIBRARY.reference["lambda_runtimes"]
    named = [
        runtime
        for runtime in table["data"]
        if re.search(rf"(?<![\w.]){re.escape(runtime)}(?![\w.])", told("LAMBDA_RUNTIME"))
    ]
    assert len(named) > 4
    assert {expected(table["data"][runtime], table) for runtime in named} == {"PASSED"}


@pytest.mark.parametrize(
    ("engine", "asked"),
    [
        ("postgres", "postgresql for PostgreSQL"),
        ("mysql", "audit or general for MySQL"),
        ("mariadb", "audit or general for MySQL and MariaDB"),
        ("oracle-ee", "audit for Oracle"),
        ("sqlserver-se", "error for SQL Server"),
        ("db2-se", "diag.log for Db2"),
    ],
)
def test_the_logs_that_a_check_asks_for_are_those_that_pass(engine: str, asked: str) -> None:
    logs, _, of = asked.partition(" for ")
    in_french = f"{logs.replace(' or ', ' ou ')} pour {of.replace(' and ', ' et ')}"
    assert re.search(rf"(, |with ){re.escape(asked)}.*(, |avec ){re.escape(in_french)}", told("RDS_LOG_EXPORT"))
    body = {"engine": engine}
    exported = [*("audit", "general", "error", "alert", "slowquery"), *("listener", "trace", "agent", "upgrade")]
    passing = {
        log
        for log in (*exported, "postgresql", "diag.log", "notify.log")
        if said(
            condition("RDS_LOG_EXPORT", "aws_db_instance"), {**body, "enabled_cloudwatch_logs_exports": [log]}
        ).result
        == "PASSED"
    }
    assert passing == set(logs.split(" or "))
