"""Phones that were repaired with certainty: how many of each kind, with the cell before and the number after."""

import streamlit as st

from lead_store import imports
from lead_store.imports import Import
from lead_store.intake.fields import Field
from lead_store.intake.phones import REPAIRS
from pages.parts import acting
from pages.parts.counted import counted
from pages.parts.plain import plain, quoted


def show(run: Import) -> None:
    """One line per kind of repair; nothing where there is none."""
    repaired = (run.review or {}).get("repaired", {})
    if not repaired:
        return
    with st.expander(f"{counted(sum(repaired.values()), 'phone')} repaired", icon=":material/build:"):
        st.caption("Only what is certain is repaired. The rest is put to you, or rejected with its reason.")
        lines = [f"- **{rows:,}** × {plain(REPAIRS[code])} {_samples(run, code)}" for code, rows in repaired.items()]
        st.markdown("\n".join(lines))


def _samples(run: Import, code: str) -> str:
    phones = [column.index for column in imports.get_mapping(run).columns_of(Field.PHONE)]
    with acting.transaction() as tx:
        rows = imports.search_repaired_rows(tx, run.id, code, limit=2)
    samples = []
    for row in rows:
        cell = next((row["raw"][index] for index in phones if row["raw"] and row["raw"][index]), None)
        if cell and row["phone"]:
            samples.append(f"{quoted(cell)} → {quoted(row['phone'])}")
    return ", ".join(samples)
