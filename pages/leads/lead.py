"""One lead, with what the organization knows of the person."""

from uuid import UUID

import streamlit as st

from lead_store import leads
from lead_store.errors import NotFound
from pages.parts import acting, places
from pages.parts.plain import plain
from pages.parts.times import moment


def show() -> None:
    """The whole page."""
    with acting.transaction() as tx:
        lead = leads.get_lead(tx, _lead_id())
        identities = leads.search_identities(tx, lead.lead_id)
    st.page_link(places.SEARCH, label="All leads", icon=":material/arrow_back:")
    st.title(plain(lead.name or "Without a name"), anchor=False)
    if lead.opted_out_at:
        st.badge(f"Opted out on {moment(lead.opted_out_at)}", color="red", icon=":material/block:")
    known = {
        "E-mail": lead.email,
        "Phone": lead.phone,
        "Your id": lead.external_id,
        "Tags": ", ".join(lead.tags),
        **{f"{identity['channel'].capitalize()}": identity["channel_identifier"] for identity in identities},
        **lead.attributes,
    }
    with st.container(border=True):
        for label, value in known.items():
            if value:
                name, cell = st.columns([1, 3])
                name.caption(plain(label))
                cell.text(str(value))
    st.caption(f"Known since {moment(lead.created_at)}, last changed {moment(lead.updated_at)}.")
    if lead.import_id:
        st.page_link(places.REPORT, label="The import that brought them", query_params=places.query(lead.import_id))


def _lead_id() -> UUID:
    try:
        return UUID(st.query_params.get("lead", ""))
    except ValueError as cause:
        raise NotFound("No lead is named in this address. Choose one from the list of leads.") from cause


show()
