"""All imports of the organization, newest first: file, who, when, status, ledger, and the way on with each."""

import streamlit as st

from lead_store import imports
from lead_store.imports import Import
from pages.parts import acting, empty, heading, places, statuses
from pages.parts.counted import counted
from pages.parts.plain import plain
from pages.parts.times import moment

IMPORTS_PER_PAGE = 20
GOES_ON = ("received", "mapped", "preparing", "in_review", "importing", "paused", "undoing", "failed")
LEDGER_STATUSES = ("in_review", "importing", "paused", "imported", "undoing", "undone")
REFRESH_SECONDS = 3.0


def show() -> None:
    """The whole page."""
    with acting.transaction() as tx:
        count = imports.count_imports(tx)
    actions = heading.show(
        "Imports", "Every spreadsheet that was brought in, and what became of its rows." if count else ""
    )
    if not count:
        return _show_empty()
    with actions:
        _show_new()
    pages = -(-count // IMPORTS_PER_PAGE)
    below = st.container()
    page = st.pagination(pages, key="list_page") if pages > 1 else 1
    with below:
        _show_page(page)


def _show_new() -> None:
    if acting.may_import() and st.button("New import", type="primary", icon=":material/add:"):
        places.go(places.UPLOAD)


@st.fragment(run_every=REFRESH_SECONDS)
def _show_empty() -> None:
    """Until the first import is there, which a program may have asked for."""
    with acting.transaction() as tx:
        if imports.count_imports(tx):
            st.rerun()
    action = empty.show(
        "Bring in your contacts",
        "Upload a spreadsheet, match its columns, and see what would happen to every row before anything is written. "
        "After the import, you can send to these people.",
    )
    with action:
        _show_new()


@st.fragment(run_every=REFRESH_SECONDS)
def _show_page(page: int) -> None:
    with acting.transaction() as tx:
        runs = imports.search_imports(tx, limit=IMPORTS_PER_PAGE, offset=(page - 1) * IMPORTS_PER_PAGE)
        ledgers = {run.id: imports.get_ledger(tx, run) for run in runs if run.status in LEDGER_STATUSES}
    for run in runs:
        _show_import(run, ledgers.get(run.id))


def _show_import(run: Import, ledger: dict[str, int] | None) -> None:
    with st.container(border=True):
        name, account, way_on = st.columns([4, 5, 2.2], vertical_alignment="center")
        with name.container(gap=None):
            st.markdown(heading.name_of(run))
            st.caption(f"{plain(run.created_by)} · {moment(run.created_at)}")
        with account.container(gap=None):
            statuses.show(run)
            st.caption(_account(run, ledger))
        with way_on.container(horizontal=True, horizontal_alignment="right"):
            goes_on = run.status in GOES_ON
            if st.button("Continue" if goes_on else "Open", key=f"open:{run.id}"):
                places.go(places.page_of(run), run.id)


def _account(run: Import, ledger: dict[str, int] | None) -> str:
    if run.error:
        return plain(run.error["detail"])
    if not ledger:
        return counted((run.inspection or {}).get("rows", 0), "row")
    parts = [f"{ledger[bucket]:,} {words[0].lower()}" for bucket, words in statuses.BUCKETS.items() if ledger[bucket]]
    return f"{counted(ledger['read'], 'row')}: " + ", ".join(parts)


show()
