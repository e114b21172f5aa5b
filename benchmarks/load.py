"""Programs at work together, on this machine: resolve-batch and small imports from 50 clients at once.

    python -m benchmarks.load [--seconds 20] [--clients 50]

Starts the API (with its embedded database and worker) in a home of its own, and prints one JSON object: calls,
latencies by kind, errors (429, 5xx and broken connections: there must be none), how many imports came to their end,
and the memory of the API and of its worker: before, in the first and the last third, and after.
"""

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import httpx

IMPORT_SHARE = 0.05
PEOPLE_PER_CALL = 20
ROWS_PER_IMPORT = 200
END_SECONDS = 120


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--clients", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lead-store-load-") as home:
        print(json.dumps(measure(Path(home), options), indent=1))


def measure(home: Path, options: argparse.Namespace) -> dict:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "LEAD_STORE_HOME": str(home),
        "LEAD_STORE_CALLS_PER_SECOND": "100000",
        "LEAD_STORE_CALLS_AT_ONCE": "100000",
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "lead_store.api:app", "--port", str(port), "--log-level", "warning"],
        env=environment,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until_ready(address)
        command = [sys.executable, "-m", "lead_store", "api-key", "create", "--organization", "demo", "--name", "load"]
        key = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()
        return run_clients(home, f"{address}/organizations/demo", key, server.pid, options)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def wait_until_ready(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/ready").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise SystemExit("the API does not start")


def run_clients(home: Path, base: str, key: str, server_pid: int, options: argparse.Namespace) -> dict:
    took: dict[str, list[float]] = {"resolve": [], "import": []}
    statuses: Counter[int | str] = Counter()
    jobs: list[str] = []
    authorized = {"Authorization": f"Bearer {key}"}

    def run(number: int) -> None:
        rng = random.Random(number)
        with httpx.Client(base_url=base, headers=authorized, timeout=120) as client:
            while time.monotonic() < end:
                kind = "import" if rng.random() < IMPORT_SHARE else "resolve"
                began = time.monotonic()
                try:
                    answer = call_import(client, home, rng) if kind == "import" else call_resolve(client, rng)
                except httpx.TransportError as broken:
                    statuses[type(broken).__name__] += 1
                    continue
                took[kind].append(time.monotonic() - began)
                statuses[answer.status_code] += 1
                if kind == "import" and answer.status_code == 202:
                    jobs.append(answer.json()["jobId"])

    with httpx.Client(base_url=base, headers=authorized, timeout=120) as warm:
        call_resolve(warm, random.Random(0)).raise_for_status()
        ends = Counter([wait_for_end(warm, call_import(warm, home, random.Random(0)).json()["jobId"])])
        processes = {"api": server_pid, "worker": find_worker(server_pid)}
        memory: dict[str, list[int]] = {name: [resident_bytes(pid)] for name, pid in processes.items()}
        end = time.monotonic() + options.seconds
        threads = [threading.Thread(target=run, args=(number,)) for number in range(options.clients)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            time.sleep(0.5)
            for name, pid in processes.items():
                memory[name].append(resident_bytes(pid))
        ends.update(wait_for_end(warm, job_id) for job_id in set(jobs))
        after = {name: resident_bytes(pid) for name, pid in processes.items()}
    return {
        "clients": options.clients,
        "seconds": options.seconds,
        "calls": sum(statuses.values()),
        "callsPerSecond": round(sum(statuses.values()) / options.seconds, 1),
        "statuses": dict(statuses),
        "errors": sum(count for status, count in statuses.items() if status not in (200, 202)),
        "imports": dict(ends),
        "milliseconds": {kind: spread(values) for kind, values in took.items()},
        "memoryMiB": {name: tell_memory(seen, after[name]) for name, seen in memory.items()},
    }


def wait_for_end(client: httpx.Client, job_id: str) -> str:
    """The status with which an import came to its end, or the last one seen."""
    deadline = time.monotonic() + END_SECONDS
    while (status := client.get(f"/leads/import/{job_id}").json()["status"]) not in ("imported", "failed"):
        if time.monotonic() > deadline:
            break
        time.sleep(0.2)
    return status


def find_worker(server_pid: int) -> int:
    """The worker that the API runs beside itself."""
    children = Path(f"/proc/{server_pid}/task/{server_pid}/children").read_text().split()
    [worker] = [int(pid) for pid in children if "worker" in Path(f"/proc/{pid}/cmdline").read_text()]
    return worker


def tell_memory(seen: list[int], after: int) -> dict[str, int]:
    """In MiB: at rest, the most in the first and in the last third of the run, and once all imports are done."""
    before, running = seen[0], seen[1:] or seen
    third = max(len(running) // 3, 1)
    told = {"before": before, "first": max(running[:third]), "last": max(running[-third:]), "after": after}
    return {name: round(size / 2**20) for name, size in told.items()}


def call_resolve(client: httpx.Client, rng: random.Random) -> httpx.Response:
    people = [
        {"channel": "whatsapp", "channelIdentifier": f"+55119{rng.randrange(7 * 10**7, 7 * 10**7 + 20_000)}"}
        for _ in range(PEOPLE_PER_CALL)
    ]
    return client.post("/leads/resolve-batch", json=people)


def call_import(client: httpx.Client, home: Path, rng: random.Random) -> httpx.Response:
    rows = "".join(f"Pessoa {n},+55119{rng.randrange(7 * 10**7, 7 * 10**7 + 20_000)}\n" for n in range(ROWS_PER_IMPORT))
    name = f"{rng.getrandbits(64):x}.csv"
    target = home / "files" / "imports" / "demo" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(f"Nome,Telefone\n{rows}")
    return client.post("/leads/import", json={"s3Key": f"imports/demo/{name}"})


def spread(values: list[float]) -> dict[str, float]:
    ordered = sorted(values) or [0.0]
    at = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
    places = {name: min(int(part * len(ordered)), len(ordered) - 1) for name, part in at.items()}
    return {name: round(ordered[place] * 1000, 1) for name, place in places.items()}


def resident_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
