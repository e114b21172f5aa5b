"""pgloader loads the file's columns as text into one table: no phones, no duplicates, no keys. The least work of all.

python -m benchmarks.others.pgloader FILE DATABASE_URL ORGANIZATION_ID
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg

TABLE = "create table contact (code text, name text, phone text, email text, city text, tags text)"
# Doubled braces are pgloader's own.
COMMANDS = """
load csv from '{file}' with encoding utf-8 (code, name, phone, email, city, tags)
    into {address}
    target table public.contact (code, name, phone, email, city, tags)
    with skip header = 1, fields terminated by ';', fields optionally enclosed by '"', batch rows = 25000;
"""


def main(file: str, url: str, _organization_id: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLE)
    with tempfile.NamedTemporaryFile("w", suffix=".load") as commands:
        commands.write(COMMANDS.format(file=Path(file).resolve(), address=to_address(url)))
        commands.flush()
        subprocess.run(["pgloader", "--quiet", commands.name], check=True, stdout=sys.stderr)


def to_address(url: str) -> str:
    """As pgloader spells it: a socket's folder stands in the place of the host, after `unix:`."""
    parts = urlsplit(url)
    folder = parse_qs(parts.query).get("host", [""])[0]
    place = f"unix:{folder}:{parts.port or 5432}" if folder else f"{parts.hostname}:{parts.port or 5432}"
    user = f"{parts.username}{':' + parts.password if parts.password else ''}"
    return f"postgresql://{user}@{place}{parts.path}"


if __name__ == "__main__":
    main(*sys.argv[1:])
