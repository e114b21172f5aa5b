"""How columns were matched before: remembered per header row, used for the next file with the same, forgotten here."""

import streamlit as st

from lead_store import imports
from lead_store.access import Role
from lead_store.imports import SavedMapping
from lead_store.intake.fields import CATALOGUE, Field
from pages.parts import acting, channels, empty, heading
from pages.parts.plain import plain
from pages.parts.times import moment

COLUMNS_SHOWN = 12
READINGS = {
    "encoding": "the encoding",
    "delimiter": "what separates columns",
    "quote": "the quotes",
    "escape": "backslashes before quotes",
    "header_row": "the header row",
    "sheets_as_one": "all sheets with these columns",
    "unwraps_lines": "quotes around whole lines",
    "breaks_at": "where rows begin in a long line",
    "cuts": "columns aligned by blanks",
    "formulas_are_texts": "formulas",
    "drops_trailing_blanks": "rows with too few cells",
}


def show() -> None:
    """The whole page."""
    with acting.transaction() as tx:
        saved = imports.search_saved_mappings(tx)
    heading.show("Saved mappings", "A file with the same headers is read and matched as the last one was.")
    if not saved:
        empty.show("Nothing is remembered yet", "How the columns of a file are matched is kept for the next such file.")
    for each in saved:
        _show(each)


def _show(saved: SavedMapping) -> None:
    columns = saved.mapping["columns"]
    with st.container(border=True):
        story, button = st.columns([10, 2.2], vertical_alignment="center")
        with story.container(gap="xsmall"):
            used = [column for column in columns if column.get("field")]
            st.markdown(" · ".join(f"{plain(each['header'])} → **{_label(each['field'])}**" for each in used))
            others = [plain(column["header"]) for column in columns if not column.get("field")]
            if others:
                shown = ", ".join(others[:COLUMNS_SHOWN]) + (" …" if len(others) > COLUMNS_SHOWN else "")
                st.caption(f"Kept as attributes or left out: {shown}")
            if saved.reading:
                st.caption(f"Read as chosen: {', '.join(READINGS.get(name, name) for name in saved.reading)}")
            channel = channels.NAMES[saved.channel]
            st.caption(f"For {channel}, saved {moment(saved.saved_at)} by {plain(saved.saved_by)}")
        may_forget = acting.get().may_import
        if button.button("Forget", key=f"forget-{saved.fingerprint}", width="stretch", disabled=not may_forget):
            with acting.transaction(Role.IMPORTER) as tx:
                imports.forget_mapping(tx, saved.fingerprint)
            st.rerun()


def _label(field: str) -> str:
    return CATALOGUE[Field(field)].label


show()
