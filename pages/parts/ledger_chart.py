"""The ledger as a chart: what became of the rows, in proportion."""

import altair as alt
import pandas as pd
import streamlit as st

from pages.parts import statuses

# Readable on both backgrounds: marks of a chart do not follow the theme.
TEXT_COLOR = "#808b87"


def show(ledger: dict[str, int]) -> None:
    """One bar per bucket, with its count and share of all rows read."""
    labels = [label for label, _, _ in statuses.BUCKETS.values()]
    read = max(ledger["read"], 1)
    table = pd.DataFrame(
        {"bucket": label, "rows": ledger[bucket], "text": f"{ledger[bucket]:,}  ({ledger[bucket] / read:.1%})"}
        for bucket, (label, _, _) in statuses.BUCKETS.items()
    )
    bars = alt.Chart(table).encode(
        x=alt.X("rows:Q", title=None, axis=None, scale=alt.Scale(domain=[0, read * 1.15])),
        y=alt.Y("bucket:N", sort=labels, title=None, axis=alt.Axis(ticks=False, domain=False)),
        tooltip=[alt.Tooltip("bucket:N", title="What"), alt.Tooltip("rows:Q", title="Rows", format=",")],
    )
    colored = bars.mark_bar(cornerRadius=3, height=18).encode(
        color=alt.Color("bucket:N", sort=labels, scale=alt.Scale(domain=labels), legend=None)
    )
    words = bars.mark_text(align="left", dx=6, color=TEXT_COLOR).encode(text="text:N")
    with st.container(border=True):
        st.altair_chart((colored + words).properties(height=alt.Step(34)), width="stretch", height="content")
