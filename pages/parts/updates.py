"""What the import would change in leads that the organization has: old and new value, field by field."""

from typing import Any

import streamlit as st

from lead_store import imports
from lead_store.imports import FieldBit, Import
from pages.parts import acting, field_rules, pager, rows, value_changes
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
    """One line per value that would be written."""
    lead = {
        "Row": row["row_number"],
        "Lead": row["stored"].get("name") or row["name"],
        "Reached at": row["identifier"],
    }
    written = [bit for bit in (*LABELS, FieldBit.ATTRIBUTES) if row["writes"] & bit]
    return [{**lead, **line} for bit in written for line in value_changes.of_field(bit, row)]
