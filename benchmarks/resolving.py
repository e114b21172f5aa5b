"""How long resolve-batch takes for 1,000 people, as a multiple of the bare upsert in SQL of the same rows.

    python -m benchmarks.resolving [--people N] [--rounds N] [--store N] [--json FILE]

One API (uvicorn, embedded database) and one store that holds people already. In each round, one after the other, for
people of whom nobody has heard and then for the same ones again:

    bare        a careful upsert written by hand, in one transaction: COPY, then one statement per table
    use case    resolve_or_create in this process: what HTTP and JSON add is the rest
    HTTP        the call, from the body's first byte to the answer's last
"""

import argparse
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg

from benchmarks.cluster import find_free_port
from benchmarks.load import wait_until_ready
from benchmarks.people import CITIES, FIRST, LAST
from lead_store import access, api_keys, leads
from lead_store.storage import database

WAYS = ("bare", "use case", "HTTP")
FIRST_NUMBER, NUMBERS = 60_000_000, 39_999_999
PEOPLE_PER_FILLING = 10_000

GIVEN = """
create temporary table if not exists given (ordinal integer, identifier text collate "C", name text, email text,
    external_id text, attributes jsonb, lead_id uuid default gen_random_uuid(), is_known boolean not null default false)
on commit delete rows
"""
KNOWN = """
update given g set lead_id = i.lead_id, is_known = true from channel_identity i
where i.channel = 'whatsapp' and i.channel_identifier = g.identifier and i.lead_id <> g.lead_id
"""
LEADS = (
    "insert into lead (id, name, email, phone) select lead_id, name, email, identifier from given where not is_known"
)
IDENTITIES = """
insert into channel_identity (channel, channel_identifier, lead_id)
select 'whatsapp', identifier, lead_id from given where not is_known order by identifier on conflict do nothing
"""
# Somebody else made the same person meanwhile: theirs stays.
LEFT_OVER = """
delete from lead l using given g
where l.id = g.lead_id and not exists (select 1 from channel_identity i where i.lead_id = l.id)
"""
LINKS = """
insert into lead_organization as o (organization_id, lead_id, name, email, phone, external_id, attributes)
select %s, lead_id, name, email, identifier, external_id, attributes from given order by lead_id
on conflict (lead_id, organization_id) do update set name = coalesce(o.name, excluded.name),
    email = coalesce(o.email, excluded.email), phone = coalesce(o.phone, excluded.phone),
    external_id = coalesce(o.external_id, excluded.external_id),
    attributes = excluded.attributes || o.attributes, updated_at = now()
where o.name is null or o.email is null or o.phone is null or o.external_id is null
    or not o.attributes ?& array(select jsonb_object_keys(excluded.attributes))
"""
ANSWERS = "select ordinal, lead_id, is_known from given order by ordinal"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--store", type=int, default=100_000, help="people known beforehand")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lead-store-resolving-") as home, serving(Path(home)) as address:
        rounds = measure(address, options)
    report(rounds, options)
    if options.json:
        options.json.write_text(json.dumps({**vars(options), "json": str(options.json), "rounds": rounds}, indent=1))


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """The API in a home of its own, which this process then shares."""
    os.environ["LEAD_STORE_HOME"] = str(home)
    for name in ("DATABASE_URL", "STORAGE_URL"):
        os.environ.pop(name, None)
    allowance = {"LEAD_STORE_CALLS_PER_SECOND": "100000", "LEAD_STORE_CALLS_AT_ONCE": "100000"}
    port = find_free_port()
    command = [sys.executable, "-m", "uvicorn", "lead_store.api:app", "--port", str(port), "--log-level", "warning"]
    server = subprocess.Popen(command, env={**os.environ, **allowance}, stderr=subprocess.DEVNULL)
    try:
        wait_until_ready(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def measure(address: str, options: argparse.Namespace) -> list[dict[str, float]]:
    """Seconds of each way in each round, for new people and for known ones."""
    with database.transaction() as tx:
        organization = access.get_organization(tx, "demo")
    with database.transaction(organization.id) as tx:
        _, key = api_keys.create_api_key(tx, "benchmark", "benchmark")

    def resolve(people: list[dict[str, Any]]) -> None:
        given = [
            leads.Person(
                channel=person["channel"],
                channel_identifier=person["channelIdentifier"],
                name=person["name"],
                email=person["email"],
                external_id=person["externalId"],
                attributes=person["attributes"],
            )
            for person in people
        ]
        with database.transaction(organization.id) as tx:
            assert all(one.lead_id for one in leads.resolve_or_create(tx, given, organization.default_region))

    with (
        psycopg.connect(database.get_url()) as connection,
        httpx.Client(base_url=f"{address}/organizations/demo", headers={"Authorization": f"Bearer {key}"}) as client,
    ):

        def call(body: bytes) -> None:
            answer = client.post("/leads/resolve-batch", content=body, headers={"Content-Type": "application/json"})
            assert answer.status_code == 200, answer.text

        def upsert(people: list[dict[str, Any]]) -> None:
            bare_upsert(connection, organization.id, people)

        people = make_people()
        for _ in range(0, options.store, PEOPLE_PER_FILLING):
            upsert(take(people, PEOPLE_PER_FILLING))
        for do in (upsert, resolve, lambda given: call(encode(given))):
            do(take(people, options.people))
        connection.execute("analyze lead, channel_identity, lead_organization")
        connection.commit()
        return [measure_round(upsert, resolve, call, people, options.people) for _ in range(options.rounds)]


def measure_round(
    upsert: Callable[..., None],
    resolve: Callable[..., None],
    call: Callable[[bytes], None],
    people: Iterator[dict[str, Any]],
    count: int,
) -> dict[str, float]:
    """Each way has new people of its own, so that each meets the same work."""
    seconds = {}
    groups = [take(people, count) for _ in WAYS]
    for kind in ("new", "known"):
        for way, do, given in zip(WAYS, (upsert, resolve, call), (*groups[:2], encode(groups[2])), strict=True):
            began = time.perf_counter()
            do(given)
            seconds[f"{kind}, {way}"] = time.perf_counter() - began
    return seconds


def bare_upsert(connection: psycopg.Connection, organization_id: UUID, people: list[dict[str, Any]]) -> list[Any]:
    """The rows through three statements, blanks of the view filled, one transaction; who each of them is."""
    with connection.cursor() as cursor:
        cursor.execute(GIVEN)
        with cursor.copy("copy given (ordinal, identifier, name, email, external_id, attributes) from stdin") as copy:
            for ordinal, person in enumerate(people):
                cells = (person[name] for name in ("channelIdentifier", "name", "email", "externalId"))
                copy.write_row((ordinal, *cells, json.dumps(person["attributes"])))
        cursor.execute(KNOWN)
        cursor.execute(LEADS)
        made = cursor.rowcount
        cursor.execute(IDENTITIES)
        if cursor.rowcount < made:
            cursor.execute(LEFT_OVER)
            cursor.execute(KNOWN)
        cursor.execute(LINKS, (organization_id,))
        answers = cursor.execute(ANSWERS).fetchall()
    connection.commit()
    return answers


def make_people() -> Iterator[dict[str, Any]]:
    """People with numbers all over São Paulo, none twice."""
    rng = random.Random(7)
    for place in range(NUMBERS):
        name = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
        yield {
            "channel": "whatsapp",
            "channelIdentifier": f"+55119{FIRST_NUMBER + place * 15_485_863 % NUMBERS}",
            "name": name,
            "email": f"p{place}@example.com",
            "externalId": f"C-{place}",
            "attributes": {"Cidade": rng.choice(CITIES)},
        }


def take(people: Iterator[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    return [next(people) for _ in range(count)]


def encode(people: list[dict[str, Any]]) -> bytes:
    return json.dumps(people).encode()


def report(rounds: list[dict[str, float]], options: argparse.Namespace) -> None:
    """Medians, and ratios taken within each round."""
    print(f"{options.people:,} people, {options.rounds} rounds, {options.store:,} known before; medians")
    for kind in ("new", "known"):
        for way in WAYS:
            ratios = sorted(each[f"{kind}, {way}"] / each[f"{kind}, bare"] for each in rounds)
            milliseconds = statistics.median(each[f"{kind}, {way}"] for each in rounds) * 1000
            middle = statistics.median(ratios)
            told = f"{middle:5.2f} x bare ({ratios[0]:.2f} to {ratios[-1]:.2f})"
            print(f"{kind + ', ' + way:<16}{milliseconds:8.1f} ms  {told}")


if __name__ == "__main__":
    main()
