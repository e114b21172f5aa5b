"""Who did what with an import, and when."""

from typing import Any

import streamlit as st

from lead_store import imports
from lead_store.imports import Import
from pages.parts import acting, rows
from pages.parts.times import moment


def show(run: Import) -> None:
    """All that happened, oldest first, folded away."""
    with acting.transaction() as tx:
        entries = imports.search_history(tx, run.id)
    with st.expander("History", icon=":material/history:"):
        rows.show_table(
            [
                {
                    "When": moment(entry["happened_at"]),
                    "Who": entry["who"],
                    "What": entry["what"].capitalize(),
                    "More": _details(entry["details"]),
                }
                for entry in entries
            ]
        )


def _details(details: dict[str, Any]) -> str:
    return " · ".join(f"{name.replace('_', ' ')}: {_words(value)}" for name, value in details.items() if value)


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} → {each}" for key, each in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
