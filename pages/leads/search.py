"""The organization's leads: found by name, e-mail, phone or own id."""

from uuid import UUID

import pandas as pd
import streamlit as st

from lead_store import leads
from lead_store.leads import Lead
from pages.parts import acting, empty, heading, pager, places, rows
from pages.parts.times import moment

LEADS_PER_PAGE = 50


def show() -> None:
    """The whole page."""
    heading.show("Leads", "The people you know, the newest first. A click on a line opens the lead.")
    words = st.text_input(
        "Search",
        key="q",
        bind="query-params",
        placeholder="Name, e-mail, phone or your own id",
        icon=":material/search:",
        label_visibility="collapsed",
    )
    name = f"leads:{words}"
    after = pager.get_place(name)
    with acting.transaction() as tx:
        found = leads.search_leads(tx, words, after=UUID(int=after) if after else None, limit=LEADS_PER_PAGE)
    if not found:
        return _show_nothing(words)
    chosen = _choose(found, f"{name}:{after}")
    if chosen:
        places.go(places.LEAD, lead=str(chosen.lead_id))
    pager.show(name, last=found[-1].lead_id.int, is_full=len(found) == LEADS_PER_PAGE)


def _choose(found: list[Lead], key: str) -> Lead | None:
    """The leads as a table; the one that was clicked just now."""
    lines = [
        {
            "Name": lead.name,
            "Phone": lead.phone,
            "E-mail": lead.email,
            "Your id": lead.external_id,
            "Tags": lead.tags,
            "Opted out": "Yes" if lead.opted_out_at else None,
            "Added": moment(lead.created_at),
        }
        for lead in found
    ]
    state = st.dataframe(
        pd.DataFrame(lines, columns=rows.filled(lines)),
        hide_index=True,
        placeholder="",
        height="content" if len(lines) <= 12 else 560,
        on_select="rerun",
        selection_mode="single-cell",
        key=key,
    )
    cells = state["selection"]["cells"]
    return found[cells[0][0]] if cells else None


def _show_nothing(words: str) -> None:
    if words:
        return rows.show_nothing("Nobody was found. Try fewer letters, or only some digits of a phone.")
    with empty.show("No leads yet", "The people of your spreadsheets are here after the first import."):
        if acting.may_import() and st.button("New import", type="primary", icon=":material/add:"):
            places.go(places.UPLOAD)


show()
