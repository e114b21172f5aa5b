"""What a lead is known by beside its fields: company and country by their label, all else by the column's header."""

from typing import Any

from lead_store.intake.fields import CATALOGUE, Field

_LABELS = {field.value: CATALOGUE[field].label for field in (Field.COMPANY, Field.COUNTRY)}


def label_of(key: str) -> str:
    """What people read for the key under which an attribute is stored."""
    return _LABELS.get(key, key)


def in_one_line(attributes: dict[str, Any] | None) -> str:
    """All attributes in one cell."""
    return " · ".join(f"{label_of(key)}: {value}" for key, value in (attributes or {}).items())
