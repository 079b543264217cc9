"""How git is called: nothing that a repository or its configuration names is run, and no other repository is asked."""

from __future__ import annotations

import os
from collections.abc import Mapping

# A folder of the tree that looks like a bare repository would bring a configuration of its own, and filters with it.
NO_PROGRAMS = (
    "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "safe.bareRepository=explicit",
)  # fmt: skip
# Git tells its hooks where they are; whoever runs us from one means the workspace that is named.
_OF_HOOKS = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_INDEX_FILE",
        "GIT_NAMESPACE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_QUARANTINE_PATH",
        "GIT_WORK_TREE",
    }
)


def environment() -> Mapping[str, str]:
    """Of a git that asks nothing on the terminal and answers in English."""
    kept = {name: value for name, value in os.environ.items() if name not in _OF_HOOKS}
    return {**kept, "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
