"""Undo: said in numbers before it begins, and what it kept, with why, once it is done."""

import streamlit as st

from lead_store import imports
from lead_store.access import Role
from lead_store.imports import Import
from pages.parts import acting, places, rows
from pages.parts.counted import counted
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
    lines = []
    if ledger["created"]:
        lines.append(f"Up to **{counted(ledger['created'], 'lead')}** that it created will be removed")
    if ledger["updated"]:
        lines.append(f"**{counted(ledger['updated'], 'updated lead')}** will get the old values back")
    lines.append("Whatever was changed since, by a person, an event or another import, is kept and named")
    st.markdown("\n".join(f"- {line}" for line in lines))
    for dispatch in dispatched:
        st.warning(
            f"The dispatch “{plain(dispatch.name)}” of {moment(dispatch.created_at)} went to"
            f" {counted(dispatch.accepted, 'person', 'people')} of this import. What was sent cannot be taken back.",
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
        f"This import was taken back: {counted(effect['removed'], 'lead')} removed,"
        f" {counted(effect['restored'], 'lead')} given the old values again, {effect['kept']:,} kept as they are.",
        icon=":material/undo:",
    )
    if effect["kept"]:
        st.markdown("#### Kept")
        rows.show_table(
            [
                {
                    "Lead": lead["name"] or "Without a name",
                    "What": ", ".join(lead["fields"]) or "The whole lead",
                    "Why": lead["detail"],
                }
                for lead in effect["keptLeads"]
            ]
        )
