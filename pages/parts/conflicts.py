"""Rows whose identifiers belong to two leads: the row between both, and what a person decides."""

from typing import Any

import streamlit as st

from lead_store import imports
from lead_store.access import Role
from lead_store.imports import Import
from pages.parts import acting, choices, pager
from pages.parts.plain import plain

PER_PAGE = 10
EXPLANATION = (
    "One number, two of your leads: one has it as the row writes it, the other in its other form, with or without the "
    "extra digit. Say whom each row is about. Until you do, it is rejected, so that the wrong person is not changed."
)
FIELDS = {"name": "Name", "phone": "Phone", "email": "E-mail", "external_id": "Your id"}
DECIDED = {"attach": "Attached", "keep_two": "Left as two leads; the row changes neither", "reject": "Rejected"}


def show(run: Import, view: str) -> None:
    """A page of conflicts."""
    st.caption(EXPLANATION)
    name = f"{run.id}:{view}"
    with acting.transaction() as tx:
        found = imports.search_conflicts(tx, run, after=pager.get_place(name), limit=PER_PAGE)
    for conflict in found:
        _show_conflict(run, conflict)
    if found:
        pager.show(name, last=found[-1]["row_number"], is_full=len(found) == PER_PAGE)


def _show_conflict(run: Import, conflict: dict[str, Any]) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**Row {conflict['row_number']:,}** · {_line(conflict)}", width="content")
            if conflict["choice"]:
                st.badge(DECIDED[conflict["choice"]], color="green")
        for place, lead in zip(st.columns(2), ("first", "second"), strict=True):
            with place.container(border=True):
                _show_lead(run, conflict, lead)
        if choices.may_decide(run):
            with st.container(horizontal=True, horizontal_alignment="right"):
                _button(run, conflict, "Leave both as they are", "keep_two")
                _button(run, conflict, "Reject the row", "reject")


def _show_lead(run: Import, conflict: dict[str, Any], lead: str) -> None:
    lead_id = conflict[f"{lead}_lead"]
    is_chosen = conflict["choice"] == "attach" and conflict["chosen_lead"] == lead_id
    st.markdown(f"**Lead of {plain(conflict['identifier' if lead == 'first' else 'variant'])}**")
    _show_fields(conflict[f"{lead}_stored"])
    if is_chosen:
        st.badge("The row is about this lead", color="green")
    elif choices.may_decide(run):
        _button(run, conflict, "The row is about this one", "attach", lead_id=lead_id)


def _line(conflict: dict[str, Any]) -> str:
    values = (conflict["name"], conflict["identifier"], conflict["email"], conflict["external_id"])
    return " · ".join(plain(value) for value in values if value)


def _show_fields(values: dict[str, Any]) -> None:
    lines = [f"{label}: {plain(values[field])}" for field, label in FIELDS.items() if values.get(field)]
    st.markdown("  \n".join(lines))


def _button(run: Import, conflict: dict[str, Any], label: str, choice: str, **options: Any) -> None:
    key = f"{run.id}:conflict:{conflict['key']}:{choice}:{options.get('lead_id')}:{conflict['row_number']}"
    if st.button(label, key=key):
        with acting.transaction(Role.IMPORTER) as tx:
            imports.decide_conflicts(tx, run.id, [conflict["key"]], choice, acting.who(), **options)
        st.rerun()
