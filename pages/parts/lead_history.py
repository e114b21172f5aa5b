"""Which import set which value of a lead."""

from typing import Any

import streamlit as st

from pages.parts import rows
from pages.parts.times import moment

NAMES = {"external_id": "your id", "opted_out_at": "opt-out"}


def show(history: list[dict[str, Any]]) -> None:
    """One line per value, the latest first; nothing for a lead that no import touched."""
    if not history:
        return
    st.markdown("#### Set by imports")
    rows.show_table([line for entry in history for line in _lines(entry)])


def _lines(entry: dict[str, Any]) -> list[dict[str, Any]]:
    head = {"When": moment(entry["happened_at"]), "Import": entry["file_name"], "Who": entry["who"]}
    undone = "Taken back" if entry["is_undone"] else ""
    if entry["what"] == "created":
        return [{**head, "Field": "the whole lead", "Before": "", "After": "", "Since then": undone}]
    return [
        {
            **head,
            "Field": NAMES.get(field, field),
            "Before": _words(before),
            "After": _words(after),
            "Since then": undone,
        }
        for field, before, after in entry["changes"]
    ]


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return rows.write_attributes(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
