"""Drop a file; then how it was read, with its evidence, and each judgement to change."""

from pathlib import Path
from typing import BinaryIO

import streamlit as st

from lead_store import imports
from lead_store.access import Role
from lead_store.imports import Import
from pages.parts import acting, places, reading, statuses, stepper
from pages.parts.plain import plain, shortened
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
    stepper.show(run, places.UPLOAD)
    st.title("How your file was read", anchor=False)
    st.markdown(f"**{plain(shortened(run.file_name))}** · {(run.inspection or {}).get('rows', 0):,} rows")
    reading.show(run)
    with st.container(horizontal=True):
        if st.button("Match the columns", type="primary", icon=":material/arrow_forward:", icon_position="right"):
            places.go(places.COLUMNS, run.id)
        if st.button("Use another file", type="tertiary"):
            places.go(places.UPLOAD)


def _show_uploader() -> None:
    st.title("Upload a spreadsheet", anchor=False)
    st.markdown(
        "A contact export or a list of your own, as CSV, Excel or OpenDocument, up to 1 GB. "
        "Nothing is written to your leads before you have seen and confirmed what would happen."
    )
    file = st.file_uploader("Spreadsheet", key="file", label_visibility="collapsed")
    if file is not None:
        return _receive(file.name, file)
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown("**No file at hand?** Try it with thirty made-up people, a few problems included.", width="content")
        with st.container(horizontal=True, width="content"):
            st.download_button(
                "Download it", SAMPLE.read_bytes(), SAMPLE_NAME, "text/csv", type="tertiary", on_click="ignore"
            )
            if st.button("Use the sample", icon=":material/science:"):
                with SAMPLE.open("rb") as sample:
                    _receive(SAMPLE_NAME, sample)


def _receive(name: str, content: BinaryIO) -> None:
    with acting.transaction() as tx:
        same = imports.find_same_file(tx, content)
    if same and not _wants_another(same):
        return
    with st.spinner("Storing and reading the file …"), acting.transaction(Role.IMPORTER) as tx:
        run = imports.receive(tx, acting.get().organization, name, content, acting.who())
    places.go(places.UPLOAD, run.id)


def _wants_another(same: Import) -> bool:
    """Offer to go on with the unfinished import of the same file; True where a second one is wanted."""
    with st.container(border=True):
        st.markdown(
            f":material/info: **This very file is already here.** {plain(same.created_by)} uploaded "
            f"**{plain(shortened(same.file_name))}** on {moment(same.created_at)}: {statuses.label(same).lower()}."
        )
        with st.container(horizontal=True):
            if st.button("Continue that import", type="primary"):
                places.go(places.page_of(same), same.id)
            return st.button("Import it a second time")


show()
