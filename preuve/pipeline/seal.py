"""What a workspace's bundles are sealed with, and where its chain of runs lives."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from preuve.evidence.bag import digest_of
from preuve.evidence.chain import ChainHome, Run
from preuve.evidence.chain_branch import BranchChain
from preuve.evidence.chain_file import FileChain
from preuve.evidence.seal import Means, add_timestamp
from preuve.evidence.signature import KEY_VARIABLE, Signer, check_place
from preuve.evidence.timestamp import Authority
from preuve.evidence.verification import Verification
from preuve.evidence.verifier.bag import TIMESTAMP
from preuve.library.load import read_library
from preuve.library.workspace import load_workspace
from preuve.model.errors import PreuveError, UsageError
from preuve.model.results import Assessment
from preuve.model.workspace import Workspace
from preuve.pipeline.verify import sentences


@dataclass(frozen=True)
class Prospect:
    """What a bundle will be sealed with, known before the work; `unsigned` is why it will not be signed."""

    means: Means
    unsigned: str = ""


def prospect(workspace: Workspace, home: Path, key: Path | None) -> Prospect:
    """Settle what the bundle is sealed with: a chain that cannot be read or a key that cannot be used is told now."""
    chain = chain_home(workspace, home)
    chain.read()
    signer, unsigned = _signer(workspace, key)
    authority = authority_of(workspace)
    verification = Verification(
        sentences(),
        workspace.language,
        workspace.signing if signer else None,
        authority.ca.read_bytes() if authority else b"",
    )
    return Prospect(Means(chain, verification, signer, authority), unsigned)


def chain_home(workspace: Workspace, home: Path) -> ChainHome:
    """Where the chain of runs lives; `home` is the folder of the bundles."""
    if workspace.chain:
        return BranchChain(workspace.root, workspace.chain.remote, workspace.chain.branch)
    return FileChain(home)


def authority_of(workspace: Workspace) -> Authority | None:
    """The timestamp authority of a workspace."""
    if workspace.timestamping is None:
        return None
    ca = workspace.root / workspace.timestamping.ca
    if not ca.is_file():
        raise UsageError(
            f"evidence.timestamp.ca: there is no file {workspace.timestamping.ca}",
            "save the root certificate of the authority there, in PEM",
        )
    return Authority(workspace.timestamping.authority, ca)


def run_of(kind: str, assessment: Assessment, results: Path, period: str, commit: str, *, demonstration: bool) -> Run:
    """What the chain says of a run."""
    return Run(
        kind=kind,
        time=assessment.now,
        period=period,
        commit=commit,
        results=digest_of(results),
        counts=dict(sorted(Counter(finding.status.value for finding in assessment.findings).items())),
        incomplete=assessment.incomplete,
        demonstration=demonstration,
    )


def _signer(workspace: Workspace, key: Path | None) -> tuple[Signer | None, str]:
    """Who signs, or why nobody does. A key that was named must work; that ssh-agent lacks one is said and no error."""
    if workspace.signing is None:
        if key is not None:
            raise UsageError(
                "preuve.yaml does not say whose key signs", "fill in evidence.signing: identity and public_key"
            )
        return None, "preuve.yaml names no key (evidence.signing)"
    if key is not None:
        check_place(key, workspace.root)
        signer = Signer(workspace.signing, key.expanduser())
        signer.probe()
        return signer, ""
    if not os.environ.get("SSH_AUTH_SOCK"):
        return None, f"there is no private key: neither --signing-key, nor {KEY_VARIABLE}, nor ssh-agent"
    signer = Signer(workspace.signing, None)
    try:
        signer.probe()
    except PreuveError as error:
        return None, str(error)
    return signer, ""


def timestamp_bundle(root: Path, bundle: Path) -> str:
    """Timestamp a closed bundle by the authority of a workspace; tells what was done."""
    library, _ = read_library(root, validate=False)
    authority = authority_of(load_workspace(root, library))
    if authority is None:
        raise UsageError("preuve.yaml names no timestamp authority", "fill in evidence.timestamp: authority and ca")
    add_timestamp(bundle, authority)
    return f"wrote {bundle / TIMESTAMP}"
