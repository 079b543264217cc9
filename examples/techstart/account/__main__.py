"""`python examples/techstart/account`: serves the emulated account, or runs a command against it."""

from __future__ import annotations

import sys
from pathlib import Path

# A folder that is run is itself on the path, where `seed` or `front` would be taken for packages of their own.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from account.cli import main  # noqa: E402

sys.exit(main(sys.argv[1:]))
