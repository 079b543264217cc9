"""What is read of an organization on GitHub, and what is not taken for an answer."""

from __future__ import annotations

from pathlib import Path

from collect.github.fake import GitHub
from collect.github.kit import scan


def test_an_organization_in_good_order_passes(github: GitHub, tmp_path: Path) -> None:
    found = scan(github, tmp_path)
    assert {finding.status.value for finding in found.assessment.findings} == {"PASS"}, [
        f for f in found.assessment.findings if f.status.value != "PASS"
    ]
