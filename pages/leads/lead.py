"""One lead, with what the organization knows of the person."""

from typing import Any
from uuid import UUID

import streamlit as st

from lead_store import imports, leads
from lead_store.errors import NotFound
from lead_store.leads import Lead
from pages.parts import acting, attributes, channels, heading, lead_history, places
from pages.parts.plain import plain, shortened
from pages.parts.times import moment


def show() -> None:
    """The whole page."""
    with acting.transaction() as tx:
        lead = leads.get_lead(tx, _lead_id())
        identities = leads.search_identities(tx, lead.lead_id)
    st.page_link(places.SEARCH, label="All leads", icon=":material/arrow_back:")
    since = f"Known since {moment(lead.created_at)}, last changed {moment(lead.updated_at)}."
    actions = heading.show(plain(shortened(lead.name or "Without a name", 80)), since)
    if lead.opted_out_at:
        with actions:
            st.badge(f"Opted out on {moment(lead.opted_out_at)}", color="red", icon=":material/block:")
    reached = [
        (channels.NAMES.get(identity["channel"], identity["channel"]), identity["channel_identifier"])
        for identity in identities
    ]
    _show_facts("Reached by", reached)
    _show_facts("Profile", _profile(lead))
    _show_facts("Attributes", [(attributes.label_of(key), value) for key, value in lead.attributes.items()])
    with acting.transaction() as tx:
        lead_history.show(imports.get_lead_history(tx, lead.lead_id))
    if lead.import_id:
        st.page_link(
            places.REPORT,
            label="The import that brought this person",
            icon=":material/upload_file:",
            query_params=places.query(lead.import_id),
        )


def _lead_id() -> UUID:
    try:
        return UUID(st.query_params.get("lead", ""))
    except ValueError as cause:
        raise NotFound("No lead is named in this address. Choose one from the list of leads.") from cause


def _profile(lead: Lead) -> list[tuple[str, Any]]:
    return [
        ("Name", lead.name),
        ("E-mail", lead.email),
        ("Phone", lead.phone),
        ("Your id", lead.external_id),
        ("Tags", ", ".join(lead.tags)),
    ]


def _show_facts(title: str, facts: list[tuple[str, Any]]) -> None:
    filled = [(label, value) for label, value in facts if value]
    if not filled:
        return
    st.markdown(f"#### {title}")
    with st.container(border=True, gap="xsmall"):
        for label, value in filled:
            name, cell = st.columns([1, 3])
            name.caption(plain(shortened(label)))
            cell.text(str(value))


show()
