"""What production has on machines of its own, here as processes: a PostgreSQL that is not the embedded one, S3 by
moto's server, the HTTP API, and workers, each worker in a session and a home of its own."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3
import httpx
import psycopg

# The same memory as the embedded server has; WAL, fsync and checkpoints as PostgreSQL comes.
SERVER_SETTINGS = """
listen_addresses = '127.0.0.1'
shared_buffers = 512MB
work_mem = 64MB
maintenance_work_mem = 256MB
max_wal_size = 8GB
max_connections = 200
max_locks_per_transaction = 256
jit = off
"""
OLDEST_VERSION = 15
TEMPLATE = "leads_template"
LOGIN = "leads"
BUCKET = "leads"
START_SECONDS = 60
# Longer than an app gives its worker.
STOP_SECONDS = 90
POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Cluster:
    """A running PostgreSQL with a migrated template, and an S3 server; `keys` are the API keys of its organizations."""

    admin_url: str
    login_url: str
    s3_url: str
    home: Path
    keys: dict[str, str]

    @contextmanager
    def database(self, name: str) -> Iterator[dict[str, str]]:
        """The environment of all processes that use a fresh database of this name and the bucket."""
        with psycopg.connect(self.admin_url, autocommit=True) as admin:
            admin.execute(f"create database {name} template {TEMPLATE}")
            admin.execute("checkpoint")
        yield self.environment(f"{self.login_url}/{name}")
        with psycopg.connect(self.admin_url, autocommit=True) as admin:
            admin.execute(f"drop database {name} with (force)")

    def environment(self, database_url: str) -> dict[str, str]:
        return {
            **os.environ,
            "DATABASE_URL": database_url,
            "STORAGE_URL": f"s3://{BUCKET}/production",
            "AWS_ENDPOINT_URL": self.s3_url,
            "AWS_ACCESS_KEY_ID": "benchmark",
            "AWS_SECRET_ACCESS_KEY": "benchmark",
            "AWS_DEFAULT_REGION": "us-east-1",
            "LEAD_STORE_CALLS_PER_SECOND": "100000",
            "LEAD_STORE_CALLS_AT_ONCE": "100000",
            # A worker does one job at a time, so that the number of workers is the number of jobs.
            "LEAD_STORE_WORKER_CONCURRENCY": "1",
        }


@contextmanager
def running(organizations: Sequence[str]) -> Iterator[Cluster]:
    """PostgreSQL and S3 on loopback, in a temporary folder; all of it is gone afterwards.

    Each fresh database has these organizations, and a key to the API for each.
    """
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="leads-cluster-")))
        home.chmod(0o755)
        port, s3_port = find_free_port(), find_free_port()
        stack.enter_context(_postgres(home / "postgres", port))
        moto = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(s3_port)]
        stack.enter_context(process(moto, dict(os.environ), home / "s3.log"))
        admin, login = f"postgresql://postgres@127.0.0.1:{port}", f"postgresql://{LOGIN}@127.0.0.1:{port}"
        cluster = Cluster(f"{admin}/postgres", login, f"http://127.0.0.1:{s3_port}", home, {})
        wait_for(f"{cluster.s3_url}/moto-api/")
        _make_template(cluster, admin, organizations)
        boto3.client(
            "s3",
            endpoint_url=cluster.s3_url,
            region_name="us-east-1",
            aws_access_key_id="benchmark",
            aws_secret_access_key="benchmark",
        ).create_bucket(Bucket=BUCKET)
        yield cluster


@contextmanager
def workers(count: int, environment: dict[str, str], home: Path) -> Iterator[list[int]]:
    """The process ids of so many workers; what they share is the database and the bucket."""
    with ExitStack() as stack:
        pids = []
        for number in range(count):
            own = home / f"worker-{number}"
            own.mkdir(exist_ok=True)
            command = [sys.executable, "-m", "lead_store", "worker"]
            log = own / "worker.log"
            started = process(command, {**environment, "LEAD_STORE_HOME": str(own)}, log)
            pids.append(stack.enter_context(started).pid)
        _wait_for_workers(count, environment["DATABASE_URL"])
        yield pids


@contextmanager
def api(environment: dict[str, str], home: Path) -> Iterator[str]:
    """The address of the HTTP API as a process of its own."""
    port = find_free_port()
    command = [sys.executable, "-m", "uvicorn", "lead_store.api:app", "--port", str(port), "--log-level", "warning"]
    with process(command, {**environment, "LEAD_STORE_HOME": str(home)}, home / "api.log"):
        wait_for(f"http://127.0.0.1:{port}/ready")
        yield f"http://127.0.0.1:{port}"


@contextmanager
def process(command: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen]:
    """A process in a session of its own, asked to stop at the end, and made to where it does not."""
    with log.open("a") as output:
        started = subprocess.Popen(command, env=environment, stdout=output, stderr=output, start_new_session=True)
    try:
        yield started
    finally:
        started.send_signal(signal.SIGTERM)
        try:
            started.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


def find_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def wait_for(url: str) -> None:
    """Raises SystemExit where it does not answer well in time."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx.get(url).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(POLL_SECONDS)
    raise SystemExit(f"{url} does not answer")


def _wait_for_workers(count: int, url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    with psycopg.connect(url, autocommit=True) as connection:
        while time.monotonic() < deadline:
            if connection.execute("select count(*) from procrastinate_workers").fetchone()[0] >= count:
                return
            time.sleep(POLL_SECONDS)
    raise SystemExit("the workers do not start")


@contextmanager
def _postgres(folder: Path, port: int) -> Iterator[None]:
    """A server that initdb makes, run by the user postgres where we are root, which PostgreSQL refuses to be."""
    programs = _find_programs()
    owner = pwd.getpwnam("postgres") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    folder.mkdir()
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if os.getuid() == 0 else {}

    def run(*command: str) -> None:
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, **as_owner)

    data = folder / "data"
    run(f"{programs}/initdb", "-D", str(data), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
    with (data / "postgresql.conf").open("a") as settings:
        settings.write(f"{SERVER_SETTINGS}port = {port}\nunix_socket_directories = '{folder}'\n")
    control = (f"{programs}/pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"))
    run(*control, "start")
    try:
        yield
    finally:
        run(*control, "-m", "fast", "stop")


def _find_programs() -> Path:
    """Debian keeps initdb off the PATH, in a folder for each version; the newest counts."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not places or int(places[-1].parts[-3]) < OLDEST_VERSION:
        raise SystemExit(f"needs PostgreSQL {OLDEST_VERSION} or newer: Debian's package postgresql")
    return places[-1].parent


def _make_template(cluster: Cluster, admin: str, organizations: Sequence[str]) -> None:
    """The product's tables in a database that others are copied from, and a plain login as docs/operate.md says."""
    with psycopg.connect(cluster.admin_url, autocommit=True) as connection:
        connection.execute(f"create database {TEMPLATE}")
    environment = cluster.environment(f"{admin}/{TEMPLATE}")

    def call(*arguments: str) -> str:
        command = [sys.executable, "-m", "lead_store", *arguments]
        return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()

    call("migrate")
    for slug in organizations:
        call("organization", "create", slug, "--name", slug, "--region", "BR")
        cluster.keys[slug] = call("api-key", "create", "--organization", slug, "--name", "benchmark")
    with psycopg.connect(cluster.admin_url, autocommit=True) as connection:
        connection.execute(f"create role {LOGIN} login")
        connection.execute(f"grant lead_store_app, lead_store_platform to {LOGIN}")
