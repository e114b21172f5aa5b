"""NocoDB's CSV import: what its page sends, once the browser has read the file, to a server of its own.

The page creates the table, then posts the rows to the bulk route, 500 a request, one request after the other.
(`maxRowsToParse` in the pages that come with it, npm's nc-lib-gui.)

In its favour: the server runs already, and all columns are plain text, where the page may suggest other types.
"""

import csv
import itertools
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from benchmarks import processes
from benchmarks.others import contacts, environments, node_servers
from benchmarks.others.outcome import Outcome, Store

ROWS_PER_REQUEST = 500
ROWS = "select count(*) from contact"
SERVER = """
const { Noco } = require("nocodb");
const app = require("express")();
const server = app.listen(process.env.PORT, process.env.HOST, async () => {
  app.use(await Noco.init({}, server, app));
});
"""
ADMIN = {"email": "admin@example.com", "password": "Password-of-a-benchmark-1"}
# The page adds these to the columns of the file.
SYSTEM_COLUMNS = [
    {"column_name": "id", "title": "Id", "uidt": "ID", "dt": "int4", "pk": True, "ai": True, "rqd": True},
    {"column_name": "created_at", "title": "CreatedAt", "uidt": "CreatedTime", "dt": "timestamp", "system": True},
    {"column_name": "updated_at", "title": "UpdatedAt", "uidt": "LastModifiedTime", "dt": "timestamp", "system": True},
]


def run(file: Path, store: Store) -> Outcome:
    packages = environments.get_node_packages("nocodb")
    with (
        tempfile.TemporaryDirectory() as folder,
        node_servers.serving(
            packages, "-e", SERVER, settings=get_settings(store.url, folder), health="/api/v1/health"
        ) as server,
        httpx.Client(base_url=server.url, timeout=None) as client,
    ):
        base_id, source_id = create_base(client)
        with processes.watching_memory(server.pid) as peak:
            began = time.monotonic()
            import_file(file, client, base_id, source_id)
            seconds = time.monotonic() - began
    show_table(store.url)
    return Outcome(seconds, peak(), node_servers.get_version(packages, "nocodb"))


def get_settings(url: str, folder: str) -> dict[str, str]:
    parts = conninfo_to_dict(url)
    connection = {
        "host": parts["host"],
        "port": parts.get("port", 5432),
        "user": parts["user"],
        "password": parts.get("password", ""),
        "database": parts["dbname"],
    }
    return {
        "NC_DB_JSON": json.dumps({"client": "pg", "connection": connection}),
        "NC_TOOL_DIR": folder,
        "NC_DISABLE_TELE": "true",
    }


def create_base(client: httpx.Client) -> tuple[str, str]:
    """Ids of a new base and its source; the client is signed in afterwards."""
    client.headers["xc-auth"] = post(client, "/api/v1/auth/user/signup", ADMIN)["token"]
    base = post(client, "/api/v1/db/meta/projects/", {"title": "Contacts"})
    return base["id"], base["sources"][0]["id"]


def import_file(file: Path, client: httpx.Client, base_id: str, source_id: str) -> None:
    with file.open(encoding="utf-8", newline="") as content:
        rows = csv.DictReader(content, delimiter=contacts.SEPARATOR)
        columns = [{"column_name": name, "title": name, "uidt": "SingleLineText"} for name in rows.fieldnames or ()]
        table = post(
            client,
            f"/api/v1/db/meta/projects/{base_id}/{source_id}/tables",
            {"table_name": "contact", "title": "contact", "columns": [*columns, *SYSTEM_COLUMNS]},
        )
        while some := list(itertools.islice(rows, ROWS_PER_REQUEST)):
            post(client, f"/api/v1/db/data/bulk/noco/{base_id}/{table['id']}", some)


def post(client: httpx.Client, path: str, content: Any) -> Any:
    return client.post(path, json=content).raise_for_status().json()


def show_table(url: str) -> None:
    """NocoDB keeps the table in a schema named for the base; a view gives it a name that is known."""
    with psycopg.connect(url) as connection:
        place = connection.execute("select schemaname, tablename from pg_tables where tablename = 'contact'").fetchone()
        connection.execute(sql.SQL("create view public.contact as table {}").format(sql.Identifier(*place)))
