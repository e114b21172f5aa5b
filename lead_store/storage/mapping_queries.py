"""Saved mappings: how files were read and their columns matched, kept for the next ones like them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from lead_store.storage.import_queries import Import


@dataclass(frozen=True)
class SavedMapping:
    """How the columns of files with one header row were matched last; `reading`: what was fixed of how it was read."""

    fingerprint: str
    mapping: dict[str, Any]
    reading: dict[str, Any]
    channel: str
    saved_by: str
    saved_at: datetime


# A file that is read well by itself says nothing of how others with these headers are.
_SAYS_NOTHING = "excluded.reading = '{}' and excluded.read_alone is distinct from s.read_alone"
_UPDATED_READING = ", ".join(
    f"{name} = case when {_SAYS_NOTHING} then s.{name} else excluded.{name} end"
    for name in ("reading", "read_alone", "judged_alone")
)


def save_mapping(tx: Connection, run: Import, who: str) -> None:
    """Remember how this import's columns were matched, for the next file with the same headers."""
    statement = text(f"""
        insert into saved_mapping as s (organization_id, fingerprint, mapping, region, channel, on_existing, rules,
            saved_by, saved_at, reading, read_alone, judged_alone)
        values (current_organization(), :fingerprint, :mapping, :region, :channel, :on_existing, :rules, :who,
            clock_timestamp(), :reading, :read_alone, :judged_alone)
        on conflict (organization_id, fingerprint) do update set mapping = excluded.mapping,
            region = excluded.region, channel = excluded.channel, on_existing = excluded.on_existing,
            rules = excluded.rules, saved_by = excluded.saved_by, saved_at = excluded.saved_at,
            {_UPDATED_READING}""")
    values = {
        "fingerprint": run.fingerprint,
        "mapping": run.mapping,
        "region": run.region,
        "channel": run.channel,
        "on_existing": run.on_existing,
        "rules": run.rules,
        "who": who,
        "reading": (run.inspection or {}).get("reading", {}),
        "read_alone": (run.inspection or {}).get("read_alone"),
        "judged_alone": (run.inspection or {}).get("judged_alone", {}),
    }
    as_json = [
        bindparam(name, type_=JSONB(none_as_null=True)) for name in ("mapping", "rules", "reading", "judged_alone")
    ]
    tx.execute(statement.bindparams(*as_json), values)


def find_saved_reading(tx: Connection, read_alone: str) -> dict[str, Any] | None:
    """What was fixed of the last file that, read by itself, had these headers; None where it was read by itself."""
    statement = """
        select fingerprint, reading, judged_alone, saved_by, saved_at from saved_mapping
        where read_alone = :read_alone order by saved_at desc limit 1"""
    row = tx.execute(text(statement), {"read_alone": read_alone}).mappings().one_or_none()
    return dict(row) if row and row["reading"] else None


def find_saved_mapping(tx: Connection, fingerprint: str) -> dict[str, Any] | None:
    """What was remembered for files with these headers."""
    statement = (
        "select mapping, region, channel, on_existing, rules, saved_by, saved_at"
        " from saved_mapping where fingerprint = :fingerprint"
    )
    row = tx.execute(text(statement), {"fingerprint": fingerprint}).mappings().one_or_none()
    return dict(row) if row else None


def search_saved_mappings(tx: Connection) -> list[SavedMapping]:
    """All of the organization, the last saved first."""
    statement = f"""select {", ".join(SavedMapping.__dataclass_fields__)} from saved_mapping
        order by saved_at desc"""
    return [SavedMapping(**row) for row in tx.execute(text(statement)).mappings()]


def forget_mapping(tx: Connection, fingerprint: str) -> None:
    """Match the next file with these headers anew; nothing to do where it was forgotten before."""
    statement = "delete from saved_mapping where fingerprint = :fingerprint"
    tx.execute(text(statement), {"fingerprint": fingerprint})
