"""What the app runs beside itself ends with it, also where the app is killed and can do nothing about it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import text

from lead_store import companions
from lead_store.storage import database
from tests.integration.test_recovery import DEADLINE_SECONDS, wait_for

ROOT = Path(__file__).parents[2]


def find_running(word: str) -> list[tuple[int, int]]:
    """Process id and parent of each running process with the word in its command."""
    listed = subprocess.run(["ps", "-axo", "pid=,ppid=,stat=,command="], capture_output=True, text=True, check=True)
    lines = [line.split(None, 3) for line in listed.stdout.splitlines()]
    return [(int(pid), int(parent)) for pid, parent, state, command in lines if word in command and state[0] != "Z"]


def test_killed_app_leaves_neither_worker_nor_database_behind() -> None:
    # Not below pytest's folder: another pytest of the same user closes it to the server's own user.
    with TemporaryDirectory(prefix="lead-store-") as name:
        home = Path(name) / "home"
        environment = {**os.environ, "LEAD_STORE_HOME": str(home)}
        environment.pop("DATABASE_URL", None)
        command = [sys.executable, "-m", "uvicorn", "lead_store.api:app", "--port", "0", "--log-level", "warning"]
        app = subprocess.Popen(command, cwd=ROOT, env=environment)
        try:
            wait_for(lambda: any(parent == app.pid for _, parent in find_running("lead_store worker")))
            [worker] = [pid for pid, parent in find_running("lead_store worker") if parent == app.pid]
            wait_for((home / "postgres" / "postmaster.pid").exists)
        finally:
            app.kill()
            app.wait()
        wait_for(lambda: worker not in {pid for pid, _ in find_running("lead_store worker")})
        wait_for(lambda: not (home / "postgres" / "postmaster.pid").exists())


def test_app_that_is_to_end_does_not_wait_for_a_body_that_never_comes() -> None:
    with TemporaryDirectory(prefix="lead-store-") as home, socket.socket() as free, ExitStack() as held:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environment = {**os.environ, "LEAD_STORE_HOME": home}
        environment.pop("DATABASE_URL", None)
        command = [sys.executable, "-m", "uvicorn", "lead_store.api:app", "--port", str(port)]
        app = subprocess.Popen([*command, "--log-level", "critical"], cwd=ROOT, env=environment)

        def answers() -> bool:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)) as asking:
                asking.sendall(b"GET /ready HTTP/1.1\r\nHost: localhost\r\n\r\n")
                return asking.recv(64).startswith(b"HTTP/1.1 200")
            return False

        try:
            wait_for(answers)
            slow = held.enter_context(socket.create_connection(("127.0.0.1", port)))
            slow.sendall(
                b"POST /organizations/demo/leads/import HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{"
            )
            wait_for(answers)
            app.terminate()
            # Less than the API would wait for the body.
            assert app.wait(2 * companions.ANSWERS_SECONDS) == -signal.SIGTERM
        finally:
            app.kill()
            app.wait()


@pytest.mark.parametrize("end", [lambda worker: worker.stdin.close(), subprocess.Popen.terminate], ids=["pipe", "term"])
def test_worker_ends_cleanly_by_its_pipe_and_by_a_signal(home: Path, end: Callable[[subprocess.Popen], None]) -> None:
    command = [sys.executable, "-m", "lead_store", "worker", "--until-stdin-closes"]
    environment = {**os.environ, "LEAD_STORE_HOME": str(home)}
    before = get_newest_worker()
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as worker:
        try:
            wait_for(lambda: get_newest_worker() > before)
            end(worker)
            worker.wait(DEADLINE_SECONDS)
        finally:
            worker.kill()
        assert worker.stderr is not None
        assert (worker.returncode, worker.stderr.read()) == (0, "")


def get_newest_worker() -> int:
    """Its id; a worker that begins removes those that died, so that their number tells nothing."""
    with database.transaction() as tx:
        return tx.scalar(text("select coalesce(max(id), 0) from procrastinate_workers"))
