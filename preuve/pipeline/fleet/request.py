"""The request of a part. A part that was read for any other request does not count."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from preuve.collect.aws.session import authorities_of
from preuve.library.yaml.engine_build import build
from preuve.pipeline.run.preparation import Preparation
from preuve.redact.pseudonyms import Pseudonyms
from preuve.system.manifests import digest_of


def asked(prepared: Preparation, account: str, pseudonyms: Pseudonyms) -> dict[str, Any]:
    """Return the request for an account: content, build and key (that of `pseudonyms`).

    Equal workspaces give equal requests.
    """
    workspace = prepared.workspace
    return {
        "account": account,
        "build": build(),
        "content": _content(prepared),
        "regions": list(workspace.regions),
        "members": {name: sorted(members) for name, members in sorted(prepared.needs.types.items())},
        "source": _source(prepared),
        "pseudonym_key_id": pseudonyms.key_id,
    }


def _content(prepared: Preparation) -> str:
    """Return the policies and collectors of the run, bundled and its own, and the waivers, which units name."""
    workspace, library = prepared.workspace, prepared.library
    waivers = sorted([item.id, item.resource] for item in workspace.waivers)
    collectors = {name: library.types[name].digest for name in sorted(prepared.needs.types)}
    policies = {policy.id: policy.digest for policy in prepared.policies}
    return _digest([collectors, policies, waivers, workspace.organisation])


def _source(prepared: Preparation) -> str:
    """Return the source of the answers: AWS or an emulated account, and the certificate authority that is accepted."""
    workspace = prepared.workspace
    authorities = authorities_of(workspace)
    trusted = digest_of(authorities) if authorities else ""
    return _digest([workspace.demonstration, workspace.endpoint_url, trusted])


def _digest(data: object) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
