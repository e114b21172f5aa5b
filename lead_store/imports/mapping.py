"""Which columns feed which field, decided for one import and remembered for the next with the same headers."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from lead_store.errors import Conflict, Invalid
from lead_store.imports.receiving import BEFORE_IMPORTING
from lead_store.intake import mapping as columns_to_fields
from lead_store.intake.fields import Field
from lead_store.intake.mapping import ColumnMatch, Mapping
from lead_store.intake.mapping.columns import CHOSEN_BY_USER
from lead_store.storage import import_queries, mapping_queries
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
    mapping_queries.save_mapping(tx, run, who)
    fields = {column.header: column.field.value for column in chosen.columns if column.field}
    import_queries.add_history(tx, import_id, who, "matched columns", fields=fields, channel=channel, region=region)
    return run


def draft_columns(tx: Connection, import_id: UUID, **values: Any) -> Import:
    """Keep a choice of the columns page that is not final yet: a mapping, region, channel or on_existing.

    What was reviewed before does not hold any more, so the import waits for its columns again (`received`).

    Raises:
        Conflict: the import has started.
    """
    run = import_queries.get_import(tx, import_id, lock=True)
    if run.status not in BEFORE_IMPORTING:
        raise Conflict("This import has started; its columns cannot be changed now.", code="status_conflict")
    if "mapping" in values:
        values["mapping"] = values["mapping"].to_json()
    return import_queries.update_import(tx, import_id, status="received", review=None, error=None, **values)


def choose_column(
    tx: Connection, import_id: UUID, index: int, field: Field | None, *, is_dropped: bool = False, opt_in: bool = False
) -> Import:
    """Let one column feed a field, be kept as an attribute (None), or be dropped; kept as a draft.

    A further column of a field is tried after those that feed it already. An area code joins the phone column
    beside it.
    """
    mapping = get_mapping(import_queries.get_import(tx, import_id))
    others = [column for column in mapping.columns if column.index != index]
    same = [column.order for column in others if field and column.field is field]
    phones = {column.index for column in others if column.field is Field.PHONE}
    joins = next((beside for beside in (index + 1, index - 1) if beside in phones), None)

    def chosen(column: ColumnMatch) -> ColumnMatch:
        return replace(
            column,
            field=field,
            confidence=1.0,
            reason=CHOSEN_BY_USER,
            is_dropped=is_dropped,
            opt_in=opt_in,
            order=max(same, default=-1) + 1,
            joins=joins if field is Field.AREA_CODE else None,
        )

    columns = tuple(chosen(column) if column.index == index else column for column in mapping.columns)
    return draft_columns(tx, import_id, mapping=Mapping(columns))


def choose_phone_readings(tx: Connection, import_id: UUID, choices: dict[str, str], who: str) -> Import:
    """Settle how phones of some patterns are read (intake.phones.describe_pattern); the rows are to be checked anew.

    Raises:
        Conflict: the import has started.
    """
    run = import_queries.get_import(tx, import_id)
    return map_columns(
        tx,
        import_id,
        get_mapping(run),
        who,
        region=run.region,
        channel=run.channel,
        on_existing=run.on_existing,
        rules={**run.rules, "phone_choices": {**run.rules.get("phone_choices", {}), **choices}},
    )


def get_mapping(run: Import) -> Mapping:
    """The import's mapping, suggested or decided."""
    return Mapping.from_json(run.mapping or {"columns": []})


def use_suggestion(run: Import, channel: str) -> Mapping | None:
    """The suggested mapping where its identifier column is sure enough to go on without a person."""
    mapping = get_mapping(run)
    wanted = Field(IDENTIFIER_FIELDS[channel])
    is_sure = any(column.confidence >= SURE for column in mapping.columns_of(wanted))
    return mapping if is_sure and not columns_to_fields.check(mapping, channel) else None
