"""Measures the history of 20 bundles of 10,000 findings: the standard library's SQLite, as built, against DuckDB.

DuckDB is no dependency: run this with an environment that has it as well (`pip install duckdb`), or see SQLite only.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from preuve.model.layout import RESULTS
from preuve.publish.history.store import Store
from preuve.publish.results import read_finding, read_lines

QUERY = """
WITH verdict AS (
    SELECT policy, source, place, status, rev, regexp_extract(filename, 'run-(\\d+)', 1)::INT AS run
    FROM read_json('{files}', columns = {{
        kind: 'VARCHAR', policy: 'VARCHAR', source: 'VARCHAR', status: 'VARCHAR', rev: 'INT',
        place: 'STRUCT(type VARCHAR, id VARCHAR, account VARCHAR, region VARCHAR, root VARCHAR, arn VARCHAR)'
    }}, format = 'newline_delimited', filename = true)
    WHERE kind = 'finding'
)
SELECT policy, source, place, run, status, rev FROM verdict
QUALIFY bool_or(status IN ('FAIL', 'WAIVED')) OVER (PARTITION BY policy, source, place)
ORDER BY policy, place.id, run
"""


def write(home: Path, runs: int, findings: int) -> None:
    """Bundles in which a resource in ten fails and one failure in four comes and goes."""
    for run in range(runs):
        path = home / f"run-{run:02}" / RESULTS
        path.parent.mkdir(parents=True)
        with path.open("w", encoding="ascii") as file:
            for number in range(findings):
                failing = number % 10 == 0 and (number % 40 or run % 3)
                place = {"type": "AWS::S3::Bucket", "id": f"bucket-{number // 50}", "account": "123456789012"}
                place |= {"region": "eu-west-3", "arn": "", "root": "", "file": "", "line": 0, "end_line": 0}
                line = {"kind": "finding", "policy": f"policy-{number % 50}", "rev": 1, "source": "aws"}
                line |= {"status": "FAIL" if failing else "PASS", "severity": "high", "place": place, "waiver": ""}
                line |= {"reason": {"code": "asserted", "values": {}}, "incomplete": False}
                line |= {"observed": {"Encryption.Rules": [{"SSEAlgorithm": "aws:kms"}] * 2}, "calls": ["a/b/c/1"]}
                file.write(json.dumps(line) + "\n")


def with_sqlite(home: Path) -> int:
    with Store() as store:
        for run, folder in enumerate(sorted(home.iterdir())):
            lines = read_lines(folder / RESULTS)
            store.add(run, (read_finding(line) for line in lines if line["kind"] == "finding"))
        return sum(len(track.seen) for track in store.tracks())


def with_duckdb(home: Path) -> int:
    import duckdb  # noqa: PLC0415 - no dependency

    return len(duckdb.sql(QUERY.format(files=f"{home}/*/{RESULTS}")).fetchall())


def measure(name: str, question: Callable[[Path], int], home: Path) -> None:
    start, cpu = time.perf_counter(), time.process_time()
    rows = question(home)
    wall, spent = time.perf_counter() - start, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name}: {rows} verdicts, {wall:.1f} s, {spent:.1f} s of CPU, peak {peak:.0f} MB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--findings", type=int, default=10_000)
    options = parser.parse_args()
    context = get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        write(home, options.runs, options.findings)
        for name, question in (("SQLite", with_sqlite), ("DuckDB", with_duckdb)):
            if name == "SQLite" or find_spec("duckdb"):
                process = context.Process(target=measure, args=(name, question, home))  # a peak of its own each
                process.start()
                process.join()


if __name__ == "__main__":
    main()
