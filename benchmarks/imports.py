"""How long an import takes, as a multiple of the floor: bare COPY of the finished rows, on the same server.

    python -m benchmarks.imports [--rows N] [--runs N] [--json FILE]

In each run, one after the other, in a home of its own: the whole import of raw, messy rows by
`python -m lead_store import` (file on disk to committed leads, full review included); the same file again
(nothing changes); a file in which 10 % changed; and the floor: one connection that COPYs the leads, identities
and links which the import made into the same three tables, emptied, with the same keys, indexes and foreign keys.
Memory is that of the command and of the database's processes together, without what they share.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from benchmarks import processes
from benchmarks.people import write_people

TABLES = ("lead", "channel_identity", "lead_organization")
# Ids in order of creation, identifiers in their own: as the import writes them.
ORDER = {"lead": "id", "channel_identity": "channel_identifier", "lead_organization": "created_at, lead_id"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        fresh, changed = Path(folder) / "people.csv", Path(folder) / "changed.csv"
        write_people(fresh, options.rows)
        write_people(changed, options.rows, changed=0.1)
        runs = [measure(fresh, changed, place + 1) for place in range(options.runs)]
    report(runs, options.rows)
    if options.json:
        options.json.write_text(json.dumps({"rows": options.rows, "runs": runs}, indent=1))


def measure(fresh: Path, changed: Path, place: int) -> dict[str, Any]:
    """One run: seconds of each step, by wall clock, of whole processes."""
    with a_home() as home:
        seconds: dict[str, Any] = {}
        for name, file in (("fresh", fresh), ("again", fresh), ("changed", changed)):
            ran, outcome = import_file(file, home)
            seconds[name], seconds[f"{name} memory"] = ran.seconds, ran.peak_megabytes
            own = outcome["seconds"]
            seconds[f"{name} review"] = own["read"] + own["review"]
        seconds["floor"] = measure_floor(home)
    print(f"run {place}: " + ", ".join(f"{name} {value:.2f}" for name, value in seconds.items()), file=sys.stderr)
    return seconds


@contextmanager
def a_home() -> Iterator[dict[str, str]]:
    """The environment of a fresh home whose server runs until the end."""
    folder = tempfile.mkdtemp()
    environment = {**os.environ, "LEAD_STORE_HOME": folder}
    environment.pop("DATABASE_URL", None)
    keeper = subprocess.Popen(
        [sys.executable, "-c", "from lead_store.storage import database; database.get_engine(); input()"],
        env=environment,
        stdin=subprocess.PIPE,
    )
    try:
        subprocess.run([sys.executable, "-m", "lead_store", "organization", "list"], env=environment, check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        yield environment
    finally:
        keeper.communicate(b"\n")
        shutil.rmtree(folder, ignore_errors=True)


def import_file(file: Path, environment: dict[str, str]) -> tuple[processes.Ran, dict[str, Any]]:
    """The command as users run it, the database's processes counted in; and the import object it prints."""
    command = [sys.executable, "-m", "lead_store", "import", str(file), "--organization", "demo", "--json"]
    ran = processes.run(command, environment=environment, beside=[get_server_pid(environment)])
    outcome = json.loads(ran.output)
    assert outcome["status"] == "imported", outcome
    return ran, outcome


def get_server_pid(environment: dict[str, str]) -> int:
    """Of the embedded PostgreSQL."""
    return int((Path(environment["LEAD_STORE_HOME"]) / "postgres" / "postmaster.pid").read_text().split()[0])


def measure_floor(environment: dict[str, str]) -> float:
    """Seconds of bare COPY of what the imports left in the store, into the same tables."""
    url = subprocess.run(
        [sys.executable, "-m", "lead_store", "database-url"],
        env=environment, check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    with psycopg.connect(url) as connection, tempfile.TemporaryDirectory() as folder:
        for table in TABLES:
            with (
                (Path(folder) / table).open("wb") as file,
                connection.cursor().copy(f"copy (select * from {table} order by {ORDER[table]}) to stdout") as copy,
            ):
                for block in copy:
                    file.write(block)
        connection.execute(f"truncate {', '.join(TABLES)}")
        connection.commit()
        connection.autocommit = True
        connection.execute("checkpoint")
        connection.autocommit = False
        began = time.monotonic()
        for table in TABLES:
            with (
                (Path(folder) / table).open("rb") as file,
                connection.cursor().copy(f"copy {table} from stdin") as copy,
            ):
                while block := file.read(1 << 20):
                    copy.write(block)
            connection.commit()
        return time.monotonic() - began


def report(runs: list[dict[str, Any]], rows: int) -> None:
    """Medians, and ratios taken within each run."""
    floor = statistics.median(run["floor"] for run in runs)
    print(f"{rows:,} rows, {len(runs)} runs, medians; floor {floor:.1f} s ({rows / floor:,.0f} rows a second)")
    for name, against in (("fresh", "floor"), ("again", "fresh"), ("changed", "fresh")):
        ratios = [run[name] / run[against] for run in runs]
        median = statistics.median(run[name] for run in runs)
        low, middle, high = min(ratios), statistics.median(ratios), max(ratios)
        print(f"{name:<8} {median:8.1f} s   {middle:5.2f} x {against:<6} ({low:.2f} to {high:.2f})")
    for name in ("fresh", "again", "changed"):
        shares = [run[f"{name} review"] / run[name] for run in runs]
        memory = max(run[f"{name} memory"] for run in runs)
        print(f"{name:<8} review ready after {statistics.median(shares):.2f} of the whole, {memory:.0f} MB at most")


if __name__ == "__main__":
    main()
