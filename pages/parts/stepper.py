"""The steps of an import at the top of its pages: where one is, what is done, and what can be opened."""

import streamlit as st

from lead_store.imports import Import
from pages.parts import places

STEPS = (
    ("Upload", places.UPLOAD),
    ("Columns", places.COLUMNS),
    ("Review", places.REVIEW),
    ("Import", places.PROGRESS),
    ("Report", places.REPORT),
)


def show(run: Import | None, current: str) -> None:
    """The steps; those that the import has reached are links."""
    reached = _reached(run)
    with st.container(horizontal=True, key="stepper", gap="small", vertical_alignment="center"):
        for number, (name, page) in enumerate(STEPS, start=1):
            is_open = page in reached and page != current
            is_done = page in reached and reached.index(page) < len(reached) - 1
            icon = ":material/check_circle:" if is_done and page != current else f":material/counter_{number}:"
            with st.container(
                key=f"step-{'current' if page == current else 'open' if is_open else 'closed'}-{number}",
                width="content",
            ):
                st.page_link(
                    page,
                    label=f"**{name}**" if page == current else name,
                    icon=icon,
                    disabled=not is_open and page != current,
                    query_params=places.query(run.id if run else None),
                )


def _reached(run: Import | None) -> list[str]:
    pages = [places.UPLOAD]
    if run is None:
        return pages
    pages.append(places.COLUMNS)
    if run.status not in ("received", "mapped"):
        pages.append(places.REVIEW)
    if run.started_at:
        pages.append(places.PROGRESS)
    if run.status in ("imported", "undoing", "undone") or (run.status == "cancelled" and run.started_at):
        pages.append(places.REPORT)
    return pages
