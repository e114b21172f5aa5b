"""Which columns feed which field, decided for one import and remembered for the next with the same headers."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from lead_store.errors import Conflict, Invalid
from lead_store.imports.receiving import BEFORE_IMPORTING
from lead_store.intake import mapping as columns_to_fields
from lead_store.intake.fields import Field
from lead_store.intake.mapping import Mapping
from lead_store.storage import import_queries
from lead_store.storage.import_queries import Import

# As sure as a person who looks at the samples would be; below, a person has to look.
SURE = 0.8
IDENTIFIER_FIELDS = {"whatsapp": "phone", "sms": "phone", "email": "email"}


def map_columns(
    tx: Connection,
    import_id: UUID,
    chosen: Mapping,
    who: str,
    *,
    region: str | None,
    channel: str,
    on_existing: str,
    rules: dict[str, Any] | None = None,
) -> Import:
    """Fix the columns, region, channel and what to do with existing leads; the review can be asked for.

    Raises:
        Conflict: the import has started.
        Invalid: `mapping_incomplete`, with what is missing.
    """
    run = import_queries.get_import(tx, import_id, lock=True)
    if run.status not in BEFORE_IMPORTING:
        raise Conflict("This import has started; its columns cannot be changed now.", code="status_conflict")
    missing = columns_to_fields.check(chosen, channel)
    if missing:
        raise Invalid(" ".join(missing), code="mapping_incomplete")
    run = import_queries.update_import(
        tx,
        import_id,
        status="mapped",
        mapping=chosen.to_json(),
        region=region,
        channel=channel,
        on_existing=on_existing,
        rules=run.rules if rules is None else rules,
        review=None,
        error=None,
    )
    import_queries.save_mapping(tx, run, who)
    fields = {column.header: column.field.value for column in chosen.columns if column.field}
    import_queries.add_history(tx, import_id, who, "matched columns", fields=fields, channel=channel, region=region)
    return run


def get_mapping(run: Import) -> Mapping:
    """The import's mapping, suggested or decided."""
    return Mapping.from_json(run.mapping or {"columns": []})


def use_suggestion(run: Import, channel: str) -> Mapping | None:
    """The suggested mapping where its identifier column is sure enough to go on without a person."""
    mapping = get_mapping(run)
    wanted = Field(IDENTIFIER_FIELDS[channel])
    is_sure = any(column.confidence >= SURE for column in mapping.columns_of(wanted))
    return mapping if is_sure and not columns_to_fields.check(mapping, channel) else None
