"""Nothing that AWS's models add to an operation that collectors call goes unseen, nor what a listing leaves out."""

from __future__ import annotations

from msgspec import structs

from content_copy import bundled
from tools import models

CALLED = models.called(bundled())
NOW = models.said((call.service, call.operation) for call in CALLED)


def test_somebody_has_looked_at_each_member_and_value_of_the_models() -> None:
    assert models.unseen(NOW, models.read_lock(), models.read_reviewed()["new"]) == [], (
        f"say in {models.REVIEWED} what becomes of each, and run: make models"
    )


def test_each_new_member_parameter_and_value_is_named() -> None:
    service, name = "acm", "ListCertificatesRequest.RootHierarchyTypes"
    value = "CertificateKeyPairOrigin=ACME"
    before = {**NOW, service: NOW[service] - {name, value}}
    locked = {one: frozenset(map(models.hashed, names)) for one, names in before.items()}
    assert models.unseen(NOW, locked, {}) == [f"{service} {value}", f"{service} {name}"]
    assert models.unseen(NOW, locked, {f"{service} {name}": "sent"}) == [f"{service} {value}"]


def test_the_lock_holds_what_was_written() -> None:
    written = dict(line.split() for line in models.written(NOW).splitlines())
    kept = dict(line.split() for line in (models.content_root() / models.LOCK).read_text(encoding="utf-8").splitlines())
    assert written.keys() == kept.keys(), "run: make models"


def test_what_a_listing_leaves_out_by_default_is_asked_for_or_has_a_reason() -> None:
    assert sorted(models.left_out(CALLED)) == sorted(models.read_reviewed()["left_out"])


def test_a_parameter_that_one_call_of_an_operation_does_not_send_is_named() -> None:
    hidden = [call for call in CALLED if call.operation == "DescribeNetworkInterfaces"]
    assert list(models.left_out(hidden)) == []
    bare = [structs.replace(call, newer_const={}) for call in hidden]
    assert list(models.left_out(bare)) == ["ec2 DescribeNetworkInterfaces.IncludeManagedResources"]
