"""The dispatches of the organization, newest first: what was sent, to how many, and how far the handing over is."""

from typing import Any

import streamlit as st

from lead_store import dispatches
from lead_store.access import Role
from lead_store.dispatches import Dispatch
from pages.parts import acting, empty, heading, places
from pages.parts.plain import plain, shortened
from pages.parts.times import moment

DISPATCHES_SHOWN = 50
BODY_LENGTH = 120
REFRESH_SECONDS = 2.0
STATUSES = {
    "handing_over": ("Handing over", "blue"),
    "handed_over": ("Handed over", "green"),
    "failed": ("Stopped by an error", "red"),
}


def show() -> None:
    """The whole page."""
    heading.show("Dispatches", "Messages to the people of your imports, and how many of them they went to.")
    _show_all()


@st.fragment(run_every=REFRESH_SECONDS)
def _show_all() -> None:
    with acting.transaction() as tx:
        found = dispatches.search_dispatches(tx, limit=DISPATCHES_SHOWN)
        described = {dispatch.id: dispatches.describe(tx, dispatch) for dispatch in found}
    if not found:
        _show_empty()
    for dispatch in found:
        _show_dispatch(dispatch, described[dispatch.id])


def _show_empty() -> None:
    with empty.show("Nothing was sent yet", "A dispatch starts from the report of an import that is done."):
        if st.button("Go to the imports", type="primary"):
            places.go(places.LIST)


def _show_dispatch(dispatch: Dispatch, described: dict[str, Any]) -> None:
    with st.container(border=True):
        name, account, way_on = st.columns([4, 5, 2.6], vertical_alignment="center")
        with name.container(gap=None):
            st.markdown(f"**{plain(shortened(dispatch.name))}**")
            st.caption(f"{plain(dispatch.created_by)} · {moment(dispatch.created_at)}")
        with account.container(gap=None):
            words, color = STATUSES.get(dispatch.status, (dispatch.status.capitalize(), "gray"))
            st.badge(words, color=color)  # type: ignore[arg-type]
            st.caption(_account(described))
            st.caption(f"“{plain(shortened(dispatch.template_body, BODY_LENGTH))}”")
            if dispatch.error:
                st.caption(plain(dispatch.error.get("detail", "")))
        with way_on.container(horizontal=True, horizontal_alignment="right"):
            if dispatch.status == "failed" and acting.may_import():
                if st.button("Try again", key=f"retry:{dispatch.id}"):
                    with acting.transaction(Role.IMPORTER) as tx:
                        dispatches.retry_dispatch(tx, dispatch.id)
            elif st.button("Open import", key=f"import:{dispatch.id}"):
                places.go(places.REPORT, dispatch.import_id)


def _account(described: dict[str, Any]) -> str:
    audience = described["audience"]
    parts = [f"{described['handedOver']:,} of {audience['accepted']:,} handed over"]
    if audience["optedOut"]:
        parts.append(f"{audience['optedOut']:,} opted out")
    if audience["missingVariable"]:
        parts.append(f"{audience['missingVariable']:,} lack a value that the message needs")
    return ", ".join(parts)


show()
