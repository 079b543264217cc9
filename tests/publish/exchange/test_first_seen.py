"""Since when a weakness is open, as other tools are told: each counts age and deadlines from it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preuve.publish.exchange import defectdojo, ocsf
from preuve.publish.exchange.entries import Results

from .runs import Company
from .test_ciso_assistant import vulnerabilities
from .test_defectdojo import FAIL, PASS, UNREAD, WAIVED

WEAK = (FAIL, WAIVED)


def told(results: Results) -> dict[str, str]:
    """The day that each tool is told for the one finding of a run; "" for none."""
    (event,) = (json.loads(line) for line in ocsf.lines(results).splitlines())
    seen = event["finding_info"].get("first_seen_time", 0)
    rows = [row for row in vulnerabilities(results) if row["status"] not in ("fixed", "unaffected")]
    found = json.loads(defectdojo.report(results))["findings"]
    return {
        "ocsf": datetime.fromtimestamp(seen / 1000, UTC).date().isoformat() if seen else "",
        "ciso-assistant": rows[0]["detected_at"] if rows else "",
        "defectdojo": found[0]["date"] if found else "",
    }


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([FAIL, PASS, UNREAD, WAIVED]), min_size=1, max_size=5))
def test_a_weakness_has_the_day_of_the_first_run_that_saw_it(
    tmp_path_factory: pytest.TempPathFactory, runs: list[Any]
) -> None:
    company, since = Company(tmp_path_factory.mktemp("company")), ""
    for number, finding in enumerate(runs, start=1):
        day = f"2026-{number:02}-01"
        since = "" if finding is PASS else since or (day if finding in WEAK else "")
        expected = {"ocsf": since, "ciso-assistant": since, "defectdojo": "" if finding is PASS else since or day}
        assert told(company.run(finding)) == expected
