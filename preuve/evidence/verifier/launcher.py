"""Verifies the bundle that this file lies in, or any other: python3 verification/verify.py --help."""

import runpy
import sys

if __name__ == "__main__":
    sys.dont_write_bytecode = True  # a compiled file beside the modules would be a file that no manifest names
    runpy.run_module("verifier", run_name="__main__", alter_sys=True)
