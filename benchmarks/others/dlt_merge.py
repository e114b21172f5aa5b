"""dlt with write disposition `merge` and strategy `upsert`: three resources with keys, into a data set of its own.

    python -m benchmarks.others.dlt_merge FILE DATABASE_URL ORGANIZATION_ID

In its favour: rows go in as Arrow tables, which dlt does not take apart, and a lead's id follows from its number, so
that no look-up is needed. Its tables carry no foreign keys.
"""

import os
import sys
import tempfile
import uuid
from collections.abc import Iterator
from urllib.parse import parse_qs, quote, urlsplit

import dlt
import pandas as pd
import pyarrow as pa

from benchmarks.others import contacts

ROWS_PER_TABLE = 50_000
LEADS = uuid.UUID("5f0c2c6e-6f3b-4d6c-9a55-0f6f1b2f7a11")
MERGE = {"disposition": "merge", "strategy": "upsert"}


def main(file: str, url: str, organization_id: str) -> None:
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    with tempfile.TemporaryDirectory() as folder:
        pipeline = dlt.pipeline(
            "leads",
            destination=dlt.destinations.postgres(with_host(url)),
            dataset_name="loaded",
            pipelines_dir=folder,
        )
        pipeline.run(source(file, organization_id))


def with_host(url: str) -> str:
    """dlt wants a host in its place; libpq takes the folder of a socket there, percent-encoded."""
    parts = urlsplit(url)
    folder = parse_qs(parts.query).get("host", [""])[0]
    return f"postgresql://{parts.username}:@{quote(folder, safe='')}:5432{parts.path}" if folder else url


@dlt.source
def source(file: str, organization_id: str):
    @dlt.resource(write_disposition=MERGE, primary_key="id")
    def lead() -> Iterator[pa.Table]:
        for people in tables():
            yield people.select(["id", "name", "email", "phone"])

    @dlt.resource(write_disposition=MERGE, primary_key=["channel", "channel_identifier"])
    def channel_identity() -> Iterator[pa.Table]:
        for people in tables():
            yield pa.table(
                {
                    "channel": pa.array([contacts.CHANNEL] * len(people)),
                    "channel_identifier": people["phone"],
                    "lead_id": people["id"],
                }
            )

    @dlt.resource(write_disposition=MERGE, primary_key=["organization_id", "lead_id"])
    def lead_organization() -> Iterator[pa.Table]:
        for people in tables():
            yield people.rename_columns({"id": "lead_id"}).append_column(
                "organization_id", pa.array([organization_id] * len(people))
            )

    # Read and normalised once, for all three.
    kept: list[pa.Table] = []

    def tables() -> list[pa.Table]:
        if not kept:
            kept.extend(read_people(file))
        return kept

    return lead, channel_identity, lead_organization


def read_people(file: str) -> Iterator[pa.Table]:
    """Of the rows with one number, the first one counts: a merge may not meet a key twice."""
    rows = pd.read_csv(file, sep=contacts.SEPARATOR, dtype=str, keep_default_na=False)
    rows["phone"] = [contacts.to_e164(cell) for cell in rows[contacts.PHONE]]
    rows = rows.dropna(subset="phone").drop_duplicates("phone")
    rows["id"] = [str(uuid.uuid5(LEADS, phone)) for phone in rows["phone"]]
    rows = rows.rename(
        columns={contacts.CODE: "external_id", contacts.NAME: "name", contacts.EMAIL: "email", contacts.TAGS: "tags",
                 contacts.CITY: "city"}
    ).drop(columns=contacts.PHONE)  # fmt: skip
    for start in range(0, len(rows), ROWS_PER_TABLE):
        yield pa.Table.from_pandas(rows.iloc[start : start + ROWS_PER_TABLE], preserve_index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
