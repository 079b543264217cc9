"""Compares the verdicts of preuve and Prowler on the same emulated account, resource by resource.

Starts the demonstration account, lets both tools look at it with the same thresholds, and prints for each policy with
an equivalent in Prowler (`prowler_equivalents.yaml`) how often they agree, and where not. Exits
with 1 when a policy differs that docs/differences.md does not explain.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import yaml
from audit_vs_prowler import ACCOUNT, REGIONS, ROOT, Tool, account, clean_environment, preuve, prowler

EQUIVALENTS = Path(__file__).with_name("prowler_equivalents.yaml")
DIFFERENCES = ROOT / "docs" / "differences.md"
NOWHERE = "-"  # no verdict


@dataclass(frozen=True)
class Said:
    """The verdict of one tool on one resource, and its words."""

    verdict: str  # PASS | FAIL | NOT_EVALUATED | MANUAL | …
    words: str = ""
    region: str = ""


@dataclass(frozen=True)
class Difference:
    """A resource on which the two do not say the same."""

    policy: str
    resource: str
    ours: Said
    theirs: Said


Verdicts = Mapping[str, Mapping[str, Said]]  # policy -> resource -> verdict
Rows = Mapping[str, list[tuple[str, Said]]]  # check -> resources and verdicts, several for a name that each region has


# ---- what each tool says ------------------------------------------------------------------------------------------


def run(tool: Tool, endpoint: str, folder: Path) -> Path:
    """Run a tool to its end; the folder of what it wrote."""
    command = tool.command(endpoint, folder)
    environment = {**clean_environment(), **tool.environment(endpoint, folder)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in tool.exit_codes:
        raise SystemExit(f"{tool.name} ended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return folder / "output"


def ours(output: Path) -> Verdicts:
    """Policy -> resource -> what preuve says; of several rules and readings of one resource, the worst."""
    found: dict[str, dict[str, Said]] = defaultdict(dict)
    (results,) = output.rglob("results.jsonl")
    for line in _revealed(results, output.parent).splitlines():
        item = json.loads(line)
        if item["kind"] == "finding" and item["source"] == "aws":
            place = item["place"]
            name = resource(place["arn"] or place["id"], place["region"], place["type"])
            observed = json.dumps(item["observed"], ensure_ascii=False)
            _worst(found[item["policy"]], name, Said(item["status"], observed, place["region"]))
    return found


def _revealed(results: Path, folder: Path) -> str:
    """The results with people's names, which whoever has the key may see."""
    (table,) = folder.glob("workspace/key/*.names.json")
    names = json.loads(table.read_text(encoding="utf-8"))
    text = results.read_text(encoding="utf-8")
    return re.sub(r"\b(?:person|key)-[a-z2-7]{12}\b", lambda match: names.get(match.group(), match.group()), text)


def theirs(output: Path) -> Rows:
    """Check -> what Prowler says of each resource."""
    found: dict[str, list[tuple[str, Said]]] = defaultdict(list)
    for path in output.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter=";"):
                name = resource(row["RESOURCE_UID"] or row["RESOURCE_NAME"], row["REGION"])
                found[row["CHECK_ID"]].append((name, Said(row["STATUS"], row["STATUS_EXTENDED"], row["REGION"])))
    return found


# What preuve's parameters say, in Prowler's words; without a list of regions its organisation check passes any.
_THRESHOLDS = {
    "days_to_expire_threshold": 30,
    "log_group_retention_days": 180,
    "max_unused_access_keys_days": 45,
    "organizations_enabled_regions": list(REGIONS),
}
_ORDER = ("FAIL", "NOT_EVALUATED", "MANUAL", "WAIVED", "PASS", "NOT_APPLICABLE")


def _worst(found: dict[str, Said], name: str, said: Said) -> None:
    before = found.get(name)
    if before is None or _ORDER.index(said.verdict) < _ORDER.index(before.verdict):
        found[name] = said


def resource(name: str, region: str, kind: str = "") -> str:
    """What both tools' names of one resource come to: the end of its ARN or of its address."""
    if kind == "AWS::Region":
        return f"region {name or region}"
    if kind == "AWS::Account" or name == ACCOUNT:
        return "account"
    end = re.sub(r"^arn:[^:]*:[^:]*:[^:]*:[^:]*:|^https?://[^/]*/[0-9]+/", "", name)
    end = re.sub(r"(?<=^/restapis/\w{10})/.*", "", end)  # Prowler judges an API, preuve each of its resources
    end = re.sub(r"-\d{4}(-\d\d){4}$", "", end)  # the emulator names an automatic snapshot after the moment of the call
    return re.sub(r"^(?:instance|volume|snapshot)/(?=(?:i|vol|snap)-)", "", end.removesuffix(":*"))


# ---- comparing ----------------------------------------------------------------------------------------------------


def compare(policy: str, checks: list[str], mine: Verdicts, other: Rows) -> tuple[int, list[Difference]]:
    """How many resources both judge alike, and those that they do not. NOT_APPLICABLE is no verdict."""
    my = {name: said for name, said in mine.get(policy, {}).items() if said.verdict != "NOT_APPLICABLE"}
    their: dict[str, Said] = {}
    for check in checks:
        for name, said in other.get(check, []):
            _worst(their, _subject(name, said, set(my)), replace(said, words=f"{check}: {said.words}"))
    same = sum(1 for name in my if name in their and my[name].verdict == their[name].verdict)
    differing = [
        Difference(policy, name, my.get(name, Said(NOWHERE)), their.get(name, Said(NOWHERE)))
        for name in sorted({*my, *their})
        if my.get(name, Said(NOWHERE)).verdict != their.get(name, Said(NOWHERE)).verdict
    ]
    return same, differing


def _subject(name: str, said: Said, mine: set[str]) -> str:
    """Prowler names a detector or a log group where preuve judges the region or the account as a whole."""
    if mine == {"account"}:
        return "account"
    region = f"region {said.region}"
    if name == "account" and region in mine:
        return region
    return region if mine and all(one.startswith("region ") for one in mine) else name


def explained() -> frozenset[str]:
    """The policies that docs/differences.md has a section for."""
    text = DIFFERENCES.read_text(encoding="utf-8") if DIFFERENCES.is_file() else ""
    headings = re.findall(r"^### (.+)", text, re.MULTILINE)
    return frozenset(name for heading in headings for name in heading.split(", "))


def report(differences: Mapping[str, tuple[int, list[Difference]]], *, words: bool) -> Iterator[str]:
    """A table of all policies, then each difference."""
    yield "| policy | same verdict | differ |"
    yield "| --- | ---: | ---: |"
    for policy, (same, differing) in differences.items():
        yield f"| {policy} | {same} | {len(differing)} |"
    yield ""
    for _, differing in differences.values():
        for item in differing:
            yield f"{item.policy}  {item.resource}  preuve {item.ours.verdict}, Prowler {item.theirs.verdict}"
            if words:
                yield f"    preuve: {item.ours.words[:400]}"
                yield f"    Prowler: {item.theirs.words[:400]}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--prowler", type=Path, required=True, metavar="PATH", help="Prowler's executable")
    parser.add_argument("--words", action="store_true", help="print what each tool says of a difference")
    parser.add_argument("--keep", type=Path, help="folder for the two tools' output; where it holds some, that is read")
    return parser.parse_args()


def _outputs(options: argparse.Namespace, folder: Path, checks: list[str]) -> tuple[Path, Path]:
    config = folder / "prowler.yaml"
    config.write_text(json.dumps({"aws": _THRESHOLDS}), encoding="utf-8")
    selection = ["--checks", *checks, "--scan-unused-services", "--config-file", str(config.absolute())]
    tools = {"preuve": preuve(), "prowler": prowler(options.prowler.absolute(), selection)}
    missing = [name for name in tools if not (folder / name / "output").is_dir()]
    if missing:
        with tempfile.TemporaryDirectory() as ready, account(0, Path(ready)) as endpoint:
            for name in missing:
                (folder / name).mkdir(exist_ok=True)
                run(tools[name], endpoint, folder / name)
                print(f"{name} has looked at {ACCOUNT} in {', '.join(REGIONS)}", file=sys.stderr)
    return folder / "preuve" / "output", folder / "prowler" / "output"


def main() -> int:
    """Compare and print."""
    options = _options()
    equivalents: dict[str, list[str]] = yaml.safe_load(EQUIVALENTS.read_text(encoding="utf-8"))
    checks = sorted({check for names in equivalents.values() for check in names})
    with tempfile.TemporaryDirectory(prefix="verdicts-") as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        mine, other = _outputs(options, folder, checks)
        first, second = ours(mine), theirs(other)
    found = {policy: compare(policy, names, first, second) for policy, names in equivalents.items()}
    print("\n".join(report(found, words=options.words)))
    same = sum(count for count, _ in found.values())
    differ = sum(len(items) for _, items in found.values())
    unexplained = sorted({policy for policy, (_, items) in found.items() if items} - explained())
    print(f"\n{same} verdicts are the same, {differ} differ; not explained: {', '.join(unexplained) or 'none'}")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
