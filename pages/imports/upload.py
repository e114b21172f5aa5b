"""Drop a file; then how it was read, with its evidence, and each judgement to change."""

from pathlib import Path
from typing import BinaryIO

import streamlit as st

from lead_store import imports
from lead_store.access import Role
from lead_store.imports import Import
from pages.parts import acting, heading, places, reading, statuses, stepper, uploads
from pages.parts.counted import counted
from pages.parts.plain import plain
from pages.parts.times import moment

SAMPLE = Path(__file__).parent.parent / "parts" / "sample.csv"
SAMPLE_NAME = "Sample contacts.csv"


def show() -> None:
    """The uploader where no import is named in the URL, or how the named one's file was read."""
    if places.find_import_id() is None:
        stepper.show(None, places.UPLOAD)
        return _show_uploader()
    with acting.transaction() as tx:
        run = places.get_import(tx)
    places.leave_unread(run)
    stepper.show(run, places.UPLOAD)
    rows = counted((run.inspection or {}).get("rows", 0), "row")
    below = " below the header" if (run.dialect or {}).get("headerRow") else ""
    actions = heading.show("How your file was read", f"{heading.name_of(run)} · {rows}{below}")
    with actions:
        if acting.may_import() and st.button("Use another file", type="tertiary"):
            places.go(places.UPLOAD)
        if st.button("Match the columns", type="primary", icon=":material/arrow_forward:", icon_position="right"):
            places.go(places.COLUMNS, run.id)
    reading.show(run)


def _show_uploader() -> None:
    heading.show(
        "Upload a spreadsheet",
        "A contact export or a list of your own: CSV, Excel, OpenDocument, vCards, or one of these in a ZIP, up to "
        f"{imports.write_upload_limit()}. "
        "Nothing is written before you have seen, and confirmed, what would happen to every row.",
    )
    if not acting.may_import():
        st.info("You may look at imports, but not start one. Ask an owner to let you import.", icon=":material/lock:")
        return
    with st.container(key="drop"):
        file = st.file_uploader("Spreadsheet", key="file", label_visibility="collapsed")
    # Emptied at once: what stood there would else be seen, faded, until the file is stored.
    offers = st.empty()
    if file is not None:
        _receive(file.name, uploads.open_file(file))
        return
    with offers.container():
        uploads.show_progress()
        if _wants_sample() or st.session_state.get("uses_sample"):
            # Kept, so that the question about a second import of it can be answered.
            st.session_state["uses_sample"] = True
            with SAMPLE.open("rb") as sample:
                _receive(SAMPLE_NAME, sample)


def _wants_sample() -> bool:
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown("**No file at hand?** Try it with thirty made-up people, a few problems included.", width="content")
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            st.download_button(
                "Download the sample", SAMPLE.read_bytes(), SAMPLE_NAME, "text/csv", type="tertiary", on_click="ignore"
            )
            return st.button("Use the sample", icon=":material/science:")


def _receive(name: str, content: BinaryIO) -> None:
    with st.spinner("Looking whether this file is here already …", show_time=True), acting.transaction() as tx:
        same = imports.find_same_file(tx, content)
    if same and not _wants_another(same):
        return
    with (
        st.spinner("Storing the file, and reading all of its rows …", show_time=True),
        acting.transaction(Role.IMPORTER) as tx,
    ):
        run = imports.receive(tx, acting.get().organization, name, content, acting.who())
    uploads.let_go()
    st.session_state.pop("uses_sample", None)
    places.go(places.UPLOAD, run.id)


def _wants_another(same: Import) -> bool:
    """Offer to go on with the unfinished import of the same file; True where a second one is wanted."""
    with st.container(border=True):
        st.markdown(
            f"**This very file is already here.** {plain(same.created_by)} uploaded {heading.name_of(same)} on "
            f"{moment(same.created_at)}. Its import {statuses.SENTENCES[same.status]}."
        )
        with st.container(horizontal=True):
            if st.button("Continue that import", type="primary"):
                st.session_state.pop("uses_sample", None)
                places.go(places.page_of(same), same.id)
            return st.button("Import it a second time")


show()
