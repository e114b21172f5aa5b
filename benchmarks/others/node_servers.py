"""Servers that come from npm: run on loopback with the Node and the packages of their environment."""

import json
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.cluster import find_free_port
from benchmarks.others import environments

START_SECONDS = 300
STOP_SECONDS = 30
POLL_SECONDS = 0.2
# Of what a server printed that did not start.
SHOWN = 4_000


@dataclass(frozen=True)
class NodeServer:
    """`url` answers; `pid` is its process."""

    url: str
    pid: int


@contextmanager
def serving(
    packages: Path, *arguments: str, settings: Mapping[str, str], health: str, setup: tuple[str, ...] = ()
) -> Iterator[NodeServer]:
    """Node with these arguments, in a folder that goes with it, until the end; HOST and PORT are in its environment.

    `health` is the path that answers once it is ready; `setup` are the arguments of a run before.
    """
    port = find_free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        **environments.get_node_environment(packages),
        "NODE_ENV": "production",
        "NODE_PATH": str(packages / "node_modules"),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        **settings,
    }
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as printed:
        where = {"cwd": folder, "env": environment, "stdout": printed, "stderr": subprocess.STDOUT}
        if setup and subprocess.run(["node", *setup], check=False, **where).returncode:
            raise SystemExit(f"node {' '.join(setup)} failed:\n{_read_end(printed)}")
        process = subprocess.Popen(["node", *arguments], **where)
        try:
            if not _is_ready(process, url + health):
                raise SystemExit(f"The server does not start:\n{_read_end(printed)}")
            yield NodeServer(url, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def get_version(packages: Path, package: str) -> str:
    """Name and installed version."""
    return f"{package} {json.loads((packages / 'node_modules' / package / 'package.json').read_text())['version']}"


def _is_ready(process: subprocess.Popen, address: str) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(address).is_success:
                return True
        except httpx.TransportError:
            pass
        time.sleep(POLL_SECONDS)
    return False


def _read_end(printed: tempfile._TemporaryFileWrapper) -> str:
    printed.seek(0)
    return printed.read().decode(errors="replace")[-SHOWN:]
