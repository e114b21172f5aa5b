"""What a worker finds when it looks closer at a reviewed file, waited for by the parts of the page that show it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import streamlit as st

from lead_store import imports
from pages.parts import acting

REFRESH_SECONDS = 2.0


def find(import_id: UUID, reviewed_at: datetime) -> dict[str, Any] | None:
    """What was found; None while the worker looks. Kept once it is there: what draws a part of the page again and
    again goes on until the whole page is drawn, and then asks nobody."""
    key = f"closer_look:{import_id}:{reviewed_at}"
    if key not in st.session_state:
        with acting.transaction() as tx:
            run = imports.get_import(tx, import_id)
        if run.status != "in_review":
            st.rerun()
        look = (run.review or {}).get("closer_look")
        if look is None:
            return None
        st.session_state[key] = look
    return st.session_state[key]
