"""Tables of headers and values, and what their columns are suggested to feed, for tests."""

from lead_store.intake.fields import Field
from lead_store.intake.mapping import Mapping, suggest


def mapping_of(table: dict[str, list[str]], region: str | None = None) -> Mapping:
    return suggest(list(table), list(table.values()), region)


def fields_of(table: dict[str, list[str]], region: str | None = None) -> list[Field | None]:
    return [column.field for column in mapping_of(table, region).columns]
