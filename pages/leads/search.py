"""The organization's leads: found by name, e-mail, phone or own id."""

from uuid import UUID

import pandas as pd
import streamlit as st

from lead_store import leads
from pages.parts import acting, pager, places

LEADS_PER_PAGE = 50


def show() -> None:
    """The whole page."""
    st.title("Leads", anchor=False)
    words = st.text_input(
        "Search", key="q", bind="query-params", placeholder="Name, e-mail, phone or your id", icon=":material/search:"
    )
    name = f"leads:{words}"
    after = pager.get_place(name)
    with acting.transaction() as tx:
        found = leads.search_leads(tx, words, after=UUID(int=after) if after else None, limit=LEADS_PER_PAGE)
    if not found:
        return _show_nothing(words)
    table = pd.DataFrame(
        [
            {
                "Name": lead.name,
                "Phone": lead.phone,
                "E-mail": lead.email,
                "Tags": lead.tags,
                "Your id": lead.external_id,
                "Opted out": bool(lead.opted_out_at),
            }
            for lead in found
        ]
    )
    chosen = st.dataframe(
        table, hide_index=True, placeholder="", on_select="rerun", selection_mode="single-row", key=f"{name}:{after}"
    )
    if chosen["selection"]["rows"]:
        lead = found[chosen["selection"]["rows"][0]]
        st.switch_page(places.LEAD, query_params={"lead": str(lead.lead_id)})
    pager.show(name, last=found[-1].lead_id.int, is_full=len(found) == LEADS_PER_PAGE)


def _show_nothing(words: str) -> None:
    if words:
        st.caption("Nobody was found. Try fewer letters, or only the last digits of a phone.")
        return
    st.caption("No leads yet. They come with your first import.")
    if st.button("New import", type="primary", icon=":material/add:"):
        places.go(places.UPLOAD)


show()
