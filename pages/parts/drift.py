"""Rows whose lead changed between the review and the import: both values, and the decision again."""

from typing import Any

import streamlit as st

from lead_store import imports
from lead_store.access import Role
from lead_store.imports import FieldBit, Import
from pages.parts import acting, choices, pager, places, rows, value_changes
from pages.parts.field_names import LABELS

PER_PAGE = 20
EXPLANATION = (
    "Their leads changed after the review, by another import, an event or a person. Nothing was written over that. "
    "Import these rows now, over what is stored, or leave them."
)
WORDS = {"again": "Import them now, by the same rules", "leave": "Leave what is stored"}


def show(run: Import) -> None:
    """The rows that nobody decided about; nothing where there are none."""
    if run.status != "imported":
        return
    name = f"{run.id}:drift"
    with acting.transaction() as tx:
        found = imports.search_drift(tx, run, after=pager.get_place(name), limit=PER_PAGE)
    if not found:
        return
    st.markdown("#### Changed in between")
    st.caption(EXPLANATION)
    lines = [_line(row) for row in found]
    if not acting.may_import():
        return rows.show_table(lines)
    marked = choices.mark_lines(lines, f"{name}:{pager.get_place(name)}")
    numbers = [found[place]["row_number"] for place in marked] or None

    def decide(choice: str) -> None:
        with acting.transaction(Role.IMPORTER) as tx:
            imports.decide_drift(tx, run.id, choice, acting.who(), row_numbers=numbers)
        if choice == "again":
            places.go(places.PROGRESS, run.id)

    choices.ask_for_marked(len(marked), "row", WORDS, name, decide, everything="all of them")
    pager.show(name, last=found[-1]["row_number"], is_full=len(found) == PER_PAGE)


def _line(row: dict[str, Any]) -> dict[str, Any]:
    lead = {"Row": row["row_number"], "Reached at": row["identifier"]}
    if not row["stored"]:
        return {**lead, "Stored now": "The lead is gone.", "By this row": row["name"]}
    differing = [bit for bit in (*LABELS, FieldBit.ATTRIBUTES) if row["differences"] & bit]
    changes = [change for bit in differing for change in value_changes.of_field(bit, row)]
    return {
        **lead,
        "Stored now": _written(changes, value_changes.NOW),
        "By this row": _written(changes, value_changes.AFTER),
    }


def _written(changes: list[dict[str, str]], side: str) -> str:
    return " · ".join(f"{change[value_changes.FIELD]}: {change[side] or '—'}" for change in changes)
