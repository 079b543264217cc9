"""Whether the source of a module can change by itself."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.collect.code.judgements.pinning import LOCAL, LOOSE, NOT_KNOWN, PINNED, pin_of
from preuve.collect.code.verdict.marks import OPAQUE

REGISTRY = st.sampled_from(
    [
        "terraform-aws-modules/vpc/aws",
        "terraform-aws-modules/iam/aws//modules/iam-role",
        "app.terraform.io/acme/net/aws",
    ]
)
GIT = st.sampled_from(
    ["git::https://github.com/acme/net.git", "github.com/acme/net", "git@github.com:acme/net.git",
     "bitbucket.org/acme/net", "git::ssh://git@example.com/net.git//modules/vpc"]
)  # fmt: skip
VERSION = st.builds(lambda numbers: ".".join(map(str, numbers)), st.lists(st.integers(0, 99), min_size=3, max_size=3))


@given(source=REGISTRY, version=VERSION, before=st.sampled_from(["", "= ", "=", ">= 1, ", "~> 2.0, = "]))
def test_an_exact_registry_version_is_pinned(source: str, version: str, before: str) -> None:
    assert pin_of(source, before + version).how == PINNED


@given(source=REGISTRY, version=VERSION, sign=st.sampled_from([">", ">=", "<", "<=", "~>", "!="]), more=st.booleans())
def test_a_range_of_versions_is_loose(source: str, version: str, sign: str, more: bool) -> None:
    assert pin_of(source, f"{sign} {version}" + (", < 99.0.0" if more else "")).how == LOOSE
    assert pin_of(source, None).how == LOOSE


@given(
    source=GIT,
    commit=st.from_regex(r"[0-9a-f]{40}", fullmatch=True),
    version=VERSION,
    before=st.sampled_from(["", "depth=1&"]),
)
def test_a_commit_or_a_whole_version_as_tag_is_pinned(source: str, commit: str, version: str, before: str) -> None:
    for ref in (commit, version, f"v{version}", f"network-v{version}", f"network/v{version}", f"refs/tags/v{version}"):
        assert pin_of(f"{source}?{before}ref={ref}", None).how == PINNED


@given(source=GIT, ref=st.from_regex(r"[a-z][a-z/_-]{1,20}", fullmatch=True))
def test_a_branch_or_no_reference_is_loose(source: str, ref: str) -> None:
    assert pin_of(source, None).how == LOOSE
    assert pin_of(f"{source}?ref={ref}", None).how == LOOSE
    assert pin_of(f"{source}?depth=1", None).how == LOOSE


@given(source=GIT, ref=st.text("0123456789abcdefv.-_/", min_size=1, max_size=39))
def test_a_partial_version_that_may_be_a_branch_is_never_pinned(source: str, ref: str) -> None:
    whole = re.search(r"[0-9]+\.[0-9]+\.[0-9]+", ref)
    assert whole or pin_of(f"{source}?ref={ref}", None).how in (LOOSE, NOT_KNOWN)


@pytest.mark.parametrize("source", [".", "..", "./m", "../m", "../../modules/m", ".\\m"])
def test_a_module_of_the_same_repository_needs_no_pin(source: str) -> None:
    assert pin_of(source, None).how == LOCAL


@pytest.mark.parametrize(
    ("source", "how"),
    [
        ("https://example.com/net.zip", LOOSE),
        ("https://example.com/1.2.3/net.zip", LOOSE),
        (f"https://example.com/net.zip?checksum=sha256:{'0a' * 32}", PINNED),
        ("https://example.com/net.zip?checksum=file:https://example.com/sums", LOOSE),
        ("https://example.com/net.zip?checksum=md5:d41d8cd98f00b204e9800998ecf8427e", LOOSE),
        ("s3::https://s3.amazonaws.com/modules/net.zip", LOOSE),
        ("s3::https://s3.amazonaws.com/modules/net.zip?version=3HL4kqtJ", PINNED),
        (f"oci://example.com/net?digest=sha256:{'0a' * 32}", PINNED),
        ("oci://example.com/net?tag=latest", LOOSE),
        ("git::https://example.com/net.git?ref=release/1.2.3", NOT_KNOWN),
        ("git::https://example.com/net.git?ref=v1.2", NOT_KNOWN),
        ("git::https://example.com/net.git?ref=8f14e45", NOT_KNOWN),
        ("git::https://example.com/net.git?ref=main&ref=v1.2.3", LOOSE),
        ("git::https://example.com/net.git?ref=v1.2.3-and-more", PINNED),
        ("/opt/modules/net", LOOSE),
        (f"{OPAQUE}${{var.source}}", NOT_KNOWN),
        ("", NOT_KNOWN),
        (None, NOT_KNOWN),
        (3, NOT_KNOWN),
    ],
)
def test_other_sources_are_classified(source: object, how: str) -> None:
    assert pin_of(source, None).how == how


@pytest.mark.parametrize("version", [f"{OPAQUE}${{var.version}}", f"5.1.{OPAQUE}${{var.patch}}", 5, ["5.1.0"]])
def test_an_unknown_version_is_not_pinned(version: object) -> None:
    assert pin_of("terraform-aws-modules/vpc/aws", version).how == NOT_KNOWN
