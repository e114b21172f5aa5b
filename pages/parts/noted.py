"""What was noted of cells in rows that are imported all the same: left out, mended, or not understood."""

from datetime import datetime
from typing import Any
from uuid import UUID

import streamlit as st
from sqlalchemy import Connection

from lead_store import imports
from lead_store.imports import Import
from lead_store.intake.problems import WORDING, Code
from pages.parts import acting, choices, closer_look
from pages.parts.counted import counted
from pages.parts.plain import plain, quoted

_TOLD_AMONG_REPAIRS = {Code.PHONES_SEVERAL}


def show(run: Import) -> None:
    """One line per kind of note, once a worker has counted them; nothing where there is none."""
    look = (run.review or {}).get("closer_look")
    if look is None and choices.may_decide(run):
        _watch(run.id, run.reviewed_at)
    else:
        _show_notes(_read(run.id, look or {}))


@st.fragment(run_every=closer_look.REFRESH_SECONDS)
def _watch(import_id: UUID, reviewed_at: datetime) -> None:
    """Read once the worker is through, and then kept, as what it found is."""
    look = closer_look.find(import_id, reviewed_at)
    key = f"noted:{import_id}:{reviewed_at}"
    if look is not None:
        if key not in st.session_state:
            st.session_state[key] = _read(import_id, look)
        _show_notes(st.session_state[key])


def _show_notes(notes: list[tuple[int, str]]) -> None:
    if not notes:
        return
    cells = counted(sum(count for count, _ in notes), "cell")
    with st.expander(f"{cells} to know about", icon=":material/info:"):
        st.caption("Their rows are imported all the same.")
        st.markdown("\n".join(f"- **{count:,}** × {told}" for count, told in notes))


def _read(import_id: UUID, look: dict[str, Any]) -> list[tuple[int, str]]:
    """How many cells have each kind of note, and what is said of them."""
    noted = [note for note in look.get("noted", []) if note["code"] not in _TOLD_AMONG_REPAIRS]
    with acting.transaction() as tx:
        return [(note["cells"], _told(tx, import_id, note)) for note in noted]


def _told(tx: Connection, import_id: UUID, note: dict[str, Any]) -> str:
    wording = WORDING[Code(note["code"])]
    rows = imports.search_problems(tx, import_id, note["rows"])
    problems = [problem for row in rows for problem in row["problems"] or () if problem["code"] == note["code"]]
    values = dict.fromkeys(quoted(problem["value"]) for problem in problems if problem.get("value"))
    return f"**{plain(wording.label)}.** {plain(wording.sentence)} {', '.join(list(values)[:3])}"
