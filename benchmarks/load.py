"""Programs at work together, on this machine: resolve-batch and small imports from 50 clients at once.

    python -m benchmarks.load [--seconds 20] [--clients 50]

Starts the API (with its embedded database and worker) in a home of its own, and prints one JSON object: calls,
latencies by kind, errors (429 and 5xx), and how far the server's memory moved.
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
from pathlib import Path

import httpx

IMPORT_SHARE = 0.05
PEOPLE_PER_CALL = 20
ROWS_PER_IMPORT = 200


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
    statuses: dict[int, int] = {}
    memory: list[int] = []
    end = time.monotonic() + options.seconds

    def run(number: int) -> None:
        rng = random.Random(number)
        with httpx.Client(base_url=base, headers={"Authorization": f"Bearer {key}"}, timeout=120) as client:
            while time.monotonic() < end:
                kind = "import" if rng.random() < IMPORT_SHARE else "resolve"
                began = time.monotonic()
                answer = call_import(client, home, rng) if kind == "import" else call_resolve(client, rng)
                took[kind].append(time.monotonic() - began)
                statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1

    threads = [threading.Thread(target=run, args=(number,)) for number in range(options.clients)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        memory.append(resident_bytes(server_pid))
        time.sleep(0.5)
    third = max(len(memory) // 3, 1)
    return {
        "clients": options.clients,
        "seconds": options.seconds,
        "calls": sum(statuses.values()),
        "callsPerSecond": round(sum(statuses.values()) / options.seconds, 1),
        "statuses": statuses,
        "milliseconds": {kind: spread(values) for kind, values in took.items()},
        "memoryMiB": {
            "first": round(max(memory[:third]) / 2**20),
            "last": round(max(memory[-third:]) / 2**20),
        },
    }


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
