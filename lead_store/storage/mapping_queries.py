"""Saved mappings, as a list to look through. How one is saved and found for a file is in `import_queries`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text


@dataclass(frozen=True)
class SavedMapping:
    """How the columns of files with one header row were matched last."""

    fingerprint: str
    mapping: dict[str, Any]
    channel: str
    saved_by: str
    saved_at: datetime


def search_saved_mappings(tx: Connection) -> list[SavedMapping]:
    """All of the organization, the last saved first."""
    statement = f"""select {", ".join(SavedMapping.__dataclass_fields__)} from saved_mapping
        order by saved_at desc"""
    return [SavedMapping(**row) for row in tx.execute(text(statement)).mappings()]


def forget_mapping(tx: Connection, fingerprint: str) -> None:
    """Match the next file with these headers anew; nothing to do where it was forgotten before."""
    statement = "delete from saved_mapping where fingerprint = :fingerprint"
    tx.execute(text(statement), {"fingerprint": fingerprint})
