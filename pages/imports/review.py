"""What would happen to every row, before anything is written; the import is started here."""

from collections.abc import Iterator
from uuid import UUID

import streamlit as st

from lead_store import imports
from lead_store.access import Role
from lead_store.imports import Import
from pages.parts import (
    acting,
    anomalies,
    heading,
    ledger_tiles,
    noted,
    phone_patterns,
    places,
    preparing,
    repairs,
    review_rows,
    stepper,
)
from pages.parts.counted import counted

BEFORE = "Every row of {name} was checked. Nothing has been written yet: this is what the import will do."
AFTER = "What the review of {name} showed before its import."


def show() -> None:
    """The whole page, by the state of the import."""
    with acting.transaction() as tx:
        run = places.get_import(tx)
    stepper.show(run, places.REVIEW)
    if run.status == "preparing":
        preparing.show(run)
    elif run.status == "failed" and not run.started_at:
        preparing.show_failure(run)
    elif run.review is None:
        _show_not_checked(run)
    else:
        _show_review(run)


def _show_not_checked(run: Import) -> None:
    is_over = run.status == "cancelled"
    heading.show(
        "Not checked",
        f"The import of {heading.name_of(run)} was cancelled before its rows were checked."
        if is_over
        else f"The rows of {heading.name_of(run)} are checked once its columns are matched.",
    )
    if st.button("New import" if is_over else "Match the columns", type="primary"):
        places.go(places.UPLOAD) if is_over else places.go(places.COLUMNS, run.id)


def _show_review(run: Import) -> None:
    words = BEFORE if run.status == "in_review" else AFTER
    actions = heading.show("Review", words.format(name=heading.name_of(run)))
    if run.status == "in_review" and acting.may_import():
        with actions:
            _show_start(run)
    with st.container():  # However many there are, what is below keeps its place in the page.
        anomalies.show(run)
    _show_rows(run.id, run.status)


@st.fragment
def _show_rows(import_id: UUID, status: str) -> None:
    """The part of the page that people click through, drawn without the rest of it."""
    with acting.transaction() as tx:
        run = imports.get_import(tx, import_id)
        ledger = imports.get_ledger(tx, run)
    if run.status != status:
        st.rerun()
    ledger_tiles.show(ledger, is_open=review_rows.get_view(ledger), on_click=review_rows.set_view)
    phone_patterns.show(run)
    repairs.show(run)
    noted.show(run)
    review_rows.show(run, ledger)


def _show_start(run: Import) -> None:
    if st.button("Cancel", type="tertiary"):
        _confirm_cancel(run)
    if st.button("Start the import", type="primary", icon=":material/play_arrow:"):
        _confirm_start(run)


@st.dialog("Start the import?")
def _confirm_start(run: Import) -> None:
    with acting.transaction() as tx:
        ledger = imports.get_ledger(tx, imports.get_import(tx, run.id))
    st.markdown("\n".join(f"- {line}" for line in _plan(ledger)))
    st.caption("It runs in the background, can be paused, and can be taken back afterwards.")
    if st.button("Start now", type="primary", width="stretch"):
        with acting.transaction(Role.IMPORTER) as tx:
            imports.start(tx, run.id, acting.who())
        places.go(places.PROGRESS, run.id)


def _plan(ledger: dict[str, int]) -> Iterator[str]:
    """What the import will do, in numbers; what it will do to nobody is not worth a line."""
    quiet, left_out = ledger["unchanged"] + ledger["merged"], ledger["skipped"] + ledger["rejected"]
    if ledger["created"]:
        yield f"**{counted(ledger['created'], 'person', 'people')}** will become new leads"
    if ledger["updated"]:
        yield f"**{counted(ledger['updated'], 'lead')}** of yours will be updated"
    if quiet:
        yield f"**{counted(quiet, 'row')}** will change nothing, or be merged into another row"
    if left_out:
        yield f"**{counted(left_out, 'row')}** will be left out, and can be downloaded with the reasons"


@st.dialog("Cancel this import?")
def _confirm_cancel(run: Import) -> None:
    st.markdown("Nothing was written, and nothing will be. The file can be uploaded again at any time.")
    if st.button("Cancel the import", type="primary", width="stretch"):
        with acting.transaction(Role.IMPORTER) as tx:
            imports.cancel(tx, run.id, acting.who())
        places.go(places.LIST)


show()
