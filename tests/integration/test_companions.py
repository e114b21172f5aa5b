"""What the app runs beside itself ends with it, also where the app is killed and can do nothing about it."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.integration.test_recovery import wait_for

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
