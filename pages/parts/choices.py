"""How decisions are asked for in the review: a rule for all of a kind, and a choice for the lines that are marked."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from lead_store import imports
from lead_store.access import Role
from lead_store.imports import Import
from pages.parts import acting, rows

# What is decided about the marked lines stands below them, and has to be in sight too.
LINES_IN_SIGHT = 9
HEIGHT_PIXELS = 340


def may_decide(run: Import) -> bool:
    """True while the review is open, for those who may import."""
    return run.status == "in_review" and acting.may_import()


def ask_rule(run: Import, name: str, label: str, choices: dict[str, str] | None = None) -> None:
    """A select box for the rule that holds for all of a kind; a change is applied at once."""
    words = choices or imports.RULES[name]
    if not may_decide(run):
        return
    present = run.rules.get(name, next(iter(words)))
    key = f"rule:{run.id}:{name}"

    def apply() -> None:
        with acting.transaction(Role.IMPORTER) as tx:
            imports.set_rule(tx, run.id, name, st.session_state[key], acting.who())

    st.selectbox(
        label,
        list(words),
        index=list(words).index(present) if present in words else 0,
        format_func=words.__getitem__,
        key=key,
        on_change=apply,
        help="This is also the rule for the next file with the same columns.",
    )


def mark_lines(lines: list[dict[str, Any]], key: str) -> list[int]:
    """A table whose lines can be marked, without the columns that nothing stands in; the places of those marked."""
    event = st.dataframe(
        pd.DataFrame(lines, columns=rows.filled(lines)),
        hide_index=True,
        placeholder="",
        key=key,
        height="content" if len(lines) <= LINES_IN_SIGHT else HEIGHT_PIXELS,
        on_select="rerun",
        selection_mode="multi-row",
        column_config=rows.number_columns(lines),
    )
    return [place for place in event.selection.rows if place < len(lines)]


def ask_for_marked(
    count: int, noun: str, words: dict[str, str], key: str, decide: Callable[[str], Any], *, everything: str = ""
) -> None:
    """A choice for the marked lines, below their table; for `everything` while none is marked."""
    marked = f"{count:,} marked {noun}{'s' * (count > 1)}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        choice = st.selectbox(
            f"For {marked if count else everything}", list(words), format_func=words.__getitem__, key=f"{key}:choice"
        )
        if st.button("Apply", key=f"{key}:apply"):
            decide(choice)
            st.rerun()
