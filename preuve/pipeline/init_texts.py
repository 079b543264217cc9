"""The texts that `preuve init` writes."""

from __future__ import annotations

WORKSPACE = """\
# yaml-language-server: $schema=.preuve/workspace.schema.json
# What preuve examines for this organisation, and by which rules. What is TO COMPLETE is said in the reports.
schema: 1

organisation:
  name: {name}
  language: {language}  # of the reports: en or fr
  # TO COMPLETE: country: "FR"

# Known: {known}
frameworks: [{frameworks}]

{scope}

# Thresholds that differ from the catalogue; `preuve explain POLICY` shows those of a policy.
params: {{}}

# `preuve scan` fails on findings of this severity or worse: critical, high, medium, low, info.
gate: {{severity: high}}

# The key of the pseudonyms must stay the same and outside the evidence; default: ~/.config/preuve/pseudonyms.key
evidence: {{folder: evidence}}

# Controls that do not apply, with the reason that stands in the Statement of Applicability, as in
#   - {{control: A.7.1, reason: "No offices: everybody works remotely."}}
exclusions: []
"""

ABOUT_ACCOUNTS = """\
  # AWS accounts. `role_arn` names a role to assume (preuve permissions makes it), `profile` a profile of your AWS
  # configuration; without either, the credentials of the environment are used. `name` and `environment` are labels."""
ABOUT_REGIONS = """\
  # Every region in use, and those that should be empty: a region that is not here is not examined."""
ABOUT_CODE = """\
  # Folders of code below this one, with all folders in them; kind: terraform, cloudformation, dockerfile, or
  # github_actions for the root of a repository. `plan: FILE` beside a Terraform root module names the output of
  # `terraform show -json`, which CI makes before the scan."""

WAIVERS = """\
# yaml-language-server: $schema=.preuve/waivers.schema.json
# Accepted risks. The approver is somebody else than the owner, and no waiver runs for more than twelve months.
#   - id: W-001
#     policy: s3-versioning
#     resource: "example-logs*"
#     reason: why the risk is acceptable, and until when
#     owner: who carries it
#     approver: who accepted it
#     created: "2026-09-01"
#     expires: "2027-03-01"
waivers: []
"""

ATTESTATIONS = """\
# Manual evidence

What no check can see is shown by a document or a statement that somebody stands for: one YAML file each in this folder.
`preuve explain CONTROL` lists the evidence that a control needs, `preuve explain GOV-03` what an auditor expects of it.

```yaml
# yaml-language-server: $schema=../.preuve/attestation.schema.json
id: ATT-001
evidence: GOV-03                # id of the evidence item
kind: document                  # or: statement, with the text under `statement:`
title: Information security policy, version 1
owner: Jane Doe (CISO)
effective: "2026-03-02"
expires: "2027-03-01"           # optional; each item also goes stale by age
file: files/policy.pdf          # below this folder; its hash goes into the evidence
```

`preuve attest GOV-03 --owner "Jane Doe (CISO)" --file attestations/files/policy.pdf` writes such a file,
`preuve attest GOV-03 --template` a template to fill in, and `preuve attest --list` shows what is missing. Registers
(processing, breaches, suppliers …) are tables in `registers/`, made by `--template` too.

An item is current, stale (too old or expired) or missing. `preuve doctor` tells which are stale before an audit does.
"""

IGNORED = (
    "# Evidence holds pseudonymised personal data: it is kept in a private place of its own, not in git.",
    "/evidence/",
    ".incomplete-*",
    "# The key of the pseudonyms, the names that they stand for, and who asked for one.",
    "*.key",
    "*.names.json",
    "*.reveals.jsonl",
)

OWNERS_ABOUT = """\
# What judges a push must not be changed by the push alone: these files need a review by their owner.
"""
OWNED = (
    "/preuve.yaml",
    "/waivers.yaml",
    "/attestations/",
    "/registers/",
    "/controls/",
    "/policies/",
    "/scanners/",
    "/.github/workflows/",
    "/.gitlab-ci.yml",
    "/CODEOWNERS",
)
