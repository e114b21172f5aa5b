"""A file becomes an import: stored, looked at, its columns suggested. Nothing is kept of a file that is refused."""

import hashlib
import json
import re
from collections.abc import Mapping as Dictionary
from dataclasses import asdict
from typing import Any, BinaryIO
from uuid import UUID, uuid4

from sqlalchemy import Connection

from lead_store.access import Organization
from lead_store.errors import Conflict, Unreadable
from lead_store.imports.remembering import Choices, look_at
from lead_store.intake import mapping
from lead_store.intake.reading import CellRange, Column, Dialect, Inspection, inspect
from lead_store.settings import get_settings
from lead_store.storage import import_queries, mapping_queries
from lead_store.storage.files import COPY_BYTES, get_files
from lead_store.storage.import_queries import Import

# In the names of files they serve nobody but those who forge headers and log lines; PostgreSQL refuses NUL.
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f]")

# Statuses in which the file may still be read in another way.
BEFORE_IMPORTING = ("received", "mapped", "in_review", "failed")


def receive(
    tx: Connection,
    organization: Organization,
    file_name: str,
    content: BinaryIO,
    created_by: str,
    *,
    import_id: UUID | None = None,
    reading: Dictionary[str, Any] | None = None,
    **values: Any,
) -> Import:
    """Store an upload and look at it; the import waits for its columns to be matched (`received`).

    Args:
        content: seekable; read twice, and never as a whole in memory.
        import_id: where it was given out before the file was there.
        reading: what is fixed of how it is read, as for `change_reading`; without it, what people chose for the last
            file like this one counts.
        values: further columns of the import, such as notify_url.

    Raises:
        Unreadable: with a sentence that says what the file is instead and what to do.
    """
    sha256, byte_count = _measure(content)
    file_name = clean_name(file_name)
    inspection, choices = look_at(tx, content, file_name, reading)
    _require_table(inspection, choices.reading)
    import_id = import_id or uuid4()
    key = make_key(organization.id, import_id, file_name)
    content.seek(0)
    get_files().put(key, content)
    run = import_queries.insert_import(
        tx,
        id=import_id,
        created_by=created_by,
        file_name=file_name,
        object_key=key,
        byte_count=byte_count,
        sha256=sha256,
        status="received",
        **{"region": organization.default_region, **values},
    )
    import_queries.add_history(tx, import_id, created_by, "uploaded", file_name=file_name, byte_count=byte_count)
    if choices.reading:
        what = "read as last time" if choices.last_time else "read differently"
        import_queries.add_history(tx, import_id, created_by, what, **choices.reading)
    return _keep_inspection(tx, run, inspection, choices)


def _require_table(inspection: Inspection, reading: Dictionary[str, Any]) -> None:
    """Raises Unreadable where a table was asked for that is not there."""
    asked = reading.get("cell_range")
    if asked and CellRange(*asked) not in inspection.tables:
        there = ", ".join(json.dumps(cells if cells.last_column else cells[:2]) for cells in inspection.tables)
        what = f"The tables are {there}." if there else "All of it is one table."
        raise Unreadable(f"There is no table at {json.dumps(asked)}. {what}", code="table_missing")


def clean_name(file_name: str) -> str:
    """The name as it is shown: without characters that nobody types."""
    return CONTROL_CHARACTERS.sub("", file_name) or "file"


def make_key(organization_id: UUID, import_id: UUID, file_name: str) -> str:
    """Where the file is kept: beside `imports/`, where programs put theirs, since what arrives there may start an
    import by itself."""
    return f"uploads/{organization_id}/{import_id}/{_safe_name(file_name)}"


def find_same_file(tx: Connection, content: BinaryIO) -> Import | None:
    """An unfinished import of the very same file, to be offered instead of a second one."""
    sha256, _ = _measure(content)
    return import_queries.find_unfinished(tx, sha256)


def change_reading(tx: Connection, import_id: UUID, overrides: Dictionary[str, Any], who: str) -> Import:
    """Read the file again with what the user fixed (any field of Dialect); columns are suggested anew.

    Raises:
        Conflict: the import has started.
        Unreadable: the file cannot be read that way.
    """
    run = import_queries.get_import(tx, import_id, lock=True)
    if run.status not in BEFORE_IMPORTING:
        raise Conflict("This import has started; its file cannot be read in another way now.", code="status_conflict")
    with get_files().open(run.object_key) as file:
        inspection = inspect(file, run.file_name, overrides)
    import_queries.add_history(tx, import_id, who, "read differently", **overrides)
    import_queries.update_import(tx, import_id, status="received", review=None, error=None)
    return _keep_inspection(tx, run, inspection, Choices.after(run.inspection, overrides))


def _keep_inspection(tx: Connection, run: Import, inspection: Inspection, choices: Choices) -> Import:
    """With the mapping of the last file with the same headers, or else a suggested one."""
    headers = [column.header for column in inspection.columns]
    fingerprint = mapping.fingerprint(headers)
    saved = mapping_queries.find_saved_mapping(tx, fingerprint)
    values: dict[str, Any] = {}
    if saved:
        for name in ("mapping", "region", "channel", "on_existing", "rules"):
            values[name] = saved[name]
        note = {"saved_by": saved["saved_by"], "saved_at": saved["saved_at"].isoformat()}
    else:
        cells = [column.values for column in inspection.columns]
        values["mapping"] = mapping.suggest(headers, cells, run.region).to_json()
        note = None
    return import_queries.update_import(
        tx,
        run.id,
        dialect=inspection.dialect.to_json(),
        inspection={
            "sheets": list(inspection.sheets),
            "tables": list(inspection.tables.items()),
            "left_out": inspection.left_out,
            "columns": [_kept_of(column) for column in inspection.columns],
            "rows": inspection.rows,
            "evidence": list(inspection.evidence),
            "warnings": list(inspection.warnings),
            "in_question": list(inspection.in_question),
            "preview": [asdict(row) for row in inspection.preview],
            "saved_mapping": note,
            **choices.to_json(),
        },
        fingerprint=fingerprint,
        **values,
    )


def _kept_of(column: Column) -> dict[str, Any]:
    """What pages show of a column. Of its values only samples are kept, and how many would opt people out if yes
    means consent, or if it means the opposite."""
    opted_out = None
    if column.tally is not None:
        opted_out = {
            "yes_is_consent": mapping.count_opted_out(column.tally, opt_in=True),
            "yes_is_opt_out": mapping.count_opted_out(column.tally, opt_in=False),
        }
    return {
        "index": column.index,
        "header": column.header,
        "samples": mapping.typical_of(column.values),
        "opted_out": opted_out,
    }


def get_dialect(run: Import) -> Dialect:
    """How the import's file is read."""
    return Dialect.from_json(run.dialect or {})


def _measure(content: BinaryIO) -> tuple[str, int]:
    content.seek(0)
    digest, byte_count = hashlib.sha256(), 0
    while block := content.read(COPY_BYTES):
        digest.update(block)
        byte_count += len(block)
        require_size(byte_count)
    content.seek(0)
    return digest.hexdigest(), byte_count


def require_size(byte_count: int) -> None:
    """Raises Unreadable `file_too_large`."""
    if byte_count > get_settings().upload_limit_bytes:
        raise Unreadable(
            f"The file is larger than {write_upload_limit()}. Split it into smaller files and upload each.",
            code="file_too_large",
        )


def write_upload_limit() -> str:
    """The most that a file may have, as people write it: 1 GB, 1.5 GB, 200 MB."""
    byte_count = get_settings().upload_limit_bytes
    for unit, size in (("GB", 1024**3), ("MB", 1024**2), ("KB", 1024)):
        if byte_count >= size:
            return f"{byte_count / size:.1f}".removesuffix(".0") + f" {unit}"
    return f"{byte_count} bytes"


def _safe_name(file_name: str) -> str:
    """The name as a part of a key: what a path, a header or a shell could misread is replaced."""
    return re.sub(r"[^\w.()-]+", "_", file_name.rsplit("/", 1)[-1])[-100:].lstrip(".") or "file"
