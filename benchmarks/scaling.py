"""How imports scale over workers that share a PostgreSQL server and S3, and how fairly large and small ones share them.

    python -m benchmarks.scaling [--rows N] [--workers 1,2,4,8] [--runs N] [--json FILE]

Everything is a process of its own: PostgreSQL (Debian's, not the embedded one), S3 (moto), the HTTP API and the
workers, each in a session and a home of its own, as if on other machines. Each measurement has a fresh database.

one     one import of N rows
many    the same rows as eight imports of eight organizations, asked for at once
small   an import of 1,000 rows, alone; then asked for while a large one is read and reviewed; then while it is imported

All of it shares the cores of this machine, the client too: more workers than cores show how they share, not how far
they reach.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import httpx

from benchmarks import cluster
from benchmarks.people import write_people

IMPORTS_AT_ONCE = 8
SMALL_ROWS = 1_000
POLL_SECONDS = 0.1
LONGEST_SECONDS = 3600
OVER = ("imported", "failed", "cancelled")


@dataclass
class Client:
    """A program of one organization."""

    base: str
    key: str
    slug: str
    environment: dict[str, str]

    def put(self, file: Path) -> str:
        """The key of the file as an object in the bucket."""
        url = urlsplit(self.environment["STORAGE_URL"])
        key = f"imports/{self.slug}/{file.name}"
        client = boto3.client(
            "s3",
            endpoint_url=self.environment["AWS_ENDPOINT_URL"],
            region_name=self.environment["AWS_DEFAULT_REGION"],
            aws_access_key_id=self.environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.environment["AWS_SECRET_ACCESS_KEY"],
        )
        client.upload_file(str(file), url.netloc, f"{url.path.strip('/')}/{key}")
        return key

    def start(self, key: str) -> str:
        return self._call("POST", "", json={"s3Key": key, "region": "BR"})["jobId"]

    def get(self, job_id: str) -> dict[str, Any]:
        return self._call("GET", f"/{job_id}")

    def wait(self, job_id: str, *statuses: str) -> dict[str, Any]:
        """The import object once it has one of the statuses."""
        deadline = time.monotonic() + LONGEST_SECONDS
        while time.monotonic() < deadline:
            found = self.get(job_id)
            if found["status"] in statuses:
                return found
            if found["status"] in OVER:
                raise SystemExit(f"an import is {found['status']}: {found}")
            time.sleep(POLL_SECONDS)
        raise SystemExit(f"an import does not come to {statuses}")

    def _call(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        address = f"{self.base}/organizations/{self.slug}/leads/import{path}"
        headers = {"Authorization": f"Bearer {self.key}"}
        answer = httpx.request(method, address, headers=headers, timeout=60, **options)
        answer.raise_for_status()
        return answer.json()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--workers", default="1,2,4,8")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    counts = [int(count) for count in options.workers.split(",")]
    figures: dict[str, dict[int, list[dict[str, float]]]] = {"one": {}, "many": {}, "small": {}}
    organizations = [f"organization-{number}" for number in range(IMPORTS_AT_ONCE)]
    with tempfile.TemporaryDirectory() as folder, cluster.running(organizations) as servers:
        files = Files(Path(folder), options.rows)
        for _ in range(options.runs):
            for count in counts:
                for name, measure in (("one", measure_one), ("many", measure_many), ("small", measure_small)):
                    with working(servers, count) as clients:
                        figure = measure(clients, files)
                    figures[name].setdefault(count, []).append(figure)
                    print(f"{name}, {count} workers: {figure}", file=sys.stderr)
    report(figures, options.rows)
    if options.json:
        options.json.write_text(json.dumps({"rows": options.rows, "runs": figures}, indent=1))


class Files:
    """All people in one file, the same in eight, and a small file of other people."""

    def __init__(self, folder: Path, rows: int) -> None:
        self.rows = rows
        self.large, self.small = folder / "large.csv", folder / "small.csv"
        write_people(folder / "all.csv", rows + SMALL_ROWS)
        header, *lines = (folder / "all.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        self._write(self.large, header, lines[:rows])
        self._write(self.small, header, lines[rows:])
        size = -(-rows // IMPORTS_AT_ONCE)
        self.parts = [folder / f"part-{number}.csv" for number in range(IMPORTS_AT_ONCE)]
        for number, part in enumerate(self.parts):
            self._write(part, header, lines[number * size : min((number + 1) * size, rows)])

    @staticmethod
    def _write(path: Path, header: str, lines: Sequence[str]) -> None:
        path.write_text(header + "".join(lines), encoding="utf-8")


@contextmanager
def working(servers: cluster.Cluster, count: int):
    """Clients of all organizations, of a fresh database with an API and so many workers."""
    with ExitStack() as stack:
        environment = stack.enter_context(servers.database(f"leads_{time.monotonic_ns()}"))
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=servers.home)))
        base = stack.enter_context(cluster.api(environment, home))
        stack.enter_context(cluster.workers(count, environment, home))
        yield [Client(base, key, slug, environment) for slug, key in servers.keys.items()]


def measure_one(clients: list[Client], files: Files) -> dict[str, float]:
    """Seconds from the call to the ledger, and of its two stages as the import tells them itself."""
    client = clients[0]
    key = client.put(files.large)
    began = time.monotonic()
    done = client.wait(client.start(key), "imported")
    seconds = done["seconds"]
    return {
        "seconds": time.monotonic() - began,
        "review": seconds["read"] + seconds["review"],
        "import": seconds["import"],
    }


def measure_many(clients: list[Client], files: Files) -> dict[str, float]:
    """Seconds until all are over, and those of the first and the last to end."""
    keys = [client.put(part) for client, part in zip(clients, files.parts, strict=True)]
    began = time.monotonic()
    waiting = {client.slug: (client, client.start(key)) for client, key in zip(clients, keys, strict=True)}
    ends: list[float] = []
    while waiting:
        for slug, (client, job_id) in list(waiting.items()):
            if client.get(job_id)["status"] == "imported":
                ends.append(time.monotonic() - began)
                del waiting[slug]
        time.sleep(POLL_SECONDS)
    return {"seconds": ends[-1], "first": ends[0]}


def measure_small(clients: list[Client], files: Files) -> dict[str, float]:
    """Seconds of a small import alone, behind a large one's review, and behind its import; of fresh people."""
    large, *others = clients
    names = ("alone", "behind the review", "behind the import")
    keys = {name: client.put(files.small) for name, client in zip(names, others, strict=False)}
    large_key = large.put(files.large)
    seconds = {}
    job_id = ""
    for name, client in zip(names, others, strict=False):
        if name == "behind the review":
            job_id = large.start(large_key)
            large.wait(job_id, "preparing")
        if name == "behind the import":
            large.wait(job_id, "importing", "imported")
        began = time.monotonic()
        client.wait(client.start(keys[name]), "imported")
        seconds[name] = time.monotonic() - began
        if name != "alone":
            seconds[f"{name}: was over first"] = float(large.get(job_id)["status"] != "imported")
    began_waiting = time.monotonic()
    large.wait(job_id, "imported")
    return {**seconds, "large went on for": time.monotonic() - began_waiting}


def report(figures: dict[str, dict[int, list[dict[str, float]]]], rows: int) -> None:
    """Medians; ratios are taken within each run, against the first number of workers."""
    print(f"\n{rows:,} rows; one job at a time in each worker; medians of {len(next(iter(figures['one'].values())))}")
    print(f"{'workers':>8}{'one import':>14}{'rows/s':>9}{'times':>7}{'review':>9}{'import':>9}", end="")
    print(f"{f'{IMPORTS_AT_ONCE} at once':>14}{'rows/s':>9}{'times':>7}{'first ends at':>15}")
    first = next(iter(figures["one"]))
    for count in figures["one"]:
        one, many = _median(figures["one"][count]), _median(figures["many"][count])
        gain = {name: _gain(figures[name][first], figures[name][count]) for name in ("one", "many")}
        print(f"{count:>8}{one['seconds']:>12.1f} s{rows / one['seconds']:>9,.0f}{gain['one']:>7.2f}", end="")
        print(f"{one['review']:>9.1f}{one['import']:>9.1f}", end="")
        print(f"{many['seconds']:>12.1f} s{rows / many['seconds']:>9,.0f}{gain['many']:>7.2f}", end="")
        print(f"{many['first'] / many['seconds']:>14.0%}")
    print(f"\n{'workers':>8}  an import of {SMALL_ROWS:,} rows: alone, behind a review, behind an import of {rows:,}")
    for count, runs in figures["small"].items():
        small = _median(runs)
        parts = [f"{small['alone']:.1f} s"]
        for name in ("behind the review", "behind the import"):
            times = statistics.median(run[name] / run["alone"] for run in runs)
            parts.append(f"{small[name]:.1f} s ({times:.1f} times)")
        print(f"{count:>8}  {', '.join(parts)}; the large one went on for {small['large went on for']:.1f} s")


def _median(runs: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def _gain(base: list[dict[str, float]], runs: list[dict[str, float]]) -> float:
    return statistics.median(one["seconds"] / other["seconds"] for one, other in zip(base, runs, strict=True))


if __name__ == "__main__":
    main()
