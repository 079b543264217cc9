"""Nothing that AWS's models add to an operation that collectors call goes unseen, nor what a listing leaves out."""

from __future__ import annotations

from msgspec import structs

from content_copy import bundled
from tools import models

CALLED = models.called(bundled())
NOW = models.said((call.service, call.operation) for call in CALLED)
HASHED = {operation: frozenset(map(models.hashed, names)) for operation, names in NOW.items()}


def test_somebody_has_looked_at_what_a_release_added_to_an_operation() -> None:
    assert models.unseen(NOW, models.read_lock(), models.read_reviewed()["new"]) == [], (
        f"say in {models.REVIEWED} what becomes of each, and run: make models"
    )


def test_each_new_member_parameter_and_value_is_named() -> None:
    service, name = "acm", "ListCertificatesRequest.RootHierarchyTypes"
    value = "CertificateKeyPairOrigin=ACME"
    before = {operation: names - {name, value} for operation, names in NOW.items()}
    assert models.unseen(NOW, locked(before), {}) == [f"{service} {value}", f"{service} {name}"]
    assert models.unseen(NOW, locked(before), {f"{service} {name}": "sent"}) == [f"{service} {value}"]


def test_of_an_operation_that_is_new_to_the_collectors_nothing_is_asked() -> None:
    assert models.unseen(NOW, {}, {}) == []


def locked(said: models.Said) -> models.Locked:
    """What a lock of these members and values holds."""
    return {
        operation: HASHED[operation] - {*map(models.hashed, NOW[operation] - said[operation])} for operation in said
    }


def test_the_lock_holds_what_the_installed_models_say_of_each_operation() -> None:
    kept = (models.content_root() / models.LOCK).read_text(encoding="utf-8")
    assert models.written(NOW).splitlines() == kept.splitlines(), "run: make models"


def test_what_a_listing_leaves_out_by_default_is_asked_for_or_has_a_reason() -> None:
    assert sorted(models.left_out(CALLED)) == sorted(models.read_reviewed()["left_out"])


def test_a_parameter_that_one_call_of_an_operation_does_not_send_is_named() -> None:
    hidden = [call for call in CALLED if call.operation == "DescribeNetworkInterfaces"]
    assert list(models.left_out(hidden)) == []
    bare = [structs.replace(call, newer_const={}) for call in hidden]
    assert list(models.left_out(bare)) == ["ec2 DescribeNetworkInterfaces.IncludeManagedResources"]
