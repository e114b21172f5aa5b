"""How long files are kept, what is stored of one person, and its erasure; for owners."""

import json
from typing import Any

import streamlit as st

from lead_store import leads, privacy
from lead_store.access import Role
from lead_store.errors import LeadStoreError
from lead_store.leads import Lead
from pages.parts import acting, heading, trouble
from pages.parts.counted import counted
from pages.parts.plain import plain
from pages.parts.times import moment

PEOPLE_SHOWN = 10
RECORDS_SHOWN = 20
# Kept only until the page is left: what was found about one person does not lie about.
EXPORT = "person_export"
# One of what is counted in the records.
ONE = {
    "rows": "row",
    "changes": "change",
    "events": "event",
    "dispatches": "dispatch",
    "files": "file",
    "links": "link",
}


def show() -> None:
    """The whole page."""
    acting.get().require(Role.OWNER)
    heading.show("Data protection", "How long files are kept, and what becomes of one person's data.")
    _show_retention()
    _show_person()
    _show_records()


def _show_retention() -> None:
    present = privacy.get_retention_days(acting.get().organization)
    with st.form("retention"):
        st.markdown("**Uploaded files and the rows read from them**")
        days, button, _ = st.columns([4, 2, 5], vertical_alignment="bottom")
        wanted = days.number_input(
            "Days until they are removed",
            min_value=1,
            max_value=privacy.MAXIMUM_RETENTION_DAYS,
            value=present,
        )
        is_asked = button.form_submit_button("Save", width="stretch")
        st.caption(
            "Counted from the last change of their import. Leads, ledgers and histories stay. An import whose rows are "
            "removed cannot be undone any more."
        )
    if is_asked and wanted != present:
        with acting.transaction(Role.OWNER) as tx:
            privacy.set_retention_days(tx, int(wanted))
        st.rerun()


def _show_person() -> None:
    st.subheader("One person", anchor=False)
    st.caption("Find somebody to hand over all that is stored of them, or to erase it.")
    words = st.text_input(
        "Find the person", placeholder="Name, phone, e-mail or your own id", key="person", label_visibility="collapsed"
    )
    if not words.strip():
        return
    with acting.transaction(Role.OWNER) as tx:
        found = leads.search_leads(tx, words.strip(), after=None, limit=PEOPLE_SHOWN)
    if not found:
        st.caption("Nobody among your leads.")
    for lead in found:
        _show_lead(lead)
    if len(found) == PEOPLE_SHOWN:
        st.caption("There may be more. Say more of the person.")


def _show_lead(lead: Lead) -> None:
    with st.container(border=True):
        person, export, erase = st.columns([6, 3, 3], vertical_alignment="center")
        with person.container(gap=None):
            st.markdown(f"**{plain(lead.name or 'Without a name')}**")
            st.caption(" · ".join(plain(each) for each in (lead.phone, lead.email, lead.external_id) if each))
        stored = st.session_state.get(EXPORT, {})
        if stored.get("lead") == lead.lead_id:
            export.download_button(
                "Download",
                stored["content"],
                file_name=f"person-{lead.lead_id}.json",
                mime="application/json",
                icon=":material/download:",
                width="stretch",
                type="primary",
            )
        elif export.button("Collect all data", key=f"export-{lead.lead_id}", width="stretch"):
            _collect(lead)
        if erase.button("Erase", key=f"erase-{lead.lead_id}", icon=":material/delete_forever:", width="stretch"):
            _confirm_erasure(lead)


def _collect(lead: Lead) -> None:
    with acting.transaction(Role.OWNER) as tx:
        export = privacy.export_person(tx, lead.lead_id, acting.who())
    content = json.dumps(export, ensure_ascii=False, indent=2)
    st.session_state[EXPORT] = {"lead": lead.lead_id, "content": content}
    st.rerun()


@st.dialog("Erase this person?", icon=":material/delete_forever:")
def _confirm_erasure(lead: Lead) -> None:
    st.write(
        f"All that you stored of **{plain(lead.name or lead.phone or lead.email)}** goes: the lead, their rows, events"
        " and dispatches, and the uploaded files in which they stand. **Nobody can bring it back.**"
    )
    if lead.opted_out_at:
        st.info(
            "This person opted out. A fingerprint of how you reached them is kept for that alone: if they are imported"
            " again, they are opted out from the start.",
            icon=":material/block:",
        )
    if st.button("Erase for good", type="primary", width="stretch"):
        try:
            with acting.transaction(Role.OWNER) as tx:
                privacy.erase_person(tx, lead.lead_id, acting.who())
        except LeadStoreError as error:
            trouble.show(error)
            return
        st.session_state.pop(EXPORT, None)
        st.rerun()


def _show_records() -> None:
    with acting.transaction(Role.OWNER) as tx:
        records = privacy.search_records(tx, limit=RECORDS_SHOWN)
    st.subheader("What was done", anchor=False)
    if not records:
        st.caption("Nothing has been exported, erased or removed yet.")
        return
    for record in records:
        st.caption(f"{moment(record['happened_at'])} · {plain(record['who'])} · {_tell(record)}")


def _tell(record: dict[str, Any]) -> str:
    counts = ", ".join(counted(count, ONE.get(name, name), name) for name, count in record["counts"].items() if count)
    subject = "An import" if record["what"] == "removed by retention" else "A person"
    return f"{subject} {record['what']}" + (f": {counts}" if counts else "")


show()
