"""The rows behind the tiles of the review, a page at a time, under one tab per question."""

from collections.abc import Callable

import streamlit as st

from lead_store.imports import Import
from pages.parts import conflicts, groups, hints, rejected, rows, updates

VIEWS = {
    "created": "New",
    "updated": "Updates",
    "merged": "Duplicates",
    "shared": "Shared phones and e-mails",
    "conflicts": "Two leads",
    "hints": "Known already?",
    "rejected": "Cannot be used",
    "unchanged": "Unchanged",
    "skipped": "Skipped",
}
SHOWS: dict[str, Callable[[Import, str], None]] = {
    "created": rows.show,
    "updated": updates.show,
    "merged": groups.show_duplicates,
    "shared": groups.show_shared,
    "conflicts": conflicts.show,
    "hints": hints.show,
    "rejected": rejected.show,
    "unchanged": rows.show,
    "skipped": rows.show,
}
EMPTY = {
    "created": "Nobody in this file is new to you.",
    "updated": "No row of this file changes a lead that you have.",
    "merged": "Nobody stands in this file more than once.",
    "shared": "No two people of this file share a phone number or an e-mail address.",
    "conflicts": "No number of this file belongs to two of your leads.",
    "hints": "Nobody of those who are new looks like a lead that you have under another number.",
    "rejected": "Every row of this file can be used.",
    "unchanged": "No row says just what you have already.",
    "skipped": "No row is left out by a rule or decision of yours.",
}
# Tabs that most files have nothing for.
RARE = ("unchanged", "skipped", "conflicts", "hints")
PLACE = "show"
WIDGET = "review_view"


def get_view(ledger: dict[str, int]) -> str:
    """The tab that is open, as the URL says it; without a word there, the first that holds any rows."""
    view = st.query_params.get(PLACE)
    return view if view in VIEWS else next((key for key in VIEWS if ledger.get(key)), "created")


def set_view(view: str) -> None:
    """Open another tab."""
    st.query_params[PLACE] = view


def show(run: Import, ledger: dict[str, int]) -> None:
    """The tabs, and the rows of the open one."""
    view = get_view(ledger)
    review = run.review or {}
    shared, look = review.get("shared", {}), review.get("closer_look") or {}
    counts = {
        **ledger,
        "shared": sum(found["groups"] for found in shared.values()) + look.get("placeholders", 0),
        "conflicts": review.get("problems", {}).get("identity_conflict", 0),
        "hints": look.get("hints", 0),
    }
    st.session_state[WIDGET] = view
    st.segmented_control(
        "Rows",
        [key for key in VIEWS if counts[key] or key == view or key not in RARE],
        format_func=lambda key: f"{VIEWS[key]}  {counts[key]:,}",
        key=WIDGET,
        required=True,
        label_visibility="collapsed",
        on_change=lambda: set_view(st.session_state[WIDGET]),
    )
    if counts[view]:
        SHOWS[view](run, view)
    else:
        # To find no row at all, a query has to look at each of them.
        rows.show_nothing(EMPTY[view])
