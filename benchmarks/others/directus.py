"""Directus' CSV import: the file is posted to `/utils/import`; the server upserts row by row, in one transaction.

The collection's key is the file's own code. In its favour: the server runs already, and the header holds the
names of the fields.
"""

import time
from pathlib import Path

import httpx
from psycopg.conninfo import conninfo_to_dict

from benchmarks import processes
from benchmarks.others import contacts, environments, node_servers
from benchmarks.others.outcome import Outcome, Store

ROWS = "select count(*) from contact"
FIELDS = {
    contacts.CODE: "code",
    contacts.NAME: "name",
    contacts.PHONE: "phone",
    contacts.EMAIL: "email",
    contacts.CITY: "city",
    contacts.TAGS: "tags",
}
TOKEN = "token-of-a-benchmark"


def run(file: Path, store: Store) -> Outcome:
    """As Directus comes: each change leaves an entry in its activity and a revision."""
    return import_file(file, store, accountability="all")


def run_without_revisions(file: Path, store: Store) -> Outcome:
    """Neither activity nor revisions are kept of the collection."""
    return import_file(file, store, accountability=None)


def import_file(file: Path, store: Store, accountability: str | None) -> Outcome:
    packages = environments.get_node_packages("directus")
    command = str(packages / "node_modules" / "@directus" / "api" / "dist" / "cli" / "run.js")
    with (
        node_servers.serving(
            packages,
            command,
            "start",
            setup=(command, "bootstrap"),
            settings=get_settings(store.url),
            health="/server/ping",
        ) as server,
        httpx.Client(base_url=server.url, timeout=None, headers={"Authorization": f"Bearer {TOKEN}"}) as client,
    ):
        create_collection(client, accountability)
        content = with_field_names(file)
        with processes.watching_memory(server.pid) as peak:
            began = time.monotonic()
            sent = client.post("/utils/import/contact", files={"file": (file.name, content, "text/csv")})
            sent.raise_for_status()
            seconds = time.monotonic() - began
    return Outcome(seconds, peak(), node_servers.get_version(packages, "directus"))


def get_settings(url: str) -> dict[str, str]:
    parts = conninfo_to_dict(url)
    return {
        "DB_CLIENT": "pg",
        "DB_HOST": parts["host"],
        "DB_PORT": parts.get("port", "5432"),
        "DB_DATABASE": parts["dbname"],
        "DB_USER": parts["user"],
        "DB_PASSWORD": parts.get("password", ""),
        "SECRET": "secret-of-a-benchmark-that-is-long-enough",
        "ADMIN_EMAIL": "admin@example.com",
        "ADMIN_PASSWORD": "Password-of-a-benchmark-1",
        "ADMIN_TOKEN": TOKEN,
        "TELEMETRY": "false",
        "LOG_LEVEL": "warn",
        "IMPORT_TIMEOUT": "12h",
    }


def create_collection(client: httpx.Client, accountability: str | None) -> None:
    fields = [
        {"field": name, "type": "string", "schema": {"is_primary_key": name == "code"}} for name in FIELDS.values()
    ]
    collection = {"collection": "contact", "schema": {}, "meta": {"accountability": accountability}, "fields": fields}
    client.post("/collections", json=collection).raise_for_status()


def with_field_names(file: Path) -> bytes:
    """The file, its header exchanged."""
    header, rows = file.read_bytes().split(b"\n", 1)
    names = [FIELDS[column] for column in header.decode().strip().split(contacts.SEPARATOR)]
    return contacts.SEPARATOR.join(names).encode() + b"\n" + rows
