"""Killed while pages, manifests, the chain or the name are written: a whole bundle or none, every number explained."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from preuve.evidence.verifier.chain import CHAIN
from preuve.system.manifests import MANIFEST, TAG_MANIFEST

ROOT = Path(__file__).parents[2]
POINTS = {  # the step -> the call that changes a file there, and whether the line is in the chain by then
    "a page": ("open", "/index.en.html", False),
    "the manifest": ("open", f"/{MANIFEST}", False),
    "the chain in the bundle": ("open", f".incomplete-2026-Q4/{CHAIN}", False),
    "the root": ("open", f"/{TAG_MANIFEST}", False),
    "the new chain": ("open", "/.chain.new", False),
    "the chain": ("os.rename", "/.chain.new", False),
    "the name": ("os.rename", "/.incomplete-2026-Q4", True),
}

# The steps of an audit after its snapshot. What is slow to load is loaded once; each audit is a process of its own.
AUDITS = """\
import json, os, signal, sys, tempfile
from pathlib import Path
import kept_library
from preuve.evidence.runs.file import FileChain
from preuve.evidence.closing import close
from preuve.evidence.folder import evidence_folder
from preuve.evidence.seal import SealTools
from preuve.evidence.verification import Verification
from preuve.evidence.verifier.check import Witnesses, verify
from preuve.model.layout import MACHINE, RESULTS
from preuve.pipeline.bundle.seal import PlannedSeal, explain_gaps, run_of, sealing
from preuve.pipeline.bundle.verify import sentences
from preuve.publish.site.writer import write_site
from preuve.publish.results import write_results
from preuve.publish.site.facts import SealDescription
from preuve.system.folders import remove_leftovers
from publish.factory import site

kept_library.install()
SITE, TEXTS = site(), sentences()
write_site(Path(tempfile.mkdtemp(dir=sys.argv[1])), SITE)  # which compiles the templates for all

def audit(home):
    chain = FileChain(home)
    explained = list(explain_gaps(chain, home))
    removed = remove_leftovers(home)
    prospect = PlannedSeal(SealTools(chain, Verification(TEXTS, "en", None, b"")), SealDescription())
    with sealing(prospect) as seal, evidence_folder(home, "2026-Q4") as begun:
        (begun.folder / MACHINE).mkdir(parents=True)
        write_results(begun.folder / RESULTS, SITE.assessment)
        write_site(begun.folder, SITE)
        run = run_of("audit", begun.folder / RESULTS, "2026-Q4", "", demonstration=False)
        said = {"External-Identifier": begun.name, "Period": "2026-Q4", "Bagging-Date": SITE.assessment.now[:10]}
        close(begun.folder, list(said.items()), seal(run))
    return explained, removed

def in_a_process(home, event, path):
    child = os.fork()
    if child == 0:
        def hook(done, arguments):
            if path and done == event and str(arguments[0]).endswith(path) and str(home) in str(arguments[0]):
                os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(hook)
        explained, removed = audit(home)
        (home.parent / f"{home.name}.said").write_text(json.dumps([explained, len(removed)]))
        os._exit(0)
    return os.waitpid(child, 0)[1]

def state(home):
    lines = FileChain(home).read().lines
    bundles = {p.name: sorted({i.level.value for i in verify(p, Witnesses())}) for p in home.glob("[!.]*/")}
    left = [p.name for p in home.glob(".incomplete-*")]
    return {"lines": [[line.text("kind"), line.text("of")] for line in lines], "bundles": bundles, "left": left}

found = {}
for number, (name, (event, path)) in enumerate(json.loads(sys.argv[2]).items()):
    home = Path(sys.argv[1], str(number))
    ended = in_a_process(home, event, path)
    killed = state(home)
    again = in_a_process(home, "", "")
    said = json.loads((home.parent / f"{home.name}.said").read_text())
    found[name] = {"ended": ended, "killed": killed, "again": again, "said": said, "after": state(home)}
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """The remains at each point, and the next audit."""
    points = json.dumps({name: (event, path) for name, (event, path, _) in POINTS.items()})
    command = [sys.executable, "-c", AUDITS, str(tmp_path_factory.mktemp("homes")), points]
    environment = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_audit_leaves_a_whole_bundle_or_none_and_every_number_explained(
    killed: Mapping[str, Any], point: str
) -> None:
    found, in_chain = killed[point], POINTS[point][2]
    assert found["ended"] == signal.SIGKILL
    first = [["audit", ""]] if in_chain else []
    assert found["killed"] == {"lines": first, "bundles": {}, "left": [".incomplete-2026-Q4"]}
    assert found["again"] == 0
    assert found["said"] == [[1] if in_chain else [], 1]
    explained = [["interrupted", "1"]] if in_chain else []
    assert found["after"]["lines"] == [*first, *explained, ["audit", ""]]
    assert "broken" not in found["after"]["bundles"]["2026-Q4"]
    assert found["after"]["left"] == []
