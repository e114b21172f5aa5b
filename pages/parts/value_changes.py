"""A value now and after the import, in words: of one field, or of each attribute."""

from typing import Any

from lead_store.imports import FieldBit
from pages.parts.attributes import label_of
from pages.parts.field_names import LABELS

FIELD, NOW, AFTER = "Field", "Now", "After the import"


def of_field(bit: FieldBit, row: dict[str, Any]) -> list[dict[str, str]]:
    """Lines with the field, what is stored and what the row would make of it."""
    stored = row["stored"]
    if bit is FieldBit.ATTRIBUTES:
        return _of_attributes(stored["attributes"] or {}, row["attributes"] or {})
    if bit is FieldBit.OPTED_OUT:
        return [{FIELD: LABELS[bit], NOW: "No", AFTER: "Yes"}]
    if bit is FieldBit.TAGS:
        old = stored["tags"] or []
        new = [tag for tag in row["tags"] or [] if tag not in old]
        return [{FIELD: LABELS[bit], NOW: ", ".join(old), AFTER: ", ".join([*old, *new])}]
    field = str(bit.name).lower()
    return [{FIELD: LABELS[bit], NOW: stored.get(field) or "", AFTER: row[field] or ""}]


def _of_attributes(old: dict[str, Any], new: dict[str, Any]) -> list[dict[str, str]]:
    return [
        {FIELD: label_of(key), NOW: str(old.get(key, "")), AFTER: str(value)}
        for key, value in new.items()
        if old.get(key) != value
    ]
