"""All imports of the organization, newest first: file, who, when, status, ledger, and the way on with each."""

import streamlit as st

from lead_store import imports
from lead_store.imports import Import
from pages.parts import acting, places, statuses
from pages.parts.plain import plain, shortened
from pages.parts.times import moment

IMPORTS_PER_PAGE = 20
GOES_ON = ("received", "mapped", "preparing", "in_review", "importing", "paused", "undoing", "failed")


def show() -> None:
    """The whole page."""
    with acting.transaction() as tx:
        count = imports.count_imports(tx)
        page_number = int(st.session_state.get("list_page", 1))
        runs = imports.search_imports(tx, limit=IMPORTS_PER_PAGE, offset=(page_number - 1) * IMPORTS_PER_PAGE)
        ledgers = {run.id: imports.get_ledger(tx, run) for run in runs if run.review or run.status == "imported"}
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        st.title("Imports", anchor=False, width="content")
        if count and st.button("New import", type="primary", icon=":material/add:"):
            places.go(places.UPLOAD)
    if not count:
        return _show_empty()
    for run in runs:
        _show_import(run, ledgers.get(run.id))
    if count > IMPORTS_PER_PAGE:
        st.pagination(-(-count // IMPORTS_PER_PAGE), key="list_page")


def _show_empty() -> None:
    with st.container(border=True, horizontal_alignment="center", gap="small", key="empty"):
        st.space("small")
        st.markdown("### :material/upload_file: Bring in your contacts", text_alignment="center")
        st.markdown(
            "Upload a spreadsheet, match its columns, and see what would happen to every row before anything is "
            "written. After the import, you can send to these people.",
            text_alignment="center",
            width=560,
        )
        if st.button("New import", type="primary", icon=":material/add:", key="first_import"):
            places.go(places.UPLOAD)
        st.space("small")


def _show_import(run: Import, ledger: dict[str, int] | None) -> None:
    with st.container(border=True):
        name, account, way_on = st.columns([4, 5, 2], vertical_alignment="center")
        with name:
            st.markdown(f"**{plain(shortened(run.file_name))}**")
            st.caption(f"{plain(run.created_by)} · {moment(run.created_at)}")
        with account, st.container(horizontal=True, vertical_alignment="center", gap="small"):
            statuses.show(run)
            st.caption(_account(run, ledger))
        with way_on, st.container(horizontal_alignment="right"):
            label = "Continue" if run.status in GOES_ON else "Open"
            if st.button(label, key=f"open:{run.id}", width="stretch"):
                places.go(places.page_of(run), run.id)


def _account(run: Import, ledger: dict[str, int] | None) -> str:
    if not ledger:
        return f"{(run.inspection or {}).get('rows', 0):,} rows"
    parts = [
        f"{ledger[bucket]:,} {words.lower()}" for bucket, (words, _, _) in statuses.BUCKETS.items() if ledger[bucket]
    ]
    return f"{ledger['read']:,} rows: " + ", ".join(parts)


show()
