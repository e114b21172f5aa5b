"""The ledger as a chart: what became of the rows, in proportion."""

import altair as alt
import pandas as pd
import streamlit as st

from pages.parts import statuses

# Marks of a chart do not follow the theme.
TEXT_COLORS = {"light": "#5b6662", "dark": "#aab5b1"}
# Behind a longer bar, its words might not fit into a narrow window: they stand in it.
LONG_SHARE = 0.6


def show(ledger: dict[str, int]) -> None:
    """One bar per bucket, with its count and share of all rows read."""
    labels = [label for label, _, _ in statuses.BUCKETS.values()]
    read = max(ledger["read"], 1)
    table = pd.DataFrame(
        {"bucket": label, "rows": ledger[bucket], "text": _words(ledger[bucket], read)}
        for bucket, (label, _, _) in statuses.BUCKETS.items()
    )
    bars = alt.Chart(table).encode(
        x=alt.X("rows:Q", title=None, axis=None, scale=alt.Scale(domain=[0, read])),
        y=alt.Y("bucket:N", sort=labels, title=None, axis=alt.Axis(ticks=False, domain=False)),
        tooltip=[alt.Tooltip("bucket:N", title="What"), alt.Tooltip("rows:Q", title="Rows", format=",")],
    )
    colored = bars.mark_bar(cornerRadius=3, height=18).encode(
        color=alt.Color("bucket:N", sort=labels, scale=alt.Scale(domain=labels), legend=None)
    )
    text_color = TEXT_COLORS.get(str(st.context.theme.type), TEXT_COLORS["light"])
    is_long = alt.datum.rows > LONG_SHARE * read
    beside = bars.transform_filter(~is_long).mark_text(align="left", dx=6, color=text_color).encode(text="text:N")
    inside = bars.transform_filter(is_long).mark_text(align="right", dx=-8, color="white").encode(text="text:N")
    with st.container(border=True):
        st.altair_chart((colored + beside + inside).properties(height=alt.Step(34)), width="stretch", height="content")


def _words(rows: int, read: int) -> str:
    return f"{rows:,}  ({rows / read:.1%})" if rows else "0"
