"""`python examples/techstart/history`: puts the earlier runs where the audit finds them, or makes them anew."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
# A folder that is run is itself on the path, where `make` or `story` would be taken for packages of their own.
sys.path[0] = str(HERE.parent)

from history.restore import restore  # noqa: E402

parser = argparse.ArgumentParser(prog="history", description=__doc__)
parser.add_argument("action", choices=("restore", "make"), nargs="?", default="restore")
parser.add_argument("--workspace", type=Path, default=HERE.parent)
options = parser.parse_args()
if options.action == "restore":
    print(restore(options.workspace), file=sys.stderr)
else:
    from history.make import make

    make(options.workspace)
