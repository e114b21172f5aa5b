"""Which import set which value of a lead."""

from typing import Any

import streamlit as st

from pages.parts import attributes, rows
from pages.parts.field_names import LABELS
from pages.parts.plain import shortened
from pages.parts.times import moment

NAMES = {
    **{str(bit.name).lower(): label for bit, label in LABELS.items()},
    "opted_out_at": "Opted out",
    "attributes": "Attributes",
}
FILE_NAME_LENGTH = 32


def show(history: list[dict[str, Any]]) -> None:
    """One line per value, the latest first; nothing for a lead that no import touched."""
    if not history:
        return
    st.markdown("#### Set by imports")
    rows.show_table([line for entry in history for line in _lines(entry)])


def _lines(entry: dict[str, Any]) -> list[dict[str, Any]]:
    changes = [("The whole lead", None, None)] if entry["what"] == "created" else entry["changes"]
    return [
        {
            "When": moment(entry["happened_at"]),
            "Field": NAMES.get(field, field),
            "Before": _words(before),
            "After": _words(after),
            "Import": shortened(entry["file_name"], FILE_NAME_LENGTH),
            "Who": entry["who"],
            "Since then": "Taken back" if entry["is_undone"] else "",
        }
        for field, before, after in changes
    ]


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return attributes.in_one_line(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
