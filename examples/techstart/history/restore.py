"""Puts the earlier runs of the demonstration into its evidence folder: lines of the chain, and audits cut short.

Of an audit only results and scope are kept, for a whole one takes megabytes. It is closed, and says what it is.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from preuve.evidence.closing import close
from preuve.evidence.folder import evidence_folder, period
from preuve.evidence.runs.lines import Run, record
from preuve.library.company.workspace import load_workspace
from preuve.library.load import load_library
from preuve.model.company.workspace import Workspace
from preuve.model.layout import RESULTS, SNAPSHOT
from preuve.pipeline.bundle.seal import chain_home, prospect_of, run_of, sealing
from preuve.pipeline.run.redaction import key_path
from preuve.redact.pseudonyms import Pseudonyms, load_key

from .kept import SCANS, as_written, read_audits, without_names

_SAYS = """DEMONSTRATION. TechStart does not exist, and its account is emulated.

This is an earlier audit of which only the results and the scope are kept, so that the next one has a history.
It cannot be judged again. examples/techstart/history made it.
"""


def restore(root: Path) -> str:
    """Write what is not there yet; a folder that has a chain is left as it is. Says what was done."""
    workspace = load_workspace(root, load_library(root))
    home = root / workspace.evidence_folder
    chain = chain_home(workspace, home)
    if chain.read().lines:
        return f"DEMONSTRATION history: {home} has its own"
    pseudonyms = Pseudonyms(load_key(key_path(workspace)))
    scans = [json.loads(line) for line in SCANS.read_text(encoding="utf-8").splitlines()]
    audits = read_audits()
    for time, scan in sorted(
        [*((line["time"], line) for line in scans), *((time, None) for time in audits)], key=_time
    ):
        if scan is not None:
            record(chain, Run(kind="scan", demonstration=True, **scan))
        else:
            lines = map(json.loads, without_names(audits[time], pseudonyms.of).splitlines())
            _audit(workspace, home, time, "".join(map(as_written, lines)))
    return f"DEMONSTRATION history: {len(audits)} audits, {len(scans)} scans"


def _time(pair: tuple[str, object]) -> str:
    return pair[0]


def _audit(workspace: Workspace, home: Path, time: str, results: str) -> None:
    covered = period(datetime.fromisoformat(time))
    with sealing(prospect_of(workspace, home, None)) as sealed, evidence_folder(home, covered) as begun:
        _write(begun.folder / RESULTS, results)
        _write(begun.folder / SNAPSHOT / "workspace.json", json.dumps(_scope(workspace)))
        _write(
            begun.folder / SNAPSHOT / "meta.json",
            json.dumps(_read(workspace), ensure_ascii=False, indent=1, sort_keys=True) + "\n",
        )
        _write(begun.folder / "data" / "README.txt", _SAYS)
        info = [
            ("Source-Organization", workspace.organisation),
            ("External-Identifier", begun.name),
            ("Period", covered),
            ("Bagging-Date", time[:10]),
            ("Demonstration", "true"),
        ]
        close(begun.folder, info, sealed(run_of("audit", begun.folder / RESULTS, covered, "", demonstration=True)))


def _scope(workspace: Workspace) -> dict[str, object]:
    """As much of the workspace as the history reads."""
    return {
        "organisation": workspace.organisation,
        "language": workspace.language,
        "accounts": [{"id": account.id} for account in workspace.accounts],
        "regions": list(workspace.regions),
        "iac": [{"path": root.path} for root in workspace.iac],
        "github": {"organization": workspace.github.organization} if workspace.github else None,
        "params": dict(workspace.params),
    }


def _read(workspace: Workspace) -> dict[str, object]:
    """What was read: every account answered."""
    accounts = [account.id for account in workspace.accounts]
    callers = {account: f"arn:aws:iam::{account}:role/preuve-audit" for account in accounts}
    return {"accounts": accounts, "callers": callers, "demonstration": True}


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
