"""The paths of an evidence bundle, from the bundle's root, with forward slashes."""

from __future__ import annotations

TRYOUTS = "try-outs"  # next to the bundles: try-outs are never sealed
README = "README.html"  # the first page
DATA = "data"  # BagIt's payload
SUMMARY = f"{DATA}/00-summary"
SCOPE = f"{DATA}/01-scope"
REFERENCE = f"{DATA}/02-reference"
CONTROLS = f"{DATA}/03-controls"
GDPR = f"{DATA}/04-gdpr"
IAC = f"{DATA}/05-iac"
REGISTERS = f"{DATA}/06-registers"
HISTORY = f"{DATA}/07-history"
MACHINE = f"{DATA}/08-machine"
LIMITS = f"{DATA}/09-limits"

CONTENT = f"{REFERENCE}/content"  # the controls, policies and collectors that judged
RESULTS = f"{MACHINE}/results.jsonl"
JUNIT = f"{MACHINE}/junit.xml"
RECORDS = f"{MACHINE}/records"
SNAPSHOT = f"{MACHINE}/snapshot"
