"""What a row costs, and how much memory an import takes, as the store and the files grow.

    python -m benchmarks.growth [--sizes 0,1000000,5000000,10000000] [--rows 1000000] [--runs 5] [--json FILE]

One home. The store is filled to each size by the product's own import, whose memory is told, in one file: of a
million, of four, of five. At each size, files of `--rows` new people are imported one after the other, and their
seconds are compared with those at the first size. Memory is that of the command and of the database's processes
together, without what they share, above that of an import of 100 rows.
"""

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.imports import a_home, import_file
from benchmarks.people import write_people

FEW_ROWS = 100


class Store:
    """A home with a growing number of leads; each file has people that no file before it had."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.environment, self.file = environment, folder / "people.csv"
        self.people = 0

    def add(self, rows: int) -> dict[str, Any]:
        """Import so many new people: seconds, of those the review's, and the peak of memory in MB."""
        write_people(self.file, rows, first=self.people)
        self.people += rows
        ran, outcome = import_file(self.file, self.environment)
        own = outcome["seconds"]
        figures = {
            "rows": rows,
            "seconds": ran.seconds,
            "review": own["read"] + own["review"],
            "memory": ran.peak_megabytes,
        }
        print(f"{self.people:>12,} people: {figures}", file=sys.stderr)
        return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="0,1000000,5000000,10000000")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    with tempfile.TemporaryDirectory() as folder, a_home() as environment:
        store = Store(environment, Path(folder))
        idle = store.add(FEW_ROWS)["memory"]
        fills, probes = [], {}
        for size in sizes:
            if size > store.people:
                fills.append(store.add(size - store.people))
            probes[size] = [store.add(options.rows) for _ in range(options.runs)]
    report(idle, fills, probes)
    if options.json:
        options.json.write_text(json.dumps({"idle": idle, "fills": fills, "probes": probes}, indent=1))


def report(idle: float, fills: list[dict[str, Any]], probes: dict[int, list[dict[str, Any]]]) -> None:
    """Medians, and each size against the first."""
    first = statistics.median(run["seconds"] for run in next(iter(probes.values())))
    for size, runs in probes.items():
        seconds, rows = statistics.median(run["seconds"] for run in runs), runs[0]["rows"]
        print(f"{rows:,} rows into {size:>10,} leads {seconds:8.1f} s, {seconds / first:5.2f} times the first")
    print(f"memory above that of {FEW_ROWS} rows ({idle:.0f} MB):")
    for run in [next(iter(probes.values()))[0], *fills]:
        memory, rate = run["memory"] - idle, run["rows"] / run["seconds"]
        print(f"{run['rows']:>12,} rows {memory:6.0f} MB, {rate:9,.0f} rows a second")


if __name__ == "__main__":
    main()
