"""What the import may do to each field of leads that exist: the tiles follow at once."""

from typing import Any

import streamlit as st

from lead_store import imports
from lead_store.access import Role
from lead_store.imports import FieldBit, FieldChanges, Import
from pages.parts import acting, choices, value_changes
from pages.parts.field_names import LABELS as FIELDS
from pages.parts.plain import quoted

LABELS = {**FIELDS, FieldBit.ATTRIBUTES: "Attributes"}
APPEND = {"overwrite": "Append"}
SAMPLES = 3
# An opt-out has no old value that could be overwritten: it is taken over, or it is not.
OPT_OUT = {"fill": "Take over", "keep": "Keep what is stored"}


def show(run: Import) -> None:
    """One line per field, with how many values differ, what happens to them, and some of them; folded away."""
    if not choices.may_decide(run):
        return
    counts = imports.count_field_changes(run)
    with acting.transaction() as tx:
        samples = {
            bit: imports.search_differing(tx, run, bit) for bit in LABELS if counts[bit].changes or counts[bit].fills
        }
    with st.expander("Decide field by field what may change in leads you have", icon=":material/rule:"):
        for bit, name in LABELS.items():
            label, choice, some = st.columns([3, 3, 6], vertical_alignment="center")
            with label.container(gap=None):
                st.markdown(f"**{name}**")
                st.caption(_words(counts[bit]))
            with choice:
                _ask(run, bit)
            with some:
                _show_samples(bit, samples.get(bit, []))


def _show_samples(bit: FieldBit, found: list[dict[str, Any]]) -> None:
    lines = [line for row in found for line in value_changes.of_field(bit, row)][:SAMPLES]
    shown = [f"{_word(line[value_changes.NOW])} → {_word(line[value_changes.AFTER])}" for line in lines]
    if shown:
        st.caption("  \n".join(shown))


def _word(value: str) -> str:
    return quoted(value) or "blank"


def _words(counted: FieldChanges) -> str:
    parts = [f"{counted.changes:,} differ"] if counted.changes else []
    parts += [f"{counted.fills:,} blank so far"] if counted.fills else []
    return ", ".join(parts) or "Nothing differs"


def _ask(run: Import, bit: FieldBit) -> None:
    field = str(bit.name).lower()
    words = dict(OPT_OUT) if bit is FieldBit.OPTED_OUT else dict(imports.FIELD_RULES)
    if bit is FieldBit.TAGS:
        words |= APPEND
    general = {"update": "overwrite", "fill": "fill", "skip": "keep"}[run.on_existing]
    present = run.rules.get("fields", {}).get(field, general)
    key = f"field:{run.id}:{field}"

    def apply() -> None:
        with acting.transaction(Role.IMPORTER) as tx:
            imports.set_field_rule(tx, run.id, field, st.session_state[key], acting.who())

    st.selectbox(
        LABELS[bit],
        list(words),
        index=list(words).index(present) if present in words else 0,
        format_func=words.__getitem__,
        key=key,
        on_change=apply,
        label_visibility="collapsed",
    )
