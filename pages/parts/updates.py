"""What the import would change in leads that the organization has: old and new value, field by field."""

from typing import Any

import streamlit as st

from lead_store import imports
from lead_store.imports import FieldBit, Import
from pages.parts import acting, field_rules, pager, rows
from pages.parts.field_names import LABELS


def show(run: Import, view: str) -> None:
    """A page of rows, with one line per value that would be written."""
    name = f"{run.id}:{view}"
    with acting.transaction() as tx:
        found = imports.search_updates(tx, run, after=pager.get_place(name), limit=rows.ROWS_PER_PAGE)
    field_rules.show(run)
    st.caption("Leads whom you have already, and what these rows would change in them. A blank cell changes nothing.")
    rows.show_table([change for row in found for change in _changes(row)])
    rows.show_pager(name, found)


def _changes(row: dict[str, Any]) -> list[dict[str, Any]]:
    stored = row["stored"]
    lead = {"Row": row["row_number"], "Lead": stored.get("name") or row["name"], "Reached at": row["identifier"]}
    written = [bit for bit in LABELS if row["writes"] & bit]
    lines = [{**lead, "Field": LABELS[bit], **_old_and_new(bit, stored, row)} for bit in written]
    if row["writes"] & FieldBit.ATTRIBUTES:
        lines += [{**lead, **line} for line in _attribute_changes(stored["attributes"] or {}, row["attributes"])]
    return lines


def _old_and_new(bit: FieldBit, stored: dict[str, Any], row: dict[str, Any]) -> dict[str, str]:
    field = str(bit.name).lower()
    if bit is FieldBit.OPTED_OUT:
        return {"Now": "No", "After the import": "Yes"}
    if bit is FieldBit.TAGS:
        old = stored["tags"] or []
        new = [tag for tag in row["tags"] or [] if tag not in old]
        return {"Now": ", ".join(old), "After the import": ", ".join([*old, *new])}
    return {"Now": stored.get(field) or "", "After the import": row[field] or ""}


def _attribute_changes(old: dict[str, Any], new: dict[str, Any]) -> list[dict[str, str]]:
    return [
        {"Field": key, "Now": str(old.get(key, "")), "After the import": str(value)}
        for key, value in new.items()
        if old.get(key) != value
    ]
