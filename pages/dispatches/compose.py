"""The dispatch that follows an import: its audience, its message, and why it is locked while the import is not done."""

from uuid import UUID

import streamlit as st

from lead_store import dispatches, imports
from lead_store.access import Role
from lead_store.dispatches import Draft
from lead_store.errors import LeadStoreError
from lead_store.imports import Import
from lead_store.messaging.templates import MAXIMUM_LENGTH
from pages.parts import acting, heading, places, statuses, trouble
from pages.parts.counted import counted
from pages.parts.plain import quoted

VARIABLES_SHOWN = 30
EXAMPLE = "Hello {{ first_name }}, …"
LEFT_OUT = {"opted_out": "who opted out", "missing_variable": "of whom we lack what the message names"}


def show() -> None:
    """The whole page."""
    with acting.transaction() as tx:
        run = places.get_import(tx)
        outcome = imports.describe(tx, run)
    heading.show("Dispatch", f"A message to the people of {heading.name_of(run)}.")
    if not outcome["dispatchable"]:
        return _show_locked(run)
    ledger = outcome["ledger"]
    people = ledger["created"] + ledger["updated"] + ledger["unchanged"]
    with st.container(border=True):
        st.metric("Audience", counted(people, "person", "people"))
        st.caption(
            "Everyone whom this import created, updated or found unchanged. Whoever opted out is left out: the final "
            "count is shown before anything is sent."
        )
    if acting.may_import():
        _show_message(run)


def _show_locked(run: Import) -> None:
    is_done = run.status == "imported"
    with st.container(border=True):
        st.markdown("#### :material/lock: Locked")
        st.markdown(
            "No row of this import could be used, so there is nobody to send to."
            if is_done
            else f"A message can be sent to people once they are leads. This import {statuses.SENTENCES[run.status]}."
        )
        if st.button("Open the report" if is_done else "Go on with the import", type="primary"):
            places.go(places.page_of(run), run.id)


def _show_message(run: Import) -> None:
    with st.container(border=True):
        name = st.text_input("Name, for your own overview", placeholder=run.file_name, max_chars=255, key="name")
        body = st.text_area("Message", height=180, max_chars=MAXIMUM_LENGTH, key="body", placeholder=EXAMPLE)
        variables = list(dispatches.get_variables(run))[:VARIABLES_SHOWN]
        st.caption("A first message can use what your own file gave, and nothing else:")
        st.markdown(" ".join(quoted(_placeholder(variable)) for variable in variables))
        is_blank = not body.strip()
        hint = "Write the message first." if is_blank else None
        if st.button("Send", type="primary", icon=":material/send:", disabled=is_blank, help=hint):
            _confirm(run.id, Draft(run.id, run.channel, body, name=name.strip() or None))


def _placeholder(variable: str) -> str:
    """How the message names a variable; one that is no word of a template is named by its column."""
    return f"{{{{ {variable} }}}}" if variable.isidentifier() else f'{{{{ column["{variable}"] }}}}'


@st.dialog("Send this message?")
def _confirm(import_id: UUID, draft: Draft) -> None:
    try:
        with st.spinner("Counting whom it goes to"), acting.transaction() as tx:
            counts = dispatches.preview_audience(tx, draft)
    except LeadStoreError as error:
        trouble.show(error)
        return
    st.markdown(f"It goes to **{counted(counts['accepted'], 'person', 'people')}**, and cannot be called back.")
    left_out = [f"{counts[standing]:,} {why}" for standing, why in LEFT_OUT.items() if counts[standing]]
    if left_out:
        st.caption(f"Left out: {', '.join(left_out)}.")
    st.text(draft.template_body)
    if st.button("Send now", type="primary", width="stretch", disabled=not counts["accepted"]):
        with acting.transaction(Role.IMPORTER) as tx:
            dispatches.create_dispatch(tx, draft, acting.who())
        places.go(places.HISTORY, import_id)


show()
