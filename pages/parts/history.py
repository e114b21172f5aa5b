"""Who did what with an import, and when."""

from typing import Any

import streamlit as st

from lead_store import imports
from lead_store.imports import Import
from lead_store.intake.fields import CATALOGUE, Field
from pages.parts import acting, channels, conflicts, drift, hints, rows
from pages.parts.times import moment

NAMES = {
    "file_name": "file",
    "byte_count": "bytes",
    "some": "among them",
    "drops_trailing_blanks": "short rows are complete",
}
# What is recorded of a choice is its code. Where two kinds of decisions have the same one, its words fit both.
WORDS = {
    **{field.value: CATALOGUE[field].label for field in Field},
    **channels.NAMES,
    **drift.WORDS,
    **hints.WORDS,
    **conflicts.DECIDED,
    **imports.FIELD_RULES,
    **{choice: words for rule in reversed(imports.RULES.values()) for choice, words in rule.items()},
    "leave": "Left as it was",
    "duplicates": "rows of the same person",
    "shared_identifier": "one identifier, several people",
    "shared_address": "one address, several people",
    "placeholder": "placeholders",
}


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
    filled = {NAMES.get(name, name.replace("_", " ")): value for name, value in details.items() if value}
    return " · ".join(f"{name}: {_words(value)}" for name, value in filled.items())


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} → {_words(each)}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(map(_words, value))
    if value is True:
        return "yes"
    return f"{value:,}" if isinstance(value, int) else WORDS.get(value, str(value))
