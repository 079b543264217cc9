"""Secrets in environment variables and user data: found and named, never kept."""

from __future__ import annotations

import json

import pytest

from preuve.redact.secrets import in_map, in_text


def test_a_key_with_slashes_is_no_path() -> None:
    key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    assert in_map({"secret_key": key}) == [{"Key": "secret_key", "Detector": "telling_name"}]
    assert in_map({"secret_key": "prod/database/main/password-of-the-shop"}) == []


def test_a_map_is_searched_by_values_and_by_revealing_names() -> None:
    found = in_map(
        {
            "URL": "postgres://app:hunter2@db/crm",
            "DB_PASSWORD": "hunter2",
            "STRIPE": f"sk_live_{'a1B2' * 6}",
            "LOG_LEVEL": "debug",
        }
    )
    assert found == [
        {"Key": "DB_PASSWORD", "Detector": "telling_name"},
        {"Key": "STRIPE", "Detector": "stripe_key"},
        {"Key": "URL", "Detector": "url_password"},
    ]
    assert "hunter2" not in json.dumps(found)


@pytest.mark.parametrize(
    "value",
    [
        "arn:aws:secretsmanager:eu-west-3:123456789012:secret:prod/db-AbCdEf",
        "{{resolve:secretsmanager:prod/db}}",
        "/prod/db/password",
        "prod/db/password",
        "https://sts.example.org/token",
        "true",
        "3600",
        "",
    ],
)
def test_a_reference_to_a_secret_is_no_secret(value: str) -> None:
    assert in_map({"DB_PASSWORD": value, "TOKEN_TTL": value}) == []


def test_every_detector_that_matches_a_text_is_named_once() -> None:
    text = "export API_TOKEN=abcdefgh1 OTHER_TOKEN=abcdefgh2\nAKIAIOSFODNN7EXAMPLE AKIAIOSFODNN7EXAMPL2"
    assert in_text(text) == [
        {"Key": "", "Detector": "assignment"},
        {"Key": "", "Detector": "aws_access_key"},
    ]
    assert in_text("#!/bin/sh\nyum install -y nginx\n") == []
