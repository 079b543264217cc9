"""The address of the workflow run that this process is a step of, from its environment."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SERVER = re.compile(r"https://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?")
_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")
_RUN = re.compile(r"[0-9]{1,20}")
_JOB = re.compile(_SERVER.pattern + r"(/[A-Za-z0-9_.-]{1,255}){1,24}")


def workflow_run_url(environment: Mapping[str, str]) -> str:
    """Return the address of the run on GitHub or of the job on GitLab. "" if the environment has none or one of
    another form: the address ends up in evidence, and whoever starts the process sets it.
    """
    server, repository, run = (environment.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID"))
    if _SERVER.fullmatch(server) and _REPOSITORY.fullmatch(repository) and _RUN.fullmatch(run):
        return f"{server}/{repository}/actions/runs/{run}"
    job = environment.get("CI_JOB_URL", "")
    return job if _JOB.fullmatch(job) else ""
