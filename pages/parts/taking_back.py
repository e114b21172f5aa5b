"""Undo: said in numbers before it begins, and what it kept, with why, once it is done."""

import streamlit as st

from lead_store import imports
from lead_store.access import Role
from lead_store.imports import Import
from pages.parts import acting, places, rows
from pages.parts.plain import plain
from pages.parts.times import moment

UNDOABLE = ("imported", "paused", "cancelled", "failed")


def show_button(run: Import, ledger: dict[str, int]) -> None:
    """The way to take the import back, for those who may."""
    if run.status in UNDOABLE and run.started_at and acting.may_import() and st.button("Undo", type="tertiary"):
        _confirm(run, ledger)


@st.dialog("Take this import back?")
def _confirm(run: Import, ledger: dict[str, int]) -> None:
    with acting.transaction() as tx:
        dispatched = imports.find_dispatches(tx, run.id)
    st.markdown(
        f"- Up to **{ledger['created']:,}** leads that it created go\n"
        f"- The old values of **{ledger['updated']:,}** updated leads return\n"
        "- Whatever was changed since, by a person, an event or another import, is kept and named"
    )
    for dispatch in dispatched:
        st.warning(
            f"The dispatch “{plain(dispatch.name)}” went to {dispatch.accepted:,} of these people on"
            f" {moment(dispatch.created_at)}. What was sent cannot be taken back.",
            icon=":material/send:",
        )
    if st.button("Take it back", type="primary", width="stretch"):
        with acting.transaction(Role.IMPORTER) as tx:
            imports.undo(tx, run.id, acting.who())
        places.go(places.PROGRESS, run.id)


def show_effect(run: Import) -> None:
    """What the undo removed, restored and kept."""
    if run.status != "undone":
        return
    with acting.transaction() as tx:
        effect = imports.describe_undo(tx, run.id)
    st.info(
        f"This import was taken back: {effect['removed']:,} leads went, {effect['restored']:,} have their old values"
        f" again, {effect['kept']:,} were kept as they are.",
        icon=":material/undo:",
    )
    if effect["kept"]:
        st.markdown("#### Kept")
        rows.show_table(
            [
                {
                    "Lead": lead["name"] or lead["leadId"],
                    "What": ", ".join(lead["fields"]) or "the whole lead",
                    "Why": lead["detail"],
                }
                for lead in effect["keptLeads"]
            ]
        )
