"""Verifies the bundle that contains this file, or any other: python3 verification/verify.py --help."""

import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    here = str(Path(__file__).resolve().parent)
    # Last, so that nothing beside this file stands for a module of Python's; with -I it would not be there at all.
    sys.path[:] = [*(path for path in sys.path if path != here), here]
    sys.dont_write_bytecode = True  # a compiled file next to the modules would be a file that no manifest names
    runpy.run_module("verifier", run_name="__main__", alter_sys=True)
