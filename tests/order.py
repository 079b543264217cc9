"""The order in which the workers of a parallel run take the files of tests.

The longest come first: otherwise, at the end, all processors but one wait for a file that began late. The tests of
TechStart's account are all for one worker, which fills and examines the account once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xdist.scheduler import LoadFileScheduling

# CPU seconds of each: some 400 together.
TECHSTART = """
pipeline/test_audit.py pipeline/test_silence.py policies/test_account.py pipeline/test_on_trust.py
pipeline/test_not_aws.py cli/test_permissions.py examples/test_front.py examples/test_techstart.py
pipeline/test_disagreements.py pipeline/test_traced.py publish/test_regions.py examples/test_saved_responses.py
pipeline/test_baseline.py pipeline/test_calls.py examples/test_collectors_answered.py collect/aws/test_reading.py
collect/aws/test_failures.py cli/test_doctor.py
"""
# From 150 down to 10.
DEAREST = """
mutation/test_policies.py collect/code/test_rewriting.py cli/test_ci_base.py pipeline/test_seal.py
publish/test_browser.py content/test_contributing.py collect/code/test_hostile.py cli/test_ci_scope.py
pipeline/test_around.py library/test_lint.py evidence/test_said_alike.py pipeline/fleet/test_killed.py
collect/code/test_worker.py policies/test_companions.py cli/test_waiver.py pipeline/test_git_programs.py
collect/code/test_rewritten_templates.py collect/code/test_override_places.py cli/test_ci_causes.py
cli/test_workspace_option.py ci/test_action.py redact/test_announcements.py pipeline/test_people_in_code.py
ci/test_gitlab.py library/test_cel_reasons.py collect/code/documents/test_same_meaning.py cli/test_language.py
redact/test_redactor.py pipeline/fleet/test_cluster.py policies/test_second_emulator.py policies/test_causes.py
publish/test_site.py pipeline/test_killed.py pipeline/test_honest.py pipeline/test_report.py
"""
_TOGETHER = {f"tests/{name}": "TechStart" for name in TECHSTART.split()}
_PLACES = {f"tests/{name}": place for place, name in enumerate([*TECHSTART.split(), *DEAREST.split()])}


def place(nodeid: str) -> int:
    """The position of a test."""
    return _PLACES.get(nodeid.partition("::")[0], len(_PLACES))


def scheduler(config: Any, log: Any) -> LoadFileScheduling:
    """`--dist loadfile` in this order."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file: str = super()._split_scope(nodeid)
            return _TOGETHER.get(file, file)

    config.option.loadscopereorder = False  # the order is that of `place`, not the number of tests in a file
    return Scheduling(config, log)
